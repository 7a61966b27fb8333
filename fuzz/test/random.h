/* SPDX-License-Identifier: Apache-2.0 */
/* random.h - random traffic through the twin */
#ifndef FUZZ_RANDOM_H
#define FUZZ_RANDOM_H

#include <stdint.h>

/* Plays num inputs, of seeds first, first + 1, ... */
void random_run(uint64_t first, unsigned int num);

#endif /* FUZZ_RANDOM_H */
