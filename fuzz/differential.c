/* SPDX-License-Identifier: Apache-2.0 */
/*
 * differential.c - two engines that must be of one mind
 *
 * Property: the engine under test sends what the naive model sends, octet
 * for octet; against any other engine, what that sends up to renaming.
 *
 * MASQCHECK_FUZZ_ENGINE is the one, MASQCHECK_FUZZ_AGAINST the other.
 */
#include <stdlib.h>

#include "common/pair.h"
#include "common/target.h"

static bool begin(void)
{
	return fuzz_pair_begin(getenv("MASQCHECK_FUZZ_AGAINST"));
}

const struct fuzz_target fuzz_target = {
	.name = "differential",
	.property = "two engines send the same",
	.helper = "",
	.begin = begin,
	.route = fuzz_pair_route,
	.run = fuzz_pair_run,
};
