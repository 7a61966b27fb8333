/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.c - names of verdicts, and their order */
#include <string.h>

#include "verdict.h"

/*
 * rank: a merged report is never better than one of its parts, so what was
 * not proved everywhere is worse than a pass.
 */
static const struct {
	const char *name;
	unsigned int rank;
	bool is_bad;
} verdicts[REP_NUM_VERDICTS] = {
	[REP_NONE] = {"NONE", 0, false},
	[REP_PASS] = {"PASS", 1, false},
	[REP_SKIP] = {"SKIP", 2, false},
	[REP_UNIMPLEMENTED] = {"UNIMPLEMENTED", 3, false},
	[REP_XFAIL] = {"XFAIL", 4, false},
	[REP_XPASS] = {"XPASS", 5, true},
	[REP_FAIL] = {"FAIL", 6, true},
	[REP_ERROR] = {"ERROR", 7, true},
};

const char *rep_verdict_name(enum rep_verdict verdict)
{
	return verdicts[verdict].name;
}

bool rep_verdict_find(const char *name, enum rep_verdict *out_verdict)
{
	for (unsigned int i = REP_NONE + 1; i < REP_NUM_VERDICTS; i++)
		if (strcmp(name, verdicts[i].name) == 0) {
			*out_verdict = (enum rep_verdict)i;
			return true;
		}
	return false;
}

bool rep_verdict_is_bad(enum rep_verdict verdict)
{
	return verdicts[verdict].is_bad;
}

bool rep_verdict_is_worse(enum rep_verdict verdict, enum rep_verdict than)
{
	return verdicts[verdict].rank > verdicts[than].rank;
}

/* The end of the text first, then '/', then all others by value. */
static int weight(char c)
{
	if (c == '\0')
		return 0;
	return c == '/' ? 1 : (unsigned char)c + 1;
}

int rep_id_compare(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return weight(*a) - weight(*b);
}
