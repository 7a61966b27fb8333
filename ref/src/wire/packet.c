/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packet.c - the one rewriter: fields, payload and their checksums
 *
 * The sum of the IP payload is taken once, when a checksum is verified, and
 * followed through the rewriting of ports and numbers (RFC 1624), so that
 * the new checksum costs no second pass. Since a sum over anything but
 * zeros never folds to 0, the result equals that of a computation from
 * scratch in every case, 0x0000 against 0xFFFF included.
 */
#include "wire/packet.h"

static void follow16(struct masq_pkt *p, uint16_t old_value, uint16_t value)
{
	p->sum += (uint16_t)~old_value;
	p->sum += value;
}

void pkt_l4_put16(struct masq_pkt *p, uint32_t off, uint16_t value)
{
	if (p->is_summed && masq_has(pkt_payload(p), off, 2))
		follow16(p, pkt_l4_get16(p, off), value);
	masq_put16(&p->buf, p->hlen + off, value);
}

void pkt_l4_put32(struct masq_pkt *p, uint32_t off, uint32_t value)
{
	pkt_l4_put16(p, off, (uint16_t)(value >> 16));
	pkt_l4_put16(p, off + 2, (uint16_t)value);
}

uint64_t pkt_sum(struct masq_pkt *p)
{
	if (!p->is_summed) {
		p->sum = masq_sum(pkt_payload(p));
		p->is_summed = true;
	}
	return p->sum;
}

uint16_t pkt_header_sum(const struct masq_pkt *p, uint32_t off, uint32_t n)
{
	return masq_fold(masq_sum(masq_slice(pkt_view(p), off, n)));
}

void pkt_finish_ip(struct masq_pkt *p)
{
	masq_put16(&p->buf, IP_O_SUM, 0);
	masq_put16(&p->buf, IP_O_SUM, (uint16_t)~pkt_header_sum(p, 0, p->hlen));
}

/* Sum of the first len octets of the payload. */
static uint64_t sum_of(struct masq_pkt *p, uint32_t len)
{
	if (len == pkt_payload_len(p))
		return pkt_sum(p);
	return masq_sum(masq_slice(pkt_payload(p), 0, len));
}

static uint64_t pseudo_of(const struct masq_pkt *p, uint32_t len)
{
	return masq_sum_pseudo(pkt_saddr(p), pkt_daddr(p), pkt_proto(p), len);
}

bool pkt_l4_good(struct masq_pkt *p, uint32_t len)
{
	return masq_fold(sum_of(p, len) + pseudo_of(p, len)) == 0xffff;
}

void pkt_finish_l4(struct masq_pkt *p, uint32_t len)
{
	const bool is_udp = pkt_proto(p) == PROTO_UDP;
	const uint32_t at = is_udp ? UDP_O_SUM : TCP_O_SUM;
	uint16_t sum;

	/*
	 * CORE-CSUM-06: a TCP header said to be shorter than 20 octets ends
	 * before its checksum field, whose old value then counts as payload.
	 */
	if (is_udp || pkt_l4_get8(p, TCP_O_DOFF) >> 4 >= 5)
		pkt_l4_put16(p, at, 0);
	sum = (uint16_t)~masq_fold(sum_of(p, len) + pseudo_of(p, len));
	if (is_udp && sum == 0)
		sum = 0xffff;
	pkt_l4_put16(p, at, sum);
}

bool pkt_icmp_good(struct masq_pkt *p)
{
	return masq_fold(pkt_sum(p)) == 0xffff;
}

void pkt_finish_icmp(struct masq_pkt *p)
{
	pkt_l4_put16(p, ICMP_O_SUM, 0);
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
	masq_put16(b, IP_O_LEN, (uint16_t)b->len);
	p->is_summed = false;
	return MASQ_OK;
}
