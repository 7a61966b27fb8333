/* SPDX-License-Identifier: Apache-2.0 */
/* make.c - stimuli: from a line of the case to octets */
#include <stdlib.h>
#include <string.h>

#include "packet.h"
#include "run/play.h"

enum conf_side run_side_of(const struct run_play *play, uint32_t addr)
{
	for (size_t i = 0; i < play->c->num_hosts; i++)
		if (play->c->hosts[i].addr == addr)
			return play->c->hosts[i].side;
	return (addr & play->inside_mask) == play->inside_net ? CONF_INSIDE
							      : CONF_OUTSIDE;
}

bool run_set_label(struct run_play *play, uint32_t name, struct masq_view v,
		   bool came)
{
	struct run_label *label;
	uint8_t *octets;

	if (name == CASE_NO_NAME)
		return true;
	label = &play->labels[name];
	octets = malloc(v.len + 1);
	if (octets == NULL)
		return false;
	if (v.len > 0)
		memcpy(octets, v.data, v.len);
	free(label->octets);
	*label = (struct run_label){
		.octets = octets,
		.len = v.len,
		.came = came,
		.segment = {.conn = SIZE_MAX},
	};
	if (!came)
		label->segment = play->stimulus.segment;
	return true;
}

static uint8_t proto_of(const struct case_packet *spec)
{
	switch (spec->kind) {
	case PACKET_UDP:
		return CONF_PROTO_UDP;
	case PACKET_ICMP:
		return CONF_PROTO_ICMP;
	default:
		return CONF_PROTO_TCP;
	}
}

/* The flags that a connection's packet has when it says none. */
static uint8_t flags_of(const struct case_packet *spec)
{
	if (spec->has_flags)
		return spec->flags;
	return spec->has_payload ? 0x18 : 0x10;
}

/* The addresses of a packet of a connection. */
static bool connection_ends(struct run_play *play, struct run_making *m,
			    struct run_pkt *pkt)
{
	size_t i = run_conn_named(&play->conns, m->spec->name);
	const struct run_conn *conn;

	if (i == SIZE_MAX)
		return run_error(play, m->spec->pos,
				 "there is no connection \"%s\"",
				 play->c->names[m->spec->name]);
	conn = &play->conns.items[i];
	for (unsigned int n = 0; n < 2; n++) {
		const struct run_end *end = &conn->end[n];

		if (end->side != m->side || !end->known)
			continue;
		m->segment.conn = i;
		m->segment.from = n;
		pkt->saddr = end->laddr;
		pkt->sport = end->lport;
		pkt->daddr = end->raddr;
		pkt->dport = end->rport;
		return true;
	}
	return run_error(play, m->spec->pos,
			 "connection \"%s\" has not been seen on this side",
			 play->c->names[m->spec->name]);
}

/* Finds the connection of a segment, or makes one. */
static bool find_connection(struct run_play *play, struct run_making *m,
			    const struct run_pkt *pkt)
{
	struct run_end *end;

	m->segment.conn = run_conn_find(&play->conns, m->side, pkt,
					&m->segment.from);
	if (m->segment.conn != SIZE_MAX)
		return true;
	m->segment.conn = run_conn_add(&play->conns, CASE_NO_NAME);
	if (m->segment.conn == SIZE_MAX)
		return run_error(play, m->spec->pos, "no memory");
	m->segment.from = 0;
	end = &play->conns.items[m->segment.conn].end[0];
	end->side = m->side;
	end->known = true;
	end->laddr = pkt->saddr;
	end->lport = pkt->sport;
	end->raddr = pkt->daddr;
	end->rport = pkt->dport;
	return true;
}

static bool make_tcp(struct run_play *play, struct run_making *m,
		     struct run_pkt *pkt)
{
	const struct run_conn *conn;

	if (m->spec->kind == PACKET_CONNECTION) {
		if (!connection_ends(play, m, pkt))
			return false;
	} else if (!run_make_ends(play, m, pkt) ||
		   !find_connection(play, m, pkt)) {
		return false;
	}
	conn = &play->conns.items[m->segment.conn];
	pkt->flags = flags_of(m->spec);
	run_conn_next(conn, m->segment.from, pkt->flags, &pkt->seq, &pkt->ack);
	m->isn[0] = conn->end[m->segment.from].isn;
	m->isn[1] = conn->end[1 - m->segment.from].isn;
	return true;
}

static bool make_icmp(struct run_play *play, struct run_making *m,
		      struct run_pkt *pkt)
{
	int64_t type, code;

	if (!run_make_ends(play, m, pkt) ||
	    !run_value(play, m->spec->type, &type) ||
	    !run_value(play, m->spec->code, &code))
		return false;
	if (type < 0 || type > 255 || code < 0 || code > 255)
		return run_error(play, m->spec->pos,
				 "type and code of ICMP are 0 to 255");
	pkt->type = (uint8_t)type;
	pkt->code = (uint8_t)code;
	pkt->rest = run_icmp_quotes(pkt->type) ? 0 : 0x00010001;
	return true;
}

static bool make_plain(struct run_play *play, struct run_making *m,
		       struct run_pkt *pkt)
{
	int64_t proto;

	if (!run_value(play, m->spec->proto, &proto))
		return false;
	if (proto < 0 || proto > 255)
		return run_error(play, m->spec->pos, "a protocol is 0 to 255");
	pkt->proto = (uint8_t)proto;
	pkt->plain = true;
	return run_make_ends(play, m, pkt);
}

/* A piece of a labelled packet. */
static bool make_cut(struct run_play *play, struct run_making *m,
		     struct run_pkt *pkt)
{
	const struct run_label *label = &play->labels[m->spec->name];

	if (label->octets == NULL)
		return run_error(play, m->spec->pos,
				 "there is no packet \"%s\" yet",
				 play->c->names[m->spec->name]);
	if (!run_pkt_decode(pkt, label->octets, label->len))
		return run_error(play, m->spec->pos,
				 "\"%s\" cannot be cut into fragments",
				 play->c->names[m->spec->name]);
	m->segment = label->segment;
	return true;
}

static bool make_any(struct run_play *play, struct run_making *m,
		     struct run_pkt *pkt)
{
	uint32_t start = play->used;

	run_pkt_init(pkt, proto_of(m->spec));
	switch (m->spec->kind) {
	case PACKET_TCP:
	case PACKET_CONNECTION:
		if (!make_tcp(play, m, pkt))
			return false;
		break;
	case PACKET_ICMP:
		if (!make_icmp(play, m, pkt))
			return false;
		break;
	case PACKET_IP:
		if (!make_plain(play, m, pkt))
			return false;
		break;
	case PACKET_FRAGMENT:
		if (!make_cut(play, m, pkt))
			return false;
		break;
	default:
		if (!run_make_ends(play, m, pkt))
			return false;
		break;
	}
	if (m->spec->kind != PACKET_FRAGMENT)
		pkt->id = play->next_id++;
	if (!run_make_fields(play, m, pkt) || !run_make_quote(play, m, pkt) ||
	    !run_make_payload(play, m, pkt))
		return false;
	if (m->spec->quote != QUOTE_NONE) {
		pkt->payload = play->payload.data + start;
		pkt->payload_len = play->used - start;
	}
	return true;
}

/* What the stimulus was, in a form that its results can be made of. */
static bool keep(struct run_play *play, struct run_pkt *pkt)
{
	struct run_stimulus *s = &play->stimulus;
	struct run_pkt again;

	if (pkt->payload_len > 0)
		memcpy(play->whole.data, pkt->payload, pkt->payload_len);
	if (run_pkt_decode(&again, play->packet.data, play->packet.len) &&
	    !again.plain)
		pkt->csum = again.csum;
	s->pkt = *pkt;
	s->pkt.payload = play->whole.data;
	s->decoded = true;
	return true;
}

/* The link padding behind what was built. */
static bool add_padding(struct run_play *play, const struct case_packet *spec)
{
	for (const struct case_field *f = spec->fields; f != NULL;
	     f = f->next) {
		if (f->id != FIELD_PAD)
			continue;
		if (f->bytes.len > play->packet.cap - play->packet.len)
			return run_error(play, f->pos, "too much padding");
		memcpy(play->packet.data + play->packet.len, f->bytes.data,
		       f->bytes.len);
		play->packet.len += f->bytes.len;
	}
	return true;
}

static bool make_raw(struct run_play *play, const struct case_packet *spec)
{
	struct run_stimulus *s = &play->stimulus;

	if (spec->raw.len > RUN_MAX_PACKET)
		return run_error(play, spec->pos, "the packet is too long");
	if (spec->raw.len > 0)
		memcpy(play->packet.data, spec->raw.data, spec->raw.len);
	play->packet.len = spec->raw.len;
	if (spec->raw.len > 0)
		memcpy(play->whole.data, spec->raw.data, spec->raw.len);
	s->decoded = run_pkt_decode(&s->pkt, play->whole.data, spec->raw.len);
	return add_padding(play, spec);
}

bool run_make_stimulus(struct run_play *play, enum conf_side side,
		       const struct case_packet *spec)
{
	static const struct masq_view none = {.data = NULL, .len = 0};
	struct run_making m = {.spec = spec, .side = side};
	struct run_stimulus *s = &play->stimulus;
	struct run_pkt pkt;

	m.segment.conn = SIZE_MAX;
	*s = (struct run_stimulus){.is_set = true, .side = side};
	s->segment.conn = SIZE_MAX;
	play->used = 0;
	if (spec->kind == PACKET_RAW)
		return make_raw(play, spec);
	if (!make_any(play, &m, &pkt))
		return false;
	if (!run_pkt_build(&pkt, none, &play->packet))
		return run_error(play, spec->pos,
				 "the packet is too long, or has no such part");
	m.segment.seq = pkt.seq;
	m.segment.ack = pkt.ack;
	m.segment.flags = pkt.flags;
	m.segment.len = pkt.payload_len;
	s->segment = m.segment;
	if (!keep(play, &pkt) || !add_padding(play, spec))
		return false;
	if (m.segment.conn != SIZE_MAX && side != CONF_SIDE_NONE)
		run_conn_sent(&play->conns.items[m.segment.conn], &m.segment);
	return true;
}
