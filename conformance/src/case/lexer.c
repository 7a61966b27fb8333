/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.c - a case as words, names, texts and marks */
#include <stdio.h>
#include <string.h>

#include "conformance/decode.h"
#include "lexer.h"

void case_lexer_init(struct case_lexer *lexer, const char *text, size_t len,
		     const struct conf_axis_value *axes, size_t num_axes)
{
	*lexer = (struct case_lexer){
		.text = text,
		.len = len,
		.pos = {.line = 1, .column = 1},
		.axes = axes,
		.num_axes = num_axes,
	};
}

/* The character n behind the current one; NUL at the end. */
static char peek(const struct case_lexer *l, size_t n)
{
	return n < l->len - l->at ? l->text[l->at + n] : '\0';
}

static void skip(struct case_lexer *l, size_t n)
{
	l->at += n;
	l->pos.column += (unsigned int)n;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* Blanks, comments, and line ends behind a backslash. */
static void skip_blanks(struct case_lexer *l)
{
	for (;;) {
		char c = peek(l, 0);
		size_t end = c == '\\' && peek(l, 1) == '\r' ? 2 : 1;

		if (l->at < l->len && (c == ' ' || c == '\t' || c == '\r')) {
			skip(l, 1);
		} else if (c == '#') {
			while (l->at < l->len && peek(l, 0) != '\n')
				skip(l, 1);
		} else if (c == '\\' && peek(l, end) == '\n') {
			l->at += end + 1;
			l->pos.line++;
			l->pos.column = 1;
		} else {
			return;
		}
	}
}

/* How many characters a word has here. */
static size_t word_len(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len) {
		bool hyphen = at[n] == '-' && n > 0 && n + 1 < len &&
			      is_alnum(at[n + 1]) && is_alnum(at[n - 1]);

		if (!is_alnum(at[n]) && at[n] != '.' && at[n] != '/' && !hyphen)
			break;
		n++;
	}
	return n;
}

static size_t name_len(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && is_alnum(at[n]))
		n++;
	return n;
}

const char *case_axis(const struct conf_axis_value *axes, size_t num,
		      const char *name, size_t len)
{
	for (size_t i = 0; i < num; i++)
		if (strlen(axes[i].name) == len &&
		    memcmp(axes[i].name, name, len) == 0)
			return axes[i].value;
	return NULL;
}

static struct case_token make(struct case_lexer *l, enum case_token_kind kind,
			      size_t before, size_t len, size_t behind)
{
	struct case_token t = {
		.kind = kind,
		.text = l->text + l->at + before,
		.len = len,
		.pos = l->pos,
	};

	skip(l, before + len + behind);
	return t;
}

static struct case_token broken(struct case_lexer *l, size_t len,
				const char *expected)
{
	l->expected = expected;
	return make(l, TOKEN_BROKEN, 0, len, 0);
}

static struct case_token lex_string(struct case_lexer *l)
{
	size_t n = 1;

	while (n < l->len - l->at && peek(l, n) != '"' && peek(l, n) != '\n')
		n += peek(l, n) == '\\' && peek(l, n + 1) != '\n' &&
				     n + 1 < l->len - l->at
			     ? 2
			     : 1;
	if (peek(l, n) != '"')
		return broken(l, n, "a \" at the end of the text");
	return make(l, TOKEN_STRING, 1, n - 1, 1);
}

/* A token of the value of an axis: words and marks. */
static struct case_token lex_value(struct case_lexer *l)
{
	const char *at = l->value + l->value_at;
	size_t len = strlen(at), n = word_len(at, len);
	struct case_token t = {
		.kind = n > 0 ? TOKEN_WORD : TOKEN_MARK,
		.text = at,
		.len = n > 0 ? n : 1,
		.pos = l->value_pos,
	};

	l->value_at += t.len;
	if (t.len == len)
		l->value = NULL;
	return t;
}

static struct case_token lex_name(struct case_lexer *l)
{
	size_t n = name_len(l->text + l->at + 1, l->len - l->at - 1);
	struct case_pos pos = l->pos;
	struct case_token t;
	const char *value;

	if (n == 0)
		return broken(l, 1, "a name behind $");
	t = make(l, TOKEN_NAME, 1, n, 0);
	value = case_axis(l->axes, l->num_axes, t.text, t.len);
	if (value == NULL)
		return t;
	l->value = value;
	l->value_at = 0;
	l->value_pos = pos;
	return lex_value(l);
}

struct case_token case_lex(struct case_lexer *l)
{
	static const char *const marks[] = {
		"==", "!=", "<=", ">=", ":", ">", "<", "=", "+", "-",
		"*",  "%",  "(",  ")",  "[", "]", "{", "}", ",",
	};
	struct case_token t;
	size_t n;

	if (l->value != NULL)
		return lex_value(l);
	skip_blanks(l);
	if (l->at == l->len)
		return (struct case_token){
			.kind = TOKEN_END, .text = "", .pos = l->pos};
	if (peek(l, 0) == '\n') {
		t = make(l, TOKEN_NEWLINE, 0, 1, 0);
		l->pos.line++;
		l->pos.column = 1;
		return t;
	}
	n = word_len(l->text + l->at, l->len - l->at);
	if (n > 0)
		return make(l, TOKEN_WORD, 0, n, 0);
	if (peek(l, 0) == '"')
		return lex_string(l);
	if (peek(l, 0) == '$')
		return lex_name(l);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		n = strlen(marks[i]);
		if (n <= l->len - l->at &&
		    memcmp(l->text + l->at, marks[i], n) == 0)
			return make(l, TOKEN_MARK, 0, n, 0);
	}
	return broken(l, 1, "a word, a number, $NAME, \"TEXT\" or a mark");
}

struct case_token case_lex_rest(struct case_lexer *l)
{
	struct case_token t;
	size_t n = 0;

	skip_blanks(l);
	while (n < l->len - l->at && peek(l, n) != '\n')
		n++;
	t = (struct case_token){
		.kind = TOKEN_WORD,
		.text = l->text + l->at,
		.len = n,
		.pos = l->pos,
	};
	skip(l, n);
	for (size_t i = 1; i < t.len; i++)
		if (t.text[i] == '#' &&
		    (t.text[i - 1] == ' ' || t.text[i - 1] == '\t'))
			t.len = i;
	while (t.len > 0 && strchr(" \t\r", t.text[t.len - 1]) != NULL &&
	       t.text[t.len - 1] != '\0')
		t.len--;
	return t;
}

void case_lex_line(struct case_lexer *l)
{
	while (l->at < l->len && peek(l, 0) != '\n')
		skip(l, 1);
	if (l->at == l->len)
		return;
	l->at++;
	l->pos.line++;
	l->pos.column = 1;
}

bool case_token_is(const struct case_token *token, const char *text)
{
	return (token->kind == TOKEN_WORD || token->kind == TOKEN_MARK) &&
	       strlen(text) == token->len &&
	       memcmp(token->text, text, token->len) == 0;
}

void case_token_text(const struct case_token *token, char *out, size_t size)
{
	if (token->kind == TOKEN_END)
		snprintf(out, size, "the end of the file");
	else if (token->kind == TOKEN_NEWLINE)
		snprintf(out, size, "the end of the line");
	else
		conf_quote(out, size, (const uint8_t *)token->text,
			   (uint32_t)token->len);
}
