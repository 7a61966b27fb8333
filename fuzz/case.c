/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case.c - the language of cases
 *
 * Property: any text is read without a crash; what is wrong with it is said
 * with file, line and column; what can be read can be played, twice with the
 * same outcome.
 */
#define _GNU_SOURCE /* memmem() */

#include <stdio.h>
#include <string.h>

#include "common/finding.h"
#include "common/reach.h"
#include "common/target.h"
#include "conformance/play.h"

/* Cases of one file that are looked at: those of its first axis values. */
#define MAX_CASES 4u
/* A text that says "repeat" may ask for a million packets. */
#define MAX_PLAYED 8192u

static bool begin(void)
{
	return true;
}

/* "input.case:LINE:COLUMN: ..." */
static void must_point(const char *error)
{
	unsigned int line, column;

	if (sscanf(error, "input.case:%u:%u: ", &line, &column) != 2)
		fuzz_finding("error-text", "-", 0, "%s", error);
}

static bool is_short(const char *text, size_t len)
{
	return len <= MAX_PLAYED && memmem(text, len, "repeat", 6) == NULL &&
	       memmem(text, len, "fill", 4) == NULL &&
	       memmem(text, len, "max-entries", 11) == NULL;
}

/* The engine's memory is the same for all; what they say differs. */
static bool open_engine(struct conf_engine *out, const struct conf_case *c)
{
	char error[CONF_ERROR_SIZE] = "";
	struct conf_config config;

	conf_case_config(c, &config);
	return conf_engine_open(out, "ref", &config, error) == CONF_OK;
}

static void play(const struct conf_case *c)
{
	struct conf_engine engine;
	const struct conf_player player = {.engine = &engine,
					   .invariants = true};
	static struct conf_outcome first, second;

	if (!open_engine(&engine, c))
		return;
	conf_play(&player, c, &first);
	if (engine.ops->reset(engine.state) != CONF_OK)
		fuzz_finding("engine", "reset", 0, "failed");
	conf_play(&player, c, &second);
	conf_engine_close(&engine);
	fuzz_reach_add(FUZZ_REACH_STIMULI, first.num_stimuli);
	fuzz_reach_add(FUZZ_REACH_RESULTS, first.num_results);
	if (first.verdict != second.verdict || first.line != second.line ||
	    first.num_results != second.num_results ||
	    strcmp(first.reason, second.reason) != 0)
		fuzz_finding("determinism", "outcome", first.line,
			     "\"%s\", then \"%s\"", first.reason,
			     second.reason);
}

static void run(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	struct conf_axis_value values[CONF_MAX_AXES];
	char error[CONF_ERROR_SIZE] = "";
	struct conf_axes axes;
	struct conf_case *c;

	fuzz_reach_add(FUZZ_REACH_EXECUTIONS, 1);
	fuzz_reach_tick();
	if (conf_axes_read(&axes, text, len, "input.case", error) != CONF_OK) {
		must_point(error);
		return;
	}
	for (size_t i = 0; i < axes.num_cases && i < MAX_CASES; i++) {
		conf_axes_pick(&axes, i, values);
		if (conf_case_parse(text, len, "input.case", values,
				    axes.num_axes, &c, error) != CONF_OK) {
			must_point(error);
			continue;
		}
		if (is_short(text, len))
			play(c);
		conf_case_free(c);
	}
	conf_axes_cleanup(&axes);
}

const struct fuzz_target fuzz_target = {
	.name = "case",
	.property = "any text is read, or refused with line and column",
	.helper = "",
	.is_text = true,
	.begin = begin,
	.run = run,
};
