/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.h - the masquerading of Linux 2.2.26: what its parts share
 *
 * nat.c	the four points where the router asks (CORE-PATH-01)
 * outbound.c	F2 for TCP and UDP		inbound.c	L1 for them
 * icmp.c	queries and replies		icmp_error.c	errors, G1
 * life.c	entries: made, used, expired	pool.c		ports
 * tcp.c	states and timeouts		seq.c		shifted numbers
 * stream.c	edited streams			portfw.c	port forwarding
 * hook.c	what helpers call
 * entry.c, wheel.c: table and timers		proc.c		listings
 */
#ifndef MASQ_LINUX22_ENGINE_H
#define MASQ_LINUX22_ENGINE_H

#include "linux22/entry.h"
#include "linux22/stream.h"
#include "linux22/wheel.h"
#include "masq/helper.h"
#include "masq/masq.h"
#include "router/router.h"

/* CORE-PORT-01, -08. */
#define POOL_FIRST     61000u
#define POOL_LAST      65095u
#define POOL_RANGE_END 65096u /* in range when tested, never given out */
#define POOL_SIZE      4096u
#define POOL_FREE      (POOL_SIZE * 10) /* CORE-PORT-02 */

/* Index of a protocol's free counter, as in struct masq_stats. */
enum pool_counter {
	POOL_UDP = 0,
	POOL_TCP,
	POOL_ICMP,
};

/* A port forwarding rule and its turn (CORE-PFW-04). */
struct portfw_rule {
	struct masq_portfw rule;
	uint32_t left; /* uses before it goes to the end */
};

/* A destination for which the pool was found exhausted. */
struct pool_memo {
	struct flow flow;  /* dport is 0 */
	uint32_t removals; /* of the table, then */
	bool valid;
};
#define POOL_MEMOS 64u

#define BINDING_BUCKETS 16u

struct masq_engine {
	struct router router;
	struct table table;
	struct wheel wheel;
	struct masq_stats stats;
	uint64_t quirks;
	uint32_t timeouts[MASQ_NUM_STATES]; /* ticks */
	uint16_t rover;
	uint32_t free_ports[3];
	uint32_t mport_count;
	struct stream_pool *streams; /* NULL with quirk SEQ_PAIR */
	struct pool_memo memos[POOL_MEMOS];

	struct portfw_rule portfw[MASQ_MAX_PORTFW]; /* in list order */
	unsigned int num_portfw;

	/* Bindings by port: heads hold index + 1, newest first. */
	uint8_t binding_heads[BINDING_BUCKETS];
	uint8_t binding_next[MASQ_MAX_BINDINGS];
	uint32_t num_attached[MASQ_MAX_BINDINGS];
};

static inline bool has_quirk(const struct masq_engine *e, uint64_t bit)
{
	return (e->quirks & bit) != 0;
}

static inline uint64_t now_tick(const struct masq_engine *e)
{
	return e->router.tick;
}

/* nat.c */
extern const struct nat_ops linux22_nat;

/* life.c: what a new entry is to be. */
struct entry_spec {
	uint8_t proto;
	uint32_t ia, ma, oa;
	uint16_t ip, op;
	uint16_t mp;    /* demanded with MASQ_MPORT in flags; else 0 */
	uint16_t flags; /* MASQ_NO_DADDR, _NO_DPORT, _NO_SPORT, _MPORT */
};
/* An entry in use by the caller, NULL if there is no port or room. */
struct masq_entry *life_new(struct masq_engine *e,
			    const struct entry_spec *spec);
/* Takes a use: stops the timer. NULL stays NULL. */
struct masq_entry *life_get(struct masq_entry *entry);
/* Gives a use back: the last one restarts the timer (CORE-LKP-04). */
void life_put(struct masq_engine *e, struct masq_entry *entry);
/* Moves the entry to the front of its buckets after a change. */
void life_rehash(struct masq_engine *e, struct masq_entry *entry);
void life_link(struct masq_engine *e, struct masq_entry *parent,
	       struct masq_entry *child);
/* Removes the entry whatever its timer says. */
void life_kill(struct masq_engine *e, struct masq_entry *entry);
/* Expiry (CORE-TMR-04) of all that is due at tick. */
void life_tick(struct masq_engine *e, uint64_t tick);
struct wheel_node *life_node(void *ctx, uint32_t number);

/* pool.c */
void pool_reset(struct masq_engine *e);
unsigned int pool_counter_of(uint8_t proto);
/* A free port for flow (dport is ignored); 0 if there is none. */
uint16_t pool_take(struct masq_engine *e, const struct flow *flow);
static inline bool pool_in_range(uint16_t port)
{
	return port >= POOL_FIRST && port <= POOL_RANGE_END;
}

/* tcp.c */
void state_reset(struct masq_engine *e);
void state_set(const struct masq_engine *e, struct masq_entry *entry,
	       enum masq_state state);
/* Advances the state by a packet (CORE-TCP-03, CORE-UDP-01, ICQ-03). */
void state_packet(const struct masq_engine *e, struct masq_entry *entry,
		  const struct masq_pkt *pkt, bool outbound);

/* outbound.c, inbound.c: TCP and UDP. */
enum nat_verdict outbound_packet(struct masq_engine *e, struct masq_pkt *pkt,
				 uint32_t masq_addr);
enum nat_verdict inbound_packet(struct masq_engine *e, struct masq_pkt *pkt);
/*
 * nat.c: length checks of CORE-OUT-01 and INB-02. NAT_REWRITTEN stands for
 * "go on".
 */
enum nat_verdict check_transport(const struct masq_engine *e,
				 struct masq_pkt *pkt, bool outbound);
/* Who sends a TCP or UDP packet to whom. */
struct flow flow_of(const struct masq_pkt *pkt);
/* Does it carry a checksum? (UDP may carry 0.) */
bool checksum_present(const struct masq_pkt *pkt);
/* Octets that the TCP or UDP checksum covers; 0 = the UDP length lies. */
uint32_t checksum_len(const struct masq_engine *e, const struct masq_pkt *pkt);
/* Verifies it (CORE-OUT-04, INB-05). */
bool checksum_good(const struct masq_engine *e, struct masq_pkt *pkt);
/* Makes transport and IP header checksums (CORE-OUT-11). */
void checksum_finish(const struct masq_engine *e, struct masq_pkt *pkt,
		     bool had_sum);

/* icmp.c, icmp_error.c */
bool icmp_is_query(uint8_t type);
bool icmp_is_reply(uint8_t type);
bool icmp_is_error(uint8_t type);
uint16_t icmp_query_key(uint8_t type, uint8_t code);
uint16_t icmp_reply_key(uint8_t type, uint8_t code);
enum nat_verdict icmp_outbound(struct masq_engine *e, struct masq_pkt *pkt,
			       uint32_t masq_addr);
enum nat_verdict icmp_inbound(struct masq_engine *e, struct masq_pkt *pkt);
enum nat_verdict icmp_error_outbound(struct masq_engine *e,
				     struct masq_pkt *pkt);
enum nat_verdict icmp_error_inbound(struct masq_engine *e,
				    struct masq_pkt *pkt);
void icmp_restore(struct masq_engine *e, struct masq_pkt *quote);

/* portfw.c */
void portfw_reset(struct masq_engine *e);
bool portfw_claims(const struct masq_engine *e, const struct flow *flow);
/* An entry for the first packet, in use; NULL if no rule wants it. */
struct masq_entry *portfw_create(struct masq_engine *e, const struct flow *flow,
				 const struct masq_pkt *pkt);

/* seq.c */
/* Shifts the numbers of a packet before the helper sees it. */
void seq_adjust(const struct masq_engine *e, struct masq_entry *entry,
		struct masq_pkt *pkt, bool outbound);
/* Notes the helper's diff for the segment that had number seq. */
void seq_update(const struct masq_engine *e, struct masq_entry *entry,
		uint32_t seq, int32_t diff, bool outbound);

/* hook.c */
void binding_reset(struct masq_engine *e);
void binding_attach(struct masq_engine *e, struct masq_entry *entry);
/* What the helper made of the packet. */
enum hook_result {
	HOOK_DONE = 0,
	HOOK_REFUSED, /* drop the packet */
	HOOK_STALE,   /* another length but reported unchanged: RA-15 */
};
enum hook_result hook_run(struct masq_engine *e, struct masq_entry *entry,
			  struct masq_pkt *pkt, uint32_t masq_addr,
			  bool outbound);

#endif /* MASQ_LINUX22_ENGINE_H */
