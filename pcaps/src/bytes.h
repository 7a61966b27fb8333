/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bytes.h - the only way to octets of a capture, and to integers in them
 *
 * struct cap_bytes is what is left to read of a record. Each reader takes
 * from its front, or fails and takes nothing: no header is ever read past
 * the end of the record.
 */
#ifndef PCAPS_BYTES_H
#define PCAPS_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct cap_bytes {
	const uint8_t *at; /* next octet */
	uint32_t left;     /* octets from there to the end */
};

/* Takes n octets; *out is where they are. */
static inline bool cap_bytes_take(struct cap_bytes *bytes, uint32_t n,
				  const uint8_t **out)
{
	if (bytes->left < n)
		return false;
	*out = bytes->at;
	bytes->at += n;
	bytes->left -= n;
	return true;
}

static inline bool cap_bytes_skip(struct cap_bytes *bytes, uint32_t n)
{
	const uint8_t *at;

	return cap_bytes_take(bytes, n, &at);
}

static inline bool cap_bytes_copy(struct cap_bytes *bytes, uint8_t *out,
				  uint32_t n)
{
	const uint8_t *at;

	if (!cap_bytes_take(bytes, n, &at))
		return false;
	memcpy(out, at, n);
	return true;
}

static inline bool cap_bytes_u8(struct cap_bytes *bytes, uint8_t *out)
{
	return cap_bytes_copy(bytes, out, 1);
}

static inline bool cap_bytes_be16(struct cap_bytes *bytes, uint16_t *out)
{
	const uint8_t *at;

	if (!cap_bytes_take(bytes, 2, &at))
		return false;
	*out = (uint16_t)(at[0] << 8 | at[1]);
	return true;
}

static inline bool cap_bytes_be32(struct cap_bytes *bytes, uint32_t *out)
{
	const uint8_t *at;

	if (!cap_bytes_take(bytes, 4, &at))
		return false;
	*out = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
	return true;
}

/* Big endian, as in link headers. */
static inline void cap_put_be16(uint8_t *out, uint16_t value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
}

static inline void cap_put_be32(uint8_t *out, uint32_t value)
{
	cap_put_be16(out, (uint16_t)(value >> 16));
	cap_put_be16(out + 2, (uint16_t)value);
}

/* Little endian, as in the file headers that we write. */
static inline void cap_put_le16(uint8_t *out, uint16_t value)
{
	out[0] = (uint8_t)value;
	out[1] = (uint8_t)(value >> 8);
}

static inline void cap_put_le32(uint8_t *out, uint32_t value)
{
	cap_put_le16(out, (uint16_t)value);
	cap_put_le16(out + 2, (uint16_t)(value >> 16));
}

#endif /* PCAPS_BYTES_H */
