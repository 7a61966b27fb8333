/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hook.c - protocol helpers: binding, calling, and what they may ask
 *
 * The engine's side of masq/helper.h (CORE-APP, GEN-06 to GEN-25).
 */
#include <string.h>

#include "linux22/engine.h"

/* What the engine knows of a call and the helper does not. */
struct call {
	struct masq_pkt *pkt;
	bool outbound;
	bool has_stream; /* edits are to be remembered */
	struct stream_segment segment;
};

static struct masq_pkt *pkt_of(const struct masq_hook *hook)
{
	const struct call *call = hook->call;

	return call->pkt;
}

static unsigned int binding_bucket(uint8_t proto, uint16_t port)
{
	return (proto ^ port) % BINDING_BUCKETS;
}

void binding_reset(struct masq_engine *e)
{
	const struct masq_config *c = &e->router.config;

	memset(e->binding_heads, 0, sizeof(e->binding_heads));
	memset(e->num_attached, 0, sizeof(e->num_attached));
	for (unsigned int i = 0; i < c->num_bindings; i++) {
		const struct masq_binding *b = &c->bindings[i];
		uint8_t *head = &e->binding_heads[binding_bucket(b->ops->proto,
								 b->port)];

		e->binding_next[i] = *head;
		*head = (uint8_t)(i + 1);
	}
}

/* Index + 1 of the newest binding for the key, 0 = none. */
static uint8_t find_binding(const struct masq_engine *e, uint8_t proto,
			    uint16_t port, bool inbound)
{
	uint8_t at = e->binding_heads[binding_bucket(proto, port)];

	for (; at != 0; at = e->binding_next[at - 1]) {
		const struct masq_binding *b =
			&e->router.config.bindings[at - 1];

		if (b->ops->proto == proto && b->port == port &&
		    b->inbound == inbound)
			break;
	}
	return at;
}

/* CORE-APP-02: once, by the peer port, else by the masquerade port. */
void binding_attach(struct masq_engine *e, struct masq_entry *entry)
{
	const struct masq_binding *b;

	if (entry->proto == PROTO_ICMP)
		return;
	entry->binding = find_binding(e, entry->proto, entry->op, false);
	if (entry->binding == 0)
		entry->binding = find_binding(e, entry->proto, entry->mp, true);
	if (entry->binding == 0)
		return;
	b = &e->router.config.bindings[entry->binding - 1];
	e->num_attached[entry->binding - 1]++;
	if (b->ops->bind != NULL)
		b->ops->bind(e, entry);
}

/* Of UDP what its receiver sees: without UDP_PADDING not what is behind. */
static void refresh_segment(struct masq_hook *hook)
{
	const struct masq_pkt *p = pkt_of(hook);

	hook->segment = masq_slice(pkt_payload(p), 0,
				   checksum_len(hook->engine, p));
	hook->header_len = UDP_HEADER;
	if (hook->proto == PROTO_TCP)
		hook->header_len = (pkt_l4_get8(p, TCP_O_DOFF) >> 4) * 4u;
}

/* Shifts numbers before the helper looks; false: drop the packet. */
static bool adjust(struct masq_engine *e, struct masq_hook *hook,
		   struct call *call)
{
	if (hook->proto != PROTO_TCP)
		return true;
	if (has_quirk(e, MASQ_QUIRK(SEQ_PAIR))) {
		seq_adjust(e, hook->entry, call->pkt, call->outbound);
		return true;
	}
	call->has_stream = true;
	if (!stream_adjust(e->streams, hook->entry, call->pkt, call->outbound,
			   &call->segment))
		return false;
	hook->in_order = call->segment.in_order;
	return true;
}

enum hook_result hook_run(struct masq_engine *e, struct masq_entry *entry,
			  struct masq_pkt *p, uint32_t masq_addr, bool outbound)
{
	const struct masq_binding *b =
		&e->router.config.bindings[entry->binding - 1];
	const uint32_t seq = pkt_l4_get32(p, TCP_O_SEQ);
	const uint32_t len = p->buf.len;
	struct call call = {.pkt = p, .outbound = outbound};
	struct masq_hook hook = {
		.engine = e,
		.entry = entry,
		.options = b->options,
		.inbound = b->inbound,
		.quirks = e->quirks,
		.proto = entry->proto,
		.in_order = true,
		.masq_addr = masq_addr,
		.peer_addr = outbound ? pkt_daddr(p) : pkt_saddr(p),
		.peer_port = pkt_l4_get16(p,
					  outbound ? L4_O_DPORT : L4_O_SPORT),
		.call = &call,
	};
	struct masq_answer (*ask)(struct masq_hook * h) = outbound ? b->ops->out
								   : b->ops->in;
	struct masq_answer answer = {0};

	if (!adjust(e, &hook, &call))
		return HOOK_REFUSED;
	if (ask != NULL && (!call.has_stream || call.segment.is_new)) {
		refresh_segment(&hook);
		answer = ask(&hook);
	}
	if (answer.verdict == MASQ_REFUSE)
		return HOOK_REFUSED;
	if (call.has_stream)
		stream_adjust_urgent(e->streams, entry, p, outbound, seq);
	if (call.has_stream || hook.proto != PROTO_TCP)
		return HOOK_DONE;
	seq_update(e, entry, seq, answer.diff, outbound);
	/* The core believes the helper: no difference, no new buffer. */
	return answer.diff == 0 && p->buf.len != len ? HOOK_STALE : HOOK_DONE;
}

/* Remembers an edit that is about to be made, where that is done. */
static enum masq_status remember(struct masq_hook *hook, uint32_t offset,
				 uint32_t old_len, const uint8_t *text,
				 uint32_t len)
{
	const struct call *call = hook->call;

	if (!masq_has(hook->segment, offset, old_len))
		return MASQ_ERR_RANGE;
	if (hook->segment.len - old_len + len > IP_MAX_LEN - call->pkt->hlen)
		return MASQ_ERR_TOO_LONG;
	if (!call->has_stream)
		return MASQ_OK;
	if (offset < hook->header_len)
		return MASQ_ERR_RANGE;
	/* The same text is no edit: numbers inside it stay as they are. */
	if (old_len == len && masq_equal(hook->segment, offset, text, len))
		return MASQ_OK;
	return stream_edit(hook->engine->streams, hook->entry, call->outbound,
			   &call->segment, offset - hook->header_len, old_len,
			   text, len);
}

enum masq_status masq_hook_replace(struct masq_hook *hook, uint32_t offset,
				   uint32_t old_len, const uint8_t *text,
				   uint32_t len)
{
	struct masq_pkt *p = pkt_of(hook);
	enum masq_status status = remember(hook, offset, old_len, text, len);

	if (status == MASQ_OK)
		status = pkt_replace(p, p->hlen + offset, old_len, text, len);
	if (status != MASQ_OK)
		return status;
	p->options.known = false; /* CORE-PATH-42 */
	hook->engine->stats.num_edits++;
	refresh_segment(hook);
	return MASQ_OK;
}

enum masq_status masq_hook_write(struct masq_hook *hook, uint32_t offset,
				 const uint8_t *text, uint32_t len)
{
	struct masq_pkt *p = pkt_of(hook);

	const enum masq_status status = remember(hook, offset, len, text, len);

	if (status != MASQ_OK)
		return status;
	if (len != 0)
		memcpy(p->buf.data + p->hlen + offset, text, len);
	p->is_summed = p->has_pseudo = false;
	hook->engine->stats.num_edits++;
	return MASQ_OK;
}

void masq_entry_put(struct masq_hook *hook, struct masq_entry *entry)
{
	life_put(hook->engine, entry);
}

struct masq_entry *masq_entry_find_out(struct masq_hook *hook,
				       const struct masq_tuple *t)
{
	const struct flow f = {
		.proto = t->proto,
		.saddr = t->inside_addr,
		.sport = t->inside_port,
		.daddr = t->peer_addr,
		.dport = t->peer_port,
	};

	return life_get(table_find_out(&hook->engine->table, &f));
}

struct masq_entry *masq_entry_find_in(struct masq_hook *hook, uint8_t proto,
				      uint32_t peer_addr, uint16_t peer_port,
				      uint32_t masq_addr, uint16_t masq_port)
{
	const struct flow f = {
		.proto = proto,
		.saddr = peer_addr,
		.sport = peer_port,
		.daddr = masq_addr,
		.dport = masq_port,
	};

	return life_get(table_find_in(&hook->engine->table, &f));
}

struct masq_entry *masq_entry_new_child(struct masq_hook *hook,
					const struct masq_tuple *t,
					uint16_t flags)
{
	const struct entry_spec spec = {
		.proto = t->proto,
		.ia = t->inside_addr,
		.ip = t->inside_port,
		.ma = hook->masq_addr,
		.oa = t->peer_addr,
		.op = t->peer_port,
		.flags = flags &
			 (MASQ_NO_DADDR | MASQ_NO_DPORT | MASQ_NO_SPORT),
	};
	struct masq_entry *child = life_new(hook->engine, &spec);

	if (child != NULL)
		hook->engine->stats.num_children++;
	return child;
}

void masq_entry_link(struct masq_hook *hook, struct masq_entry *child)
{
	life_link(hook->engine, hook->entry, child);
}

void masq_entry_listen(struct masq_hook *hook, struct masq_entry *entry)
{
	state_set(hook->engine, entry, MASQ_STATE_LISTEN);
}

void masq_entry_set_peer_port(struct masq_hook *hook, struct masq_entry *entry,
			      uint16_t port, bool rehash)
{
	struct table *t = &hook->engine->table;

	if (!rehash) {
		table_set_port_stale(t, entry, port);
		return;
	}
	table_unhash(t, entry);
	entry->op = port;
	table_hash(t, entry);
}

enum masq_state masq_entry_state(const struct masq_entry *entry)
{
	return (enum masq_state)entry->state;
}

uint32_t *masq_entry_words(struct masq_entry *entry)
{
	return entry->words;
}
