/* SPDX-License-Identifier: Apache-2.0 */
/*
 * life.c - INV-28, 55: how long mappings live
 *
 * The timers are those of Linux 2.2 (CORE-TCP-02) and of the settings. A
 * floor is the shortest that any state which the flags allow could have, a
 * ceiling the longest.
 */
#include "life.h"

#include "helpers/quirk.h"

#define TCP_SECONDS        900u /* established */
#define TCP_FIN_SECONDS    120u /* FIN_WAIT */
#define UDP_SECONDS        300u
#define ICMP_SECONDS       60u
#define LONGEST_SECONDS    1800u              /* NONE */
#define SHORTEST_SECONDS   10u                /* CLOSE */
#define TRANSITORY_SECONDS 60u                /* SYN_RECV, CLOSE_WAIT */
#define TICK               UINT64_C(10000000) /* ns */

static uint64_t ns(uint64_t seconds)
{
	return seconds * SECOND;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t tcp_seconds(const struct conf_checker *c)
{
	return c->settings.timeout_tcp != 0 ? c->settings.timeout_tcp
					    : TCP_SECONDS;
}

static uint64_t fin_seconds(const struct conf_checker *c)
{
	return c->settings.timeout_tcp_fin != 0 ? c->settings.timeout_tcp_fin
						: TCP_FIN_SECONDS;
}

static uint64_t udp_seconds(const struct conf_checker *c)
{
	return c->settings.timeout_udp != 0 ? c->settings.timeout_udp
					    : UDP_SECONDS;
}

uint64_t inv_least_floor(const struct conf_checker *c, uint8_t proto)
{
	uint64_t seconds = ICMP_SECONDS;

	if (proto == CONF_PROTO_UDP)
		seconds = udp_seconds(c);
	else if (proto == CONF_PROTO_TCP)
		seconds = least(SHORTEST_SECONDS,
				least(tcp_seconds(c), fin_seconds(c)));
	/* A packet may come late in its tick, the timer early. */
	return ns(seconds) - (seconds > 0 ? TICK : 0);
}

static uint64_t tcp_floor(const struct conf_checker *c, uint8_t tcp)
{
	uint64_t shortest = inv_least_floor(c, CONF_PROTO_TCP);
	uint64_t seconds = TRANSITORY_SECONDS;

	if ((tcp & SHADOW_BROKEN) != 0)
		return shortest;
	if ((tcp & SHADOW_FIN) != 0)
		seconds = least(seconds, fin_seconds(c));
	else if ((tcp & SHADOW_ESTABLISHED) != 0)
		seconds = tcp_seconds(c);
	else
		seconds = least(seconds, tcp_seconds(c));
	return ns(seconds) - TICK;
}

static uint64_t ceiling_of(const struct conf_checker *c,
			   const struct shadow_map *m)
{
	uint64_t seconds = LONGEST_SECONDS;
	bool immortal = m->helped;

	if (m->in.proto == CONF_PROTO_ICMP) {
		seconds = ICMP_SECONDS;
	} else if (m->in.proto == CONF_PROTO_UDP) {
		seconds = udp_seconds(c);
		immortal |= inv_excused(c, EX_37_IMMORTAL) &&
			    inv_has_helper(c, CONF_HELPER_VDOLIVE);
	} else {
		if (tcp_seconds(c) > seconds)
			seconds = tcp_seconds(c);
		if (fin_seconds(c) > seconds)
			seconds = fin_seconds(c);
		immortal |= inv_excused(c, EX_37_PINNED) &&
			    inv_has_helper(c, CONF_HELPER_IRC);
	}
	return immortal ? SHADOW_FOR_EVER : ns(seconds) + 2 * TICK;
}

/* What the flags of a segment make of what is known (CORE-TCP-01). */
static uint8_t next_tcp(const struct shadow_map *m, uint8_t flags,
			bool outbound)
{
	uint8_t tcp = m->tcp;

	if ((flags & FLAG_RST) != 0)
		return (uint8_t)((tcp & ~SHADOW_ESTABLISHED) | SHADOW_BROKEN);
	if ((flags & FLAG_SYN) != 0) {
		if (outbound && tcp == 0)
			return SHADOW_SYN_OUT;
		/* An expectation goes on listening, and then hears a SYN. */
		if (!outbound && tcp == SHADOW_SYN_OUT)
			return m->may_be_child ? tcp : SHADOW_ESTABLISHED;
		return (uint8_t)((tcp &
				  ~(SHADOW_ESTABLISHED | SHADOW_SYN_OUT)) |
				 SHADOW_BROKEN);
	}
	if ((flags & FLAG_FIN) != 0)
		return (uint8_t)((tcp & ~SHADOW_ESTABLISHED) | SHADOW_FIN);
	if ((flags & FLAG_ACK) != 0)
		return tcp;
	return (uint8_t)((tcp & ~SHADOW_ESTABLISHED) | SHADOW_BROKEN);
}

static bool is_claimant(const struct shadow_endpoint *e,
			const struct shadow_map *m)
{
	return e->claimant == m->in.peer && e->claimant_port == m->in.peer_port;
}

/* Who has claimed an external endpoint (CORE-UDP-03, CORE-OUT-06)? */
static void claim(struct conf_checker *c, const struct inv_pair *pair,
		  struct shadow_map *m)
{
	struct shadow_endpoint *e = shadow_endpoint(
		&c->shadow, false, m->in.proto, m->addr, m->port, true);

	if (e == NULL)
		return;
	e->last = c->now;
	e->ceiling = ceiling_of(c, m);
	e->other = m->in.addr;
	e->other_port = m->in.port;
	e->helped |= m->helped && m->in.proto == CONF_PROTO_UDP;
	m->helped |= e->helped;
	if (pair->direction != INV_IN)
		return;
	e->unsure |= e->claimed && !is_claimant(e, m);
	e->claimed = true;
	e->claimant = m->in.peer;
	e->claimant_port = m->in.peer_port;
}

void inv_taint(struct conf_checker *c, uint32_t addr, uint8_t proto)
{
	struct shadow_host *host = shadow_host(&c->shadow, addr, true);

	if (host != NULL) {
		host->taint = c->now + 1;
		host->udp_taint |= proto == CONF_PROTO_UDP;
	}
	if ((c->quirks & MASQ_QUIRK(FTP_ANY_HOST)) != 0 ||
	    c->settings.irc_insecure != 0)
		c->taint_all = c->now + 1;
}

void inv_live(struct conf_checker *c, const struct inv_pair *pair,
	      struct shadow_map *m)
{
	bool outbound = pair->direction == INV_OUT;

	m->helped |= pair->is_helped;
	m->refused = false;
	m->last = m->touch = c->now;
	if (m->in.proto == CONF_PROTO_TCP) {
		m->tcp = next_tcp(m, masq_get8(pair->p.ip.payload, 13),
				  outbound);
		m->floor = tcp_floor(c, m->tcp);
	} else {
		m->floor = inv_least_floor(c, m->in.proto);
	}
	claim(c, pair, m);
	m->ceiling = ceiling_of(c, m);
	if (m->helped && pair->p.ip.payload.len > 8)
		inv_taint(c, m->in.addr, m->in.proto);
}

bool inv_is_tainted(struct conf_checker *c, uint32_t addr)
{
	const struct shadow_host *host;

	if (c->settings.num_loads == 0)
		return false;
	host = shadow_host(&c->shadow, addr, false);
	return c->taint_all != 0 || (host != NULL && host->taint != 0);
}

/*
 * May a helper's newer mapping be found before this one (GEN-25), or one
 * whose peer it has moved (QUAKE-04)?
 */
static bool may_be_hidden(struct conf_checker *c, const struct shadow_map *m)
{
	return m->in.proto == CONF_PROTO_UDP && inv_excused(c, EX_11_CHILD) &&
	       (inv_excused(c, EX_11_WILD) || inv_excused(c, EX_05_LOOSE) ||
		inv_has_helper(c, CONF_HELPER_QUAKE)) &&
	       inv_is_tainted(c, m->in.addr);
}

bool inv_surely_alive(struct conf_checker *c, const struct shadow_map *m,
		      uint64_t now)
{
	bool is_child = m->may_be_child && inv_excused(c, EX_11_CHILD);
	bool is_wild = m->in.proto == CONF_PROTO_UDP &&
		       inv_excused(c, EX_11_WILD);
	const struct shadow_endpoint *e;

	if (m->helped || !shadow_alive(m, now) || may_be_hidden(c, m))
		return false;
	if (m->in.proto == CONF_PROTO_ICMP || (!is_child && !is_wild))
		return true;
	/* A peer may have come in a datagram that nobody has read. */
	if (is_wild && inv_is_older(c, m))
		return false;
	e = shadow_endpoint(&c->shadow, false, m->in.proto, m->addr, m->port,
			    false);
	if (e == NULL || e->unsure)
		return false;
	/* Once it is claimed it is strict. */
	return e->claimed ? is_claimant(e, m) : !is_child;
}

static bool was_unseen(const struct conf_checker *c,
		       const struct shadow_endpoint *e, uint64_t ceiling)
{
	return e != NULL && e->unseen != 0 &&
	       !shadow_dead(e->unseen - 1, ceiling, c->now);
}

bool inv_is_older(struct conf_checker *c, const struct shadow_map *m)
{
	uint64_t ceiling = ceiling_of(c, m);

	return was_unseen(c,
			  shadow_endpoint(&c->shadow, false, m->in.proto,
					  m->addr, m->port, false),
			  ceiling) ||
	       was_unseen(c,
			  shadow_endpoint(&c->shadow, true, m->in.proto,
					  m->in.addr, m->in.port, false),
			  ceiling);
}

bool inv_may_expect(struct conf_checker *c, uint32_t addr, bool *out_expired)
{
	const struct shadow_host *host = shadow_host(&c->shadow, addr, false);
	uint64_t taint = host != NULL ? host->taint : 0;

	if (c->taint_all > taint)
		taint = c->taint_all;
	if (taint == 0)
		return false;
	if ((inv_excused(c, EX_37_IMMORTAL) &&
	     inv_has_helper(c, CONF_HELPER_VDOLIVE)) ||
	    (inv_excused(c, EX_37_PINNED) &&
	     inv_has_helper(c, CONF_HELPER_IRC)))
		return true;
	/* FTP-S9: the longest that one waits. */
	*out_expired = c->now + 1 > taint + ns(LONGEST_SECONDS) + 2 * TICK;
	return !*out_expired;
}

/*
 * Is it the first that is seen of an external endpoint which Quake may have
 * announced? Its mapping has the helper (QUAKE-06), and if it is loose, for
 * peers on all ports (GEN-23).
 */
static bool may_be_loose_child(struct conf_checker *c, uint32_t inside,
			       const struct shadow_endpoint *e)
{
	const struct shadow_host *host;

	if (!inv_excused(c, EX_05_LOOSE) ||
	    !inv_has_helper(c, CONF_HELPER_QUAKE) ||
	    (e != NULL && !e->unsure &&
	     !shadow_dead(e->last, e->ceiling, c->now)))
		return false;
	host = shadow_host(&c->shadow, inside, false);
	return host != NULL && host->udp_taint;
}

bool inv_is_helped(struct conf_checker *c, enum inv_direction direction,
		   const struct inv_flow *before, const struct inv_flow *after)
{
	uint16_t peer = direction == INV_IN ? before->sport : before->dport;
	uint32_t addr = direction == INV_IN ? before->daddr : after->saddr;
	uint16_t port = direction == INV_IN ? before->dport : after->sport;
	const struct shadow_endpoint *e;

	if (c->settings.num_loads == 0 || !before->known ||
	    before->proto == CONF_PROTO_ICMP || direction == INV_PLAIN)
		return false;
	if (inv_helper_port(c, before->proto, peer) ||
	    inv_helper_port(c, before->proto, port))
		return true;
	e = shadow_endpoint(&c->shadow, false, before->proto, addr, port,
			    false);
	if (e != NULL && e->helped)
		return true;
	return before->proto == CONF_PROTO_UDP &&
	       may_be_loose_child(
		       c, direction == INV_IN ? after->daddr : before->saddr,
		       e);
}
