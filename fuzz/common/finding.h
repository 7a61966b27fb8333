/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finding.h - how a target says that a property does not hold
 *
 * One line on standard error, then abort():
 *
 *     masqcheck-finding: ORACLE CLAUSE at STIMULUS: text
 *
 * ORACLE is one word: an invariant (INV-09), "differs:FIELD" as the
 * equivalence names it, "determinism", "quiescence", "roundtrip", ...;
 * CLAUSE is a rule or clause id without spaces, or "-". Findings of the same
 * oracle and clause are the same finding.
 */
#ifndef FUZZ_FINDING_H
#define FUZZ_FINDING_H

#include <stdint.h>

/*
 * It is said, and the process ends; but it returns, in silence, if the class
 * is known (MASQCHECK_FUZZ_KNOWN names a file of them: "ORACLE/CLAUSE", or
 * "ORACLE" if the clause is "-", a line each; * and ? as in a shell). Who can
 * go on behind a known finding does, to see what else there is; who cannot
 * ends the play of the input.
 *
 * stimulus: its number in the input from 1 on; 0 = behind the last.
 */
void fuzz_finding(const char *oracle, const char *clause, uint64_t stimulus,
		  const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif /* FUZZ_FINDING_H */
