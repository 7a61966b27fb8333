/* SPDX-License-Identifier: Apache-2.0 */
/*
 * octets.h - streams of TCP as sender and receiver see them
 *
 * Remembers, for a few streams and a window of each, which octet was at
 * which number. A sender may change its mind; from then on nothing is said
 * of its stream.
 */
#ifndef FUZZ_OCTETS_H
#define FUZZ_OCTETS_H

#include "conformance/engine.h"

struct fuzz_octets;

/* Room is taken once. NULL without memory. */
struct fuzz_octets *fuzz_octets_new(void);
void fuzz_octets_reset(struct fuzz_octets *octets);

/*
 * A mapping has gone, and with it what it knew of its streams: their octets may
 * get other numbers now. Which mapping, nobody knows. What comes next in a
 * stream, far from what came first, says nothing: it may be the same mapping's.
 */
void fuzz_octets_forget(struct fuzz_octets *octets);

/*
 * A segment arrived, and one result of it left by the other side. False: the
 * receiver got another octet than before at a number, and *out_number is it.
 */
bool fuzz_octets_pair(struct fuzz_octets *octets,
		      const struct conf_packet *stimulus,
		      const struct conf_packet *result, uint32_t *out_number);

/*
 * A segment arrived, and nobody can tell what became of it: from now on nothing
 * is said of its stream. A fragment may be of any: all octets are forgotten.
 */
void fuzz_octets_lose(struct fuzz_octets *octets,
		      const struct conf_packet *stimulus);

#endif /* FUZZ_OCTETS_H */
