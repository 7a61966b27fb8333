/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packet.c - the one rewriter: fields, payload and their checksums
 *
 * The sums of IP header and payload are taken once, when a checksum is
 * verified, and followed through the rewriting of addresses, ports and
 * numbers (RFC 1624), so that a new checksum costs no second pass. Since a
 * sum over anything but zeros never folds to 0, the result equals that of a
 * computation from scratch, 0x0000 against 0xFFFF included; an echo reply of
 * zeros is looked at again.
 */
#include "wire/packet.h"

uint64_t pkt_sum(struct masq_pkt *p)
{
	if (!p->is_summed || p->has_pseudo) {
		p->sum = masq_sum(pkt_payload(p));
		p->is_summed = true;
		p->has_pseudo = false;
	}
	return p->sum;
}

void pkt_finish_ip(struct masq_pkt *p)
{
	uint16_t sum;

	if (p->is_ip_summed) {
		sum = masq_fold(p->ip_sum);
	} else {
		masq_put16(&p->buf, IP_O_SUM, 0);
		sum = masq_header_sum(masq_slice(pkt_view(p), 0, p->hlen));
	}
	masq_put16(&p->buf, IP_O_SUM, (uint16_t)~sum);
}

/*
 * The sum of pseudo header and the first len octets of the payload, as far
 * as possible the one that is followed.
 */
static uint64_t sum_l4(struct masq_pkt *p, uint32_t len)
{
	uint64_t pseudo;

	if (p->is_summed && p->has_pseudo && len == pkt_payload_len(p))
		return p->sum;
	pseudo = masq_sum_pseudo(pkt_saddr(p), pkt_daddr(p), pkt_proto(p), len);
	if (len != pkt_payload_len(p))
		return pseudo + masq_sum(masq_slice(pkt_payload(p), 0, len));
	pkt_sum(p);
	p->has_pseudo = true;
	p->sum += pseudo;
	return p->sum;
}

bool pkt_l4_good(struct masq_pkt *p, uint32_t len)
{
	return masq_fold(sum_l4(p, len)) == 0xffff;
}

void pkt_finish_l4(struct masq_pkt *p, uint32_t len)
{
	const bool is_udp = pkt_proto(p) == PROTO_UDP;
	const uint32_t at = is_udp ? UDP_O_SUM : TCP_O_SUM;
	uint64_t total = sum_l4(p, len);
	uint16_t sum;

	/*
	 * The field itself does not count, unless a TCP header said to be
	 * shorter than 20 octets makes it payload (CORE-CSUM-06).
	 */
	if (is_udp || pkt_l4_get8(p, TCP_O_DOFF) >> 4 >= 5)
		total += (uint16_t)~pkt_l4_get16(p, at);
	sum = (uint16_t)~masq_fold(total);
	if (is_udp && sum == 0)
		sum = 0xffff;
	masq_put16(&p->buf, p->hlen + at, sum);
	p->is_summed = p->has_pseudo = false;
}

bool pkt_icmp_good(struct masq_pkt *p)
{
	return masq_fold(pkt_sum(p)) == 0xffff;
}

void pkt_finish_icmp(struct masq_pkt *p)
{
	pkt_l4_put16(p, ICMP_O_SUM, 0);
	if (masq_fold(pkt_sum(p)) == 0xffff)
		p->is_summed = false; /* or nothing but zeros? */
	pkt_l4_put16(p, ICMP_O_SUM, (uint16_t)~masq_fold(pkt_sum(p)));
}

enum masq_status pkt_replace(struct masq_pkt *p, uint32_t off, uint32_t old_len,
			     const uint8_t *text, uint32_t len)
{
	struct masq_buf *b = &p->buf;
	uint32_t rest;

	if (!masq_has(masq_view_of(b), off, old_len) || off < p->hlen)
		return MASQ_ERR_RANGE;
	if (len > IP_MAX_LEN || b->len - old_len + len > IP_MAX_LEN)
		return MASQ_ERR_TOO_LONG;
	rest = b->len - off - old_len;
	memmove(b->data + off + len, b->data + off + old_len, rest);
	if (len != 0)
		memcpy(b->data + off, text, len);
	b->len = b->len - old_len + len;
	pkt_ip_put16(p, IP_O_LEN, (uint16_t)b->len);
	p->is_summed = p->has_pseudo = false;
	return MASQ_OK;
}

enum {
	TCP_OPT_END = 0,
	TCP_OPT_NOP = 1,
	TCP_OPT_SACK = 5
};

uint32_t pkt_find_sack(const struct masq_pkt *p, uint32_t *at)
{
	const uint32_t end = (pkt_l4_get8(p, TCP_O_DOFF) >> 4) * 4u;

	while (*at < end) {
		const uint8_t kind = pkt_l4_get8(p, *at);
		const uint32_t len = pkt_l4_get8(p, *at + 1);

		if (kind == TCP_OPT_END)
			return 0;
		if (kind == TCP_OPT_NOP) {
			++*at;
			continue;
		}
		if (len < 2 || len > end - *at)
			return 0;
		if (kind == TCP_OPT_SACK)
			return len;
		*at += len;
	}
	return 0;
}
