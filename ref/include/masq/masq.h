/* SPDX-License-Identifier: Apache-2.0 */
/*
 * masq.h - the reference masquerading engine
 *
 * A router with two interfaces, inside and outside, that masquerades as
 * Linux 2.2.26 did. Packets and the time go in, packets come out; there is
 * no clock, socket, thread, global or random number behind it, and no
 * allocation after masq_engine_new(). The same configuration and the same
 * calls give the same octets on every machine.
 *
 * Addresses and ports are host order numbers (192.168.1.10 = 0xC0A8010A).
 * Times are nanoseconds; the engine works in ticks of 10 ms (floor). Rule
 * ids (CORE-...) refer to the specification listed in ref/README.md.
 */
#ifndef MASQ_MASQ_H
#define MASQ_MASQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "masq/quirk.h"
#include "masq/status.h"

struct masq_engine;
struct masq_helper_ops;

/* The two sides of the NAT (RFC 2663). */
enum masq_side {
	MASQ_SIDE_NONE = 0,
	MASQ_INSIDE = 1,
	MASQ_OUTSIDE = 2,
};

/* How the link layer addressed a frame. */
enum masq_cast {
	MASQ_CAST_HOST = 0, /* unicast to the router */
	MASQ_CAST_BROADCAST,
	MASQ_CAST_MULTICAST,
	MASQ_CAST_OTHER, /* unicast to somebody else */
};

/* A prefix: the addresses whose first len bits are those of addr. */
struct masq_net {
	uint32_t addr; /* host order; bits beyond len are ignored */
	uint8_t len;   /* 0..32; 0 = every address */
};

/* Is addr in net? */
static inline bool masq_net_has(struct masq_net net, uint32_t addr)
{
	return net.len == 0 || (addr ^ net.addr) >> (32 - net.len) == 0;
}

/* One interface of the router. */
struct masq_interface {
	uint32_t addr;  /* the router's address there */
	uint8_t len;    /* prefix length of the attached network, 1..30 */
	uint16_t mtu;   /* octets of IP datagram, 68..65535 (RFC 791) */
	uint8_t mac[6]; /* source of the frames it sends; Ethernet only */
};

/*
 * The masquerading rule: what comes from one of the source nets, goes to
 * dest and leaves outside is masqueraded; everything else is accepted.
 */
#define MASQ_MAX_SOURCES 8
struct masq_rule {
	struct masq_net source[MASQ_MAX_SOURCES];
	unsigned int num_sources; /* 0 = masquerade nothing */
	struct masq_net dest;     /* len 0 = everywhere */
};

/* A port forwarding rule (CORE-PFW-01). */
#define MASQ_MAX_PORTFW 64
struct masq_portfw {
	uint8_t proto;       /* 6 or 17 */
	uint32_t local_addr; /* compared exactly */
	uint16_t local_port; /* 1..60999 */
	uint32_t real_addr;  /* the inside server */
	uint16_t real_port;
	uint32_t preference; /* share of the load, > 0 */
};

/* A static neighbour: the Ethernet address of an on-link host. */
#define MASQ_MAX_NEIGHBOURS 64
struct masq_neighbour {
	uint32_t addr;
	uint8_t mac[6];
};

/*
 * A helper's registration for one port (CORE-APP-01). Later rows are newer:
 * of several rows for one port the last one binds.
 */
#define MASQ_MAX_BINDINGS 96
struct masq_binding {
	const struct masq_helper_ops *ops; /* must outlive the engine */
	const void *options; /* the helper's; must outlive the engine */
	uint16_t port;
	bool inbound; /* match the masquerade port (GEN-07), not op */
};

struct masq_config {
	struct masq_interface inside;
	struct masq_interface outside;
	uint32_t gateway; /* next hop of the default route; 0 = on-link */
	struct masq_rule rule;
	uint64_t quirks; /* MASQ_QUIRK() bits */

	int32_t udp_dloose;       /* CORE-ENT-03; initial sysctl value */
	int32_t always_defrag;    /* CORE-FRAG-03; initial sysctl value */
	uint32_t timeout_tcp;     /* s, ESTABLISHED; 0 = default 900 */
	uint32_t timeout_tcp_fin; /* s, FIN_WAIT; 0 = default 120 */
	uint32_t timeout_udp;     /* s; 0 = default 300 */
	uint64_t uptime;          /* ns since boot at the first packet */
	uint16_t next_port;       /* CORE-PORT-01: first to try, 61000..65095 */
	bool local_answer;        /* the router's own stack answers */

	struct masq_portfw portfw[MASQ_MAX_PORTFW];
	unsigned int num_portfw;
	struct masq_binding bindings[MASQ_MAX_BINDINGS];
	unsigned int num_bindings;
	struct masq_neighbour neighbours[MASQ_MAX_NEIGHBOURS];
	unsigned int num_neighbours;

	uint32_t max_entries;      /* entries in all, 1..2^20 */
	uint32_t max_destinations; /* ICMP rate buckets remembered */
};

/*
 * masq_config_init() sets the default topology: inside 192.168.1.1/24,
 * outside 203.0.113.1/24 with the default route, MTU 1500, rule MASQ for
 * 192.168.1.0/24, up for 300 s, first port 61000, profile linux-2.2, no
 * helpers.
 */
void masq_config_init(struct masq_config *config);

/* A packet that arrived, from its IP header on; padding may follow. */
struct masq_frame {
	enum masq_side side;
	enum masq_cast cast;
	uint64_t now;           /* ns; earlier than before counts as before */
	const uint8_t *data;    /* not changed */
	uint32_t len;           /* octets */
	const uint8_t *src_mac; /* 6 octets, or NULL: not Ethernet */
};

/* A packet that the router sent. Valid during the call that gets it. */
struct masq_result {
	enum masq_side side;    /* leaves by */
	uint64_t now;           /* ns; of the stimulus, or of the tick */
	const uint8_t *data;    /* from the IP header on */
	uint32_t len;           /* octets */
	const uint8_t *dst_mac; /* 6 octets, next hop; NULL = not known */
	bool own_error; /* an ICMP error of the router: its IP id is free */
};

typedef void masq_emit_fn(void *ctx, const struct masq_result *result);

/*
 * masq_engine_new() checks config and takes all memory. The engine is the
 * caller's, to be given to masq_engine_free(); config may go. *out_engine
 * is NULL unless MASQ_OK is returned. Errors: MASQ_ERR_CONFIG, _NOMEM.
 */
enum masq_status masq_engine_new(const struct masq_config *config,
				 struct masq_engine **out_engine)
	MASQ_NODISCARD;

/* Harmless on NULL. */
void masq_engine_free(struct masq_engine *engine);

/* Back to the state after masq_engine_new(); costs what is alive. */
void masq_engine_reset(struct masq_engine *engine);

/*
 * masq_packet() first does what time makes due (as masq_advance()), then
 * gives the frame to the router; emit is called once for each packet sent,
 * in order. Returns what became of the frame: MASQ_DROP_NONE if it (or what
 * it completed) was sent on, else the reason. Never fails.
 */
enum masq_drop masq_packet(struct masq_engine *engine,
			   const struct masq_frame *frame, masq_emit_fn *emit,
			   void *ctx);

/* Lets the time pass: timers up to and including the tick of now fire. */
void masq_advance(struct masq_engine *engine, uint64_t now, masq_emit_fn *emit,
		  void *ctx);

/* CORE-ENT-02, as shown by the kernel. */
enum masq_entry_flag {
	MASQ_NO_DADDR = 0x0001,
	MASQ_NO_DPORT = 0x0002,
	MASQ_NO_SADDR = 0x0004,
	MASQ_NO_SPORT = 0x0008,
	MASQ_DLOOSE = 0x0010,
	MASQ_NO_REPLY = 0x0080,
	MASQ_HASHED = 0x0100,
	MASQ_OUT_SEQ = 0x0200,
	MASQ_IN_SEQ = 0x0400,
	MASQ_MPORT = 0x1000,
};

/* CORE-TCP-02: the codes are the kernel's. */
enum masq_state {
	MASQ_STATE_NONE = 0,
	MASQ_STATE_ESTABLISHED,
	MASQ_STATE_SYN_SENT,
	MASQ_STATE_SYN_RECV,
	MASQ_STATE_FIN_WAIT,
	MASQ_STATE_TIME_WAIT,
	MASQ_STATE_CLOSE,
	MASQ_STATE_CLOSE_WAIT,
	MASQ_STATE_LAST_ACK,
	MASQ_STATE_LISTEN,
	MASQ_STATE_UDP,
	MASQ_STATE_ICMP,
	MASQ_NUM_STATES
};

/* "ESTABLISHED" ...; "?" for a value unknown. */
const char *masq_state_name(enum masq_state state);

/* One entry as others see it. */
struct masq_entry_info {
	uint8_t proto;         /* 6, 17 or 1 */
	enum masq_state state; /* */
	uint16_t flags;        /* enum masq_entry_flag */
	uint32_t inside_addr;  /* IN */
	uint32_t masq_addr;    /* MQ */
	uint32_t peer_addr;    /* OUT */
	uint16_t inside_port;  /* or ICMP id */
	uint16_t masq_port;    /* or ICMP id */
	uint16_t peer_port;    /* or CORE-ICQ-02's number */
	uint32_t out_init;     /* out record of CORE-SEQ-01 */
	int32_t out_delta;     /* octets */
	int32_t out_prev;      /* octets */
	uint32_t in_init;      /* in record */
	int32_t in_delta;      /* octets */
	int32_t in_prev;       /* octets */
	int64_t expires;       /* ticks to go; see armed */
	bool armed;            /* false: no timer runs */
	uint32_t num_children; /* */
	bool is_child;         /* controlled by the parent below */
	uint8_t parent_proto;  /* */
	uint16_t parent_port;  /* masquerade port of the parent */
	uint32_t parent_id;    /* its id; of no entry: 0 */
	uint32_t id;           /* tells entries that are alive apart */
	const char *helper;    /* listing name, or NULL */
};

/*
 * masq_table_each() calls each() for every entry in the order of
 * /proc/net/ip_masquerade (CORE-PROC-03).
 */
typedef void masq_each_fn(void *ctx, const struct masq_entry_info *info);
void masq_table_each(struct masq_engine *engine, masq_each_fn *each, void *ctx);

/* What has happened since open or reset. */
struct masq_stats {
	uint64_t num_packets;           /* stimuli */
	uint64_t num_results;           /* packets sent */
	uint64_t drops[MASQ_NUM_DROPS]; /* stimuli, by reason */
	uint64_t num_created;           /* entries ever made */
	uint64_t num_expired;           /* entries removed by time */
	uint64_t num_children;          /* entries made by helpers */
	uint64_t num_edits;             /* made by helpers in payloads */
	uint64_t num_errors_translated; /* ICMP errors rewritten */
	uint64_t num_own_errors;        /* ICMP errors of the router */
	uint64_t num_joined;            /* datagrams put together */
	uint32_t num_entries;           /* alive */
	uint32_t free_ports[3];         /* UDP, TCP, ICMP; CORE-PORT-02 */
	uint16_t rover;                 /* CORE-PORT-01: next value */
	int32_t always_defrag;          /* CORE-FRAG-03: current value */
	uint32_t held_octets;           /* of fragments, as charged; alive */
	uint32_t held_datagrams;        /* that wait for fragments */
	uint32_t held_edits;            /* of edited streams, alive */
};
void masq_stats_get(const struct masq_engine *engine,
		    struct masq_stats *out_stats);

/*
 * masq_proc_format() writes /proc/net/ip_masquerade (CORE-PROC-01, -02): a
 * header and a line for each entry, 128 octets a line, no terminating zero.
 * Returns the length that the whole listing has; if that is more than cap,
 * only whole lines that fit are written. Call with cap 0 to learn it.
 */
size_t masq_proc_format(struct masq_engine *engine, char *out, size_t cap);

/* Octets of memory per entry, tables included, and in all. */
size_t masq_entry_cost(const struct masq_engine *engine);
size_t masq_engine_cost(const struct masq_engine *engine);

#endif /* MASQ_MASQ_H */
