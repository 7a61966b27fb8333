/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nag.c - the same packet again and again: what the router counts
 *
 * Errors are sent as long as there are tokens, redirects ever more seldom and
 * nine times at most, and both are counted for each route. It takes many
 * packets of one kind, in the right rhythm, then one that is a little
 * different.
 */
#include "mutator.h"
#include "mutator/work.h"

/* A packet that the router has something to say about. */
static uint32_t annoying(struct work *w, enum conf_side *out_side)
{
	struct ends ends = {
		.src = value_inside(w),
		.sport = value_port(w),
		.dst = value_peer(w),
		.dport = value_odd_port(w),
	};
	struct masq_buf b = {.data = w->scratch, .cap = MAX_PACKET};
	const uint32_t what = rng_below(&w->rng, 3);

	*out_side = CONF_INSIDE;
	if (what == 0) { /* there is a shorter way */
		ends.dst = value_inside(w);
	} else if (what == 1) { /* nobody listens there */
		*out_side = CONF_OUTSIDE;
		ends.src = value_peer(w);
		ends.dst = w->world.place->config->outside.addr;
	}
	b.len = build_udp(w, &ends, NULL, 0);
	if (what == 2) /* it has come too far */
		masq_put8(&b, 8, 1);
	sums_repair(b.data, b.len);
	return b.len;
}

/* Somebody else, somebody else's, of another kind, or from elsewhere. */
static void vary(struct work *w, uint32_t len, enum conf_side *side)
{
	struct masq_buf b = {.data = w->scratch, .len = len, .cap = MAX_PACKET};
	static const uint8_t kinds[] = {0, 1, 2, 8, 16, 30, 32, 255};

	switch (rng_below(&w->rng, 4)) {
	case 0:
		masq_put32(&b, 12, value_any_addr(w));
		break;
	case 1:
		masq_put32(&b, 16, value_any_addr(w));
		break;
	case 2:
		masq_put8(&b, 1, RNG_PICK(&w->rng, kinds));
		break;
	default:
		*side = *side == CONF_INSIDE ? CONF_OUTSIDE : CONF_INSIDE;
		break;
	}
	sums_repair(b.data, b.len);
}

/* From one packet to the next, in ticks; num came before. */
static uint64_t pause(struct work *w, uint32_t rhythm, uint32_t num)
{
	switch (rhythm) {
	case 0:
		return 0;
	case 1: /* what an error costs */
		return 100;
	case 2: /* a redirect waits twice as long as the last one */
		return (UINT64_C(4) << num % 16) + 1;
	default:
		return rng_below(&w->rng, 120);
	}
}

bool mutate_nag(struct work *w)
{
	const uint32_t times = 4 + rng_below(&w->rng, 10);
	const uint32_t rhythm = rng_below(&w->rng, 4);
	enum conf_side side;
	uint32_t len;

	if (w->cut != 0 && rng_one_in(&w->rng, 2)) {
		const unsigned int at = rng_below(&w->rng, w->cut);

		side = w->packets[at].side;
		len = list_load(w, at);
	} else {
		len = annoying(w, &side);
	}
	if (rng_one_in(&w->rng, 4))
		times_pass(w);
	for (uint32_t i = 0; i < times; i++) {
		if (i != 0)
			world_reach(w, w->world.now + pause(w, rhythm, i - 1) *
							      NS_PER_TICK);
		if (i + 2 >= times && len >= IP_HEADER &&
		    rng_one_in(&w->rng, 3))
			vary(w, len, &side);
		if (!emit_now(w, side, len))
			return i != 0;
	}
	return true;
}
