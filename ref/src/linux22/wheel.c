/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wheel.c - a timing wheel: which entries are due at a tick
 *
 * A node lies at the level of the highest bit in which its tick differs
 * from now, so every used slot is ahead of now, and what lies on a lower
 * level is due before everything on a higher one. Reaching a slot of a
 * higher level spreads its nodes over the levels below.
 */
#include <string.h>

#include "linux22/wheel.h"

#define LEVEL_BITS 6u

void wheel_init(struct wheel *w, wheel_node_fn *node, void *ctx, uint64_t now)
{
	w->node = node;
	w->ctx = ctx;
	wheel_reset(w, now);
}

void wheel_reset(struct wheel *w, uint64_t now)
{
	memset(w->heads, 0, sizeof(w->heads));
	memset(w->used, 0, sizeof(w->used));
	w->now = now;
}

static unsigned int level_of(const struct wheel *w, uint64_t when)
{
	const uint64_t differs = when ^ w->now;
	unsigned int level;

	if (differs == 0)
		return 0;
	level = (63u - (unsigned int)__builtin_clzll(differs)) / LEVEL_BITS;
	return level < WHEEL_LEVELS ? level : WHEEL_LEVELS - 1;
}

static unsigned int slot_of(uint64_t when, unsigned int level)
{
	return (when >> (level * LEVEL_BITS)) % WHEEL_SLOTS;
}

static void insert(struct wheel *w, uint32_t number, uint64_t when)
{
	struct wheel_node *n = w->node(w->ctx, number);
	const unsigned int level = level_of(w, when);
	const unsigned int slot = slot_of(when, level);
	const unsigned int at = level * WHEEL_SLOTS + slot;

	n->when = when;
	n->slot = (uint16_t)(at + 1);
	n->prev = 0;
	n->next = w->heads[at];
	if (n->next != 0)
		w->node(w->ctx, n->next)->prev = number;
	w->heads[at] = number;
	w->used[level] |= UINT64_C(1) << slot;
}

void wheel_add(struct wheel *w, uint32_t number, uint64_t when)
{
	insert(w, number, when > w->now ? when : w->now + 1);
}

void wheel_remove(struct wheel *w, uint32_t number)
{
	struct wheel_node *n = w->node(w->ctx, number);
	unsigned int at;

	if (n->slot == 0)
		return;
	at = n->slot - 1u;
	if (n->next != 0)
		w->node(w->ctx, n->next)->prev = n->prev;
	if (n->prev != 0)
		w->node(w->ctx, n->prev)->next = n->next;
	else
		w->heads[at] = n->next;
	if (w->heads[at] == 0)
		w->used[at / WHEEL_SLOTS] &= ~(UINT64_C(1)
					       << (at % WHEEL_SLOTS));
	n->slot = 0;
}

uint64_t wheel_next(const struct wheel *w)
{
	for (unsigned int level = 0; level < WHEEL_LEVELS; level++) {
		const unsigned int shift = level * LEVEL_BITS;
		uint64_t base;

		if (w->used[level] == 0)
			continue;
		base = w->now >> shift & ~(uint64_t)(WHEEL_SLOTS - 1);
		base += (unsigned int)__builtin_ctzll(w->used[level]);
		return base << shift;
	}
	return UINT64_MAX;
}

/* Spreads the slots that begin at now over the levels below. */
static void cascade(struct wheel *w)
{
	/* Slots of a level begin where all bits below it are zero. */
	const uint64_t lowest = w->now & -w->now;
	unsigned int level = level_of(w, w->now ^ lowest);

	for (; level > 0; level--) {
		const unsigned int at = level * WHEEL_SLOTS +
					slot_of(w->now, level);

		while (w->heads[at] != 0) {
			const uint32_t number = w->heads[at];
			const uint64_t when = w->node(w->ctx, number)->when;

			wheel_remove(w, number);
			insert(w, number, when);
		}
	}
}

uint32_t wheel_take(struct wheel *w, uint64_t tick)
{
	uint32_t number;

	if (w->now != tick) {
		w->now = tick;
		cascade(w);
	}
	number = w->heads[slot_of(tick, 0)];
	if (number != 0)
		wheel_remove(w, number);
	return number;
}
