/* SPDX-License-Identifier: Apache-2.0 */
/* rng.h - the mutator's dice: a seed gives the same throws everywhere */
#ifndef FUZZ_MUTATOR_RNG_H
#define FUZZ_MUTATOR_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

/* splitmix64: any seed is a good one. */
static inline uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0..n - 1; 0 if n is 0. */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)((rng_next(r) >> 32) * n >> 32);
}

/* Once in n times. */
static inline bool rng_one_in(struct rng *r, uint32_t n)
{
	return rng_below(r, n) == 0;
}

#define RNG_NUM(list) (sizeof(list) / sizeof((list)[0]))
/* One of an array's elements. */
#define RNG_PICK(r, list) ((list)[rng_below((r), (uint32_t)RNG_NUM(list))])

#endif /* FUZZ_MUTATOR_RNG_H */
