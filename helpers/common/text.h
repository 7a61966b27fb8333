/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h - numbers, words and lines of the text protocols
 */
#ifndef HELPERS_COMMON_TEXT_H
#define HELPERS_COMMON_TEXT_H

#include "masq/wire.h"

static inline bool text_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* A number as it stands in a text. */
struct text_number {
	uint32_t value;   /* modulo 2^32 (GEN-27) */
	uint32_t len;     /* digits, 0 = none */
	bool is_overflow; /* it does not fit in 32 bits */
};

/* GEN-27: the longest run of digits at off, which may be empty. */
struct text_number text_number(struct masq_view v, uint32_t off);

/* Is the octet at off there and equal to c? */
static inline bool text_has(struct masq_view v, uint32_t off, uint8_t c)
{
	return off < v.len && masq_get8(v, off) == c;
}

/*
 * As masq_equal(), but letters match in both cases. word is of capital
 * letters, digits and blanks.
 */
bool text_equal_nocase(struct masq_view v, uint32_t off, const char *word,
		       uint32_t n);

/* The length of the line at off, its LF included; 0 if there is no LF. */
uint32_t text_line(struct masq_view v, uint32_t off);

/* Is CR LF or LF at off? */
bool text_is_end(struct masq_view v, uint32_t off);

/*
 * Do these first octets of a stream begin a request of HTTP, or may they
 * when more come? Browsers can be made to talk to any port (GEN-S1).
 */
bool text_may_be_http(struct masq_view v);

#endif /* HELPERS_COMMON_TEXT_H */
