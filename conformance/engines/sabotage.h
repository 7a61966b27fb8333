/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sabotage.h - what the faults are made of
 *
 * A fault is a row with functions that stand between the suite and the
 * reference engine: where a stimulus goes in, where a result comes out,
 * where time is told. What a fault has to remember is here too, in fixed
 * room. Offsets count from the IP header.
 */
#ifndef CONFORMANCE_ENGINES_SABOTAGE_H
#define CONFORMANCE_ENGINES_SABOTAGE_H

#include "conformance/sabotage.h"
#include "conformance/settings.h"
#include "engines.h"
#include "masq/wire.h"

#define SAB_MAX_PACKET (65535u + 2048u) /* with link padding */
#define SAB_MAX_FLOWS  256u
#define SAB_MAX_HELD   2048u
#define SAB_HELD_SIZE  (256u * 1024u)

#define SAB_ICMP 1u
#define SAB_TCP  6u
#define SAB_UDP  17u

/* Flags of TCP. */
#define SAB_FIN 0x01u
#define SAB_SYN 0x02u
#define SAB_RST 0x04u
#define SAB_ACK 0x10u
#define SAB_URG 0x20u

/* Offsets in the IP header. */
#define SAB_IP_LEN   2u
#define SAB_IP_ID    4u
#define SAB_IP_FRAG  6u /* flags and fragment offset */
#define SAB_IP_SUM   10u
#define SAB_IP_SRC   12u
#define SAB_IP_DST   16u
#define SAB_DF       0x4000u
#define SAB_MF       0x2000u
#define SAB_FRAG_OFF 0x1fffu

/* A packet that a fault may change. */
struct sab_packet {
	struct conf_packet head; /* data and len are those of b */
	struct masq_buf b;
};

/* An endpoint inside and what stands for it outside. */
struct sab_flow {
	uint8_t proto;
	bool is_marked; /* for the fault */
	uint8_t fins;   /* bit 0: of the host, bit 1: of the peer */
	uint32_t host;  /* inside */
	uint32_t peer;  /* the first one */
	uint16_t host_port;
	uint16_t port; /* outside */
	uint16_t peer_port;
	uint32_t num_out, num_in; /* packets */
};

/* Packets kept until later, in order. */
struct sab_held_packet {
	struct conf_packet head;
	uint8_t src_mac[6], dst_mac[6];
	uint32_t at, len; /* of its octets in data */
};
struct sab_held {
	struct sab_held_packet packets[SAB_MAX_HELD];
	size_t num;
	uint32_t used;
	uint8_t data[SAB_HELD_SIZE];
};

struct sabotage;
struct sab_fault {
	struct conf_sabotage row;
	/* Instead of sab_feed(). p is the fault's to change. */
	enum conf_status (*arrive)(struct sabotage *s, struct sab_packet *p);
	/* Instead of sab_send(). */
	void (*leave)(struct sabotage *s, struct sab_packet *p);
	/* All results of a stimulus are there. */
	void (*done)(struct sabotage *s);
	/* The time that the engine is told, from that since the start. */
	uint64_t (*time)(uint64_t elapsed);
	/* Behind the user's settings. */
	struct conf_setting setting;
};

struct sabotage {
	const struct sab_fault *fault;
	void *ref;
	struct conf_settings settings;

	/* The call in progress. */
	conf_emit_fn *emit;
	void *ctx;
	struct sab_packet seen; /* the stimulus as it came; not to be changed;
				   empty: time passes */
	size_t num_results;     /* that the engine gave */
	uint64_t now;           /* its time */
	uint64_t start;         /* of the first call */
	bool has_started;
	char error[64]; /* of a fault that breaks the engine */

	/* The memory of the fault; all zero after reset. */
	uint32_t count;
	struct sab_flow flows[SAB_MAX_FLOWS];
	size_t num_flows, next_flow;
	uint8_t ports[65536 / 8]; /* a set of ports */

	struct sab_held held;
	uint8_t first[SAB_MAX_PACKET]; /* of seen */
	uint8_t in[SAB_MAX_PACKET];
	uint8_t out[SAB_MAX_PACKET];
};

/* The tables: one for each file. */
struct sab_table {
	const struct sab_fault *faults;
	size_t num;
};
extern const struct sab_table sab_sums;     /* sabotage_sums.c */
extern const struct sab_table sab_header;   /* sabotage_header.c */
extern const struct sab_table sab_ports;    /* sabotage_ports.c */
extern const struct sab_table sab_life;     /* sabotage_life.c */
extern const struct sab_table sab_errors;   /* sabotage_errors.c */
extern const struct sab_table sab_own;      /* sabotage_own.c */
extern const struct sab_table sab_tcp;      /* sabotage_tcp.c */
extern const struct sab_table sab_helper;   /* sabotage_helper.c */
extern const struct sab_table sab_fragment; /* sabotage_fragment.c */
extern const struct sab_table sab_loss;     /* sabotage_loss.c */

/* The first part of a row. */
#define SAB_ROW(id, broken, what)                                              \
	.row = {.name = (id),                                                  \
		.rule = (broken),                                              \
		.text = (what),                                                \
		.profile = "linux-2.2"}
/* Of a fault that is no fault in linux-2.2. */
#define SAB_ROW_FIXED(id, broken, what)                                        \
	.row = {.name = (id),                                                  \
		.rule = (broken),                                              \
		.text = (what),                                                \
		.profile = "linux-2.2-fixed"}

#define SAB_TABLE(rows)                                                        \
	{                                                                      \
		.faults = (rows), .num = sizeof(rows) / sizeof((rows)[0])      \
	}

/* sabotage.c */
enum conf_status sab_feed(struct sabotage *s, const struct sab_packet *p);
void sab_send(struct sabotage *s, const struct sab_packet *p);

/*
 * Is the result the stimulus on its way through, and not a packet that the
 * router made itself?
 */
bool sab_is_through(const struct sabotage *s, const struct sab_packet *p);

/* sabotage_held.c: keeps a copy for later; false if there is no room. */
bool sab_hold(struct sabotage *s, const struct sab_packet *p);
/* Sends what is held, and forgets it. */
void sab_release(struct sabotage *s, bool backwards);

/* sabotage_packet.c: reading. All are total. */
uint8_t sab_get8(const struct sab_packet *p, uint32_t off);
uint16_t sab_get16(const struct sab_packet *p, uint32_t off);
uint32_t sab_get32(const struct sab_packet *p, uint32_t off);
uint32_t sab_ihl(const struct sab_packet *p);
uint32_t sab_total(const struct sab_packet *p); /* without link padding */
uint8_t sab_proto(const struct sab_packet *p);
bool sab_is(const struct sab_packet *p, unsigned int proto); /* whole header */
bool sab_is_fragment(const struct sab_packet *p);
bool sab_is_first(const struct sab_packet *p); /* has the transport header */
/* Where source and destination port are; the id of ICMP queries is both. */
uint32_t sab_source_at(const struct sab_packet *p); /* 0 = it has none */
uint32_t sab_dest_at(const struct sab_packet *p);
uint32_t sab_payload_at(const struct sab_packet *p);
uint8_t sab_flags(const struct sab_packet *p);     /* of TCP, else 0 */
bool sab_is_query(const struct sab_packet *p);     /* ICMP, with an id */
bool sab_is_error(const struct sab_packet *p);     /* ICMP, with a quote */
uint32_t sab_quote_at(const struct sab_packet *p); /* 0 = not an error */
uint32_t sab_quote_l4(const struct sab_packet *p);
uint32_t sab_sum_at(const struct sab_packet *p); /* 0 = it has none */

/*
 * Writing. sab_set*() carry the change to all checksums of the packet itself
 * (not those of a quote), so that a good one stays good and a bad one bad;
 * sab_raw16() carries nothing.
 */
void sab_set8(struct sab_packet *p, uint32_t off, uint8_t value);
void sab_set16(struct sab_packet *p, uint32_t off, uint16_t value);
void sab_set32(struct sab_packet *p, uint32_t off, uint32_t value);
void sab_raw16(struct sab_packet *p, uint32_t off, uint16_t value);
/* Makes lengths and checksums right; for a packet with a new length. */
void sab_recount(struct sab_packet *p);
/* What the checksum should be; the field counts as 0. */
uint16_t sab_transport_sum(const struct sab_packet *p);

/*
 * sabotage_flow.c: flows are learnt from results; the last SAB_MAX_FLOWS are
 * known. NULL = there is none.
 */
void sab_learn(struct sabotage *s, const struct sab_packet *result);
/* That a packet outside belongs to, by the port at off. */
struct sab_flow *sab_flow_outside(struct sabotage *s,
				  const struct sab_packet *p, uint32_t off);
/* That a packet of an inside host belongs to. */
struct sab_flow *sab_flow_inside(struct sabotage *s,
				 const struct sab_packet *p);

#endif /* CONFORMANCE_ENGINES_SABOTAGE_H */
