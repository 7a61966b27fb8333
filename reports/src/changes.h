/* SPDX-License-Identifier: Apache-2.0 */
/*
 * changes.h - two sets of results, case by case
 */
#ifndef REPORTS_CHANGES_H
#define REPORTS_CHANGES_H

#include "reports/result.h"

enum rep_change {
	REP_NEW_FAILURE = 0, /* bad, and was not */
	REP_FIXED,           /* PASS, and was bad or an expected failure */
	REP_CHANGED,         /* any other change of verdict */
	REP_NEW,             /* was not there */
	REP_VANISHED,        /* is not there */
	REP_NUM_CHANGES
};
/* "new failures", ... */
const char *rep_change_name(enum rep_change change);

/* before or after is NULL where there is none. */
struct rep_difference {
	enum rep_change change;
	const char *id;
	const struct rep_case *before, *after;
};

/* Sorted by id. */
struct rep_changes {
	struct rep_difference *items;
	size_t num;
	size_t counts[REP_NUM_CHANGES];
};

/* False: no memory. */
bool rep_changes_find(struct rep_changes *changes,
		      const struct rep_results *after,
		      const struct rep_results *before);
void rep_changes_cleanup(struct rep_changes *changes);

/* The names of the verdicts; "-" where there is no case. */
const char *rep_before(const struct rep_difference *difference);
const char *rep_after(const struct rep_difference *difference);

#endif /* REPORTS_CHANGES_H */
