/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proc.c - listings of the table (CORE-PROC)
 *
 * The order is that of the original's m table: its buckets from 0 to 255,
 * in each the entry hashed last comes first. Entries are sorted into it by
 * a merge of linked lists through their idle chain: a listing allocates
 * nothing and costs n log n.
 */
#include <string.h>

#include "linux22/engine.h"

#define LINE 128u

/* Does a come before b in the listing? */
static bool is_before(const struct masq_entry *a, const struct masq_entry *b)
{
	if (a->m_bucket != b->m_bucket)
		return a->m_bucket < b->m_bucket;
	return a->stamp > b->stamp;
}

/* Lists here are linked by order_next. */
static uint32_t merge(struct masq_entry *at, uint32_t a, uint32_t b)
{
	uint32_t head = 0, *link = &head;

	while (a != 0 && b != 0) {
		uint32_t *from = is_before(&at[a], &at[b]) ? &a : &b;

		*link = *from;
		link = &at[*from].order_next;
		*from = *link;
	}
	*link = a != 0 ? a : b;
	return head;
}

/* The hashed entries in listing order, linked by order_next. */
static uint32_t sorted(struct table *t)
{
	uint32_t runs[32] = {0}, list = 0;

	for (uint32_t i = 1; i <= t->num_used; i++) {
		uint32_t run = i;
		unsigned int level = 0;

		if ((t->entries[i].flags & MASQ_HASHED) == 0)
			continue;
		t->entries[i].order_next = 0;
		for (; runs[level] != 0; level++) {
			run = merge(t->entries, runs[level], run);
			runs[level] = 0;
		}
		runs[level] = run;
	}
	for (unsigned int level = 0; level < 32; level++)
		list = merge(t->entries, runs[level], list);
	return list;
}

void masq_entry_info(const struct masq_engine *e,
		     const struct masq_entry *entry,
		     struct masq_entry_info *out)
{
	const struct masq_entry *parent = &e->table.entries[entry->control];

	*out = (struct masq_entry_info){
		.proto = entry->proto,
		.state = (enum masq_state)entry->state,
		.flags = entry->flags,
		.inside_addr = entry->ia,
		.masq_addr = entry->ma,
		.peer_addr = entry->oa,
		.inside_port = entry->ip,
		.masq_port = entry->mp,
		.peer_port = entry->op,
		.out_init = entry->out.init,
		.out_delta = entry->out.delta,
		.out_prev = entry->out.prev,
		.in_init = entry->in.init,
		.in_delta = entry->in.delta,
		.in_prev = entry->in.prev,
		.expires = (int64_t)(entry->expires - now_tick(e)),
		.armed = entry->armed,
		.num_children = entry->num_children,
		.id = table_index(&e->table, entry),
	};
	if (e->streams != NULL) {
		out->out_delta = stream_shift(e->streams, entry, true);
		out->in_delta = stream_shift(e->streams, entry, false);
		out->out_prev = out->in_prev = 0;
	}
	if (entry->control != 0) {
		out->is_child = true;
		out->parent_proto = parent->proto;
		out->parent_port = parent->mp;
		out->parent_id = entry->control;
	}
	if (entry->binding != 0)
		out->helper =
			e->router.config.bindings[entry->binding - 1].ops->name;
}

void masq_table_each(struct masq_engine *e, masq_each_fn *each, void *ctx)
{
	uint32_t at = sorted(&e->table);

	for (; at != 0; at = e->table.entries[at].order_next) {
		struct masq_entry_info info;

		masq_entry_info(e, &e->table.entries[at], &info);
		each(ctx, &info);
	}
}

/* ---- text ------------------------------------------------------------ */

struct line {
	char text[LINE];
	uint32_t len;
};

static void add_char(struct line *l, char c)
{
	if (l->len < LINE - 1)
		l->text[l->len++] = c;
}

static void add_text(struct line *l, const char *text)
{
	while (*text != '\0')
		add_char(l, *text++);
}

static void add_hex(struct line *l, uint32_t value, unsigned int digits)
{
	while (digits-- != 0)
		add_char(l, "0123456789ABCDEF"[value >> digits * 4 & 0xf]);
}

/* Right-aligned in width, 0 = as long as it is. */
static void add_decimal(struct line *l, uint32_t value, bool is_negative,
			unsigned int width)
{
	char digits[12];
	unsigned int n = 0;

	do {
		digits[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	if (is_negative)
		digits[n++] = '-';
	for (unsigned int i = n; i < width; i++)
		add_char(l, ' ');
	while (n != 0)
		add_char(l, digits[--n]);
}

static void add_signed(struct line *l, int32_t value, unsigned int width)
{
	const bool is_negative = value < 0;

	add_decimal(l, is_negative ? 0u - (uint32_t)value : (uint32_t)value,
		    is_negative, width);
}

static void finish(struct line *l)
{
	memset(l->text + l->len, ' ', LINE - l->len);
	l->text[LINE - 1] = '\n';
}

static void make_header(const struct masq_engine *e, struct line *l)
{
	l->len = 0;
	add_text(l, "Prc FromIP   FPrt ToIP     TPrt Masq Init-seq  Delta "
		    "PDelta Expires (free=");
	for (unsigned int i = 0; i < 3; i++) {
		if (i != 0)
			add_char(l, ',');
		add_decimal(l, e->free_ports[i], false, 0);
	}
	add_char(l, ')');
	finish(l);
}

static const char *proto_name(uint8_t proto)
{
	if (proto == PROTO_TCP)
		return "TCP";
	return proto == PROTO_UDP ? "UDP" : "ICMP";
}

static void add_end(struct line *l, uint32_t addr, uint16_t port)
{
	add_char(l, ' ');
	add_hex(l, addr, 8);
	add_char(l, ':');
	add_hex(l, port, 4);
}

static void make_entry(const struct masq_entry_info *info, struct line *l)
{
	l->len = 0;
	add_text(l, proto_name(info->proto));
	add_end(l, info->inside_addr, info->inside_port);
	add_end(l, info->peer_addr, info->peer_port);
	add_char(l, ' ');
	add_hex(l, info->masq_port, 4);
	add_char(l, ' ');
	add_hex(l, info->out_init, 8);
	add_char(l, ' ');
	add_signed(l, info->out_delta, 6);
	add_char(l, ' ');
	add_signed(l, info->out_prev, 6);
	add_char(l, ' ');
	/* A stopped timer shows how long ago it would have been. */
	add_decimal(l, (uint32_t)info->expires, false, 7);
	finish(l);
}

struct listing {
	char *out;
	size_t cap, len;
};

static void put_line(struct listing *t, const struct line *l)
{
	if (t->len + LINE <= t->cap)
		memcpy(t->out + t->len, l->text, LINE);
	t->len += LINE;
}

static void put_entry(void *ctx, const struct masq_entry_info *info)
{
	struct line l;

	make_entry(info, &l);
	put_line(ctx, &l);
}

size_t masq_proc_format(struct masq_engine *e, char *out, size_t cap)
{
	struct listing t = {.out = out, .cap = cap};
	struct line l;

	make_header(e, &l);
	put_line(&t, &l);
	masq_table_each(e, put_entry, &t);
	return t.len;
}
