/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nat.c - where the router meets the masquerading (CORE-PATH-01)
 */
#include "linux22/engine.h"

/* TCP: P >= 20, data offset within P, not 0 (pass inbound). */
static enum nat_verdict check_tcp(const struct masq_engine *e,
				  struct masq_pkt *p, bool outbound)
{
	const uint32_t len = pkt_payload_len(p);
	const uint32_t doff = pkt_l4_get8(p, TCP_O_DOFF) >> 4;

	p->drop = MASQ_DROP_TRANSPORT;
	if (len < TCP_HEADER_MIN || doff * 4 > len)
		return NAT_DROP;
	if (doff == 0 && !outbound)
		return NAT_PASS;
	if (doff == 0 || (doff < 5 && !has_quirk(e, MASQ_QUIRK(SHORT_DOFF))))
		return NAT_DROP;
	return NAT_REWRITTEN;
}

enum nat_verdict check_transport(const struct masq_engine *e,
				 struct masq_pkt *p, bool outbound)
{
	enum nat_verdict verdict = NAT_REWRITTEN;

	switch (pkt_proto(p)) {
	case PROTO_TCP:
		verdict = check_tcp(e, p, outbound);
		break;
	case PROTO_UDP:
	case PROTO_ICMP:
		p->drop = MASQ_DROP_TRANSPORT;
		if (pkt_payload_len(p) < 8)
			verdict = NAT_DROP;
		break;
	default: /* CORE-OTH-01 */
		p->drop = MASQ_DROP_PROTOCOL;
		verdict = outbound ? NAT_DROP : NAT_PASS;
		break;
	}
	if (verdict != NAT_DROP)
		p->drop = MASQ_DROP_NONE;
	return verdict;
}

struct flow flow_of(const struct masq_pkt *p)
{
	const uint32_t ports = pkt_l4_get32(p, L4_O_SPORT);

	return (struct flow){
		.proto = pkt_proto(p),
		.saddr = pkt_saddr(p),
		.daddr = pkt_daddr(p),
		.sport = (uint16_t)(ports >> 16),
		.dport = (uint16_t)ports,
	};
}

uint32_t checksum_len(const struct masq_engine *e, const struct masq_pkt *p)
{
	const uint32_t len = pkt_payload_len(p);
	uint32_t udp_len;

	if (pkt_proto(p) != PROTO_UDP || has_quirk(e, MASQ_QUIRK(UDP_PADDING)))
		return len;
	udp_len = pkt_l4_get16(p, UDP_O_LEN);
	return udp_len >= UDP_HEADER && udp_len <= len ? udp_len : 0;
}

bool checksum_present(const struct masq_pkt *p)
{
	return pkt_proto(p) != PROTO_UDP || pkt_l4_get16(p, UDP_O_SUM) != 0;
}

bool checksum_good(const struct masq_engine *e, struct masq_pkt *p)
{
	const uint32_t len = checksum_len(e, p);

	if (len == 0)
		return false;
	return !checksum_present(p) || pkt_l4_good(p, len);
}

void checksum_finish(const struct masq_engine *e, struct masq_pkt *p,
		     bool had_sum)
{
	/* CORE-CSUM-04: the quirk is to make one up. */
	if (had_sum || has_quirk(e, MASQ_QUIRK(UDP_SUM_FILL)))
		pkt_finish_l4(p, checksum_len(e, p));
	pkt_finish_ip(p);
}

static enum nat_verdict local(void *ctx, struct masq_pkt *p)
{
	struct masq_engine *e = ctx;
	enum nat_verdict verdict = check_transport(e, p, false);

	if (verdict != NAT_REWRITTEN)
		return verdict;
	if (pkt_proto(p) == PROTO_ICMP)
		return icmp_inbound(e, p);
	return inbound_packet(e, p);
}

static enum nat_verdict error(void *ctx, struct masq_pkt *p)
{
	struct masq_engine *e = ctx;
	enum nat_verdict verdict = check_transport(e, p, true);

	if (verdict != NAT_REWRITTEN)
		return verdict;
	return icmp_error_outbound(e, p);
}

static enum nat_verdict outbound(void *ctx, struct masq_pkt *p,
				 uint32_t masq_addr)
{
	struct masq_engine *e = ctx;
	enum nat_verdict verdict = check_transport(e, p, true);

	if (verdict != NAT_REWRITTEN)
		return verdict;
	if (pkt_proto(p) == PROTO_ICMP)
		return icmp_outbound(e, p, masq_addr);
	return outbound_packet(e, p, masq_addr);
}

static void restore(void *ctx, struct masq_pkt *quote)
{
	icmp_restore(ctx, quote);
}

static uint64_t next(void *ctx)
{
	const struct masq_engine *e = ctx;

	return wheel_next(&e->wheel);
}

static void tick(void *ctx, uint64_t now)
{
	life_tick(ctx, now);
}

const struct nat_ops linux22_nat = {
	.local = local,
	.error = error,
	.outbound = outbound,
	.restore = restore,
	.next = next,
	.tick = tick,
};
