/* SPDX-License-Identifier: Apache-2.0 */
/*
 * datagram.c - datagrams put together from the fragments that were sent
 *
 * A name of another length moves the places where a datagram is cut. Then,
 * and only then, whole datagrams are compared. All fragments of one must
 * have the same header, so that a difference in one of them is not lost;
 * otherwise they are compared one by one.
 */
#include "equivalence/eqv.h"

static struct conf_layout layout_of(const struct conf_results *r, size_t i)
{
	return conf_layout_of(conf_result_data(r, &r->items[i]),
			      r->items[i].len);
}

static uint32_t offset_of(const struct conf_layout *ip)
{
	return (masq_get16(ip->all, 6) & 0x1fffu) * 8;
}

static bool has_more(const struct conf_layout *ip)
{
	return (masq_get16(ip->all, 6) & 0x2000u) != 0;
}

/* The same but for length, flags and offset; checksums as good. */
static bool is_kin(const struct conf_layout *a, const struct conf_layout *b)
{
	return b->is_fragment && b->is_whole && b->header_len == 20 &&
	       b->total_len == b->all.len &&
	       masq_get16(a->all, 0) == masq_get16(b->all, 0) &&
	       masq_get16(a->all, 4) == masq_get16(b->all, 4) &&
	       masq_get16(a->all, 8) == masq_get16(b->all, 8) &&
	       a->saddr == b->saddr && a->daddr == b->daddr &&
	       (masq_get16(a->all, 6) & 0xc000) ==
		       (masq_get16(b->all, 6) & 0xc000) &&
	       masq_fold(masq_sum(a->header)) == masq_fold(masq_sum(b->header));
}

/* How many results from i on make up a whole datagram; 0 = none. */
static size_t count_kin(const struct conf_results *r, size_t i)
{
	struct conf_layout first = layout_of(r, i), ip = first;
	uint32_t end = 0;

	if (!is_kin(&first, &first) || offset_of(&first) != 0)
		return 0;
	for (size_t n = 0; i + n < r->num_items; n++) {
		ip = layout_of(r, i + n);
		if (!is_kin(&first, &ip) || offset_of(&ip) != end ||
		    r->items[i + n].side != r->items[i].side ||
		    r->items[i + n].now != r->items[i].now)
			return 0;
		end += ip.payload.len;
		if (!has_more(&ip))
			return n + 1;
	}
	return 0;
}

static void emit_whole(struct conf_equivalence *eq, struct conf_results *out,
		       const struct conf_results *r, size_t i, size_t num)
{
	struct masq_buf *b = &eq->scratch;
	struct conf_layout ip = layout_of(r, i);
	const struct eqv_parsed header = {.ip = ip};
	struct eqv_editor x;

	memcpy(b->data, ip.all.data, 20);
	b->len = 20;
	for (size_t n = 0; n < num; n++) {
		ip = layout_of(r, i + n);
		if (ip.payload.len > UINT16_MAX - b->len)
			break;
		memcpy(b->data + b->len, ip.payload.data, ip.payload.len);
		b->len += ip.payload.len;
	}
	eqv_editor_init(&x, b, &header, NULL, false);
	eqv_put16(&x, 2, (uint16_t)b->len);
	eqv_put16(&x, 6, masq_get16(masq_view_of(b), 6) & 0xc000);
	conf_results_emit(out, &(struct conf_packet){
				       .side = r->items[i].side,
				       .now = r->items[i].now,
				       .data = b->data,
				       .len = b->len,
				       .own_error = r->items[i].own_error,
			       });
}

static void put_together(struct conf_equivalence *eq, struct conf_results *out,
			 const struct conf_results *r)
{
	size_t i = 0;

	conf_results_clear(out);
	while (i < r->num_items) {
		const struct conf_result *item = &r->items[i];
		size_t num = count_kin(r, i);

		if (num > 0)
			emit_whole(eq, out, r, i, num);
		else
			conf_results_emit(
				out, &(struct conf_packet){
					     .side = item->side,
					     .now = item->now,
					     .data = conf_result_data(r, item),
					     .len = item->len,
					     .own_error = item->own_error,
				     });
		i += num > 0 ? num : 1;
	}
	eq->failed |= out->failed;
}

static bool has_fragments(const struct conf_results *r)
{
	for (size_t i = 0; i < r->num_items; i++)
		if (layout_of(r, i).is_fragment)
			return true;
	return false;
}

/* Cut at the same places; *out_same: and the same behind the first cut. */
static bool is_cut_alike(const struct conf_results *a,
			 const struct conf_results *b, bool *out_same)
{
	*out_same = true;
	if (a->num_items != b->num_items)
		return false;
	for (size_t i = 0; i < a->num_items; i++) {
		struct conf_layout p = layout_of(a, i), q = layout_of(b, i);

		if (p.all.len != q.all.len || offset_of(&p) != offset_of(&q))
			return false;
		if (!p.is_first && p.all.len > 20 &&
		    memcmp(p.all.data + 20, q.all.data + 20, p.all.len - 20) !=
			    0)
			*out_same = false;
	}
	return true;
}

enum eqv_cut eqv_put_together(struct conf_equivalence *eq,
			      const struct conf_results *ours,
			      const struct conf_results *theirs)
{
	bool same, alike;

	if (!has_fragments(ours) && !has_fragments(theirs))
		return EQV_CUT_NONE;
	alike = is_cut_alike(ours, theirs, &same);
	if (alike && same)
		return EQV_CUT_NONE;
	put_together(eq, &eq->whole[OURS], ours);
	put_together(eq, &eq->whole[THEIRS], theirs);
	if (eq->whole[OURS].num_items != eq->whole[THEIRS].num_items)
		return EQV_CUT_NONE;
	if (alike)
		return EQV_CUT_ALIKE;
	/* Of the same length but cut elsewhere: that is a difference. */
	for (size_t i = 0; i < eq->whole[OURS].num_items; i++)
		if (eq->whole[OURS].items[i].len !=
		    eq->whole[THEIRS].items[i].len)
			return EQV_CUT_RESIZED;
	return EQV_CUT_NONE;
}
