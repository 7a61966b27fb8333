/* SPDX-License-Identifier: Apache-2.0 */
/*
 * permute.c - the same capture with other names
 *
 * What a router would have recorded that is the same but for its choice of
 * ports and ids. It knows which names there are from the numbers of the
 * pool alone and rewrites every record by itself; sums are made anew so that
 * they are off by as much as before, which is another way than the
 * library's. A result that passes a part of its stimulus on gets that part
 * of the permuted stimulus.
 */
#include <stdlib.h>
#include <string.h>

#include "equivalence/eqv.h"
#include "permute.h"

#define MAX_LISTS 512u

/* Numbers of one direction of a flow on one wire. */
struct list {
	uint8_t wire, dir;
	struct eqv_end near, far; /* as recorded */
	struct {
		uint32_t at;
		int32_t shift;
	} edits[64];
	unsigned int num;
};

struct work {
	struct permute *p;
	struct list *lists;
	size_t num_lists;
	/* The last stimulus, before and after. */
	uint8_t *old, *new;
	uint32_t old_len, new_len;
	/* The record in hand. */
	uint8_t *data;
	uint32_t len;
	const struct cap_record *r;
};

/* ---- numbers ---------------------------------------------------------- */

static struct list *list_of(struct work *w, struct eqv_end near,
			    struct eqv_end far, unsigned int dir, bool make)
{
	struct list *l;

	for (size_t i = 0; i < w->num_lists; i++) {
		l = &w->lists[i];
		if (l->wire == w->r->side && l->dir == dir &&
		    eqv_same_end(l->near, near) && eqv_same_end(l->far, far))
			return l;
	}
	if (!make || w->num_lists == MAX_LISTS)
		return NULL;
	l = &w->lists[w->num_lists++];
	*l = (struct list){
		.wire = (uint8_t)w->r->side,
		.dir = (uint8_t)dir,
		.near = near,
		.far = far,
	};
	return l;
}

static int32_t shift_of(const struct list *l, uint32_t number)
{
	int32_t shift = 0;

	for (unsigned int i = 0; l != NULL && i < l->num; i++)
		if ((int32_t)(number - l->edits[i].at) > 0)
			shift = l->edits[i].shift;
	return shift;
}

/* Is it in what an edit took away? */
static bool is_gone(const struct list *l, uint32_t number)
{
	int32_t before = 0;

	for (unsigned int i = 0; l != NULL && i < l->num; i++) {
		int32_t past = (int32_t)(number - l->edits[i].at);

		if (past > 0 && past <= before - l->edits[i].shift)
			return true;
		before = l->edits[i].shift;
	}
	return false;
}

static void note_edit(struct list *l, uint32_t at, int32_t diff)
{
	int32_t shift = 0;

	if (l == NULL || diff == 0 || l->num == 64)
		return;
	if (l->num > 0) {
		if ((int32_t)(at - l->edits[l->num - 1].at) <= 0)
			return;
		shift = l->edits[l->num - 1].shift;
	}
	l->edits[l->num].at = at;
	l->edits[l->num++].shift = shift + diff;
}

/* ---- rewriting -------------------------------------------------------- */

static struct masq_view view_of(const struct work *w)
{
	return (struct masq_view){.data = w->data, .len = w->len};
}

static void put16(struct work *w, uint32_t at, uint32_t value)
{
	struct masq_buf b = {.data = w->data, .len = w->len, .cap = w->len};

	masq_put16(&b, at, (uint16_t)value);
}

static void put32(struct work *w, uint32_t at, uint32_t value)
{
	put16(w, at, value >> 16);
	put16(w, at + 2, value & 0xffff);
}

/* How far off the sums of a packet are: of the header, of the transport. */
static void residues(struct masq_view v, uint32_t base, uint16_t out[2])
{
	struct eqv_parsed p;
	uint64_t sum;

	eqv_parse(&p, v, base);
	sum = masq_sum(p.ip.payload);
	if (p.ip.proto != CONF_PROTO_ICMP)
		sum += masq_sum_pseudo(p.ip.saddr, p.ip.daddr, p.ip.proto,
				       p.ip.total_len - p.ip.header_len);
	out[0] = masq_fold(masq_sum(p.ip.header));
	out[1] = masq_fold(sum);
}

/* A sum that makes the residue what it was. */
static void put_sum(struct work *w, uint32_t at, uint32_t base,
		    unsigned int which, uint16_t wanted, bool udp)
{
	uint16_t got[2], sum;

	put16(w, at, 0);
	residues(view_of(w), base, got);
	sum = masq_fold((uint64_t)wanted + (uint16_t)~got[which]);
	if (sum == 0xffff)
		sum = 0;
	put16(w, at, udp && sum == 0 ? 0xffff : sum);
}

/* Makes the sums of a packet as good as residues() said they were. */
static void put_sums(struct work *w, uint32_t base, const uint16_t was[2],
		     bool transport)
{
	struct eqv_parsed p;
	uint16_t is[2];

	residues(view_of(w), base, is);
	eqv_parse(&p, view_of(w), base);
	if (is[0] != was[0] && p.ip.has_payload)
		put_sum(w, base + 10, base, 0, was[0], false);
	if (transport && p.sum_at != 0 && is[1] != was[1])
		put_sum(w, p.sum_at, base, 1, was[1],
			p.ip.proto == CONF_PROTO_UDP);
}

static bool put_ends(struct work *w, const struct eqv_parsed *at)
{
	const struct permute *p = w->p;
	bool src = at->src_at != 0 && at->src.addr == p->outside &&
		   p->map[at->src.port] != 0;
	bool dst = at->dst_at != 0 && at->dst.addr == p->outside &&
		   p->map[at->dst.port] != 0;

	if (src)
		put16(w, at->src_at, p->map[at->src.port]);
	if (dst)
		put16(w, at->dst_at, p->map[at->dst.port]);
	return src || dst;
}

static unsigned int dir_of(const struct cap_record *r)
{
	/* Outbound: arrived inside, sent outside. */
	return (r->side == CAP_INSIDE) == (r->dir == CAP_ARRIVED) ? 0 : 1;
}

static struct list *flow_list(struct work *w, const struct eqv_parsed *at,
			      unsigned int travels, unsigned int dir, bool make)
{
	return travels == 0 ? list_of(w, at->src, at->dst, dir, make)
			    : list_of(w, at->dst, at->src, dir, make);
}

static void put_number(struct work *w, uint32_t at, const struct list *l)
{
	uint32_t number = masq_get32(view_of(w), at);

	w->p->is_ambiguous |= is_gone(l, number);
	put32(w, at, number + (uint32_t)shift_of(l, number));
}

static void put_numbers(struct work *w, const struct eqv_parsed *at,
			unsigned int travels)
{
	struct list *seq = flow_list(w, at, travels, travels, false);
	struct list *ack = flow_list(w, at, travels, 1 - travels, false);
	struct eqv_parsed old;
	uint32_t edges[EQV_MAX_EDGES], from[EQV_MAX_EDGES];
	struct masq_view stimulus = {w->old, w->old_len};
	unsigned int num = eqv_sack_edges(edges, at, view_of(w));

	put_number(w, at->l4 + 4, seq);
	put_number(w, at->l4 + 8, ack);
	eqv_parse(&old, stimulus, 0);
	for (unsigned int i = 0; i < num; i++) {
		/* Linux hands SACK on as it is, others where nothing grew. */
		if (w->r->dir == CAP_SENT &&
		    eqv_sack_edges(from, &old, stimulus) == num &&
		    masq_get32(stimulus, from[i]) ==
			    masq_get32(view_of(w), edges[i]))
			put32(w, edges[i],
			      masq_get32((struct masq_view){w->new, w->new_len},
					 from[i]));
		else
			put_number(w, edges[i], ack);
	}
}

static bool same_text(struct masq_view a, const struct eqv_parsed *p,
		      struct masq_view b, const struct eqv_parsed *q)
{
	return p->text != 0 && q->text != 0 && p->text_len == q->text_len &&
	       memcmp(a.data + p->text, b.data + q->text, p->text_len) == 0;
}

/* The text as it has to be now; false if it stays. */
static bool new_text(struct work *w, const struct eqv_parsed *at,
		     struct masq_buf *out)
{
	struct masq_view v = view_of(w), stimulus = {w->old, w->old_len};
	struct masq_view text = masq_slice(v, at->text, at->text_len);
	struct eqv_place places[EQV_MAX_PLACES];
	unsigned int num = eqv_places(places, at->ip.proto, text);
	struct eqv_parsed old;
	uint32_t from = 0;
	bool changed = false;

	eqv_parse(&old, stimulus, 0);
	if (w->r->dir == CAP_SENT && same_text(v, at, stimulus, &old)) {
		stimulus = (struct masq_view){w->new, w->new_len};
		eqv_parse(&old, stimulus, 0);
		if (same_text(v, at, stimulus, &old))
			return false;
		text = masq_slice(stimulus, old.text, old.text_len);
		memcpy(out->data, text.data, text.len);
		out->len = text.len;
		return true;
	}
	for (unsigned int i = 0; i < num; i++) {
		struct eqv_end end = places[i].end;

		if (!permute_is_name(w->p, w->r, &places[i]) ||
		    w->p->map[end.port] == 0)
			continue;
		end.port = w->p->map[end.port];
		memcpy(out->data + out->len, text.data + from,
		       places[i].at - from);
		out->len += places[i].at - from;
		out->len += eqv_place_text(out->data + out->len, &places[i],
					   end);
		from = places[i].at + places[i].len;
		changed = true;
	}
	memcpy(out->data + out->len, text.data + from, text.len - from);
	out->len += text.len - from;
	return changed;
}

static void put_text(struct work *w, const struct eqv_parsed *at,
		     unsigned int travels)
{
	uint8_t octets[70000];
	struct masq_buf text = {.data = octets, .cap = sizeof(octets)};
	uint32_t end = at->text + at->text_len, diff, seq;

	if (at->text == 0 || at->ip.is_fragment || !new_text(w, at, &text))
		return;
	/* As recorded: numbers were not put yet. */
	seq = masq_get32(view_of(w), at->l4 + 4);
	diff = text.len - at->text_len;
	w->data = realloc(w->data, w->len + diff + 64);
	memmove(w->data + at->text + text.len, w->data + end, w->len - end);
	memcpy(w->data + at->text, octets, text.len);
	w->len += diff;
	put16(w, 2, at->ip.total_len + diff);
	if (at->is_tcp)
		note_edit(flow_list(w, at, travels, travels, true), seq,
			  (int32_t)diff);
	else if (diff != 0)
		put16(w, at->l4 + 4, masq_get16(view_of(w), at->l4 + 4) + diff);
}

/* What is quoted follows its stimulus, or the names in it. */
static void put_quote(struct work *w, const struct eqv_parsed *at,
		      unsigned int travels)
{
	struct masq_view old = {w->old, w->old_len}, new = {w->new, w->new_len};
	struct eqv_parsed in, a, b;
	uint16_t was[2], sum;
	bool named, kept = false;

	eqv_parse(&in, view_of(w), at->quote);
	residues(view_of(w), at->quote, was);
	sum = masq_get16(view_of(w), in.sum_at);
	named = put_ends(w, &in);
	if (in.is_tcp) {
		put_number(w, in.l4 + 4,
			   flow_list(w, &in, 1 - travels, 1 - travels, false));
		if (in.ip.payload.len >= 12)
			put_number(
				w, in.l4 + 8,
				flow_list(w, &in, 1 - travels, travels, false));
	}
	for (unsigned int i = 0; i < 2 && w->r->dir == CAP_SENT; i++) {
		uint32_t base[2] = {0, 0};

		eqv_parse(&a, old, 0);
		eqv_parse(&b, new, 0);
		if (i == 1) {
			base[0] = a.quote;
			base[1] = b.quote;
			if (a.quote == 0)
				break;
			eqv_parse(&a, old, base[0]);
			eqv_parse(&b, new, base[1]);
		}
		if (a.sum_at == 0 || in.sum_at == 0 ||
		    masq_get16(old, a.sum_at) != sum)
			continue;
		put16(w, in.sum_at, masq_get16(new, b.sum_at));
		kept = true;
	}
	put_sums(w, at->quote, was, !kept && (named || in.is_tcp));
}

static void rewrite(struct work *w)
{
	unsigned int travels = dir_of(w->r);
	struct eqv_parsed at;
	uint16_t was[2];

	eqv_parse(&at, view_of(w), 0);
	residues(view_of(w), 0, was);
	put_text(w, &at, travels);
	eqv_parse(&at, view_of(w), 0);
	if (at.is_tcp && !at.ip.is_fragment)
		put_numbers(w, &at, travels);
	if (at.quote != 0)
		put_quote(w, &at, travels);
	put_ends(w, &at);
	put_sums(w, 0, was, true);
}

static void keep_stimulus(struct work *w, const struct permute_record *item,
			  const uint8_t *old, uint32_t old_len)
{
	w->old = realloc(w->old, old_len + 1);
	memcpy(w->old, old, old_len);
	w->old_len = old_len;
	w->new = realloc(w->new, item->record.len + 1);
	memcpy(w->new, item->data, item->record.len);
	w->new_len = item->record.len;
}

void permute_all(struct permute *p, uint32_t seed, bool same_length)
{
	struct work w = {.p = p, .lists = calloc(MAX_LISTS, sizeof(*w.lists))};

	permute_choose(p, seed, same_length);
	for (size_t i = 0; i < p->num; i++) {
		struct permute_record *item = &p->records[i];
		uint32_t len = item->record.len;
		uint8_t *old;

		if (item->record.ethertype != CAP_ETHERTYPE_IPV4 ||
		    cap_is_truncated(&item->record))
			continue;
		old = malloc(len + 1);
		memcpy(old, item->data, len);
		w.r = &item->record;
		w.data = item->data;
		w.len = len;
		rewrite(&w);
		item->data = w.data;
		item->record.len = w.len;
		item->record.wire_len = w.len;
		p->num_resized += w.len != len;
		p->num_changed += w.len != len || memcmp(old, w.data, len) != 0;
		if (item->record.dir == CAP_ARRIVED)
			keep_stimulus(&w, item, old, len);
		free(old);
	}
	free(w.lists);
	free(w.old);
	free(w.new);
}
