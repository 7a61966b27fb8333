/* SPDX-License-Identifier: Apache-2.0 */
/* decode_transport.c - the fields of TCP and UDP, and of ICMP messages */
#include <stdio.h>

#include "decoder.h"

/* Checksums of fragments and of quotes cover what is not there. */
static const char *sum_verdict(const struct conf_decoder *d,
			       const struct conf_layout *ip)
{
	if (ip->is_fragment)
		return "(fragment)";
	if (!ip->is_whole)
		return d->quoted ? "(quoted in part)" : "(cut off)";
	return conf_transport_sum_good(ip) ? "good" : "bad";
}

static void decode_tcp(struct conf_decoder *d, const struct conf_layout *ip)
{
	struct masq_view v = d->window;
	uint32_t header_len = (uint32_t)(masq_get8(v, 12) >> 4) * 4;
	uint8_t flags = masq_get8(v, 13);

	conf_put16(d, "tcp.source", 0);
	conf_put16(d, "tcp.destination", 2);
	conf_put32(d, "tcp.seq", 4);
	conf_put32(d, "tcp.ack", 8);
	conf_put(d, "tcp.doff", 12, 1, "%u%s", header_len / 4,
		 header_len < 20      ? " (bad: below 5)"
		 : header_len > v.len ? " (beyond the end)"
				      : "");
	conf_put(d, "tcp.reserved", 12, 1, "0x%x", masq_get8(v, 12) & 0xfu);
	conf_put(d, "tcp.flags", 13, 1, "0x%02x%s%s%s%s%s%s%s%s", flags,
		 flags & 0x80 ? " CWR" : "", flags & 0x40 ? " ECE" : "",
		 flags & 0x20 ? " URG" : "", flags & 0x10 ? " ACK" : "",
		 flags & 0x08 ? " PSH" : "", flags & 0x04 ? " RST" : "",
		 flags & 0x02 ? " SYN" : "", flags & 0x01 ? " FIN" : "");
	conf_put16(d, "tcp.window", 14);
	conf_put_sum(d, "tcp.checksum", 16, sum_verdict(d, ip));
	conf_put16(d, "tcp.urgent", 18);
	if (header_len < 20 || header_len > v.len)
		header_len = v.len < 20 ? v.len : 20;
	else
		conf_put_hex(d, "tcp.options", 20, header_len - 20);
	conf_put_text(d, "tcp.payload", header_len, v.len - header_len);
}

static void decode_udp(struct conf_decoder *d, const struct conf_layout *ip)
{
	struct masq_view v = d->window;
	uint16_t len = masq_get16(v, 4);
	bool no_sum = masq_get16(v, 6) == 0;

	conf_put16(d, "udp.source", 0);
	conf_put16(d, "udp.destination", 2);
	if (len != v.len && !ip->is_fragment && !d->quoted)
		conf_put(d, "udp.length", 4, 2, "%u (bad: %u there)", len,
			 v.len);
	else
		conf_put16(d, "udp.length", 4);
	conf_put_sum(d, "udp.checksum", 6,
		     no_sum ? "none" : sum_verdict(d, ip));
	if (v.len >= 8)
		conf_put_text(d, "udp.payload", 8, v.len - 8);
}

void conf_decode_transport(struct conf_decoder *d, const struct conf_layout *ip)
{
	if (ip->proto == CONF_PROTO_TCP)
		decode_tcp(d, ip);
	else if (ip->proto == CONF_PROTO_UDP)
		decode_udp(d, ip);
	else
		conf_put_text(d, "ip.payload", 0, d->window.len);
}

/* The packet that an ICMP error is about; quotes in quotes stay octets. */
static void decode_quote(struct conf_decoder *d)
{
	struct conf_decoder inner = {
		.out = d->out,
		.prefix = "quote.",
		.base = d->base + 8,
		.window = masq_from(d->window, 8),
		.quoted = true,
	};

	if (d->quoted)
		conf_put_hex(d, "icmp.data", 8, inner.window.len);
	else
		conf_decode_ip(&inner);
}

void conf_decode_icmp(struct conf_decoder *d, const struct conf_layout *ip)
{
	struct masq_view v = d->window;
	uint8_t type = masq_get8(v, 0), code = masq_get8(v, 1);
	const char *type_name = conf_icmp_type_name(type);
	const char *code_name = conf_icmp_code_name(type, code);

	conf_put(d, "icmp.type", 0, 1, "%u %s", type,
		 type_name != NULL ? type_name : "(unknown)");
	conf_put(d, "icmp.code", 1, 1, "%u%s%s", code,
		 code_name != NULL ? " " : "",
		 code_name != NULL ? code_name : "");
	conf_put_sum(d, "icmp.checksum", 2, sum_verdict(d, ip));
	switch (type) {
	case 3:
		conf_put16(d, "icmp.unused", 4);
		conf_put16(d, "icmp.mtu", 6);
		break;
	case 5:
		conf_put_addr(d, "icmp.gateway", 4);
		break;
	case 12:
		conf_put8(d, "icmp.pointer", 4);
		conf_put_hex(d, "icmp.unused", 5, 3);
		break;
	case 4:
	case 11:
		conf_put_hex(d, "icmp.unused", 4, 4);
		break;
	default:
		conf_put16(d, "icmp.id", 4);
		conf_put16(d, "icmp.seq", 6);
		if (v.len > 8)
			conf_put_text(d, "icmp.payload", 8, v.len - 8);
		return;
	}
	if (v.len > 8)
		decode_quote(d);
}
