/* SPDX-License-Identifier: Apache-2.0 */
/*
 * twin.h - the reference and the naive model as one engine
 *
 * It does what the reference does, gives each stimulus to the model as well,
 * and compares: results octet for octet, and the tables. Where the model is
 * at a loss the comparison of this engine ends, until it is reset.
 */
#ifndef FUZZ_TWIN_H
#define FUZZ_TWIN_H

#include "conformance/engine.h"

extern const struct conf_engine_ops twin_ops;

struct twin_counts {
	uint64_t inputs;   /* openings and resets that saw a packet */
	uint64_t early;    /* of them: the model was at a loss */
	uint64_t stimuli;  /* compared */
	uint64_t results;  /* the same */
	uint64_t hops;     /* of them: sent to an Ethernet address */
	uint64_t passed;   /* stimuli behind such a loss */
	uint64_t disagree; /* inputs */
	/* What the reference did in all of them. */
	uint64_t mappings, holes, edits, errors;
};
extern struct twin_counts twin_counts;

/* Named in reports of disagreements, which go to standard error. */
extern const char *twin_input;

/* Stimuli of an input that are compared: tables are searched end to end. */
extern uint64_t twin_most;

/* Prints the counts, and how often which loss came. */
void twin_report(const char *what);

/*
 * Opens the reference's profile linux-2.2-fixed and the model with settings
 * and then "profile = linux-2.2-fixed".
 */

#endif /* FUZZ_TWIN_H */
