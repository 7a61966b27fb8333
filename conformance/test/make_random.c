/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make_random.c - writes a long capture of random traffic, for minimize
 *
 *     make_random SEED NUM FILE.pcap
 *
 * Hosts send all sorts of things, whole, damaged, in fragments; peers answer
 * to the names that the reference engine gave, and hosts complain about what
 * came in. Settings that suit it go to FILE.conf. The same arguments give the
 * same octets.
 */
#include <stdio.h>
#include <string.h>

#include "conformance/registry.h"
#include "pcaps/capture.h"
#include "pcaps/sidecar.h"
#include "support.h"

#define START     UINT64_C(1000000000000000000) /* ns */
#define NUM_KEPT  64u
#define NUM_PEERS 4u

struct world {
	struct conf_engine engine;
	struct cap_writer *writer;
	uint64_t random, now;
	struct packet out[NUM_KEPT], in[NUM_KEPT]; /* what left by each side */
	uint32_t num_out, num_in, num, max;
	bool failed;
};

static const struct conf_setting settings[] = {
	{"helper.ftp", "default", 0},
	{"helper.irc", "default", 0},
	{"helper.quake", "on", 0},
	{"helper.raudio", "default", 0},
	{"helper.cuseeme", "default", 0},
	{"local", "answer", 0},
	{"portfw", "tcp:203.0.113.1:8080=192.168.1.12:80", 0},
};
#define NUM_SETTINGS (sizeof(settings) / sizeof(settings[0]))

static uint32_t any(struct world *w, uint32_t below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (uint32_t)(w->random >> 32) % below;
}

static bool rarely(struct world *w, uint32_t one_in)
{
	return any(w, one_in) == 0;
}

static const char *any_text(struct world *w)
{
	static char text[1600];
	static const char *const texts[] = {
		"",
		"x",
		"odd",
		"PORT 192,168,1,10,4,5\r\n",
		"PASV\r\n",
		"PRIVMSG bob :\1DCC CHAT chat 3232235786 5000\1\r\n",
		"DESCRIBE rtsp://x/ RTSP/1.0\r\n",
		"0123456789012345678901234567890123456789",
	};
	uint32_t i = any(w, 9), len = 1000 + any(w, 450);

	if (i < 8)
		return texts[i];
	for (uint32_t k = 0; k < len; k++)
		text[k] = (char)('a' + k % 26);
	text[len] = '\0';
	return text;
}

static uint32_t any_host(struct world *w)
{
	return 0xc0a8010au + any(w, 4);
}

static struct packet outbound(struct world *w)
{
	static const uint8_t flags[] = {2,    2,    2, 0x10, 0x18, 0x18,
					0x11, 0x14, 0, 0x38, 0xd0, 0x42};
	static const uint16_t ports[] = {80,   53,   21,    6667, 554,
					 7000, 7648, 26000, 8080, 33434};
	uint16_t sport = (uint16_t)(1024 + any(w, 8)),
		 dport = ports[any(w, 10)];
	uint32_t peer = PEER + any(w, NUM_PEERS);

	switch (any(w, 6)) {
	case 0:
		return make_icmp(any_host(w), peer, rarely(w, 4) ? 13 : 8, 0,
				 any(w, 3) << 16 | any(w, 9), "ping", 4);
	case 1:
	case 2:
		return make_udp(any_host(w), sport, peer, dport, any_text(w));
	case 3:
		return make_udp(any_host(w), sport, OUTSIDE_ADDR,
				(uint16_t)(61000 + any(w, 30)), "hairpin");
	default:
		return make_tcp(any_host(w), sport, peer, dport,
				flags[any(w, 12)], any_text(w));
	}
}

/* An error about something that left by the other side. */
static struct packet complaint(struct world *w, const struct packet *about,
			       uint32_t from, uint32_t to)
{
	static const uint8_t types[][2] = {{3, 3},  {3, 1}, {3, 4},
					   {11, 0}, {4, 0}, {3, 3}};
	const uint8_t *t = types[any(w, 6)];
	uint32_t len = about->len < 548 ? about->len : 548;

	return make_icmp(from, to, t[0], t[1],
			 t[0] == 3 && t[1] == 4 ? 1400 : 0, about->data,
			 rarely(w, 3) ? 28 : len);
}

/* What the peer of something that left would send. */
static struct packet reply(struct world *w, const struct packet *sent)
{
	struct masq_view v = {.data = sent->data, .len = sent->len};
	uint32_t from = masq_get32(v, 16), at = (masq_get8(v, 0) & 15u) * 4;
	uint8_t type = masq_get8(v, at);
	struct packet p;

	if (rarely(w, 6))
		return complaint(w, sent, from, OUTSIDE_ADDR);
	if (rarely(w, 12))
		from = PEER + any(w, NUM_PEERS);
	if (masq_get8(v, 9) == 1)
		p = make_icmp(from, OUTSIDE_ADDR,
			      (uint8_t)(type == 8 ? 0 : type + 1), 0,
			      masq_get32(v, at + 4), "pong", 4);
	else if (masq_get8(v, 9) == 17)
		p = make_udp(from, masq_get16(v, at + 2), OUTSIDE_ADDR,
			     masq_get16(v, at), any_text(w));
	else
		p = make_tcp(from, masq_get16(v, at + 2), OUTSIDE_ADDR,
			     masq_get16(v, at), rarely(w, 3) ? 0x12 : 0x18,
			     any_text(w));
	return p;
}

static void keep(struct packet *ring, uint32_t *num,
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
	struct cap_record record = {
		.time = START + w->now,
		.side = (enum cap_side)side,
		.dir = CAP_ARRIVED,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.data = p->data,
		.len = p->len,
	};

	if (w->num++ >= w->max)
		return;
	if (w->engine.ops->packet(w->engine.state, &packet, on_result, w) !=
		    CONF_OK ||
	    cap_write(w->writer, &record) != CAP_OK)
		w->failed = true;
}

static void give_pieces(struct world *w, const struct packet *p,
			enum conf_side side)
{
	uint32_t len = p->len - 20, size = len > 1000 ? 512 : 24;
	bool backwards = rarely(w, 3);
	uint32_t num = (len + size - 1) / size;

	for (uint32_t i = 0; i < num; i++) {
		uint32_t at = (backwards ? num - 1 - i : i) * size;
		uint32_t n = len - at < size ? len - at : size;
		struct packet f = *p;

		memcpy(f.data + 20, p->data + 20 + at, n);
		f.len = 20 + n;
		put16(&f, 2, (uint16_t)f.len);
		put16(&f, 6, (uint16_t)(at / 8 | (at + n < len ? 0x2000 : 0)));
		fix_ip(&f);
		give(w, &f, side);
	}
}

/* Twenty octets of record route, or TCP options, behind the header. */
static void add_options(struct world *w, struct packet *p)
{
	static const uint8_t route[8] = {7, 7, 4, 0, 0, 0, 0, 0};
	static const uint8_t mss[8] = {2, 4, 5, 0xb4, 1, 1, 4, 2};
	bool tcp = p->data[9] == 6 && !rarely(w, 3);
	uint32_t at = tcp ? 40 : 20;

	if (p->len < at || p->len + 8 > 1500)
		return;
	memmove(p->data + at + 8, p->data + at, p->len - at);
	memcpy(p->data + at, tcp ? mss : route, 8);
	p->len += 8;
	if (tcp)
		put8(p, 32, 0x70);
	else
		put8(p, 0, 0x47);
	put16(p, 2, (uint16_t)p->len);
}

static void vary(struct world *w, struct packet *p)
{
	put16(p, 4, (uint16_t)(w->num + 1));
	if (rarely(w, 25))
		add_options(w, p);
	if (rarely(w, 10))
		put8(p, 1, (uint8_t)any(w, 256));
	put16(p, 6, rarely(w, 4) ? 0x4000 : 0);
	put8(p, 8, rarely(w, 40) ? (uint8_t)any(w, 3) : 64);
	if (rarely(w, 15) && p->data[9] == 17)
		put16(p, (p->data[0] & 15u) * 4 + 6, 0);
	else
		fix_all(p);
	fix_ip(p);
	if (rarely(w, 30))
		put8(p, any(w, p->len), (uint8_t)any(w, 256));
}

static void step(struct world *w)
{
	uint32_t pick = any(w, 8);
	enum conf_side side = CONF_INSIDE;
	struct packet p = outbound(w);

	if (pick < 4 && w->num_out > 0) {
		p = reply(w, &w->out[any(w, w->num_out < NUM_KEPT ? w->num_out
								  : NUM_KEPT)]);
		side = CONF_OUTSIDE;
	} else if (pick == 4 && w->num_in > 0 && rarely(w, 3)) {
		const struct packet *in = &w->in[any(
			w, w->num_in < NUM_KEPT ? w->num_in : NUM_KEPT)];
		struct masq_view v = {.data = in->data, .len = in->len};

		p = complaint(w, in, masq_get32(v, 16), masq_get32(v, 12));
	}
	if (rarely(w, 60))
		p = make_tcp(PEER, 4000, OUTSIDE_ADDR, 8080, 2, "");
	if (rarely(w, 60))
		side = CONF_OUTSIDE;
	vary(w, &p);
	if (rarely(w, 12) && p.len > 40 && p.data[0] == 0x45)
		give_pieces(w, &p, side);
	else
		give(w, &p, side);
	w->now += (uint64_t)any(w, 1000000) * (rarely(w, 30) ? 20000 : 100);
	if (rarely(w, 250))
		w->now += any(w, 400) * UINT64_C(1000000000);
}

static bool write_settings(const char *path)
{
	char *name = cap_sidecar_name(path);
	FILE *stream = name != NULL ? fopen(name, "w") : NULL;

	free(name);
	if (stream == NULL)
		return false;
	fprintf(stream, "# random traffic\n");
	for (size_t i = 0; i < NUM_SETTINGS; i++)
		fprintf(stream, "%s = %s\n", settings[i].key,
			settings[i].value);
	return fclose(stream) == 0;
}

int main(int argc, char **argv)
{
	static struct world w;
	struct conf_config config = {
		.settings = settings,
		.num_settings = NUM_SETTINGS,
	};
	char error[CAP_ERROR_SIZE] = "usage: make_random SEED NUM FILE";

	if (argc == 4 &&
	    conf_engine_open(&w.engine, "ref", &config, error) == CONF_OK &&
	    cap_create(argv[3], CAP_FORMAT_SLL2, &w.writer, error) == CAP_OK) {
		w.random = strtoull(argv[1], NULL, 10) * 2654435761u + 1;
		w.max = (uint32_t)strtoul(argv[2], NULL, 10);
		while (w.num < w.max && !w.failed)
			step(&w);
		conf_engine_close(&w.engine);
		if (cap_commit(w.writer, error) == CAP_OK && !w.failed &&
		    write_settings(argv[3]))
			return 0;
	}
	fprintf(stderr, "%s\n", error);
	return 1;
}
