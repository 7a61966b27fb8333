/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checksum.c - Internet checksum arithmetic (RFC 1071)
 *
 * Sums are taken over the octets as native 64-bit words, whose halves are
 * added up, and turned to network order at the end: swapping the octets of
 * a ones'-complement sum multiplies it by 256 (RFC 1071 section 2).
 */
#include "masq/wire.h"

#define NATIVE_IS_LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* A sum in native order as one in network order; 0 stays the only 0. */
static inline uint64_t from_native(uint64_t sum)
{
	sum = (sum >> 32) + (sum & 0xffffffffu);
	return NATIVE_IS_LITTLE ? sum << 8 : sum;
}

static inline uint64_t load64(const uint8_t *data)
{
	uint64_t word;

	memcpy(&word, data, 8);
	return word;
}

static inline uint32_t load32(const uint8_t *data)
{
	uint32_t word;

	memcpy(&word, data, 4);
	return word;
}

static inline uint64_t halves(uint64_t word)
{
	return (word >> 32) + (word & 0xffffffffu);
}

/* The last 0..7 octets, zero-padded, as native words. */
static inline uint64_t sum_tail(const uint8_t *p, uint32_t n)
{
	uint8_t rest[4] = {0};
	uint64_t sum = 0;

	if ((n & 4) != 0) {
		sum += load32(p);
		p += 4;
	}
	if ((n & 2) != 0) {
		rest[0] = *p++;
		rest[1] = *p++;
		sum += load32(rest);
		rest[0] = rest[1] = 0;
	}
	if ((n & 1) != 0) {
		rest[0] = *p;
		sum += load32(rest);
	}
	return sum;
}

uint64_t masq_sum(struct masq_view v)
{
	const uint8_t *p = v.data;
	uint32_t n = v.len;
	uint64_t a = 0, b = 0, c = 0, d = 0;

	/* Four independent sums: compilers turn them into vector code. */
	for (; n >= 32; n -= 32, p += 32) {
		a += halves(load64(p));
		b += halves(load64(p + 8));
		c += halves(load64(p + 16));
		d += halves(load64(p + 24));
	}
	for (; n >= 8; n -= 8, p += 8)
		a += halves(load64(p));
	return from_native(a + b + c + d + sum_tail(p, n));
}

uint64_t masq_copy_sum(uint8_t *out, struct masq_view v)
{
	const uint8_t *p = v.data;
	uint32_t n = v.len;
	uint64_t a = 0, b = 0, c = 0, d = 0;

	for (; n >= 32; n -= 32, p += 32, out += 32) {
		uint64_t w[4];

		memcpy(w, p, 32);
		memcpy(out, w, 32);
		a += halves(w[0]);
		b += halves(w[1]);
		c += halves(w[2]);
		d += halves(w[3]);
	}
	for (; n >= 8; n -= 8, p += 8, out += 8) {
		uint64_t w = load64(p);

		memcpy(out, &w, 8);
		a += halves(w);
	}
	if (n != 0)
		memcpy(out, p, n);
	return from_native(a + b + c + d + sum_tail(p, n));
}
