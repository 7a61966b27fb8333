/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_loop.c - the least that a NAT has to do for a packet
 *
 * Copy the headers, look the flow up in a hash table, change an address and
 * a port, repair two checksums, and, as Linux 2.2 verifies what it
 * masquerades, sum the segment up. No timers, no states, no checks.
 */
#include <stdlib.h>

#include "bench.h"
#include "packet.h"

#define HEADERS 64u /* octets that are copied */

bool bench_loop_init(struct bench_loop *loop, size_t num)
{
	size_t size = 16;

	while (size < num * 2)
		size *= 2;
	*loop = (struct bench_loop){
		.slots = calloc(size, sizeof(*loop->slots)),
		.mask = size - 1,
	};
	return loop->slots != NULL;
}

void bench_loop_cleanup(struct bench_loop *loop)
{
	free(loop->slots);
	loop->slots = NULL;
}

static size_t hash(uint32_t saddr, uint32_t daddr, uint32_t ports,
		   uint8_t proto)
{
	uint64_t h = saddr * UINT64_C(0x9e3779b97f4a7c15);

	h = (h ^ daddr) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ ports ^ proto) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (size_t)(h >> 32);
}

/* The slot of the flow, or the free one where it belongs. */
static struct bench_slot *find(const struct bench_loop *loop, uint32_t saddr,
			       uint32_t daddr, uint16_t sport, uint16_t dport,
			       uint8_t proto)
{
	size_t i = hash(saddr, daddr, (uint32_t)sport << 16 | dport, proto);

	for (;; i++) {
		struct bench_slot *slot = &loop->slots[i & loop->mask];

		if (slot->proto == 0 ||
		    (slot->saddr == saddr && slot->daddr == daddr &&
		     slot->sport == sport && slot->dport == dport &&
		     slot->proto == proto))
			return slot;
	}
}

void bench_loop_add(struct bench_loop *loop, const struct bench_flow *flow,
		    bool source, uint32_t new_addr, uint16_t new_port)
{
	*find(loop, flow->saddr, flow->daddr, flow->sport, flow->dport,
	      flow->proto) = (struct bench_slot){
		.saddr = flow->saddr,
		.daddr = flow->daddr,
		.sport = flow->sport,
		.dport = flow->dport,
		.proto = flow->proto,
		.source = source,
		.new_addr = new_addr,
		.new_port = new_port,
	};
}

/* RFC 1624, equation 3: HC' = ~(~HC + ~m + m'); change = ~m + m'. */
static uint16_t update(uint16_t sum, uint64_t change)
{
	return (uint16_t)~masq_fold((uint16_t)~sum + change);
}

bool bench_rewrite(struct masq_buf *packet, bool source, uint32_t addr,
		   uint16_t port)
{
	struct masq_view v = masq_view_of(packet);
	uint32_t l4 = (uint32_t)(masq_get8(v, 0) & 0xf) * 4;
	uint32_t addr_at = source ? 12 : 16;
	uint32_t port_at = source ? l4 : l4 + 2;
	uint8_t proto = masq_get8(v, 9);
	uint32_t sum_at = l4 + (proto == CONF_PROTO_TCP ? 16 : 6);
	uint32_t old_addr = masq_get32(v, addr_at);
	uint64_t change = masq_sum32(~old_addr) + masq_sum32(addr);
	uint16_t old_port = masq_get16(v, port_at);

	if (proto != CONF_PROTO_TCP && proto != CONF_PROTO_UDP)
		return false;
	masq_put32(packet, addr_at, addr);
	masq_put16(packet, 10, update(masq_get16(v, 10), change));
	change += (uint64_t)(uint16_t)~old_port + port;
	masq_put16(packet, port_at, port);
	masq_put16(packet, sum_at, update(masq_get16(v, sum_at), change));
	return true;
}

void bench_loop_run(struct bench_loop *loop, const struct bench_work *work)
{
	uint8_t headers[HEADERS];
	uint64_t sink = 0;

	for (unsigned int pass = 0; pass < work->passes; pass++) {
		for (size_t i = 0; i < work->num_packets; i++) {
			struct masq_view v = bench_octets(work,
							  &work->packets[i]);
			uint32_t l4 = (uint32_t)(masq_get8(v, 0) & 0xf) * 4;
			struct masq_buf b = {.data = headers, .cap = HEADERS};
			const struct bench_slot *slot;

			b.len = v.len < HEADERS ? v.len : HEADERS;
			memcpy(headers, v.data, b.len);
			slot = find(loop, masq_get32(v, 12), masq_get32(v, 16),
				    masq_get16(v, l4), masq_get16(v, l4 + 2),
				    masq_get8(v, 9));
			sink += masq_sum(masq_from(v, l4));
			if (slot->proto != 0)
				sink += bench_rewrite(&b, slot->source,
						      slot->new_addr,
						      slot->new_port);
			sink += headers[11];
		}
	}
	loop->sink += sink;
}
