/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - numbers, words and lines of the text protocols */
#include "common/text.h"

struct text_number text_number(struct masq_view v, uint32_t off)
{
	struct text_number n = {0};

	/* What lies beyond the end reads as zero, which is no digit. */
	for (; text_is_digit(masq_get8(v, off + n.len)); n.len++) {
		const uint32_t digit = masq_get8(v, off + n.len) - '0';

		if (n.value > (UINT32_MAX - digit) / 10)
			n.is_overflow = true;
		n.value = n.value * 10 + digit;
	}
	return n;
}

static uint8_t upper(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

bool text_equal_nocase(struct masq_view v, uint32_t off, const char *word,
		       uint32_t n)
{
	if (!masq_has(v, off, n))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		if (upper(masq_get8(v, off + i)) != (uint8_t)word[i])
			return false;
	}
	return true;
}

uint32_t text_line(struct masq_view v, uint32_t off)
{
	const struct masq_view rest = masq_from(v, off);
	const uint8_t *lf = rest.len == 0 ? NULL
					  : memchr(rest.data, '\n', rest.len);

	return lf == NULL ? 0 : (uint32_t)(lf - rest.data) + 1;
}

bool text_is_end(struct masq_view v, uint32_t off)
{
	return text_has(v, off, '\n') || masq_equal(v, off, "\r\n", 2);
}

bool text_may_be_http(struct masq_view v)
{
	/* RFC 9110 section 9, RFC 5789. */
	static const char *const methods[] = {
		"GET ",     "HEAD ",    "POST ",  "PUT ",   "DELETE ",
		"CONNECT ", "OPTIONS ", "TRACE ", "PATCH ",
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		uint32_t n = (uint32_t)strlen(methods[i]);

		if (n > v.len)
			n = v.len;
		if (n != 0 && text_equal_nocase(v, 0, methods[i], n))
			return true;
	}
	return false;
}
