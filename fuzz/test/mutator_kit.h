/* SPDX-License-Identifier: Apache-2.0 */
/* mutator_kit.h - a mutator, a seed for it, and what an input does */
#ifndef FUZZ_TEST_MUTATOR_KIT_H
#define FUZZ_TEST_MUTATOR_KIT_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "input.h"
#include "mutator.h"
#include "mutator/work.h"

#define KIT_SIZE 65536u

struct kit {
	struct fuzz_mutator *mutator;
};
int kit_setup(void **state);
int kit_teardown(void **state);

/*
 * A TCP connection, a datagram and a ping, out and back, at the router of
 * variant 0. Nothing of it announces a port.
 */
size_t kit_seed(uint8_t *data, size_t room);
/* So many datagrams. */
size_t kit_many(uint8_t *data, size_t room, unsigned int num);
/* Packets of an input. */
unsigned int kit_count(const uint8_t *data, size_t len);

/* An input is about to be mutated at its end, and has been played. */
void kit_load(struct work *w, const uint8_t *data, size_t len, uint32_t seed);
/* Plays what the work holds now; the counters of the engine. */
struct kit_effect {
	struct masq_stats stats;
	unsigned int num_in;         /* packets from outside */
	unsigned int num_in_through; /* ... that were translated */
};
struct kit_effect kit_play(struct work *w);
/* One mutation by name, on the seed, so many times; the sum of effects. */
struct kit_effect kit_run(struct kit *kit, const char *name,
			  unsigned int times);
const struct mutation *kit_find(const char *name);

#endif /* FUZZ_TEST_MUTATOR_KIT_H */
