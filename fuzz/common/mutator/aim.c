/* SPDX-License-Identifier: Apache-2.0 */
/* aim.c - new associations, and packets for those that are there */
#include "mutator.h"
#include "mutator/work.h"

static uint8_t reply_of(uint8_t query)
{
	return query == 8 ? 0 : (uint8_t)(query + 1);
}

static bool ping(struct work *w, uint32_t src, uint32_t dst, uint8_t type,
		 uint8_t code, uint16_t id, enum conf_side side)
{
	const uint32_t rest = (uint32_t)id << 16 | rng_below(&w->rng, 4);
	const uint32_t len = value_payload(w);

	return emit(w, side,
		    build_icmp(w, src, dst, type, code, rest, w->text, len));
}

/* ---- from outside ---------------------------------------------------- */

/* Who may send to the entry; what is open is filled in. */
static struct ends sender_of(struct work *w, const struct masq_entry_info *e)
{
	static const uint16_t ports[] = {20, 7000, 7001, 4000, 1154, 2003};
	struct ends ends = {
		.src = e->peer_addr,
		.sport = e->peer_port,
		.dst = e->masq_addr,
		.dport = e->masq_port,
	};
	const bool is_loose = (e->flags & MASQ_DLOOSE) != 0 &&
			      rng_one_in(&w->rng, 2);

	if ((e->flags & MASQ_NO_DADDR) != 0 || is_loose)
		ends.src = value_peer(w);
	if ((e->flags & MASQ_NO_DPORT) != 0 || is_loose)
		ends.sport = RNG_PICK(&w->rng, ports);
	/* Somebody else, who may not. */
	switch (rng_below(&w->rng, 16)) {
	case 0:
		ends.src = value_peer(w);
		break;
	case 1:
		ends.sport++;
		break;
	case 2:
		ends.src = value_any_addr(w);
		ends.sport = value_odd_port(w);
		break;
	default:
		break;
	}
	return ends;
}

static bool inbound_tcp(struct work *w, const struct masq_entry_info *e,
			const struct ends *ends)
{
	struct conn *c = conns_find(&w->world, e->inside_addr, e->inside_port,
				    ends->src, ends->sport);

	if (c == NULL || !c->has_m || c->mp != ends->dport)
		return tcp_accept(w, ends->dst, ends->dport, ends->src,
				  ends->sport) != NULL;
	return tcp_send(w, c, false, F_PSH | F_ACK, w->text, value_payload(w));
}

static bool inbound(struct work *w, const struct masq_entry_info *e)
{
	const struct ends ends = sender_of(w, e);
	const uint32_t len = value_payload(w);

	switch (e->proto) {
	case IPP_TCP:
		return inbound_tcp(w, e, &ends);
	case IPP_UDP:
		return emit(w, CONF_OUTSIDE, build_udp(w, &ends, w->text, len));
	default:
		return ping(w, ends.src, ends.dst,
			    reply_of((uint8_t)e->peer_port),
			    (uint8_t)(e->peer_port >> 8), e->masq_port,
			    CONF_OUTSIDE);
	}
}

/* Several clients come to a forwarded port, in turn to its servers. */
static bool forwarded(struct work *w)
{
	const struct masq_config *c = w->world.place->config;
	const struct masq_portfw *p =
		&c->portfw[rng_below(&w->rng, c->num_portfw)];
	struct ends ends = {.dst = p->local_addr, .dport = p->local_port};

	for (uint32_t i = 1 + rng_below(&w->rng, 4); i != 0; i--) {
		ends.src = value_peer(w);
		ends.sport = value_port(w);
		if (p->proto == IPP_TCP)
			(void)tcp_accept(w, ends.dst, ends.dport, ends.src,
					 ends.sport);
		else
			emit(w, CONF_OUTSIDE,
			     build_udp(w, &ends, w->text, value_payload(w)));
	}
	return true;
}

/* A port that nobody asked for. */
static bool unasked(struct work *w)
{
	const struct ends ends = {
		.src = value_peer(w),
		.sport = value_port(w),
		.dst = w->world.place->config->outside.addr,
		.dport = value_odd_port(w),
	};

	if (rng_one_in(&w->rng, 2))
		return tcp_accept(w, ends.dst, ends.dport, ends.src,
				  ends.sport) != NULL;
	return emit(w, CONF_OUTSIDE,
		    build_udp(w, &ends, w->text, value_payload(w)));
}

bool mutate_aim(struct work *w)
{
	const struct masq_config *c = w->world.place->config;
	const struct masq_entry_info *e = world_pick(w);

	if (c->num_portfw != 0 && (e == NULL || rng_one_in(&w->rng, 4)))
		return forwarded(w);
	if (e == NULL || rng_one_in(&w->rng, 32))
		return unasked(w);
	return inbound(w, e);
}

/* ---- from inside ----------------------------------------------------- */

static bool outbound(struct work *w, const struct masq_entry_info *e)
{
	struct ends ends = {
		.src = e->inside_addr,
		.sport = e->inside_port,
		.dst = e->peer_addr,
		.dport = e->peer_port,
	};
	struct conn *c;

	if ((e->flags & MASQ_NO_SPORT) != 0)
		ends.sport = value_port(w);
	if ((e->flags & MASQ_NO_DADDR) != 0 && ends.dst == 0)
		ends.dst = value_peer(w);
	if ((e->flags & MASQ_NO_DPORT) != 0)
		ends.dport = value_odd_port(w);
	/* Another peer: does the mapping follow? */
	if (rng_one_in(&w->rng, 8))
		ends.dport++;
	if (rng_one_in(&w->rng, 8))
		ends.dst = value_peer(w);
	if (e->proto == IPP_ICMP)
		return ping(w, ends.src, ends.dst, (uint8_t)e->peer_port,
			    (uint8_t)(e->peer_port >> 8), ends.sport,
			    CONF_INSIDE);
	if (e->proto == IPP_UDP)
		return emit(w, CONF_INSIDE,
			    build_udp(w, &ends, w->text, value_payload(w)));
	c = conns_find(&w->world, ends.src, ends.sport, ends.dst, ends.dport);
	if (c == NULL)
		return tcp_open(w, ends.src, ends.sport, ends.dst,
				ends.dport) != NULL;
	return tcp_send(w, c, true, F_PSH | F_ACK, w->text, value_payload(w));
}

bool mutate_reply(struct work *w)
{
	const struct masq_entry_info *e = world_pick(w);

	return e != NULL && outbound(w, e);
}

/* The same hosts and ports meet often, so that entries are used again. */
bool mutate_open(struct work *w)
{
	static const uint8_t queries[] = {8, 8, 8, 13, 15, 17, 0, 10};
	static const uint16_t services[] = {53, 80, 7000, 7001, 123};
	const struct masq_entry_info *e = world_pick(w);
	struct ends ends = {
		.src = value_inside(w),
		.sport = value_port(w),
		.dst = value_peer(w),
		.dport = RNG_PICK(&w->rng, services),
	};

	if (rng_one_in(&w->rng, 8))
		ends.dport = value_odd_port(w);
	/* Only one end differs from an entry that is there. */
	if (e != NULL && rng_one_in(&w->rng, 3)) {
		ends.src = e->inside_addr;
		ends.sport = e->inside_port;
		if (rng_one_in(&w->rng, 2))
			ends.dst = e->peer_addr;
	}
	switch (rng_below(&w->rng, 4)) {
	case 0:
		return ping(w, ends.src, ends.dst, RNG_PICK(&w->rng, queries),
			    rng_one_in(&w->rng, 4),
			    (uint16_t)(1 + rng_below(&w->rng, 4)), CONF_INSIDE);
	case 1:
		return tcp_open(w, ends.src, ends.sport, ends.dst,
				ends.dport) != NULL;
	default:
		return emit(w, CONF_INSIDE,
			    build_udp(w, &ends, w->text, value_payload(w)));
	}
}

/* ---- children -------------------------------------------------------- */

bool aim_follow(struct work *w, const struct masq_entry_info *entry)
{
	/* Playing makes a new list. */
	const struct masq_entry_info e = *entry;

	if ((e.flags & MASQ_NO_SPORT) != 0 || rng_one_in(&w->rng, 4))
		return outbound(w, &e);
	return inbound(w, &e);
}

bool mutate_follow(struct work *w)
{
	const struct masq_entry_info *e = world_pick_child(w);

	if (e == NULL)
		return false;
	for (uint32_t i = 1 + rng_below(&w->rng, 3); i != 0; i--) {
		if (!aim_follow(w, e))
			return false;
		e = world_pick_child(w);
		if (e == NULL)
			break;
	}
	return true;
}
