/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find.c - looking for the beginnings of words in payloads
 *
 * Most payloads hold none of the words that a helper looks for, so a scan
 * has to be as cheap as a pass over the octets: blocks are tested as a
 * whole, in a shape that compilers turn into vector code, and looked at
 * octet by octet only where something is.
 */
#include "masq/wire.h"

#define BLOCK 64u

/* ASCII letters without their case; other octets may change too. */
static inline uint8_t lower(uint8_t c)
{
	return c | 0x20;
}

static inline uint8_t is_pair(const uint8_t *p, uint8_t first, uint8_t second,
			      uint8_t other)
{
	const uint8_t is_first = lower(p[0]) == first;
	const uint8_t is_second = lower(p[1]) == second;
	const uint8_t is_other = lower(p[1]) == other;

	/* No short cut: a branch would keep the vector unit out. */
	return (uint8_t)(is_first & (is_second | is_other));
}

uint32_t masq_find_pair(struct masq_view v, uint32_t off, uint8_t first,
			uint8_t second, uint8_t other)
{
	uint32_t at = off;

	while (at < v.len && v.len - at >= 2) {
		const uint8_t *p = v.data + at;
		const uint32_t starts = v.len - at - 1;
		const uint32_t n = starts < BLOCK ? starts : BLOCK;
		uint8_t hit = n < BLOCK;

		if (n == BLOCK)
			for (uint32_t i = 0; i < BLOCK; i++)
				hit |= is_pair(p + i, first, second, other);
		if (hit != 0)
			for (uint32_t i = 0; i < n; i++)
				if (is_pair(p + i, first, second, other))
					return at + i;
		at += n;
	}
	return v.len;
}
