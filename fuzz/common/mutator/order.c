/* SPDX-License-Identifier: Apache-2.0 */
/* order.c - which packets come, in which order, over which interface */
#include "mutator.h"
#include "mutator/work.h"

bool mutate_delete(struct work *w)
{
	unsigned int at, num;

	if (w->num < 2)
		return false;
	at = list_pick(w);
	num = rng_one_in(&w->rng, 4) ? 1 + rng_below(&w->rng, w->num / 2) : 1;
	while (num-- != 0 && w->num > 1 && at < w->num)
		list_remove(w, at);
	return true;
}

bool mutate_truncate(struct work *w)
{
	if (w->num < 2)
		return false;
	w->num = 1 + rng_below(&w->rng, w->num - 1);
	return true;
}

bool mutate_duplicate(struct work *w)
{
	unsigned int from, to;
	struct conf_packet p;

	if (w->num == 0)
		return false;
	from = list_pick(w);
	/* Right behind itself, or later: a retransmission. */
	to = from + 1;
	if (rng_one_in(&w->rng, 2))
		to += rng_below(&w->rng, w->num - from);
	p = w->packets[from];
	p.now = w->packets[to - 1].now;
	return list_insert(w, to, &p);
}

/* A run of packets comes once more. */
bool mutate_repeat(struct work *w)
{
	unsigned int from, num, to;

	if (w->num == 0)
		return false;
	from = list_pick(w);
	num = 1 + rng_below(&w->rng, w->num - from);
	if (num > 16)
		num = 16;
	to = from + num;
	for (unsigned int i = 0; i < num; i++) {
		struct conf_packet p = w->packets[from + i];

		p.now = w->packets[to + i - 1].now;
		if (!list_insert(w, to + i, &p))
			return i != 0;
	}
	return true;
}

/* Octets and side change places, the times stay. */
static void swap(struct conf_packet *a, struct conf_packet *b)
{
	const struct conf_packet t = *a;
	const uint64_t then = b->now;

	*a = *b;
	a->now = t.now;
	*b = t;
	b->now = then;
}

bool mutate_swap(struct work *w)
{
	unsigned int at;

	if (w->num < 2)
		return false;
	at = rng_below(&w->rng, w->num - 1);
	swap(&w->packets[at], &w->packets[at + 1]);
	return true;
}

bool mutate_move(struct work *w)
{
	unsigned int from, to;

	if (w->num < 3)
		return false;
	from = list_pick(w);
	to = list_pick(w);
	for (; from < to; from++)
		swap(&w->packets[from], &w->packets[from + 1]);
	for (; from > to; from--)
		swap(&w->packets[from], &w->packets[from - 1]);
	return true;
}

/* How the frame came: interface, kind of address, padding, sender. */
bool mutate_frame(struct work *w)
{
	struct conf_packet *p;
	uint32_t len, more;
	unsigned int at;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	p = &w->packets[at];
	switch (rng_below(&w->rng, 4)) {
	case 0:
		p->side = p->side == CONF_INSIDE ? CONF_OUTSIDE : CONF_INSIDE;
		return true;
	case 1:
		p->cast = (enum conf_cast)rng_below(&w->rng, 4);
		return true;
	case 2:
		p->src_mac = rng_one_in(&w->rng, 2) ? value_mac(w) : NULL;
		return true;
	default: /* link padding, or octets that are missing */
		len = list_load(w, at);
		more = 1 + rng_below(&w->rng, 18);
		if (rng_one_in(&w->rng, 2))
			return list_replace(w, at, len > more ? len - more : 0);
		if (len + more > MAX_PACKET)
			return false;
		for (uint32_t i = 0; i < more; i++)
			w->scratch[len + i] = (uint8_t)rng_next(&w->rng);
		return list_replace(w, at, len + more);
	}
}

bool mutate_variant(struct work *w)
{
	/* One where the helper is loaded, if one is looked for. */
	for (unsigned int i = 0; i < 4; i++) {
		w->variant = rng_below(&w->rng, fuzz_num_variants);
		world_meet(w);
		if (speak_is_heard(w))
			break;
	}
	return true;
}
