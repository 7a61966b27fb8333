/* SPDX-License-Identifier: Apache-2.0 */
/* tcp.c - connections are opened, carried on and closed, numbers and all */
#include "mutator.h"
#include "mutator/work.h"

/* Where a stream begins: now and then just before the numbers wrap. */
static uint32_t first_number(struct work *w)
{
	static const uint32_t numbers[] = {
		1000, 5000, 0x7ffffff0, 0x80000000, 0xffffffe0, 0xffffffff, 0,
	};

	return RNG_PICK(&w->rng, numbers);
}

static void begin(struct work *w, struct half *half)
{
	if (!half->known)
		half->next = first_number(w);
	half->known = true;
}

bool tcp_send(struct work *w, struct conn *c, bool from_inside, uint8_t flags,
	      const uint8_t *data, uint32_t len)
{
	struct half *mine = from_inside ? &c->in : &c->out;
	const struct half *theirs = from_inside ? &c->out : &c->in;
	const struct ends ends = {
		.src = from_inside ? c->ia : c->oa,
		.sport = from_inside ? c->ip : c->op,
		.dst = from_inside ? c->oa : c->ma,
		.dport = from_inside ? c->op : c->mp,
	};

	begin(w, mine);
	return emit(w, from_inside ? CONF_INSIDE : CONF_OUTSIDE,
		    build_tcp(w, &ends, flags, mine->next,
			      (flags & F_ACK) != 0 ? theirs->seen : 0, data,
			      len));
}

struct conn *tcp_open(struct work *w, uint32_t ia, uint16_t ip, uint32_t oa,
		      uint16_t op)
{
	struct conn first = {.ia = ia, .ip = ip, .oa = oa, .op = op};
	struct conn *c;

	if (!tcp_send(w, &first, true, F_SYN, NULL, 0))
		return NULL;
	c = conns_find(&w->world, ia, ip, oa, op);
	if (c == NULL || !c->has_m || rng_one_in(&w->rng, 16))
		return c;
	tcp_send(w, c, false, F_SYN | F_ACK, NULL, 0);
	if (!rng_one_in(&w->rng, 8))
		tcp_send(w, c, true, F_ACK, NULL, 0);
	return c;
}

struct conn *tcp_accept(struct work *w, uint32_t ma, uint16_t mp, uint32_t oa,
			uint16_t op)
{
	struct conn first = {.ma = ma, .mp = mp, .oa = oa, .op = op};
	struct conn *c;

	if (!tcp_send(w, &first, false, F_SYN, NULL, 0))
		return NULL;
	c = w->world.active;
	if (c == NULL || !c->has_in || rng_one_in(&w->rng, 16))
		return c;
	tcp_send(w, c, true, F_SYN | F_ACK, NULL, 0);
	if (!rng_one_in(&w->rng, 8))
		tcp_send(w, c, false, F_ACK, NULL, 0);
	return c;
}

/* Data that was sent before, or comes before its turn. */
static bool send_displaced(struct work *w, struct conn *c, bool from_inside)
{
	struct conn shifted = *c;
	struct half *half = from_inside ? &shifted.in : &shifted.out;
	static const int32_t by[] = {-1,    -2, -8, -24,  -100,
				     -1000, 1,  8,  1000, -0x40000001};

	half->next += (uint32_t)RNG_PICK(&w->rng, by);
	return tcp_send(w, &shifted, from_inside, F_PSH | F_ACK, w->text,
			value_payload(w));
}

static bool one_step(struct work *w, struct conn *c)
{
	static const uint8_t odd[] = {
		0,
		F_SYN,
		F_SYN | F_FIN,
		F_RST | F_ACK,
		F_FIN,
		F_SYN | F_ACK,
		F_ACK | F_URG,
		F_PSH,
		F_SYN | F_RST,
		F_RST,
		F_SYN | F_URG | F_FIN | F_PSH,
	};
	const bool from_inside = rng_one_in(&w->rng, 2);

	switch (rng_below(&w->rng, 8)) {
	case 0:
	case 1:
	case 2:
		return tcp_send(w, c, from_inside, F_PSH | F_ACK, w->text,
				value_payload(w));
	case 3:
	case 4:
		return tcp_send(w, c, from_inside, F_ACK, NULL, 0);
	case 5:
	case 6:
		return send_displaced(w, c, from_inside);
	default:
		return tcp_send(w, c, from_inside, RNG_PICK(&w->rng, odd),
				w->text,
				rng_one_in(&w->rng, 2) ? value_payload(w) : 0);
	}
}

/* A connection that is there, or a new one. */
static struct conn *any(struct work *w)
{
	struct conn *c = conns_pick(w);

	if (c != NULL && !rng_one_in(&w->rng, 8))
		return c;
	c = tcp_open(w, value_inside(w), value_port(w), value_peer(w),
		     rng_one_in(&w->rng, 2) ? value_odd_port(w) : 80);
	return c != NULL && c->has_m && c->has_in ? c : NULL;
}

bool mutate_exchange(struct work *w)
{
	struct conn *c = any(w);

	if (c == NULL)
		return false;
	for (uint32_t i = 1 + rng_below(&w->rng, 4); i != 0; i--) {
		if (!one_step(w, c))
			break;
		if (rng_one_in(&w->rng, 8))
			times_pass(w);
	}
	return true;
}

bool mutate_close(struct work *w)
{
	struct conn *c = any(w);
	const bool from_inside = rng_one_in(&w->rng, 2);

	if (c == NULL)
		return false;
	if (rng_one_in(&w->rng, 4)) {
		tcp_send(w, c, from_inside, F_RST | F_ACK, NULL, 0);
	} else {
		tcp_send(w, c, from_inside, F_FIN | F_ACK, NULL, 0);
		if (!rng_one_in(&w->rng, 3))
			tcp_send(w, c, !from_inside, F_FIN | F_ACK, NULL, 0);
		if (!rng_one_in(&w->rng, 3))
			tcp_send(w, c, from_inside, F_ACK, NULL, 0);
	}
	if (rng_one_in(&w->rng, 3)) {
		times_pass(w);
		one_step(w, c);
	}
	return true;
}
