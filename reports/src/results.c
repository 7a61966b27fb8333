/* SPDX-License-Identifier: Apache-2.0 */
/*
 * results.c - results in memory: sorted by id, each id once
 *
 * A file is merged as a whole: sorted, then woven in. Single cases go to
 * their place, which for cases in order is the end.
 */
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "results.h"
#include "verdict.h"

struct rep_results {
	struct rep_case **cases;
	size_t num_cases, max_cases;
	struct rep_run **runs;
	size_t num_runs;
	size_t num_unfinished;
};

struct rep_results *rep_results_new(void)
{
	return calloc(1, sizeof(struct rep_results));
}

void rep_results_free(struct rep_results *results)
{
	if (results == NULL)
		return;
	for (size_t i = 0; i < results->num_cases; i++)
		free(results->cases[i]);
	for (size_t i = 0; i < results->num_runs; i++)
		free(results->runs[i]);
	free(results->cases);
	free(results->runs);
	free(results);
}

/* A case on its way through qsort(), which may not keep the order. */
struct entry {
	struct rep_case *item;
	size_t order;
};

static int compare_entries(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;
	int order = rep_id_compare(a->item->id, b->item->id);

	if (order != 0)
		return order;
	return a->order < b->order ? -1 : 1;
}

/* Sorts by id; of one id, in the order of before. False: no memory. */
static bool sort_cases(struct rep_case **cases, size_t num)
{
	struct entry *entries = calloc(num + 1, sizeof(*entries));

	if (entries == NULL)
		return false;
	for (size_t i = 0; i < num; i++)
		entries[i] = (struct entry){.item = cases[i], .order = i};
	qsort(entries, num, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < num; i++)
		cases[i] = entries[i].item;
	free(entries);
	return true;
}

/* Keeps the worse of two of one id, else the first; frees the other. */
static void keep_worse(struct rep_case **kept, struct rep_case *other)
{
	if (rep_verdict_is_worse(other->verdict, (*kept)->verdict)) {
		struct rep_case *better = *kept;

		*kept = other;
		other = better;
	}
	free(other);
}

/* Appends to what is sorted so far; num is its number. */
static void append(struct rep_case **sorted, size_t *num, struct rep_case *item)
{
	if (*num > 0 && strcmp(sorted[*num - 1]->id, item->id) == 0)
		keep_worse(&sorted[*num - 1], item);
	else
		sorted[(*num)++] = item;
}

/* Weaves the sorted cases of batch into those of results. */
static void weave(struct rep_results *results, const struct rep_batch *batch,
		  struct rep_case **woven, size_t max)
{
	size_t a = 0, b = 0, num = 0;

	while (a < results->num_cases || b < batch->num_cases) {
		bool old = b == batch->num_cases ||
			   (a < results->num_cases &&
			    rep_id_compare(results->cases[a]->id,
					   batch->cases[b]->id) <= 0);

		append(woven, &num,
		       old ? results->cases[a++] : batch->cases[b++]);
	}
	free(results->cases);
	results->cases = woven;
	results->num_cases = num;
	results->max_cases = max;
}

/* Room for more headers. */
static bool grow_runs(struct rep_results *results, size_t more)
{
	size_t num = results->num_runs + more;
	struct rep_run **grown;

	if (more == 0)
		return true;
	grown = realloc(results->runs, num * sizeof(*grown));
	if (grown != NULL)
		results->runs = grown;
	return grown != NULL;
}

enum rep_status rep_results_take(struct rep_results *results,
				 struct rep_batch *batch)
{
	size_t max = results->num_cases + batch->num_cases + 1;
	struct rep_case **woven;

	if (!grow_runs(results, batch->num_runs) ||
	    !sort_cases(batch->cases, batch->num_cases))
		return REP_ERR_NOMEM;
	woven = calloc(max, sizeof(*woven));
	if (woven == NULL)
		return REP_ERR_NOMEM;
	weave(results, batch, woven, max);
	for (size_t i = 0; i < batch->num_runs; i++)
		results->runs[results->num_runs++] = batch->runs[i];
	results->num_unfinished += batch->num_unfinished;
	batch->num_cases = 0;
	batch->num_runs = 0;
	rep_batch_cleanup(batch);
	return REP_OK;
}

/* Where a case of that id is, or belongs. */
static size_t find_place(const struct rep_results *results, const char *id)
{
	size_t low = 0, high = results->num_cases;

	/* Cases mostly come in order. */
	if (high > 0 && rep_id_compare(results->cases[high - 1]->id, id) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rep_id_compare(results->cases[middle]->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool grow_cases(struct rep_results *results)
{
	size_t max = 2 * results->num_cases + 16;
	struct rep_case **grown;

	if (results->num_cases < results->max_cases)
		return true;
	grown = realloc(results->cases, max * sizeof(*grown));
	if (grown == NULL)
		return false;
	results->cases = grown;
	results->max_cases = max;
	return true;
}

enum rep_status rep_results_add(struct rep_results *results,
				const struct rep_case *result)
{
	struct rep_case *copy;
	size_t at;

	if (result->id == NULL || *result->id == '\0' ||
	    result->verdict <= REP_NONE || result->verdict >= REP_NUM_VERDICTS)
		return REP_ERR_FORMAT;
	copy = grow_cases(results) ? rep_case_copy(result) : NULL;
	if (copy == NULL)
		return REP_ERR_NOMEM;
	at = find_place(results, copy->id);
	if (at < results->num_cases &&
	    strcmp(results->cases[at]->id, copy->id) == 0) {
		keep_worse(&results->cases[at], copy);
		return REP_OK;
	}
	memmove(&results->cases[at + 1], &results->cases[at],
		(results->num_cases - at) * sizeof(struct rep_case *));
	results->cases[at] = copy;
	results->num_cases++;
	return REP_OK;
}

enum rep_status rep_results_set_run(struct rep_results *results,
				    const struct rep_run *run)
{
	struct rep_run *copy;

	if (!grow_runs(results, 1))
		return REP_ERR_NOMEM;
	copy = rep_run_copy(run);
	if (copy == NULL)
		return REP_ERR_NOMEM;
	results->runs[results->num_runs++] = copy;
	return REP_OK;
}

size_t rep_results_num(const struct rep_results *results)
{
	return results->num_cases;
}

const struct rep_case *rep_results_get(const struct rep_results *results,
				       size_t i)
{
	return results->cases[i];
}

size_t rep_results_count(const struct rep_results *results,
			 enum rep_verdict verdict)
{
	size_t num = 0;

	for (size_t i = 0; i < results->num_cases; i++)
		num += results->cases[i]->verdict == verdict;
	return num;
}

size_t rep_results_num_played(const struct rep_results *results)
{
	return rep_results_num(results) -
	       rep_results_count(results, REP_UNIMPLEMENTED) -
	       rep_results_count(results, REP_SKIP);
}

size_t rep_results_num_runs(const struct rep_results *results)
{
	return results->num_runs;
}

const struct rep_run *rep_results_run(const struct rep_results *results,
				      size_t i)
{
	return results->runs[i];
}

size_t rep_results_num_unfinished(const struct rep_results *results)
{
	return results->num_unfinished;
}

void rep_results_set_unfinished(struct rep_results *results)
{
	results->num_unfinished++;
}

bool rep_results_failed(const struct rep_results *results)
{
	for (size_t i = 0; i < results->num_cases; i++)
		if (rep_verdict_is_bad(results->cases[i]->verdict))
			return true;
	return results->num_unfinished > 0;
}
