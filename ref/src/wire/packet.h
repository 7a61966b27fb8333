/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packet.h - a packet on its way through the router
 *
 * The octets from the IP header on, exactly IP total length of them, in a
 * buffer of the engine. Fields are read and written here and nowhere else;
 * offsets are those of RFC 791, 793, 768 and 792.
 */
#ifndef MASQ_WIRE_PACKET_H
#define MASQ_WIRE_PACKET_H

#include "masq/masq.h"
#include "masq/wire.h"

/* Octets of the largest datagram. */
#define IP_MAX_LEN 65535u

enum ip_proto {
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
};

/* Fragment field bits. */
#define IP_DF     0x4000u
#define IP_MF     0x2000u
#define IP_OFFSET 0x1fffu /* in units of 8 octets */

/* Offsets in the IP header. */
enum ip_offset {
	IP_O_VERSION = 0,
	IP_O_TOS = 1,
	IP_O_LEN = 2,
	IP_O_ID = 4,
	IP_O_FRAG = 6,
	IP_O_TTL = 8,
	IP_O_PROTO = 9,
	IP_O_SUM = 10,
	IP_O_SADDR = 12,
	IP_O_DADDR = 16,
	IP_HEADER_MIN = 20,
	IP_HEADER_MAX = 60,
};

/* Offsets in the transport headers. */
enum l4_offset {
	L4_O_SPORT = 0,
	L4_O_DPORT = 2,
	TCP_O_SEQ = 4,
	TCP_O_ACK = 8,
	TCP_O_DOFF = 12,
	TCP_O_FLAGS = 13,
	TCP_O_SUM = 16,
	TCP_O_URGENT = 18,
	TCP_HEADER_MIN = 20,
	UDP_O_LEN = 4,
	UDP_O_SUM = 6,
	UDP_HEADER = 8,
	ICMP_O_TYPE = 0,
	ICMP_O_CODE = 1,
	ICMP_O_SUM = 2,
	ICMP_O_ID = 4,
	ICMP_HEADER = 8,
};

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
};

enum icmp_type {
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_QUENCH = 4,
	ICMP_REDIRECT = 5,
	ICMP_ECHO = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER = 12,
	ICMP_TIMESTAMP = 13,
	ICMP_TIMESTAMP_REPLY = 14,
	ICMP_INFO = 15,
	ICMP_INFO_REPLY = 16,
	ICMP_MASK = 17,
	ICMP_MASK_REPLY = 18,
};

/*
 * Where the options of a packet are, as parsed on reception: offsets from
 * the start of the IP header, 0 = not there.
 */
struct ip_options {
	uint8_t rr;     /* record route */
	uint8_t ts;     /* timestamp */
	bool rr_filled; /* the router's address was put in the slot */
	bool ts_filled; /* a slot of the timestamp was used */
	bool ts_addr;   /* ... with the router's address */
	bool changed;   /* the header checksum is stale */
	bool known;     /* parsed and still valid: CORE-PATH-42 */
};

struct masq_pkt {
	struct masq_buf buf;   /* len = IP total length */
	uint32_t hlen;         /* octets of IP header */
	uint32_t saddr, daddr; /* what the header says: pkt_parse() */
	uint8_t proto;
	enum masq_side in;
	enum masq_cast cast;
	bool demasqueraded; /* CORE-PATH-20: L1 rewrote it */
	bool routed;        /* the router knows its way; FRAG-06 */
	bool is_summed;     /* sum below is that of the IP payload */
	bool has_pseudo;    /* ... and of the pseudo header */
	uint64_t sum;       /* unfolded, network order */
	bool is_ip_summed;  /* ip_sum is that of the IP header ... */
	uint64_t ip_sum;    /* ... without the checksum field, unfolded */
	struct ip_options options;
	enum masq_drop drop; /* why it was not sent on */
};

static inline struct masq_view pkt_view(const struct masq_pkt *p)
{
	return masq_view_of(&p->buf);
}

/* The IP payload. */
static inline struct masq_view pkt_payload(const struct masq_pkt *p)
{
	return masq_from(pkt_view(p), p->hlen);
}

static inline uint32_t pkt_payload_len(const struct masq_pkt *p)
{
	return p->buf.len - p->hlen;
}

static inline uint8_t pkt_get8(const struct masq_pkt *p, uint32_t off)
{
	return masq_get8(pkt_view(p), off);
}

static inline uint16_t pkt_get16(const struct masq_pkt *p, uint32_t off)
{
	return masq_get16(pkt_view(p), off);
}

static inline uint32_t pkt_get32(const struct masq_pkt *p, uint32_t off)
{
	return masq_get32(pkt_view(p), off);
}

static inline uint32_t pkt_saddr(const struct masq_pkt *p)
{
	return p->saddr;
}

static inline uint32_t pkt_daddr(const struct masq_pkt *p)
{
	return p->daddr;
}

static inline uint8_t pkt_proto(const struct masq_pkt *p)
{
	return p->proto;
}

static inline uint16_t pkt_frag(const struct masq_pkt *p)
{
	return pkt_get16(p, IP_O_FRAG);
}

static inline bool pkt_is_fragment(const struct masq_pkt *p)
{
	return (pkt_frag(p) & (IP_MF | IP_OFFSET)) != 0;
}

/* Octets, words of the transport header (off from its start). */
static inline uint8_t pkt_l4_get8(const struct masq_pkt *p, uint32_t off)
{
	return pkt_get8(p, p->hlen + off);
}

static inline uint16_t pkt_l4_get16(const struct masq_pkt *p, uint32_t off)
{
	return pkt_get16(p, p->hlen + off);
}

static inline uint32_t pkt_l4_get32(const struct masq_pkt *p, uint32_t off)
{
	return pkt_get32(p, p->hlen + off);
}

/* A word of a sum changes (RFC 1624). */
static inline void pkt_follow16(uint64_t *sum, uint16_t old_value,
				uint16_t value)
{
	*sum += (uint16_t)~old_value;
	*sum += value;
}

/* Writes a word, an address of the IP header; keeps its sum true. */
static inline void pkt_ip_put16(struct masq_pkt *p, uint32_t off,
				uint16_t value)
{
	pkt_follow16(&p->ip_sum, pkt_get16(p, off), value);
	masq_put16(&p->buf, off, value);
}

static inline void pkt_ip_put32(struct masq_pkt *p, uint32_t off,
				uint32_t value)
{
	const uint64_t change = masq_sum32(~pkt_get32(p, off)) +
				masq_sum32(value);

	p->ip_sum += change;
	p->sum += p->has_pseudo ? change : 0;
	if (off == IP_O_SADDR)
		p->saddr = value;
	else if (off == IP_O_DADDR)
		p->daddr = value;
	masq_put32(&p->buf, off, value);
}

/* Writes a word of the IP payload at an even offset; keeps the sum true. */
static inline void pkt_l4_put16(struct masq_pkt *p, uint32_t off,
				uint16_t value)
{
	if (p->is_summed && masq_has(pkt_payload(p), off, 2))
		pkt_follow16(&p->sum, pkt_l4_get16(p, off), value);
	masq_put16(&p->buf, p->hlen + off, value);
}

static inline void pkt_l4_put32(struct masq_pkt *p, uint32_t off,
				uint32_t value)
{
	pkt_l4_put16(p, off, (uint16_t)(value >> 16));
	pkt_l4_put16(p, off + 2, (uint16_t)value);
}

/*
 * Reads header length, addresses and protocol of a new header: from v, which
 * holds the same octets as the packet. (What has just been copied is slower
 * to read than what it was copied from.)
 */
static inline void pkt_parse(struct masq_pkt *p, struct masq_view v)
{
	p->hlen = (masq_get8(v, IP_O_VERSION) & 0xfu) * 4;
	p->proto = masq_get8(v, IP_O_PROTO);
	p->saddr = masq_get32(v, IP_O_SADDR);
	p->daddr = masq_get32(v, IP_O_DADDR);
}

/* Sum of the IP payload, computed once. */
uint64_t pkt_sum(struct masq_pkt *p);

/* The IP header checksum, from scratch (CORE-CSUM-05). */
void pkt_finish_ip(struct masq_pkt *p);

/* Is the TCP or UDP checksum good (CORE-CSUM-01)? len: octets covered. */
bool pkt_l4_good(struct masq_pkt *p, uint32_t len);

/* A new TCP or UDP checksum over len octets (CORE-CSUM-03). */
void pkt_finish_l4(struct masq_pkt *p, uint32_t len);

/* ICMP: over the whole IP payload. */
bool pkt_icmp_good(struct masq_pkt *p);
void pkt_finish_icmp(struct masq_pkt *p);

/*
 * Replaces old_len octets at off (from the IP header) by len octets and
 * sets the IP total length. Errors: MASQ_ERR_RANGE, MASQ_ERR_TOO_LONG.
 */
enum masq_status pkt_replace(struct masq_pkt *p, uint32_t off, uint32_t old_len,
			     const uint8_t *text, uint32_t len) MASQ_NODISCARD;

/*
 * The next SACK option (RFC 2018) of the TCP header, from *at on: its offset
 * in *at, its length returned; 0 if there is none.
 */
uint32_t pkt_find_sack(const struct masq_pkt *p, uint32_t *at);

#endif /* MASQ_WIRE_PACKET_H */
