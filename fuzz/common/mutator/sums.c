/* SPDX-License-Identifier: Apache-2.0 */
/* sums.c - checksums: repaired, or spoilt */
#include "mutator.h"
#include "mutator/work.h"

static void repair_header(struct masq_buf *b, uint32_t at, uint32_t hlen)
{
	masq_put16(b, at + 10, 0);
	masq_put16(b, at + 10,
		   (uint16_t)~masq_fold(
			   masq_sum(masq_slice(masq_view_of(b), at, hlen))));
}

/* The checksum field at sum_at of a segment of len octets at at. */
static void repair_l4(struct masq_buf *b, uint32_t at, uint32_t len,
		      uint32_t sum_at, uint64_t pseudo)
{
	uint16_t sum;

	masq_put16(b, at + sum_at, 0);
	sum = (uint16_t)~masq_fold(
		pseudo + masq_sum(masq_slice(masq_view_of(b), at, len)));
	if (sum == 0 && pseudo != 0 && sum_at == 6)
		sum = 0xffff;
	masq_put16(b, at + sum_at, sum);
}

void sums_repair(uint8_t *data, uint32_t len)
{
	struct masq_buf b = {.data = data, .len = len, .cap = len};
	const struct layout l = layout_of(data, len);
	const uint32_t size = l.total - l.hlen;
	uint64_t pseudo;

	if (l.hlen < IP_HEADER || l.hlen > l.total)
		return;
	repair_header(&b, 0, l.hlen);
	if (l.is_fragment || size < 8)
		return;
	pseudo = masq_sum_pseudo(l.saddr, l.daddr, l.proto, size);
	if (l.proto == IPP_TCP && size >= TCP_HEADER)
		repair_l4(&b, l.hlen, size, 16, pseudo);
	else if (l.proto == IPP_UDP &&
		 masq_get16(masq_view_of(&b), l.hlen + 6) != 0)
		repair_l4(&b, l.hlen, size, 6, pseudo);
	else if (l.proto == IPP_ICMP)
		repair_l4(&b, l.hlen, size, 2, 0);
}

static bool is_error(const uint8_t *data, uint32_t len, const struct layout *l)
{
	const struct masq_view v = {.data = data, .len = len};
	const uint8_t type = masq_get8(v, l->hlen);

	return l->is_whole && l->proto == IPP_ICMP && !l->is_fragment &&
	       (type == 3 || type == 4 || type == 5 || type == 11 ||
		type == 12);
}

void sums_repair_quote(uint8_t *data, uint32_t len)
{
	const struct layout l = layout_of(data, len);
	struct masq_buf b = {.data = data, .len = len, .cap = len};
	uint32_t hlen;

	if (!is_error(data, len, &l))
		return;
	hlen = (masq_get8(masq_view_of(&b), l.payload) & 0xfu) * 4;
	if (masq_has(masq_view_of(&b), l.payload, hlen) && hlen >= IP_HEADER)
		repair_header(&b, l.payload, hlen);
	sums_repair(data, len);
}

bool mutate_repair(struct work *w)
{
	const bool is_all = rng_one_in(&w->rng, 2);
	const unsigned int only = w->num != 0 ? list_pick(w) : 0;

	for (unsigned int i = 0; i < w->num; i++) {
		uint32_t len;

		if (!is_all && i != only)
			continue;
		len = list_load(w, i);
		if (rng_one_in(&w->rng, 4))
			sums_repair_quote(w->scratch, len);
		sums_repair(w->scratch, len);
		if (!list_replace(w, i, len))
			return false;
	}
	return w->num != 0;
}

/* Where the checksum to be spoilt is, 0 = nowhere. */
static uint32_t sum_offset(struct work *w, const struct layout *l)
{
	if (rng_one_in(&w->rng, 4) || l->is_fragment)
		return 10;
	switch (l->proto) {
	case IPP_TCP:
		return l->hlen + 16;
	case IPP_UDP:
		return l->hlen + 6;
	case IPP_ICMP:
		/* Its own, or one in what it quotes. */
		return rng_one_in(&w->rng, 3) ? l->payload + 10 : l->hlen + 2;
	default:
		return 10;
	}
}

bool mutate_spoil(struct work *w)
{
	static const uint16_t values[] = {0, 0xffff, 1, 0xfffe, 0x8000};
	unsigned int at;
	struct layout l;
	struct masq_buf b;
	uint32_t offset;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	b = (struct masq_buf){.data = w->scratch, .len = list_load(w, at)};
	l = layout_of(b.data, b.len);
	offset = sum_offset(w, &l);
	if (rng_one_in(&w->rng, 2))
		masq_put16(&b, offset, RNG_PICK(&w->rng, values));
	else
		masq_put16(&b, offset,
			   (uint16_t)(masq_get16(masq_view_of(&b), offset) + 1 +
				      rng_below(&w->rng, 3)));
	/* The header stays good if another checksum was meant. */
	if (offset != 10 && b.len >= IP_HEADER && l.hlen >= IP_HEADER &&
	    l.hlen <= b.len)
		repair_header(&b, 0, l.hlen);
	return list_replace(w, at, b.len);
}
