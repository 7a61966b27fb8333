/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_markdown.c - results for the summary page of a CI job
 *
 * What means something to Markdown or HTML is written as entities, which
 * are good in both; the block of a failure is in a fence that is longer
 * than any run of backticks in it.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "render.h"
#include "suite.h"

/* Job summaries are refused from a mebibyte on; stay well below. */
#define MAX_LEN (900L * 1024)

static void put_code(FILE *out, const char *text)
{
	fputs("<code>", out);
	rep_put(out, text, REP_ESC_MARKDOWN);
	fputs("</code>", out);
}

/* The names of the verdicts as a heading, and the line below it. */
static void put_heading(FILE *out, const char *first)
{
	fprintf(out, "| %s | cases |", first);
	for (size_t i = 0; i < REP_NUM_VERDICTS - 1; i++)
		fprintf(out, " %s |", rep_verdict_name(rep_order[i]));
	fputs("\n|---|---:|", out);
	for (size_t i = 0; i < REP_NUM_VERDICTS - 1; i++)
		fputs("---:|", out);
	putc('\n', out);
}

static void put_count(FILE *out, enum rep_verdict verdict, size_t count)
{
	if (count > 0 && rep_verdict_is_bad(verdict))
		fprintf(out, " **%zu** |", count);
	else
		fprintf(out, " %zu |", count);
}

static void put_counts(FILE *out, const struct rep_results *results)
{
	put_heading(out, "");
	fprintf(out, "| all | %zu |", rep_results_num(results));
	for (size_t i = 0; i < REP_NUM_VERDICTS - 1; i++)
		put_count(out, rep_order[i],
			  rep_results_count(results, rep_order[i]));
	putc('\n', out);
}

static bool put_suites(FILE *out, const struct rep_results *results)
{
	struct rep_suite suite = {.num = 0};

	fputs("\n### Suites\n\n", out);
	put_heading(out, "suite");
	while (rep_suite_next(results, &suite)) {
		char *name = strndup(suite.name, (size_t)suite.name_len);

		if (name == NULL)
			return false;
		fputs("| ", out);
		put_code(out, name);
		free(name);
		fprintf(out, " | %zu |", suite.num);
		for (size_t i = 0; i < REP_NUM_VERDICTS - 1; i++)
			put_count(out, rep_order[i],
				  suite.counts[rep_order[i]]);
		putc('\n', out);
	}
	return true;
}

/* Three backticks, or one more than the text has anywhere. */
static void put_fence(FILE *out, const char *text)
{
	size_t longest = 2, len = 0;

	for (; *text != '\0'; text++) {
		len = *text == '`' ? len + 1 : 0;
		if (len > longest)
			longest = len;
	}
	for (size_t i = 0; i <= longest; i++)
		putc('`', out);
}

static bool put_case(FILE *out, const struct rep_case *result)
{
	const struct rep_term plain = {.colour = false};
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);
	bool done = memory != NULL && rep_text_case(memory, result, &plain);

	if (memory != NULL && !rep_close_memory(memory))
		done = false;
	if (done) {
		fprintf(out, "\n<details><summary>%s ",
			rep_verdict_name(result->verdict));
		put_code(out, result->id);
		if (result->title != NULL) {
			fputs(": ", out);
			rep_put(out, result->title, REP_ESC_MARKDOWN);
		}
		fputs("</summary>\n\n", out);
		put_fence(out, text);
		fprintf(out, "text\n%s", text);
		put_fence(out, text);
		fputs("\n\n</details>\n", out);
	}
	free(text);
	return done;
}

static bool put_failures(FILE *out, const struct rep_results *results)
{
	size_t left_out = 0, num = 0;

	for (size_t i = 0; i < rep_results_num(results); i++) {
		const struct rep_case *result = rep_results_get(results, i);

		if (!rep_verdict_is_bad(result->verdict))
			continue;
		if (num++ == 0)
			fputs("\n### Failures\n", out);
		if (ftell(out) > MAX_LEN)
			left_out++;
		else if (!put_case(out, result))
			return false;
	}
	if (left_out > 0)
		fprintf(out, "\nNo room here for %zu more.\n", left_out);
	return true;
}

static void put_changes(FILE *out, const struct rep_changes *changes)
{
	fputs("\n### Compared with before\n\n", out);
	if (changes->num == 0) {
		fputs("No change.\n", out);
		return;
	}
	fputs("| what | case | before | now |\n|---|---|---|---|\n", out);
	for (unsigned int k = 0; k < REP_NUM_CHANGES; k++)
		for (size_t i = 0; i < changes->num; i++) {
			const struct rep_difference *item = &changes->items[i];

			if (item->change != (enum rep_change)k ||
			    ftell(out) > MAX_LEN / 2)
				continue;
			fprintf(out, "| %s | ", rep_change_name(item->change));
			put_code(out, item->id);
			fprintf(out, " | %s | %s |\n", rep_before(item),
				rep_after(item));
		}
	if (ftell(out) > MAX_LEN / 2)
		fprintf(out, "\nNo room here for all %zu.\n", changes->num);
}

static void put_runs(FILE *out, const struct rep_results *results)
{
	for (size_t i = 0; i < rep_results_num_runs(results); i++) {
		const struct rep_run *run = rep_results_run(results, i);

		fputs("Engine ", out);
		put_code(out, run->engine != NULL ? run->engine : "?");
		if (run->shard != NULL) {
			fputs(", shard ", out);
			rep_put(out, run->shard, REP_ESC_MARKDOWN);
		}
		fputs("\n\n", out);
	}
}

enum rep_status rep_render_markdown(const struct rep_view *view, FILE *out)
{
	const struct rep_results *results = view->results;
	const char *why = rep_why_nothing(results);

	fprintf(out, "## masqcheck: %s\n\n", rep_headline(results));
	if (why != NULL && !rep_results_failed(results)) {
		fputs("Reason: ", out);
		rep_put(out, why, REP_ESC_MARKDOWN);
		fputs("\n\n", out);
	}
	put_runs(out, results);
	if (rep_results_num_unfinished(results) > 0) {
		fputs("**", out);
		rep_put_unfinished(out, view);
		fputs("**\n\n", out);
	}
	put_counts(out, results);
	if (rep_results_num(results) > 0 && !put_suites(out, results))
		return REP_ERR_NOMEM;
	if (view->changes != NULL)
		put_changes(out, view->changes);
	return put_failures(out, results) ? REP_OK : REP_ERR_NOMEM;
}
