/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suite.h - the cases whose ids begin with the same component
 */
#ifndef REPORTS_SUITE_H
#define REPORTS_SUITE_H

#include "reports/result.h"

struct rep_suite {
	const char *name; /* begins here, ends after name_len octets */
	int name_len;
	size_t first, num; /* cases */
	size_t counts[REP_NUM_VERDICTS];
	uint64_t duration; /* ns, of all; 0 = not measured */
};

/* The suite after *suite; a zeroed one is before all. False: no more. */
bool rep_suite_next(const struct rep_results *results, struct rep_suite *suite);

#endif /* REPORTS_SUITE_H */
