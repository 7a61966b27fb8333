/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach.h - did a campaign reach anything? Counts of what its inputs did
 *
 * Written as lines "name value" to the file that MASQCHECK_FUZZ_REACH names,
 * when the target ends and at most once a second before: what was counted in
 * this process only, each process its own file (".PID" is appended).
 * "cpu-ms" is what that process has cost.
 * What is "seen" is what packets tell of an engine that tells nothing itself.
 */
#ifndef FUZZ_REACH_H
#define FUZZ_REACH_H

#include <stdint.h>

/* X(identifier, "name") */
#define FUZZ_REACH(X)                                                          \
	X(EXECUTIONS, "executions")                                            \
	X(STIMULI, "stimuli")                                                  \
	X(RESULTS, "results")                                                  \
	X(MAPPINGS, "mappings-made")                                           \
	X(HOLES, "holes-opened")                                               \
	X(ERRORS, "errors-translated")                                         \
	X(TIMERS, "timers-fired")                                              \
	X(FRAGMENTS, "datagrams-reassembled")                                  \
	X(SEEN_MAPPINGS, "mappings-seen")                                      \
	X(SEEN_ANSWERS, "answers-seen")                                        \
	X(SEEN_ERRORS, "errors-seen")                                          \
	X(SEEN_FRAGMENTS, "datagrams-seen")

enum fuzz_reach {
#define FUZZ_REACH_ENUM(identifier, name) FUZZ_REACH_##identifier,
	FUZZ_REACH(FUZZ_REACH_ENUM)
#undef FUZZ_REACH_ENUM
	FUZZ_REACH_NUM
};

void fuzz_reach_add(enum fuzz_reach what, uint64_t num);
/* Writes the file if it is time to, or now. */
void fuzz_reach_tick(void);
void fuzz_reach_write(void);

#endif /* FUZZ_REACH_H */
