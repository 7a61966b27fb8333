/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conns.c - the TCP connections of an input, to be carried on
 *
 * Each end numbers its octets; the router may have changed their number on
 * the way. So for each direction two numbers are kept: what its sender
 * sends next, and what its receiver expects next.
 */
#include "mutator.h"
#include "mutator/work.h"

struct conn *conns_find(struct world *world, uint32_t ia, uint16_t ip,
			uint32_t oa, uint16_t op)
{
	for (unsigned int i = world->num_conns; i-- != 0;) {
		struct conn *c = &world->conns[i];

		if (c->has_in && c->ia == ia && c->ip == ip && c->oa == oa &&
		    c->op == op)
			return c;
	}
	return NULL;
}

static struct conn *find_outside(struct world *world, const struct layout *l)
{
	for (unsigned int i = world->num_conns; i-- != 0;) {
		struct conn *c = &world->conns[i];

		if (c->has_m && c->ma == l->daddr && c->mp == l->dport &&
		    c->oa == l->saddr && c->op == l->sport)
			return c;
	}
	return NULL;
}

static struct conn *add(struct world *world)
{
	struct conn *c;

	if (world->num_conns == MAX_CONNS) {
		for (unsigned int i = 1; i < MAX_CONNS; i++)
			world->conns[i - 1] = world->conns[i];
		world->num_conns--;
	}
	c = &world->conns[world->num_conns++];
	*c = (struct conn){0};
	return c;
}

/* The number behind the segment. */
static uint32_t end_of(const struct layout *l)
{
	return l->seq + l->payload_len + ((l->flags & F_SYN) != 0) +
	       ((l->flags & F_FIN) != 0);
}

static void sent(struct half *half, const struct layout *l)
{
	const uint32_t end = end_of(l);

	if (!half->known || (l->flags & F_SYN) != 0 ||
	    (int32_t)(end - half->next) > 0)
		half->next = end;
	half->known = true;
}

static void got(struct half *half, const struct layout *l)
{
	const uint32_t end = end_of(l);

	if ((l->flags & F_SYN) != 0 || half->seen == 0 ||
	    (int32_t)(end - half->seen) > 0)
		half->seen = end;
}

void conns_stimulus(struct world *world, const struct conf_packet *packet)
{
	const struct layout l = layout_of(packet->data, packet->len);
	struct conn *c;

	world->active = NULL;
	if (!l.is_whole || l.proto != IPP_TCP || l.is_fragment)
		return;
	if (packet->side == CONF_INSIDE) {
		c = conns_find(world, l.saddr, l.sport, l.daddr, l.dport);
		if (c == NULL) {
			c = add(world);
			c->ia = l.saddr;
			c->ip = l.sport;
			c->oa = l.daddr;
			c->op = l.dport;
			c->has_in = true;
		}
		sent(&c->in, &l);
		c->flags_in |= l.flags;
	} else {
		c = find_outside(world, &l);
		if (c == NULL) {
			c = add(world);
			c->ma = l.daddr;
			c->mp = l.dport;
			c->oa = l.saddr;
			c->op = l.sport;
			c->has_m = true;
		}
		sent(&c->out, &l);
		c->flags_out |= l.flags;
	}
	world->active = c;
}

void conns_result(struct world *world, enum conf_side side, const uint8_t *data,
		  uint32_t len)
{
	struct conn *c = world->active;
	struct layout l;

	if (c == NULL)
		return;
	l = layout_of(data, len);
	if (!l.is_whole || l.proto != IPP_TCP || l.is_fragment)
		return;
	if (side == CONF_OUTSIDE && l.daddr == c->oa && l.dport == c->op) {
		c->ma = l.saddr;
		c->mp = l.sport;
		c->has_m = true;
		got(&c->in, &l);
	} else if (side == CONF_INSIDE && l.saddr == c->oa &&
		   l.sport == c->op) {
		c->ia = l.daddr;
		c->ip = l.dport;
		c->has_in = true;
		got(&c->out, &l);
	}
}

/* One that both ends know; the youngest more often. */
struct conn *conns_pick(struct work *w)
{
	struct world *world = &w->world;
	const unsigned int num = world->num_conns;
	unsigned int from;

	if (num == 0)
		return NULL;
	from = rng_one_in(&w->rng, 2) ? num - 1 : rng_below(&w->rng, num);
	for (unsigned int i = 0; i < num; i++) {
		struct conn *c = &world->conns[(from + num - i) % num];

		if (c->has_in && c->has_m)
			return c;
	}
	return NULL;
}
