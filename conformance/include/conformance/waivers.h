/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waivers.h - classes of differences that are known and accepted
 *
 *   # a comment
 *   CLASS [ENGINE-GLOB] {INPUT-GLOB}  reason
 *
 * Brackets and braces are part of the line; without them any engine and any
 * input is meant. CLASS is a glob of "extra-packet" or, narrower, of
 * "extra-packet:own-reset": a class and a kind of packet. The engine is the
 * address of either side, and the line is read from its side: what it sent
 * and the other did not is an extra-packet, whichever was expected. The input
 * is the id of a case or the name of a capture.
 *
 * The waivers for a kind of engine, its peer profile, are files of this form
 * in conformance/engines/peers.
 */
#ifndef CONFORMANCE_WAIVERS_H
#define CONFORMANCE_WAIVERS_H

#include "conformance/equivalence.h"
#include "conformance/suite.h"

struct conf_waiver {
	const char *name;     /* glob of the class */
	char *engine, *input; /* globs, owned; NULL = any */
	const char *reason;
	unsigned int line;
	uint64_t num_waived;
};

struct conf_waivers {
	struct conf_baseline file; /* has the texts */
	struct conf_waiver *items;
	size_t num;
};

/* Where a difference was. */
struct conf_waiver_scope {
	const char *expected, *actual; /* addresses of engines */
	const char *input;             /* NULL: it has no name */
};

/*
 * Error has file, line, and what was expected. All zero octets are an empty
 * list.
 */
enum conf_status conf_waivers_read(struct conf_waivers *waivers,
				   const char *path,
				   char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
void conf_waivers_cleanup(struct conf_waivers *waivers);

/* The first that fits, counted; NULL if there is none. */
const struct conf_waiver *conf_waivers_match(
	struct conf_waivers *waivers, const struct conf_divergence *divergence,
	const struct conf_waiver_scope *scope);

#endif /* CONFORMANCE_WAIVERS_H */
