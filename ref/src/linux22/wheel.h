/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wheel.h - a timing wheel: which entries are due at a tick
 *
 * Levels of 64 slots, each level 64 times as coarse as the one below; a
 * word of bits for each level tells which slots hold somebody, so that long
 * quiet times are crossed in a few steps. Nodes are named by number and lie
 * in the array of their owner.
 */
#ifndef MASQ_LINUX22_WHEEL_H
#define MASQ_LINUX22_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

#define WHEEL_LEVELS 8u
#define WHEEL_SLOTS  64u

struct wheel_node {
	uint64_t when;       /* tick it was put in for */
	uint32_t next, prev; /* node numbers, 0 = none */
	uint16_t slot;       /* 1 + level * WHEEL_SLOTS + slot; 0 = out */
};

/* Gives the node of a number; the wheel never sees the owner's array. */
typedef struct wheel_node *wheel_node_fn(void *ctx, uint32_t number);

struct wheel {
	uint64_t now; /* all ticks up to it are done */
	uint64_t used[WHEEL_LEVELS];
	uint32_t heads[WHEEL_LEVELS * WHEEL_SLOTS];
	wheel_node_fn *node;
	void *ctx;
};

void wheel_init(struct wheel *w, wheel_node_fn *node, void *ctx, uint64_t now);
/* Empty again, at tick now: as new, whatever was wrong with it. */
void wheel_reset(struct wheel *w, uint64_t now);

/* Puts a node in for tick when, at the earliest for the next one. */
void wheel_add(struct wheel *w, uint32_t number, uint64_t when);
void wheel_remove(struct wheel *w, uint32_t number);

/* A tick not after the first one with work; UINT64_MAX = no work at all. */
uint64_t wheel_next(const struct wheel *w);

/*
 * Moves to tick, which must not lie beyond wheel_next() or before now, and
 * takes out one node due at it. Returns 0 when there is none left.
 */
uint32_t wheel_take(struct wheel *w, uint64_t tick);

#endif /* MASQ_LINUX22_WHEEL_H */
