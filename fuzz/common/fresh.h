/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fresh.h - what libFuzzer knows already, taken from its counters
 *
 * After each execution libFuzzer walks all counters of edges that are not 0,
 * to see whether one is in a range (1, 2, 3, 4-7, 8-15, 16-31, 32-127,
 * 128-255) that it never was in. Nearly always none is, and to find that out
 * costs as much as the engine does. Here counters that are in a range they
 * were in before are set to 0, many at a time, so libFuzzer sees what is new
 * and nothing else.
 *
 * One thing it wants to see the old ones for: an input that is shorter than
 * the one it was made from takes that one's place if it reaches all that was
 * new with it. So some of the shorter inputs are left as they are.
 */
#ifndef FUZZ_FRESH_H
#define FUZZ_FRESH_H

#include <stdint.h>
#include <stddef.h>

/*
 * Reads libFuzzer's command line: what merges corpora, prints coverage or
 * weighs inputs needs all counters, and then nothing is taken away.
 */
void fuzz_fresh_begin(int argc, char **argv);

/* An input of size octets becomes one of new_size, to be executed. */
void fuzz_fresh_mutated(size_t size, size_t new_size);

/* An input of size octets was executed. */
void fuzz_fresh_filter(size_t size);

/*
 * The work itself: num counters, and of each a bit for each range that it was
 * in. The counters that are in such a range become 0, the bits grow.
 */
void fuzz_fresh_take(uint8_t *count, uint8_t *seen, size_t num);

#endif /* FUZZ_FRESH_H */
