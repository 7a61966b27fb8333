/* SPDX-License-Identifier: Apache-2.0 */
/* pkt_build.c - an IPv4 packet as numbers: put together */
#include <string.h>

#include "packet.h"
#include "run/pkt.h"

/* Sets a stretch of the packet. */
static void put_octets(struct masq_buf *b, uint32_t at, const uint8_t *data,
		       uint32_t len)
{
	if (len > 0 && masq_has(masq_view_of(b), at, len))
		memcpy(b->data + at, data, len);
}

static void put_tcp(const struct run_pkt *p, struct masq_buf *b, uint32_t at)
{
	uint32_t doff = p->doff != RUN_TRUTH ? (uint32_t)p->doff
					     : 5 + p->tcpopt_len / 4;

	masq_put32(b, at + 4, p->seq);
	masq_put32(b, at + 8, p->ack);
	masq_put8(b, at + 12, (uint8_t)(doff << 4));
	masq_put8(b, at + 13, p->flags);
	masq_put16(b, at + 14, p->win);
	masq_put16(b, at + 18, p->urg);
	put_octets(b, at + 20, p->tcpopt, p->tcpopt_len);
}

static void put_transport(const struct run_pkt *p, struct masq_buf *b,
			  uint32_t at)
{
	uint32_t header = run_pkt_header(p);
	int64_t ulen = p->ulen != RUN_TRUTH ? p->ulen : header + p->payload_len;

	if (p->proto == CONF_PROTO_ICMP && !p->plain) {
		masq_put8(b, at, p->type);
		masq_put8(b, at + 1, p->code);
		masq_put32(b, at + 4, p->rest);
	} else if (!p->plain) {
		masq_put16(b, at, p->sport);
		masq_put16(b, at + 2, p->dport);
		if (p->proto == CONF_PROTO_TCP)
			put_tcp(p, b, at);
		else
			masq_put16(b, at + 4, (uint16_t)ulen);
	}
	put_octets(b, at + header, p->payload, p->payload_len);
}

/* The sum over the transport as it stands, folded: 0xffff = right. */
static uint16_t transport_sum(const struct run_pkt *p, struct masq_view v)
{
	uint64_t sum;

	v = conf_summed(p->proto, v);
	sum = masq_sum(v);
	if (p->proto != CONF_PROTO_ICMP)
		sum += masq_sum_pseudo(p->saddr, p->daddr, p->proto, v.len);
	return masq_fold(sum);
}

/*
 * Takes the checksum of the packet that came, if it is as good or as bad as
 * this one is to be.
 */
static bool adopt(const struct run_pkt *p, struct masq_buf *b, uint32_t at,
		  struct masq_view actual)
{
	struct conf_layout ip = conf_layout_of(actual.data, actual.len);
	uint32_t off = run_sum_offset(p->proto);
	uint16_t value = masq_get16(ip.payload, off);
	bool good;

	if (actual.len == 0 || !ip.is_first || ip.proto != p->proto ||
	    !masq_has(ip.payload, off, 2))
		return false;
	if (p->proto == CONF_PROTO_UDP && value == 0)
		return false;
	masq_put16(b, at + off, value);
	good = transport_sum(p, masq_from(masq_view_of(b), at)) == 0xffff;
	return good == (p->csum.kind == CASE_SUM_GOOD);
}

static void put_sum(const struct run_pkt *p, struct masq_buf *b, uint32_t at,
		    struct masq_view actual)
{
	uint32_t off = run_sum_offset(p->proto);
	uint16_t value = 0;

	if (p->plain)
		return;
	if (p->csum.kind == CASE_SUM_VALUE) {
		value = p->csum.value;
	} else if (p->csum.kind != CASE_SUM_NONE) {
		if (adopt(p, b, at, actual))
			return;
		masq_put16(b, at + off, 0);
		value = (uint16_t)~transport_sum(
			p, masq_from(masq_view_of(b), at));
		if (p->csum.kind == CASE_SUM_BAD)
			value ^= 0x1111;
		if (p->proto == CONF_PROTO_UDP && value == 0)
			value = p->csum.kind == CASE_SUM_BAD ? 0x2222 : 0xffff;
	}
	masq_put16(b, at + off, value);
}

/* Leaves of the IP payload only the part that is asked for. */
static bool cut(const struct run_pkt *p, struct masq_buf *b, uint32_t at,
		bool *out_more)
{
	uint32_t all = b->len - at, len = p->part_len;

	*out_more = p->mf;
	if (!p->has_part)
		return true;
	if (p->part_at > all)
		return false;
	if (len > all - p->part_at)
		len = all - p->part_at;
	*out_more = p->mf || p->part_at + len < all;
	memmove(b->data + at, b->data + at + p->part_at, len);
	b->len = at + len;
	return true;
}

static void put_ip_sum(const struct run_pkt *p, struct masq_buf *b,
		       uint32_t header)
{
	struct masq_view v = masq_slice(masq_view_of(b), 0, header);
	uint16_t value;

	masq_put16(b, 10, 0);
	value = (uint16_t)~masq_header_sum(v);
	if (p->ipsum.kind == CASE_SUM_BAD)
		value ^= 0x1111;
	if (p->ipsum.kind == CASE_SUM_VALUE)
		value = p->ipsum.value;
	masq_put16(b, 10, value);
}

static void put_header(const struct run_pkt *p, struct masq_buf *b,
		       uint32_t header, bool more)
{
	uint32_t offset = p->frag + (p->has_part ? p->part_at : 0);
	uint8_t version = p->version != RUN_TRUTH ? (uint8_t)p->version : 4;
	uint8_t ihl = p->ihl != RUN_TRUTH ? (uint8_t)p->ihl
					  : (uint8_t)(header / 4);

	masq_put8(b, 0, (uint8_t)(version << 4 | (ihl & 0xf)));
	masq_put8(b, 1, p->tos);
	masq_put16(b, 2,
		   (uint16_t)(p->len != RUN_TRUTH ? (uint32_t)p->len : b->len));
	masq_put16(b, 4, p->id);
	masq_put16(b, 6,
		   (uint16_t)((p->evil ? 0x8000u : 0) | (p->df ? 0x4000u : 0) |
			      (more ? 0x2000u : 0) | (offset / 8 & 0x1fffu)));
	masq_put8(b, 8, p->ttl);
	masq_put8(b, 9, p->proto);
	masq_put32(b, 12, p->saddr);
	masq_put32(b, 16, p->daddr);
	put_octets(b, 20, p->ipopt, p->ipopt_len);
	put_ip_sum(p, b, header);
}

bool run_pkt_build(const struct run_pkt *p, struct masq_view actual,
		   struct masq_buf *out)
{
	uint32_t header = 20 + p->ipopt_len;
	uint32_t len = header + run_pkt_header(p) + p->payload_len;
	bool more;

	if (len > out->cap)
		return false;
	out->len = len;
	memset(out->data, 0, len);
	put_transport(p, out, header);
	put_sum(p, out, header, actual);
	if (!cut(p, out, header, &more) || out->len > RUN_MAX_PACKET)
		return false;
	put_header(p, out, header, more);
	if (p->trunc != RUN_TRUTH && p->trunc < out->len)
		out->len = (uint32_t)p->trunc;
	return true;
}
