/* SPDX-License-Identifier: Apache-2.0 */
/* errors.c - INV-06: ICMP errors that are passed on */
#include "life.h"

/* Everything that a lookup needs must be quoted. */
static bool is_usable(const struct inv_flow *f)
{
	return f->known;
}

static bool is_loose(const struct conf_checker *c, uint8_t proto)
{
	return proto == CONF_PROTO_UDP &&
	       (inv_excused(c, EX_05_WILD) || inv_excused(c, EX_05_LOOSE));
}

/* A miss says nothing where something may have been made unseen. */
static bool is_miss_sure(const struct conf_checker *c, uint8_t proto)
{
	return !c->shadow.overflowed && !is_loose(c, proto) &&
	       (proto == CONF_PROTO_ICMP || c->settings.num_loads == 0);
}

/* From outside, about what an inside host sent. */
static void check_error_in(struct conf_checker *c, const struct inv_pair *pair)
{
	struct inv_flow before =
		inv_quoted_flow(masq_from(pair->p.ip.payload, 8));
	struct inv_flow after =
		inv_quoted_flow(masq_from(pair->q.ip.payload, 8));
	struct shadow_key key = {
		.proto = before.proto,
		.addr = before.saddr,
		.port = before.sport,
		.peer = before.daddr,
		.peer_port = before.dport,
	};
	char got[INV_END_SIZE], owner[INV_END_SIZE];
	const struct shadow_map *m;

	if (!is_usable(&before) || !is_usable(&after))
		return;
	if (pair->p.ip.daddr != before.saddr && !inv_excused(c, EX_06_OUTER))
		inv_fail(c, INV_06,
			 "an error to another address than the quoted one "
			 "was delivered");
	m = shadow_find_out(&c->shadow, &key);
	if (m == NULL || shadow_dead(m->touch, m->ceiling, c->now)) {
		if (is_miss_sure(c, before.proto))
			inv_fail(c, INV_06,
				 "an error about %s, no live session, was "
				 "delivered",
				 inv_end(got, before.saddr, before.sport));
		return;
	}
	if (!inv_surely_alive(c, m, c->now))
		return;
	if (pair->q.ip.daddr != m->in.addr || after.saddr != m->in.addr ||
	    after.sport != m->in.port)
		inv_fail(c, INV_06,
			 "an error reached %s, the session's owner is %s",
			 inv_end(got, after.saddr, after.sport),
			 inv_end(owner, m->in.addr, m->in.port));
}

/* From inside, about what came in: the mirror. */
static void check_outbound(struct conf_checker *c, const struct inv_pair *pair)
{
	struct inv_flow before =
		inv_quoted_flow(masq_from(pair->p.ip.payload, 8));
	struct inv_flow after =
		inv_quoted_flow(masq_from(pair->q.ip.payload, 8));
	struct shadow_key key = {
		.proto = before.proto,
		.addr = before.daddr,
		.port = before.dport,
		.peer = before.saddr,
		.peer_port = before.sport,
	};
	char got[INV_END_SIZE], mapped[INV_END_SIZE];
	const struct shadow_map *m;

	if (!is_usable(&before) || !is_usable(&after))
		return;
	m = shadow_find_in(&c->shadow, &key);
	if (m == NULL || shadow_dead(m->touch, m->ceiling, c->now)) {
		if (is_miss_sure(c, before.proto))
			inv_fail(c, INV_06,
				 "an error about %s, no live session, was "
				 "translated",
				 inv_end(got, before.daddr, before.dport));
		return;
	}
	if (!inv_surely_alive(c, m, c->now) || inv_has_claimed(c, &key))
		return;
	if (after.daddr != m->addr || after.dport != m->port ||
	    pair->q.ip.saddr != m->addr)
		inv_fail(c, INV_06, "an error quotes %s, the session is %s",
			 inv_end(got, after.daddr, after.dport),
			 inv_end(mapped, m->addr, m->port));
}

void inv_check_error(struct conf_checker *c, const struct inv_pair *pair)
{
	uint8_t type = masq_get8(pair->p.ip.payload, 0);

	if (type != 3 && type != 4 && type != 11)
		return;
	if (pair->direction == INV_IN)
		check_error_in(c, pair);
	else if (pair->direction == INV_OUT)
		check_outbound(c, pair);
}
