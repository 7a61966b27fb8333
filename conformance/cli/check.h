/* SPDX-License-Identifier: Apache-2.0 */
/* check.h - the invariants, checked beside an engine (--check) */
#ifndef MASQCHECK_CHECK_H
#define MASQCHECK_CHECK_H

#include "cli.h"
#include "conformance/invariants.h"
#include "conformance/results.h"
#include "conformance/stream.h"

struct cli_check {
	struct conf_checker *checker; /* NULL: not wanted */
	const char *address;          /* of the engine */
	const struct conf_event *event;
	uint64_t max_reports; /* violations to be printed */
	uint64_t num;         /* violations */
};

/*
 * Starts to check the engine at address, a router with these settings.
 * False without memory, said so.
 */
bool cli_check_open(struct cli_check *check,
		    const struct conf_settings *settings, const char *address,
		    uint64_t max_reports);
void cli_check_close(struct cli_check *check);

/* The results of a stimulus, or (NULL) of time up to now. Prints. */
void cli_check_step(struct cli_check *check, const struct conf_event *event,
		    uint64_t now, const struct conf_results *results);

/* Prints how many there were; CLI_DIFFERENT if there was one. */
enum cli_exit cli_check_finish(const struct cli_check *check);

/* "masqcheck help invariants" */
void cli_help_invariants(FILE *stream);

#endif /* MASQCHECK_CHECK_H */
