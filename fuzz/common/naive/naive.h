/* SPDX-License-Identifier: Apache-2.0 */
/*
 * naive.h - a second, deliberately naive masquerading router
 *
 * The semantic oracle of the fuzzers: what ref:linux-2.2-fixed does, written
 * a second time from the specification alone, in the simplest way there is.
 * Tables are arrays that are searched from end to end, every checksum is made
 * from the whole packet, and each entry knows the time of its own end.
 *
 * It models less than there is. What it does not know it says, once and for
 * all: from then on the engine is at a loss and sends nothing, and whoever
 * compares stops there.
 */
#ifndef FUZZ_NAIVE_H
#define FUZZ_NAIVE_H

#include "conformance/engine.h"
#include "conformance/results.h"
#include "masq/masq.h"

extern const struct conf_engine_ops fuzz_naive_ops;

/*
 * Why the engine is at a loss: a word or two. NULL: all that it was given so
 * far is modelled. To be asked before open's first packet, too (settings),
 * and after each packet, before its results are looked at.
 */
const char *fuzz_naive_unmodelled(const void *engine);

/*
 * The entries, in no order; of an entry what masq_table_each() says of
 * addresses, ports, flags, state, time and kinship. Then the counters of free
 * ports, the next one, and datagrams held; all others are 0.
 */
void fuzz_naive_each(const void *engine, masq_each_fn *each, void *ctx);
void fuzz_naive_stats(const void *engine, struct masq_stats *out);

/*
 * Does r, one of results, go to whom the model would send it on the link? A
 * cache may have forgotten that as soon as somebody else was heard. mac: the
 * Ethernet address of who it is, zeros if nobody knows.
 */
bool fuzz_naive_is_hop(void *engine, const struct conf_results *results,
		       const struct conf_result *r, uint8_t mac[6]);

#endif /* FUZZ_NAIVE_H */
