/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoint.c - endpoints in packets: found, and changed
 *
 * A change is carried into every checksum that covers it (RFC 1624), so that
 * a good one stays good and a bad one as bad as it was.
 */
#include "minimize/minimize.h"
#include "packet.h"
#include "run/pkt.h"

/* A packet under change, and the checksums that cover what changes. */
struct patch {
	struct masq_buf b;
	uint32_t sums[3]; /* offsets */
	unsigned int num_sums;
};

static void cover(struct patch *p, uint32_t at)
{
	if (masq_has(masq_view_of(&p->b), at, 2) && p->num_sums < 3)
		p->sums[p->num_sums++] = at;
}

static void put(struct patch *p, uint32_t at, uint16_t value)
{
	struct masq_view v = masq_view_of(&p->b);
	uint16_t old = masq_get16(v, at);

	if (!masq_has(v, at, 2) || old == value)
		return;
	masq_put16(&p->b, at, value);
	for (unsigned int i = 0; i < p->num_sums; i++) {
		uint64_t sum = (uint16_t)~masq_get16(v, p->sums[i]);

		sum += (uint16_t)~old + (uint64_t)value;
		masq_put16(&p->b, p->sums[i], (uint16_t)~masq_fold(sum));
	}
}

static bool is_query(uint8_t type)
{
	return type == 8 || type == 13 || type == 15 || type == 17;
}

static bool is_reply(uint8_t type)
{
	return type == 0 || type == 14 || type == 16 || type == 18;
}

/* Offsets of the ports of the transport at l4, 0 if it has no such port. */
static void port_offsets(struct masq_view v, uint32_t l4, uint8_t proto,
			 uint32_t *source, uint32_t *destination)
{
	uint8_t type = masq_get8(v, l4);

	*source = *destination = 0;
	if (proto == CONF_PROTO_TCP || proto == CONF_PROTO_UDP) {
		*source = l4;
		*destination = l4 + 2;
	} else if (proto == CONF_PROTO_ICMP && is_query(type)) {
		*source = l4 + 4;
	} else if (proto == CONF_PROTO_ICMP && is_reply(type)) {
		*destination = l4 + 4;
	}
}

bool min_ends(const uint8_t *data, uint32_t len, struct min_endpoint *source,
	      struct min_endpoint *destination)
{
	struct conf_layout ip = conf_layout_of(data, len);
	uint32_t from, to;

	*source = (struct min_endpoint){.proto = ip.proto, .addr = ip.saddr};
	*destination = (struct min_endpoint){.proto = ip.proto,
					     .addr = ip.daddr};
	if (!ip.is_first || ip.payload.len < 8)
		return false;
	port_offsets(ip.all, ip.header_len, ip.proto, &from, &to);
	if (from != 0)
		source->port = masq_get16(ip.all, from);
	if (to != 0)
		destination->port = masq_get16(ip.all, to);
	return from != 0 || to != 0;
}

/* Where the quoted packet begins; 0 if there is none. */
static uint32_t quote_offset(const struct conf_layout *ip)
{
	if (!ip->is_first || ip->proto != CONF_PROTO_ICMP ||
	    !run_icmp_quotes(masq_get8(ip->payload, 0)) || ip->payload.len < 28)
		return 0;
	return ip->header_len + 8;
}

bool min_quoted_source(const uint8_t *data, uint32_t len,
		       struct min_endpoint *out)
{
	struct conf_layout ip = conf_layout_of(data, len);
	uint32_t at = quote_offset(&ip), l4, from, to;

	if (at == 0)
		return false;
	l4 = at + (uint32_t)(masq_get8(ip.all, at) & 0xf) * 4;
	out->proto = masq_get8(ip.all, at + 9);
	out->addr = masq_get32(ip.all, at + 12);
	port_offsets(ip.all, l4, out->proto, &from, &to);
	out->port = masq_get16(ip.all, from);
	return from != 0 && masq_has(ip.all, from, 2);
}

/* Covers the transport checksum, if there is one. */
static void cover_transport(struct patch *p, uint32_t l4, uint8_t proto)
{
	uint32_t at = l4 + run_sum_offset(proto);

	if (at == l4 || (proto == CONF_PROTO_UDP &&
			 masq_get16(masq_view_of(&p->b), at) == 0))
		return;
	cover(p, at);
}

void min_set_destination(uint8_t *data, uint32_t len, uint32_t addr,
			 uint16_t port)
{
	struct conf_layout ip = conf_layout_of(data, len);
	struct patch p = {.b = {.data = data, .len = len, .cap = len}};
	uint32_t from, to;

	if (!ip.is_first)
		return;
	port_offsets(ip.all, ip.header_len, ip.proto, &from, &to);
	cover_transport(&p, ip.header_len, ip.proto);
	if (to != 0)
		put(&p, to, port);
	if (ip.proto == CONF_PROTO_ICMP)
		p.num_sums = 0; /* it has no pseudo header */
	cover(&p, 10);
	put(&p, 16, (uint16_t)(addr >> 16));
	put(&p, 18, (uint16_t)addr);
}

/* The checksum of an error changes by as much as the rest did. */
static void carry(struct masq_buf *b, const struct conf_layout *ip,
		  uint16_t before)
{
	uint16_t after = masq_fold(masq_sum(ip->payload));

	if (before != after)
		masq_put16(b, ip->header_len + 2,
			   masq_fold((uint64_t)before + (uint16_t)~after +
				     masq_get16(ip->payload, 2)));
}

void min_set_quoted(uint8_t *data, uint32_t len, uint32_t addr, uint16_t port)
{
	struct conf_layout ip = conf_layout_of(data, len);
	struct patch p = {.b = {.data = data, .len = len, .cap = len}};
	uint32_t at = quote_offset(&ip), l4, from, to;
	uint8_t proto = masq_get8(ip.all, at + 9);
	uint16_t before = masq_fold(masq_sum(ip.payload));

	if (at == 0)
		return;
	l4 = at + (uint32_t)(masq_get8(ip.all, at) & 0xf) * 4;
	port_offsets(ip.all, l4, proto, &from, &to);
	cover_transport(&p, l4, proto);
	if (from != 0)
		put(&p, from, port);
	if (proto == CONF_PROTO_ICMP)
		p.num_sums = 0;
	cover(&p, at + 10);
	put(&p, at + 12, (uint16_t)(addr >> 16));
	put(&p, at + 14, (uint16_t)addr);
	carry(&p.b, &ip, before);
}

struct masq_view min_payload(const uint8_t *data, uint32_t len)
{
	struct conf_layout ip = conf_layout_of(data, len);
	uint32_t header = 8;

	if (!ip.is_first ||
	    (ip.proto != CONF_PROTO_TCP && ip.proto != CONF_PROTO_UDP))
		return (struct masq_view){.data = data, .len = 0};
	if (ip.proto == CONF_PROTO_TCP)
		header = (uint32_t)(masq_get8(ip.payload, 12) >> 4) * 4;
	return masq_from(ip.payload, header);
}

/* Another number for a port, wherever the transport at l4 has it. */
static void rename_ports(struct patch *p, uint32_t l4, uint8_t proto,
			 uint16_t from, uint16_t to)
{
	struct masq_view v = masq_view_of(&p->b);
	uint32_t at[2];

	port_offsets(v, l4, proto, &at[0], &at[1]);
	cover_transport(p, l4, proto);
	for (unsigned int i = 0; i < 2; i++)
		if (at[i] != 0 && masq_get16(v, at[i]) == from)
			put(p, at[i], to);
}

void min_rename(uint8_t *data, uint32_t len, uint16_t from, uint16_t to)
{
	struct conf_layout ip = conf_layout_of(data, len);
	struct patch p = {.b = {.data = data, .len = len, .cap = len}};
	uint32_t at = quote_offset(&ip);
	uint16_t before = masq_fold(masq_sum(ip.payload));

	if (!ip.is_first)
		return;
	if (at == 0) {
		rename_ports(&p, ip.header_len, ip.proto, from, to);
		return;
	}
	rename_ports(&p, at + (uint32_t)(masq_get8(ip.all, at) & 0xf) * 4,
		     masq_get8(ip.all, at + 9), from, to);
	carry(&p.b, &ip, before);
}
