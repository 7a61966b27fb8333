/* SPDX-License-Identifier: Apache-2.0 */
/*
 * edit.c - writing into a packet with its checksums carried
 *
 * A checksum is never made anew: it moves by as much as what it covers
 * (RFC 1624), so a good one stays good and a bad one is off by as much as
 * before. A change of an inner checksum is a change that an outer one
 * covers. UDP without a checksum stays without.
 */
#include "equivalence/eqv.h"

static void add_sum(struct eqv_editor *x, const struct eqv_sum *sum)
{
	x->sums[x->num_sums++] = *sum;
}

/* Those of one packet: the transport's first, as the IP one ignores it. */
static void add_packet(struct eqv_editor *x, const struct eqv_parsed *p,
		       bool transport)
{
	uint32_t end = p->l4 + p->ip.payload.len;

	if (transport && p->sum_at != 0)
		add_sum(x, &(struct eqv_sum){
				   .at = p->sum_at,
				   .from = p->l4,
				   .to = end,
				   .pseudo = p->ip.proto != CONF_PROTO_ICMP,
				   .is_udp = p->ip.proto == CONF_PROTO_UDP,
				   .addrs = p->base + 12,
			   });
	if (p->ip.has_payload)
		add_sum(x, &(struct eqv_sum){
				   .at = p->base + 10,
				   .from = p->base,
				   .to = p->base + p->ip.header_len,
			   });
}

void eqv_editor_init(struct eqv_editor *x, struct masq_buf *buf,
		     const struct eqv_parsed *outer,
		     const struct eqv_parsed *inner, bool keep_inner)
{
	*x = (struct eqv_editor){.buf = buf};
	if (inner != NULL)
		add_packet(x, inner, !keep_inner);
	add_packet(x, outer, true);
}

static bool covers(const struct eqv_sum *s, uint32_t off)
{
	return (off >= s->from && off < s->to) ||
	       (s->pseudo && off >= s->addrs && off < s->addrs + 8);
}

/* Moves the sums from index on by a word that changed at off. */
static void carry(struct eqv_editor *x, unsigned int index, uint32_t off,
		  uint16_t old, uint16_t value)
{
	for (unsigned int i = index; i < x->num_sums; i++) {
		const struct eqv_sum *s = &x->sums[i];
		uint16_t was, is;
		uint64_t sum;

		if (s->at == off || !covers(s, off))
			continue;
		/* An inner sum is followed by what covers it, below. */
		was = masq_get16(masq_view_of(x->buf), s->at);
		if ((off - s->from) % 2 == 0)
			sum = (uint64_t)(uint16_t)~old + value;
		else
			sum = (uint64_t)(uint16_t) ~(uint16_t)(old << 8 |
							       old >> 8) +
			      (uint16_t)(value << 8 | value >> 8);
		is = (uint16_t)~masq_fold(sum + (uint16_t)~was);
		if (is == 0 && s->is_udp)
			is = 0xffff;
		masq_put16(x->buf, s->at, is);
		carry(x, i + 1, s->at, was, is);
	}
}

void eqv_put16(struct eqv_editor *x, uint32_t off, uint16_t value)
{
	uint16_t old = masq_get16(masq_view_of(x->buf), off);

	if (old == value)
		return;
	masq_put16(x->buf, off, value);
	carry(x, 0, off, old, value);
}

void eqv_put32(struct eqv_editor *x, uint32_t off, uint32_t value)
{
	eqv_put16(x, off, (uint16_t)(value >> 16));
	eqv_put16(x, off + 2, (uint16_t)value);
}

/* The transport sum moves by what a sum over the text, or a length, did. */
static void carry_sum(struct eqv_editor *x, const struct eqv_parsed *p,
		      uint64_t before, uint64_t after)
{
	uint16_t was = masq_get16(masq_view_of(x->buf), p->sum_at), is;

	if (p->sum_at == 0)
		return;
	is = (uint16_t)~masq_fold((uint64_t)(uint16_t)~was +
				  (uint16_t)~masq_fold(before) + after);
	masq_put16(x->buf, p->sum_at,
		   is == 0 && p->ip.proto == CONF_PROTO_UDP ? 0xffff : is);
}

void eqv_put_text(struct eqv_editor *x, const struct eqv_parsed *p,
		  struct masq_view text)
{
	struct masq_buf *b = x->buf;
	struct masq_view v = masq_view_of(b);
	struct masq_view old = masq_slice(v, p->text, p->text_len);
	struct masq_view rest = masq_from(v, p->text + p->text_len);
	uint32_t diff = text.len - p->text_len;
	uint32_t len = b->len + diff;

	if (len > b->cap || p->ip.total_len + diff > UINT16_MAX)
		return;
	/* Text begins at an even offset of the segment: headers do. */
	carry_sum(x, p, masq_sum(old), masq_sum(text));
	memmove(b->data + p->text + text.len, rest.data, rest.len);
	memcpy(b->data + p->text, text.data, text.len);
	b->len = len;
	if (diff == 0)
		return;
	eqv_put16(x, p->base + 2, (uint16_t)(p->ip.total_len + diff));
	carry_sum(x, p, p->ip.payload.len, p->ip.payload.len + diff);
	if (p->ip.proto == CONF_PROTO_UDP)
		eqv_put16(x, p->l4 + 4,
			  (uint16_t)(masq_get16(masq_view_of(b), p->l4 + 4) +
				     diff));
}
