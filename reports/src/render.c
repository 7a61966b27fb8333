/* SPDX-License-Identifier: Apache-2.0 */
/* render.c - from results to a file, by one of the renderers */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "fail.h"
#include "render.h"
#include "target.h"

static const struct {
	const char *name;
	rep_render_fn *render;
} formats[REP_NUM_FORMATS] = {
	[REP_TEXT] = {"text", rep_render_text},
	[REP_TAP] = {"tap", rep_render_tap},
	[REP_JUNIT] = {"junit", rep_render_junit},
	[REP_JSON] = {"json", rep_render_json},
	[REP_MARKDOWN] = {"markdown", rep_render_markdown},
};

const enum rep_verdict rep_order[REP_NUM_VERDICTS - 1] = {
	REP_FAIL,  REP_ERROR,         REP_XPASS, REP_PASS,
	REP_XFAIL, REP_UNIMPLEMENTED, REP_SKIP,
};

bool rep_format_find(const char *name, enum rep_format *out_format)
{
	for (unsigned int i = 0; i < REP_NUM_FORMATS; i++)
		if (strcmp(name, formats[i].name) == 0) {
			*out_format = (enum rep_format)i;
			return true;
		}
	return false;
}

const char *rep_message(const struct rep_case *result)
{
	if (result->reason != NULL)
		return result->reason;
	if (result->num_invariants > 0 && result->what == NULL)
		return result->invariants[0];
	if (result->verdict == REP_XPASS)
		return "passed, though it is expected to fail";
	if (result->sentence != NULL)
		return result->sentence;
	return result->title != NULL ? result->title : "no reason given";
}

const char *rep_headline(const struct rep_results *results)
{
	if (rep_results_failed(results))
		return "FAILED";
	return rep_results_num_played(results) > 0 ? "OK" : "NOTHING RAN";
}

const char *rep_why_nothing(const struct rep_results *results)
{
	const struct rep_case *first = NULL;

	if (rep_results_num_played(results) > 0)
		return NULL;
	for (size_t i = 0; i < rep_results_num(results); i++) {
		const struct rep_case *c = rep_results_get(results, i);

		if (first == NULL ||
		    (first->verdict != REP_SKIP && c->verdict == REP_SKIP))
			first = c;
	}
	return first != NULL ? rep_message(first) : NULL;
}

void rep_put_unfinished(FILE *out, const struct rep_view *view)
{
	size_t num = rep_results_num_unfinished(view->results);

	fprintf(out, "%zu run%s did not get to %s end: cases may be missing",
		num, num == 1 ? "" : "s", num == 1 ? "its" : "their");
}

void rep_seconds(char out[REP_SECONDS_SIZE], uint64_t duration)
{
	snprintf(out, REP_SECONDS_SIZE, "%" PRIu64 ".%06" PRIu64,
		 duration / 1000000000, duration / 1000 % 1000000);
}

/* Renders into memory, for the caller to free. */
static enum rep_status to_memory(const struct rep_view *view,
				 enum rep_format format, char **out_data,
				 size_t *out_len)
{
	FILE *out = open_memstream(out_data, out_len);
	enum rep_status status;

	if (out == NULL)
		return REP_ERR_NOMEM;
	status = formats[format].render(view, out);
	if (!rep_close_memory(out))
		status = REP_ERR_NOMEM;
	return status;
}

enum rep_status rep_render(const struct rep_results *results,
			   const struct rep_results *against,
			   enum rep_format format, const char *path,
			   bool colour, char error[REP_ERROR_SIZE])
{
	struct rep_changes changes = {.items = NULL};
	struct rep_view view = {
		.results = results,
		.changes = against != NULL ? &changes : NULL,
		.term = {.colour = colour},
	};
	enum rep_status status;
	char *data = NULL;
	size_t len = 0;

	if (against != NULL && !rep_changes_find(&changes, results, against))
		return rep_fail_nomem(error);
	status = to_memory(&view, format, &data, &len);
	if (status == REP_OK)
		status = rep_target_write(path, data, len, error);
	else
		rep_fail_nomem(error);
	free(data);
	rep_changes_cleanup(&changes);
	return status;
}
