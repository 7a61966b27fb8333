/* SPDX-License-Identifier: Apache-2.0 */
/* changes.c - two sets of results, case by case */
#include <stdlib.h>

#include "changes.h"
#include "verdict.h"

const char *rep_change_name(enum rep_change change)
{
	static const char *const names[] = {
		[REP_NEW_FAILURE] = "new failures", [REP_FIXED] = "fixed",
		[REP_CHANGED] = "changed",          [REP_NEW] = "new",
		[REP_VANISHED] = "vanished",
	};

	return names[change];
}

static enum rep_change classify(const struct rep_case *before,
				const struct rep_case *after)
{
	bool was_bad, is_bad;

	if (before == NULL)
		return REP_NEW;
	if (after == NULL)
		return REP_VANISHED;
	was_bad = rep_verdict_is_bad(before->verdict);
	is_bad = rep_verdict_is_bad(after->verdict);
	if (is_bad && !was_bad)
		return REP_NEW_FAILURE;
	/* What is no longer run is not fixed. */
	if (after->verdict == REP_PASS &&
	    (was_bad || before->verdict == REP_XFAIL))
		return REP_FIXED;
	return REP_CHANGED;
}

static void add(struct rep_changes *changes, const struct rep_case *before,
		const struct rep_case *after)
{
	enum rep_change change;

	if (before != NULL && after != NULL &&
	    before->verdict == after->verdict)
		return;
	change = classify(before, after);
	changes->items[changes->num++] = (struct rep_difference){
		.change = change,
		.id = after != NULL ? after->id : before->id,
		.before = before,
		.after = after,
	};
	changes->counts[change]++;
}

bool rep_changes_find(struct rep_changes *changes,
		      const struct rep_results *after,
		      const struct rep_results *before)
{
	size_t num_a = rep_results_num(after), num_b = rep_results_num(before);
	size_t a = 0, b = 0;

	*changes = (struct rep_changes){
		.items = calloc(num_a + num_b + 1,
				sizeof(struct rep_difference)),
	};
	if (changes->items == NULL)
		return false;
	while (a < num_a || b < num_b) {
		const struct rep_case *now, *old;
		int order;

		now = a < num_a ? rep_results_get(after, a) : NULL;
		old = b < num_b ? rep_results_get(before, b) : NULL;
		if (now != NULL && old != NULL)
			order = rep_id_compare(now->id, old->id);
		else
			order = now != NULL ? -1 : 1;
		add(changes, order >= 0 ? old : NULL, order <= 0 ? now : NULL);
		a += order <= 0;
		b += order >= 0;
	}
	return true;
}

void rep_changes_cleanup(struct rep_changes *changes)
{
	free(changes->items);
	*changes = (struct rep_changes){.items = NULL};
}

static const char *name_of(const struct rep_case *result)
{
	return result != NULL ? rep_verdict_name(result->verdict) : "-";
}

const char *rep_before(const struct rep_difference *difference)
{
	return name_of(difference->before);
}

const char *rep_after(const struct rep_difference *difference)
{
	return name_of(difference->after);
}
