/* SPDX-License-Identifier: Apache-2.0 */
/* run.h - what "masqcheck run" was asked for, and its parts */
#ifndef MASQCHECK_RUN_H
#define MASQCHECK_RUN_H

#include "cases.h"
#include "conformance/run.h"
#include "reports/progress.h"
#include "reports/result.h"

#define RUN_INTERRUPTED 130
#define RUN_NOTHING     4

struct run_options {
	struct cli_cases cases;
	const char *engine;
	const char *expect;
	const char *out;
	const char *reports[REP_NUM_FORMATS]; /* --junit FILE, ... */
	struct conf_setting *sets;            /* --set; keys are owned */
	size_t num_sets;
	unsigned int jobs, repeat, timeout;
	unsigned int shard, num_shards; /* 1-based; 0 = all */
	bool listed, has_seed, fail_fast, no_invariants, colour;
	uint64_t seed;
	enum conf_keep keep;
};

/* What is known while the cases run (run_record.c). */
struct run_record {
	const struct run_options *options;
	const struct conf_suite_case *const *order; /* as played */
	struct conf_baseline baseline;
	struct rep_store *store;
	struct rep_results *results;
	struct rep_progress progress;
	size_t num_done, num_all, num_played;
	char skipped[CONF_ERROR_SIZE]; /* why, of the first SKIP */
	bool failed;                   /* a report could not be written */
	bool bad;                      /* a case is not as expected */
};

/* Opens the store below --out. False: printed. */
bool run_record_open(struct run_record *record, char *command);
/* A case has ended: for struct conf_run. */
bool run_record_done(void *ctx, size_t index, const struct conf_outcome *o,
		     bool kept);
/* Prints and writes all reports. */
enum cli_exit run_record_close(struct run_record *record, bool interrupted);
void run_record_cleanup(struct run_record *record);

#endif /* MASQCHECK_RUN_H */
