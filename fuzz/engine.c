/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c - any packets, in any order, at any time
 *
 * Property: nothing is read or written that must not be, every invariant
 * holds at every packet, the same input gives the same octets, and long
 * after the last packet nothing is left behind.
 */
#include "common/determinism.h"
#include "common/target.h"

static struct fuzz_player *players;

static bool begin(void)
{
	const struct fuzz_play play = {
		.address = fuzz_engine_address(),
		.is_watched = true,
	};

	return fuzz_players_open(&players, &play);
}

static void run(const uint8_t *data, size_t len)
{
	fuzz_play_twice(players, data, len);
}

const struct fuzz_target fuzz_target = {
	.name = "engine",
	.property = "memory safety, invariants, determinism, quiescence",
	.helper = "",
	.begin = begin,
	.run = run,
};
