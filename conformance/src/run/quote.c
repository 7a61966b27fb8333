/* SPDX-License-Identifier: Apache-2.0 */
/* quote.c - the packet that an ICMP error quotes */
#include <string.h>

#include "packet.h"
#include "run/play.h"

/* How much of a labelled packet the line asks for. */
static bool length_of(struct run_play *play, const struct case_packet *spec,
		      const struct run_label *label, uint32_t *out)
{
	const struct masq_view v = {.data = label->octets, .len = label->len};
	int64_t first;

	*out = label->len;
	if (spec->quote == QUOTE_DEFAULT)
		*out = (masq_get8(v, 0) & 0xfu) * 4 + 8;
	if (spec->quote == QUOTE_FIRST) {
		if (!run_value(play, spec->first, &first))
			return false;
		if (first < 0)
			return run_error(play, spec->pos,
					 "a quote has no length below 0");
		*out = first < label->len ? (uint32_t)first : label->len;
	}
	if (*out > label->len)
		*out = label->len;
	return true;
}

/* RFC 1624: the sum at off after a word changed. */
static void adjust(struct masq_buf *b, uint32_t off, uint32_t old, uint32_t new)
{
	uint64_t sum = (uint16_t)~masq_get16(masq_view_of(b), off);

	sum += masq_sum32(~old) + masq_sum32(new);
	masq_put16(b, off, (uint16_t)~masq_fold(sum));
}

/* A word of the quote becomes that of the label, and so do the sums. */
static void carry(struct masq_buf *b, uint32_t at, uint32_t value,
		  uint32_t sum_at, bool pseudo_of_sum)
{
	uint32_t old = masq_get32(masq_view_of(b), at);

	if (!masq_has(masq_view_of(b), at, 4) || old == value)
		return;
	masq_put32(b, at, value);
	if (pseudo_of_sum && masq_has(masq_view_of(b), sum_at, 2) &&
	    sum_at != 0)
		adjust(b, sum_at, old, value);
}

/* Makes the stimulus's quote show the labelled packet. */
static void rename_quote(struct masq_buf *b, struct masq_view label, bool kept)
{
	struct masq_view v = masq_view_of(b);
	uint32_t h = (masq_get8(v, 0) & 0xfu) * 4;
	uint32_t from = (masq_get8(label, 0) & 0xfu) * 4;
	uint8_t proto = masq_get8(v, 9);
	uint32_t sum = h + run_sum_offset(proto);
	bool transport = run_sum_offset(proto) != 0;
	bool has_sum = transport && !kept && masq_has(v, sum, 2) &&
		       !(proto == CONF_PROTO_UDP && masq_get16(v, sum) == 0);
	uint32_t old[2] = {masq_get32(v, 12), masq_get32(v, 16)};

	if (v.len < 20 || h < 20)
		return;
	for (unsigned int i = 0; i < 2; i++) {
		uint32_t new = masq_get32(label, 12 + 4 * i);

		masq_put32(b, 12 + 4 * i, new);
		adjust(b, 10, old[i], new);
		if (has_sum && proto != CONF_PROTO_ICMP)
			adjust(b, sum, old[i], new);
	}
	if (!transport || (masq_get16(v, 6) & 0x1fff) != 0)
		return;
	sum = has_sum ? sum : 0;
	if (proto == CONF_PROTO_ICMP) {
		if (!run_icmp_quotes(masq_get8(v, h)))
			carry(b, h + 4, masq_get32(label, from + 4), sum, true);
		return;
	}
	carry(b, h, masq_get32(label, from), sum, true);
	if (proto == CONF_PROTO_TCP) {
		carry(b, h + 4, masq_get32(label, from + 4), sum, true);
		carry(b, h + 8, masq_get32(label, from + 8), sum, true);
	}
}

/* A quote of the router's own: of its length and TTL one is free. */
static void fit_own(struct run_making *m, struct masq_buf *b,
		    const struct run_label *label)
{
	struct masq_view seen = {.data = m->seen.payload,
				 .len = m->seen.payload_len};
	uint32_t h = (masq_get8(masq_view_of(b), 0) & 0xfu) * 4;
	uint8_t ttl = masq_get8(masq_view_of(b), 8);
	uint32_t word = masq_get16(masq_view_of(b), 8);

	if (m->spec->quote == QUOTE_DEFAULT && seen.len >= b->len &&
	    seen.len <= label->len) {
		memcpy(b->data, label->octets, seen.len);
		b->len = seen.len;
	}
	if (ttl > 0 && masq_get8(seen, 8) == ttl - 1 && h >= 20 &&
	    b->len >= 20) {
		masq_put8(b, 8, (uint8_t)(ttl - 1));
		adjust(b, 10, word << 16, (word - 0x100) << 16);
	}
}

bool run_make_quote(struct run_play *play, struct run_making *m,
		    struct run_pkt *pkt)
{
	const struct case_packet *spec = m->spec;
	const struct run_label *label;
	struct masq_buf b;
	uint32_t len;

	if (spec->quote == QUOTE_NONE)
		return true;
	label = &play->labels[spec->quoted];
	if (label->octets == NULL)
		return run_error(play, spec->pos,
				 "there is no packet \"%s\" yet",
				 play->c->names[spec->quoted]);
	if (!length_of(play, spec, label, &len))
		return false;
	b = (struct masq_buf){
		.data = play->payload.data + play->used,
		.len = len,
		.cap = play->payload.cap - play->used,
	};
	if (b.cap < RUN_MAX_PACKET)
		return run_error(play, spec->pos, "the packet is too long");
	if (m->expect && !m->own && play->stimulus.decoded &&
	    play->stimulus.pkt.proto == CONF_PROTO_ICMP) {
		const struct run_pkt *from = &play->stimulus.pkt;

		b.len = spec->quote == QUOTE_FIRST && len < from->payload_len
				? len
				: from->payload_len;
		memcpy(b.data, from->payload, b.len);
		rename_quote(&b,
			     (struct masq_view){.data = label->octets,
						.len = label->len},
			     spec->kept);
	} else {
		memcpy(b.data, label->octets, len);
		if (m->expect && m->own)
			fit_own(m, &b, label);
	}
	play->used += b.len;
	pkt->payload = b.data;
	pkt->payload_len = b.len;
	return true;
}
