/* SPDX-License-Identifier: Apache-2.0 */
/* diff.h - two engines, fed the same stimuli and compared */
#ifndef MASQCHECK_DIFF_H
#define MASQCHECK_DIFF_H

#include "cases.h"
#include "check.h"
#include "config.h"
#include "conformance/equivalence.h"
#include "conformance/registry.h"
#include "conformance/stream.h"
#include "conformance/waivers.h"
#include "reports/term.h"
#include "run/evidence.h"

/* The command line. */
struct diff_options {
	struct cli_config config;
	struct cli_cases cases; /* patterns of ids among the inputs */
	const char *address[2];
	unsigned int num_addresses;
	const char *input;
	const char **files; /* inputs that are files and folders */
	size_t num_files;
	uint64_t max_reports;
	uint64_t max_violations;
	const char *waivers;
	bool has_max, all, json, no_profile;
	bool exact, strict_ids, table, check;
};

/* One of the two, and what it sent for the current stimulus. */
struct cli_party {
	struct conf_engine engine;
	struct conf_results results;
	struct cli_check check; /* open if that is wanted */
};

struct cli_diff {
	/* The caller's. */
	struct cli_party expected, actual;
	struct cap_reader *reader;         /* the stimuli */
	const struct run_evidence *played; /* or those of a case */
	const char *input;                 /* what they are called, or NULL */
	bool is_one_of_many;               /* no progress, no map */
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
	size_t at;              /* in played */
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

/*
 * Opens both engines (diff_open.c). CLI_NOTHING: one of them cannot run on
 * this machine. Prints what is wrong.
 */
enum cli_exit cli_diff_open(struct cli_diff *diff,
			    const struct diff_options *options,
			    const struct conf_config *config,
			    const struct conf_settings *settings);
/* What is expected, as an index of the addresses. */
unsigned int cli_diff_expected(const struct diff_options *options);
/* Rules and the map of names: what one comparison needs. */
enum cli_exit cli_diff_begin(struct cli_diff *diff,
			     const struct diff_options *options,
			     const struct conf_settings *settings);
/* --waive, or the peer profile of an engine that is held against ref. */
enum cli_exit cli_diff_read_waivers(struct cli_diff *diff,
				    const struct diff_options *options);

/* Many inputs, one after the other (diff_many.c). */
enum cli_exit cli_diff_many(struct diff_options *options);

/* Runs both to the end of the stimuli, prints differences. */
enum cli_exit cli_diff_compare(struct cli_diff *diff);

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
/* The differences that were noted, taken out; for one object of many. */
struct json_t;
struct json_t *cli_diff_json_take(struct cli_diff *diff);
struct json_t *cli_diff_json_waivers(const struct cli_diff *diff);
void cli_diff_json_free(struct cli_diff *diff);

/* Compares the tables line by line and prints; false if that failed. */
bool cli_diff_table(struct cli_diff *diff);

#endif /* MASQCHECK_DIFF_H */
