/* SPDX-License-Identifier: Apache-2.0 */
/* edit.c - a packet changed in a copy */
#include "edit.h"
#include "packet.h"

void fuzz_put16(struct masq_buf *b, uint32_t at, uint16_t value,
		uint32_t sum_at)
{
	const uint16_t old = masq_get16(masq_view_of(b), at);
	uint16_t sum;

	masq_put16(b, at, value);
	if (sum_at == 0 || old == value)
		return;
	sum = masq_get16(masq_view_of(b), sum_at);
	sum = (uint16_t)~masq_fold((uint64_t)(uint16_t)~sum + (uint16_t)~old +
				   value);
	masq_put16(b, sum_at, sum);
}

static uint32_t sum_offset(uint8_t proto)
{
	return proto == CONF_PROTO_TCP ? 16 : proto == CONF_PROTO_UDP ? 6 : 2;
}

void fuzz_make_sums(struct masq_buf *b)
{
	const struct conf_layout ip = conf_layout_of(b->data, b->len);
	const uint32_t at = ip.header_len + sum_offset(ip.proto);
	uint64_t sum;
	uint16_t folded;

	masq_put16(b, 10, 0);
	masq_put16(b, 10, (uint16_t)~masq_header_sum(ip.header));
	masq_put16(b, at, 0);
	sum = masq_sum(ip.payload);
	if (ip.proto != CONF_PROTO_ICMP)
		sum += masq_sum_pseudo(ip.saddr, ip.daddr, ip.proto,
				       ip.payload.len);
	folded = (uint16_t)~masq_fold(sum);
	if (ip.proto == CONF_PROTO_UDP && folded == 0)
		folded = 0xffff;
	masq_put16(b, at, folded);
}
