/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_show.c - how far a campaign has come
 *
 * On a terminal one line, that changes; elsewhere a line now and then.
 */
#define _GNU_SOURCE

#include <inttypes.h>
#include <string.h>

#include "fuzz_worker.h"
#include "reports/term.h"

#define TERMINAL_EVERY 250u   /* ms */
#define PLAIN_EVERY    30000u /* ms */

void fuzz_show_init(struct fuzz_show *show)
{
	struct rep_term term;

	rep_term_init(&term, stderr, REP_AUTO);
	*show = (struct fuzz_show){
		.terminal = term.terminal,
		.shown = fuzz_now_ms(),
	};
}

/* "1:02:03" */
static const char *clock_text(char out[24], uint64_t milliseconds)
{
	uint64_t s = milliseconds / 1000;

	if (s >= 3600)
		snprintf(out, 24, "%" PRIu64 ":%02u:%02u", s / 3600,
			 (unsigned int)(s / 60 % 60), (unsigned int)(s % 60));
	else
		snprintf(out, 24, "%u:%02u", (unsigned int)(s / 60),
			 (unsigned int)(s % 60));
	return out;
}

/* The names of the targets that run now, each once. */
static void put_names(const struct fuzz_floor *floor, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (unsigned int i = 0; i < floor->num && at < size; i++) {
		const struct fuzz_worker *w = &floor->workers[i];

		if (w->pid != 0 && w->number == 0)
			at += (size_t)snprintf(out + at, size - at, "%s%s",
					       at > 0 ? "," : "",
					       w->total->program->name);
	}
}

/* Executions of all, and what those of now say of the rest. */
static struct fuzz_status add_up(const struct fuzz_floor *floor)
{
	const struct fuzz_campaign *c = floor->campaign;
	struct fuzz_status sum = {.executions = 0};

	for (size_t i = 0; i < c->programs->num; i++)
		sum.executions += c->totals[i].status.executions;
	for (unsigned int i = 0; i < floor->num; i++) {
		struct fuzz_worker *w = &floor->workers[i];

		if (w->pid == 0)
			continue;
		fuzz_worker_look(c, w);
		sum.executions += w->status.executions;
		sum.speed += w->status.executions * 1000 /
			     (fuzz_now_ms() - w->started + 1);
		if (w->number == 0) {
			sum.coverage += w->status.coverage;
			sum.corpus += w->status.corpus;
		}
	}
	return sum;
}

void fuzz_show_step(struct fuzz_show *show, const struct fuzz_floor *floor)
{
	uint64_t now = fuzz_now_ms();
	const struct fuzz_campaign *c = floor->campaign;
	char names[48], gone[24], all[24];
	struct fuzz_status sum;

	if (now - show->shown < (show->terminal ? TERMINAL_EVERY : PLAIN_EVERY))
		return;
	show->shown = now;
	show->visible = show->terminal;
	sum = add_up(floor);
	put_names(floor, names, sizeof(names));
	fprintf(stderr, "%sfuzz %s", show->terminal ? "\r\033[K" : "",
		clock_text(gone, now - c->began));
	if (c->ends != 0)
		fprintf(stderr, "/%s", clock_text(all, c->ends - c->began));
	fprintf(stderr,
		" %s: %" PRIu64 " runs, %" PRIu64 "/s, cov %" PRIu64
		", corpus %" PRIu64 ", %" PRIu64 " failed, %zu classes%s",
		names, sum.executions, sum.speed, sum.coverage, sum.corpus,
		c->num_inputs, c->num_classes, show->terminal ? "" : "\n");
	fflush(stderr);
}

void fuzz_show_clear(struct fuzz_show *show)
{
	if (show->visible)
		fputs("\r\033[K", stderr);
	show->visible = false;
}

void fuzz_show_table(const struct fuzz_campaign *c)
{
	char cpu[24], all[24];

	printf("%-16s %11s %7s %7s %6s %9s %9s %4s %5s\n", "target",
	       "executions", "/s", "cov", "corpus", "cpu", "cpu-all", "new",
	       "known");
	for (size_t i = 0; i < c->programs->num; i++) {
		const struct fuzz_total *t = &c->totals[i];
		uint64_t speed = t->milliseconds > 0
					 ? t->status.executions * 1000 /
						   t->milliseconds
					 : 0;

		if (!t->ran)
			continue;
		printf("%-16s %11" PRIu64 " %7" PRIu64 " %7" PRIu64 " %6" PRIu64
		       " %9s %9s %4u %5u\n",
		       t->program->name, t->status.executions, speed,
		       t->status.coverage, t->status.corpus,
		       clock_text(cpu, t->cpu), clock_text(all, t->cpu_of_all),
		       t->counts.num_new, t->counts.num_known);
		if (t->num_bad_seeds > 0)
			printf("    seeds that fail, left out: %u\n",
			       t->num_bad_seeds);
	}
}
