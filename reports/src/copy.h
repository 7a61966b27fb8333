/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy.h - a run or case with all its texts, in one block of memory
 */
#ifndef REPORTS_COPY_H
#define REPORTS_COPY_H

#include "reports/result.h"

/* To be freed with free(). NULL: no memory. */
struct rep_case *rep_case_copy(const struct rep_case *from);
struct rep_run *rep_run_copy(const struct rep_run *from);

#endif /* REPORTS_COPY_H */
