/* SPDX-License-Identifier: Apache-2.0 */
/* own.h - how often the router spoke of its own accord (INV-53) */
#ifndef INVARIANTS_OWN_H
#define INVARIANTS_OWN_H

#include <stdbool.h>
#include <stdint.h>

#define OWN_NUM_BUCKETS 2048 /* a power of two */

/* The allowance of one destination. */
struct own_bucket {
	uint32_t daddr, saddr;
	uint8_t tos;
	bool used, is_local;
	uint64_t last;   /* ns */
	uint64_t tokens; /* of 1e9 */
};

struct own_rate {
	struct own_bucket buckets[OWN_NUM_BUCKETS];
	uint16_t in_use[OWN_NUM_BUCKETS / 2]; /* where; num_used of them */
	unsigned int num_used;
	bool overflowed; /* more destinations: nothing is known any more */
};

/* Forgets what was used, which is little of it. */
void inv_own_clear(struct own_rate *rate);

#endif /* INVARIANTS_OWN_H */
