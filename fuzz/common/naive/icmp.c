/* SPDX-License-Identifier: Apache-2.0 */
/* icmp.c - ICMP queries (CORE-ICQ) and errors (CORE-ICE) */
#include "model.h"

/* The reply to a query, 255 for what is none. */
static uint8_t query_of(uint8_t reply)
{
	switch (reply) {
	case 0:
		return 8;
	case 14:
		return 13;
	case 16:
		return 15;
	case 18:
		return 17;
	default:
		return 255;
	}
}

static bool is_query(uint8_t type)
{
	return type == 8 || type == 13 || type == 15 || type == 17;
}

static bool is_error(uint8_t type)
{
	return type == 3 || type == 4 || type == 11;
}

/* CORE-ICQ-02: what stands for the peer's port. */
static uint16_t kind_of(uint8_t query, uint8_t code)
{
	return (uint16_t)(query | code << 8);
}

/* Both ends of it with the entry's timer run anew. */
static void put_id(struct model *m, struct entry *e, struct packet *p,
		   uint16_t id)
{
	nv_put_payload16(p, 4, id);
	nv_make_sum(p);
	nv_make_header_sum(p);
	nv_set_state(m, e, STATE_ICMP);
	nv_start_timer(m, e);
}

/* CORE-ICQ-03; what cannot be translated does not leave (B03). */
enum fate nv_query_out(struct model *m, struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const struct spec spec = {
		.proto = ICMP,
		.ia = nv_source_of(p),
		.ip = masq_get16(v, 4),
		.ma = m->settings.outside.addr,
		.oa = nv_dest_of(p),
		.op = kind_of(masq_get8(v, 0), masq_get8(v, 1)),
	};
	struct entry *e;

	if (v.len < 8 || !is_query(masq_get8(v, 0)) || !nv_is_sum_good(p))
		return DROP;
	e = nv_find_out(m, ICMP, spec.ia, spec.ip, spec.oa, spec.op);
	if (e == NULL)
		e = nv_new_entry(m, &spec);
	if (e == NULL)
		return DROP;
	nv_put_source(p, e->ma);
	put_id(m, e, p, e->mp);
	return REWRITTEN;
}

/* CORE-ICQ-04 */
static enum fate reply_in(struct model *m, struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const uint8_t query = query_of(masq_get8(v, 0));
	struct entry *e = nv_find_in(m, ICMP, nv_source_of(p),
				     kind_of(query, masq_get8(v, 1)),
				     nv_dest_of(p), masq_get16(v, 4));

	if (e == NULL)
		return PASS;
	if (!nv_is_sum_good(p))
		return DROP;
	e->flags &= (uint16_t)~NO_REPLY;
	nv_put_dest(p, e->ia);
	put_id(m, e, p, e->ip);
	return REWRITTEN;
}

/* ---- errors ---------------------------------------------------------- */

/* A packet inside an ICMP error. */
struct quote {
	struct masq_buf buf; /* from its IP header on */
	uint32_t hlen;
	uint8_t proto;
};

/* CORE-ICE-01 */
static bool read_quote(struct packet *p, struct quote *out)
{
	const uint32_t at = p->hlen + 8;
	const struct masq_view v = masq_from(nv_view_of(p), at);

	*out = (struct quote){
		.buf = {p->buf.data + at, v.len, v.len},
		.hlen = (masq_get8(v, 0) & 15) * 4u,
		.proto = masq_get8(v, 9),
	};
	if (v.len < 20 || out->hlen < 20 || v.len < out->hlen)
		return false;
	return (out->proto != ICMP && out->proto != TCP && out->proto != UDP) ||
	       v.len >= out->hlen + 8;
}

static uint16_t quoted16(const struct quote *q, uint32_t offset)
{
	return masq_get16(masq_view_of(&q->buf), q->hlen + offset);
}

static uint32_t quoted_addr(const struct quote *q, uint32_t offset)
{
	return masq_get32(masq_view_of(&q->buf), offset);
}

/* Changes 16 bits of the quote, and the quoted checksum with them (A04). */
static void put_quoted16(struct quote *q, uint32_t offset, uint16_t value,
			 uint16_t was, bool in_segment)
{
	const uint32_t at = q->proto == TCP ? 16 : q->proto == UDP ? 6 : 2;
	uint16_t sum = quoted16(q, at);

	if (in_segment)
		masq_put16(&q->buf, q->hlen + offset, value);
	if (q->buf.len < q->hlen + at + 2 || (q->proto == UDP && sum == 0))
		return;
	sum = nv_moved_sum(sum, was, value);
	if (q->proto == UDP && sum == 0)
		sum = 0xffff;
	masq_put16(&q->buf, q->hlen + at, sum);
}

static void put_quoted_addr(struct quote *q, uint32_t offset, uint32_t addr)
{
	const uint32_t was = quoted_addr(q, offset);
	struct packet header = {.buf = q->buf, .hlen = q->hlen};

	masq_put32(&q->buf, offset, addr);
	nv_make_header_sum(&header);
	if (q->proto == ICMP)
		return;
	put_quoted16(q, 0, (uint16_t)(addr >> 16), (uint16_t)(was >> 16),
		     false);
	put_quoted16(q, 0, (uint16_t)addr, (uint16_t)was, false);
}

/*
 * The quoted packet came in: its sender is the peer. An ICMP reply has the
 * name of its query.
 */
static struct entry *find_quoted_in(struct model *m, const struct quote *q)
{
	const uint32_t source = quoted_addr(q, 12), dest = quoted_addr(q, 16);

	if (q->proto == ICMP)
		return nv_find_out(
			m, ICMP, dest, quoted16(q, 4), source,
			kind_of(query_of((uint8_t)(quoted16(q, 0) >> 8)),
				(uint8_t)quoted16(q, 0)));
	return nv_find_out(m, q->proto, dest, quoted16(q, 2), source,
			   quoted16(q, 0));
}

/* The quoted packet went out: its sender is the router. */
static struct entry *find_quoted_out(struct model *m, const struct quote *q)
{
	const uint32_t source = quoted_addr(q, 12), dest = quoted_addr(q, 16);

	if (q->proto == ICMP)
		return nv_find_in(m, ICMP, dest,
				  kind_of((uint8_t)(quoted16(q, 0) >> 8),
					  (uint8_t)quoted16(q, 0)),
				  source, quoted16(q, 4));
	return nv_find_in(m, q->proto, dest, quoted16(q, 2), source,
			  quoted16(q, 0));
}

static bool is_known(const struct quote *q)
{
	return q->proto == ICMP || q->proto == TCP || q->proto == UDP;
}

/* It is about a packet between two inside, and not for outside ears. */
static bool is_private(const struct model *m, const struct packet *p,
		       const struct quote *q)
{
	return nv_way_to(m, nv_dest_of(p)) == CONF_OUTSIDE &&
	       nv_way_to(m, quoted_addr(q, 12)) == CONF_INSIDE;
}

/* CORE-ICE-10: somebody inside complains about what came in. */
enum fate nv_error_out(struct model *m, struct packet *p)
{
	struct quote q;
	struct entry *e;
	uint32_t port;

	if (!is_error(masq_get8(nv_payload_of(p), 0)))
		return PASS;
	if (nv_payload_of(p).len < 8 || !read_quote(p, &q))
		return DROP;
	e = is_known(&q) ? find_quoted_in(m, &q) : NULL;
	if (e == NULL || is_private(m, p, &q))
		return PASS;
	if (!nv_is_sum_good(p))
		return DROP;
	nv_put_source(p, e->ma);
	put_quoted_addr(&q, 16, e->ma);
	port = q.proto == ICMP ? 4 : 2;
	put_quoted16(&q, port, e->mp, quoted16(&q, port), true);
	nv_make_sum(p);
	nv_make_header_sum(p);
	return REWRITTEN;
}

/* CORE-ICE-20: somebody outside complains about what went out. */
static enum fate error_in(struct model *m, struct packet *p)
{
	struct quote q;
	struct entry *e;
	uint32_t port;

	if (!read_quote(p, &q))
		return DROP;
	e = is_known(&q) ? find_quoted_out(m, &q) : NULL;
	if (e == NULL || (e->flags & NO_SPORT) != 0)
		return PASS;
	if (!nv_is_sum_good(p))
		return DROP;
	nv_put_dest(p, e->ia);
	put_quoted_addr(&q, 12, e->ia);
	port = q.proto == ICMP ? 4 : 0;
	put_quoted16(&q, port, e->ip, quoted16(&q, port), true);
	nv_make_sum(p);
	nv_make_header_sum(p);
	return REWRITTEN;
}

enum fate nv_icmp_in(struct model *m, struct packet *p)
{
	const uint8_t type = masq_get8(nv_payload_of(p), 0);

	if (nv_payload_of(p).len < 8)
		return DROP;
	if (is_error(type))
		return error_in(m, p);
	return query_of(type) != 255 ? reply_in(m, p) : PASS;
}
