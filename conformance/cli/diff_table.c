/* SPDX-License-Identifier: Apache-2.0 */
/* diff_table.c - the tables of both engines, line by line */
#include <stdlib.h>
#include <string.h>

#include "diff.h"

/* A growing text. */
struct text {
	char *at;
	size_t len, cap;
	bool failed;
};

/* A conf_text_fn. */
static void collect(void *ctx, const char *piece, size_t len)
{
	struct text *t = ctx;
	size_t cap = t->cap > 0 ? t->cap : 4096;
	char *grown;

	while (cap - t->len < len)
		cap *= 2;
	if (cap != t->cap) {
		grown = realloc(t->at, cap);
		if (grown == NULL) {
			t->failed = true;
			return;
		}
		t->at = grown;
		t->cap = cap;
	}
	memcpy(t->at + t->len, piece, len);
	t->len += len;
}

/* Cuts a line off; false at the end. Trailing blanks do not count. */
static bool next_line(const char **at, const char *end, const char **out_line,
		      size_t *out_len)
{
	const char *newline;

	if (*at == end)
		return false;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	*out_line = *at;
	*at = newline != NULL ? newline + 1 : end;
	*out_len = (size_t)((newline != NULL ? newline : end) - *out_line);
	while (*out_len > 0 && (*out_line)[*out_len - 1] == ' ')
		--*out_len;
	return true;
}

static void print_marks(const char *a, size_t a_len, const char *b,
			size_t b_len)
{
	size_t end = a_len > b_len ? a_len : b_len;

	printf("  ");
	for (size_t i = 0; i < end; i++) {
		bool same = i < a_len && i < b_len && a[i] == b[i];

		putchar(same ? ' ' : '^');
	}
	putchar('\n');
}

/* Prints the first line that differs; true if none does. */
static bool compare_lines(const struct text *expected,
			  const struct text *actual)
{
	const char *ea = expected->at, *aa = actual->at;
	const char *e_line = "", *a_line = "";
	size_t e_len = 0, a_len = 0;

	for (unsigned int number = 1;; number++) {
		bool has_e = next_line(&ea, expected->at + expected->len,
				       &e_line, &e_len);
		bool has_a = next_line(&aa, actual->at + actual->len, &a_line,
				       &a_len);

		if (!has_e && !has_a)
			return true;
		if (has_e && has_a && e_len == a_len &&
		    memcmp(e_line, a_line, e_len) == 0)
			continue;
		printf("table: line %u differs (- expected, + actual):\n",
		       number);
		if (has_e)
			printf("- %.*s\n", (int)e_len, e_line);
		if (has_a)
			printf("+ %.*s\n", (int)a_len, a_line);
		if (has_e && has_a)
			print_marks(e_line, e_len, a_line, a_len);
		putchar('\n');
		return false;
	}
}

/* CONF_ERR_UNSUPPORTED: this engine, or recording, has no table. */
static enum conf_status dump(const struct cli_party *party, struct text *out)
{
	const struct conf_engine *engine = &party->engine;
	enum conf_status status =
		engine->ops->dump(engine->state, CONF_DUMP_TABLE, collect, out);

	if (status == CONF_ERR_UNSUPPORTED)
		fprintf(stderr, "masqcheck: %s has no table to compare\n",
			engine->address);
	else if (status != CONF_OK || out->failed)
		cli_error("%s: %s", engine->address,
			  out->failed ? "no memory for the table"
				      : conf_engine_error(engine));
	return out->failed ? CONF_ERR_ENGINE : status;
}

bool cli_diff_table(struct cli_diff *d)
{
	struct text expected = {.at = NULL}, actual = {.at = NULL};
	enum conf_status status = dump(&d->expected, &expected);

	if (status == CONF_OK)
		status = dump(&d->actual, &actual);
	if (status == CONF_OK)
		d->table_differs = !compare_lines(&expected, &actual);
	free(expected.at);
	free(actual.at);
	return status == CONF_OK || status == CONF_ERR_UNSUPPORTED;
}
