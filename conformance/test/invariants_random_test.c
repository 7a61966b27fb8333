/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invariants_random_test.c - random packets: no crash, and no false alarm
 *
 * The reference engine is asked everything, whole and damaged: in both
 * profiles the checker must find nothing. With an argument: so many rounds.
 */
#include <stdio.h>
#include <string.h>

#include "conformance/registry.h"
#include "watch.h"

#define ROUNDS       6u
#define PER_ROUND    4000u
#define NUM_EXTERNAL 64u

static unsigned int rounds = ROUNDS;

struct world {
	struct watch watch;
	struct conf_engine engine;
	uint64_t random;
	/* What left outside, to be answered. */
	struct packet external[NUM_EXTERNAL];
	unsigned int num_external;
	uint64_t num_packets;
};

static uint32_t any(struct world *x, uint32_t below)
{
	x->random ^= x->random << 13;
	x->random ^= x->random >> 7;
	x->random ^= x->random << 17;
	return (uint32_t)(x->random >> 32) % below;
}

static uint32_t any_host(struct world *x)
{
	return 0xc0a8010au + any(x, 4);
}

static uint32_t any_peer(struct world *x)
{
	return PEER + any(x, 4);
}

static const uint16_t ports[] = {80,   53,   21,    6667, 554,
				 7000, 7648, 26000, 8080, 33434};

static uint16_t any_port(struct world *x)
{
	return ports[any(x, 10)];
}

static const char *any_text(struct world *x)
{
	static const char *const texts[] = {
		"",
		"x",
		"PORT 192,168,1,10,4,5\r\n",
		"PASV\r\n",
		"227 Entering Passive Mode (198,51,100,7,195,80)\r\n",
		"PRIVMSG bob :\1DCC CHAT chat 3232235786 5000\1\r\n",
		"DESCRIBE rtsp://x/ RTSP/1.0\r\n",
		"SETUP x RTSP/1.0\r\nTransport: client_port=6970-71;a\r\n",
		"0123456789012345678901234567890123456789",
	};

	return texts[any(x, 9)];
}

static struct packet outbound(struct world *x)
{
	static const uint8_t flags[] = {2, 0x10, 0x18, 0x11, 4, 0x14, 0, 0x12};
	uint16_t sport = (uint16_t)(1024 + any(x, 6));

	switch (any(x, 5)) {
	case 0:
		return make_icmp(any_host(x), any_peer(x), 8, 0,
				 any(x, 3) << 16 | any(x, 9), "ping", 4);
	case 1:
	case 2:
		return make_udp(any_host(x), sport, any_peer(x), any_port(x),
				any_text(x));
	default:
		return make_tcp(any_host(x), sport, any_peer(x), any_port(x),
				flags[any(x, 8)], any_text(x));
	}
}

/* What the peer of something that left would send. */
static struct packet reply(struct world *x, const struct packet *sent)
{
	struct masq_view v = {.data = sent->data, .len = sent->len};
	struct packet p = *sent;
	uint32_t from = masq_get32(v, 16);

	if (any(x, 8) == 0)
		return make_icmp(any(x, 2) ? from : any_peer(x), OUTSIDE_ADDR,
				 any(x, 2) ? 3 : 11, (uint8_t)any(x, 2), 0,
				 sent->data, sent->len);
	if (any(x, 12) == 0)
		from = any_peer(x);
	if (sent->data[9] == 1) {
		p = *sent;
		put8(&p, 20, 0);
	} else if (sent->data[9] == 17) {
		p = make_udp(from, masq_get16(v, 22), OUTSIDE_ADDR,
			     masq_get16(v, 20), any_text(x));
	} else {
		p = make_tcp(from, masq_get16(v, 22), OUTSIDE_ADDR,
			     masq_get16(v, 20),
			     any(x, 3) ? 0x10 : (uint8_t)any(x, 64),
			     any_text(x));
	}
	put32(&p, 12, from);
	put32(&p, 16, OUTSIDE_ADDR);
	put8(&p, 8, any(x, 20) ? 64 : (uint8_t)any(x, 3));
	fix_all(&p);
	return p;
}

/* The error of an inside host about something that came in. */
static struct packet complaint(struct world *x, const struct packet *in)
{
	struct masq_view v = {.data = in->data, .len = in->len};

	return make_icmp(any_host(x), masq_get32(v, 12), 3, 3, 0, in->data,
			 in->len);
}

static void damage(struct world *x, struct packet *p)
{
	uint32_t num = 1 + any(x, 3);

	for (uint32_t i = 0; i < num; i++)
		put8(p, any(x, p->len), (uint8_t)any(x, 256));
	if (any(x, 3) == 0 && p->len > 28)
		p->len -= any(x, 9);
	if (any(x, 2) == 0)
		fix_ip(p);
	else if (any(x, 2) == 0 && p->data[0] == 0x45)
		fix_all(p);
}

static void on_result(void *ctx, const struct conf_packet *result)
{
	struct world *x = ctx;
	struct packet *slot;

	conf_checker_result(x->watch.checker, result);
	if (result->len > sizeof(slot->data) || result->len < 28)
		return;
	slot = &x->external[x->num_external++ % NUM_EXTERNAL];
	memcpy(slot->data, result->data, result->len);
	slot->len = result->len;
}

static void give(struct world *x, const struct packet *p, enum conf_side side)
{
	struct conf_packet packet = on_wire(p, side, x->watch.now);

	x->num_packets++;
	packet.cast = any(x, 200) == 0 ? CONF_CAST_BROADCAST : CONF_CAST_HOST;
	conf_checker_stimulus(x->watch.checker, &packet);
	assert_int_equal(
		x->engine.ops->packet(x->engine.state, &packet, on_result, x),
		CONF_OK);
	conf_checker_end(x->watch.checker, x->watch.now);
	if (x->watch.num == 0)
		return;
	for (uint32_t i = 0; i < p->len; i++)
		print_error("%02x", p->data[i]);
	fail_msg("packet %llu: %s(%s)", (unsigned long long)x->num_packets,
		 x->watch.ids, x->watch.text);
}

/* In fragments, in any order, perhaps not all, perhaps twice. */
static void give_pieces(struct world *x, const struct packet *p,
			enum conf_side side)
{
	uint32_t len = p->len - 20, num = (len + 15) / 16;

	for (uint32_t i = 0; i < num + any(x, 3); i++) {
		uint32_t k = any(x, 4) ? i % num : any(x, num);
		uint32_t at = k * 16, n = len - at < 16 ? len - at : 16;
		struct packet f = *p;

		memcpy(f.data + 20, p->data + 20 + at, n);
		f.len = 20 + n;
		put16(&f, 2, (uint16_t)f.len);
		put16(&f, 4, (uint16_t)any(x, 2));
		put16(&f, 4, (uint16_t)(p->len + x->num_packets / 40));
		put16(&f, 6, (uint16_t)(at / 8 | (at + n < len ? 0x2000 : 0)));
		fix_ip(&f);
		give(x, &f, side);
	}
}

static void step(struct world *x)
{
	const struct packet *last =
		&x->external[any(x, x->num_external < NUM_EXTERNAL
					    ? x->num_external + 1
					    : NUM_EXTERNAL) %
			     NUM_EXTERNAL];
	bool is_out = last->len == 0 || any(x, 2) == 0;
	struct packet p;

	if (is_out)
		p = any(x, 30) == 0 && last->len > 0 ? complaint(x, last)
						     : outbound(x);
	else
		p = reply(x, last);
	if (any(x, 40) == 0)
		put8(&p, 8, (uint8_t)any(x, 3));
	put16(&p, 4, (uint16_t)x->num_packets);
	if (any(x, 40) == 0)
		put16(&p, 6, 0x4000);
	if (any(x, 60) == 0 && p.data[9] == 17)
		put16(&p, 26, 0);
	else
		fix_all(&p);
	fix_ip(&p);
	if (any(x, 15) == 0)
		damage(x, &p);
	if (any(x, 25) == 0 && p.len > 40 && p.data[0] == 0x45)
		give_pieces(x, &p, is_out ? CONF_INSIDE : CONF_OUTSIDE);
	else
		give(x, &p,
		     any(x, 100) == 0 ? (enum conf_side)(1 + any(x, 2))
		     : is_out         ? CONF_INSIDE
				      : CONF_OUTSIDE);
	x->watch.now += (uint64_t)any(x, 1000000) * (any(x, 30) ? 100 : 20000);
	if (any(x, 300) == 0)
		x->watch.now += any(x, 1000) * WATCH_SECOND;
}

static const struct conf_setting configuration[] = {
	{"helper.ftp", "default", 0},
	{"helper.irc", "default", 0},
	{"helper.quake", "on", 0},
	{"helper.raudio", "default", 0},
	{"helper.vdolive", "default", 0},
	{"helper.cuseeme", "default", 0},
	{"local", "answer", 0},
	{"mtu.inside", "576", 0},
	{"portfw", "tcp:203.0.113.1:8080=192.168.1.12:80", 0},
};

static void run(const char *address, enum conf_profile profile,
		size_t num_settings, uint64_t seed)
{
	static struct world x;
	struct conf_config config = {
		.settings = configuration,
		.num_settings = num_settings,
	};
	char error[CONF_ERROR_SIZE];

	x = (struct world){.random = seed * 2654435761u + 1};
	watch_init(&x.watch);
	assert_int_equal(conf_settings_read(&x.watch.settings, &config, error),
			 CONF_OK);
	x.watch.settings.profile = profile;
	watch_start(&x.watch);
	assert_int_equal(conf_engine_open(&x.engine, address, &config, error),
			 CONF_OK);
	for (unsigned int i = 0; i < PER_ROUND; i++)
		step(&x);
	conf_engine_close(&x.engine);
	watch_stop(&x.watch);
}

static void test_engines(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < rounds; i++) {
		size_t num = i % 2 == 0 ? 0 : 9;

		run("ref:linux-2.2", CONF_PROFILE_LINUX22, num, i + 1);
		run("ref:linux-2.2-fixed", CONF_PROFILE_LINUX22_FIXED, num,
		    i + 1);
	}
}

/* Results that have nothing to do with the stimuli. */
static void test_nonsense(void **state)
{
	static struct world x;

	(void)state;
	for (unsigned int round = 0; round < 2; round++) {
		x = (struct world){.random = 77 + round};
		watch_init(&x.watch);
		x.watch.settings.profile = (enum conf_profile)round;
		watch_start(&x.watch);
		for (unsigned int i = 0; i < 20000; i++) {
			struct packet p = outbound(&x), q = outbound(&x);

			q = any(&x, 2) ? nat_out(&p, (uint16_t)any(&x, 65536))
				       : q;
			damage(&x, &p);
			damage(&x, &q);
			if (any(&x, 50) == 0)
				p.len = any(&x, 30);
			if (any(&x, 50) == 0)
				q.len = any(&x, 30);
			watch_stimulus(&x.watch, &p,
				       (enum conf_side)(1 + any(&x, 2)));
			for (uint32_t k = any(&x, 3); k > 0; k--)
				watch_result(&x.watch, &q,
					     (enum conf_side)(1 + any(&x, 2)));
			watch_end(&x.watch);
			x.watch.ids[0] = '\0';
			x.watch.now += any(&x, 1000000000);
		}
		assert_true(x.watch.num > 0);
		watch_stop(&x.watch);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_engines),
		cmocka_unit_test(test_nonsense),
	};

	if (argc > 1)
		rounds = (unsigned int)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
