/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sabotage.h - engines with one known fault: tests for the tests
 *
 * The engine sabotage:NAME is the reference engine with the fault NAME; the
 * profile may be named behind it, as in sabotage:NAME:linux-2.2-fixed. The
 * fault "none" is none at all: what the others are measured against. A suite
 * that does not fail on a fault does not test what the fault breaks.
 */
#ifndef CONFORMANCE_SABOTAGE_H
#define CONFORMANCE_SABOTAGE_H

#include <stddef.h>

struct conf_sabotage {
	const char *name;
	const char *rule;    /* that it breaks: ids of clauses */
	const char *text;    /* what is wrong, in one sentence */
	const char *profile; /* where the fault shows, and the default */
};

/* Called for each fault, in the order of the tables; "none" is the first. */
typedef void conf_sabotage_fn(void *ctx, const struct conf_sabotage *row);
void conf_sabotage_each(conf_sabotage_fn *fn, void *ctx);

/*
 * The profile of the reference engine behind the address "sabotage:...", for
 * those who have to know its quirks; NULL for other addresses and for faults
 * that there are not. Valid as long as the address.
 */
const char *conf_sabotage_profile(const char *address);

#endif /* CONFORMANCE_SABOTAGE_H */
