/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inbound.c - L1: TCP and UDP from outside to the router (CORE-INB)
 */
#include "linux22/engine.h"

/* CORE-INB-07 step 2: the first packet fixes what was open of the peer. */
static void learn(struct masq_engine *e, struct masq_entry *entry,
		  const struct flow *f)
{
	if ((entry->flags & MASQ_DLOOSE) != 0) {
		entry->op = f->sport;
		entry->oa = f->saddr;
		return;
	}
	if ((entry->flags & (MASQ_NO_DPORT | MASQ_NO_DADDR)) == 0)
		return;
	table_unhash(&e->table, entry);
	if ((entry->flags & MASQ_NO_DPORT) != 0)
		entry->op = f->sport;
	if ((entry->flags & MASQ_NO_DADDR) != 0)
		entry->oa = f->saddr;
	entry->flags &= (uint16_t) ~(MASQ_NO_DPORT | MASQ_NO_DADDR);
	table_hash(&e->table, entry);
}

/* CORE-INB-04: is it worth a look? */
static bool is_ours(const struct masq_engine *e, const struct flow *f)
{
	return pool_in_range(f->dport) || e->mport_count != 0 ||
	       portfw_claims(e, f);
}

/*
 * May there be an error about it, of the router's own? It shows the endpoint
 * that the packet came to; of the inside one and the peer there may be several
 * entries, and of what a helper edits nothing else is left.
 */
static bool may_be_quoted(const struct masq_engine *e,
			  const struct masq_entry *entry,
			  const struct masq_pkt *p)
{
	const uint16_t mtu = e->router.config.inside.mtu;

	return !has_quirk(e, MASQ_QUIRK(QUOTE_STALE)) &&
	       (entry->binding != 0 || pkt_get8(p, IP_O_TTL) <= 1 ||
		p->in == MASQ_INSIDE || p->buf.len > mtu);
}

static enum nat_verdict rewrite(struct masq_engine *e, struct masq_entry *entry,
				struct masq_pkt *p, const struct flow *f)
{
	const bool had_sum = checksum_present(p);
	enum hook_result hook = HOOK_DONE;

	if (may_be_quoted(e, entry, p))
		router_remember(&e->router, p);
	entry->flags &= (uint16_t)~MASQ_NO_REPLY;
	learn(e, entry, f);
	pkt_ip_put32(p, IP_O_DADDR, entry->ia);
	pkt_l4_put16(p, L4_O_DPORT, entry->ip);
	if (entry->binding != 0) {
		/* Shows where the helper lies about its edit: HOOK_STALE. */
		pkt_finish_ip(p);
		hook = hook_run(e, entry, p, f->daddr, false);
	}
	if (hook == HOOK_DONE)
		checksum_finish(e, p, had_sum);
	state_packet(e, entry, p, false);
	life_put(e, entry);
	if (hook == HOOK_REFUSED) {
		p->drop = MASQ_DROP_HELPER;
		return NAT_DROP;
	}
	return NAT_REWRITTEN;
}

enum nat_verdict inbound_packet(struct masq_engine *e, struct masq_pkt *p)
{
	const struct flow f = flow_of(p);
	struct masq_entry *entry;

	if (!is_ours(e, &f))
		return NAT_PASS;
	if (!checksum_good(e, p)) {
		p->drop = MASQ_DROP_CHECKSUM;
		return NAT_DROP;
	}
	entry = table_find_in(&e->table, &f);
	if (entry != NULL && (entry->flags & MASQ_NO_SPORT) != 0 &&
	    !has_quirk(e, MASQ_QUIRK(PORT_ZERO)))
		return NAT_PASS;
	if (entry != NULL)
		life_get(entry);
	else
		entry = portfw_create(e, &f, p);
	if (entry == NULL)
		return NAT_PASS;
	return rewrite(e, entry, p, &f);
}
