/* SPDX-License-Identifier: Apache-2.0 */
/* summary.c - an IPv4 packet in one line */
#include <stdarg.h>
#include <stdio.h>

#include "conformance/decode.h"
#include "packet.h"

#define MAX_PAYLOAD 40 /* characters of payload that are worth showing */

/* A line that is being written; what does not fit is left out. */
struct line {
	char *at;
	size_t size; /* with the terminating zero */
	size_t len;
};

static void add(struct line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
	size_t room = line->size - line->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->at + line->len, room, format, args);
	va_end(args);
	if (n > 0)
		line->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void add_payload(struct line *line, struct masq_view payload)
{
	char text[MAX_PAYLOAD + 8];

	if (payload.len == 0)
		return;
	conf_quote(text, sizeof(text), payload.data, payload.len);
	add(line, " %s", text);
}

/* "A:p > B:q", or "A > B" without ports. */
static void add_ends(struct line *line, const struct conf_layout *ip,
		     bool ports)
{
	char source[CONF_ADDR_SIZE], dest[CONF_ADDR_SIZE];

	conf_addr_text(source, ip->saddr);
	conf_addr_text(dest, ip->daddr);
	if (ports)
		add(line, " %s:%u > %s:%u", source, masq_get16(ip->payload, 0),
		    dest, masq_get16(ip->payload, 2));
	else
		add(line, " %s > %s", source, dest);
}

/* What all packets have. */
static void add_tail(struct line *line, const struct conf_layout *ip)
{
	uint16_t fragment = masq_get16(ip->all, 6);

	add(line, " ttl %u id %u", masq_get8(ip->all, 8),
	    masq_get16(ip->all, 4));
	if (fragment & 0x4000)
		add(line, " DF");
	if (ip->is_fragment)
		add(line, " frag %u%s", (fragment & 0x1fffu) * 8,
		    fragment & 0x2000 ? "+" : "");
	add(line, " len %u", ip->total_len);
	if (ip->header_len > 20)
		add(line, " options %u", ip->header_len - 20);
	if (!conf_ip_checksum_good(ip->all.data, ip->all.len))
		add(line, " bad-ip-sum");
}

/* Complains of a checksum that can be told to be bad. */
static void add_sum(struct line *line, const struct conf_layout *ip,
		    bool present)
{
	if (present && ip->is_whole && !ip->is_fragment &&
	    !conf_transport_sum_good(ip))
		add(line, " bad-sum");
}

static void add_tcp(struct line *line, const struct conf_layout *ip)
{
	static const char letters[] = "FSRPAUEC";
	struct masq_view v = ip->payload;
	uint8_t flags = masq_get8(v, 13);
	uint32_t header_len = (uint32_t)(masq_get8(v, 12) >> 4) * 4;
	char text[9];
	size_t num = 0;

	for (unsigned int bit = 0; bit < 8; bit++)
		if (flags >> bit & 1)
			text[num++] = letters[bit];
	text[num] = '\0';
	add(line, "tcp");
	add_ends(line, ip, true);
	add(line, " %s seq %u", num > 0 ? text : "-", masq_get32(v, 4));
	if (flags & 0x10)
		add(line, " ack %u", masq_get32(v, 8));
	add(line, " win %u", masq_get16(v, 14));
	add_tail(line, ip);
	add_sum(line, ip, true);
	if (header_len < 20 || header_len > v.len)
		add(line, " bad-doff %u", header_len / 4);
	else
		add_payload(line, masq_from(v, header_len));
}

static void add_udp(struct line *line, const struct conf_layout *ip)
{
	add(line, "udp");
	add_ends(line, ip, true);
	add_tail(line, ip);
	add_sum(line, ip, masq_get16(ip->payload, 6) != 0);
	add_payload(line, masq_from(ip->payload, 8));
}

static void add_packet(struct line *line, struct masq_view v, bool quoted);

static void add_icmp(struct line *line, const struct conf_layout *ip,
		     bool quoted)
{
	struct masq_view v = ip->payload;
	uint8_t type = masq_get8(v, 0), code = masq_get8(v, 1);
	const char *type_name = conf_icmp_type_name(type);
	const char *code_name = conf_icmp_code_name(type, code);
	bool is_error = type == 3 || type == 4 || type == 5 || type == 11 ||
			type == 12;

	add(line, "icmp");
	add_ends(line, ip, false);
	if (type_name != NULL)
		add(line, " %s", type_name);
	else
		add(line, " type %u", type);
	if (code_name != NULL)
		add(line, "/%s", code_name);
	else if (code != 0)
		add(line, "/%u", code);
	if (!is_error)
		add(line, " id %u seq %u", masq_get16(v, 4), masq_get16(v, 6));
	if (type == 3 && code == 4)
		add(line, " mtu %u", masq_get16(v, 6));
	add_tail(line, ip);
	if (!quoted)
		add_sum(line, ip, true);
	if (!is_error) {
		add_payload(line, masq_from(v, 8));
	} else if (!quoted && v.len > 8) {
		add(line, " [");
		add_packet(line, masq_from(v, 8), true);
		add(line, "]");
	}
}

static void add_packet(struct line *line, struct masq_view v, bool quoted)
{
	struct conf_layout ip = conf_layout_of(v.data, v.len);
	unsigned int version = masq_get8(v, 0) >> 4;

	if (!ip.has_header) {
		add(line, "short ip: %u octets", v.len);
	} else if (version != 4 || !ip.has_payload) {
		add(line, "bad ip");
		add_ends(line, &ip, false);
		add(line, " version %u ihl %u length %u of %u", version,
		    ip.header_len / 4, ip.total_len, v.len);
	} else if (!ip.is_first ||
		   (ip.proto != CONF_PROTO_TCP && ip.proto != CONF_PROTO_UDP &&
		    ip.proto != CONF_PROTO_ICMP)) {
		add(line, "ip proto %u", ip.proto);
		add_ends(line, &ip, false);
		add_tail(line, &ip);
		add_payload(line, ip.payload);
	} else if (ip.payload.len < 8) {
		add(line, "ip proto %u", ip.proto);
		add_ends(line, &ip, false);
		add_tail(line, &ip);
		add(line, " short transport: %u octets", ip.payload.len);
	} else if (ip.proto == CONF_PROTO_TCP) {
		add_tcp(line, &ip);
	} else if (ip.proto == CONF_PROTO_UDP) {
		add_udp(line, &ip);
	} else {
		add_icmp(line, &ip, quoted);
	}
	if (!quoted && ip.has_payload && !ip.is_whole)
		add(line, " cut to %u", v.len);
}

size_t conf_summary(char *out, size_t size, const uint8_t *data, uint32_t len)
{
	struct line line = {.at = out, .size = size};

	out[0] = '\0';
	add_packet(&line, (struct masq_view){.data = data, .len = len}, false);
	return line.len;
}
