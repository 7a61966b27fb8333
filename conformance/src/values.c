/* SPDX-License-Identifier: Apache-2.0 */
/* values.c - numbers, addresses and nets, read from text */
#include <string.h>

#include "values.h"

struct conf_text conf_text_of(const char *string)
{
	return (struct conf_text){.at = string, .len = strlen(string)};
}

bool conf_text_cut(struct conf_text *rest, char mark,
		   struct conf_text *out_piece)
{
	const char *hit;

	if (rest->at == NULL)
		return false;
	hit = rest->len > 0 ? memchr(rest->at, mark, rest->len) : NULL;
	*out_piece = *rest;
	if (hit == NULL) {
		*rest = (struct conf_text){.at = NULL, .len = 0};
	} else {
		out_piece->len = (size_t)(hit - rest->at);
		rest->at = hit + 1;
		rest->len -= out_piece->len + 1;
	}
	return true;
}

bool conf_text_is(struct conf_text text, const char *string)
{
	return text.len == strlen(string) &&
	       memcmp(text.at, string, text.len) == 0;
}

bool conf_read_number(struct conf_text text, int64_t min, int64_t max,
		      int64_t *out)
{
	bool negative = text.len > 0 && text.at[0] == '-';
	int64_t value = 0;

	if (text.len == (negative ? 1 : 0) || (negative && min >= 0))
		return false;
	for (size_t i = negative ? 1 : 0; i < text.len; i++) {
		char c = text.at[i];

		if (c < '0' || c > '9' || value > INT64_MAX / 10 - 1)
			return false;
		value = value * 10 + (c - '0');
	}
	if (negative)
		value = -value;
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

bool conf_read_addr(struct conf_text text, uint32_t *out)
{
	struct conf_text part;
	uint32_t addr = 0;
	unsigned int num = 0;
	int64_t octet;

	while (conf_text_cut(&text, '.', &part)) {
		if (part.len > 3 || !conf_read_number(part, 0, 255, &octet) ||
		    ++num > 4)
			return false;
		addr = addr << 8 | (uint32_t)octet;
	}
	if (num != 4)
		return false;
	*out = addr;
	return true;
}

bool conf_read_net(struct conf_text text, bool need_len, struct conf_net *out)
{
	struct conf_text addr_text;
	uint32_t addr;
	int64_t len = 32;

	if (!conf_text_cut(&text, '/', &addr_text) ||
	    !conf_read_addr(addr_text, &addr))
		return false;
	if (text.at == NULL ? need_len : !conf_read_number(text, 0, 32, &len))
		return false;
	*out = (struct conf_net){.addr = addr, .len = (uint8_t)len};
	return true;
}

bool conf_read_endpoint(struct conf_text text, uint32_t *out_addr,
			uint16_t *out_port)
{
	struct conf_text addr_text;
	uint32_t addr;
	int64_t port;

	if (!conf_text_cut(&text, ':', &addr_text) || text.at == NULL ||
	    !conf_read_addr(addr_text, &addr) ||
	    !conf_read_number(text, 1, 65535, &port))
		return false;
	*out_addr = addr;
	*out_port = (uint16_t)port;
	return true;
}

/* The value of a hexadecimal digit, or -1. */
static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *hit;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	hit = c != '\0' ? strchr(digits, c) : NULL;
	return hit != NULL ? (int)(hit - digits) : -1;
}

bool conf_read_mac(struct conf_text text, uint8_t out[6])
{
	struct conf_text part;
	uint8_t mac[6];
	unsigned int num = 0;

	while (conf_text_cut(&text, ':', &part)) {
		int high, low;

		if (num == 6 || part.len != 2)
			return false;
		high = hex_digit(part.at[0]);
		low = hex_digit(part.at[1]);
		if (high < 0 || low < 0)
			return false;
		mac[num++] = (uint8_t)(high * 16 + low);
	}
	if (num != 6)
		return false;
	memcpy(out, mac, 6);
	return true;
}

bool conf_read_list(struct conf_text text, struct conf_list *out)
{
	struct conf_list list = {.num_values = 0};
	struct conf_text part;
	int64_t value;

	while (conf_text_cut(&text, ',', &part)) {
		if (list.num_values == CONF_MAX_LIST ||
		    !conf_read_number(part, 0, 65535, &value))
			return false;
		list.values[list.num_values++] = (uint16_t)value;
	}
	*out = list;
	return true;
}

bool conf_read_seconds(struct conf_text text, int64_t max_s, uint64_t *out)
{
	struct conf_text whole;
	int64_t seconds, fraction = 0;

	if (!conf_text_cut(&text, '.', &whole) ||
	    !conf_read_number(whole, 0, max_s, &seconds))
		return false;
	if (text.at != NULL) {
		if (text.len > 9 ||
		    !conf_read_number(text, 0, 999999999, &fraction))
			return false;
		for (size_t i = text.len; i < 9; i++)
			fraction *= 10;
	}
	*out = (uint64_t)seconds * 1000000000u + (uint64_t)fraction;
	return true;
}
