/* SPDX-License-Identifier: Apache-2.0 */
/*
 * neighbour.h - which Ethernet address the next hop has
 *
 * Static rows from the configuration, and a table learnt from frames. No
 * ARP is spoken: a next hop never heard of has no address.
 */
#ifndef MASQ_ROUTER_NEIGHBOUR_H
#define MASQ_ROUTER_NEIGHBOUR_H

#include "masq/masq.h"

#define NEIGHBOUR_SLOTS 1024u
#define NEIGHBOUR_NOTED 32u

struct neighbour {
	uint32_t addr; /* 0 = free */
	uint8_t mac[6];
};

/* A cache: a newer neighbour may push an older one out of its slot. */
struct neighbours {
	struct neighbour learnt[NEIGHBOUR_SLOTS];
	uint16_t taken[NEIGHBOUR_NOTED]; /* slots, in order of use */
	unsigned int num_taken;          /* all of them, noted or not */
};

void neighbours_reset(struct neighbours *n);
void neighbours_learn(struct neighbours *n, uint32_t addr,
		      const uint8_t mac[6]);

/* The six octets of addr's address; NULL if it is not known. */
const uint8_t *neighbours_find(const struct neighbours *n,
			       const struct masq_config *config, uint32_t addr);

#endif /* MASQ_ROUTER_NEIGHBOUR_H */
