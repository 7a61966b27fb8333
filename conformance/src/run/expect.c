/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect.c - what should have come: the stimulus as a router would change it,
 * and what the line of the case says
 */
#include <string.h>

#include "packet.h"
#include "run/play.h"

/*
 * Does the router answer from its other address? Only an echo reply and a
 * reset tell it from a packet that was turned around.
 */
static bool is_answer(const struct run_play *play, const struct run_making *m,
		      int64_t source)
{
	const struct run_pkt *asked = &play->stimulus.pkt;
	int64_t daddr;

	if (source != asked->daddr || m->spec->daddr == NULL ||
	    (source != play->router && source != play->nat) ||
	    run_eval(play, m->spec->daddr, &daddr) != RUN_EVAL_OK ||
	    daddr != asked->saddr)
		return false;
	return m->spec->kind == PACKET_ICMP ||
	       (m->spec->kind == PACKET_TCP && m->spec->flags & 0x04);
}

/* Does the router itself speak in this line? */
static bool is_own(const struct run_play *play, const struct run_making *m,
		   uint8_t type)
{
	const struct run_stimulus *s = &play->stimulus;
	uint32_t own = m->side == CONF_INSIDE ? play->router : play->nat;
	int64_t source;

	if (!s->is_set || !s->decoded)
		return true;
	if (m->spec->kind == PACKET_ICMP && run_icmp_quotes(type))
		return s->pkt.proto != CONF_PROTO_ICMP || s->pkt.plain ||
		       !run_icmp_quotes(s->pkt.type);
	if (m->spec->saddr == NULL || m->side != s->side ||
	    run_eval(play, m->spec->saddr, &source) != RUN_EVAL_OK)
		return false;
	return source == own || is_answer(play, m, source);
}

static uint8_t proto_of(const struct run_making *m)
{
	return m->spec->kind == PACKET_UDP    ? CONF_PROTO_UDP
	       : m->spec->kind == PACKET_ICMP ? CONF_PROTO_ICMP
					      : CONF_PROTO_TCP;
}

/* What is there before the line is looked at. */
static void make_base(struct run_play *play, struct run_making *m, bool exactly,
		      uint8_t type, struct run_pkt *pkt)
{
	const struct run_stimulus *s = &play->stimulus;
	uint8_t proto = proto_of(m);
	bool plain = m->spec->kind == PACKET_IP;
	struct run_pkt fresh;

	run_pkt_init(&fresh, proto);
	fresh.plain = plain;
	if (proto == CONF_PROTO_ICMP)
		fresh.rest = 0;
	*pkt = fresh;
	if (exactly) {
		if (m->spec->kind == PACKET_ICMP)
			pkt->rest = 0x00010001;
		return;
	}
	if (m->own) {
		pkt->tos = m->seen.tos;
		pkt->id = m->seen.id;
		pkt->ttl = m->seen.ttl;
		pkt->df = m->seen.df;
		pkt->seq = m->seen.seq;
		pkt->ack = m->seen.ack;
		pkt->win = m->seen.win;
		if (s->is_set && s->decoded && s->pkt.proto == proto &&
		    proto == CONF_PROTO_ICMP && !plain &&
		    !run_icmp_quotes(type)) {
			pkt->rest = s->pkt.rest;
			pkt->payload = s->pkt.payload;
			pkt->payload_len = s->pkt.payload_len;
		}
		return;
	}
	*pkt = s->pkt;
	pkt->ttl--;
	if ((!plain && pkt->proto != proto) || pkt->plain != plain) {
		fresh.tos = pkt->tos;
		fresh.id = pkt->id;
		fresh.ttl = pkt->ttl;
		fresh.df = pkt->df;
		*pkt = fresh;
	}
}

/* The numbers that the far side must see. */
static void translate_tcp(struct run_play *play, struct run_making *m,
			  struct run_pkt *pkt)
{
	const struct run_segment *segment = &play->stimulus.segment;
	const struct run_conn *conn;

	m->segment.conn = SIZE_MAX;
	if (segment->conn == SIZE_MAX || !play->stimulus.is_set)
		return;
	conn = &play->conns.items[segment->conn];
	m->isn[0] = conn->end[segment->from].isn;
	m->isn[1] = conn->end[1 - segment->from].isn;
	if (m->own) {
		m->isn[0] = conn->end[1 - segment->from].isn;
		m->isn[1] = conn->end[segment->from].isn;
		return;
	}
	m->segment = *segment;
	run_conn_through(conn, segment, pkt);
}

/* Who a connection's packet is from and for, on the far side. */
static bool connection_ends(struct run_play *play, struct run_making *m,
			    struct run_pkt *pkt)
{
	const struct run_segment *segment = &play->stimulus.segment;
	size_t i = run_conn_named(&play->conns, m->spec->name);
	const struct run_end *end;

	if (i == SIZE_MAX || !play->stimulus.is_set || segment->conn != i)
		return run_error(play, m->spec->pos,
				 "the stimulus is not of connection \"%s\"",
				 play->c->names[m->spec->name]);
	end = &play->conns.items[i].end[1 - segment->from];
	if (end->known) {
		pkt->saddr = end->raddr;
		pkt->sport = end->rport;
		pkt->daddr = end->laddr;
		pkt->dport = end->lport;
	} else if (play->stimulus.side == CONF_INSIDE) {
		const struct case_expr port = {.op = CASE_VARIABLE,
					       .name = m->spec->name,
					       .pos = m->spec->pos};
		const struct run_seen seen = {
			.there = m->seen.proto == CONF_PROTO_TCP &&
				 !m->seen.plain,
			.missing = "such ports",
			.value = m->seen.sport,
			.is_endpoint = true,
			.proto = CONF_PROTO_TCP,
			.addr = play->nat,
		};
		int64_t value;

		if (!run_bind(play, &port, &seen, &value))
			return false;
		pkt->saddr = play->nat;
		pkt->sport = (uint16_t)value;
	} else if (!end->is_meant) {
		pkt->daddr = m->seen.daddr;
		pkt->dport = m->seen.dport;
	}
	if (!end->known && end->is_meant) {
		pkt->daddr = end->laddr;
		pkt->dport = end->lport;
	}
	return true;
}

static bool make_specific(struct run_play *play, struct run_making *m,
			  struct run_pkt *pkt)
{
	int64_t type = 0, code = 0, proto;

	if (m->spec->kind == PACKET_CONNECTION)
		return connection_ends(play, m, pkt);
	if (m->spec->kind == PACKET_IP) {
		if (!run_value(play, m->spec->proto, &proto))
			return false;
		pkt->proto = (uint8_t)proto;
	}
	if (m->spec->kind == PACKET_ICMP) {
		if (!run_value(play, m->spec->type, &type) ||
		    !run_value(play, m->spec->code, &code))
			return false;
		pkt->type = (uint8_t)type;
		pkt->code = (uint8_t)code;
	}
	return run_make_ends(play, m, pkt);
}

static bool make_raw(struct run_play *play, const struct case_packet *spec)
{
	if (spec->raw.len > RUN_MAX_PACKET)
		return run_error(play, spec->pos, "the packet is too long");
	if (spec->raw.len > 0)
		memcpy(play->packet.data, spec->raw.data, spec->raw.len);
	play->packet.len = spec->raw.len;
	return true;
}

/* A piece of a labelled packet that the router cut. */
static bool make_cut(struct run_play *play, struct run_making *m,
		     struct run_pkt *pkt)
{
	const struct run_label *label = &play->labels[m->spec->name];

	if (label->octets == NULL ||
	    !run_pkt_decode(pkt, label->octets, label->len))
		return run_error(play, m->spec->pos,
				 "there is no packet \"%s\" to be cut",
				 play->c->names[m->spec->name]);
	if (!label->came)
		pkt->ttl--;
	return true;
}

static bool make_all(struct run_play *play, struct run_making *m, bool exactly,
		     struct run_pkt *pkt)
{
	uint32_t start = play->used;
	int64_t type = 0;

	if (m->spec->kind == PACKET_FRAGMENT)
		return make_cut(play, m, pkt) && run_make_fields(play, m, pkt);
	if (m->spec->type != NULL && !run_value(play, m->spec->type, &type))
		return false;
	m->own = !exactly && is_own(play, m, (uint8_t)type);
	make_base(play, m, exactly, (uint8_t)type, pkt);
	if (exactly && m->spec->kind == PACKET_ICMP &&
	    run_icmp_quotes((uint8_t)type))
		pkt->rest = 0;
	if (!make_specific(play, m, pkt))
		return false;
	if (pkt->proto == CONF_PROTO_TCP && !pkt->plain) {
		if (m->spec->has_flags || exactly)
			pkt->flags = m->spec->flags;
		if (!exactly)
			translate_tcp(play, m, pkt);
	}
	if (!run_make_fields(play, m, pkt) || !run_make_quote(play, m, pkt) ||
	    !run_make_payload(play, m, pkt))
		return false;
	if (m->spec->quote != QUOTE_NONE) {
		pkt->payload = play->payload.data + start;
		pkt->payload_len = play->used - start;
	}
	return true;
}

bool run_make_expected(struct run_play *play, const struct case_get *get,
		       struct masq_view actual, struct run_making *out)
{
	struct masq_view adopt = actual;
	struct run_pkt pkt;

	*out = (struct run_making){
		.spec = get->packet,
		.expect = true,
		.actual = actual,
		.side = get->side,
	};
	out->segment.conn = SIZE_MAX;
	(void)run_pkt_decode(&out->seen, actual.data, actual.len);
	play->used = 0;
	if (get->packet->kind == PACKET_RAW)
		return make_raw(play, get->packet);
	if (!make_all(play, out, get->exactly, &pkt))
		return false;
	if (get->exactly)
		adopt.len = 0;
	if (!run_pkt_build(&pkt, adopt, &play->packet))
		return run_fail(play, get->pos,
				"the packet that is expected cannot be built");
	return true;
}
