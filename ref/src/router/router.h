/* SPDX-License-Identifier: Apache-2.0 */
/*
 * router.h - the router around a NAT
 *
 * Everything that a packet meets between its arrival and its departure and
 * that is not address translation: receive checks, reassembly, routing, IP
 * options, TTL, MTU, the router's own ICMP errors and answers, the next
 * hop. The NAT behind it is a table of functions, called at the four points
 * of CORE-PATH-01.
 */
#ifndef MASQ_ROUTER_ROUTER_H
#define MASQ_ROUTER_ROUTER_H

#include "masq/masq.h"
#include "router/neighbour.h"
#include "router/rate.h"
#include "wire/packet.h"
#include "wire/reasm.h"

/* What the NAT did with a packet. */
enum nat_verdict {
	NAT_PASS = 0,  /* left alone: the router goes on as without a NAT */
	NAT_REWRITTEN, /* translated */
	NAT_DROP,      /* to be freed; the reason is in pkt->drop */
};

/* The NAT as the router sees it; ctx is the NAT's own. */
struct nat_ops {
	/* L1: a packet for the router itself (CORE-PATH-20 step 3). */
	enum nat_verdict (*local)(void *ctx, struct masq_pkt *pkt);
	/* F1: a forwarded ICMP error that was not de-masqueraded. */
	enum nat_verdict (*error)(void *ctx, struct masq_pkt *pkt);
	/* F2: a packet that the rule masquerades as masq_addr. */
	enum nat_verdict (*outbound)(void *ctx, struct masq_pkt *pkt,
				     uint32_t masq_addr);
	/* G1: gives a packet to be quoted its outside look again. */
	void (*restore)(void *ctx, struct masq_pkt *quote);
	/* Timers: the next tick with work, and that work. */
	uint64_t (*next)(void *ctx);
	void (*tick)(void *ctx, uint64_t now);
};

/* Where a destination lies. */
enum route_kind {
	ROUTE_NONE = 0, /* nowhere: drop */
	ROUTE_LOCAL,    /* the router's own address */
	ROUTE_BROADCAST,
	ROUTE_FORWARD,
};

struct route {
	enum route_kind kind;
	enum masq_side out; /* ROUTE_FORWARD */
	uint32_t next_hop;
	bool redirect;       /* the sender could go there directly */
	enum masq_drop drop; /* ROUTE_NONE: why */
};

/* An attached network, ready for comparing. */
struct attached {
	uint32_t addr; /* the router's own */
	uint32_t net, mask;
};

/* A route that was asked for lately. */
#define ROUTE_CACHE_SIZE 64u /* 6 bits of a hash */
struct cached_route {
	uint32_t saddr, daddr;
	enum masq_side in; /* MASQ_SIDE_NONE = free */
	struct route route;
};

/* Octets of an own ICMP error, RFC 1812 4.3.2.3. */
#define ROUTER_ERROR_MAX 576u

struct router {
	struct masq_config config;
	const struct nat_ops *nat;
	void *nat_ctx;
	struct attached nets[3]; /* by enum masq_side */
	struct cached_route routes[ROUTE_CACHE_SIZE];

	masq_emit_fn *emit; /* during a call only */
	void *emit_ctx;
	uint64_t now;       /* ns, of the stimulus or tick at work */
	uint64_t tick;      /* since boot */
	uint64_t tick_base; /* subtracted from now's tick: boot */
	bool has_started;
	uint64_t next_flush; /* tick of the next route-cache flush */

	int32_t always_defrag; /* CORE-FRAG-03 */
	uint16_t ip_id;        /* of the next datagram made here */
	bool ethernet;         /* frames carry addresses */

	struct reasm *reasm;
	struct rate_table *rate;
	struct neighbours neighbours;
	struct masq_stats *stats;

	struct masq_pkt pkt; /* the one at work */
	struct masq_pkt own; /* an ICMP error or answer being made */
	/* The front of pkt as it came: router_remember(). */
	uint8_t before[ROUTER_ERROR_MAX];
	uint32_t before_len;   /* 0 = not remembered */
	uint8_t *pkt_octets;   /* of pkt, IP_MAX_LEN + slack */
	uint8_t *own_octets;   /* of own, the same */
	uint8_t *piece_octets; /* of a fragment being sent, the same */
};

/* HZ of i386: one tick is 10 ms. */
#define TICK_NS 10000000u

/* Takes all memory. Errors: MASQ_ERR_NOMEM. */
enum masq_status router_init(struct router *r, const struct masq_config *config,
			     const struct nat_ops *nat, void *nat_ctx,
			     struct masq_stats *stats) MASQ_NODISCARD;
void router_cleanup(struct router *r);
void router_reset(struct router *r);

/* receive.c: a frame arrives; returns what became of it. */
enum masq_drop router_receive(struct router *r, const struct masq_frame *frame);

/* clock.c: time passes. */
void router_advance(struct router *r, uint64_t now);

/* route.c: interface data and routing decisions. */
void router_attach(struct router *r);
const struct masq_interface *router_interface(const struct router *r,
					      enum masq_side side);
bool router_is_own(const struct router *r, uint32_t addr);
struct route router_route(const struct router *r, uint32_t daddr);
/* The route of a packet that came in; valid until the next call. */
const struct route *router_route_in(struct router *r, uint32_t saddr,
				    uint32_t daddr, enum masq_side in);
/* The address that the router itself uses towards daddr. */
uint32_t router_preferred(const struct router *r, uint32_t daddr);

/* forward.c, local.c: the two ways on; both set pkt->drop. */
void router_forward(struct router *r, struct masq_pkt *pkt,
		    const struct route *route);
void router_deliver(struct router *r, struct masq_pkt *pkt,
		    const struct route *route);

/* forward.c: sends by an interface, in pieces if its MTU asks for it. */
void router_send(struct router *r, const struct masq_pkt *pkt,
		 const struct route *route, bool own_error);

/* options.c: IP options. */
/*
 * Parses and fills the options on reception. False if the packet is to be
 * dropped (an ICMP parameter problem has been sent where it is due).
 */
bool options_receive(struct router *r, struct masq_pkt *pkt);
/* Fills what is filled on departure and repairs the checksum. */
void options_forward(struct router *r, struct masq_pkt *pkt, uint32_t source);
/*
 * Makes the options of an answer to pkt in out (of 40 octets, padded to a
 * multiple of 4) as sent by source. Returns their length, 0 if none.
 */
uint32_t options_echo(const struct router *r, const struct masq_pkt *pkt,
		      uint32_t source, uint8_t out[40]);
/* Milliseconds since midnight UTC, for timestamps. */
uint32_t router_day_ms(const struct router *r);

/* own.c: what the router sends itself. */
/* An ICMP error about pkt (CORE-RICMP); rest is its second word. */
void router_error(struct router *r, const struct masq_pkt *pkt, uint8_t type,
		  uint8_t code, uint32_t rest);
/*
 * Own errors are to quote pkt as it is now. For packets whose payload a
 * helper may change on their way in.
 */
void router_remember(struct router *r, const struct masq_pkt *pkt);
/* The header of a datagram of the router. */
struct own_header {
	uint32_t source;
	uint32_t dest;
	uint8_t tos;
	uint8_t proto;
	uint32_t payload_len; /* octets */
};
/*
 * Starts such a datagram in r->own, with the options that an answer to pkt
 * carries; its payload is to be written by the caller. Then it is sent.
 */
struct masq_pkt *router_own_begin(struct router *r, const struct masq_pkt *pkt,
				  const struct own_header *header);
void router_own_send(struct router *r, bool own_error);

#endif /* MASQ_ROUTER_ROUTER_H */
