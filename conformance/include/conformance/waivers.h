/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waivers.h - classes of differences that are known and accepted
 *
 *   # a comment
 *   CLASS-GLOB [ENGINE-GLOB]  reason
 *
 * The brackets are part of the line; without them any engine is meant. The
 * engine is the address of either side.
 */
#ifndef CONFORMANCE_WAIVERS_H
#define CONFORMANCE_WAIVERS_H

#include "conformance/suite.h"

struct conf_waiver {
	const char *name; /* glob of the class */
	char *engine;     /* owned; NULL = any */
	const char *reason;
	unsigned int line;
	uint64_t num_waived;
};

struct conf_waivers {
	struct conf_baseline file; /* has the texts */
	struct conf_waiver *items;
	size_t num;
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
const struct conf_waiver *conf_waivers_match(struct conf_waivers *waivers,
					     const char *name,
					     const char *expected,
					     const char *actual);

#endif /* CONFORMANCE_WAIVERS_H */
