/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse.c - nothing but reading the input: what ci/fuzz-speed measures by
 *
 * Property: every stimulus of an input lies in the input, and times never
 * run backwards.
 */
#include "common/finding.h"
#include "common/input.h"
#include "common/reach.h"
#include "common/target.h"

static bool begin(void)
{
	return true;
}

static void run(const uint8_t *data, size_t len)
{
	struct fuzz_input input;
	struct conf_packet p;
	uint64_t last = 0;

	fuzz_reach_add(FUZZ_REACH_EXECUTIONS, 1);
	if (!fuzz_input_open(&input, data, len))
		return;
	while (fuzz_input_next(&input, &p)) {
		if (p.now < last || p.data < data ||
		    (size_t)(p.data - data) + p.len > len)
			fuzz_finding("input", "-", input.num, "not in it");
		last = p.now;
	}
	fuzz_reach_add(FUZZ_REACH_STIMULI, input.num);
	fuzz_reach_tick();
}

const struct fuzz_target fuzz_target = {
	.name = "parse",
	.property = "stimuli lie in the input, in order of time",
	.helper = "",
	.begin = begin,
	.run = run,
};
