/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - the bounds gate: the only way to read and write packet octets
 *
 * A view is a read-only window on octets, a buf a writable one. Offsets and
 * lengths count octets. Values are host order outside, network order (big
 * endian) in the window.
 *
 * The readers are total: what lies beyond the end reads as zero, which is
 * also what the recorded captures of Linux 2.2 assume of the memory behind a
 * packet. The writers ignore what lies beyond the end. So a caller checks a
 * length where a rule asks for it, and nowhere else.
 */
#ifndef MASQ_WIRE_H
#define MASQ_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MASQ_RARE __attribute__((cold, noinline))

/* Read-only octets, not owned. */
struct masq_view {
	const uint8_t *data;
	uint32_t len;
};

/* Writable octets, not owned: len in use, cap there. len <= cap. */
struct masq_buf {
	uint8_t *data;
	uint32_t len;
	uint32_t cap;
};

static inline struct masq_view masq_view_of(const struct masq_buf *b)
{
	return (struct masq_view){.data = b->data, .len = b->len};
}

/* Does the window hold n octets at off? Cannot overflow. */
static inline bool masq_has(struct masq_view v, uint32_t off, uint32_t n)
{
	return off <= v.len && n <= v.len - off;
}

/* The window from off on; empty if off lies beyond the end. */
static inline struct masq_view masq_from(struct masq_view v, uint32_t off)
{
	if (off >= v.len)
		return (struct masq_view){.data = v.data, .len = 0};
	return (struct masq_view){.data = v.data + off, .len = v.len - off};
}

/* At most n octets from off on. */
static inline struct masq_view masq_slice(struct masq_view v, uint32_t off,
					  uint32_t n)
{
	struct masq_view s = masq_from(v, off);

	if (s.len > n)
		s.len = n;
	return s;
}

static inline uint8_t masq_get8(struct masq_view v, uint32_t off)
{
	return off < v.len ? v.data[off] : 0;
}

/* What the end of the window cuts; rare, so not a part of each caller. */
MASQ_RARE uint16_t masq_get16_cut(struct masq_view v, uint32_t off);
MASQ_RARE uint32_t masq_get32_cut(struct masq_view v, uint32_t off);

static inline uint16_t masq_get16(struct masq_view v, uint32_t off)
{
	uint8_t b[2];

	if (!masq_has(v, off, 2))
		return masq_get16_cut(v, off);
	memcpy(b, v.data + off, 2);
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t masq_get32(struct masq_view v, uint32_t off)
{
	uint8_t b[4];

	if (!masq_has(v, off, 4))
		return masq_get32_cut(v, off);
	memcpy(b, v.data + off, 4);
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

/* Are the n octets at off there and equal to text? */
static inline bool masq_equal(struct masq_view v, uint32_t off,
			      const void *text, uint32_t n)
{
	return masq_has(v, off, n) && memcmp(v.data + off, text, n) == 0;
}

/* Where the first octet value at or after off is; v.len if nowhere. */
static inline uint32_t masq_find8(struct masq_view v, uint32_t off,
				  uint8_t value)
{
	const uint8_t *at;

	if (off >= v.len)
		return v.len;
	at = memchr(v.data + off, value, v.len - off);
	return at == NULL ? v.len : (uint32_t)(at - v.data);
}

/*
 * Where, at or after off, an octet is first and the next one second or other,
 * case of ASCII letters ignored (the arguments are in lower case); v.len if
 * nowhere. May also stop where an octet differs from a letter in bit 5 only.
 */
uint32_t masq_find_pair(struct masq_view v, uint32_t off, uint8_t first,
			uint8_t second, uint8_t other);

static inline void masq_put8(struct masq_buf *b, uint32_t off, uint8_t value)
{
	if (off < b->len)
		b->data[off] = value;
}

MASQ_RARE void masq_put16_cut(struct masq_buf *b, uint32_t off, uint16_t value);
MASQ_RARE void masq_put32_cut(struct masq_buf *b, uint32_t off, uint32_t value);

static inline void masq_put16(struct masq_buf *b, uint32_t off, uint16_t value)
{
	const uint8_t w[2] = {(uint8_t)(value >> 8), (uint8_t)value};

	if (masq_has(masq_view_of(b), off, 2))
		memcpy(b->data + off, w, 2);
	else
		masq_put16_cut(b, off, value);
}

static inline void masq_put32(struct masq_buf *b, uint32_t off, uint32_t value)
{
	const uint8_t w[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
			      (uint8_t)(value >> 8), (uint8_t)value};

	if (masq_has(masq_view_of(b), off, 4))
		memcpy(b->data + off, w, 4);
	else
		masq_put32_cut(b, off, value);
}

/*
 * Internet checksum arithmetic (RFC 1071). A sum is a ones'-complement sum
 * of big-endian 16-bit words, kept unfolded; add sums, then fold.
 */

/* Sum of the octets; an odd last one counts as the upper half of a word. */
uint64_t masq_sum(struct masq_view v);

/* The same, and copies the octets to out: one pass for both. */
uint64_t masq_copy_sum(uint8_t *out, struct masq_view v);

/* Folds to 16 bits: 0 only for a sum of 0, else 1..0xFFFF. */
static inline uint16_t masq_fold(uint64_t sum)
{
	const uint32_t low = (uint32_t)sum;
	uint32_t s = low + (uint32_t)(sum >> 32);

	s += s < low; /* end-around carry */
	return (uint16_t)((s + (s << 16 | s >> 16)) >> 16);
}

/* A native-order word of the window; at must be inside by 4 octets. */
static inline uint32_t masq_native32(struct masq_view v, uint32_t at)
{
	uint32_t word;

	memcpy(&word, v.data + at, 4);
	return word;
}

/*
 * Folded sum of a header of len octets, a multiple of 4: 0xFFFF if it is
 * good. Swapping the octets of a sum multiplies it by 256 (RFC 1071).
 */
static inline uint16_t masq_header_sum(struct masq_view v)
{
	uint64_t sum = 0;
	uint32_t at = 0;

	if (v.len >= 20) {
		sum = (uint64_t)masq_native32(v, 0) + masq_native32(v, 4) +
		      masq_native32(v, 8) + masq_native32(v, 12) +
		      masq_native32(v, 16);
		at = 20;
	}
	for (; at + 4 <= v.len; at += 4)
		sum += masq_native32(v, at);
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		sum <<= 8;
	return masq_fold(sum);
}

/* Sum of a 32-bit value, as two words. */
static inline uint64_t masq_sum32(uint32_t value)
{
	return (uint64_t)(value >> 16) + (value & 0xffffu);
}

/* Pseudo header of TCP and UDP (RFC 793, 768); len is the segment's. */
static inline uint64_t masq_sum_pseudo(uint32_t saddr, uint32_t daddr,
				       uint8_t proto, uint32_t len)
{
	return masq_sum32(saddr) + masq_sum32(daddr) + proto + masq_sum32(len);
}

#endif /* MASQ_WIRE_H */
