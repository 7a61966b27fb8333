/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c - RFC 3629, and no more than that */
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static bool is_tail(unsigned char octet)
{
	return (octet & 0xc0) == 0x80;
}

/* The length that the first octet announces; 0 = no first octet. */
static size_t length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* Shortest form, no surrogate, not past the end of Unicode. */
static bool is_scalar(uint32_t point, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	return point >= least[len] && point <= 0x10ffff &&
	       (point < 0xd800 || point > 0xdfff);
}

struct rep_char rep_utf8_next(const char *text)
{
	static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	const struct rep_char invalid = {.point = REP_REPLACEMENT, .len = 1};
	unsigned char first = (unsigned char)text[0];
	size_t len = length_of(first);
	uint32_t point = first & masks[len];

	if (first == '\0')
		return (struct rep_char){.valid = true};
	if (len == 0)
		return invalid;
	/* The end of the text is no tail, so this stops in time. */
	for (size_t i = 1; i < len; i++) {
		if (!is_tail((unsigned char)text[i]))
			return invalid;
		point = point << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (!is_scalar(point, len))
		return invalid;
	return (struct rep_char){.point = point, .len = len, .valid = true};
}

bool rep_is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0x9f) ||
	       (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069) || point == 0xfeff ||
	       (point & 0xfffe) == 0xfffe;
}

bool rep_is_xml(uint32_t point)
{
	return point == '\t' || point == '\n' || point == '\r' ||
	       (point >= 0x20 && point != 0xfffe && point != 0xffff);
}

char *rep_utf8_clean(const char *text, bool in_xml)
{
	static const char replacement[] = "\xef\xbf\xbd";
	/* No octet becomes more than three. */
	char *clean = malloc(3 * strlen(text) + 1);
	char *out = clean;
	struct rep_char c;

	if (clean == NULL)
		return NULL;
	for (; (c = rep_utf8_next(text)).len > 0; text += c.len) {
		bool keep = c.valid && (!in_xml || rep_is_xml(c.point));
		size_t len = keep ? c.len : sizeof(replacement) - 1;

		memcpy(out, keep ? text : replacement, len);
		out += len;
	}
	*out = '\0';
	return clean;
}
