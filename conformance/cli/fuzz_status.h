/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_status.h - how a fuzzer says how far it has come */
#ifndef MASQCHECK_FUZZ_STATUS_H
#define MASQCHECK_FUZZ_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuzz_status {
	uint64_t executions;
	uint64_t coverage; /* edges */
	uint64_t corpus;   /* inputs kept */
	uint64_t speed;    /* executions per second */
};

/*
 * A line of libFuzzer, "#1024 NEW cov: 3 ft: 5 corp: 2/10b ... exec/s: 9 ..."
 * or "stat::...". False: another line. What it does not say stays.
 */
bool fuzz_status_libfuzzer(struct fuzz_status *status, const char *line);
/* The file fuzzer_stats of AFL++: lines "name : value". */
bool fuzz_status_afl(struct fuzz_status *status, const char *text);

/* ---- What the inputs did ---- */

enum fuzz_reach_of {
	FUZZ_REACHED_EXECUTIONS = 0,
	FUZZ_REACHED_STIMULI,
	FUZZ_REACHED_RESULTS,
	FUZZ_REACHED_MAPPINGS,
	FUZZ_REACHED_HOLES,
	FUZZ_REACHED_ERRORS,
	FUZZ_REACHED_TIMERS,
	FUZZ_REACHED_FRAGMENTS,
	FUZZ_REACHED_SEEN_MAPPINGS,
	FUZZ_REACHED_SEEN_ANSWERS,
	FUZZ_REACHED_SEEN_ERRORS,
	FUZZ_REACHED_SEEN_FRAGMENTS,
	FUZZ_REACHED_CPU,
	FUZZ_REACHED_NUM,
};

struct fuzz_reached {
	uint64_t num[FUZZ_REACHED_NUM];
	size_t num_files;
};

/* Adds up the text of a file of lines "name value"; others are ignored. */
void fuzz_reached_add(struct fuzz_reached *reached, const char *text);
void fuzz_reached_join(struct fuzz_reached *reached,
		       const struct fuzz_reached *other);
/*
 * "1234 mappings made, ...": what the engine itself counts, or, if it is a
 * stranger's, what its packets show.
 */
void fuzz_reached_text(const struct fuzz_reached *reached, bool is_foreign,
		       char *out, size_t size);
/* Did a mapping, a helper, an error or a timer do anything, by the same? */
bool fuzz_reached_any(const struct fuzz_reached *reached, bool is_foreign);

#endif /* MASQCHECK_FUZZ_STATUS_H */
