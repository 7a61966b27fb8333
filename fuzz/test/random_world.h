/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random_world.h - the hosts and peers of random traffic, and what they know
 *
 * random_packet.c makes packets, random.c sends them: damaged, in pieces,
 * once more, by the wrong side.
 */
#ifndef FUZZ_RANDOM_WORLD_H
#define FUZZ_RANDOM_WORLD_H

#include "random_text.h"
#include "support.h"

enum {
	NUM_KEPT = 32,
	NUM_FLOWS = 256,
};

struct world {
	void *twin;
	uint64_t random, now;
	bool is_chat; /* mostly connections with helpers */
	struct packet out[NUM_KEPT], in[NUM_KEPT]; /* what left by each side */
	unsigned int num_out, num_in;
	struct packet said[NUM_KEPT]; /* segments, to be repeated */
	enum conf_side said_side[NUM_KEPT];
	unsigned int num_said;
	/* How far the streams of flows are, by a hash of their ends. */
	uint32_t numbers[NUM_FLOWS];
};

static inline uint32_t any(struct world *w, uint32_t below)
{
	return random_any(&w->random, below);
}

static inline bool rarely(struct world *w, uint32_t one_in)
{
	return any(w, one_in) == 0;
}

#define PICK_OF(w, list) (list)[any(w, sizeof(list) / sizeof((list)[0]))]

/* What somebody might send next, and on which side. */
struct packet random_packet(struct world *w, enum conf_side *side);
/* Other octets than text, and numbers that follow each other. */
void random_finish(struct world *w, struct packet *p, enum conf_side side);
/* A segment once more, or a part of it. */
struct packet random_repeat(struct world *w, enum conf_side *side);

#endif /* FUZZ_RANDOM_WORLD_H */
