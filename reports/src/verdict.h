/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict.h - which of two verdicts is the worse one, which id the first
 */
#ifndef REPORTS_VERDICT_H
#define REPORTS_VERDICT_H

#include "reports/result.h"

/* All names, for errors. */
#define REP_VERDICT_NAMES                                                      \
	"PASS, FAIL, XFAIL, XPASS, UNIMPLEMENTED, SKIP or ERROR"

bool rep_verdict_is_worse(enum rep_verdict verdict, enum rep_verdict than);

/* As strcmp(), but '/' is before all else: suites stay together. */
int rep_id_compare(const char *a, const char *b);

#endif /* REPORTS_VERDICT_H */
