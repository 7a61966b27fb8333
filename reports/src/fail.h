/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fail.h - an error's number and its text, in one statement
 */
#ifndef REPORTS_FAIL_H
#define REPORTS_FAIL_H

#include "reports/result.h"

/*
 * Puts the text into error[REP_ERROR_SIZE], cut if too long, and gives
 * status back: return rep_fail(error, REP_ERR_IO, ...).
 */
enum rep_status rep_fail(char *error, enum rep_status status,
			 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "out of memory" */
enum rep_status rep_fail_nomem(char *error);

/* The end of a long file name, so that the reason after it has room. */
const char *rep_short_name(const char *name);

#endif /* REPORTS_FAIL_H */
