/* SPDX-License-Identifier: Apache-2.0 */
/*
 * equivalence.c - what "equal up to renaming" tells apart
 *
 * Property: what an engine sent is equal to the same with other names, and
 * different from the same with one field changed.
 */
#include "common/rename_check.h"
#include "common/target.h"

const struct fuzz_target fuzz_target = {
	.name = "equivalence",
	.property = "renamed is equal, changed is different",
	.helper = "",
	.begin = fuzz_rename_begin,
	.route = fuzz_rename_route,
	.run = fuzz_rename_run,
};
