/* SPDX-License-Identifier: Apache-2.0 */
/* times.c - time passes: to the edges of the timers, and a tick around */
#include "mutator.h"
#include "mutator/work.h"

/* Seconds: states of TCP, UDP, ICMP, children, reassembly, error rates. */
static const uint32_t edges[] = {1,  6,   10,  20,  30,  60,
				 90, 120, 180, 300, 900, 1800};

uint64_t times_edge(struct work *w)
{
	const struct place *place = w->world.place;
	uint64_t s = RNG_PICK(&w->rng, edges);
	uint64_t ns;

	if (place != NULL && rng_one_in(&w->rng, 2)) {
		const uint32_t set[] = {
			place->config->timeout_tcp,
			place->config->timeout_tcp_fin,
			place->config->timeout_udp,
		};
		const uint32_t one = RNG_PICK(&w->rng, set);

		/* A user may set days; a capture has room for them. */
		if (one != 0 && one < 1000000)
			s = one;
	}
	ns = s * NS_PER_S;
	switch (rng_below(&w->rng, 6)) {
	case 0:
		return ns - NS_PER_TICK;
	case 1:
		return ns + NS_PER_TICK;
	case 2:
		return ns - 1;
	case 3: /* leaves time for something more before the edge */
		return ns - rng_below(&w->rng, 5) * NS_PER_S -
		       (s > 8 ? NS_PER_S : 0);
	default:
		return ns;
	}
}

/* The route cache goes, and what was counted with it (CORE-RICMP-05). */
#define FLUSH (600 * NS_PER_S)

/* Until shortly before that, or a little behind. */
static uint64_t until_flush(struct work *w)
{
	const uint64_t up = w->world.place->config->uptime + w->world.now;
	const uint64_t to = FLUSH - up % FLUSH;
	const uint64_t early = rng_below(&w->rng, 4) * NS_PER_S;

	return to > early ? to - early : to;
}

void times_pass(struct work *w)
{
	struct world *world = &w->world;
	uint64_t to = times_edge(w);
	const struct masq_entry_info *e;

	/* To where an entry's timer fires, rather than blindly. */
	e = rng_one_in(&w->rng, 2) ? world_pick(w) : NULL;
	if (e != NULL && e->armed && e->expires > 0 && e->expires < 1000000)
		to = (uint64_t)(e->expires - 1 + rng_below(&w->rng, 3)) *
		     NS_PER_TICK;
	else if (rng_one_in(&w->rng, 16))
		to = until_flush(w);
	world_reach(w, world->now + to);
}

bool mutate_wait(struct work *w)
{
	times_pass(w);
	/* The packets that follow the cut come after that. */
	if (w->cut < w->num && w->packets[w->cut].now < w->world.now)
		list_shift(w, w->cut,
			   (int64_t)(w->world.now - w->packets[w->cut].now));
	return true;
}

bool mutate_step(struct work *w)
{
	unsigned int at;
	uint64_t before;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	before = at != 0 ? w->packets[at - 1].now : 0;
	switch (rng_below(&w->rng, 5)) {
	case 0:
		list_shift(w, at, -(int64_t)times_edge(w));
		break;
	case 1: /* exactly so long after the one before it */
		list_shift(w, at,
			   (int64_t)(before + times_edge(w)) -
				   (int64_t)w->packets[at].now);
		break;
	case 2: /* a tick more or less, or some of one */
		list_shift(w, at,
			   (int64_t)rng_below(&w->rng, 4 * NS_PER_TICK) -
				   (int64_t)(2 * NS_PER_TICK));
		break;
	default:
		list_shift(w, at, (int64_t)times_edge(w));
		break;
	}
	return true;
}
