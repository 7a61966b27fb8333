/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simplify.c - fields and times that do not matter get simple values
 *
 * Each change is an attempt; it stays if the class does. Ports are renamed
 * in all stimuli at once, all other fields are changed one by one.
 */
#include <stdlib.h>
#include <string.h>

#include "minimize/minimize.h"
#include "packet.h"
#include "run/pkt.h"

#define SECOND      UINT64_C(1000000000)
#define FIRST_TIME  (SECOND * UINT64_C(1000000000))
#define FIRST_PORT  5000u
#define MAX_RENAMED 64u

/* Changes a packet; false if there is nothing to change. */
typedef bool edit_fn(struct run_pkt *pkt, size_t index);

static bool set8(uint8_t *field, uint8_t value)
{
	bool changes = *field != value;

	*field = value;
	return changes;
}

static bool set16(uint16_t *field, uint16_t value)
{
	bool changes = *field != value;

	*field = value;
	return changes;
}

static bool set32(uint32_t *field, uint32_t value)
{
	bool changes = *field != value;

	*field = value;
	return changes;
}

static bool unset(bool *field)
{
	bool changes = *field;

	*field = false;
	return changes;
}

static bool edit_payload(struct run_pkt *p, size_t index)
{
	(void)index;
	return set32(&p->payload_len, 0);
}

static bool edit_ip_options(struct run_pkt *p, size_t index)
{
	(void)index;
	return set32(&p->ipopt_len, 0);
}

static bool edit_tcp_options(struct run_pkt *p, size_t index)
{
	(void)index;
	return set32(&p->tcpopt_len, 0);
}

static bool edit_whole(struct run_pkt *p, size_t index)
{
	bool offset = set32(&p->frag, 0);

	(void)index;
	return unset(&p->mf) || offset;
}

static bool edit_sum(struct run_pkt *p, size_t index)
{
	bool bad = p->csum.kind != CASE_SUM_GOOD;

	(void)index;
	p->csum.kind = CASE_SUM_GOOD;
	return bad && !p->plain;
}

static bool edit_ip_sum(struct run_pkt *p, size_t index)
{
	bool bad = p->ipsum.kind != CASE_SUM_GOOD;

	(void)index;
	p->ipsum.kind = CASE_SUM_GOOD;
	return bad;
}

static bool edit_length(struct run_pkt *p, size_t index)
{
	bool lies = p->ulen != RUN_TRUTH;

	(void)index;
	p->ulen = RUN_TRUTH;
	return lies;
}

static bool edit_ttl(struct run_pkt *p, size_t index)
{
	(void)index;
	return set8(&p->ttl, 64);
}

static bool edit_tos(struct run_pkt *p, size_t index)
{
	(void)index;
	return set8(&p->tos, 0);
}

static bool edit_id(struct run_pkt *p, size_t index)
{
	return set16(&p->id, (uint16_t)(index + 1));
}

static bool edit_df(struct run_pkt *p, size_t index)
{
	(void)index;
	return unset(&p->df);
}

static bool edit_evil(struct run_pkt *p, size_t index)
{
	(void)index;
	return unset(&p->evil);
}

static bool is_tcp(const struct run_pkt *p)
{
	return p->proto == CONF_PROTO_TCP && !p->plain;
}

static bool edit_seq(struct run_pkt *p, size_t index)
{
	(void)index;
	return is_tcp(p) && set32(&p->seq, 1);
}

static bool edit_ack(struct run_pkt *p, size_t index)
{
	(void)index;
	return is_tcp(p) && set32(&p->ack, (p->flags & 0x10) != 0 ? 1 : 0);
}

static bool edit_flags(struct run_pkt *p, size_t index)
{
	(void)index;
	return is_tcp(p) && set8(&p->flags, p->flags & 0x17);
}

static bool edit_window(struct run_pkt *p, size_t index)
{
	bool urgent;

	(void)index;
	if (!is_tcp(p))
		return false;
	urgent = set16(&p->urg, 0);
	return set16(&p->win, 5840) || urgent;
}

static bool edit_icmp_seq(struct run_pkt *p, size_t index)
{
	(void)index;
	return p->proto == CONF_PROTO_ICMP && !p->plain &&
	       !run_icmp_quotes(p->type) &&
	       set32(&p->rest, (p->rest & 0xffff0000u) | 1);
}

static edit_fn *const edits[] = {
	edit_payload, edit_ip_options, edit_tcp_options, edit_whole, edit_sum,
	edit_ip_sum,  edit_length,     edit_ttl,         edit_tos,   edit_id,
	edit_df,      edit_evil,       edit_flags,       edit_seq,   edit_ack,
	edit_window,  edit_icmp_seq,
};
#define NUM_EDITS (sizeof(edits) / sizeof(edits[0]))

/* Puts the packet in the place of stimulus index, if the class stays. */
static bool offer(struct min_run *run, struct conf_trace *t, size_t index,
		  const struct run_pkt *pkt)
{
	static uint8_t room[RUN_MAX_PACKET + 64];
	struct masq_buf b = {.data = room, .cap = sizeof(room)};
	struct conf_stimulus *s = &t->items[index], old = *s;
	uint8_t *data;

	if (!run_pkt_build(pkt, (struct masq_view){.data = NULL}, &b) ||
	    (b.len == s->len && memcmp(b.data, s->data, b.len) == 0))
		return false;
	data = malloc(b.len + 1);
	if (data == NULL)
		return false;
	memcpy(data, b.data, b.len);
	s->data = data;
	s->len = b.len;
	if (min_still(run, t)) {
		free(old.data);
		return true;
	}
	free(data);
	*s = old;
	return false;
}

/* The shortest beginning of the payload that does, by halves. */
static bool shorten(struct min_run *run, struct conf_trace *t, size_t index)
{
	struct conf_stimulus *s = &t->items[index];
	struct run_pkt pkt;
	uint32_t low = 0, high;
	bool changed = false;

	if (!run_pkt_decode(&pkt, s->data, s->len))
		return false;
	high = pkt.payload_len; /* good; low is not */
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (!run_pkt_decode(&pkt, s->data, s->len) ||
		    middle >= pkt.payload_len)
			break;
		pkt.payload_len = middle;
		if (offer(run, t, index, &pkt)) {
			high = middle;
			changed = true;
		} else {
			low = middle;
		}
	}
	return changed;
}

static bool simplify_one(struct min_run *run, struct conf_trace *t,
			 size_t index)
{
	struct run_pkt pkt;
	bool changed = false;

	for (size_t i = 0; i < NUM_EDITS; i++) {
		const struct conf_stimulus *s = &t->items[index];

		if (!run_pkt_decode(&pkt, s->data, s->len))
			return changed;
		if (edits[i](&pkt, index) && offer(run, t, index, &pkt))
			changed = true;
	}
	return shorten(run, t, index) || changed;
}

/* ---- Ports ---- */

/* A trace with octets of its own. */
static bool clone(struct conf_trace *out, const struct conf_trace *from)
{
	*out = (struct conf_trace){.end = from->end};
	for (size_t i = 0; i < from->num; i++)
		if (!conf_trace_add(out, &from->items[i])) {
			conf_trace_cleanup(out);
			return false;
		}
	return true;
}

static bool rename_port(struct min_run *run, struct conf_trace *t,
			uint16_t from, uint16_t to)
{
	struct conf_trace other;
	bool good;

	if (!clone(&other, t))
		return false;
	for (size_t i = 0; i < other.num; i++)
		min_rename(other.items[i].data, other.items[i].len, from, to);
	good = min_still(run, &other);
	if (good) {
		struct conf_trace swap = *t;

		*t = other;
		other = swap;
	}
	conf_trace_cleanup(&other);
	return good;
}

/* Source ports of inside hosts become 5000, 5001, ... */
static bool simplify_ports(struct min_run *run, struct conf_trace *t)
{
	uint16_t seen[MAX_RENAMED];
	size_t num = 0, k;
	bool changed = false;

	for (size_t i = 0; i < t->num && num < MAX_RENAMED; i++) {
		struct min_endpoint from, to;
		uint16_t port = (uint16_t)(FIRST_PORT + num);

		if (t->items[i].side != CONF_INSIDE ||
		    !min_ends(t->items[i].data, t->items[i].len, &from, &to) ||
		    from.port == 0)
			continue;
		for (k = 0; k < num && seen[k] != from.port; k++)
			;
		if (k < num)
			continue;
		if (from.port != port && rename_port(run, t, from.port, port)) {
			changed = true;
			from.port = port;
		}
		seen[num++] = from.port;
	}
	return changed;
}

/* ---- Times ---- */

/* Moves stimulus index and what is behind it, if the class stays. */
static bool set_gap(struct min_run *run, struct conf_trace *t, size_t index,
		    uint64_t gap)
{
	uint64_t start = index > 0 ? t->items[index - 1].now : 0;
	uint64_t *at = index < t->num ? &t->items[index].now : &t->end;
	uint64_t shift = *at - (start + gap); /* may be negative: it wraps */

	if (shift == 0)
		return false;
	for (size_t i = index; i < t->num; i++)
		t->items[i].now -= shift;
	t->end -= shift;
	if (min_still(run, t))
		return true;
	for (size_t i = index; i < t->num; i++)
		t->items[i].now += shift;
	t->end += shift;
	return false;
}

static uint64_t gap_of(const struct conf_trace *t, size_t index)
{
	uint64_t now = index < t->num ? t->items[index].now : t->end;
	uint64_t before = index > 0 ? t->items[index - 1].now : 0;

	return now > before ? now - before : 0;
}

bool min_simplify_times(struct min_run *run, struct conf_trace *t)
{
	bool changed = t->num > 0 && set_gap(run, t, 0, FIRST_TIME);

	for (size_t i = 1; i <= t->num; i++) {
		uint64_t gap = gap_of(t, i), seconds = gap / SECOND;
		bool whole = gap % SECOND == 0;

		if (gap == 0)
			continue;
		if (set_gap(run, t, i, 0) ||
		    (!whole && set_gap(run, t, i, seconds * SECOND)) ||
		    (!whole && set_gap(run, t, i, (seconds + 1) * SECOND)))
			changed = true;
	}
	return changed;
}

bool min_simplify(struct min_run *run, struct conf_trace *t)
{
	bool changed = false;

	run->total = t->num;
	for (size_t i = 0; i < t->num; i++) {
		run->done = i;
		changed = simplify_one(run, t, i) || changed;
	}
	return simplify_ports(run, t) || changed;
}
