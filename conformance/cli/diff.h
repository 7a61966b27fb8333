/* SPDX-License-Identifier: Apache-2.0 */
/* diff.h - two engines, fed the same stimuli and compared */
#ifndef MASQCHECK_DIFF_H
#define MASQCHECK_DIFF_H

#include "check.h"
#include "cli.h"
#include "conformance/compare.h"
#include "conformance/registry.h"
#include "conformance/stream.h"
#include "reports/term.h"

/* One of the two, and what it sent for the current stimulus. */
struct cli_party {
	struct conf_engine engine;
	struct conf_results results;
	struct cli_check check; /* open if that is wanted */
};

struct cli_diff {
	/* The caller's. */
	struct cli_party expected, actual;
	struct cap_reader *reader; /* the stimuli */
	struct conf_rules rules;
	struct rep_term term; /* stdout */
	uint64_t max_reports; /* differences to be printed */
	bool compare_table;   /* at the end */
	/* What happened. */
	struct conf_stream stream;
	uint64_t num_stimuli;   /* compared */
	uint64_t num_results;   /* expected ones, compared */
	uint64_t num_different; /* stimuli with a difference */
	uint64_t first_number;  /* packet number of the first one; 0 = end */
	bool table_differs;
};

/* Runs both to the end of the stimuli. Prints differences and a verdict. */
enum cli_exit cli_diff_run(struct cli_diff *diff);
void cli_diff_cleanup(struct cli_diff *diff);

/* The printing: one difference; event NULL = after the last stimulus. */
void cli_diff_print(const struct cli_diff *diff, const struct conf_event *event,
		    enum conf_verdict verdict, size_t index);

/* Compares the tables line by line and prints; false if that failed. */
bool cli_diff_table(struct cli_diff *diff);

#endif /* MASQCHECK_DIFF_H */
