/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c - the progress line */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <limits.h>
#include <time.h>

#include "reports/progress.h"
#include "reports/term.h"

/* A new text at most this often, and the first one not before. */
#define SHOW_EVERY_MS 250u
/* The clock is to be read about this often. */
#define LOOK_EVERY_MS 50u
#define MAX_STRIDE    65536u

static uint64_t monotonic_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void rep_progress_init_forced(struct rep_progress *progress, FILE *stream,
			      const char *label, rep_clock_fn *clock)
{
	uint64_t now = clock();

	*progress = (struct rep_progress){
		.stream = stream,
		.label = label,
		.clock = clock,
		.shown_at = now,
		.checked_at = now,
		.stride = 1,
		.to_go = 1,
	};
}

void rep_progress_init(struct rep_progress *progress, FILE *stream,
		       const char *label)
{
	struct rep_term term;

	rep_term_init(&term, stream, REP_AUTO);
	rep_progress_init_forced(progress, term.terminal ? stream : NULL, label,
				 monotonic_ms);
}

/* Longer or shorter strides, so that looks come LOOK_EVERY_MS apart. */
static void adapt(struct rep_progress *p, uint64_t now)
{
	uint64_t passed = now - p->checked_at;

	if (passed < LOOK_EVERY_MS / 2 && p->stride < MAX_STRIDE)
		p->stride *= 2;
	else if (passed > LOOK_EVERY_MS * 2 && p->stride > 1)
		p->stride /= 2;
	p->checked_at = now;
	p->to_go = p->stride;
}

void rep_progress_look(struct rep_progress *p, uint64_t done, uint64_t total)
{
	uint64_t now;

	if (p->stream == NULL) {
		p->to_go = UINT_MAX;
		return;
	}
	now = p->clock();
	adapt(p, now);
	if (now - p->shown_at < SHOW_EVERY_MS)
		return;
	p->shown_at = now;
	p->visible = true;
	if (total > 0)
		fprintf(p->stream, "\r\033[K%s: %3u %%", p->label,
			(unsigned int)(100.0 * (double)done / (double)total));
	else
		fprintf(p->stream, "\r\033[K%s: %" PRIu64, p->label, done);
	fflush(p->stream);
}

void rep_progress_clear(struct rep_progress *p)
{
	if (!p->visible)
		return;
	fputs("\r\033[K", p->stream);
	fflush(p->stream);
	p->visible = false;
}
