/* SPDX-License-Identifier: Apache-2.0 */
/* probe/packets.c - the packets that questions are made of */
#include <string.h>

#include "probe/probe.h"

#define FIRST_A 1000u /* first sequence numbers of both sides */
#define FIRST_B 5000u

void probe_payload(struct run_pkt *pkt, const char *text)
{
	pkt->payload = (const uint8_t *)text;
	pkt->payload_len = (uint32_t)strlen(text);
}

struct run_pkt probe_udp(struct end from, struct end to)
{
	struct run_pkt pkt;

	run_pkt_init(&pkt, CONF_PROTO_UDP);
	pkt.saddr = from.addr;
	pkt.sport = from.port;
	pkt.daddr = to.addr;
	pkt.dport = to.port;
	probe_payload(&pkt, "probe");
	return pkt;
}

struct run_pkt probe_tcp(struct end from, struct end to, uint8_t flags)
{
	struct run_pkt pkt = probe_udp(from, to);

	pkt.proto = CONF_PROTO_TCP;
	pkt.flags = flags;
	pkt.seq = FIRST_A;
	pkt.ack = (flags & ACK) != 0 ? FIRST_B : 0;
	pkt.payload_len = 0;
	return pkt;
}

struct run_pkt probe_icmp(uint32_t from, uint32_t to, uint8_t type,
			  uint8_t code, uint32_t rest)
{
	struct run_pkt pkt = probe_udp(end_of(from, 0), end_of(to, 0));

	pkt.proto = CONF_PROTO_ICMP;
	pkt.type = type;
	pkt.code = code;
	pkt.rest = rest;
	return pkt;
}

bool probe_map(struct probe *p, uint8_t proto, struct end from, struct end to,
	       struct end *out)
{
	struct run_pkt pkt = probe_udp(from, to), got;

	if (proto == CONF_PROTO_TCP)
		pkt = probe_tcp(from, to, SYN);
	if (proto == CONF_PROTO_ICMP)
		pkt = probe_icmp(from.addr, to.addr, 8, 0,
				 (uint32_t)from.port << 16 | 1);
	probe_send(p, CONF_INSIDE, &pkt);
	*out = end_of(0, 0);
	if (!probe_passed(p, CONF_OUTSIDE, proto, &got) ||
	    got.saddr == from.addr)
		return false;
	*out = end_of(got.saddr, proto == CONF_PROTO_ICMP
					 ? (uint16_t)(got.rest >> 16)
					 : got.sport);
	return true;
}

bool probe_reaches(struct probe *p, uint8_t proto, struct end from,
		   struct end to, struct end inside, uint8_t flags)
{
	struct run_pkt pkt = probe_udp(from, to), got;

	if (proto == CONF_PROTO_TCP) {
		pkt = probe_tcp(from, to, flags);
		pkt.seq = (flags & SYN) != 0 ? FIRST_B : FIRST_B + 1;
		pkt.ack = (flags & ACK) != 0 ? FIRST_A + 1 : 0;
	}
	if (proto == CONF_PROTO_ICMP)
		pkt = probe_icmp(from.addr, to.addr, 0, 0,
				 (uint32_t)to.port << 16 | 1);
	probe_send(p, CONF_OUTSIDE, &pkt);
	if (!probe_passed(p, CONF_INSIDE, proto, &got) ||
	    got.daddr != inside.addr)
		return false;
	if (proto == CONF_PROTO_ICMP)
		return got.rest >> 16 == inside.port;
	return got.dport == inside.port;
}

bool probe_segment(struct probe *p, enum conf_side side, struct end from,
		   struct end to, uint8_t flags, uint32_t seq, uint32_t ack,
		   const char *text)
{
	enum conf_side other = side == CONF_INSIDE ? CONF_OUTSIDE : CONF_INSIDE;
	struct run_pkt pkt = probe_tcp(from, to, flags), got;
	uint32_t mine = side == CONF_INSIDE ? FIRST_A : FIRST_B;

	pkt.seq = mine + seq;
	pkt.ack = (flags & ACK) != 0 ? FIRST_A + FIRST_B - mine + ack : 0;
	probe_payload(&pkt, text);
	probe_send(p, side, &pkt);
	return probe_passed(p, other, CONF_PROTO_TCP, &got) &&
	       (got.saddr != from.addr || got.daddr != to.addr);
}

bool probe_connect(struct probe *p, struct end from, struct end to,
		   struct end *out)
{
	return probe_map(p, CONF_PROTO_TCP, from, to, out) &&
	       probe_segment(p, CONF_OUTSIDE, to, *out, SYN | ACK, 0, 1, "") &&
	       probe_segment(p, CONF_INSIDE, from, to, ACK, 1, 1, "");
}

bool probe_sums_good(const struct run_pkt *pkt)
{
	return pkt->ipsum.kind == CASE_SUM_GOOD &&
	       pkt->csum.kind == CASE_SUM_GOOD;
}
