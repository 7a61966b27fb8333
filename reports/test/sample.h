/* SPDX-License-Identifier: Apache-2.0 */
/* sample.h - a run in which everything happens */
#ifndef REPORTS_TEST_SAMPLE_H
#define REPORTS_TEST_SAMPLE_H

#include "reports/result.h"

extern const struct rep_run sample_run, sample_old_run;
extern const struct rep_case sample_cases[], sample_old_cases[];
extern const size_t sample_num_cases, sample_num_old_cases;

#endif /* REPORTS_TEST_SAMPLE_H */
