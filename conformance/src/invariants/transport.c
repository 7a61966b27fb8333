/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transport.c - INV-08, 17, 19, 20, 22: what is behind the IP header
 *
 * Sequence numbers of connections that a helper may change are the business
 * of stream.c.
 */
#include "checker.h"

/* A field of the transport header that must not change. */
struct field {
	const char *name;
	uint32_t at, len;
};

static const struct field tcp_fields[] = {
	{"tcp.offset and flags", 12, 2},
	{"tcp.window", 14, 2},
	{"tcp.urgent", 18, 2},
};
static const struct field tcp_numbers[] = {
	{"tcp.seq", 4, 4},
	{"tcp.ack", 8, 4},
};
static const struct field icmp_fields[] = {
	{"icmp.type and code", 0, 2},
	{"icmp.seq", 6, 2},
};
static const struct field udp_length = {"udp.length", 4, 2};

static void check_fields(struct conf_checker *c, const struct inv_pair *pair,
			 enum inv_index index, const struct field *fields,
			 size_t num)
{
	struct masq_view p = pair->p.ip.payload, q = pair->q.ip.payload;

	for (size_t i = 0; i < num; i++) {
		const struct field *f = &fields[i];

		if (!masq_has(p, f->at, f->len) || !masq_has(q, f->at, f->len))
			continue;
		if (!masq_equal(q, f->at, p.data + f->at, f->len))
			inv_fail(c, index, "%s 0x%x became 0x%x", f->name,
				 f->len == 2 ? masq_get16(p, f->at)
					     : masq_get32(p, f->at),
				 f->len == 2 ? masq_get16(q, f->at)
					     : masq_get32(q, f->at));
	}
}

/* Only the end that the direction names may get another port. */
static void check_ports(struct conf_checker *c, const struct inv_pair *pair)
{
	const struct inv_flow *before = &pair->before, *after = &pair->after;
	bool source, dest;

	if (!before->known || !after->known)
		return;
	source = pair->direction == INV_OUT ||
		 before->saddr != after->saddr; /* hairpin */
	dest = pair->direction == INV_IN;
	if (!source && before->sport != after->sport)
		inv_fail(c, INV_08, "the source port %u became %u",
			 before->sport, after->sport);
	if (!dest && before->dport != after->dport)
		inv_fail(c, INV_08, "the destination port %u became %u",
			 before->dport, after->dport);
}

/* INV-17 above the IP header: what came in order leaves in order. */
static void check_form(struct conf_checker *c, const struct inv_pair *pair)
{
	struct masq_view p = pair->p.ip.payload, q = pair->q.ip.payload;
	uint32_t offset = (masq_get8(q, 12) >> 4) * 4u;

	if (pair->q.is_piece || pair->direction == INV_PLAIN)
		return;
	if (pair->q.ip.proto == CONF_PROTO_TCP && masq_has(q, 0, 20) &&
	    (offset > q.len || (offset < 20 && !inv_excused(c, EX_17_DOFF))))
		inv_fail(c, INV_17, "tcp.offset %u in %u octets", offset,
			 q.len);
	if (pair->q.ip.proto == CONF_PROTO_UDP && masq_get16(p, 4) == p.len &&
	    masq_get16(q, 4) != q.len)
		inv_fail(c, INV_17, "udp.length %u in %u octets",
			 masq_get16(q, 4), q.len);
}

/* The first octet that differs, from off on; UINT32_MAX if none does. */
static uint32_t difference(struct masq_view p, struct masq_view q, uint32_t off)
{
	uint32_t end = p.len < q.len ? p.len : q.len;

	if (off < end && masq_equal(q, off, p.data + off, end - off))
		off = end;
	while (off < end && masq_get8(p, off) == masq_get8(q, off))
		off++;
	return off < end || p.len != q.len ? off : UINT32_MAX;
}

static void check_payload(struct conf_checker *c, const struct inv_pair *pair,
			  uint32_t off)
{
	struct masq_view p = pair->p.ip.payload, q = pair->q.ip.payload;
	uint32_t at = difference(p, q, off);
	bool in_pieces = pair->p.is_joined || pair->q.is_joined ||
			 pair->q.is_piece;

	if (at == UINT32_MAX)
		return;
	inv_fail(c, in_pieces ? INV_19 : INV_20,
		 "octet %u of %u behind the IP header is 0x%02x, was 0x%02x "
		 "(of %u)",
		 at, q.len, masq_get8(q, at), masq_get8(p, at), p.len);
}

/* Transports that are no business of the decoder; a NAT may translate them. */
struct ported {
	uint8_t proto;
	uint32_t sum_at, sum_len;
	struct field kept; /* between ports and checksum */
};

static const struct ported ported[] = {
	{33, 6, 2, {"dccp.offset and coverage", 4, 2}},
	{132, 8, 4, {"sctp.verification tag", 4, 4}},
	{136, 6, 2, {"udplite.coverage", 4, 2}},
};

static const struct ported *find_ported(const struct inv_pair *pair)
{
	for (size_t i = 0; i < sizeof(ported) / sizeof(ported[0]); i++) {
		const struct ported *t = &ported[i];

		if (t->proto == pair->p.ip.proto &&
		    pair->direction != INV_PLAIN &&
		    masq_has(pair->p.ip.payload, 0, t->sum_at + t->sum_len))
			return t;
	}
	return NULL;
}

/* One port and the checksum may change. */
static void check_ported(struct conf_checker *c, const struct inv_pair *pair,
			 const struct ported *t)
{
	static const struct field source = {"the source port", 0, 2};
	static const struct field dest = {"the destination port", 2, 2};

	if (pair->direction == INV_OUT)
		check_fields(c, pair, INV_08, &dest, 1);
	else if (pair->p.ip.saddr == pair->q.ip.saddr) /* no hairpin */
		check_fields(c, pair, INV_08, &source, 1);
	check_fields(c, pair, INV_08, &t->kept, 1);
	check_payload(c, pair, t->sum_at + t->sum_len);
}

static void check_piece(struct conf_checker *c, const struct inv_pair *pair)
{
	uint32_t off = 0;

	if (inv_excused(c, EX_20_IDLE) || inv_excused(c, EX_08_IDLE))
		return;
	if (pair->q.ip.is_first)
		off = pair->q.ip.proto == CONF_PROTO_TCP ? 20 : 8;
	check_payload(c, pair, off);
}

void inv_check_transport(struct conf_checker *c, const struct inv_pair *pair)
{
	const struct conf_layout *p = &pair->p.ip, *q = &pair->q.ip;
	uint32_t len = inv_transport_len(p);
	const struct ported *t = find_ported(pair);
	bool is_moved;

	if (pair->q.is_piece) {
		check_piece(c, pair);
		return;
	}
	check_form(c, pair);
	check_ports(c, pair);
	/* The options of a helped connection: stream.c sees SACK. */
	if (p->proto == CONF_PROTO_TCP && masq_has(p->payload, 0, 20)) {
		/* Linux leaves it; others move it with the text: stream.c. */
		is_moved = pair->is_helped && !inv_excused(c, EX_22_PAIR) &&
			   (masq_get8(p->payload, 13) & FLAG_URG) != 0;
		check_fields(c, pair, INV_08, tcp_fields, is_moved ? 2 : 3);
		if (!pair->is_helped)
			check_fields(c, pair, INV_22, tcp_numbers, 2);
		len = 20;
	} else if (p->proto == CONF_PROTO_UDP && !pair->is_helped) {
		check_fields(c, pair, INV_08, &udp_length, 1);
	} else if (p->proto == CONF_PROTO_ICMP && !pair->is_error) {
		check_fields(c, pair, INV_08, icmp_fields, 2);
	}
	if (len == 0 &&
	    (p->proto == CONF_PROTO_TCP || p->proto == CONF_PROTO_UDP ||
	     p->proto == CONF_PROTO_ICMP))
		return;
	if (pair->is_error) {
		check_fields(c, pair, INV_08, icmp_fields, 1);
		return;
	}
	if (t != NULL && q->has_payload)
		check_ported(c, pair, t);
	else if (!pair->is_helped && q->has_payload)
		check_payload(c, pair, len);
}
