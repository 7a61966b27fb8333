/* SPDX-License-Identifier: Apache-2.0 */
/* segments.c - what TCP may do to a stream: other cuts, again, overlapping */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

/*
 * Puts a segment with len octets of the payload, from from on, of the packet
 * original at at. Beyond the end of the payload is more of the same.
 */
static bool put_part(struct work *w, unsigned int at,
		     const struct conf_packet *original, const struct layout *l,
		     uint32_t from, uint32_t len)
{
	struct masq_buf b = {.data = w->scratch, .cap = MAX_PACKET};
	struct conf_packet p = *original;
	const bool is_last = from + len >= l->payload_len;
	uint8_t flags = l->flags;

	if (l->payload + len > MAX_PACKET)
		return false;
	memcpy(b.data, original->data, l->payload);
	for (uint32_t i = 0; i < len; i++)
		b.data[l->payload + i] =
			original->data[l->payload +
				       (from + i) % l->payload_len];
	b.len = l->payload + len;
	if (!is_last)
		flags &= (uint8_t) ~(F_FIN | F_PSH);
	if (from != 0)
		flags &= (uint8_t)~F_SYN;
	masq_put16(&b, 2, (uint16_t)b.len);
	masq_put32(&b, l->hlen + 4,
		   l->seq + from + (from != 0 && (l->flags & F_SYN) != 0));
	masq_put8(&b, l->hlen + 13, flags);
	sums_repair(b.data, b.len);
	if (at != 0)
		p.now = w->packets[at - 1].now;
	p.data = b.data;
	p.len = b.len;
	return list_insert(w, at, &p);
}

/* A TCP packet with a payload; false if that picked has none. */
static bool pick(struct work *w, unsigned int *out_at, struct layout *out)
{
	if (w->num == 0)
		return false;
	*out_at = list_pick_proto(w, IPP_TCP);
	*out = layout_of(w->packets[*out_at].data, w->packets[*out_at].len);
	return out->is_whole && !out->is_fragment && out->proto == IPP_TCP &&
	       out->payload_len >= 2;
}

bool mutate_split(struct work *w)
{
	struct conf_packet original;
	struct layout l;
	unsigned int at, first;
	uint32_t from = 0;

	if (!pick(w, &at, &l))
		return false;
	original = w->packets[at];
	list_remove(w, at);
	first = at;
	while (from < l.payload_len) {
		uint32_t len = 1 + rng_below(&w->rng, l.payload_len - from);
		uint32_t more = 0;

		if (at - first == 3 || rng_one_in(&w->rng, 3))
			len = l.payload_len - from;
		if (rng_one_in(&w->rng, 4)) /* into what comes next */
			more = rng_below(&w->rng, 8);
		if (!put_part(w, at, &original, &l, from, len + more))
			break;
		from += len;
		/* Behind those before, or ahead of the last one. */
		if (!rng_one_in(&w->rng, 6) || at == first)
			at++;
	}
	return true;
}

bool mutate_retransmit(struct work *w)
{
	struct conf_packet original;
	struct layout l;
	unsigned int at, to;
	uint32_t from = 0, len;

	if (!pick(w, &at, &l))
		return false;
	original = w->packets[at];
	len = l.payload_len;
	if (rng_one_in(&w->rng, 2)) {
		from = rng_below(&w->rng, l.payload_len);
		len = 1 + rng_below(&w->rng, l.payload_len - from);
	}
	if (rng_one_in(&w->rng, 4))
		len += rng_below(&w->rng, 16);
	to = at + 1 + rng_below(&w->rng, w->num - at);
	return put_part(w, to, &original, &l, from, len);
}
