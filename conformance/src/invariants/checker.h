/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checker.h - what the parts of the checker share
 *
 * Theory of operation. The stimulus and its results are collected; when all
 * are there, step.c puts them together: fragments are reassembled on both
 * sides, each result is either the stimulus sent on, or the router's own
 * message about it, or neither. Then each family of invariants looks at the
 * pairs. The shadow table learns from what was translated. Wherever the
 * packets cannot decide, nothing is said.
 */
#ifndef INVARIANTS_CHECKER_H
#define INVARIANTS_CHECKER_H

#include "conformance/invariants.h"
#include "conformance/results.h"
#include "list.h"
#include "own.h"
#include "packet.h"
#include "reassembly.h"
#include "shadow.h"

#define SECOND UINT64_C(1000000000) /* ns */

/* TCP flags in octet 13 (RFC 793 section 3.1). */
#define FLAG_FIN 0x01u
#define FLAG_SYN 0x02u
#define FLAG_RST 0x04u
#define FLAG_ACK 0x10u
#define FLAG_URG 0x20u

/* A packet, or a datagram that was put together from its fragments. */
struct inv_datagram {
	struct conf_layout ip;
	bool is_joined;           /* from more than one fragment */
	bool is_piece;            /* a fragment that stands for itself */
	uint8_t min_ttl, max_ttl; /* of the fragments */
};

/* Ports, or id and query type of ICMP (CORE-ICQ-02), of a packet. */
struct inv_flow {
	uint8_t proto;
	bool known;    /* else the ports are not there, or mean nothing */
	bool is_query; /* ICMP: the id stands in sport */
	uint32_t saddr, daddr;
	uint16_t sport, dport;
};

enum inv_direction {
	INV_PLAIN = 0, /* no address was changed */
	INV_OUT,       /* the source was */
	INV_IN,        /* the destination was; perhaps both */
};

/* A stimulus that was sent on, and what became of it. */
struct inv_pair {
	enum conf_side from, to;
	enum inv_direction direction;
	struct inv_datagram p, q;
	struct inv_flow before, after;
	bool is_error;  /* ICMP 3, 4, 5, 11, 12: it quotes a packet */
	bool is_helped; /* a helper may have changed the payload */
	bool was_grown; /* q left in fragments that p did not come in */
};

/* A bit for each port. */
struct inv_ports {
	uint64_t tcp[1024], udp[1024];
};

/* Who was refused where nothing was known to wait for him. */
struct inv_claim {
	uint8_t proto;
	uint16_t peer_port;
	uint32_t peer;
};
#define INV_MAX_CLAIMS 16

struct conf_checker {
	struct conf_settings settings;
	uint64_t quirks;
	struct inv_ports helper_ports;
	conf_violation_fn *on_violation;
	void *ctx;
	bool is_on[NUM_INV];
	bool is_excused[NUM_EX]; /* rows of the table of exceptions */

	/* The step at hand. */
	bool has_stimulus;
	struct conf_packet stimulus; /* data is octets below */
	uint8_t *octets;
	struct conf_results results;
	uint64_t num_stimuli;
	uint64_t now;
	struct conf_seen seen;
	struct inv_datagram p; /* the stimulus, joined if it completes */
	bool p_known;          /* false: a fragment, datagram not known */

	struct inv_reassembly in, out;
	bool has_left; /* fragments were sent in this step */
	bool has_cut;  /* the first of them may be one of a fragment */
	struct inv_pair cut;
	struct shadow shadow;
	struct own_rate rate;
	uint64_t last_fragment; /* when one arrived */
	uint64_t taint_all;     /* a helper may have named any host */
	struct inv_claim claims[INV_MAX_CLAIMS]; /* a ring */
	unsigned int num_claims;                 /* ever */
};

/* Is the exception of that row in force? */
static inline bool inv_excused(const struct conf_checker *c, enum inv_ex ex)
{
	return c->is_excused[ex];
}

/* Reports a violation, if the invariant is on. */
void inv_fail(struct conf_checker *c, enum inv_index index, const char *format,
	      ...) __attribute__((format(printf, 3, 4)));

/* step.c: everything about one stimulus and its results. */
void inv_step(struct conf_checker *c);

/* scene.c: what the settings say about addresses and ports. */
bool inv_in_net(uint32_t addr, const struct conf_net *net);
bool inv_is_inside(const struct conf_checker *c, uint32_t addr);
bool inv_is_own(const struct conf_checker *c, uint32_t addr);
bool inv_is_external(const struct conf_checker *c, uint32_t addr);
/* Do the masquerading rules cover a packet from saddr to daddr? */
bool inv_is_masked(const struct conf_checker *c, uint32_t saddr,
		   uint32_t daddr);
const struct conf_portfw *inv_portfw(const struct conf_checker *c,
				     uint8_t proto, uint32_t addr,
				     uint16_t port);
/* Once, when the settings are there. */
void inv_note_helper_ports(struct conf_checker *c);
/* Is it a port that a loaded helper listens to? */
bool inv_helper_port(const struct conf_checker *c, uint8_t proto,
		     uint16_t port);
bool inv_has_helper(const struct conf_checker *c, enum conf_helper helper);
/* Octets that an IP packet has at most on the link of that side. */
uint16_t inv_mtu_of(const struct conf_checker *c, enum conf_side side);
/* May anybody send from that address? Not: martians, broadcasts. */
bool inv_is_sender(const struct conf_checker *c, uint32_t addr);

/* flow.c */
struct inv_flow inv_flow_of(const struct conf_layout *ip);
/* Of the packet that an ICMP error quotes: quote is from its header on. */
struct inv_flow inv_quoted_flow(struct masq_view quote);
bool inv_is_icmp_error(const struct conf_layout *ip);
uint32_t inv_transport_len(const struct conf_layout *ip);

/* The families. */
void inv_check_emission(struct conf_checker *c,
			const struct conf_result *result,
			const struct conf_layout *q);
void inv_check_addresses(struct conf_checker *c, const struct inv_pair *pair);
void inv_check_header(struct conf_checker *c, const struct inv_pair *pair);
void inv_check_transport(struct conf_checker *c, const struct inv_pair *pair);
void inv_check_sums(struct conf_checker *c, const struct inv_pair *pair);
void inv_check_error(struct conf_checker *c, const struct inv_pair *pair);
void inv_check_mapping(struct conf_checker *c, struct inv_pair *pair);
/*
 * A fragment was translated by itself; a later one as if its payload began
 * with ports (CORE-SUR-A29). The mapping that this makes is as good as any.
 */
void inv_note_piece(struct conf_checker *c, struct inv_pair *pair);
/* A datagram was sent on, but what came is not known. */
void inv_note_unknown(struct conf_checker *c, enum conf_side to,
		      const struct inv_datagram *q);
void inv_check_refused(struct conf_checker *c);
/* May a refused packet of that peer have claimed what a helper announced? */
bool inv_has_claimed(const struct conf_checker *c,
		     const struct shadow_key *inside);
void inv_check_stream(struct conf_checker *c, const struct inv_pair *pair,
		      struct shadow_map *map);
/* A segment was refused that a helper may have changed first. */
void inv_doubt_stream(const struct conf_checker *c, struct shadow_map *map);
/* Its numbers may tell of edits that are not known of this map. */
void inv_forget_stream(const struct conf_checker *c, struct shadow_map *map);
void inv_check_own(struct conf_checker *c, const struct conf_result *result,
		   const struct conf_layout *q);
void inv_check_answer(struct conf_checker *c, const struct conf_layout *q);

/* May the packets of that flow be changed by a helper? */
bool inv_is_helped(struct conf_checker *c, enum inv_direction direction,
		   const struct inv_flow *before, const struct inv_flow *after);

/* "203.0.113.1:61000" */
#define INV_END_SIZE 24
const char *inv_end(char out[INV_END_SIZE], uint32_t addr, uint16_t port);

#endif /* INVARIANTS_CHECKER_H */
