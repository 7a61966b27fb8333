/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random.c - random traffic through the twin
 *
 * Hosts send all sorts of things, peers answer to what left, both complain
 * about what they got; then the packet is damaged, cut into fragments, sent
 * by the wrong side. Few hosts, peers and ports, so that things meet. What is
 * said of helpers is in random_text.c. A seed gives the same on every
 * machine.
 */
#include <stdio.h>
#include <string.h>

#include "random.h"
#include "random_text.h"
#include "support.h"
#include "twin.h"

enum {
	NUM_KEPT = 32,
	NUM_PACKETS = 100, /* of an input */
	NUM_SETTINGS = 12,
};
#define MS    UINT64_C(1000000)
#define START UINT64_C(1000000000000000000) /* ns */

/* How far the streams of flows are, by a hash of their ends. */
enum {
	NUM_FLOWS = 256,
};

struct world {
	void *twin;
	uint32_t numbers[NUM_FLOWS];
	struct packet said[NUM_KEPT]; /* segments, to be repeated */
	enum conf_side said_side[NUM_KEPT];
	unsigned int num_said;
	uint64_t random, now;
	bool is_chat; /* mostly connections with helpers */
	struct packet out[NUM_KEPT], in[NUM_KEPT]; /* what left by each side */
	unsigned int num_out, num_in;
};

uint32_t random_any(uint64_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32) % below;
}

static uint32_t any(struct world *w, uint32_t below)
{
	return random_any(&w->random, below);
}

static bool rarely(struct world *w, uint32_t one_in)
{
	return any(w, one_in) == 0;
}

#define PICK(w, list) (list)[any(w, sizeof(list) / sizeof((list)[0]))]

static uint32_t any_host(struct world *w)
{
	static const uint32_t odd[] = {0xc0a801ff, 0xc0a80100, 0xc0a80101,
				       0x0a000001, 0,          0x7f000001,
				       0xe0000001, 0xffffffff};

	return rarely(w, 60) ? PICK(w, odd)
			     : INSIDE_HOST + any(w, w->is_chat ? 2 : 3);
}

static uint32_t any_peer(struct world *w)
{
	static const uint32_t odd[] = {0xcb007109,  0xcb0071fe,   0xcb0071ff,
				       INSIDE_HOST, OUTSIDE_ADDR, 0xe0000005,
				       0xf0000001,  0xffffffff};

	return rarely(w, 40) ? PICK(w, odd) : PEER + any(w, w->is_chat ? 1 : 3);
}

static uint16_t any_port(struct world *w)
{
	static const uint16_t ports[] = {21,   21,   6667, 26000, 7648, 554,
					 7070, 7000, 53,   80,    80,   8080};

	if (w->is_chat)
		return ports[any(w, 8)];

	return PICK(w, ports);
}

static uint8_t any_flags(struct world *w)
{
	static const uint8_t usual[] = {2,    2,    0x12, 0x10, 0x10, 0x18,
					0x18, 0x11, 0x14, 4,    1,    0};

	if (w->is_chat && !rarely(w, 12))
		return 0x18;
	return rarely(w, 8) ? (uint8_t)any(w, 256) : PICK(w, usual);
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
		return make_icmp(host, to, PICK(w, types),
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
	const uint8_t *t = PICK(w, types);
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
		return make_udp(from, sport, to, PICK(w, ports),
				any_text(w, 21));
	default:
		return make_tcp(from, sport, to, PICK(w, ports), any_flags(w),
				any_text(w, 21));
	}
}

static struct packet any_packet(struct world *w, enum conf_side *side)
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

/* Other octets than text, and numbers that follow each other. */
static void finish(struct world *w, struct packet *p, enum conf_side side)
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

/* A segment once more, or a part of it. */
static struct packet repeat(struct world *w, enum conf_side *side)
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

/* A field gets another value; checksums are mostly put right. */
static void spoil(struct world *w, struct packet *p)
{
	static const uint8_t ttls[] = {0, 1, 1, 1, 2, 255};
	const struct masq_view v = {p->data, p->len};

	switch (any(w, 9)) {
	case 0:
	case 1:
		put8(p, 8, PICK(w, ttls));
		break;
	case 2:
		put8(p, 1, (uint8_t)any(w, 256));
		break;
	case 3:
		put16(p, 6, 0x4000);
		break;
	case 4: /* a shorter packet */
		p->len = 20 + any(w, p->len - 19);
		put16(p, 2, (uint16_t)p->len);
		break;
	case 5: /* data offset, UDP length, ICMP id */
		put8(p, 32, (uint8_t)any(w, 256));
		break;
	case 6:
		put16(p, 24, (uint16_t)any(w, 30));
		break;
	case 7:
		if (rarely(w, 4))
			put8(p, 9, (uint8_t)any(w, 50));
		break;
	default:
		put8(p, 20 + any(w, p->len > 60 ? 60 : p->len - 19),
		     (uint8_t)any(w, 256));
		break;
	}
	if (rarely(w, 8) && masq_get8(v, 9) == 17)
		put16(p, 26, 0);
	else if (!rarely(w, 8))
		fix_all(p);
	fix_ip(p);
	if (rarely(w, 30))
		put16(p, 10, (uint16_t)any(w, 65536));
}

static void keep(struct packet *ring, unsigned int *num,
		 const struct conf_packet *result)
{
	struct packet *slot = &ring[*num % NUM_KEPT];

	if (result->len > sizeof(slot->data) || result->len < 28)
		return;
	memcpy(slot->data, result->data, result->len);
	slot->len = result->len;
	(*num)++;
}

/* A conf_emit_fn. */
static void on_result(void *ctx, const struct conf_packet *result)
{
	struct world *w = ctx;

	if (result->own_error)
		return;
	if (result->side == CONF_OUTSIDE)
		keep(w->out, &w->num_out, result);
	else
		keep(w->in, &w->num_in, result);
}

static void give(struct world *w, const struct packet *p, enum conf_side side)
{
	struct conf_packet packet = on_wire(p, side, START + w->now);

	if (rarely(w, 100))
		packet.side = side == CONF_INSIDE ? CONF_OUTSIDE : CONF_INSIDE;
	if (rarely(w, 100))
		packet.cast = (enum conf_cast)any(w, 4);
	(void)twin_ops.packet(w->twin, &packet, on_result, w);
}

/* In pieces that may overlap, be out of order, be lost. */
static void give_pieces(struct world *w, const struct packet *p,
			enum conf_side side)
{
	const struct masq_view v = {p->data, p->len};
	const uint32_t units = (p->len - 20 + 7) / 8;
	const unsigned int num = 2 + any(w, 5);
	const bool tidy = !rarely(w, 3);
	const uint16_t id = (uint16_t)any(w, 3);
	uint32_t next = 0;

	for (unsigned int i = 0; i < num; i++) {
		const bool last = i == num - 1;
		uint32_t from = tidy ? next : any(w, units + 1);
		uint32_t to = from + any(w, units - from + 1);
		struct packet piece = {.len = 0};
		uint32_t len;

		if (tidy && last)
			to = units;
		next = to;
		len = masq_slice(v, 20 + from * 8, (to - from) * 8).len;
		memcpy(piece.data, p->data, 20);
		memcpy(piece.data + 20, p->data + 20 + from * 8, len);
		piece.len = 20 + len;
		put16(&piece, 2, (uint16_t)piece.len);
		put16(&piece, 4, id);
		put16(&piece, 6,
		      (uint16_t)(from | (to == units ? 0 : 0x2000u) |
				 (rarely(w, 5) ? 0x4000u : 0)));
		fix_ip(&piece);
		give(w, &piece, side);
		if (rarely(w, 20))
			w->now += 29990 * MS + any(w, 3) * 10 * MS;
	}
}

static void step_time(struct world *w)
{
	static const uint64_t steps[] = {10,     100,    990,    1000,  9990,
					 10000,  30000,  59990,  60000, 120000,
					 300000, 299990, 900000, 50,    20};

	if (rarely(w, 2))
		w->now += any(w, 20) * MS;
	if (rarely(w, w->is_chat ? 60 : 6))
		w->now += PICK(w, steps) * MS;
	if (rarely(w, 20))
		(void)twin_ops.advance(w->twin, START + w->now, on_result, w);
}

/* The connections of a chat are opened as they should be. */
static void open_connections(struct world *w)
{
	static const uint16_t ports[] = {21, 21, 6667, 6667, 7070, 554,
					 21, 21, 6667, 6667, 7000, 7070};

	for (unsigned int i = 0; i < 12; i++) {
		const uint32_t host = INSIDE_HOST + i / 6;
		const uint16_t sport = (uint16_t)(1024 + (i & 1));
		struct packet p;

		p = make_tcp(host, sport, PEER, ports[i], 2, "");
		finish(w, &p, CONF_INSIDE);
		give(w, &p, CONF_INSIDE);
		p = make_tcp(PEER, ports[i], OUTSIDE_ADDR,
			     (uint16_t)(61000 + i), 0x12, "");
		finish(w, &p, CONF_OUTSIDE);
		give(w, &p, CONF_OUTSIDE);
	}
}

static void play(struct world *w)
{
	if (w->is_chat)
		open_connections(w);
	for (unsigned int i = 0; i < NUM_PACKETS; i++) {
		enum conf_side side;
		struct packet p = any_packet(w, &side);

		if (w->num_said > 0 && rarely(w, 10))
			p = repeat(w, &side);
		else
			finish(w, &p, side);
		if (rarely(w, w->is_chat ? 25 : 5))
			spoil(w, &p);
		step_time(w);
		if (rarely(w, w->is_chat ? 60 : 12) && p.len > 36)
			give_pieces(w, &p, side);
		else
			give(w, &p, side);
	}
}

/* Settings, each as often as not the default. */
static size_t any_settings(struct world *w, struct conf_setting *out)
{
	static const struct conf_setting choices[][4] = {
		{{"udp-dloose", "1", 0}, {"udp-dloose", "2", 0}},
		{{"mtu.outside", "576", 0},
		 {"mtu.outside", "300", 0},
		 {"mtu.outside", "571", 0}},
		{{"mtu.inside", "576", 0},
		 {"mtu.inside", "68", 0},
		 {"mtu.inside", "1000", 0}},
		{{"local", "answer", 0}, {"local", "answer", 0}},
		{{"timeout.udp", "10", 0},
		 {"timeout.tcp", "20", 0},
		 {"timeout.tcp-fin", "5", 0}},
		{{"max-entries", "1", 0},
		 {"max-entries", "3", 0},
		 {"max-entries", "6", 0}},
		{{"gateway", "none", 0}},
		{{"portfw", "tcp:203.0.113.1:8080=192.168.1.11:80", 0},
		 {"portfw", "udp:203.0.113.1:53=192.168.1.12:5353", 0},
		 {"portfw", "tcp:192.168.1.1:8080=198.51.100.8:80", 0}},
		{{"portfw", "tcp:203.0.113.1:8080=192.168.1.12:80:2", 0},
		 {"portfw", "tcp:203.0.113.1:8081=192.168.1.1:80:2", 0}},
		{{"uptime", "3", 0},
		 {"uptime", "599.5", 0},
		 {"uptime", "0", 0}},
		{{"masq", "192.168.1.0/24 to 198.51.100.8/29", 0},
		 {"masq", "none", 0},
		 {"masq", "0.0.0.0/0", 0}},
	};
	size_t num = 0;

	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		const struct conf_setting *s = &choices[i][any(w, 4)];

		if (rarely(w, 3) && s->key != NULL)
			out[num++] = *s;
	}
	return num;
}

void random_run(uint64_t first, unsigned int num)
{
	static struct world w;
	char error[512], name[64];

	twin_input = name;
	for (uint64_t seed = first; seed < first + num; seed++) {
		struct conf_setting settings[2 * NUM_SETTINGS];
		struct conf_config config = {.settings = settings};

		w = (struct world){.random = (seed + 1) *
					     UINT64_C(0x9e3779b97f4a7c15)};
		w.is_chat = seed % 3 == 1;
		snprintf(name, sizeof(name), "random %llu",
			 (unsigned long long)seed);
		config.num_settings = any_settings(&w, settings);
		config.num_settings += random_helpers(
			&w.random, seed, settings + config.num_settings);
		if (twin_ops.open(&config, &w.twin, error, sizeof(error)) !=
		    CONF_OK)
			fail_msg("%s: %s", name, error);
		play(&w);
		twin_ops.close(w.twin);
	}
	snprintf(name, sizeof(name), "random");
	twin_input = "random traffic";
}
