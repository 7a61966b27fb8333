/* SPDX-License-Identifier: Apache-2.0 */
/* axes.c - "for" lines: one file, many cases */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lexer.h"

struct reader {
	struct case_lexer lexer;
	struct case_token token;
	const char *file;
	char *error;
};

static bool fail(struct reader *r, const char *expected)
{
	char read[80];

	case_token_text(&r->token, read, sizeof(read));
	snprintf(r->error, CONF_ERROR_SIZE,
		 "%.200s:%u:%u: read %s, expected %s", r->file,
		 r->token.pos.line, r->token.pos.column, read, expected);
	return false;
}

static void next(struct reader *r)
{
	r->token = case_lex(&r->lexer);
}

static char *copy(const struct case_token *token)
{
	char *out = malloc(token->len + 1);

	if (out != NULL) {
		memcpy(out, token->text, token->len);
		out[token->len] = '\0';
	}
	return out;
}

static bool add_value(struct reader *r, struct conf_axis *axis)
{
	char **values;

	for (size_t i = 0; i < axis->num_values; i++)
		if (case_token_is(&r->token, axis->values[i]))
			return fail(r, "each value once");
	values = realloc(axis->values,
			 (axis->num_values + 1) * sizeof(*values));
	if (values == NULL)
		return fail(r, "more memory");
	axis->values = values;
	values[axis->num_values] = copy(&r->token);
	if (values[axis->num_values] == NULL)
		return fail(r, "more memory");
	axis->num_values++;
	return true;
}

/* Values go into ids, and so into the names of files. */
static bool is_value(const struct case_token *t)
{
	for (size_t i = 0; i < t->len; i++) {
		char c = t->text[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') ||
		      memchr("_./-,+:=", c, 8) != NULL))
			return false;
		if (c == '.' && i > 0 && t->text[i - 1] == '.')
			return false;
	}
	return t->text[0] != '/' && t->text[t->len - 1] != '/';
}

/* What stands between blanks in a line. */
static bool read_line(struct reader *r, struct conf_axis *axis,
		      const struct case_token *line)
{
	const struct case_token rest = *line;
	size_t at = 0;

	r->token = rest;
	while (at < rest.len) {
		size_t n = 0;

		while (at + n < rest.len &&
		       strchr(" \t\r", rest.text[at + n]) == NULL)
			n++;
		r->token.text = rest.text + at;
		r->token.len = n;
		r->token.pos.column = rest.pos.column + (unsigned int)at;
		if (n > 0 && !is_value(&r->token))
			return fail(r, "a value of letters, digits and "
				       "_ . / - , + : =");
		if (n > 0 && !add_value(r, axis))
			return false;
		at += n > 0 ? n : 1;
	}
	return true;
}

/* The values: to the end of the line, or of those behind a backslash. */
static bool read_values(struct reader *r, struct conf_axis *axis)
{
	bool more = true;

	while (more) {
		struct case_token line = case_lex_rest(&r->lexer);

		more = line.len > 0 && line.text[line.len - 1] == '\\';
		if (more) {
			line.len--;
			case_lex_line(&r->lexer);
		}
		if (!read_line(r, axis, &line))
			return false;
	}
	if (axis->num_values > 0)
		return true;
	next(r);
	return fail(r, "a value");
}

/* Behind "for". */
static bool read_axis(struct reader *r, struct conf_axes *out)
{
	struct conf_axis *axis = &out->axes[out->num_axes];
	struct conf_axis_value known[CONF_MAX_AXES];

	if (out->num_axes == CONF_MAX_AXES)
		return fail(r, "at most 8 axes");
	for (size_t i = 0; i < out->num_axes; i++)
		known[i].name = known[i].value = out->axes[i].name;
	next(r);
	if (r->token.kind != TOKEN_WORD)
		return fail(r, "the name of an axis");
	if (case_axis(known, out->num_axes, r->token.text, r->token.len))
		return fail(r, "the name of another axis");
	axis->name = copy(&r->token);
	if (axis->name == NULL)
		return fail(r, "more memory");
	out->num_axes++;
	next(r);
	if (!case_token_is(&r->token, "in"))
		return fail(r, "in");
	if (!read_values(r, axis))
		return false;
	out->num_cases *= axis->num_values;
	if (out->num_cases > CONF_MAX_TABLE)
		return fail(r, "at most 4096 combinations");
	return true;
}

enum conf_status conf_axes_read(struct conf_axes *out, const char *text,
				size_t len, const char *file,
				char error[CONF_ERROR_SIZE])
{
	struct reader r = {.file = file, .error = error};
	bool start = true;

	*out = (struct conf_axes){.num_cases = 1};
	case_lexer_init(&r.lexer, text, len, NULL, 0);
	for (next(&r); r.token.kind != TOKEN_END; next(&r)) {
		if (start && case_token_is(&r.token, "title")) {
			(void)case_lex_rest(&r.lexer);
		} else if (start && case_token_is(&r.token, "for") &&
			   !read_axis(&r, out)) {
			conf_axes_cleanup(out);
			return CONF_ERR_CONFIG;
		}
		start = r.token.kind == TOKEN_NEWLINE;
	}
	return CONF_OK;
}

void conf_axes_cleanup(struct conf_axes *axes)
{
	for (size_t i = 0; i < axes->num_axes; i++) {
		for (size_t j = 0; j < axes->axes[i].num_values; j++)
			free(axes->axes[i].values[j]);
		free(axes->axes[i].values);
		free(axes->axes[i].name);
	}
	*axes = (struct conf_axes){.num_cases = 0};
}

void conf_axes_pick(const struct conf_axes *axes, size_t index,
		    struct conf_axis_value out[CONF_MAX_AXES])
{
	for (size_t i = axes->num_axes; i-- > 0;) {
		const struct conf_axis *axis = &axes->axes[i];

		out[i].name = axis->name;
		out[i].value = axis->values[index % axis->num_values];
		index /= axis->num_values;
	}
}
