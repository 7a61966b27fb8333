/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbound.c - F2: TCP and UDP from inside to outside (CORE-OUT)
 */
#include "linux22/engine.h"

/* CORE-OUT-06: what an outbound packet fills in of a found entry. */
static void learn(struct masq_engine *e, struct masq_entry *entry,
		  const struct flow *f)
{
	if ((entry->flags & MASQ_NO_SPORT) != 0 && f->proto == PROTO_TCP) {
		table_unhash(&e->table, entry);
		entry->flags &= (uint16_t)~MASQ_NO_SPORT;
		entry->ip = f->sport;
		table_hash(&e->table, entry);
	}
	if ((entry->flags & MASQ_DLOOSE) != 0) {
		entry->op = f->dport;
		entry->oa = f->daddr;
	}
}

static struct masq_entry *create(struct masq_engine *e, const struct flow *f,
				 uint32_t masq_addr)
{
	const struct entry_spec spec = {
		.proto = f->proto,
		.ia = f->saddr,
		.ip = f->sport,
		.ma = masq_addr,
		.oa = f->daddr,
		.op = f->dport,
	};

	return life_new(e, &spec);
}

enum nat_verdict outbound_packet(struct masq_engine *e, struct masq_pkt *p,
				 uint32_t masq_addr)
{
	const struct flow f = flow_of(p);
	const bool had_sum = checksum_present(p);
	enum hook_result hook = HOOK_DONE;
	struct masq_entry *entry;

	if (!checksum_good(e, p)) {
		p->drop = MASQ_DROP_CHECKSUM;
		return NAT_DROP;
	}
	entry = life_get(table_find_out(&e->table, &f));
	if (entry != NULL)
		learn(e, entry, &f);
	else
		entry = create(e, &f, masq_addr);
	if (entry == NULL) {
		p->drop = MASQ_DROP_NO_PORT;
		return NAT_DROP;
	}
	pkt_ip_put32(p, IP_O_SADDR, entry->ma);
	pkt_l4_put16(p, L4_O_SPORT, entry->mp);
	if (entry->binding != 0) {
		/* Shows where the helper lies about its edit: HOOK_STALE. */
		pkt_finish_ip(p);
		hook = hook_run(e, entry, p, masq_addr, true);
	}
	if (hook == HOOK_DONE)
		checksum_finish(e, p, had_sum);
	state_packet(e, entry, p, true);
	life_put(e, entry);
	if (hook == HOOK_REFUSED) {
		p->drop = MASQ_DROP_HELPER;
		return NAT_DROP;
	}
	return NAT_REWRITTEN;
}
