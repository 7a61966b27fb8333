/* SPDX-License-Identifier: Apache-2.0 */
/* names.c - texts for addresses, octets and ICMP numbers */
#include <stdio.h>

#include "conformance/decode.h"

const char *conf_addr_text(char out[CONF_ADDR_SIZE], uint32_t addr)
{
	snprintf(out, CONF_ADDR_SIZE, "%u.%u.%u.%u", addr >> 24,
		 addr >> 16 & 0xff, addr >> 8 & 0xff, addr & 0xff);
	return out;
}

/* Appends one octet, escaped if need be; returns the new length. */
static size_t put_octet(char *out, size_t at, size_t size, uint8_t octet)
{
	char escape = octet == '\r'   ? 'r'
		      : octet == '\n' ? 'n'
		      : octet == '\t' ? 't'
		      : octet == '"'  ? '"'
		      : octet == '\\' ? '\\'
				      : '\0';

	if (escape != '\0')
		return at +
		       (size_t)snprintf(out + at, size - at, "\\%c", escape);
	if (octet >= 0x20 && octet < 0x7f)
		return at + (size_t)snprintf(out + at, size - at, "%c", octet);
	return at + (size_t)snprintf(out + at, size - at, "\\x%02x", octet);
}

size_t conf_quote(char *out, size_t size, const uint8_t *data, uint32_t len)
{
	/* An octet takes 4 characters at most, the end up to 5: "...\0 */
	size_t at = (size_t)snprintf(out, size, "\"");

	for (uint32_t i = 0; i < len; i++) {
		if (at + 4 + 5 > size)
			return at +
			       (size_t)snprintf(out + at, size - at, "\"...");
		at = put_octet(out, at, size, data[i]);
	}
	return at + (size_t)snprintf(out + at, size - at, "\"");
}

const char *conf_icmp_type_name(uint8_t type)
{
	static const char *const names[] = {
		[0] = "echo-reply",         [3] = "unreachable",
		[4] = "source-quench",      [5] = "redirect",
		[8] = "echo-request",       [9] = "router-advertisement",
		[10] = "router-solicit",    [11] = "time-exceeded",
		[12] = "parameter-problem", [13] = "timestamp-request",
		[14] = "timestamp-reply",   [15] = "information-request",
		[16] = "information-reply", [17] = "mask-request",
		[18] = "mask-reply",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

const char *conf_icmp_code_name(uint8_t type, uint8_t code)
{
	static const char *const unreachable[] = {
		"net",
		"host",
		"protocol",
		"port",
		"too-big",
		"source-route",
		"net-unknown",
		"host-unknown",
		"isolated",
		"net-prohibited",
		"host-prohibited",
		"net-tos",
		"host-tos",
		"filtered",
		"precedence",
		"precedence-cutoff",
	};
	static const char *const redirect[] = {"net", "host", "tos-net",
					       "tos-host"};
	static const char *const exceeded[] = {"transit", "reassembly"};

	if (type == 3 && code < sizeof(unreachable) / sizeof(*unreachable))
		return unreachable[code];
	if (type == 5 && code < sizeof(redirect) / sizeof(*redirect))
		return redirect[code];
	if (type == 11 && code < sizeof(exceeded) / sizeof(*exceeded))
		return exceeded[code];
	return NULL;
}
