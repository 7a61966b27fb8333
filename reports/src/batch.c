/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c - what one file holds, in its order */
#include <stdlib.h>

#include "copy.h"
#include "results.h"

static size_t next_size(size_t size)
{
	return size > 0 ? 2 * size : 16;
}

bool rep_batch_add(struct rep_batch *batch, const struct rep_case *result)
{
	if (batch->num_cases == batch->max_cases) {
		size_t max = next_size(batch->max_cases);
		struct rep_case **grown = realloc(batch->cases,
						  max * sizeof(*grown));

		if (grown == NULL)
			return false;
		batch->cases = grown;
		batch->max_cases = max;
	}
	batch->cases[batch->num_cases] = rep_case_copy(result);
	if (batch->cases[batch->num_cases] == NULL)
		return false;
	batch->num_cases++;
	return true;
}

bool rep_batch_add_run(struct rep_batch *batch, const struct rep_run *run)
{
	if (batch->num_runs == batch->max_runs) {
		size_t max = next_size(batch->max_runs);
		struct rep_run **grown = realloc(batch->runs,
						 max * sizeof(*grown));

		if (grown == NULL)
			return false;
		batch->runs = grown;
		batch->max_runs = max;
	}
	batch->runs[batch->num_runs] = rep_run_copy(run);
	if (batch->runs[batch->num_runs] == NULL)
		return false;
	batch->num_runs++;
	return true;
}

void rep_batch_cleanup(struct rep_batch *batch)
{
	for (size_t i = 0; i < batch->num_cases; i++)
		free(batch->cases[i]);
	for (size_t i = 0; i < batch->num_runs; i++)
		free(batch->runs[i]);
	free(batch->cases);
	free(batch->runs);
	*batch = (struct rep_batch){.cases = NULL};
}
