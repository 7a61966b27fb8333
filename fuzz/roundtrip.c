/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roundtrip.c - out, then in, restores
 *
 * Property: the answer to what has just left outside is delivered inside to
 * its sender, with the payload as it was; an ICMP error that quotes what has
 * just left is delivered inside to its sender, and quotes what he sent.
 */
#include "common/echo.h"
#include "common/target.h"

const struct fuzz_target fuzz_target = {
	.name = "roundtrip",
	.property = "out then in restores the endpoint and the payload",
	.helper = "",
	.begin = fuzz_echo_begin,
	.route = fuzz_echo_route,
	.run = fuzz_echo_run,
};
