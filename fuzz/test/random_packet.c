/* SPDX-License-Identifier: Apache-2.0 */
/* random_packet.c - what hosts and peers send, answer and complain about */
#include <string.h>

#include "random_world.h"

static uint32_t any_host(struct world *w)
{
	static const uint32_t odd[] = {0xc0a801ff, 0xc0a80100, 0xc0a80101,
				       0x0a000001, 0,          0x7f000001,
				       0xe0000001, 0xffffffff};

	return rarely(w, 60) ? PICK_OF(w, odd)
			     : INSIDE_HOST + any(w, w->is_chat ? 2 : 3);
}

static uint32_t any_peer(struct world *w)
{
	static const uint32_t odd[] = {0xcb007109,  0xcb0071fe,   0xcb0071ff,
				       INSIDE_HOST, OUTSIDE_ADDR, 0xe0000005,
				       0xf0000001,  0xffffffff};

	return rarely(w, 40) ? PICK_OF(w, odd)
			     : PEER + any(w, w->is_chat ? 1 : 3);
}

static uint16_t any_port(struct world *w)
{
	static const uint16_t ports[] = {21,   21,   6667, 26000, 7648, 554,
					 7070, 7000, 53,   80,    80,   8080};

	if (w->is_chat)
		return ports[any(w, 8)];

	return PICK_OF(w, ports);
}

static uint8_t any_flags(struct world *w)
{
	static const uint8_t usual[] = {2,    2,    0x12, 0x10, 0x10, 0x18,
					0x18, 0x11, 0x14, 4,    1,    0};

	if (w->is_chat && !rarely(w, 12))
		return 0x18;
	return rarely(w, 8) ? (uint8_t)any(w, 256) : PICK_OF(w, usual);
}

static const char *any_text(struct world *w, uint16_t port)
{
	static char text[1500];
	uint32_t len = rarely(w, 4) ? any(w, 1400) : any(w, 20);

	if (w->is_chat || rarely(w, 3))
		return random_text(&w->random, port);
	memset(text, 'x', len);
	text[len] = '\0';
	return text;
}

static struct packet from_host(struct world *w)
{
	static const uint8_t types[] = {8, 8, 8, 13, 15, 17, 0, 14, 5, 12, 40};
	const uint32_t host = any_host(w);
	const uint16_t sport =
		(uint16_t)(1024 + any(w, w->is_chat ? 2 : 4) - rarely(w, 20));
	const bool hairpin = rarely(w, 10);
	const uint32_t to = hairpin ? OUTSIDE_ADDR : any_peer(w);
	const uint16_t dport = hairpin ? (uint16_t)(61000 + any(w, 12))
				       : any_port(w);

	switch (w->is_chat ? 1 + any(w, 12) : any(w, 5)) {
	case 0:
		return make_icmp(host, to, PICK_OF(w, types),
				 rarely(w, 9) ? (uint8_t)any(w, 4) : 0,
				 any(w, 3) << 16 | any(w, 3), "0123456789ab",
				 rarely(w, 3) ? 12 : any(w, 9));
	case 1:
	case 2:
		return make_udp(host, sport, to, dport, any_text(w, dport));
	default:
		return make_tcp(host, sport, to, dport, any_flags(w),
				any_text(w, dport));
	}
}

/* An error about something that left by the other side. */
static struct packet complaint(struct world *w, const struct packet *about,
			       uint32_t from, uint32_t to)
{
	static const uint8_t types[][2] = {{3, 3}, {3, 1}, {3, 4}, {11, 0},
					   {4, 0}, {5, 1}, {12, 0}};
	const uint8_t *t = PICK_OF(w, types);
	uint32_t len = about->len < 548 ? about->len : 548;

	if (rarely(w, 3))
		len = len < 28 ? len : 28;
	else if (rarely(w, 6))
		len = any(w, len + 1);
	return make_icmp(from, to, t[0], t[1], any(w, 2) * 1400, about->data,
			 len);
}

/* What comes back to the sender of a packet, from whom it went to. */
static struct packet reply(struct world *w, const struct packet *sent,
			   bool outside)
{
	const struct masq_view v = {sent->data, sent->len};
	const uint32_t at = (masq_get8(v, 0) & 15u) * 4;
	const uint8_t type = masq_get8(v, at);
	uint32_t from = masq_get32(v, 16), to = masq_get32(v, 12);
	uint16_t sport = masq_get16(v, at + 2), dport = masq_get16(v, at);

	if (rarely(w, 5))
		return complaint(w, sent, rarely(w, 2) ? from : any_peer(w),
				 to);
	if (rarely(w, 10))
		from = outside ? any_peer(w) : any_host(w);
	if (rarely(w, 12))
		sport = any_port(w);
	if (rarely(w, 12))
		dport = (uint16_t)(60998 + any(w, 14));
	if (rarely(w, 60))
		to = INSIDE_ADDR;
	if (masq_get8(v, 9) == 1)
		return make_icmp(from, to, (uint8_t)(type == 8 ? 0 : type + 1),
				 masq_get8(v, at + 1), masq_get32(v, at + 4),
				 "pong", any(w, 5));
	if (masq_get8(v, 9) == 17)
		return make_udp(from, sport, to, dport, any_text(w, sport));
	return make_tcp(from, sport, to, dport, any_flags(w),
			any_text(w, sport));
}

static struct packet to_router(struct world *w)
{
	static const uint16_t ports[] = {8080, 8081, 53, 61000, 61001, 65096};
	const uint32_t from = rarely(w, 3) ? any_host(w) : any_peer(w);
	const uint32_t to = rarely(w, 3) ? INSIDE_ADDR : OUTSIDE_ADDR;
	const uint16_t sport = (uint16_t)(1023 + any(w, 3));

	switch (any(w, 4)) {
	case 0:
		return make_icmp(from, to, rarely(w, 3) ? 13 : 8, 0, any(w, 5),
				 "0123456789ab", 12);
	case 1:
		return make_udp(from, sport, to, PICK_OF(w, ports),
				any_text(w, 21));
	default:
		return make_tcp(from, sport, to, PICK_OF(w, ports),
				any_flags(w), any_text(w, 21));
	}
}

struct packet random_packet(struct world *w, enum conf_side *side)
{
	struct packet p;

	*side = CONF_INSIDE;
	switch (any(w, 12)) {
	case 0:
	case 1:
	case 2:
	case 3:
		return from_host(w);
	case 4:
	case 5:
		if (w->num_in == 0)
			return from_host(w);
		return reply(w, &w->in[any(w, w->num_in) % NUM_KEPT], false);
	case 6:
	case 7:
	case 8:
	case 9:
		if (w->num_out == 0)
			break;
		*side = CONF_OUTSIDE;
		return reply(w, &w->out[any(w, w->num_out) % NUM_KEPT], true);
	case 10:
		*side = CONF_OUTSIDE;
		return to_router(w);
	default:
		break;
	}
	*side = CONF_OUTSIDE;
	p = from_host(w);
	put32(&p, 12, any_peer(w));
	put32(&p, 16, any_host(w));
	fix_all(&p);
	return p;
}

static uint32_t *number_of(struct world *w, uint32_t a, uint16_t aport,
			   uint32_t b, uint16_t bport)
{
	const uint32_t h = (a * 31 + aport) * 31 + b * 7 + bport;

	return &w->numbers[(h * 0x9e3779b1u) >> 24];
}

void random_finish(struct world *w, struct packet *p, enum conf_side side)
{
	const struct masq_view v = {p->data, p->len};
	const uint32_t at = masq_get8(v, 9) == 6 ? 40 : 28;
	uint32_t *mine = number_of(w, masq_get32(v, 12), masq_get16(v, 20),
				   masq_get32(v, 16), masq_get16(v, 22));
	uint32_t *theirs = number_of(w, masq_get32(v, 16), masq_get16(v, 22),
				     masq_get32(v, 12), masq_get16(v, 20));

	if (masq_get8(v, 9) == 1 || p->len < at)
		return;
	if (rarely(w, w->is_chat ? 12 : 3)) {
		p->len = at + random_octets(&w->random, p->data + at);
		put16(p, 2, (uint16_t)p->len);
		if (at == 28)
			put16(p, 24, (uint16_t)(p->len - 20));
	}
	if (at == 40) {
		if (rarely(w, 2) && (p->data[33] & 2) != 0)
			*mine = any(w, 4) * 0x3ffffff0u;
		put32(p, 24, *mine + (rarely(w, 20) ? any(w, 30) : 0));
		put32(p, 28, *theirs - (rarely(w, 4) ? any(w, 40) : 0));
		*mine += p->len - 40 + (p->data[33] >> 1 & 1);
		w->said[w->num_said % NUM_KEPT] = *p;
		w->said_side[w->num_said++ % NUM_KEPT] = side;
	}
	fix_all(p);
}

struct packet random_repeat(struct world *w, enum conf_side *side)
{
	const unsigned int i = any(w, w->num_said) % NUM_KEPT;
	struct packet p = w->said[i];
	const uint32_t cut = rarely(w, 2) ? any(w, p.len - 39) : 0;

	*side = w->said_side[i];
	memmove(p.data + 40, p.data + 40 + cut, p.len - 40 - cut);
	p.len -= cut;
	put32(&p, 24, masq_get32((struct masq_view){p.data, p.len}, 24) + cut);
	if (rarely(w, 2))
		p.len -= any(w, p.len - 39);
	put16(&p, 2, (uint16_t)p.len);
	fix_all(&p);
	return p;
}
