/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c - minimising: the order of things
 *
 * What is behind the finding goes first, then stimuli, fields, times; what is
 * simpler now may make more stimuli needless. Settings come last.
 */
#include <stdlib.h>
#include <string.h>

#include "minimize/minimize.h"
#include "minimize/trial.h"

#define MIN_TIMEOUT 250u /* ms, for an attempt that should hang */

static void begin(struct min_run *run, const char *part, size_t total)
{
	run->part = part;
	run->done = 0;
	run->total = total;
}

bool min_still(struct min_run *run, const struct conf_trace *candidate)
{
	struct conf_finding finding;

	if (!min_try(run, candidate, run->out->finding.class, &finding))
		return false;
	run->out->finding = finding;
	return true;
}

/* ---- Stimuli ---- */

struct choice {
	struct min_run *run;
	const struct conf_trace *all;
	struct conf_trace some; /* items are borrowed */
};

static void choose(struct choice *c, const size_t *items, size_t num)
{
	for (size_t i = 0; i < num; i++)
		c->some.items[i] = c->all->items[items[i]];
	c->some.num = num;
}

/* A conf_ddmin_fn. */
static bool try_items(void *ctx, const size_t *items, size_t num)
{
	struct choice *c = ctx;

	choose(c, items, num);
	c->run->done = c->all->num - num;
	return min_still(c->run, &c->some);
}

/* Leaves in trace only what is needed; true if something went. */
static bool reduce(struct min_run *run, struct conf_trace *trace)
{
	struct choice c = {.run = run, .all = trace};
	size_t *items = malloc((trace->num + 1) * sizeof(*items));
	size_t before = trace->num, num, next = 0;

	c.some = (struct conf_trace){.end = trace->end};
	c.some.items = malloc((trace->num + 1) * sizeof(*c.some.items));
	begin(run, "stimuli", trace->num);
	if (items != NULL && c.some.items != NULL) {
		for (size_t i = 0; i < trace->num; i++)
			items[i] = i;
		num = conf_ddmin(items, trace->num, try_items, &c);
		for (size_t i = 0; i < trace->num; i++)
			if (next < num && items[next] == i)
				trace->items[next++] = trace->items[i];
			else
				free(trace->items[i].data);
		trace->num = num;
	}
	free(c.some.items);
	free(items);
	return trace->num < before;
}

/* What comes after the finding; time too, if that was not it. */
static void truncate(struct min_run *run, struct conf_trace *trace)
{
	size_t at = run->out->finding.at;
	struct conf_trace head = *trace;

	if (at >= trace->num)
		return;
	head.num = at + 1;
	head.end = head.items[at].now;
	if (!min_still(run, &head))
		return;
	for (size_t i = head.num; i < trace->num; i++)
		free(trace->items[i].data);
	*trace = head;
}

/* ---- Settings ---- */

static void reduce_settings(struct min_run *run, struct conf_trace *trace)
{
	struct conf_setting *all = run->out->settings;
	size_t num = run->config.num_settings;

	begin(run, "settings", num);
	for (size_t i = num; i > 0; i--) {
		struct conf_setting gone = all[i - 1];
		size_t behind = run->config.num_settings - i;

		memmove(all + i - 1, all + i, behind * sizeof(*all));
		run->config.num_settings--;
		if (!min_still(run, trace)) {
			memmove(all + i, all + i - 1, behind * sizeof(*all));
			all[i - 1] = gone;
			run->config.num_settings++;
		}
		run->done++;
	}
	run->out->num_settings = run->config.num_settings;
}

static bool copy_settings(struct min_run *run)
{
	const struct conf_config *config = run->m->config;
	size_t size = (config->num_settings + 1) * sizeof(*config->settings);

	run->config = *config;
	run->out->settings = malloc(size);
	if (run->out->settings == NULL)
		return false;
	if (config->num_settings > 0)
		memcpy(run->out->settings, config->settings,
		       config->num_settings * sizeof(*config->settings));
	run->config.settings = run->out->settings;
	run->out->num_settings = config->num_settings;
	return true;
}

/* ---- All ---- */

static bool link_names(struct min_run *run, struct conf_trace *trace)
{
	struct conf_trace played;
	bool good = min_play(run, trace, &played) &&
		    min_names_link(&run->names, trace, &played);

	conf_trace_cleanup(&played);
	return good;
}

static void minimise(struct min_run *run, struct conf_trace *trace)
{
	bool changed = true;

	begin(run, "stimuli", trace->num);
	if (!link_names(run, trace))
		return;
	truncate(run, trace);
	while (changed && !run->broken && *run->m->interrupted == 0) {
		changed = reduce(run, trace);
		begin(run, "fields", trace->num);
		if (min_simplify(run, trace))
			changed = true;
		begin(run, "times", trace->num);
		if (min_simplify_times(run, trace))
			changed = true;
	}
	reduce_settings(run, trace);
}

/* The best so far, played once more so that it can be written. */
static void finish(struct min_run *run, struct conf_trace *trace)
{
	volatile sig_atomic_t never = 0;
	struct conf_minimize m = *run->m;

	m.interrupted = &never;
	run->m = &m;
	run->out->player = min_trial_namer(run->m);
	if (!min_play(run, trace, &run->out->played))
		run->broken = true;
	run->out->trace = *trace;
	*trace = (struct conf_trace){.items = NULL};
}

/* The same trace again, in memory of its own. */
static bool load(struct conf_trace *trace, const struct conf_trace *original)
{
	conf_trace_cleanup(trace);
	trace->end = original->end;
	for (size_t i = 0; i < original->num; i++)
		if (!conf_trace_add(trace, &original->items[i]))
			return false;
	return true;
}

/*
 * A hang costs the whole time limit, so it is looked for with less of it,
 * once it is known. What is left in the end must hang with all of it; if not,
 * the machine was too busy, and it is done again.
 */
static void minimise_patiently(struct min_run *run, struct conf_trace *trace,
			       const struct conf_trace *original)
{
	struct conf_finding first = run->out->finding;
	unsigned int limit = run->timeout / 20;

	if (strncmp(first.class, "hang", 4) != 0) {
		minimise(run, trace);
		return;
	}
	if (limit < MIN_TIMEOUT)
		limit = MIN_TIMEOUT;
	if (limit < run->timeout)
		run->timeout = limit;
	minimise(run, trace);
	run->timeout = run->m->timeout;
	if (*run->m->interrupted != 0 || min_still(run, trace) ||
	    !load(trace, original))
		return;
	free(run->out->settings);
	if (!copy_settings(run))
		return;
	run->out->finding = first;
	min_names_cleanup(&run->names);
	minimise(run, trace);
}

enum conf_status conf_minimize(const struct conf_minimize *m,
			       const struct conf_trace *original,
			       struct conf_minimized *out,
			       char error[CONF_ERROR_SIZE])
{
	struct min_run run = {
		.m = m, .out = out, .error = error, .timeout = m->timeout};
	struct conf_trace trace = {.num = 0};
	bool good;

	*out = (struct conf_minimized){.settings = NULL};
	error[0] = '\0';
	good = min_trial_init(&run) && copy_settings(&run) &&
	       load(&trace, original);
	begin(&run, "the capture", 0);
	if (!good) {
		run.status = CONF_ERR_ENGINE;
		snprintf(error, CONF_ERROR_SIZE, "no memory for stimuli");
	} else if (min_try(&run, &trace, NULL, &out->finding)) {
		minimise_patiently(&run, &trace, original);
		if (!run.broken)
			run.status = CONF_OK;
		finish(&run, &trace);
	}
	out->interrupted = *m->interrupted != 0;
	if (run.broken && run.status == CONF_OK)
		run.status = CONF_ERR_ENGINE;
	conf_trace_cleanup(&trace);
	min_names_cleanup(&run.names);
	min_trial_cleanup(&run);
	return run.status;
}

void conf_minimized_cleanup(struct conf_minimized *out)
{
	conf_trace_cleanup(&out->trace);
	conf_trace_cleanup(&out->played);
	free(out->settings);
	out->settings = NULL;
}
