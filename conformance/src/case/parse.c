/* SPDX-License-Identifier: Apache-2.0 */
/* parse.c - what all parts of the parser use: tokens, errors, names */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"
#include "values.h"

bool case_fail_at(struct case_parser *p, struct case_pos pos,
		  const char *format, ...)
{
	va_list args;
	int n;

	if (p->failed)
		return false;
	p->failed = true;
	n = snprintf(p->error, CONF_ERROR_SIZE, "%.200s:%u:%u: ", p->c->file,
		     pos.line, pos.column);
	va_start(args, format);
	if (n > 0 && n < CONF_ERROR_SIZE)
		vsnprintf(p->error + n, CONF_ERROR_SIZE - (size_t)n, format,
			  args);
	va_end(args);
	return false;
}

bool case_fail(struct case_parser *p, const char *expected)
{
	char read[80];

	if (p->token.kind == TOKEN_BROKEN && p->lexer.expected != NULL)
		expected = p->lexer.expected;
	case_token_text(&p->token, read, sizeof(read));
	return case_fail_at(p, p->token.pos, "read %s, expected %s", read,
			    expected);
}

bool case_fail_memory(struct case_parser *p)
{
	return case_fail_at(p, p->token.pos, "no memory for the case");
}

void case_next(struct case_parser *p)
{
	p->token = case_lex(&p->lexer);
}

bool case_at(const struct case_parser *p, const char *text)
{
	return case_token_is(&p->token, text);
}

bool case_accept(struct case_parser *p, const char *text)
{
	if (!case_at(p, text))
		return false;
	case_next(p);
	return true;
}

bool case_expect(struct case_parser *p, const char *text, const char *expected)
{
	return case_accept(p, text) || case_fail(p, expected);
}

bool case_expect_newline(struct case_parser *p)
{
	if (p->token.kind == TOKEN_END)
		return true;
	if (p->token.kind != TOKEN_NEWLINE)
		return case_fail(p, "the end of the line");
	case_next(p);
	return true;
}

void *case_new(struct case_parser *p, size_t size)
{
	void *out = case_alloc(&p->c->arena, size);

	if (out == NULL)
		case_fail_memory(p);
	return out;
}

/* Room for one more name: the table moves within the arena. */
static bool grow_names(struct case_parser *p)
{
	struct conf_case *c = p->c;
	size_t max = c->max_names > 0 ? c->max_names * 2 : 16;
	const char **names;
	uint8_t *declared;

	if (c->num_names < c->max_names)
		return true;
	names = case_new(p, max * sizeof(*names));
	declared = names != NULL ? case_new(p, max) : NULL;
	if (declared == NULL)
		return false;
	if (c->num_names > 0) {
		memcpy(names, c->names, c->num_names * sizeof(*names));
		memcpy(declared, c->declared, c->num_names);
	}
	c->names = names;
	c->declared = declared;
	c->max_names = max;
	return true;
}

uint32_t case_name(struct case_parser *p, const char *text, size_t len)
{
	struct conf_case *c = p->c;
	char *copy;

	for (size_t i = 0; i < c->num_names; i++)
		if (strlen(c->names[i]) == len &&
		    memcmp(c->names[i], text, len) == 0)
			return (uint32_t)i;
	if (!grow_names(p))
		return CASE_NO_NAME;
	copy = case_copy(&c->arena, text, len);
	if (copy == NULL) {
		case_fail_memory(p);
		return CASE_NO_NAME;
	}
	c->names[c->num_names] = copy;
	return (uint32_t)c->num_names++;
}

bool case_word_name(struct case_parser *p, const char *expected, uint32_t *out)
{
	char first = p->token.len > 0 ? p->token.text[0] : '\0';

	if (p->token.kind != TOKEN_WORD || (first >= '0' && first <= '9') ||
	    memchr(p->token.text, '.', p->token.len) != NULL ||
	    memchr(p->token.text, '/', p->token.len) != NULL)
		return case_fail(p, expected);
	*out = case_name(p, p->token.text, p->token.len);
	if (*out == CASE_NO_NAME)
		return false;
	case_next(p);
	return true;
}

bool case_variable(struct case_parser *p, uint32_t *out)
{
	if (p->token.kind != TOKEN_NAME)
		return case_fail(p, "a variable $NAME");
	*out = case_name(p, p->token.text, p->token.len);
	if (*out == CASE_NO_NAME)
		return false;
	case_next(p);
	return true;
}

bool case_number(const char *text, size_t len, int64_t *out)
{
	uint64_t value = 0;
	unsigned int base = 10;

	if (len > 2 && text[0] == '0' && text[1] == 'x') {
		base = 16;
		text += 2;
		len -= 2;
	}
	if (len == 0 || len > 12)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		unsigned int digit =
			c >= '0' && c <= '9'   ? (unsigned int)(c - '0')
			: c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10
			: c >= 'A' && c <= 'F' ? (unsigned int)(c - 'A') + 10
					       : 99;

		if (digit >= base)
			return false;
		value = value * base + digit;
	}
	*out = (int64_t)value;
	return true;
}

#define MAX_SECONDS 4294967295 /* times of captures end in 2106 */

bool case_seconds(struct case_parser *p, uint64_t *out_ns)
{
	struct conf_text text = {.at = p->token.text, .len = p->token.len};

	if (p->token.kind != TOKEN_WORD ||
	    !conf_read_seconds(text, MAX_SECONDS, out_ns))
		return case_fail(p, "seconds, with up to nine decimals");
	case_next(p);
	return true;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

bool case_hex(struct case_parser *p, struct case_bytes *out)
{
	static const char expected[] = "octets as pairs of hexadecimal digits";
	size_t len = p->token.len / 2;
	uint8_t *data;

	if (p->token.kind != TOKEN_WORD || p->token.len % 2 != 0)
		return case_fail(p, expected);
	data = case_new(p, len + 1);
	if (data == NULL)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(p->token.text[2 * i]);
		int low = hex_digit(p->token.text[2 * i + 1]);

		if (high < 0 || low < 0)
			return case_fail(p, expected);
		data[i] = (uint8_t)(high * 16 + low);
	}
	*out = (struct case_bytes){.data = data, .len = (uint32_t)len};
	case_next(p);
	return true;
}

bool case_side(struct case_parser *p, enum conf_side *out)
{
	if (!case_at(p, "inside") && !case_at(p, "outside"))
		return case_fail(p, "inside or outside");
	*out = case_at(p, "inside") ? CONF_INSIDE : CONF_OUTSIDE;
	case_next(p);
	return true;
}

const struct case_host *case_host(const struct case_parser *p, const char *text,
				  size_t len)
{
	for (size_t i = 0; i < p->c->num_hosts; i++) {
		const char *name = p->c->names[p->c->hosts[i].name];

		if (strlen(name) == len && memcmp(name, text, len) == 0)
			return &p->c->hosts[i];
	}
	return NULL;
}

bool case_declared(struct case_parser *p, unsigned int kind,
		   const char *expected, uint32_t *out)
{
	for (size_t i = 0; i < p->c->num_names; i++)
		if (case_at(p, p->c->names[i]) && p->c->declared[i] & kind) {
			*out = (uint32_t)i;
			case_next(p);
			return true;
		}
	return case_fail(p, expected);
}
