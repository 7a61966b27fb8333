/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_ports.c - faults of addresses and ports */
#include "sabotage.h"

#define FIRST 61000u /* of the engine's ports */
#define END   65096u

static bool is_out(const struct sabotage *s, const struct sab_packet *p)
{
	return sab_is_through(s, p) && s->seen.head.side == CONF_INSIDE &&
	       sab_source_at(p) != 0;
}

static bool is_in(const struct sabotage *s, const struct sab_packet *p)
{
	return sab_is_through(s, p) && s->seen.head.side == CONF_OUTSIDE &&
	       sab_dest_at(p) != 0;
}

static bool has_ports(const struct sab_packet *p)
{
	return sab_is(p, SAB_TCP) || sab_is(p, SAB_UDP);
}

static void leak_source(struct sabotage *s, struct sab_packet *p)
{
	if (is_out(s, p) && ++s->count % 7 == 0)
		sab_set32(p, SAB_IP_SRC, sab_get32(&s->seen, SAB_IP_SRC));
	sab_send(s, p);
}

/*
 * A second name of a port: the fault gives it out instead of the first, and
 * knows who meant which.
 */
static uint16_t other_port(uint16_t port)
{
	if (port < FIRST || port >= END)
		return port;
	return (uint16_t)(port < FIRST + 2048 ? port + 2048 : port - 2048);
}

static void move_port(struct sabotage *s, struct sab_packet *p)
{
	struct sab_flow *f = sab_flow_outside(s, p, sab_source_at(p));

	if (is_out(s, p) && has_ports(p) && f != NULL && f->num_out > 8) {
		f->is_marked = true;
		sab_set16(p, sab_source_at(p), other_port(f->port));
	}
	sab_send(s, p);
}

static enum conf_status find_moved(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_dest_at(p);

	if (p->head.side == CONF_OUTSIDE && has_ports(p)) {
		uint16_t port = sab_get16(p, at);
		struct sab_flow *f;

		sab_raw16(p, at, other_port(port));
		f = sab_flow_outside(s, p, at);
		sab_raw16(p, at, port);
		if (f != NULL && f->is_marked)
			sab_set16(p, at, f->port);
	}
	return sab_feed(s, p);
}

/* Down to 1000 to 5095. */
static void lower_port(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_source_at(p);
	uint16_t port = sab_get16(p, at);

	if (is_out(s, p) && has_ports(p) && port >= FIRST && port < END) {
		s->ports[port / 8] |= (uint8_t)(1u << port % 8);
		sab_set16(p, at, (uint16_t)(port - 60000u));
	}
	sab_send(s, p);
}

static enum conf_status raise_port(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_dest_at(p);
	uint32_t port = sab_get16(p, at) + 60000u;

	if (p->head.side == CONF_OUTSIDE && has_ports(p) && port < END &&
	    s->ports[port / 8] >> port % 8 & 1)
		sab_set16(p, at, (uint16_t)port);
	return sab_feed(s, p);
}

/* No translation of ports: of two hosts the later one gets the answers. */
static void share_port(struct sabotage *s, struct sab_packet *p)
{
	if (is_out(s, p) && has_ports(p))
		sab_set16(p, sab_source_at(p),
			  sab_get16(&s->seen, sab_source_at(&s->seen)));
	sab_send(s, p);
}

static enum conf_status unshare_port(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_dest_at(p);

	if (p->head.side == CONF_OUTSIDE && has_ports(p))
		for (size_t i = 0; i < s->num_flows; i++)
			if (s->flows[i].proto == sab_proto(p) &&
			    s->flows[i].host_port == sab_get16(p, at) &&
			    s->flows[i].peer == sab_get32(p, SAB_IP_SRC)) {
				sab_set16(p, at, s->flows[i].port);
				break;
			}
	return sab_feed(s, p);
}

static void keep_reply_port(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && has_ports(p))
		sab_set16(p, sab_dest_at(p),
			  sab_get16(&s->seen, sab_dest_at(&s->seen)));
	sab_send(s, p);
}

static void keep_reply_id(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && sab_is_query(p))
		sab_set16(p, sab_dest_at(p),
			  sab_get16(&s->seen, sab_dest_at(&s->seen)));
	sab_send(s, p);
}

static void change_reply_source(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && has_ports(p) && ++s->count % 5 == 0)
		sab_set32(p, SAB_IP_SRC, s->settings.inside.addr);
	sab_send(s, p);
}

static void send_to_neighbour(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && ++s->count % 4 == 0)
		sab_set32(p, SAB_IP_DST, sab_get32(p, SAB_IP_DST) + 1);
	sab_send(s, p);
}

/* Any stranger may come in where one peer may: he passes for that one. */
static enum conf_status disguise(struct sabotage *s, struct sab_packet *p)
{
	struct sab_flow *f = sab_flow_outside(s, p, sab_dest_at(p));

	if (p->head.side == CONF_OUTSIDE && has_ports(p) && f != NULL) {
		sab_set32(p, SAB_IP_SRC, f->peer);
		sab_set16(p, sab_source_at(p), f->peer_port);
	}
	return sab_feed(s, p);
}

/* The address is looked at, the port is not. */
static enum conf_status disguise_port(struct sabotage *s, struct sab_packet *p)
{
	struct sab_flow *f = sab_flow_outside(s, p, sab_dest_at(p));

	if (p->head.side == CONF_OUTSIDE && has_ports(p) && f != NULL &&
	    f->peer == sab_get32(p, SAB_IP_SRC))
		sab_set16(p, sab_source_at(p), f->peer_port);
	return sab_feed(s, p);
}

static void undisguise(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && has_ports(p)) {
		sab_set32(p, SAB_IP_SRC, sab_get32(&s->seen, SAB_IP_SRC));
		sab_set16(p, sab_source_at(p),
			  sab_get16(&s->seen, sab_source_at(&s->seen)));
	}
	sab_send(s, p);
}

/* To the router's own outside address, from inside: out with it. */
static enum conf_status leak_hairpin(struct sabotage *s, struct sab_packet *p)
{
	if (p->head.side == CONF_INSIDE && has_ports(p) &&
	    sab_get32(p, SAB_IP_DST) == s->settings.outside.addr) {
		p->head.side = CONF_OUTSIDE;
		p->head.src_mac = NULL;
		sab_set8(p, 8, (uint8_t)(sab_get8(p, 8) - 1));
		p->b.len = sab_total(p);
		sab_send(s, p);
		return CONF_OK;
	}
	return sab_feed(s, p);
}

static const struct conf_portfw *find_forward(const struct sabotage *s,
					      const struct sab_packet *p)
{
	for (unsigned int i = 0; i < s->settings.num_portfw; i++) {
		const struct conf_portfw *fw = &s->settings.portfw[i];

		if (fw->proto == sab_proto(p) &&
		    fw->local_port == sab_get16(p, sab_dest_at(p)))
			return fw;
	}
	return NULL;
}

static void forward_wrong(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && has_ports(p) && find_forward(s, &s->seen) != NULL)
		sab_set16(p, sab_dest_at(p),
			  (uint16_t)(sab_get16(p, sab_dest_at(p)) + 1));
	sab_send(s, p);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("source-leaks", "RFC3022 4.1; INV-01",
		 "Every 7th packet leaves with its inside source address."),
	 .leave = leak_source},
	{SAB_ROW("port-moves", "RFC4787-REQ-1; RFC5382-REQ-1",
		 "The port of a mapping changes with its 9th packet."),
	 .arrive = find_moved, .leave = move_port},
	{SAB_ROW("port-out-of-range", "CORE-PORT",
		 "Ports are taken from 1000 to 5095."),
	 .arrive = raise_port, .leave = lower_port},
	{SAB_ROW("port-shared", "RFC4787-REQ-3; RFC5382-REQ-7",
		 "Two hosts with the same port share it outside."),
	 .arrive = unshare_port, .leave = share_port},
	{SAB_ROW("reply-port-stale", "RFC3022 4.1",
		 "Answers reach the host at the router's port."),
	 .leave = keep_reply_port},
	{SAB_ROW("reply-id-stale", "RFC5508-REQ-1; CORE-ICQ",
		 "Answers to ICMP queries keep the router's identifier."),
	 .leave = keep_reply_id},
	{SAB_ROW("reply-source-changed", "RFC3022 2.2",
		 "Every 5th answer comes from the router's address."),
	 .leave = change_reply_source},
	{SAB_ROW("neighbour", "RFC3022 4.1",
		 "Every 4th answer goes to the next address inside."),
	 .leave = send_to_neighbour},
	{SAB_ROW("filter-none", "RFC4787-REQ-8; CORE-LKP",
		 "Anybody may come in by the port of a mapping."),
	 .arrive = disguise, .leave = undisguise},
	{SAB_ROW("filter-any-port", "CORE-LKP",
		 "A peer may come in from any of its ports."),
	 .arrive = disguise_port, .leave = undisguise},
	{SAB_ROW("hairpin-leaks", "RFC4787-REQ-9; INV-01",
		 "What hosts send to the router's outside address leaves."),
	 .arrive = leak_hairpin},
	{SAB_ROW("forward-wrong-port", "CORE-PFW",
		 "A forwarded port leads to the one after it."),
	 .leave = forward_wrong},
};

const struct sab_table sab_ports = SAB_TABLE(faults);
