/* SPDX-License-Identifier: Apache-2.0 */
/* refused.c - INV-28, 55, 56: packets that were not sent on */
#include "checker.h"
#include "life.h"

static struct shadow_key key_in(const struct inv_flow *f)
{
	return (struct shadow_key){
		.proto = f->proto,
		.addr = f->saddr,
		.port = f->sport,
		.peer = f->daddr,
		.peer_port = f->dport,
	};
}

static struct shadow_key key_out(const struct inv_flow *f)
{
	return (struct shadow_key){
		.proto = f->proto,
		.addr = f->daddr,
		.port = f->dport,
		.peer = f->saddr,
		.peer_port = f->sport,
	};
}

/* Is there nothing at all wrong with an inbound packet? */
static bool is_plain(const struct conf_checker *c)
{
	const struct conf_layout *p = &c->p.ip;
	uint16_t flags = masq_get16(p->all, 6);

	return c->p_known && !c->p.is_joined && p->is_whole &&
	       c->stimulus.cast == CONF_CAST_HOST &&
	       masq_get8(p->all, 0) == 0x45 &&
	       masq_header_sum(p->header) == 0xffff && c->p.min_ttl > 1 &&
	       inv_is_sender(c, p->saddr) && !inv_is_inside(c, p->saddr) &&
	       (flags & 0x8000) == 0 &&
	       ((flags & 0x4000) == 0 ||
		p->total_len <= c->settings.inside.mtu) &&
	       inv_transport_len(p) != 0 &&
	       !(p->proto == CONF_PROTO_UDP &&
		 masq_get16(p->payload, 4) != p->payload.len) &&
	       ((p->proto == CONF_PROTO_UDP &&
		 masq_get16(p->payload, 6) == 0) ||
		conf_transport_sum_good(p));
}

/* INV-28 and 55: the answer to a live mapping was not delivered. */
static void check_lost(struct conf_checker *c, struct shadow_map *m)
{
	char end[INV_END_SIZE];
	uint64_t idle = c->now - m->last;

	if (!is_plain(c) || !inv_surely_alive(c, m, c->now) ||
	    inv_is_own(c, m->in.addr) || !inv_is_inside(c, m->in.addr) ||
	    !inv_is_sender(c, m->in.addr))
		return;
	inv_end(end, m->addr, m->port);
	if (m->refused)
		inv_fail(c, INV_56,
			 "an answer to %s was not delivered after a refused "
			 "packet",
			 end);
	else if (idle < SECOND)
		inv_fail(c, INV_28, "an answer to %s was not delivered", end);
	else
		inv_fail(c, INV_55,
			 "the mapping of %s was lost after %llu s of %llu", end,
			 (unsigned long long)(idle / SECOND),
			 (unsigned long long)(m->floor / SECOND) + 1);
}

/*
 * A router may translate first and refuse then (CORE-PATH-35): from here on
 * little is known of the mapping.
 */
static void doubt(struct conf_checker *c, struct shadow_map *m)
{
	struct shadow_endpoint *e = shadow_endpoint(
		&c->shadow, false, m->in.proto, m->addr, m->port, false);

	m->tcp = SHADOW_BROKEN;
	m->floor = inv_least_floor(c, m->in.proto);
	m->touch = c->now;
	if (e != NULL) {
		e->unsure = true;
		e->last = c->now;
	}
}

/*
 * It may have made the mapping of a forwarded port (CORE-PATH-36), which is
 * then found before an older one of its server to that peer.
 */
static void doubt_server(struct conf_checker *c, const struct shadow_key *out)
{
	for (unsigned int i = 0; i < c->settings.num_portfw; i++) {
		const struct conf_portfw *f = &c->settings.portfw[i];
		struct shadow_key in = *out;
		struct shadow_map *m;

		if (f->proto != out->proto || f->local_addr != out->addr ||
		    f->local_port != out->port)
			continue;
		in.addr = f->real_addr;
		in.port = f->real_port;
		m = shadow_find_in(&c->shadow, &in);
		if (m != NULL && (m->addr != out->addr || m->port != out->port))
			m->silent = true;
	}
}

bool inv_has_claimed(const struct conf_checker *c,
		     const struct shadow_key *inside)
{
	for (unsigned int i = 0; i < INV_MAX_CLAIMS && i < c->num_claims; i++) {
		const struct inv_claim *claim = &c->claims[i];

		if (claim->proto == inside->proto &&
		    claim->peer == inside->peer &&
		    claim->peer_port == inside->peer_port)
			return true;
	}
	return false;
}

/* What a helper announced is known to those who read its text only. */
static void note_claim(struct conf_checker *c, const struct inv_flow *f)
{
	if (c->stimulus.side == CONF_OUTSIDE && c->settings.num_loads > 0)
		c->claims[c->num_claims++ % INV_MAX_CLAIMS] =
			(struct inv_claim){
				.proto = f->proto,
				.peer = f->saddr,
				.peer_port = f->sport,
			};
}

void inv_check_refused(struct conf_checker *c)
{
	struct inv_flow f = inv_flow_of(&c->p.ip);
	struct shadow_key in = key_in(&f), out = key_out(&f);
	struct shadow_map *m;
	struct shadow_endpoint *e;

	if (!f.known || inv_is_icmp_error(&c->p.ip))
		return;
	/* A fragment may only be waiting for the others. */
	if (!c->p_known && c->results.num_items == 0 && c->p.min_ttl > 1)
		return;
	m = shadow_find_in(&c->shadow, &in);
	if (m != NULL) {
		m->refused = true;
		inv_doubt_stream(c, m);
	}
	doubt_server(c, &out);
	m = shadow_find_out(&c->shadow, &out);
	if (m != NULL) {
		check_lost(c, m);
		doubt(c, m);
		inv_doubt_stream(c, m);
		return;
	}
	/* It may have claimed what waited for its first peer. */
	e = shadow_endpoint(&c->shadow, false, f.proto, f.daddr, f.dport,
			    false);
	if (e == NULL || e->other == 0)
		note_claim(c, &f);
	if (e == NULL)
		return;
	e->unsure = true;
	e->last = c->now;
	/* And then it is found before an older one to that peer. */
	in = out;
	in.addr = e->other;
	in.port = e->other_port;
	m = shadow_find_in(&c->shadow, &in);
	if (m != NULL)
		m->silent = true;
}

/* A mapping that was perhaps made has the helper of its ports for ever. */
static void note_helped(struct conf_checker *c, const struct inv_flow *f)
{
	struct shadow_endpoint *e;

	if (c->settings.num_loads == 0 || f->proto != CONF_PROTO_UDP ||
	    (!inv_helper_port(c, f->proto, f->dport) &&
	     !inv_helper_port(c, f->proto, f->sport)))
		return;
	e = shadow_endpoint(&c->shadow, false, f->proto, f->saddr, f->sport,
			    true);
	if (e == NULL)
		return;
	e->helped = true;
	e->last = c->now;
	e->ceiling = SHADOW_FOR_EVER;
}

/*
 * The mapping that it used, made by it or not, is in a state that nobody
 * has seen. One side of it is known.
 */
static void note_unseen(struct conf_checker *c, bool is_inside,
			const struct shadow_key *key)
{
	struct shadow_endpoint *e = shadow_endpoint(
		&c->shadow, is_inside, key->proto, key->addr, key->port, true);

	if (e != NULL)
		e->unseen = c->now + 1;
}

/*
 * A helper may have read it. If it went inside, the port that it came to is
 * not known, and any may have one.
 */
static void note_read(struct conf_checker *c, enum conf_side to,
		      const struct inv_datagram *q, const struct inv_flow *f)
{
	if (c->settings.num_loads == 0 || f->proto == CONF_PROTO_ICMP ||
	    q->ip.payload.len <= 8)
		return;
	if (to == CONF_INSIDE)
		inv_taint(c, f->daddr, f->proto);
	else if (inv_is_helped(c, INV_OUT, f, f))
		inv_taint(c, c->p.ip.saddr, f->proto);
}

void inv_note_unknown(struct conf_checker *c, enum conf_side to,
		      const struct inv_datagram *q)
{
	struct inv_flow f = inv_flow_of(&q->ip);
	struct shadow_key key = key_in(&f);
	struct shadow_map *m;

	/* A mapping was perhaps made: a miss says nothing any more. */
	c->shadow.overflowed = true;
	if (!f.known)
		return;
	if (to == CONF_OUTSIDE) {
		note_helped(c, &f);
		m = shadow_find_out(&c->shadow, &key);
	} else {
		key = key_out(&f);
		m = shadow_find_in(&c->shadow, &key);
	}
	if (m != NULL) {
		m->silent = true;
		doubt(c, m);
	}
	note_read(c, to, q, &f);
	note_unseen(c, to == CONF_INSIDE, &key);
}
