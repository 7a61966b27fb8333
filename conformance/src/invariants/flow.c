/* SPDX-License-Identifier: Apache-2.0 */
/* flow.c - the endpoints that a packet names */
#include <stdio.h>

#include "checker.h"
#include "conformance/decode.h"

/* CORE-ICQ-02: a query's kind, as it stands for the peer's port. */
static uint16_t kind_of(uint8_t query, uint8_t code)
{
	return (uint16_t)(query | code << 8);
}

static void take_icmp(struct inv_flow *f, struct masq_view icmp)
{
	uint8_t type = masq_get8(icmp, 0), code = masq_get8(icmp, 1);
	uint16_t id = masq_get16(icmp, 4);

	f->known = true;
	switch (type) {
	case 8:
	case 13:
	case 15:
	case 17:
		f->is_query = true;
		f->sport = id;
		f->dport = kind_of(type, code);
		break;
	case 0:
		f->sport = kind_of(8, code);
		f->dport = id;
		break;
	case 14:
	case 16:
	case 18:
		f->sport = kind_of((uint8_t)(type - 1), code);
		f->dport = id;
		break;
	default:
		f->known = false;
	}
}

static struct inv_flow flow_at(const struct conf_layout *ip,
			       struct masq_view transport)
{
	struct inv_flow f = {
		.proto = ip->proto,
		.saddr = ip->saddr,
		.daddr = ip->daddr,
	};

	if (!masq_has(transport, 0, 8))
		return f;
	if (ip->proto == CONF_PROTO_ICMP) {
		take_icmp(&f, transport);
	} else if (ip->proto == CONF_PROTO_TCP || ip->proto == CONF_PROTO_UDP) {
		f.known = true;
		f.sport = masq_get16(transport, 0);
		f.dport = masq_get16(transport, 2);
	}
	return f;
}

struct inv_flow inv_flow_of(const struct conf_layout *ip)
{
	struct masq_view none = {0};

	return flow_at(ip, ip->is_first ? ip->payload : none);
}

struct inv_flow inv_quoted_flow(struct masq_view quote)
{
	struct conf_layout ip = conf_layout_of(quote.data, quote.len);
	struct masq_view none = {0};

	/* The quote is cut: what its header calls the length is not there. */
	return flow_at(&ip, ip.has_header && ip.header_len >= 20 && ip.is_first
				    ? masq_from(quote, ip.header_len)
				    : none);
}

bool inv_is_icmp_error(const struct conf_layout *ip)
{
	uint8_t type = masq_get8(ip->payload, 0);

	return ip->proto == CONF_PROTO_ICMP && ip->is_first &&
	       (type == 3 || type == 4 || type == 5 || type == 11 ||
		type == 12);
}

/* Octets of the transport header; 0 if it is not there. */
uint32_t inv_transport_len(const struct conf_layout *ip)
{
	uint32_t len = 8;

	if (!ip->is_first)
		return 0;
	if (ip->proto == CONF_PROTO_TCP) {
		len = (masq_get8(ip->payload, 12) >> 4) * 4u;
		if (len < 20)
			return 0;
	} else if (ip->proto != CONF_PROTO_UDP &&
		   ip->proto != CONF_PROTO_ICMP) {
		return 0;
	}
	return masq_has(ip->payload, 0, len) ? len : 0;
}

const char *inv_end(char out[INV_END_SIZE], uint32_t addr, uint16_t port)
{
	char text[CONF_ADDR_SIZE];

	snprintf(out, INV_END_SIZE, "%s:%u", conf_addr_text(text, addr), port);
	return out;
}
