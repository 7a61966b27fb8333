/* SPDX-License-Identifier: Apache-2.0 */
/* conntrack.h - the kernel's connections, by ctnetlink */
#ifndef NETFILTER_CONNTRACK_H
#define NETFILTER_CONNTRACK_H

#include "conformance/engine.h"

struct nlmsghdr;

/* A connection, by what names it. */
#define NF_MAX_TUPLE 128u
struct nf_flow {
	uint8_t tuple[NF_MAX_TUPLE]; /* attribute CTA_TUPLE_ORIG as it came */
	uint16_t tuple_len;
	uint32_t id;
	uint32_t left; /* s */
	uint32_t set;  /* s, what left was set to here; 0 = never */
	bool gone;
};

#define NF_NUM_TIMEOUTS 3u

/* The connections of a router, and its clock. */
struct nf_conntrack {
	int requests, events; /* descriptors, not owned */
	struct nf_flow *flows;
	size_t num_flows, max_flows;
	uint32_t timeouts[NF_NUM_TIMEOUTS]; /* s, not the kernel's own */
	bool lost;        /* announcements were: dump the table */
	bool has_helpers; /* there may be expectations */
	uint64_t quiet;   /* nf_coarse_clock() after the last packet, ns */
};

/* All that return int return 0 or an errno. */

/* Forgets connections and expectations (conntrack.c). */
int nf_conntrack_flush(struct nf_conntrack *ct);
/* Brings the end of every connection and expectation nearer. */
int nf_conntrack_shift(struct nf_conntrack *ct, uint32_t seconds);
void nf_conntrack_cleanup(struct nf_conntrack *ct);
/* A clock that moves with the ticks of the kernel, ns. */
uint64_t nf_coarse_clock(void);

/* The same for expectations; within nf_conntrack_shift() (expect.c). */
int nf_expect_shift(struct nf_conntrack *ct, uint32_t seconds);

/* The table as text, sorted (dump.c). */
int nf_conntrack_dump(struct nf_conntrack *ct, conf_text_fn *text, void *ctx);

/*
 * A request and its answers (request.c): each message that comes is handed
 * to on_message, until the end of a dump or the acknowledgment of last_seq.
 */
typedef int nf_message_fn(void *ctx, const struct nlmsghdr *message);
int nf_request(int fd, const void *messages, size_t len, uint32_t last_seq,
	       nf_message_fn *on_message, void *ctx);
int nf_route_request(const struct nlmsghdr *message);
/* The head of a message for ctnetlink. */
struct nlmsghdr *nf_put_message(void *at, uint16_t subsystem, uint16_t type,
				uint16_t flags, uint32_t seq);
/* Behind a batch: it does nothing and is acknowledged, with last_seq. */
#define NF_LAST_SEQ UINT32_MAX
struct nlmsghdr *nf_put_last(void *at);

#endif /* NETFILTER_CONNTRACK_H */
