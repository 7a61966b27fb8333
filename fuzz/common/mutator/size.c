/* SPDX-License-Identifier: Apache-2.0 */
/*
 * size.c - a datagram becomes as long as some limit, or a little more: an MTU
 * or several, what an ICMP error may quote, the longest there is
 */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

/* Lengths of IP packets at which something ends. */
static uint32_t limit(struct work *w)
{
	static const uint16_t limits[] = {28,  68,  548,  556,
					  576, 600, 1492, 1500};
	uint32_t len = RNG_PICK(&w->rng, limits);

	/* In two pieces, three, four. */
	if (rng_one_in(&w->rng, 3))
		len += (len - IP_HEADER) * (1 + rng_below(&w->rng, 3));
	if (rng_one_in(&w->rng, 64))
		len = MAX_PACKET;
	/* Around it, and where room for options is taken off. */
	switch (rng_below(&w->rng, 4)) {
	case 0:
		return len;
	case 1:
		return len + rng_below(&w->rng, 17) - 8;
	case 2:
		return len - 4 * rng_below(&w->rng, 11);
	default:
		return len + rng_below(&w->rng, 64);
	}
}

/* The payload repeats, or is cut; lengths and checksums follow. */
static uint32_t resize(struct work *w, uint32_t len, uint32_t wanted)
{
	const struct layout l = layout_of(w->scratch, len);
	struct masq_buf b = {.data = w->scratch, .cap = MAX_PACKET};

	if (!l.is_whole || l.is_fragment || l.payload > l.total)
		return 0;
	if (wanted < l.payload)
		wanted = l.payload;
	if (wanted > MAX_PACKET)
		wanted = MAX_PACKET;
	for (uint32_t at = l.total; at < wanted; at++)
		b.data[at] = l.payload_len != 0 ? b.data[at - l.payload_len]
						: (uint8_t)at;
	b.len = wanted;
	masq_put16(&b, 2, (uint16_t)wanted);
	if (l.proto == IPP_UDP)
		masq_put16(&b, l.hlen + 4, (uint16_t)(wanted - l.hlen));
	return wanted;
}

/* What makes a router look at the length, or answer in words of its own. */
static void mark(struct work *w, uint32_t len)
{
	struct masq_buf b = {.data = w->scratch, .len = len, .cap = MAX_PACKET};

	switch (rng_below(&w->rng, 4)) {
	case 0:
		masq_put16(&b, 6, 0x4000); /* DF */
		break;
	case 1:
		masq_put16(&b, 6, 0);
		break;
	case 2:
		masq_put8(&b, 8, 1); /* TTL */
		break;
	default:
		break;
	}
}

bool mutate_size(struct work *w)
{
	unsigned int at;
	uint32_t len;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	len = resize(w, list_load(w, at), limit(w));
	if (len == 0)
		return false;
	mark(w, len);
	sums_repair(w->scratch, len);
	if (rng_one_in(&w->rng, 3)) {
		const uint32_t longer = options_add(w, len);

		if (longer != 0)
			len = longer;
	}
	return list_replace(w, at, len);
}
