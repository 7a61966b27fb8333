/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random.c - random traffic through the twin
 *
 * Hosts send all sorts of things, peers answer to what left, both complain
 * about what they got; then the packet is damaged, cut into fragments, sent
 * by the wrong side. Few hosts, peers and ports, so that things meet. A seed
 * gives the same on every machine.
 */
#include <stdio.h>
#include <string.h>

#include "random.h"
#include "random_world.h"
#include "twin.h"

enum {
	NUM_PACKETS = 100, /* of an input */
	NUM_SETTINGS = 12,
};
#define MS    UINT64_C(1000000)
#define START UINT64_C(1000000000000000000) /* ns */

uint32_t random_any(uint64_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32) % below;
}

/* A field gets another value; checksums are mostly put right. */
static void spoil(struct world *w, struct packet *p)
{
	static const uint8_t ttls[] = {0, 1, 1, 1, 2, 255};
	const struct masq_view v = {p->data, p->len};

	switch (any(w, 9)) {
	case 0:
	case 1:
		put8(p, 8, PICK_OF(w, ttls));
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
		w->now += PICK_OF(w, steps) * MS;
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
		random_finish(w, &p, CONF_INSIDE);
		give(w, &p, CONF_INSIDE);
		p = make_tcp(PEER, ports[i], OUTSIDE_ADDR,
			     (uint16_t)(61000 + i), 0x12, "");
		random_finish(w, &p, CONF_OUTSIDE);
		give(w, &p, CONF_OUTSIDE);
	}
}

static void play(struct world *w)
{
	if (w->is_chat)
		open_connections(w);
	for (unsigned int i = 0; i < NUM_PACKETS; i++) {
		enum conf_side side;
		struct packet p = random_packet(w, &side);

		if (w->num_said > 0 && rarely(w, 10))
			p = random_repeat(w, &side);
		else
			random_finish(w, &p, side);
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
		{{"next-port", "65095", 0},
		 {"next-port", "65090", 0},
		 {"next-port", "65000", 0}},
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
