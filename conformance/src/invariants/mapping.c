/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mapping.c - INV-05, 10, 11, 12, 24, 25, 29, 37, 56: the shadow table
 * against what was translated
 */
#include "checker.h"
#include "life.h"

/* The keys of a translated packet, from both sides. */
struct ends {
	struct shadow_key inside, external;
};

static struct ends ends_of(const struct inv_pair *pair)
{
	const struct inv_flow *b = &pair->before, *a = &pair->after;
	struct ends e = {.inside = {.proto = b->proto}};

	if (pair->direction == INV_OUT) {
		e.inside.addr = b->saddr;
		e.inside.port = b->sport;
		e.inside.peer = b->daddr;
		e.inside.peer_port = b->dport;
		e.external = e.inside;
		e.external.addr = a->saddr;
		e.external.port = a->sport;
	} else {
		e.inside.addr = a->daddr;
		e.inside.port = a->dport;
		e.inside.peer = b->saddr;
		e.inside.peer_port = b->sport;
		e.external = e.inside;
		e.external.addr = b->daddr;
		e.external.port = b->dport;
	}
	return e;
}

static bool is_same_external(const struct shadow_map *m,
			     const struct shadow_key *external)
{
	return m->addr == external->addr && m->port == external->port;
}

static bool is_same_owner(const struct shadow_map *m,
			  const struct shadow_key *inside)
{
	return m->in.addr == inside->addr && m->in.port == inside->port;
}

/* INV-10: nobody else may live on the same external endpoint and peer. */
static void check_owner(struct conf_checker *c, const struct ends *e)
{
	const struct shadow_map *m = shadow_find_out(&c->shadow, &e->external);
	char end[INV_END_SIZE], one[INV_END_SIZE], two[INV_END_SIZE];

	for (; m != NULL; m = shadow_next_out(&c->shadow, m, &e->external)) {
		if (is_same_owner(m, &e->inside) ||
		    !inv_surely_alive(c, m, c->now) ||
		    (m->in.proto == CONF_PROTO_UDP &&
		     inv_excused(c, EX_10_WILD)) ||
		    (m->in.port == 0 && inv_excused(c, EX_10_ZERO)))
			continue;
		inv_fail(c, INV_10, "%s is %s's and %s's at a time",
			 inv_end(end, e->external.addr, e->external.port),
			 inv_end(one, m->in.addr, m->in.port),
			 inv_end(two, e->inside.addr, e->inside.port));
		return;
	}
}

/* INV-11 and 56: a live mapping keeps its external endpoint. */
static void check_stable(struct conf_checker *c, const struct ends *e)
{
	const struct shadow_map *m = shadow_find_in(&c->shadow, &e->inside);
	char inside[INV_END_SIZE], peer[INV_END_SIZE];
	char was[INV_END_SIZE], is[INV_END_SIZE];

	if (m == NULL || is_same_external(m, &e->external) ||
	    !inv_surely_alive(c, m, c->now) || inv_has_claimed(c, &e->inside))
		return;
	inv_fail(c, m->refused ? INV_56 : INV_11,
		 "%s to %s was mapped to %s, now to %s%s",
		 inv_end(inside, e->inside.addr, e->inside.port),
		 inv_end(peer, e->inside.peer, e->inside.peer_port),
		 inv_end(was, m->addr, m->port),
		 inv_end(is, e->external.addr, e->external.port),
		 m->refused ? " after a refused packet" : "");
}

/* INV-24 and 25: one external endpoint, one external address. */
static void check_pooling(struct conf_checker *c, const struct ends *e)
{
	struct shadow_endpoint *in =
		shadow_endpoint(&c->shadow, true, e->inside.proto,
				e->inside.addr, e->inside.port, true);
	struct shadow_host *host = shadow_host(&c->shadow, e->inside.addr,
					       true);
	uint64_t floor = inv_least_floor(c, e->inside.proto);
	char was[INV_END_SIZE], is[INV_END_SIZE];

	if (inv_portfw(c, e->inside.proto, e->external.addr,
		       e->external.port) != NULL)
		return;
	if (in != NULL) {
		if (in->last != 0 && c->now < in->last + in->ceiling &&
		    (in->other != e->external.addr ||
		     in->other_port != e->external.port))
			inv_fail(c, INV_24,
				 "one inside endpoint is %s and %s outside",
				 inv_end(was, in->other, in->other_port),
				 inv_end(is, e->external.addr,
					 e->external.port));
		in->other = e->external.addr;
		in->other_port = e->external.port;
		in->last = c->now;
		in->ceiling = floor;
	}
	if (host == NULL)
		return;
	if (host->external != 0 && c->now < host->last &&
	    host->external != e->external.addr)
		inv_fail(c, INV_25, "one inside host is %s and %s outside",
			 inv_end(was, host->external, 0),
			 inv_end(is, e->external.addr, 0));
	host->external = e->external.addr;
	host->last = c->now + floor;
}

/* INV-29, CORE-PORT-01. */
static void check_range(struct conf_checker *c, const struct ends *e)
{
	if ((e->external.port >= INV_FIRST_PORT &&
	     e->external.port <= INV_LAST_PORT) ||
	    inv_portfw(c, e->external.proto, e->external.addr,
		       e->external.port) != NULL)
		return;
	inv_fail(c, INV_29, "the port %u is not in %u..%u", e->external.port,
		 INV_FIRST_PORT, INV_LAST_PORT);
}

/* Inbound, with no map that says it: is there another permit? */
static bool is_permitted(struct conf_checker *c, const struct ends *e,
			 bool *out_expired)
{
	const struct shadow_key *x = &e->external;
	const struct conf_portfw *f = inv_portfw(c, x->proto, x->addr, x->port);
	struct shadow_endpoint *end = shadow_endpoint(
		&c->shadow, false, x->proto, x->addr, x->port, false);
	bool is_loose = x->proto == CONF_PROTO_UDP &&
			(inv_excused(c, EX_05_WILD) ||
			 inv_excused(c, EX_05_LOOSE));

	if (c->shadow.overflowed || f != NULL)
		return true;
	if (is_loose && end != NULL &&
	    !shadow_dead(end->last, end->ceiling, c->now))
		return true;
	return x->proto != CONF_PROTO_ICMP &&
	       inv_may_expect(c, e->inside.addr, out_expired);
}

/* INV-05, 11, 12, 37: what comes in goes to whom it belongs. */
static void check_inbound(struct conf_checker *c, const struct inv_pair *pair,
			  const struct ends *e)
{
	const struct shadow_map *m = shadow_find_out(&c->shadow, &e->external);
	char end[INV_END_SIZE], peer[INV_END_SIZE], owner[INV_END_SIZE];
	bool expired = false;

	if (m != NULL && !shadow_dead(m->touch, m->ceiling, c->now)) {
		if (is_same_owner(m, &e->inside) ||
		    !inv_surely_alive(c, m, c->now))
			return;
		inv_fail(c, m->in.addr != e->inside.addr ? INV_12 : INV_11,
			 "%s to %s reached %s, not its owner",
			 inv_end(peer, e->external.peer, e->external.peer_port),
			 inv_end(end, e->external.addr, e->external.port),
			 inv_end(owner, e->inside.addr, e->inside.port));
		return;
	}
	if (pair->from == CONF_OUTSIDE && !is_permitted(c, e, &expired))
		inv_fail(c, expired ? INV_37 : INV_05,
			 "%s to %s was delivered%s",
			 inv_end(peer, e->external.peer, e->external.peer_port),
			 inv_end(end, e->external.addr, e->external.port),
			 expired     ? " long after it was announced"
			 : m != NULL ? ": the mapping is dead"
				     : ": nothing permits it");
}

/*
 * Was there a mapping with the same ends before, and another one since? Then
 * it may be the old one that is in use again, with all its edits.
 */
static bool has_twin(struct conf_checker *c, const struct ends *e)
{
	const struct shadow_map *m = shadow_find_out(&c->shadow, &e->external);

	for (; m != NULL; m = shadow_next_out(&c->shadow, m, &e->external))
		if (is_same_owner(m, &e->inside) &&
		    !shadow_dead(m->touch, m->ceiling, c->now))
			return true;
	return false;
}

/* Did something come in while the inside port was not known (CORE-INB-07)? */
static bool began_outside(struct conf_checker *c, const struct ends *e)
{
	const struct shadow_map *m = shadow_find_out(&c->shadow, &e->external);

	return m != NULL && m->in.port == 0 && m->in.addr == e->inside.addr &&
	       !shadow_dead(m->touch, m->ceiling, c->now);
}

/* The map of a packet that was translated, made if it is new. */
static struct shadow_map *learn(struct conf_checker *c,
				const struct inv_pair *pair,
				const struct ends *e)
{
	struct shadow_map *m = shadow_find_in(&c->shadow, &e->inside);
	bool is_second = m != NULL &&
			 !shadow_dead(m->touch, m->ceiling, c->now);
	bool is_broken, is_again;

	if (is_second && is_same_external(m, &e->external)) {
		/* Perhaps it is a new one that only looks the same. */
		if (m->streams != NULL && !shadow_alive(m, c->now))
			m->streams[0].unknown = m->streams[1].unknown = true;
		inv_live(c, pair, m);
		return m;
	}
	if (m != NULL)
		m->silent = true; /* two of them: which is it? */
	is_broken = pair->direction == INV_IN || began_outside(c, e);
	is_again = is_second && has_twin(c, e);
	c->seen.mappings++;
	m = shadow_add(&c->shadow, &e->inside, e->external.addr,
		       e->external.port, c->now);
	if (m != NULL) {
		m->tcp = is_broken || inv_is_older(c, m) ? SHADOW_BROKEN : 0;
		m->may_be_child = inv_is_tainted(c, m->in.addr);
		/*
		 * What leaves shows the one in use, what comes in does not;
		 * port 0 is one that is not known yet.
		 */
		m->silent = pair->direction == INV_IN &&
			    (is_second || m->in.port == 0);
		/* It may be older than what was seen of it, and edited. */
		if (is_again || c->shadow.overflowed)
			inv_forget_stream(c, m);
		inv_live(c, pair, m);
	}
	return m;
}

void inv_note_piece(struct conf_checker *c, struct inv_pair *pair)
{
	struct ends e;

	pair->p.ip.is_first = pair->q.ip.is_first = true;
	pair->before = inv_flow_of(&pair->p.ip);
	pair->after = inv_flow_of(&pair->q.ip);
	if (!pair->before.known || !pair->after.known ||
	    pair->direction != INV_OUT)
		return;
	pair->is_helped = inv_is_helped(c, pair->direction, &pair->before,
					&pair->after);
	e = ends_of(pair);
	(void)learn(c, pair, &e);
}

void inv_check_mapping(struct conf_checker *c, struct inv_pair *pair)
{
	struct ends e;
	struct shadow_map *m;

	if (pair->p.is_piece && !pair->p.ip.is_first) {
		inv_note_piece(c, pair);
		return;
	}
	e = ends_of(pair);
	if (!pair->before.known || !pair->after.known ||
	    pair->direction == INV_PLAIN)
		return;
	if (pair->before.proto == CONF_PROTO_ICMP &&
	    pair->before.is_query != (pair->direction == INV_OUT))
		return;
	if (pair->direction == INV_OUT) {
		check_range(c, &e);
		check_stable(c, &e);
		check_pooling(c, &e);
		check_owner(c, &e);
	} else {
		check_inbound(c, pair, &e);
	}
	m = learn(c, pair, &e);
	if (m != NULL && pair->before.proto == CONF_PROTO_TCP &&
	    !pair->q.is_piece)
		inv_check_stream(c, pair, m);
}
