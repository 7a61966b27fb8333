/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suite.h - all cases of a folder, their clauses, and which of them to run
 */
#ifndef CONFORMANCE_SUITE_H
#define CONFORMANCE_SUITE_H

#include "conformance/case.h"

/* A row of clauses.tsv. */
struct conf_clause {
	char *id, *level, *testable, *statement, *source;
};

struct conf_suite_case {
	char *id;
	struct conf_case *c;
	const char *level;    /* of the first clause; "" if not known */
	const char *sentence; /* the same */
	const char *source;
};

struct conf_suite_file {
	char *path; /* as found */
	char *stem; /* the id without axes */
	char *text;
	size_t len;
	struct conf_axes axes;
};

/* clauses.tsv and rules.tsv. */
#define CONF_NUM_TABLES 2u

struct conf_suite {
	struct conf_suite_file *files;
	size_t num_files, max_files;
	struct conf_suite_case *cases; /* sorted by id */
	size_t num_cases, max_cases;
	struct conf_clause *clauses; /* in the order of the tables */
	size_t num_clauses, max_clauses;
	const struct conf_clause **clauses_by_id; /* sorted */
	char *clause_text[CONF_NUM_TABLES];       /* what they point into */
};

/*
 * Reads all cases below dir whose id one of the patterns selects (none: all),
 * and the tables of clauses in dir, dir/clauses.tsv (RFCs) and dir/rules.tsv
 * (Linux 2.2), where they are there. CONF_ERR_CONFIG: a case or the table
 * cannot be read; error has file, line and column. CONF_ERR_ENGINE: dir.
 */
enum conf_status conf_suite_load(struct conf_suite *suite, const char *dir,
				 const char *const *patterns, size_t num,
				 char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
/* One file, whose cases have its name without .case as id. */
enum conf_status conf_suite_load_file(
	struct conf_suite *suite, const char *path,
	char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
void conf_suite_cleanup(struct conf_suite *suite);

/*
 * Does a pattern select an id? '*' is any text, '?' any character; a pattern
 * that ends before a '/' of the id selects as well.
 */
bool conf_glob(const char *pattern, const char *id);

/* The row of a clause, or NULL. */
const struct conf_clause *conf_clause_find(const struct conf_suite *suite,
					   const char *id);
/* Is it a rule id of the Linux 2.2 specification? */
bool conf_clause_is_linux22(const char *id);

/* A number of the id that is the same everywhere: for shards and seeds. */
uint64_t conf_id_hash(const char *id);

/* ---- baselines -------------------------------------------------------- */

struct conf_expectation {
	char *glob;
	char *reason;
	unsigned int line;
	size_t num_matched;
};

struct conf_baseline {
	struct conf_expectation *items;
	size_t num;
	char *path;
};

enum conf_status conf_baseline_read(struct conf_baseline *baseline,
				    const char *path,
				    char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
/* The first entry for an id, or NULL; counts the match. */
const struct conf_expectation *conf_baseline_match(
	struct conf_baseline *baseline, const char *id);
void conf_baseline_cleanup(struct conf_baseline *baseline);

#endif /* CONFORMANCE_SUITE_H */
