/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.h - one line that says how far a long task has come
 *
 * Shown on a terminal only, at most four times a second, and gone when the
 * task is done. A step costs a decrement and a comparison: the clock is
 * read once in many steps, as often as the speed of the task needs.
 */
#ifndef REPORTS_PROGRESS_H
#define REPORTS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Milliseconds from any start; never backwards. */
typedef uint64_t rep_clock_fn(void);

struct rep_progress {
	FILE *stream;        /* NULL: show nothing */
	const char *label;   /* the caller's */
	rep_clock_fn *clock; /* */
	uint64_t shown_at;   /* ms, of the last update; start: of init */
	uint64_t checked_at; /* ms, of the last look at the clock */
	unsigned int stride; /* steps between two looks */
	unsigned int to_go;  /* steps until the next look */
	bool visible;        /* there is a line to be cleared */
};

/* Shows on stream if that is a terminal. */
void rep_progress_init(struct rep_progress *progress, FILE *stream,
		       const char *label);

/* The same on any stream, by another clock. */
void rep_progress_init_forced(struct rep_progress *progress, FILE *stream,
			      const char *label, rep_clock_fn *clock);

/* The slow part of rep_progress_step(). */
void rep_progress_look(struct rep_progress *progress, uint64_t done,
		       uint64_t total);

/* One item is done: done of total (0 = unknown) in the task's own unit. */
static inline void rep_progress_step(struct rep_progress *progress,
				     uint64_t done, uint64_t total)
{
	if (--progress->to_go == 0)
		rep_progress_look(progress, done, total);
}

/* Takes the line away; to be called before anything else is printed. */
void rep_progress_clear(struct rep_progress *progress);

#endif /* REPORTS_PROGRESS_H */
