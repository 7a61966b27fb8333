/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checksum.c - Internet checksum arithmetic (RFC 1071)
 *
 * Sums are taken over the octets as native 64-bit words, whose halves are
 * added into two accumulators, and turned to network order at the end: a
 * ones'-complement sum may be byte-swapped as a whole (RFC 1071 section 2).
 */
#include "masq/wire.h"

#define NATIVE_IS_LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* A native-order 16-bit sum in network order. */
static uint64_t from_native(uint64_t sum)
{
	uint16_t folded = masq_fold(sum);

	if (NATIVE_IS_LITTLE)
		return (uint16_t)(folded << 8 | folded >> 8);
	return folded;
}

/* The last 0..7 octets, zero-padded, as a native word. */
static uint64_t tail_word(const uint8_t *data, uint32_t n)
{
	uint64_t word = 0;

	memcpy(&word, data, n);
	return word;
}

static inline uint64_t load64(const uint8_t *data)
{
	uint64_t word;

	memcpy(&word, data, 8);
	return word;
}

static inline uint64_t halves(uint64_t word)
{
	return (word >> 32) + (word & 0xffffffffu);
}

uint64_t masq_sum(struct masq_view v)
{
	const uint8_t *p = v.data;
	uint32_t n = v.len;
	uint64_t a = 0, b = 0, c = 0, d = 0;

	for (; n >= 32; n -= 32, p += 32) {
		a += halves(load64(p));
		b += halves(load64(p + 8));
		c += halves(load64(p + 16));
		d += halves(load64(p + 24));
	}
	for (; n >= 8; n -= 8, p += 8)
		a += halves(load64(p));
	if (n != 0)
		b += halves(tail_word(p, n));
	return from_native(a + b + c + d);
}

uint64_t masq_copy_sum(uint8_t *out, const uint8_t *in, uint32_t n)
{
	uint64_t a = 0, b = 0;

	for (; n >= 16; n -= 16, in += 16, out += 16) {
		uint64_t w[2];

		memcpy(w, in, 16);
		memcpy(out, w, 16);
		a += halves(w[0]);
		b += halves(w[1]);
	}
	if (n >= 8) {
		uint64_t w = load64(in);

		memcpy(out, &w, 8);
		a += halves(w);
		n -= 8;
		in += 8;
		out += 8;
	}
	if (n != 0) {
		uint64_t w = tail_word(in, n);

		memcpy(out, &w, n);
		b += halves(w);
	}
	return from_native(a + b);
}
