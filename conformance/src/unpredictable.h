/* SPDX-License-Identifier: Apache-2.0 */
/* unpredictable.h - are two packets the same but for what is free? */
#ifndef CONFORMANCE_UNPREDICTABLE_H
#define CONFORMANCE_UNPREDICTABLE_H

#include "conformance/compare.h"

/* One result and its octets. */
struct conf_side_of_pair {
	const struct conf_result *result;
	const uint8_t *data;
};

/* Do the rows of the table apply to this pair? */
bool conf_pair_is_free(const struct conf_rules *rules,
		       const struct conf_side_of_pair *expected,
		       const struct conf_side_of_pair *actual);

/*
 * May the field called name differ in a pair that the rows apply to? The
 * checksum may only as far as it follows the id: both must be right.
 */
bool conf_field_is_free(const char *name,
			const struct conf_side_of_pair *expected,
			const struct conf_side_of_pair *actual);

/* Are the octets the same, but for the free fields? Lengths agree. */
bool conf_same_but_free(const struct conf_side_of_pair *expected,
			const struct conf_side_of_pair *actual);

#endif /* CONFORMANCE_UNPREDICTABLE_H */
