/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.c - masquerade ports (CORE-PORT)
 *
 * One rover for everything: TCP and UDP ports and ICMP ids, all addresses.
 * A value is free if an inbound packet from the new entry's peer would not
 * find another entry there, so entries with different peers share values.
 *
 * A scan that finds nothing costs 4097 lookups. Its outcome cannot change
 * before an entry is removed or re-hashed, so it is remembered, and a flood
 * to an exhausted destination costs one comparison a packet.
 */
#include <string.h>

#include "linux22/engine.h"

void pool_reset(struct masq_engine *e)
{
	e->rover = e->router.config.next_port;
	e->mport_count = 0;
	for (unsigned int i = 0; i < 3; i++)
		e->free_ports[i] = POOL_FREE;
	memset(e->memos, 0, sizeof(e->memos));
}

unsigned int pool_counter_of(uint8_t proto)
{
	if (proto == PROTO_TCP)
		return POOL_TCP;
	return proto == PROTO_UDP ? POOL_UDP : POOL_ICMP;
}

static uint16_t next_port(struct masq_engine *e)
{
	const uint16_t port = e->rover;

	e->rover = port == POOL_LAST ? POOL_FIRST : (uint16_t)(port + 1);
	return port;
}

static struct pool_memo *memo_of(struct masq_engine *e, const struct flow *f)
{
	const uint32_t h = (f->saddr ^ f->sport) * 0x9e3779b1u ^ f->proto;

	return &e->memos[(h >> 16 ^ h) % POOL_MEMOS];
}

static bool is_known_full(const struct masq_engine *e,
			  const struct pool_memo *m, const struct flow *f)
{
	return m->valid && m->removals == e->table.removals &&
	       m->flow.proto == f->proto && m->flow.saddr == f->saddr &&
	       m->flow.sport == f->sport && m->flow.daddr == f->daddr;
}

uint16_t pool_take(struct masq_engine *e, const struct flow *peer)
{
	struct flow f = *peer;
	struct pool_memo *memo = memo_of(e, peer);

	if (is_known_full(e, memo, peer)) {
		next_port(e); /* 4097 steps round a pool of 4096 */
		return 0;
	}
	for (unsigned int i = 0; i <= POOL_SIZE; i++) {
		f.dport = next_port(e);
		if (table_find_in(&e->table, &f) == NULL)
			return f.dport;
	}
	*memo = (struct pool_memo){
		.flow = *peer, .removals = e->table.removals, .valid = true};
	return 0;
}
