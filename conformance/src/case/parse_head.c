/* SPDX-License-Identifier: Apache-2.0 */
/* parse_head.c - the first lines of a case: title, clauses, router, hosts */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"
#include "values.h"

#define DEFAULT_START UINT64_C(1000000000000000000) /* ns */

/* The rest of the line, with the values of axes put in. */
static char *read_rest(struct case_parser *p, const char *expected)
{
	struct case_token rest = case_lex_rest(&p->lexer);
	char *out = case_new(p, rest.len + 1);
	size_t at = 0, size = rest.len + 1;

	if (out == NULL)
		return NULL;
	p->token = rest;
	if (rest.len == 0) {
		p->token.kind = TOKEN_NEWLINE;
		case_fail(p, expected);
		return NULL;
	}
	for (size_t i = 0; i < rest.len; i++) {
		const char *value = NULL;
		size_t n = 0;

		if (rest.text[i] == '$') {
			while (i + 1 + n < rest.len &&
			       (rest.text[i + 1 + n] == '_' ||
				(rest.text[i + 1 + n] | 0x20) >= 'a' ||
				(rest.text[i + 1 + n] >= '0' &&
				 rest.text[i + 1 + n] <= '9')))
				n++;
			value = case_axis(p->lexer.axes, p->lexer.num_axes,
					  rest.text + i + 1, n);
		}
		if (value != NULL) {
			size_t more = strlen(value);
			char *grown = case_new(p, size + more);

			if (grown == NULL)
				return NULL;
			memcpy(grown, out, at);
			memcpy(grown + at, value, more);
			out = grown;
			size += more;
			at += more;
			i += n;
		} else {
			out[at++] = rest.text[i];
		}
	}
	case_next(p);
	return out;
}

static bool read_title(struct case_parser *p)
{
	if (p->c->title != NULL)
		return case_fail(p, "one title");
	p->c->title = read_rest(p, "the title");
	return p->c->title != NULL;
}

static bool read_clauses(struct case_parser *p)
{
	case_next(p);
	if (p->token.kind != TOKEN_WORD)
		return case_fail(p, "the id of a clause");
	while (p->token.kind == TOKEN_WORD) {
		struct conf_cited *cited = &p->c->clauses[p->c->num_clauses];

		if (p->c->num_clauses == CONF_MAX_CLAUSE)
			return case_fail(p, "at most 16 clauses");
		cited->id = case_copy(&p->c->arena, p->token.text,
				      p->token.len);
		if (cited->id == NULL)
			return case_fail_memory(p);
		cited->line = p->token.pos.line;
		cited->column = p->token.pos.column;
		p->c->num_clauses++;
		case_next(p);
		(void)case_accept(p, ",");
	}
	return true;
}

static bool read_needs(struct case_parser *p)
{
	static const struct {
		const char *word;
		uint32_t capabilities;
	} needs[] = {
		{"clock", CONF_CAN_VIRTUAL_TIME},
		{"fragments", CONF_CAN_FRAGMENTS},
		{"dump", CONF_CAN_DUMP},
		{"ethernet", CONF_CAN_ETHERNET},
		{"config", CONF_CAN_CONFIGURE},
		{"two-servers", 0},
		{"two-hosts", 0},
		{"three-hosts", 0},
		{"hairpin", 0},
		{"pool", 0},
		{"router", 0},
		{"local", 0},
		{"helper", 0},
		{"icmp", 0},
	};

	case_next(p);
	if (p->token.kind != TOKEN_WORD)
		return case_fail(p, "a need");
	while (p->token.kind == TOKEN_WORD) {
		size_t i = 0;

		while (i < sizeof(needs) / sizeof(needs[0]) &&
		       !case_at(p, needs[i].word))
			i++;
		if (i == sizeof(needs) / sizeof(needs[0]) ||
		    p->c->num_needs == CASE_MAX_NEEDS)
			return case_fail(p, "clock fragments dump ethernet "
					    "config two-servers two-hosts "
					    "three-hosts hairpin pool router "
					    "local helper or icmp");
		p->c->needs[p->c->num_needs++] = needs[i].word;
		p->c->capabilities |= needs[i].capabilities;
		case_next(p);
		(void)case_accept(p, ",");
	}
	return true;
}

static bool read_config(struct case_parser *p)
{
	struct conf_setting *set = &p->c->settings[p->c->num_settings];

	if (p->c->num_settings == CASE_MAX_SETS)
		return case_fail(p, "at most 64 settings");
	set->line = p->token.pos.line;
	case_next(p);
	if (p->token.kind != TOKEN_WORD)
		return case_fail(p, "the key of a setting");
	set->key = case_copy(&p->c->arena, p->token.text, p->token.len);
	if (set->key == NULL)
		return case_fail_memory(p);
	set->value = read_rest(p, "the value of the setting");
	p->c->num_settings++;
	return set->value != NULL;
}

static bool read_host(struct case_parser *p)
{
	struct case_host host = {.name = CASE_NO_NAME};
	struct conf_text text;

	case_next(p);
	if (p->c->num_hosts == CASE_MAX_HOSTS)
		return case_fail(p, "at most 32 hosts");
	if (case_host(p, p->token.text, p->token.len) != NULL ||
	    case_at(p, "NAT") || case_at(p, "ROUTER"))
		return case_fail(p, "the name of another host");
	if (!case_word_name(p, "the name of a host", &host.name) ||
	    !case_side(p, &host.side))
		return false;
	text = (struct conf_text){.at = p->token.text, .len = p->token.len};
	if (p->token.kind != TOKEN_WORD || !conf_read_addr(text, &host.addr))
		return case_fail(p, "an address A.B.C.D");
	case_next(p);
	p->c->hosts[p->c->num_hosts++] = host;
	return true;
}

/* Axes were read before; here the line is only gone over. */
static bool skip_axis(struct case_parser *p)
{
	while (p->token.kind != TOKEN_NEWLINE && p->token.kind != TOKEN_END)
		case_next(p);
	return true;
}

static bool read_start(struct case_parser *p)
{
	case_next(p);
	return case_seconds(p, &p->c->start);
}

bool case_header(struct case_parser *p, bool *out_found)
{
	static const struct {
		const char *word;
		bool (*read)(struct case_parser *p);
	} heads[] = {
		{"title", read_title},   {"clause", read_clauses},
		{"needs", read_needs},   {"for", skip_axis},
		{"config", read_config}, {"start", read_start},
		{"host", read_host},
	};

	*out_found = true;
	while (p->token.kind == TOKEN_NEWLINE)
		case_next(p);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (case_at(p, heads[i].word))
			return heads[i].read(p) && case_expect_newline(p);
	*out_found = false;
	return true;
}

/* All of it. */
static bool read_case(struct case_parser *p)
{
	bool found = true;

	case_next(p);
	while (p->token.kind == TOKEN_NEWLINE)
		case_next(p);
	if (!case_at(p, "title"))
		return case_fail(p, "title");
	while (found)
		if (!case_header(p, &found))
			return false;
	if (p->c->num_clauses == 0)
		return case_fail(p, "a clause line before the first packet");
	if (!case_block(p, false, &p->c->body))
		return false;
	if (p->c->body == NULL)
		return case_fail(p, "packets");
	return true;
}

enum conf_status conf_case_parse(const char *text, size_t len, const char *file,
				 const struct conf_axis_value *values,
				 size_t num_values, struct conf_case **out_case,
				 char error[CONF_ERROR_SIZE])
{
	struct conf_case *c = calloc(1, sizeof(*c));
	struct case_parser p = {.c = c, .error = error};
	bool good;

	*out_case = NULL;
	if (c == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "%s: no memory", file);
		return CONF_ERR_ENGINE;
	}
	c->text = text;
	c->len = len;
	c->file = file;
	c->start = DEFAULT_START;
	case_lexer_init(&p.lexer, text, len, values, num_values);
	good = read_case(&p) && !p.failed;
	if (!good) {
		if (!p.failed)
			case_fail_memory(&p);
		conf_case_free(c);
		return CONF_ERR_CONFIG;
	}
	if (c->num_settings > 0)
		c->capabilities |= CONF_CAN_CONFIGURE;
	*out_case = c;
	return CONF_OK;
}
