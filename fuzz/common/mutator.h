/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutator.h - the structure-aware mutator that libFuzzer and AFL++ share
 *
 * It reads an input as a list of stimuli, changes some, and writes it again.
 * To aim at what is there it plays the input on a reference engine of the
 * same variant and looks at the results: which mappings live, what their
 * endpoints, sequence numbers and holes are.
 *
 * Same input, same seed: same result. Nothing is kept from call to call but
 * the engines, that are made once.
 */
#ifndef FUZZ_MUTATOR_H
#define FUZZ_MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuzz_mutator;

/* NULL without memory. What it weighs more: "" or a helper ("ftp"). */
struct fuzz_mutator *fuzz_mutator_new(const char *helper);
void fuzz_mutator_free(struct fuzz_mutator *mutator);

/*
 * Changes the input of len octets at data into one of at most max, in place;
 * returns the new length, never 0. Data that is no capture becomes one.
 */
size_t fuzz_mutate(struct fuzz_mutator *mutator, uint8_t *data, size_t len,
		   size_t max, uint32_t seed);
/* Puts packets of both together into out, of room for max octets. */
size_t fuzz_cross(struct fuzz_mutator *mutator, const uint8_t *a, size_t a_len,
		  const uint8_t *b, size_t b_len, uint8_t *out, size_t max,
		  uint32_t seed);

#endif /* FUZZ_MUTATOR_H */
