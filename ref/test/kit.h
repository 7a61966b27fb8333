/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit.h - packets through the reference engine, for its tests
 *
 * A kit is an engine with the default topology, the time of the next packet
 * and what the router made of the latest one. Packets are structures
 * (kit_build.c) or one line of text (kit_text.c), results are structures or
 * one line of text (kit_print.c):
 *
 *	expect(k, "C:1025 > S:80 tcp S", "M:61000 > S:80 tcp S");
 *
 * The octets of everything sent are checked: length, header checksum, and
 * the transport checksum unless the test says that it is to be wrong.
 * Mistakes of a test end it at once.
 */
#ifndef REF_TEST_KIT_H
#define REF_TEST_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "masq/masq.h"
#include "masq/wire.h"

#define IP4(a, b, c, d)                                                        \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 |      \
	 (uint32_t)(d))

/* The hosts of core-vectors.md; their letters stand for them in text. */
#define ADDR_C  IP4(192, 168, 1, 10)  /* C: client */
#define ADDR_R  IP4(192, 168, 1, 1)   /* R: router, inside */
#define ADDR_M  IP4(203, 0, 113, 1)   /* M: router, outside */
#define ADDR_S  IP4(198, 51, 100, 7)  /* S: server */
#define ADDR_S2 IP4(198, 51, 100, 8)  /* S2: another */
#define ADDR_GW IP4(203, 0, 113, 254) /* default router */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	TICK_MS = 10,
	KIT_MAX_RESULTS = 64,
	KIT_MAX_TEXT = 4096,
	KIT_MAX_PACKET = 65535
};

/* TCP flags; the engine's own names are not used by tests. */
enum {
	F_FIN = 0x01,
	F_SYN = 0x02,
	F_RST = 0x04,
	F_PSH = 0x08,
	F_ACK = 0x10,
	F_URG = 0x20
};

/* A packet to be made. Zeros mean what the comments say. */
struct kit_packet {
	uint32_t src, dst;
	uint8_t proto;
	uint16_t sport, dport; /* TCP, UDP */
	uint32_t seq, ack;     /* TCP */
	uint8_t flags;         /* TCP */
	uint8_t doff;          /* TCP: data offset + 1; 0 = the right one */
	uint8_t type, code;    /* ICMP */
	uint16_t id;           /* ICMP identifier (upper half of rest) */
	uint32_t rest;         /* ICMP: its second word, else */
	uint8_t tos;
	uint8_t ttl;             /* 0 = 64 */
	bool ttl_0;              /* TTL 0 */
	uint16_t ip_id;          /* 0 = 1 */
	uint16_t frag;           /* the whole field */
	const void *ip_options;  /* */
	uint32_t ip_options_len; /* multiple of 4 */
	const void *options;     /* TCP */
	uint32_t options_len;    /* multiple of 4 */
	const void *payload;     /* NULL = a pattern of payload_len octets */
	uint32_t payload_len;
	uint16_t udp_len; /* 0 = the right one */
	bool has_sum;     /* take sum for the transport checksum */
	uint16_t sum;     /* */
	bool bad_sum;     /* add one to the right transport checksum */
	bool bare;        /* the payload alone, no transport header */
};

/* A packet that the router sent, taken apart. */
struct kit_result {
	enum masq_side side;
	uint64_t now;
	uint8_t proto, ttl, tos, flags, type, code;
	uint16_t ip_id, frag;
	uint32_t src, dst, hlen;
	uint16_t sport, dport, id; /* id: ICMP identifier */
	uint32_t seq, ack, rest;   /* rest: ICMP second word */
	struct masq_view packet;   /* from the IP header on */
	struct masq_view segment;  /* from the transport header on */
	struct masq_view payload;  /* behind it; ICMP: behind 8 octets */
	bool own_error;
	bool has_mac;
	uint8_t mac[6];
};

struct kit {
	struct masq_engine *engine;
	struct masq_config config; /* as opened */
	uint64_t now;              /* ns; of the next packet */
	const uint8_t *src_mac;    /* of the next packets */
	bool lax;                  /* results may have wrong checksums */
	enum masq_drop drop;       /* of the latest packet */
	struct kit_result results[KIT_MAX_RESULTS];
	unsigned int num_results; /* since the latest packet */
	uint8_t *store;           /* octets of the results */
	uint32_t stored;
	char text[KIT_MAX_TEXT];  /* of kit_text() */
	char table[KIT_MAX_TEXT]; /* of kit_table() */
};

/* ---- life ------------------------------------------------------------ */

/* The default configuration, smaller tables. */
void kit_config(struct masq_config *config);
struct kit *kit_open(const struct masq_config *config);
/* With the default configuration. */
struct kit *kit_new(void);
/* With all quirks but these. */
struct kit *kit_new_without(uint64_t quirks);
/* A router that answers for itself. */
struct kit *kit_new_answering(void);
void kit_close(struct kit *k);

/* Lets milliseconds pass; what is sent meanwhile are the results. */
void kit_wait(struct kit *k, uint64_t ms);

/* ---- packets --------------------------------------------------------- */

/* Makes the packet in out (of KIT_MAX_PACKET octets); returns its length. */
uint32_t kit_build(const struct kit_packet *p, uint8_t *out);
/* The right IP header checksum for the octets. */
void kit_fix_ip_sum(uint8_t *data, uint32_t len);

/* These send one packet and return the first result, or NULL. */
const struct kit_result *kit_raw(struct kit *k, enum masq_side side,
				 enum masq_cast cast, const uint8_t *data,
				 uint32_t len);
const struct kit_result *kit_packet(struct kit *k, enum masq_side side,
				    const struct kit_packet *p);
/* Hexadecimal; the side is that of its source address. */
const struct kit_result *kit_hex(struct kit *k, const char *hex);

/*
 * kit_parse() makes a packet of text: SRC[:PORT] > DST[:PORT] PROTO WORD...
 * PROTO is tcp, udp, icmp or a number. Words: TCP flags of SAFRPU or "."
 * for none; ICMP TYPE/CODE; and, each with a number: id, seq, ack, doff,
 * rest, ttl, tos, ipid, off (octets), len (payload), udplen, sum, quote
 * (octets of the packet in [brackets], 28); badsum, df, mf, bare (no
 * transport header), zero (octets), bcast, mcast, other (how the frame is
 * addressed), inside, outside (where it arrives; else by its source). What
 * follows a | is payload. Returns the length.
 */
struct kit_line {
	enum masq_side side;
	enum masq_cast cast;
	uint8_t data[KIT_MAX_PACKET];
	uint32_t len;
};
void kit_parse(const char *text, struct kit_line *out);
const struct kit_result *kit_send(struct kit *k, const char *text);

/* ---- results --------------------------------------------------------- */

/*
 * What became of the latest packet: "drop NAME" or "local" if it was not
 * sent on, and the packets sent: SRC[:PORT] > DST[:PORT] PROTO, TCP flags
 * or ICMP type/code and "id N" of a query, the quoted packet of an error in
 * brackets, @OFFSET and + (more) for a fragment. All joined by "; ".
 */
const char *kit_text(struct kit *k);

/* Sends a packet; compares what became of it. */
#define expect(k, packet, outcome)                                             \
	kit_expect(k, packet, outcome, __FILE__, __LINE__)
void kit_expect(struct kit *k, const char *packet, const char *outcome,
		const char *file, int line);

/* The octets sent in, the octets sent out (one packet); hexadecimal. */
#define expect_hex(k, in, out) kit_expect_hex(k, in, out, __FILE__, __LINE__)
void kit_expect_hex(struct kit *k, const char *in, const char *out,
		    const char *file, int line);

/* ---- entries --------------------------------------------------------- */

/*
 * The entries in listing order: "tcp C:1025 M:61000 S:80 SYN_SENT 12000",
 * joined by "; ". The last number counts ticks.
 */
const char *kit_table(struct kit *k);
#define expect_table(k, text)                                                  \
	_assert_string_equal(kit_table(k), text, __FILE__, __LINE__)

/* The newest entry of that port; false if there is none. */
bool kit_entry(struct kit *k, uint8_t proto, uint16_t masq_port,
	       struct masq_entry_info *out);
unsigned int kit_num_entries(struct kit *k);
struct masq_stats kit_stats(const struct kit *k);

/* ---- chance ---------------------------------------------------------- */

/* A deterministic sequence: advances *state, any seed will do. */
uint64_t kit_random(uint64_t *state);
/* 0..limit-1. */
uint32_t kit_below(uint64_t *state, uint32_t limit);

#endif /* REF_TEST_KIT_H */
