/* SPDX-License-Identifier: Apache-2.0 */
/*
 * results.h - what the reader puts into results
 */
#ifndef REPORTS_RESULTS_H
#define REPORTS_RESULTS_H

#include "reports/result.h"

/* What one file holds, in its order; all of it owned. */
struct rep_batch {
	struct rep_case **cases;
	size_t num_cases, max_cases;
	struct rep_run **runs;
	size_t num_runs, max_runs;
	size_t num_unfinished;
};

/* Appends copies. False: no memory. */
bool rep_batch_add(struct rep_batch *batch, const struct rep_case *result);
bool rep_batch_add_run(struct rep_batch *batch, const struct rep_run *run);
void rep_batch_cleanup(struct rep_batch *batch);

/* Takes all that is in batch, or, without memory, nothing. */
enum rep_status rep_results_take(struct rep_results *results,
				 struct rep_batch *batch) REP_NODISCARD;

#endif /* REPORTS_RESULTS_H */
