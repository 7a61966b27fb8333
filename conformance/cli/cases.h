/* SPDX-License-Identifier: Apache-2.0 */
/* cases.h - the options that say which cases, shared by several commands */
#ifndef MASQCHECK_CASES_H
#define MASQCHECK_CASES_H

#include "cli.h"
#include "conformance/suite.h"

struct cli_cases {
	/* From the command line. */
	const char *dir; /* --cases, or NULL */
	const char **patterns;
	size_t num_patterns;
	const char *level; /* --level, or NULL */
	const char **skips;
	size_t num_skips;
	/* Filled in by cli_cases_load(). */
	struct conf_suite suite;
	const struct conf_suite_case **selected; /* sorted by id */
	size_t num_selected;
	char *path; /* the folder that was read */
};

/* For struct argp_child; its input is a struct cli_cases. */
extern const struct argp cli_cases_argp;

/* Does the name end as that of a case or a capture does? */
bool cli_cases_is_file(const char *name);

/* Takes an argument as a pattern. */
bool cli_cases_pattern(struct cli_cases *cases, const char *pattern);

/*
 * Reads the cases and selects. all: even those that no pattern selects are
 * read. Prints what is wrong.
 */
enum cli_exit cli_cases_load(struct cli_cases *cases, bool all);
void cli_cases_cleanup(struct cli_cases *cases);

#endif /* MASQCHECK_CASES_H */
