/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helper_quake.c - the Quake helper and its control packets
 *
 * Property: invariants; no hole but for the owner of the control connection;
 * a receiver never gets two different octets for one number.
 */
#include "common/steer.h"
#include "common/target.h"

static bool begin(void)
{
	return fuzz_helper_begin(CONF_HELPER_QUAKE);
}

const struct fuzz_target fuzz_target = {
	.name = "helper_quake",
	.property = "invariants, holes for their owners, streams of one mind",
	.helper = "quake",
	.begin = begin,
	.route = fuzz_helper_route,
	.steer = fuzz_helper_steer,
	.run = fuzz_helper_run,
};
