/* SPDX-License-Identifier: Apache-2.0 */
/* clauses.h - the table of clauses, and the level that a case has by it */
#ifndef RUN_CLAUSES_H
#define RUN_CLAUSES_H

#include "conformance/suite.h"

/* Reads the tables in dir; a missing one is not looked into. */
bool run_clauses_read(struct conf_suite *suite, const char *dir,
		      char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

/* Sets level and sentence; an unknown clause is an error. */
bool run_clauses_apply(const struct conf_suite *suite,
		       struct conf_suite_case *out,
		       char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

#endif /* RUN_CLAUSES_H */
