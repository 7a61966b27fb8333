/* SPDX-License-Identifier: Apache-2.0 */
/*
 * router.c - the router's life and its clock
 *
 * Time is a parameter. It moves in ticks of 10 ms: before a packet is
 * looked at, everything that was due up to its tick happens, in the order
 * of ticks. Boot lies `uptime` before the first call.
 */
#include <stdlib.h>
#include <string.h>

#include "router/router.h"

/* The route cache, and the ICMP buckets with it, go every 600 s. */
#define FLUSH_TICKS 60000u

/* Room behind the largest datagram for a header that is being made. */
#define OCTETS_SIZE (IP_MAX_LEN + 1u + 128u)

enum masq_status router_init(struct router *r, const struct masq_config *config,
			     const struct nat_ops *nat, void *nat_ctx,
			     struct masq_stats *stats)
{
	r->config = *config;
	r->nat = nat;
	r->nat_ctx = nat_ctx;
	r->stats = stats;
	r->reasm = reasm_new();
	r->rate = rate_new(config->max_destinations);
	r->pkt_octets = calloc(3, OCTETS_SIZE);
	if (r->reasm == NULL || r->rate == NULL || r->pkt_octets == NULL) {
		router_cleanup(r);
		return MASQ_ERR_NOMEM;
	}
	router_attach(r);
	r->own_octets = r->pkt_octets + OCTETS_SIZE;
	r->piece_octets = r->own_octets + OCTETS_SIZE;
	router_reset(r);
	return MASQ_OK;
}

void router_cleanup(struct router *r)
{
	reasm_free(r->reasm);
	rate_free(r->rate);
	free(r->pkt_octets);
	r->reasm = NULL;
	r->rate = NULL;
	r->pkt_octets = NULL;
}

void router_reset(struct router *r)
{
	/* The same work again for the same packets: no route is remembered. */
	memset(r->routes, 0, sizeof(r->routes));
	r->before_len = 0;
	reasm_reset(r->reasm);
	rate_reset(r->rate);
	neighbours_reset(&r->neighbours);
	r->has_started = false;
	r->now = r->tick = r->tick_base = r->next_flush = 0;
	r->always_defrag = r->config.always_defrag;
	r->ip_id = 0;
	r->ethernet = r->config.num_neighbours != 0;
}

static uint64_t tick_of(const struct router *r, uint64_t now)
{
	return now / TICK_NS - r->tick_base;
}

static void expire_datagrams(struct router *r)
{
	bool has_first;

	while (reasm_expire(r->reasm, r->tick, &r->pkt, &has_first)) {
		if (has_first)
			router_error(r, &r->pkt, ICMP_TIME_EXCEEDED, 1, 0);
	}
}

/* Does what is due at one tick, with the clock set to it. */
static void run_tick(struct router *r, uint64_t tick)
{
	r->tick = tick;
	r->now = (tick + r->tick_base) * TICK_NS;
	if (tick >= r->next_flush) {
		rate_reset(r->rate);
		r->next_flush = tick - tick % FLUSH_TICKS + FLUSH_TICKS;
	}
	r->nat->tick(r->nat_ctx, tick);
	r->pkt = (struct masq_pkt){
		.buf = {.data = r->pkt_octets, .cap = IP_MAX_LEN},
	};
	expire_datagrams(r);
}

void router_advance(struct router *r, uint64_t now)
{
	uint64_t target, next;

	if (!r->has_started) {
		r->has_started = true;
		r->tick_base = now / TICK_NS - r->config.uptime / TICK_NS;
		r->tick = tick_of(r, now);
		r->next_flush = r->tick - r->tick % FLUSH_TICKS + FLUSH_TICKS;
	}
	if (now < r->now)
		now = r->now;
	target = tick_of(r, now);
	if (target == r->tick) {
		/* Whatever was due at this tick has happened. */
		r->now = now;
		return;
	}
	for (;;) {
		uint64_t due = reasm_next(r->reasm);

		next = r->nat->next(r->nat_ctx);
		if (due < next)
			next = due;
		if (next > target)
			break;
		run_tick(r, next);
	}
	if (target >= r->next_flush)
		run_tick(r, target);
	r->tick = target;
	r->now = now;
}
