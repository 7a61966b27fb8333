/* SPDX-License-Identifier: Apache-2.0 */
/* diff.h - two engines, fed the same stimuli and compared */
#ifndef MASQCHECK_DIFF_H
#define MASQCHECK_DIFF_H

#include "check.h"
#include "cli.h"
#include "conformance/equivalence.h"
#include "conformance/registry.h"
#include "conformance/stream.h"
#include "conformance/waivers.h"
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
	uint64_t lag;         /* ns that a result may be late */
	bool compare_table;   /* at the end */
	bool all;             /* not only the first difference of a flow */
	bool json;            /* the output is one JSON object */
	struct conf_equivalence *equivalence; /* NULL: exact; owned */
	struct conf_waivers waivers;          /* owned */
	/* What happened. */
	struct conf_stream stream;
	uint64_t num_stimuli;   /* compared */
	uint64_t num_results;   /* expected ones, compared */
	uint64_t num_different; /* stimuli with a difference */
	uint64_t num_shown;     /* differences that were printed */
	uint64_t first_number;  /* packet number of the first one; 0 = end */
	bool table_differs;
	uint64_t num_waived; /* stimuli with a difference that is waived */
	struct cli_diff_json *record; /* what --json will print */
};

/* A difference, to be shown. */
struct cli_difference {
	const struct conf_event *event; /* NULL = after the last stimulus */
	enum conf_verdict verdict;
	size_t index; /* of the result */
	const struct conf_results *expected, *actual;
	const struct conf_divergence *divergence; /* NULL: exact */
};

/* Runs both to the end of the stimuli. Prints differences and a verdict. */
enum cli_exit cli_diff_run(struct cli_diff *diff);
void cli_diff_cleanup(struct cli_diff *diff);

/* The printing of one difference. */
void cli_diff_print(const struct cli_diff *diff,
		    const struct cli_difference *difference);

/* The map of names, as a table (diff_map.c). */
void cli_diff_map(const struct cli_diff *diff);
/* Waivers that were used, and those that were not. */
void cli_diff_waivers(const struct cli_diff *diff);

/* --json (diff_json.c): notes a difference; prints all at the end. */
bool cli_diff_json_add(struct cli_diff *diff,
		       const struct cli_difference *difference);
bool cli_diff_json_print(struct cli_diff *diff);
void cli_diff_json_free(struct cli_diff *diff);

/* Compares the tables line by line and prints; false if that failed. */
bool cli_diff_table(struct cli_diff *diff);

#endif /* MASQCHECK_DIFF_H */
