/* SPDX-License-Identifier: Apache-2.0 */
/* determinism.h - an input from its first packet to the quiet behind it */
#ifndef FUZZ_DETERMINISM_H
#define FUZZ_DETERMINISM_H

#include "play.h"

/*
 * Plays the input and lets the time pass; counts what was reached. One input
 * in a few, chosen by its octets, is played a second time and must give the
 * same octets.
 */
void fuzz_play_twice(struct fuzz_player *players, const uint8_t *data,
		     size_t len);

/* From now on all inputs are: files are replayed, and that is no campaign. */
void fuzz_play_all_twice(void);

#endif /* FUZZ_DETERMINISM_H */
