/* SPDX-License-Identifier: Apache-2.0 */
/*
 * translate.c - a stimulus written for our names becomes one for theirs
 *
 * Renamed are endpoints of the router's outside, wherever they stand: in the
 * headers, in what an ICMP error quotes, in texts that say its address. TCP
 * numbers move by the shifts of the flow. A packet that names nothing is
 * passed on as it is.
 */
#include "equivalence/eqv.h"

struct work {
	struct conf_equivalence *eq;
	const struct conf_packet *from;
	const struct eqv_parsed *p;
	struct eqv_editor x;
	bool copied; /* the editor works on eq->translated */
};

/* Copies the stimulus before the first change. */
static bool start(struct work *w, const struct eqv_parsed *inner)
{
	struct masq_buf *b = &w->eq->translated;

	if (w->copied)
		return true;
	if (w->from->len > b->cap)
		return false;
	memcpy(b->data, w->from->data, w->from->len);
	b->len = w->from->len;
	eqv_editor_init(&w->x, b, w->p, inner, false);
	w->copied = true;
	return true;
}

static void put_end(struct work *w, const struct eqv_parsed *at,
		    const struct eqv_parsed *inner, bool is_src)
{
	struct conf_equivalence *eq = w->eq;
	struct eqv_end ours = is_src ? at->src : at->dst;
	struct eqv_end peer = is_src ? at->dst : at->src;
	uint32_t port_at = is_src ? at->src_at : at->dst_at;
	struct eqv_end theirs;

	if (port_at == 0 || !eqv_is_outside(eq, OURS, ours.addr))
		return;
	theirs = eqv_theirs(eq, at->ip.proto, ours, peer);
	if (eqv_same_end(ours, theirs) || !start(w, inner))
		return;
	eqv_put16(&w->x, port_at, theirs.port);
	if (theirs.addr != ours.addr)
		eqv_put32(&w->x, at->base + (is_src ? 12 : 16), theirs.addr);
}

static void put_number(struct work *w, const struct eqv_parsed *inner,
		       const struct eqv_numbers *n, uint32_t at)
{
	struct masq_view v = {.data = w->from->data, .len = w->from->len};
	int32_t shift = eqv_shift(n, masq_get32(v, at));

	if (shift != 0 && masq_has(v, at, 4) && start(w, inner))
		eqv_put32(&w->x, at, masq_get32(v, at) + (uint32_t)shift);
}

static struct eqv_flow *flow_of(const struct conf_equivalence *eq,
				const struct eqv_parsed *p, enum eqv_dir dir,
				enum conf_side wire)
{
	struct eqv_end near = dir == EQV_OUTBOUND ? p->src : p->dst;
	struct eqv_end far = dir == EQV_OUTBOUND ? p->dst : p->src;

	return wire == CONF_OUTSIDE
		       ? eqv_flow_of_name(eq, p->ip.proto, near, far)
		       : eqv_flow_of_inside(eq, p->ip.proto, near, far);
}

static enum eqv_dir dir_of(enum conf_side arrived)
{
	return arrived == CONF_OUTSIDE ? EQV_INBOUND : EQV_OUTBOUND;
}

/* The numbers of a segment, and of one that is quoted. */
static void put_numbers(struct work *w)
{
	enum conf_side wire = w->from->side;
	enum eqv_dir dir = dir_of(wire);
	struct eqv_flow *flow = flow_of(w->eq, w->p, dir, wire);
	struct masq_view v = {.data = w->from->data, .len = w->from->len};
	uint32_t edges[EQV_MAX_EDGES];
	unsigned int num;

	if (flow == NULL || flow->numbers == NULL)
		return;
	put_number(w, NULL, eqv_numbers_of(flow, wire, dir), w->p->l4 + 4);
	put_number(w, NULL, eqv_numbers_of(flow, wire, 1 - dir), w->p->l4 + 8);
	num = eqv_sack_edges(edges, w->p, v);
	for (unsigned int i = 0; i < num; i++)
		put_number(w, NULL, eqv_numbers_of(flow, wire, 1 - dir),
			   edges[i]);
}

static void put_quoted_numbers(struct work *w, const struct eqv_parsed *inner)
{
	enum conf_side wire = w->from->side;
	/* It went the other way. */
	enum eqv_dir dir = 1 - dir_of(wire);
	struct eqv_flow *flow = flow_of(w->eq, inner, dir, wire);
	struct masq_view v = {.data = w->from->data, .len = w->from->len};
	const struct eqv_numbers *n = eqv_numbers_of(flow, wire, dir);
	uint32_t seq = masq_get32(v, inner->l4 + 4);
	int32_t grown;

	if (n == NULL)
		return;
	put_number(w, inner, n, inner->l4 + 4);
	if (masq_has(v, inner->l4 + 8, 4) && inner->ip.payload.len >= 12)
		put_number(w, inner, eqv_numbers_of(flow, wire, 1 - dir),
			   inner->l4 + 8);
	/* Was it a segment that grew? */
	grown = eqv_shift(n, seq + 1) - eqv_shift(n, seq);
	if (grown != 0 && inner->ip.total_len > inner->ip.header_len + 20 &&
	    start(w, inner))
		eqv_put16(&w->x, inner->base + 2,
			  (uint16_t)(inner->ip.total_len + (uint32_t)grown));
}

/* A text that says an endpoint of the router says theirs. */
static void put_text(struct work *w)
{
	struct conf_equivalence *eq = w->eq;
	struct masq_view v = {.data = w->from->data, .len = w->from->len};
	struct masq_view text = masq_slice(v, w->p->text, w->p->text_len);
	struct eqv_place places[EQV_MAX_PLACES];
	unsigned int num = eqv_places(places, w->p->ip.proto, text);
	struct masq_buf *out = &eq->text;
	uint32_t at = 0;
	bool changed = false;

	out->len = 0;
	for (unsigned int i = 0; i < num; i++) {
		const struct eqv_place *p = &places[i];
		struct eqv_end ours = p->end, theirs;
		/* Who resumes from outside names a port of ours. */
		bool resume = p->format == EQV_RESUME &&
			      w->from->side == CONF_OUTSIDE;

		if (resume)
			ours.addr = eq->addrs[OURS][0];
		if ((p->format != EQV_SIX && p->format != EQV_DCC && !resume) ||
		    !eqv_is_outside(eq, OURS, ours.addr))
			continue;
		theirs = eqv_theirs(eq, p->proto, ours, (struct eqv_end){0});
		if (eqv_same_end(ours, theirs))
			continue;
		changed = true;
		memcpy(out->data + out->len, text.data + at, p->at - at);
		out->len += p->at - at;
		out->len += eqv_place_text(out->data + out->len, p, theirs);
		at = p->at + p->len;
	}
	if (!changed || !start(w, NULL))
		return;
	memcpy(out->data + out->len, text.data + at, text.len - at);
	out->len += text.len - at;
	eqv_put_text(&w->x, w->p, masq_view_of(out));
	if (w->p->is_tcp)
		eqv_note_edit(
			eq,
			flow_of(eq, w->p, dir_of(w->from->side), w->from->side),
			w->from->side, dir_of(w->from->side),
			masq_get32(v, w->p->l4 + 4),
			(int32_t)(out->len - text.len));
}

static void put_quote(struct work *w)
{
	struct masq_view v = {.data = w->from->data, .len = w->from->len};
	struct eqv_parsed inner;

	eqv_parse(&inner, v, w->p->quote);
	put_end(w, &inner, &inner, true);
	put_end(w, &inner, &inner, false);
	if (w->eq->has_numbers && inner.is_tcp)
		put_quoted_numbers(w, &inner);
}

void eqv_translate(struct conf_equivalence *eq, const struct conf_packet *ours,
		   struct conf_packet *out)
{
	struct work w = {.eq = eq, .from = ours, .p = &eq->parsed[OURS]};

	*out = *ours;
	put_end(&w, w.p, NULL, true);
	put_end(&w, w.p, NULL, false);
	if (w.p->quote != 0)
		put_quote(&w);
	if (eq->has_numbers && w.p->is_tcp)
		put_numbers(&w);
	if (eq->has_texts && w.p->text != 0)
		put_text(&w);
	if (w.copied) {
		out->data = eq->translated.data;
		out->len = eq->translated.len;
	}
}
