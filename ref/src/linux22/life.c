/* SPDX-License-Identifier: Apache-2.0 */
/*
 * life.c - how entries are made, used, and end (CORE-ENT, -TMR, -CTL)
 *
 * The timer of an entry is not moved in the wheel with every packet: the
 * entry knows when it expires, and a wheel node that comes up too early is
 * put back for the rest. Only an expiry earlier than the node's moves it.
 */
#include "linux22/engine.h"

struct wheel_node *life_node(void *ctx, uint32_t number)
{
	struct masq_engine *e = ctx;

	return &e->table.entries[number].timer;
}

/* CORE-ENT-03: what the core adds for a UDP entry with a pool port. */
static uint16_t udp_flags(const struct masq_engine *e, uint16_t ip)
{
	const int32_t dloose = e->router.config.udp_dloose;

	if (dloose == 2 || (dloose == 1 && ip >= 1024))
		return MASQ_DLOOSE;
	return has_quirk(e, MASQ_QUIRK(WILD_PEER)) ? MASQ_NO_DADDR : 0;
}

static bool take_port(struct masq_engine *e, struct masq_entry *entry,
		      const struct entry_spec *spec)
{
	const struct flow peer = {
		.proto = spec->proto,
		.saddr = spec->oa,
		.sport = spec->op,
		.daddr = spec->ma,
		.dport = spec->mp,
	};

	if ((spec->flags & MASQ_MPORT) != 0) {
		entry->mp = spec->mp;
		if (table_find_in(&e->table, &peer) != NULL)
			return false;
		e->mport_count++;
		return true;
	}
	entry->mp = pool_take(e, &peer);
	if (entry->mp == 0)
		return false;
	e->free_ports[pool_counter_of(spec->proto)]--;
	return true;
}

struct masq_entry *life_new(struct masq_engine *e,
			    const struct entry_spec *spec)
{
	const bool is_pool = (spec->flags & MASQ_MPORT) == 0;
	struct masq_entry *entry;

	if (is_pool && e->free_ports[pool_counter_of(spec->proto)] == 0)
		return NULL;
	entry = table_alloc(&e->table);
	if (entry == NULL)
		return NULL;
	entry->proto = spec->proto;
	entry->ia = spec->ia;
	entry->ip = spec->ip;
	entry->ma = spec->ma;
	entry->oa = spec->oa;
	entry->op = spec->op;
	entry->flags = spec->flags | MASQ_NO_REPLY;
	if (is_pool && spec->proto == PROTO_UDP)
		entry->flags |= udp_flags(e, spec->ip);
	if (!take_port(e, entry, spec)) {
		table_release(&e->table, entry);
		return NULL;
	}
	state_set(e, entry, MASQ_STATE_NONE);
	table_hash(&e->table, entry);
	e->router.always_defrag++; /* CORE-FRAG-03 */
	binding_attach(e, entry);
	entry->uses = 2;
	e->stats.num_created++;
	e->stats.num_entries++;
	return entry;
}

struct masq_entry *life_get(struct masq_entry *entry)
{
	if (entry != NULL) {
		if (entry->uses < INT16_MAX) /* IRC-12 forgets some */
			entry->uses++;
		entry->armed = false;
	}
	return entry;
}

static void arm(struct masq_engine *e, struct masq_entry *entry)
{
	const uint32_t number = table_index(&e->table, entry);

	entry->expires = now_tick(e) + entry->timeout;
	entry->armed = true;
	if (entry->timer.slot != 0) {
		if (entry->timer.when <= entry->expires)
			return;
		wheel_remove(&e->wheel, number);
	}
	wheel_add(&e->wheel, number, entry->expires);
}

void life_put(struct masq_engine *e, struct masq_entry *entry)
{
	if (entry->uses == 2)
		arm(e, entry);
	entry->uses--;
}

void life_rehash(struct masq_engine *e, struct masq_entry *entry)
{
	table_unhash(&e->table, entry);
	table_hash(&e->table, entry);
}

static void unlink_parent(struct masq_engine *e, struct masq_entry *child)
{
	if (child->control == 0)
		return;
	e->table.entries[child->control].num_children--;
	child->control = 0;
}

void life_link(struct masq_engine *e, struct masq_entry *parent,
	       struct masq_entry *child)
{
	unlink_parent(e, child);
	child->control = table_index(&e->table, parent);
	parent->num_children++;
}

void life_kill(struct masq_engine *e, struct masq_entry *entry)
{
	if (e->streams != NULL)
		stream_end(e->streams, entry);
	unlink_parent(e, entry);
	wheel_remove(&e->wheel, table_index(&e->table, entry));
	table_unhash(&e->table, entry);
	if ((entry->flags & MASQ_MPORT) != 0)
		e->mport_count--;
	else
		e->free_ports[pool_counter_of(entry->proto)]++;
	if (entry->binding != 0)
		e->num_attached[entry->binding - 1]--;
	e->router.always_defrag--;
	e->stats.num_entries--;
	table_release(&e->table, entry);
}

/*
 * CORE-TMR-04, one entry that is due. Returns false if it is kept back
 * because its children, perhaps due in this tick too, come first (TMR-05).
 */
static bool expire(struct masq_engine *e, uint32_t number, bool is_last_call)
{
	struct masq_entry *entry = &e->table.entries[number];

	if (entry->num_children != 0 && !is_last_call)
		return false;
	entry->timeout = e->timeouts[MASQ_STATE_TIME_WAIT];
	if (entry->num_children != 0) {
		arm(e, entry);
		return true;
	}
	life_kill(e, entry);
	e->stats.num_expired++;
	return true;
}

/* Chains the entries kept back through their timer nodes. */
static uint32_t keep_back(struct masq_engine *e, uint32_t number, uint32_t list)
{
	e->table.entries[number].timer.next = list;
	return number;
}

/* One pass over the list; what is still waiting is kept back again. */
static uint32_t retry(struct masq_engine *e, uint32_t list, bool is_last_call,
		      bool *progress)
{
	uint32_t rest = 0;

	*progress = false;
	while (list != 0) {
		const uint32_t number = list;

		list = e->table.entries[number].timer.next;
		if (expire(e, number, is_last_call))
			*progress = true;
		else
			rest = keep_back(e, number, rest);
	}
	return rest;
}

void life_tick(struct masq_engine *e, uint64_t tick)
{
	uint32_t waiting = 0, number;
	bool progress;

	while ((number = wheel_take(&e->wheel, tick)) != 0) {
		struct masq_entry *entry = &e->table.entries[number];

		if (!entry->armed)
			continue;
		if (entry->expires > tick)
			wheel_add(&e->wheel, number, entry->expires);
		else if (!expire(e, number, false))
			waiting = keep_back(e, number, waiting);
	}
	do {
		waiting = retry(e, waiting, false, &progress);
	} while (waiting != 0 && progress);
	retry(e, waiting, true, &progress);
}
