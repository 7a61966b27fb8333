/* SPDX-License-Identifier: Apache-2.0 */
/* invariants_fragment_test.c - group D, fragments */
#include <string.h>

#include "watch.h"

static struct watch w;

/* A piece of a datagram, from offset on. */
static struct packet piece(const struct packet *p, uint32_t offset,
			   uint32_t len)
{
	struct packet f = *p;
	bool more = 20 + offset + len < p->len;

	memcpy(f.data + 20, p->data + 20 + offset, len);
	f.len = 20 + len;
	put16(&f, 2, (uint16_t)f.len);
	put16(&f, 6, (uint16_t)(offset / 8 | (more ? 0x2000 : 0)));
	fix_ip(&f);
	return f;
}

static struct packet datagram(void)
{
	return make_udp(INSIDE_HOST, 2000, PEER, 53,
			"0123456789abcdef0123456789abcdef");
}

static void test_reassembled(void **state)
{
	struct packet p = datagram(), q = nat_out(&p, WATCH_PORT), f, g;

	(void)state;
	f = piece(&p, 24, 16);
	watch_out(&w, &f, NULL);
	f = piece(&p, 0, 24);
	watch_out(&w, &f, &q);
	watch_expect_none(&w);
	/* In pieces on both sides. */
	f = piece(&p, 0, 24);
	watch_out(&w, &f, NULL);
	f = piece(&p, 24, 16);
	watch_stimulus(&w, &f, CONF_INSIDE);
	g = piece(&q, 0, 16);
	watch_result(&w, &g, CONF_OUTSIDE);
	g = piece(&q, 16, 24);
	watch_result(&w, &g, CONF_OUTSIDE);
	watch_end(&w);
	watch_expect_none(&w);
	/* One is missing. */
	f = piece(&p, 0, 24);
	watch_out(&w, &f, NULL);
	f = piece(&p, 24, 16);
	g = piece(&q, 0, 16);
	watch_out(&w, &f, &g);
	watch_expect(&w, "INV-19");
	/* They contradict each other. */
	f = piece(&p, 0, 24);
	watch_out(&w, &f, NULL);
	f = piece(&p, 24, 16);
	watch_stimulus(&w, &f, CONF_INSIDE);
	g = piece(&q, 0, 16);
	watch_result(&w, &g, CONF_OUTSIDE);
	put8(&g, 30, 99);
	watch_result(&w, &g, CONF_OUTSIDE);
	watch_end(&w);
	watch_expect(&w, "INV-19");
	/* Something else came out. */
	f = piece(&p, 0, 24);
	watch_out(&w, &f, NULL);
	f = piece(&p, 24, 16);
	put8(&q, 40, 1);
	fix_all(&q);
	watch_out(&w, &f, &q);
	watch_expect(&w, "INV-19");
}

/* An error about a datagram that was put together: its DF is gone. */
static void test_error_about_joined(void **state)
{
	struct packet p = datagram(), f, q;

	(void)state;
	put16(&p, 6, 0x4000);
	fix_ip(&p);
	for (unsigned int i = 0; i < 3; i++) {
		static const uint16_t fields[] = {0x4000, 0, 0x2000};

		f = piece(&p, 0, 24);
		put16(&f, 6, 0x6000);
		fix_ip(&f);
		watch_out(&w, &f, NULL);
		f = piece(&p, 24, 16);
		put16(&f, 6, 0x4003);
		fix_ip(&f);
		q = p;
		put16(&q, 6, fields[i]);
		fix_ip(&q);
		q = own_error(&q, INSIDE_ADDR, 3, 1);
		watch_step(&w, &f, CONF_INSIDE, &q, CONF_INSIDE);
		if (i == 2)
			watch_expect(&w, "INV-54");
		else
			watch_expect_none(&w);
	}
}

static void test_fragments_one_by_one(void **state)
{
	struct packet p = datagram(), q = nat_out(&p, WATCH_PORT), f, g;

	(void)state;
	for (uint32_t at = 0; at < 40; at += 8) {
		f = piece(&p, at, 8);
		g = piece(&q, at, 8);
		watch_out(&w, &f, &g);
	}
	watch_expect_none(&w);
	f = piece(&p, 16, 8);
	g = piece(&q, 16, 8);
	put8(&g, 22, 99);
	watch_out(&w, &f, &g);
	watch_expect(&w, "INV-19");
}

static void test_unknown_datagrams(void **state)
{
	struct packet p = datagram(), q = nat_out(&p, WATCH_PORT), f;
	struct packet in = answer(), in_q = nat_in(&in, INSIDE_HOST, 2000);

	(void)state;
	/* Overlaps that contradict: whatever comes out of it. */
	f = piece(&p, 0, 24);
	watch_out(&w, &f, NULL);
	put8(&f, 40, 1);
	watch_out(&w, &f, NULL);
	f = piece(&p, 24, 16);
	watch_out(&w, &f, &q);
	watch_expect_none(&w);
	/* And what it has made is not known either. */
	in = make_udp(PEER, 53, OUTSIDE_ADDR, WATCH_PORT + 5, "x");
	in_q = nat_in(&in, INSIDE_HOST, 3000);
	watch_in(&w, &in, &in_q);
	f = piece(&in, 0, 8);
	watch_in(&w, &f, &in_q);
	watch_expect_none(&w);
}

/* p, as two fragments that contradict each other, is sent on as q. */
static void send_unknown(const struct packet *p, const struct packet *q,
			 enum conf_side from)
{
	struct packet f = piece(p, 0, 16);

	put8(&f, 20 + 15, 99);
	watch_step(&w, &f, from, NULL, from);
	f = piece(p, 8, p->len - 28);
	watch_step(&w, &f, from, q,
		   from == CONF_INSIDE ? CONF_OUTSIDE : CONF_INSIDE);
	watch_expect_none(&w);
}

/* Nor in which state the mapping is: it may have been a reset. */
static void test_unknown_state(void **state)
{
	struct packet p = segment(4, ""), q = nat_out(&p, WATCH_PORT);
	struct packet in = segment_back(0x18, "data"), other = in;

	(void)state;
	send_unknown(&p, &q, CONF_INSIDE);
	p = segment(0x18, "data");
	watch_send_out(&w, &p, WATCH_PORT);
	/* Of another one it is known. */
	p = make_tcp(INSIDE_HOST, 2001, PEER, 80, 0x18, "data");
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_wait(&w, 11);
	watch_in(&w, &in, NULL);
	watch_expect_none(&w);
	other = make_tcp(PEER, 80, OUTSIDE_ADDR, WATCH_PORT + 1, 0x18, "data");
	watch_in(&w, &other, NULL);
	watch_expect(&w, "INV-55");
	/* What came in shows the inside only. */
	conf_checker_reset(w.checker);
	q = nat_in(&in, INSIDE_HOST, 2000);
	send_unknown(&in, &q, CONF_OUTSIDE);
	p = segment(0x18, "data");
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 11);
	watch_in(&w, &in, NULL);
	watch_expect_none(&w);
}

/* Nor which of two first fragments was refused for its options. */
static void test_other_options(void **state)
{
	struct packet p = datagram(), q = nat_out(&p, WATCH_PORT);
	struct packet f = piece(&p, 0, 16);

	(void)state;
	watch_out(&w, &f, NULL);
	memmove(f.data + 28, f.data + 20, 16);
	memset(f.data + 20, 1, 8);
	put8(&f, 0, 0x47);
	f.len += 8;
	put16(&f, 2, (uint16_t)f.len);
	fix_ip(&f);
	watch_out(&w, &f, NULL);
	f = piece(&p, 16, p.len - 36);
	watch_out(&w, &f, &q);
	watch_expect_none(&w);
}

/* Nor who has claimed a mapping that waits for its first peer. */
static void test_unknown_claim(void **state)
{
	struct packet p = query(), in, q;

	(void)state;
	watch_stop(&w);
	w.settings.profile = CONF_PROFILE_LINUX22;
	watch_start(&w);
	watch_send_out(&w, &p, WATCH_PORT);
	in = make_udp(OTHER_PEER, 53, OUTSIDE_ADDR, WATCH_PORT, "0123456789");
	q = nat_in(&in, INSIDE_HOST, 2000);
	send_unknown(&in, &q, CONF_OUTSIDE);
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_expect_none(&w);
}

/* Nor which helper the mapping has: its port tells. */
static void test_unknown_helper(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 2000, PEER, 7648,
				   "0123456789abcdef");
	struct packet q = nat_out(&p, WATCH_PORT), f;

	(void)state;
	watch_stop(&w);
	w.settings.num_loads = 1;
	w.settings.loads[0].helper = CONF_HELPER_CUSEEME;
	w.settings.udp_dloose = 1;
	watch_start(&w);
	f = piece(&p, 16, 8);
	watch_out(&w, &f, NULL);
	watch_wait(&w, 16);
	f = piece(&p, 0, 16);
	watch_out(&w, &f, &q);
	/* To another port, but of the same mapping. */
	p = make_udp(INSIDE_HOST, 2000, PEER, 9999, "abc");
	q = make_udp(INSIDE_HOST, 2000, PEER, 9999, "xyz");
	q = nat_out(&q, WATCH_PORT);
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	/* Another has none. */
	p = make_udp(INSIDE_HOST, 3000, PEER, 9999, "abc");
	q = make_udp(INSIDE_HOST, 3000, PEER, 9999, "xyz");
	q = nat_out(&q, WATCH_PORT + 1);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-20");
}

/* A connection, answered once, and again after a minute. */
static void connect_for_a_minute(void)
{
	struct packet p = make_tcp(INSIDE_HOST, 3000, OTHER_PEER, 9, 2, "");
	struct packet in = make_tcp(OTHER_PEER, 9, OUTSIDE_ADDR, WATCH_PORT + 1,
				    0x12, "");

	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_send_in(&w, &in, INSIDE_HOST, 3000);
	watch_wait(&w, 61);
	watch_in(&w, &in, NULL);
}

/* Nor what it has announced: a connection may be one that was expected. */
static void test_unknown_text(void **state)
{
	struct packet p = segment(0x18, "0123456789");
	struct packet q = nat_out(&p, WATCH_PORT);

	(void)state;
	watch_stop(&w);
	w.settings.num_loads = 1;
	w.settings.loads[0].helper = CONF_HELPER_IRC;
	watch_start(&w);
	send_unknown(&p, &q, CONF_INSIDE);
	connect_for_a_minute();
	watch_expect(&w, "INV-55");
	conf_checker_reset(w.checker);
	p = make_tcp(INSIDE_HOST, 2000, PEER, 6667, 0x18, "0123456789");
	q = nat_out(&p, WATCH_PORT);
	send_unknown(&p, &q, CONF_INSIDE);
	connect_for_a_minute();
	watch_expect_none(&w);
	/* What came in may have come to a port with a helper. */
	conf_checker_reset(w.checker);
	p = segment_back(0x18, "0123456789");
	q = nat_in(&p, INSIDE_HOST, 2000);
	send_unknown(&p, &q, CONF_OUTSIDE);
	connect_for_a_minute();
	watch_expect_none(&w);
}

static void test_hostile_fragments(void **state)
{
	struct packet p = datagram(), f;

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		f = piece(&p, 8 * (i % 4), 8);
		put16(&f, 4, (uint16_t)i);
		put16(&f, 6, (uint16_t)(i * 977));
		put16(&f, 2, (uint16_t)(20 + i % 9));
		fix_ip(&f);
		watch_out(&w, &f, NULL);
		w.now += i % 7 == 0 ? 20 * WATCH_SECOND : 0;
	}
	/* The same name again, much later, and a last one twice. */
	for (uint32_t i = 0; i < 3; i++) {
		f = piece(&p, 24, i == 2 ? 8 : 16);
		put16(&f, 6, 3);
		fix_ip(&f);
		watch_out(&w, &f, NULL);
		w.now += (i == 0 ? 130 : 0) * WATCH_SECOND;
	}
	watch_expect_none(&w);
}

static void test_df(void **state)
{
	struct packet p = datagram(), q, f;

	(void)state;
	q = nat_out(&p, WATCH_PORT);
	watch_stimulus(&w, &p, CONF_INSIDE);
	f = piece(&q, 0, 24);
	put16(&f, 6, 0x6000);
	fix_ip(&f);
	watch_result(&w, &f, CONF_OUTSIDE);
	f = piece(&q, 24, 16);
	put16(&f, 6, 0x4003);
	fix_ip(&f);
	watch_result(&w, &f, CONF_OUTSIDE);
	watch_end(&w);
	watch_expect_among(&w, "INV-16");
	/* Reassembly may clear it. */
	f = piece(&p, 0, 24);
	put16(&f, 6, 0x6000);
	fix_ip(&f);
	watch_out(&w, &f, NULL);
	f = piece(&p, 24, 16);
	watch_out(&w, &f, &q);
	watch_expect_none(&w);
}

/*
 * Linux 2.2 without a mapping sends a first fragment on at once, and cuts it
 * where the link is narrow; the others it holds. The mapping is made.
 */
static void test_cut_first_fragment(void **state)
{
	struct packet p = datagram(), q = nat_out(&p, WATCH_PORT), f, g;
	struct packet in = answer(), in_q = nat_in(&in, INSIDE_HOST, 2000);

	(void)state;
	f = piece(&p, 0, 32);
	watch_stimulus(&w, &f, CONF_INSIDE);
	g = piece(&q, 0, 16);
	watch_result(&w, &g, CONF_OUTSIDE);
	g = piece(&q, 16, 16);
	watch_result(&w, &g, CONF_OUTSIDE);
	watch_end(&w);
	watch_in(&w, &in, &in_q);
	watch_expect_none(&w);
	/* And nobody else's. */
	in_q = nat_in(&in, INSIDE_HOST + 1, 2000);
	watch_in(&w, &in, &in_q);
	watch_expect(&w, "INV-12");
}

/* The first fragment comes last: here the datagram is complete then. */
static void test_cut_first_comes_last(void **state)
{
	struct packet p = datagram(), q = nat_out(&p, WATCH_PORT), f, g;
	struct packet in = answer(), in_q = nat_in(&in, INSIDE_HOST, 2000);

	(void)state;
	f = piece(&p, 32, 8);
	watch_out(&w, &f, &f);
	w.num = 0; /* it left as it was */
	f = piece(&p, 0, 32);
	watch_stimulus(&w, &f, CONF_INSIDE);
	g = piece(&q, 0, 16);
	watch_result(&w, &g, CONF_OUTSIDE);
	g = piece(&q, 16, 16);
	watch_result(&w, &g, CONF_OUTSIDE);
	watch_end(&w);
	w.num = 0; /* INV-19: nobody can put that together */
	watch_in(&w, &in, &in_q);
	watch_expect_none(&w);
}

/* Pieces made here have no reserved bit; a packet that stays whole keeps it. */
static void test_reserved(void **state)
{
	struct packet p = datagram(), q, f;

	(void)state;
	q = nat_out(&p, WATCH_PORT);
	put16(&p, 6, 0x8000);
	fix_ip(&p);
	watch_stimulus(&w, &p, CONF_INSIDE);
	f = piece(&q, 0, 24);
	watch_result(&w, &f, CONF_OUTSIDE);
	f = piece(&q, 24, 16);
	watch_result(&w, &f, CONF_OUTSIDE);
	watch_end(&w);
	watch_expect_none(&w);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-08");
	/* Nobody may set it. */
	put16(&p, 6, 0);
	fix_ip(&p);
	watch_stimulus(&w, &p, CONF_INSIDE);
	for (uint32_t at = 0; at < 48; at += 24) {
		f = piece(&q, at, at == 0 ? 24 : 16);
		put16(&f, 6, at == 0 ? 0xa000 : 0x8003);
		fix_ip(&f);
		watch_result(&w, &f, CONF_OUTSIDE);
	}
	watch_end(&w);
	watch_expect(&w, "INV-08");
}

/* A redirect about a datagram of which only the last fragment is known. */
static void test_own_about_fragment(void **state)
{
	struct packet p = datagram(), q = nat_out(&p, WATCH_PORT), f, redirect;

	(void)state;
	redirect = own_error(&p, INSIDE_ADDR, 5, 1);
	f = piece(&p, 0, 24);
	watch_out(&w, &f, NULL);
	put8(&f, 40, 1);
	watch_out(&w, &f, NULL);
	f = piece(&p, 24, 16);
	watch_stimulus(&w, &f, CONF_INSIDE);
	watch_result(&w, &redirect, CONF_INSIDE);
	watch_result(&w, &q, CONF_OUTSIDE);
	watch_end(&w);
	watch_expect_none(&w);
}

int main(void)
{
#define TEST(f) WATCH_TEST(f, &w)
	const struct CMUnitTest tests[] = {
		TEST(test_reassembled),        TEST(test_fragments_one_by_one),
		TEST(test_unknown_datagrams),  TEST(test_unknown_helper),
		TEST(test_hostile_fragments),  TEST(test_df),
		TEST(test_cut_first_fragment), TEST(test_cut_first_comes_last),
		TEST(test_reserved),           TEST(test_own_about_fragment),
		TEST(test_error_about_joined), TEST(test_unknown_state),
		TEST(test_other_options),      TEST(test_unknown_claim),
		TEST(test_unknown_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
