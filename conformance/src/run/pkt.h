/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pkt.h - an IPv4 packet as numbers: taken apart, changed, put together
 *
 * What is built is the whole datagram first, with its checksums; then it is
 * cut into the part that is asked for. Numbers are host order.
 */
#ifndef RUN_PKT_H
#define RUN_PKT_H

#include "case/model.h"
#include "masq/wire.h"

#define RUN_MAX_PACKET 65535u
#define RUN_TRUTH      (-1) /* of a length field: what is true */

struct run_sum {
	enum case_sum kind;
	uint16_t value;
};

struct run_pkt {
	uint8_t tos, ttl, proto;
	uint16_t id;
	bool evil, df, mf;
	uint32_t frag; /* octets, of the packet as it is */
	uint32_t saddr, daddr;
	uint8_t ipopt[40];
	uint32_t ipopt_len;
	int64_t version, ihl, len; /* RUN_TRUTH, or what is said */
	struct run_sum ipsum;

	/* UDP, TCP, ICMP; plain: neither, the payload is all there is. */
	bool plain;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t win, urg;
	uint8_t tcpopt[40];
	uint32_t tcpopt_len;
	int64_t doff, ulen;
	uint8_t type, code;
	uint32_t rest; /* the second 32 bits of ICMP */
	struct run_sum csum;
	const uint8_t *payload; /* not owned */
	uint32_t payload_len;

	bool has_part;
	uint32_t part_at, part_len; /* octets of the IP payload */
	int64_t trunc;              /* RUN_TRUTH, or octets that are left */
};

/* What a packet has when nothing is said. */
void run_pkt_init(struct run_pkt *pkt, uint8_t proto);

/*
 * Takes a packet apart; payload points into it. False if it is no IPv4
 * packet with a header and payload that are all there.
 */
bool run_pkt_decode(struct run_pkt *out, const uint8_t *data, uint32_t len);

/*
 * Puts it together. actual (len 0 = none): a packet whose checksum is taken
 * where it is as good, or as bad, as it is to be: there are two forms of zero.
 */
bool run_pkt_build(const struct run_pkt *pkt, struct masq_view actual,
		   struct masq_buf *out);

/* Is this a type of ICMP that quotes a packet? */
static inline bool run_icmp_quotes(uint8_t type)
{
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/* Octets of the transport header. */
uint32_t run_pkt_header(const struct run_pkt *pkt);

/* Where the checksum of a protocol stands in its header; 0 = it has none. */
uint32_t run_sum_offset(uint8_t proto);

#endif /* RUN_PKT_H */
