/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render.h - the renderers, and what they share
 */
#ifndef REPORTS_RENDER_H
#define REPORTS_RENDER_H

#include <stdio.h>

#include "changes.h"
#include "reports/result.h"
#include "reports/term.h"

/* What is rendered. */
struct rep_view {
	const struct rep_results *results;
	const struct rep_changes *changes; /* NULL: nothing to compare with */
	struct rep_term term;
};

/* Renders into memory; REP_ERR_NOMEM is all that can go wrong. */
typedef enum rep_status rep_render_fn(const struct rep_view *view, FILE *out);

rep_render_fn rep_render_text;
rep_render_fn rep_render_tap;
rep_render_fn rep_render_junit;
rep_render_fn rep_render_json;
rep_render_fn rep_render_markdown;

/* A case as text for people, behind no indent. False: no memory. */
bool rep_text_case(FILE *out, const struct rep_case *result,
		   const struct rep_term *term);

/* What went wrong in one line, never NULL: the reason, else the rule. */
const char *rep_message(const struct rep_case *result);

/* The run in a word or two: "FAILED", "NOTHING RAN" or "OK". */
const char *rep_headline(const struct rep_results *results);

/* What kept the first case from being played; NULL: one was, or none is. */
const char *rep_why_nothing(const struct rep_results *results);

/* "2 runs did not get to their end: cases may be missing". */
void rep_put_unfinished(FILE *out, const struct rep_view *view);

/* The verdicts as they are counted and listed, the bad ones first. */
extern const enum rep_verdict rep_order[REP_NUM_VERDICTS - 1];

/* Nanoseconds as seconds, "1.234567". */
#define REP_SECONDS_SIZE 32
void rep_seconds(char out[REP_SECONDS_SIZE], uint64_t duration);

#endif /* REPORTS_RENDER_H */
