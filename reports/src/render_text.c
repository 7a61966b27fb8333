/* SPDX-License-Identifier: Apache-2.0 */
/* render_text.c - results for people: the sum, then each bad case */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "render.h"
#include "reports/table.h"

/* Where the texts after "expected: " and its like begin. */
#define LABELLED 14u

static enum rep_style style_of(enum rep_verdict verdict)
{
	if (rep_verdict_is_bad(verdict))
		return REP_BAD;
	return verdict == REP_PASS ? REP_GOOD : REP_PLAIN;
}

static void put_styled(FILE *out, const struct rep_term *term,
		       enum rep_style style, const char *text)
{
	fputs(rep_begin(term, style), out);
	rep_put(out, text, REP_ESC_LINE);
	fputs(rep_end(term, style), out);
}

/* "    label:    text", further lines below the text. */
static void put_labelled(FILE *out, const char *label, const char *text)
{
	int pad = (int)(LABELLED - 5 - strlen(label));

	if (text == NULL || *text == '\0')
		return;
	fprintf(out, "    %s:%*s", label, pad, "");
	rep_put_lines(out, text, LABELLED);
	putc('\n', out);
}

static void put_list(FILE *out, const char *label, const char *const *texts,
		     size_t num)
{
	for (size_t i = 0; i < num; i++)
		put_labelled(out, label, texts[i]);
}

/* "  RFC4787-REQ-1, RFC4787-REQ-2 (MUST): A NAT MUST ..." */
static void put_clauses(FILE *out, const struct rep_case *result)
{
	const char *separator = "  ";

	for (size_t i = 0; i < result->num_clauses; i++) {
		fputs(separator, out);
		rep_put(out, result->clauses[i], REP_ESC_LINE);
		separator = ", ";
	}
	if (result->level != NULL) {
		fputs(result->num_clauses > 0 ? " (" : "  (", out);
		rep_put(out, result->level, REP_ESC_LINE);
		putc(')', out);
		separator = ", ";
	}
	if (result->sentence != NULL) {
		fputs(*separator == ',' ? ": " : separator, out);
		rep_put_lines(out, result->sentence, 4);
		separator = ", ";
	}
	if (*separator == ',')
		putc('\n', out);
}

/* "  file:12: the line of the case" */
static void put_place(FILE *out, const struct rep_case *result)
{
	if (result->file == NULL && result->what == NULL)
		return;
	fputs("  ", out);
	if (result->file != NULL) {
		rep_put(out, result->file, REP_ESC_LINE);
		if (result->line > 0)
			fprintf(out, ":%u", result->line);
	}
	if (result->file != NULL && result->what != NULL)
		fputs(": ", out);
	if (result->what != NULL)
		rep_put_lines(out, result->what, 4);
	putc('\n', out);
}

/* The cell of a table; NULL: no memory. */
static char *cell(const char *text)
{
	return rep_escaped(text != NULL ? text : "", REP_ESC_LINE);
}

static bool put_fields(FILE *out, const struct rep_case *result)
{
	static const char *const heading[] = {"field", "expected", "actual"};
	struct rep_table table;
	bool done = true;

	if (result->num_fields == 0)
		return true;
	rep_table_init(&table, "lll");
	rep_table_row(&table, heading);
	for (size_t i = 0; i < result->num_fields && done; i++) {
		const struct rep_field *field = &result->fields[i];
		char *cells[] = {cell(field->name), cell(field->expected),
				 cell(field->actual)};
		const char *const row[] = {cells[0], cells[1], cells[2]};

		done = row[0] != NULL && row[1] != NULL && row[2] != NULL;
		if (done)
			rep_table_row(&table, row);
		for (size_t c = 0; c < 3; c++)
			free(cells[c]);
	}
	done = done && rep_table_print(&table, out, 4);
	rep_table_cleanup(&table);
	return done;
}

bool rep_text_case(FILE *out, const struct rep_case *result,
		   const struct rep_term *term)
{
	put_styled(out, term, style_of(result->verdict),
		   rep_verdict_name(result->verdict));
	putc(' ', out);
	put_styled(out, term, REP_STRONG, result->id);
	putc('\n', out);
	if (result->title != NULL) {
		fputs("  ", out);
		rep_put_lines(out, result->title, 2);
		putc('\n', out);
	}
	put_clauses(out, result);
	put_place(out, result);
	put_labelled(out, "reason", result->reason);
	put_labelled(out, "expected", result->expected);
	put_labelled(out, "actual", result->actual);
	if (!put_fields(out, result))
		return false;
	put_list(out, "violated", result->invariants, result->num_invariants);
	put_list(out, "capture", result->captures, result->num_captures);
	put_labelled(out, "repeat", result->repeat);
	return true;
}

/* "FAILED: 12 cases: 1 FAIL, 11 PASS" */
static void put_sum(FILE *out, const struct rep_view *view)
{
	size_t num = rep_results_num(view->results);
	bool failed = rep_results_failed(view->results) ||
		      rep_results_num_played(view->results) == 0;
	const char *why = rep_why_nothing(view->results);
	const char *separator = ": ";

	put_styled(out, &view->term, failed ? REP_BAD : REP_GOOD,
		   rep_headline(view->results));
	fprintf(out, ": %zu case%s", num, num == 1 ? "" : "s");
	for (size_t i = 0; i < REP_NUM_VERDICTS - 1; i++) {
		size_t count = rep_results_count(view->results, rep_order[i]);

		if (count == 0)
			continue;
		fprintf(out, "%s%s%zu %s%s", separator,
			rep_begin(&view->term, style_of(rep_order[i])), count,
			rep_verdict_name(rep_order[i]),
			rep_end(&view->term, style_of(rep_order[i])));
		separator = ", ";
	}
	putc('\n', out);
	if (why != NULL && !rep_results_failed(view->results))
		put_labelled(out, "reason", why);
	if (rep_results_num_unfinished(view->results) > 0) {
		rep_put_unfinished(out, view);
		putc('\n', out);
	}
}

static void put_runs(FILE *out, const struct rep_view *view)
{
	for (size_t i = 0; i < rep_results_num_runs(view->results); i++) {
		const struct rep_run *run = rep_results_run(view->results, i);
		const struct {
			const char *label, *text;
		} parts[] = {
			{", masqcheck ", run->version},
			{", shard ", run->shard},
			{", started ", run->started},
		};

		fputs("run: ", out);
		rep_put(out, run->engine != NULL ? run->engine : "engine ?",
			REP_ESC_LINE);
		fprintf(out, ", seed %" PRIu64, run->seed);
		for (size_t k = 0; k < 3; k++)
			if (parts[k].text != NULL) {
				fputs(parts[k].label, out);
				rep_put(out, parts[k].text, REP_ESC_LINE);
			}
		putc('\n', out);
	}
}

static void put_change(FILE *out, const struct rep_view *view,
		       enum rep_change change)
{
	const struct rep_changes *changes = view->changes;

	if (changes->counts[change] == 0)
		return;
	fprintf(out, "  %s: %zu\n", rep_change_name(change),
		changes->counts[change]);
	for (size_t i = 0; i < changes->num; i++) {
		const struct rep_difference *item = &changes->items[i];

		if (item->change != change)
			continue;
		fputs("    ", out);
		rep_put(out, item->id, REP_ESC_LINE);
		fprintf(out, ": %s -> %s\n", rep_before(item), rep_after(item));
	}
}

static void put_changes(FILE *out, const struct rep_view *view)
{
	if (view->changes == NULL)
		return;
	putc('\n', out);
	put_styled(out, &view->term, REP_STRONG, "compared with before");
	fputs(view->changes->num > 0 ? ":\n" : ": no change\n", out);
	for (unsigned int i = 0; i < REP_NUM_CHANGES; i++)
		put_change(out, view, (enum rep_change)i);
}

enum rep_status rep_render_text(const struct rep_view *view, FILE *out)
{
	put_sum(out, view);
	put_runs(out, view);
	for (size_t i = 0; i < rep_results_num(view->results); i++) {
		const struct rep_case *result = rep_results_get(view->results,
								i);

		if (!rep_verdict_is_bad(result->verdict))
			continue;
		putc('\n', out);
		if (!rep_text_case(out, result, &view->term))
			return REP_ERR_NOMEM;
	}
	put_changes(out, view);
	return REP_OK;
}
