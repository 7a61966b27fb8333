/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_conclude.c - what a campaign comes to, when its processes are gone */
#define _GNU_SOURCE

#include <inttypes.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_worker.h"

/* A campaign that did nothing, and found nothing, proves nothing. */
static enum cli_exit check_reach(const struct fuzz_campaign *c, bool found)
{
	const struct fuzz_options *o = c->options;
	struct fuzz_reached all = {.num_files = 0};
	bool plays = false, reached = false;
	bool foreign = o->engine != NULL && strcmp(o->engine, "ref") != 0 &&
		       strncmp(o->engine, "ref:", 4) != 0;
	char text[400];

	for (size_t i = 0; i < c->programs->num; i++) {
		const struct fuzz_reached *one = &c->totals[i].reached;

		fuzz_reached_join(&all, one);
		if (c->programs->items[i].is_text)
			continue;
		plays = plays || c->totals[i].status.executions > 0;
		reached = reached || fuzz_reached_any(one, foreign);
	}
	fuzz_reached_text(&all, foreign, text, sizeof(text));
	if (plays)
		printf("reached: %s%s\n", text,
		       foreign ? " (by its packets; holes and timers of "
				 "this engine they do not tell)"
			       : "");
	if (!plays || reached || found)
		return CLI_OK;
	cli_error("the campaign proves nothing: %s. Are there "
		  "seeds (--corpus), and does the engine take the packets of "
		  "the default router (masqcheck help config)?",
		  foreign ? "no packet shows a mapping, an answer delivered or "
			    "an error translated"
			  : "no mapping was made, no hole opened, no error "
			    "translated, no timer fired");
	return CLI_BROKEN;
}

static uint64_t executions_of(const struct fuzz_campaign *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->programs->num; i++)
		sum += c->totals[i].status.executions;
	return sum;
}

static void settle(const struct fuzz_campaign *c, struct fuzz_total *t,
		   const struct fuzz_counts *counts)
{
	t->counts = *counts;
	/* The targets are no children of afl-fuzz that it waits for. */
	if (c->options->with == FUZZ_AFL)
		t->cpu += t->reached.num[FUZZ_REACHED_CPU];
}

enum cli_exit fuzz_conclude(struct fuzz_campaign *c, bool good)
{
	struct fuzz_triage triage = {
		.options = c->options,
		.programs = c->programs,
		.known = c->known,
	};
	enum cli_exit code = CLI_OK;

	fuzz_triage_run(&triage);
	for (size_t i = 0; i < c->programs->num; i++)
		settle(c, &c->totals[i], &triage.counts[i]);
	if (!fuzz_ledger_add(c))
		good = false;
	fuzz_show_table(c);
	fflush(stdout);
	if (good && executions_of(c) > 0)
		code = check_reach(c, triage.num_new + triage.num_known > 0);
	printf("%u new, %u known, %u not reproduced; findings are in "
	       "%s/findings\n",
	       triage.num_new, triage.num_known, triage.num_unreproduced,
	       c->options->out);
	if (triage.failed || !good)
		return CLI_BROKEN;
	if (triage.num_new > 0)
		return CLI_DIFFERENT;
	if (fuzz_interrupted != 0)
		return CLI_INTERRUPTED;
	if (executions_of(c) == 0) {
		cli_error("nothing ran: no execution was told of");
		return CLI_NOTHING;
	}
	return code;
}
