/* SPDX-License-Identifier: Apache-2.0 */
/*
 * neighbour.c - which Ethernet address the next hop has
 */
#include <string.h>

#include "router/neighbour.h"

void neighbours_reset(struct neighbours *n)
{
	if (n->num_taken > NEIGHBOUR_NOTED)
		memset(n->learnt, 0, sizeof(n->learnt));
	else
		for (unsigned int i = 0; i < n->num_taken; i++)
			n->learnt[n->taken[i]] = (struct neighbour){0};
	n->num_taken = 0;
}

static uint32_t slot_of(uint32_t addr)
{
	return (addr * 0x9e3779b1u) >> 22;
}

_Static_assert(NEIGHBOUR_SLOTS == 1u << 10, "slot_of() gives 10 bits");

void neighbours_learn(struct neighbours *n, uint32_t addr, const uint8_t mac[6])
{
	const uint32_t at = slot_of(addr);
	struct neighbour *slot = &n->learnt[at];

	if (addr == 0) /* nobody's */
		return;
	if (slot->addr == 0) {
		if (n->num_taken < NEIGHBOUR_NOTED)
			n->taken[n->num_taken] = (uint16_t)at;
		n->num_taken++;
	}
	slot->addr = addr;
	memcpy(slot->mac, mac, 6);
}

const uint8_t *neighbours_find(const struct neighbours *n,
			       const struct masq_config *config, uint32_t addr)
{
	const struct neighbour *slot = &n->learnt[slot_of(addr)];

	for (unsigned int i = 0; i < config->num_neighbours; i++)
		if (config->neighbours[i].addr == addr)
			return config->neighbours[i].mac;
	return slot->addr == addr ? slot->mac : NULL;
}
