/* SPDX-License-Identifier: Apache-2.0 */
/*
 * icmp.c - ICMP queries and their replies (CORE-ICQ)
 *
 * A query is an association like any other: its identifier is the inside
 * port, its type and code the peer's port. What is neither query nor reply
 * nor error cannot be translated.
 */
#include "linux22/engine.h"

bool icmp_is_query(uint8_t type)
{
	return type == ICMP_ECHO || type == ICMP_TIMESTAMP ||
	       type == ICMP_INFO || type == ICMP_MASK;
}

bool icmp_is_reply(uint8_t type)
{
	return type == ICMP_ECHO_REPLY || type == ICMP_TIMESTAMP_REPLY ||
	       type == ICMP_INFO_REPLY || type == ICMP_MASK_REPLY;
}

bool icmp_is_error(uint8_t type)
{
	return type == ICMP_UNREACHABLE || type == ICMP_QUENCH ||
	       type == ICMP_TIME_EXCEEDED;
}

/* CORE-ICQ-02: "hv" of a query. */
uint16_t icmp_query_key(uint8_t type, uint8_t code)
{
	return (uint16_t)(type + (code << 8));
}

/* ... and of a reply: that of the query it answers. */
uint16_t icmp_reply_key(uint8_t type, uint8_t code)
{
	uint8_t query = 255;

	switch (type) {
	case ICMP_ECHO_REPLY:
		query = ICMP_ECHO;
		break;
	case ICMP_TIMESTAMP_REPLY:
		query = ICMP_TIMESTAMP;
		break;
	case ICMP_INFO_REPLY:
		query = ICMP_INFO;
		break;
	case ICMP_MASK_REPLY:
		query = ICMP_MASK;
		break;
	default:
		break;
	}
	return icmp_query_key(query, code);
}

/* CORE-ICQ-03: a damaged message leaves repaired, unless that is off. */
static bool is_acceptable(const struct masq_engine *e, struct masq_pkt *p)
{
	if (has_quirk(e, MASQ_QUIRK(ICMP_REPAIR)) || pkt_icmp_good(p))
		return true;
	p->drop = MASQ_DROP_CHECKSUM;
	return false;
}

static enum nat_verdict query(struct masq_engine *e, struct masq_pkt *p,
			      uint32_t masq_addr)
{
	const struct flow f = {
		.proto = PROTO_ICMP,
		.saddr = pkt_saddr(p),
		.sport = pkt_l4_get16(p, ICMP_O_ID),
		.daddr = pkt_daddr(p),
		.dport = icmp_query_key(pkt_l4_get8(p, ICMP_O_TYPE),
					pkt_l4_get8(p, ICMP_O_CODE)),
	};
	const struct entry_spec spec = {
		.proto = PROTO_ICMP,
		.ia = f.saddr,
		.ip = f.sport,
		.ma = masq_addr,
		.oa = f.daddr,
		.op = f.dport,
	};
	struct masq_entry *entry;

	if (!is_acceptable(e, p))
		return NAT_DROP;
	entry = life_get(table_find_out(&e->table, &f));
	if (entry == NULL)
		entry = life_new(e, &spec);
	if (entry == NULL) {
		p->drop = MASQ_DROP_NO_PORT;
		return NAT_DROP;
	}
	pkt_ip_put32(p, IP_O_SADDR, entry->ma);
	pkt_finish_ip(p);
	pkt_l4_put16(p, ICMP_O_ID, entry->mp);
	pkt_finish_icmp(p);
	state_packet(e, entry, p, true);
	life_put(e, entry);
	return NAT_REWRITTEN;
}

enum nat_verdict icmp_outbound(struct masq_engine *e, struct masq_pkt *p,
			       uint32_t masq_addr)
{
	const uint8_t type = pkt_l4_get8(p, ICMP_O_TYPE);
	enum nat_verdict verdict = NAT_PASS;

	if (icmp_is_query(type))
		return query(e, p, masq_addr);
	if (icmp_is_error(type))
		verdict = icmp_error_outbound(e, p);
	/* CORE-ICQ-06: it would leave with its inside source. */
	if (verdict == NAT_PASS && !has_quirk(e, MASQ_QUIRK(ICMP_LEAK))) {
		p->drop = MASQ_DROP_LEAK;
		return NAT_DROP;
	}
	return verdict;
}

static enum nat_verdict reply(struct masq_engine *e, struct masq_pkt *p)
{
	const struct flow f = {
		.proto = PROTO_ICMP,
		.saddr = pkt_saddr(p),
		.sport = icmp_reply_key(pkt_l4_get8(p, ICMP_O_TYPE),
					pkt_l4_get8(p, ICMP_O_CODE)),
		.daddr = pkt_daddr(p),
		.dport = pkt_l4_get16(p, ICMP_O_ID),
	};
	struct masq_entry *entry = table_find_in(&e->table, &f);

	if (entry == NULL)
		return NAT_PASS;
	if (!is_acceptable(e, p))
		return NAT_DROP;
	life_get(entry);
	entry->flags &= (uint16_t)~MASQ_NO_REPLY;
	pkt_ip_put32(p, IP_O_DADDR, entry->ia);
	pkt_finish_ip(p);
	pkt_l4_put16(p, ICMP_O_ID, entry->ip);
	pkt_finish_icmp(p);
	state_packet(e, entry, p, false);
	life_put(e, entry);
	return NAT_REWRITTEN;
}

enum nat_verdict icmp_inbound(struct masq_engine *e, struct masq_pkt *p)
{
	const uint8_t type = pkt_l4_get8(p, ICMP_O_TYPE);

	if (icmp_is_reply(type))
		return reply(e, p);
	if (icmp_is_error(type))
		return icmp_error_inbound(e, p);
	return NAT_PASS;
}
