/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rename.c - a result of the other side in our names
 *
 * Guided by our own result for the same stimulus: where the two show names,
 * numbers or texts that correspond, theirs are replaced by ours, checksums
 * carried. What does not correspond stays, so that the exact comparison that
 * follows finds it. A conflict of names is noted in eq->found.
 *
 * What an engine passed on as it came is the stimulus's, which was
 * translated: it corresponds if both sides did so ("kept").
 */
#include <stdio.h>

#include "equivalence/rename.h"

void eqv_note(struct eqv_work *w, enum eqv_verdict verdict, const char *field,
	      struct eqv_end ours, struct eqv_end theirs)
{
	struct conf_divergence *d = &w->eq->found;
	char addr[CONF_ADDR_SIZE];

	if (verdict == EQV_OK || d->verdict != CONF_SAME)
		return;
	*d = (struct conf_divergence){
		.verdict = CONF_DIFFERENT,
		.index = w->eq->index,
	};
	snprintf(d->name, sizeof(d->name), "%s",
		 verdict == EQV_SHARED ? "mapping-not-one-to-one"
				       : "mapping-changed");
	snprintf(d->field, sizeof(d->field), "%s", field);
	snprintf(d->expected, sizeof(d->expected), "%s:%u",
		 conf_addr_text(addr, ours.addr), ours.port);
	snprintf(d->actual, sizeof(d->actual), "%s:%u",
		 conf_addr_text(addr, theirs.addr), theirs.port);
}

static const char *field_of(const struct eqv_parsed *p, bool is_src,
			    bool quoted)
{
	static const char *const names[2][3][2] = {
		{{"icmp.id", "icmp.id"},
		 {"tcp.destination", "tcp.source"},
		 {"udp.destination", "udp.source"}},
		{{"quote.icmp.id", "quote.icmp.id"},
		 {"quote.tcp.destination", "quote.tcp.source"},
		 {"quote.udp.destination", "quote.udp.source"}},
	};
	unsigned int proto = p->ip.proto == CONF_PROTO_TCP   ? 1
			     : p->ip.proto == CONF_PROTO_UDP ? 2
							     : 0;

	return names[quoted][proto][is_src];
}

/* Is the source a mapping of who sent the stimulus, on its way? An inside
 * source may have arrived outside, forged. */
static bool is_mapped(const struct eqv_work *w)
{
	const struct conf_equivalence *eq = w->eq;
	const struct eqv_parsed *from = &eq->parsed[OURS];

	return eq->has_stimulus && from->ip.proto == w->p[OURS].ip.proto &&
	       !eqv_is_outside(eq, OURS, from->src.addr) &&
	       w->p[OURS].dst.addr != from->src.addr;
}

/* An address of a pool: both sides put the same one for the sender's. */
static void learn_address(struct eqv_work *w)
{
	const struct eqv_parsed *from = &w->eq->parsed[OURS];

	if (w->packet[OURS]->side != CONF_OUTSIDE || !is_mapped(w) ||
	    w->p[OURS].src.addr != w->p[THEIRS].src.addr)
		return;
	for (unsigned int side = 0; side < 2; side++)
		if (w->p[side].src.addr == from->src.addr ||
		    w->p[side].dst.addr != from->dst.addr)
			return;
	for (unsigned int side = 0; side < 2; side++)
		eqv_add_outside(w->eq, side, w->p[side].src.addr);
}

static enum eqv_verdict judge(struct eqv_work *w, const struct eqv_parsed p[2],
			      bool is_src, bool quoted)
{
	struct conf_equivalence *eq = w->eq;
	const struct eqv_parsed *from = &eq->parsed[OURS];
	uint8_t proto = p[OURS].ip.proto;

	if (!is_src)
		return eqv_check(eq, proto, p[OURS].dst, p[THEIRS].dst,
				 p[OURS].src);
	if (quoted || !is_mapped(w))
		return eqv_check(eq, proto, p[OURS].src, p[THEIRS].src,
				 p[OURS].dst);
	if (from->src_at == 0) /* the rest of a datagram in fragments */
		return eqv_show_name(eq, proto, p[OURS].src, p[THEIRS].src);
	return eqv_show(eq, proto, p[OURS].src, p[THEIRS].src, from->src,
			p[OURS].dst);
}

static void put_end(struct eqv_work *w, const struct eqv_parsed p[2],
		    bool is_src, bool quoted)
{
	struct eqv_end ours = is_src ? p[OURS].src : p[OURS].dst;
	struct eqv_end theirs = is_src ? p[THEIRS].src : p[THEIRS].dst;
	uint32_t at[2] = {is_src ? p[OURS].src_at : p[OURS].dst_at,
			  is_src ? p[THEIRS].src_at : p[THEIRS].dst_at};
	enum eqv_verdict verdict;

	if (at[OURS] == 0 || at[THEIRS] == 0 ||
	    p[OURS].ip.proto != p[THEIRS].ip.proto ||
	    !eqv_is_outside(w->eq, OURS, ours.addr) ||
	    !eqv_is_outside(w->eq, THEIRS, theirs.addr))
		return;
	verdict = judge(w, p, is_src, quoted);
	eqv_note(w, verdict, field_of(p, is_src, quoted), ours, theirs);
	if (verdict == EQV_NOT_A_PAIR)
		return;
	eqv_put16(&w->x, at[THEIRS], ours.port);
	if (ours.addr != theirs.addr)
		eqv_put32(&w->x, p[THEIRS].base + (is_src ? 12 : 16),
			  ours.addr);
}

/* An inbound packet shows whom a name is for. */
static void learn_inbound(struct eqv_work *w)
{
	struct conf_equivalence *eq = w->eq;
	const struct eqv_parsed *from = eq->parsed;

	if (!eq->has_stimulus || w->packet[OURS]->side != CONF_INSIDE ||
	    from[OURS].dst_at == 0 || w->p[OURS].dst_at == 0 ||
	    from[OURS].ip.proto != w->p[OURS].ip.proto ||
	    !eqv_is_outside(eq, OURS, from[OURS].dst.addr) ||
	    !eqv_same_end(from[OURS].src, w->p[OURS].src) ||
	    !eqv_same_end(w->p[OURS].dst, w->p[THEIRS].dst) ||
	    w->p[OURS].dst.addr == from[OURS].dst.addr)
		return;
	eqv_note(w,
		 eqv_show_inbound(eq, from[OURS].ip.proto, from[OURS].dst,
				  from[THEIRS].dst, w->p[OURS].dst,
				  w->p[OURS].src),
		 field_of(&from[OURS], false, false), from[OURS].dst,
		 from[THEIRS].dst);
}

/* Did each side pass on what its stimulus has at one of its offsets? */
static bool is_kept(const struct eqv_work *w, uint32_t ours, uint32_t theirs,
		    const uint32_t (*at)[2], unsigned int num, bool is_word)
{
	const struct conf_packet *from = w->eq->stimulus;

	for (unsigned int i = 0; w->eq->has_stimulus && i < num; i++) {
		struct masq_view a = {from[OURS].data, from[OURS].len};
		struct masq_view b = {from[THEIRS].data, from[THEIRS].len};

		if (at[i][OURS] == 0 || at[i][THEIRS] == 0)
			continue;
		if (is_word ? masq_get16(a, at[i][OURS]) == ours &&
				      masq_get16(b, at[i][THEIRS]) == theirs
			    : masq_get32(a, at[i][OURS]) == ours &&
				      masq_get32(b, at[i][THEIRS]) == theirs)
			return true;
	}
	return false;
}

static void put_number(struct eqv_work *w, const struct eqv_numbers *n,
		       uint32_t our_at, uint32_t their_at,
		       const uint32_t (*kept)[2], unsigned int num_kept)
{
	uint32_t ours = masq_get32(w->v[OURS], our_at);
	uint32_t theirs = masq_get32(w->v[THEIRS], their_at);

	/* What does not fit then is seen to be different, whatever it was. */
	if (!is_kept(w, ours, theirs, kept, num_kept, false))
		ours = theirs - (uint32_t)eqv_shift(n, ours);
	eqv_put32(&w->x, their_at, ours);
}

enum eqv_dir eqv_work_dir(const struct eqv_work *w)
{
	return w->packet[OURS]->side == CONF_OUTSIDE ? EQV_OUTBOUND
						     : EQV_INBOUND;
}

/* SACK: an engine that leaves the options alone keeps the stimulus's. */
static void put_sacks(struct eqv_work *w, const struct eqv_numbers *n)
{
	const struct conf_equivalence *eq = w->eq;
	uint32_t edges[2][EQV_MAX_EDGES], kept[2][EQV_MAX_EDGES] = {{0}};
	unsigned int num = eqv_sack_edges(edges[OURS], &w->p[OURS], w->v[OURS]);

	if (eqv_sack_edges(edges[THEIRS], &w->p[THEIRS], w->v[THEIRS]) != num)
		return;
	for (unsigned int side = 0; eq->has_stimulus && side < 2; side++)
		(void)eqv_sack_edges(
			kept[side], &eq->parsed[side],
			(struct masq_view){eq->stimulus[side].data,
					   eq->stimulus[side].len});
	for (unsigned int i = 0; i < num; i++) {
		const uint32_t at[1][2] = {{kept[OURS][i], kept[THEIRS][i]}};

		put_number(w, n, edges[OURS][i], edges[THEIRS][i], at, 1);
	}
}

static void put_numbers(struct eqv_work *w)
{
	const struct conf_equivalence *eq = w->eq;
	/* Without the flag the field may have been left as it is. */
	bool has_ack = (masq_get8(w->v[OURS], w->p[OURS].l4 + 13) & 0x10) != 0;
	const uint32_t same[1][2] = {
		{eq->parsed[OURS].is_tcp ? eq->parsed[OURS].l4 + 8 : 0,
		 eq->parsed[THEIRS].is_tcp ? eq->parsed[THEIRS].l4 + 8 : 0}};
	enum conf_side wire = w->packet[OURS]->side;
	enum eqv_dir dir = eqv_work_dir(w);
	const struct eqv_numbers *seq = eqv_numbers_of(w->flow, wire, dir);
	const struct eqv_numbers *ack = eqv_numbers_of(w->flow, wire, 1 - dir);

	put_number(w, seq, w->p[OURS].l4 + 4, w->p[THEIRS].l4 + 4, NULL, 0);
	put_number(w, ack, w->p[OURS].l4 + 8, w->p[THEIRS].l4 + 8, same,
		   has_ack ? 0 : 1);
	put_sacks(w, ack);
}

/* The flow of a packet on its wire, in our names. */
struct eqv_flow *eqv_work_flow(const struct eqv_work *w,
			       const struct eqv_parsed *p, enum eqv_dir dir)
{
	struct eqv_end near = dir == EQV_OUTBOUND ? p->src : p->dst;
	struct eqv_end far = dir == EQV_OUTBOUND ? p->dst : p->src;

	return w->packet[OURS]->side == CONF_OUTSIDE
		       ? eqv_flow_of_name(w->eq, p->ip.proto, near, far)
		       : eqv_flow_of_inside(w->eq, p->ip.proto, near, far);
}

/* The numbers of a quoted segment, and its length. */
static void put_quoted_numbers(struct eqv_work *w)
{
	const struct conf_equivalence *eq = w->eq;
	enum eqv_dir dir = 1 - eqv_work_dir(w);
	struct eqv_flow *flow = eqv_work_flow(w, &w->in[OURS], dir);
	uint32_t kept[2][2][2] = {{{0}}}, length[2][2] = {{0}};
	struct eqv_parsed in;

	for (unsigned int side = 0; side < 2; side++) {
		const struct eqv_parsed *from = &eq->parsed[side];

		kept[0][0][side] = from->is_tcp ? from->l4 + 4 : 0;
		kept[1][0][side] = from->is_tcp ? from->l4 + 8 : 0;
		length[0][side] = from->is_tcp ? 2 : 0;
		if (from->quote == 0)
			continue;
		eqv_parse(&in,
			  (struct masq_view){eq->stimulus[side].data,
					     eq->stimulus[side].len},
			  from->quote);
		kept[0][1][side] = in.is_tcp ? in.l4 + 4 : 0;
		kept[1][1][side] = in.is_tcp ? in.l4 + 8 : 0;
		length[1][side] = in.base + 2;
	}
	put_number(w, eqv_numbers_of(flow, w->packet[OURS]->side, dir),
		   w->in[OURS].l4 + 4, w->in[THEIRS].l4 + 4,
		   (const uint32_t(*)[2])kept[0], 2);
	if (w->in[OURS].ip.payload.len >= 12 &&
	    w->in[THEIRS].ip.payload.len >= 12)
		put_number(w,
			   eqv_numbers_of(flow, w->packet[OURS]->side, 1 - dir),
			   w->in[OURS].l4 + 8, w->in[THEIRS].l4 + 8,
			   (const uint32_t(*)[2])kept[1], 2);
	if (is_kept(w, w->in[OURS].ip.total_len, w->in[THEIRS].ip.total_len,
		    (const uint32_t(*)[2])length, 2, true))
		eqv_put16(&w->x, w->in[THEIRS].base + 2,
			  (uint16_t)w->in[OURS].ip.total_len);
}

/* How far off a checksum is, over what there is of a quoted packet. */
static uint16_t residue(const struct eqv_parsed *p)
{
	uint64_t sum = masq_sum(p->ip.payload);

	if (p->ip.proto != CONF_PROTO_ICMP)
		sum += masq_sum_pseudo(p->ip.saddr, p->ip.daddr, p->ip.proto,
				       p->ip.total_len - p->ip.header_len);
	return masq_fold(sum);
}

/* The transport checksum in a quote: carried, or left as it was. */
static void put_quoted_sum(struct eqv_work *w)
{
	const struct conf_equivalence *eq = w->eq;
	uint16_t ours = masq_get16(w->v[OURS], w->in[OURS].sum_at);
	uint16_t theirs = masq_get16(w->v[THEIRS], w->in[THEIRS].sum_at);
	uint32_t kept[2][2] = {{0}};
	struct eqv_parsed in;

	if (w->in[OURS].sum_at == 0 || w->in[THEIRS].sum_at == 0 ||
	    ours == theirs)
		return;
	for (unsigned int side = 0; eq->has_stimulus && side < 2; side++) {
		kept[0][side] = eq->parsed[side].sum_at;
		if (eq->parsed[side].quote == 0)
			continue;
		eqv_parse(&in,
			  (struct masq_view){eq->stimulus[side].data,
					     eq->stimulus[side].len},
			  eq->parsed[side].quote);
		kept[1][side] = in.sum_at;
	}
	if (residue(&w->in[OURS]) == residue(&w->in[THEIRS]) ||
	    is_kept(w, ours, theirs, (const uint32_t(*)[2])kept, 2, true))
		eqv_put16(&w->x, w->in[THEIRS].sum_at, ours);
}

/*
 * A data offset below 5 cannot be: an engine that sums from there on may
 * count the old checksum in, which the translation changed. Bad is bad.
 */
static void put_hopeless_sum(struct eqv_work *w)
{
	const struct conf_equivalence *eq = w->eq;
	const struct eqv_parsed *p = w->p;

	if (!eq->has_stimulus || !p[OURS].is_tcp || p[OURS].sum_at == 0 ||
	    p[THEIRS].sum_at == 0 ||
	    masq_get8(w->v[OURS], p[OURS].l4 + 12) >= 0x50 ||
	    eq->stimulus[OURS].data == eq->stimulus[THEIRS].data)
		return;
	if (residue(&p[OURS]) != 0xffff && residue(&p[THEIRS]) != 0xffff)
		eqv_put16(&w->x, p[THEIRS].sum_at,
			  masq_get16(w->v[OURS], p[OURS].sum_at));
}

/* Of a sum that was carried, 0 and 0xffff are the same. */
static void settle(struct eqv_work *w, struct masq_buf *out, uint32_t our_at,
		   uint32_t their_at)
{
	uint16_t ours = masq_get16(w->v[OURS], our_at);
	uint16_t was = masq_get16(w->v[THEIRS], their_at);
	uint16_t is = masq_get16(masq_view_of(out), their_at);

	if (was != is &&
	    ((ours == 0 && is == 0xffff) || (ours == 0xffff && is == 0)))
		masq_put16(out, their_at, ours);
}

static void rename_all(struct eqv_work *w)
{
	const struct eqv_parsed *p = w->p;

	learn_address(w);
	learn_inbound(w);
	put_end(w, p, true, false);
	put_end(w, p, false, false);
	if (p[OURS].quote != 0 && p[THEIRS].quote != 0 &&
	    w->in[OURS].ip.header_len == w->in[THEIRS].ip.header_len) {
		put_end(w, w->in, true, true);
		put_end(w, w->in, false, true);
		if (w->in[OURS].is_tcp && w->in[THEIRS].is_tcp &&
		    w->eq->has_numbers)
			put_quoted_numbers(w);
		put_quoted_sum(w);
	}
	if (w->eq->has_numbers && p[OURS].is_tcp && p[THEIRS].is_tcp) {
		w->flow = eqv_work_flow(w, &p[OURS], eqv_work_dir(w));
		put_numbers(w);
	}
	if (p[OURS].text != 0)
		eqv_rename_text(w);
	put_hopeless_sum(w);
}

void eqv_rename(struct conf_equivalence *eq, const struct conf_packet *ours,
		const struct conf_packet *theirs, struct masq_buf *out)
{
	struct eqv_work w = {
		.eq = eq,
		.packet = {ours, theirs},
		.v = {{ours->data, ours->len}, {theirs->data, theirs->len}},
	};

	out->len = theirs->len <= out->cap ? theirs->len : out->cap;
	memcpy(out->data, theirs->data, out->len);
	for (unsigned int side = 0; side < 2; side++) {
		eqv_parse(&w.p[side], w.v[side], 0);
		if (w.p[side].quote != 0)
			eqv_parse(&w.in[side], w.v[side], w.p[side].quote);
	}
	if (ours->side != theirs->side ||
	    w.p[OURS].ip.proto != w.p[THEIRS].ip.proto ||
	    w.p[OURS].ip.header_len != w.p[THEIRS].ip.header_len ||
	    !w.p[OURS].ip.is_first || !w.p[THEIRS].ip.is_first)
		return;
	eqv_editor_init(&w.x, out, &w.p[THEIRS],
			w.p[THEIRS].quote != 0 ? &w.in[THEIRS] : NULL, true);
	rename_all(&w);
	settle(&w, out, 10, 10);
	if (w.p[OURS].sum_at != 0 && w.p[THEIRS].sum_at != 0)
		settle(&w, out, w.p[OURS].sum_at, w.p[THEIRS].sum_at);
}
