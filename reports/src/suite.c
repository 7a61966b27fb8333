/* SPDX-License-Identifier: Apache-2.0 */
/* suite.c - the cases whose ids begin with the same component */
#include <limits.h>
#include <string.h>

#include "suite.h"

/* Octets of the first component, as printf() wants them. */
static int component(const char *id)
{
	size_t len = strcspn(id, "/");

	return len < INT_MAX ? (int)len : INT_MAX;
}

static bool is_member(const struct rep_suite *suite, const char *id)
{
	return component(id) == suite->name_len &&
	       strncmp(id, suite->name, (size_t)suite->name_len) == 0;
}

bool rep_suite_next(const struct rep_results *results, struct rep_suite *suite)
{
	size_t i = suite->first + suite->num;
	const struct rep_case *result;

	*suite = (struct rep_suite){.first = i};
	if (i == rep_results_num(results))
		return false;
	suite->name = rep_results_get(results, i)->id;
	suite->name_len = component(suite->name);
	for (; i < rep_results_num(results); i++) {
		result = rep_results_get(results, i);
		if (!is_member(suite, result->id))
			break;
		suite->num++;
		suite->counts[result->verdict]++;
		suite->duration += result->duration;
	}
	return true;
}
