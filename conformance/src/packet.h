/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packet.h - where the parts of an IPv4 packet are, whatever it claims
 *
 * Lengths are cut to what is there, so every view lies in the packet.
 */
#ifndef CONFORMANCE_PACKET_H
#define CONFORMANCE_PACKET_H

#include "masq/wire.h"

#define CONF_PROTO_ICMP 1
#define CONF_PROTO_TCP  6
#define CONF_PROTO_UDP  17

struct conf_layout {
	struct masq_view all;     /* the packet with padding */
	struct masq_view header;  /* IP header with options */
	struct masq_view payload; /* of the IP datagram */
	uint32_t header_len;      /* as the header says: IHL x 4 */
	uint32_t total_len;       /* as the header says */
	bool has_header;          /* 20 octets are there */
	bool has_payload;         /* header_len is possible, fits */
	bool is_whole;            /* total_len octets are there */
	bool is_fragment;         /* offset or more-fragments set */
	bool is_first;            /* the transport header begins here */
	uint8_t proto;
	uint32_t saddr, daddr; /* host order */
};

static inline struct conf_layout conf_layout_of(const uint8_t *data,
						uint32_t len)
{
	struct conf_layout p = {.all = {.data = data, .len = len}};
	uint16_t fragment = masq_get16(p.all, 6);

	p.header_len = (uint32_t)(masq_get8(p.all, 0) & 0xf) * 4;
	p.total_len = masq_get16(p.all, 2);
	p.has_header = masq_has(p.all, 0, 20);
	p.has_payload = p.has_header && p.header_len >= 20 &&
			p.total_len >= p.header_len &&
			masq_has(p.all, 0, p.header_len);
	p.is_whole = p.has_payload && masq_has(p.all, 0, p.total_len);
	p.is_fragment = (fragment & 0x3fff) != 0;
	p.is_first = p.has_payload && (fragment & 0x1fff) == 0;
	p.header = masq_slice(p.all, 0, p.has_payload ? p.header_len : 20);
	if (p.has_payload)
		p.payload = masq_slice(p.all, p.header_len,
				       p.total_len - p.header_len);
	p.proto = masq_get8(p.all, 9);
	p.saddr = masq_get32(p.all, 12);
	p.daddr = masq_get32(p.all, 16);
	return p;
}

/* Does a transport checksum over the payload come out right? */
/*
 * RFC 768: the checksum of UDP covers what the UDP length says, not what lies
 * behind it; a length that cannot be stands for all there is.
 */
static inline struct masq_view conf_summed(uint8_t proto,
					   struct masq_view payload)
{
	uint16_t len = masq_get16(payload, 4);

	if (proto == CONF_PROTO_UDP && len >= 8 && len < payload.len)
		payload.len = len;
	return payload;
}

static inline bool conf_transport_sum_good(const struct conf_layout *p)
{
	struct masq_view v = conf_summed(p->proto, p->payload);
	uint64_t sum = masq_sum(v);

	if (p->proto != CONF_PROTO_ICMP)
		sum += masq_sum_pseudo(p->saddr, p->daddr, p->proto, v.len);
	return masq_fold(sum) == 0xffff;
}

#endif /* CONFORMANCE_PACKET_H */
