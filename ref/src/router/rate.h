/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rate.h - how often the router complains to whom (CORE-RICMP-05)
 *
 * Linux 2.2 keeps the tokens in its route cache, one bucket for each route:
 * destination, source and TOS, and for redirects the input side. The cache
 * is flushed every 600 s, and the buckets with it.
 */
#ifndef MASQ_ROUTER_RATE_H
#define MASQ_ROUTER_RATE_H

#include <stddef.h>

#include "masq/masq.h"

struct rate_table;

struct rate_key {
	uint32_t daddr, saddr;
	uint8_t tos;
	uint8_t in; /* 0 = a route for what the router itself sends */
};

/*
 * num_slots is rounded up to a power of two. When all are in use, the bucket
 * used longest ago makes room for another one. NULL without memory.
 */
struct rate_table *rate_new(uint32_t num_slots);
void rate_free(struct rate_table *t);
void rate_reset(struct rate_table *t);
size_t rate_cost(const struct rate_table *t);

/* May an ICMP error be sent now? Takes the tokens if so. */
bool rate_allow_error(struct rate_table *t, const struct rate_key *key,
		      uint64_t tick);

/*
 * An echo reply was sent that way: its rate is unlimited, so its bucket
 * holds nothing, and what it shares with the errors is emptied
 * (CORE-VER-15; capture v26-echo-reply-local).
 */
void rate_drain(struct rate_table *t, const struct rate_key *key,
		uint64_t tick);

/* May a redirect be sent now? Counts it if so. */
bool rate_allow_redirect(struct rate_table *t, const struct rate_key *key,
			 uint64_t tick);

#endif /* MASQ_ROUTER_RATE_H */
