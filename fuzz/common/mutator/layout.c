/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c - where the parts of a packet are */
#include "mutator.h"
#include "mutator/work.h"

static void tcp_layout(struct layout *l, struct masq_view v)
{
	const uint32_t doff = (masq_get8(v, l->hlen + 12) >> 4) * 4u;

	l->is_whole = l->total - l->hlen >= TCP_HEADER && doff >= TCP_HEADER &&
		      l->hlen + doff <= l->total;
	l->seq = masq_get32(v, l->hlen + 4);
	l->ack = masq_get32(v, l->hlen + 8);
	l->flags = masq_get8(v, l->hlen + 13);
	l->payload = l->hlen + doff;
}

struct layout layout_of(const uint8_t *data, uint32_t len)
{
	struct masq_view v = {.data = data, .len = len};
	struct layout l = {
		.hlen = (masq_get8(v, 0) & 0xfu) * 4,
		.total = masq_get16(v, 2),
		.proto = masq_get8(v, 9),
		.is_fragment = (masq_get16(v, 6) & 0x3fff) != 0,
		.saddr = masq_get32(v, 12),
		.daddr = masq_get32(v, 16),
	};

	if (l.total > len)
		l.total = len;
	if (l.hlen < IP_HEADER || l.hlen > l.total || masq_get8(v, 0) >> 4 != 4)
		return l;
	v.len = l.total;
	l.sport = masq_get16(v, l.hlen);
	l.dport = masq_get16(v, l.hlen + 2);
	l.payload = l.hlen;
	if (l.proto == IPP_TCP) {
		tcp_layout(&l, v);
	} else if (l.proto == IPP_UDP || l.proto == IPP_ICMP) {
		l.is_whole = l.total - l.hlen >= UDP_HEADER_LEN;
		l.payload = l.hlen + UDP_HEADER_LEN;
	} else {
		l.is_whole = true;
	}
	l.payload_len = l.payload <= l.total ? l.total - l.payload : 0;
	return l;
}
