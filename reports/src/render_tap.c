/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_tap.c - results as TAP version 14, testanything.org
 *
 * To TAP, "not ok # TODO" is no failure, and neither is "ok # TODO". So an
 * expected failure is the first, and an unexpected pass a plain "not ok".
 */
#include "escape.h"
#include "render.h"

static bool is_ok(enum rep_verdict verdict)
{
	return verdict == REP_PASS || verdict == REP_SKIP ||
	       verdict == REP_UNIMPLEMENTED;
}

static void put_yaml(FILE *out, const char *key, const char *text)
{
	if (text == NULL)
		return;
	fprintf(out, "  %s: \"", key);
	rep_put(out, text, REP_ESC_YAML);
	fputs("\"\n", out);
}

static void put_yaml_list(FILE *out, const char *key, const char *const *texts,
			  size_t num)
{
	if (num > 0)
		fprintf(out, "  %s:\n", key);
	for (size_t i = 0; i < num; i++) {
		fputs("    - \"", out);
		rep_put(out, texts[i], REP_ESC_YAML);
		fputs("\"\n", out);
	}
}

/* A key of an item of the list of fields. */
static void put_item(FILE *out, const char *key, const char *text)
{
	fputs(key, out);
	rep_put(out, text != NULL ? text : "", REP_ESC_YAML);
	fputs("\"\n", out);
}

static void put_fields(FILE *out, const struct rep_case *result)
{
	if (result->num_fields > 0)
		fputs("  fields:\n", out);
	for (size_t i = 0; i < result->num_fields; i++) {
		const struct rep_field *field = &result->fields[i];

		put_item(out, "    - name: \"", field->name);
		put_item(out, "      expected: \"", field->expected);
		put_item(out, "      actual: \"", field->actual);
	}
}

static void put_block(FILE *out, const struct rep_case *result)
{
	fputs("  ---\n", out);
	put_yaml(out, "message", rep_message(result));
	fprintf(out, "  severity: %s\n",
		result->verdict == REP_ERROR ? "error" : "fail");
	put_yaml(out, "verdict", rep_verdict_name(result->verdict));
	put_yaml(out, "title", result->title);
	put_yaml_list(out, "clauses", result->clauses, result->num_clauses);
	put_yaml(out, "level", result->level);
	put_yaml(out, "sentence", result->sentence);
	put_yaml(out, "file", result->file);
	if (result->line > 0)
		fprintf(out, "  line: %u\n", result->line);
	put_yaml(out, "what", result->what);
	put_yaml(out, "expected", result->expected);
	put_yaml(out, "actual", result->actual);
	put_fields(out, result);
	put_yaml_list(out, "invariants", result->invariants,
		      result->num_invariants);
	put_yaml_list(out, "captures", result->captures, result->num_captures);
	put_yaml(out, "repeat", result->repeat);
	fputs("  ...\n", out);
}

static void put_case(FILE *out, size_t number, const struct rep_case *result)
{
	static const char *const directives[REP_NUM_VERDICTS] = {
		[REP_SKIP] = " # SKIP ",
		[REP_UNIMPLEMENTED] = " # SKIP UNIMPLEMENTED: ",
		[REP_XFAIL] = " # TODO ",
	};
	const char *directive = directives[result->verdict];

	fprintf(out, "%s %zu - ", is_ok(result->verdict) ? "ok" : "not ok",
		number);
	rep_put(out, result->id, REP_ESC_TAP);
	if (directive != NULL) {
		fputs(directive, out);
		rep_put(out, rep_message(result), REP_ESC_TAP);
	}
	putc('\n', out);
	if (!is_ok(result->verdict))
		put_block(out, result);
}

static void put_changes(FILE *out, const struct rep_changes *changes)
{
	for (unsigned int k = 0; k < REP_NUM_CHANGES; k++)
		for (size_t i = 0; i < changes->num; i++) {
			const struct rep_difference *item = &changes->items[i];

			if (item->change != (enum rep_change)k)
				continue;
			fprintf(out, "# %s: ", rep_change_name(item->change));
			rep_put(out, item->id, REP_ESC_LINE);
			fprintf(out, ": %s -> %s\n", rep_before(item),
				rep_after(item));
		}
}

enum rep_status rep_render_tap(const struct rep_view *view, FILE *out)
{
	size_t num = rep_results_num(view->results);

	fputs("TAP version 14\n", out);
	fprintf(out, "1..%zu%s\n", num, num == 0 ? " # SKIP no cases" : "");
	for (size_t i = 0; i < rep_results_num_runs(view->results); i++) {
		const struct rep_run *run = rep_results_run(view->results, i);

		if (run->engine == NULL)
			continue;
		fputs("# engine: ", out);
		rep_put(out, run->engine, REP_ESC_LINE);
		putc('\n', out);
	}
	for (size_t i = 0; i < num; i++)
		put_case(out, i + 1, rep_results_get(view->results, i));
	if (view->changes != NULL)
		put_changes(out, view->changes);
	/* Else what is missing would look like a success. */
	if (rep_results_num_unfinished(view->results) > 0) {
		fputs("Bail out! ", out);
		rep_put_unfinished(out, view);
		putc('\n', out);
	}
	return REP_OK;
}
