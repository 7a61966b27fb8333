/* SPDX-License-Identifier: Apache-2.0 */
/*
 * empty.c - does nothing: how fast the fuzzer itself is, for ci/fuzz-speed
 *
 * Property: none.
 */
#include "common/reach.h"
#include "common/target.h"

static bool begin(void)
{
	return true;
}

static void run(const uint8_t *data, size_t len)
{
	(void)data;
	(void)len;
	fuzz_reach_add(FUZZ_REACH_EXECUTIONS, 1);
	fuzz_reach_tick();
}

const struct fuzz_target fuzz_target = {
	.name = "empty",
	.property = "none",
	.helper = "",
	.begin = begin,
	.run = run,
};
