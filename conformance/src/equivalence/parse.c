/* SPDX-License-Identifier: Apache-2.0 */
/* parse.c - where the names stand in a packet, or in a quoted one */
#include "equivalence/eqv.h"

static void parse_icmp(struct eqv_parsed *p, struct masq_view v)
{
	switch (masq_get8(v, 0)) {
	case 8:
	case 13:
	case 15:
	case 17: /* queries: the sender's id */
		p->src_at = p->l4 + 4;
		p->src.port = masq_get16(v, 4);
		break;
	case 0:
	case 14:
	case 16:
	case 18: /* replies: the receiver's */
		p->dst_at = p->l4 + 4;
		p->dst.port = masq_get16(v, 4);
		break;
	case 3:
	case 4:
	case 5:
	case 11:
	case 12:
		if (masq_has(v, 8, 20))
			p->quote = p->l4 + 8;
		break;
	default:
		break;
	}
}

static void parse_tcp(struct eqv_parsed *p, struct masq_view v)
{
	uint32_t header_len = (uint32_t)(masq_get8(v, 12) >> 4) * 4;

	p->is_tcp = masq_has(v, 0, 8);
	if (masq_has(v, 16, 2))
		p->sum_at = p->l4 + 16;
	if (header_len >= 20 && header_len < v.len) {
		p->text = p->l4 + header_len;
		p->text_len = v.len - header_len;
	}
}

static void parse_udp(struct eqv_parsed *p, struct masq_view v)
{
	if (masq_has(v, 6, 2) && masq_get16(v, 6) != 0)
		p->sum_at = p->l4 + 6;
	if (v.len > 8) {
		p->text = p->l4 + 8;
		p->text_len = v.len - 8;
	}
}

void eqv_parse(struct eqv_parsed *p, struct masq_view packet, uint32_t base)
{
	struct masq_view v = masq_from(packet, base);

	*p = (struct eqv_parsed){
		.ip = conf_layout_of(v.data, v.len),
		.base = base,
	};
	p->src.addr = p->ip.saddr;
	p->dst.addr = p->ip.daddr;
	/*
	 * A quoted fragment that is not the first has no ports; some engines
	 * read its octets as such, and so do we: what they are not, is not in
	 * the map.
	 */
	if (!p->ip.is_first && (base == 0 || !p->ip.has_payload))
		return;
	v = p->ip.payload;
	p->l4 = base + p->ip.header_len;
	if (p->ip.proto == CONF_PROTO_ICMP && v.len >= 8) {
		p->sum_at = p->l4 + 2;
		parse_icmp(p, v);
		return;
	}
	if ((p->ip.proto != CONF_PROTO_TCP && p->ip.proto != CONF_PROTO_UDP) ||
	    v.len < 4)
		return;
	p->src_at = p->l4;
	p->src.port = masq_get16(v, 0);
	p->dst_at = p->l4 + 2;
	p->dst.port = masq_get16(v, 2);
	if (p->ip.proto == CONF_PROTO_TCP)
		parse_tcp(p, v);
	else
		parse_udp(p, v);
}

enum {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_SACK = 5
};

unsigned int eqv_sack_edges(uint32_t out[EQV_MAX_EDGES],
			    const struct eqv_parsed *p, struct masq_view packet)
{
	uint32_t end = p->l4 +
		       (uint32_t)(masq_get8(packet, p->l4 + 12) >> 4) * 4;
	uint32_t at = p->l4 + 20;
	unsigned int num = 0;

	while (p->is_tcp && at < end && masq_has(packet, at, 2)) {
		uint8_t kind = masq_get8(packet, at);
		uint32_t len = masq_get8(packet, at + 1);

		if (kind == OPT_END)
			break;
		if (kind == OPT_NOP) {
			at++;
			continue;
		}
		if (len < 2 || len > end - at)
			break;
		for (uint32_t i = 2;
		     kind == OPT_SACK && i + 4 <= len && num < EQV_MAX_EDGES &&
		     masq_has(packet, at + i, 4);
		     i += 4)
			out[num++] = at + i;
		at += len;
	}
	return num;
}
