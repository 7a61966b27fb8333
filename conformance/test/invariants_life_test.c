/* SPDX-License-Identifier: Apache-2.0 */
/* invariants_life_test.c - timers, expectations, limits of the table */
#include <string.h>

#include "watch.h"

#define OTHER_HOST 0xc0a80114u /* 192.168.1.20 */

static struct watch w;

/* The i-th of many mappings, none of them like another. */
static void send_numbered(uint32_t i, uint32_t peer)
{
	struct packet p = make_tcp(INSIDE_HOST, (uint16_t)(1024 + i % 60000),
				   peer, 80, 0x10, "");

	watch_send_out(&w, &p, (uint16_t)(WATCH_PORT + i % 4096));
}

static void test_lost_answers(void **state)
{
	struct packet p = query(), in = answer();

	(void)state;
	watch_send_out(&w, &p, WATCH_PORT);
	watch_in(&w, &in, NULL);
	watch_expect(&w, "INV-28");
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 200);
	watch_in(&w, &in, NULL);
	watch_expect(&w, "INV-55");
	/* Broken, or too old: nobody knows. */
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, WATCH_PORT);
	put16(&in, 26, 0x1234);
	watch_in(&w, &in, NULL);
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 300);
	in = answer();
	watch_in(&w, &in, NULL);
	watch_expect_none(&w);
}

/* An inside host's segments, as SYN, SYN+ACK, ACK. */
static void open_connection(void)
{
	struct packet p = segment(2, ""), in = segment_back(0x12, "");

	watch_send_out(&w, &p, WATCH_PORT);
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	p = segment(0x10, "");
	watch_send_out(&w, &p, WATCH_PORT);
}

static void test_tcp_floors(void **state)
{
	struct packet in = segment_back(0x18, "data"), p;

	(void)state;
	open_connection();
	watch_wait(&w, 899);
	watch_in(&w, &in, NULL);
	watch_expect(&w, "INV-55");
	/* After a reset ten seconds. */
	conf_checker_reset(w.checker);
	open_connection();
	p = segment(4, "");
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 9);
	watch_in(&w, &in, NULL);
	watch_expect(&w, "INV-55");
	conf_checker_reset(w.checker);
	open_connection();
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 10);
	watch_in(&w, &in, NULL);
	/* After a FIN a minute. */
	conf_checker_reset(w.checker);
	open_connection();
	p = segment(0x11, "");
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 61);
	watch_in(&w, &in, NULL);
	watch_expect_none(&w);
	conf_checker_reset(w.checker);
	open_connection();
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 58);
	watch_in(&w, &in, NULL);
	watch_expect(&w, "INV-55");
	/* Without flags, and a SYN in between. */
	conf_checker_reset(w.checker);
	open_connection();
	p = segment(0, "");
	watch_send_out(&w, &p, WATCH_PORT);
	p = segment(2, "");
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 11);
	watch_in(&w, &in, NULL);
	watch_expect_none(&w);
}

static void test_refused(void **state)
{
	struct packet p = query(), bad = query(), in = answer();

	(void)state;
	put8(&bad, 8, 1);
	fix_all(&bad);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_out(&w, &bad, NULL);
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_expect(&w, "INV-56");
	watch_out(&w, &bad, NULL);
	in = make_udp(PEER, 53, OUTSIDE_ADDR, WATCH_PORT + 1, "x");
	watch_in(&w, &in, NULL);
	watch_expect(&w, "INV-56");
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_out(&w, &bad, NULL);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_expect_none(&w);
}

static void load(enum conf_helper helper)
{
	watch_stop(&w);
	w.settings.num_loads = 1;
	w.settings.loads[0].helper = helper;
	watch_start(&w);
}

static void test_expectations(void **state)
{
	struct packet p = make_tcp(INSIDE_HOST, 2000, PEER, 21, 0x18, "PORT");
	struct packet in = make_tcp(PEER, 20, OUTSIDE_ADDR, WATCH_PORT + 1, 2,
				    "");

	(void)state;
	load(CONF_HELPER_FTP);
	watch_send_in(&w, &in, INSIDE_HOST, 1029);
	watch_expect(&w, "INV-05");
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_send_in(&w, &in, INSIDE_HOST, 1029);
	watch_expect_none(&w);
	/* Another host has announced nothing. */
	in = make_tcp(PEER, 20, OUTSIDE_ADDR, WATCH_PORT + 2, 2, "");
	watch_send_in(&w, &in, OTHER_HOST, 1029);
	watch_expect(&w, "INV-05");
	watch_wait(&w, 1801);
	in = make_tcp(PEER, 20, OUTSIDE_ADDR, WATCH_PORT + 3, 2, "");
	watch_send_in(&w, &in, INSIDE_HOST, 1030);
	watch_expect(&w, "INV-37");
}

/* A child that waits for its peer goes to the first that answers. */
static void test_child_is_claimed(void **state)
{
	struct packet p = make_tcp(INSIDE_HOST, 2000, PEER, 21, 0x18, "PORT");
	struct packet in = make_tcp(OTHER_PEER, 9, OUTSIDE_ADDR, WATCH_PORT + 1,
				    2, "");

	(void)state;
	load(CONF_HELPER_FTP);
	watch_send_out(&w, &p, WATCH_PORT);
	p = make_tcp(INSIDE_HOST, 1029, PEER, 20, 0x12, "");
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_send_in(&w, &in, INSIDE_HOST, 1029);
	watch_send_out(&w, &p, WATCH_PORT + 2);
	watch_expect_none(&w);
}

/* ... and one whose inside port is not known yet to that host (A13). */
static void test_portless_child(void **state)
{
	struct packet p = make_tcp(INSIDE_HOST, 2000, PEER, 21, 0x18, "PASV");
	struct packet in = make_tcp(PEER, 900, OUTSIDE_ADDR, WATCH_PORT + 1,
				    0x10, "");

	(void)state;
	w.settings.profile = CONF_PROFILE_LINUX22;
	load(CONF_HELPER_FTP);
	for (int i = 0; i < 2; i++) {
		conf_checker_reset(w.checker);
		p = make_tcp(INSIDE_HOST, 2000, PEER, 21, 0x18, "PASV");
		watch_send_out(&w, &p, WATCH_PORT);
		if (i == 0)
			watch_send_in(&w, &in, INSIDE_HOST, 0);
		p = make_tcp(INSIDE_HOST, 2001, PEER, 900, 0x10, "");
		watch_send_out(&w, &p, WATCH_PORT + 1);
		watch_send_in(&w, &in, INSIDE_HOST, 2001);
		watch_wait(&w, 11);
		watch_in(&w, &in, NULL);
		if (i == 0)
			watch_expect_none(&w);
		else
			watch_expect(&w, "INV-55");
	}
}

/* From that host to a port without a helper, and edited. */
static void send_edited(uint32_t host, uint16_t sport, uint16_t port)
{
	struct packet p = make_udp(host, sport, PEER, 9999, "abc");
	struct packet q = make_udp(host, sport, PEER, 9999, "xyz");

	q = nat_out(&q, port);
	watch_out(&w, &p, &q);
}

/* What Quake announced is helped; if it is loose, whoever the peer is. */
static void test_loose_child(void **state)
{
	static const struct {
		uint8_t loose;
		enum conf_helper second;
		bool by_udp;
	} rows[] = {{1, CONF_HELPER_QUAKE, true},
		    {0, CONF_HELPER_QUAKE, true},
		    {1, CONF_HELPER_FTP, false}};

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		struct packet p = make_udp(INSIDE_HOST, 5000, PEER, 9999, "x");

		w.settings.udp_dloose = rows[i].loose;
		w.settings.num_loads = 2;
		w.settings.loads[0].helper = CONF_HELPER_QUAKE;
		w.settings.loads[1].helper = rows[i].second;
		watch_stop(&w);
		watch_start(&w);
		watch_send_out(&w, &p, WATCH_PORT);
		p = rows[i].by_udp ? make_udp(INSIDE_HOST, 2000, PEER, 27000,
					      "accepted")
				   : make_tcp(INSIDE_HOST, 2000, PEER, 21, 0x18,
					      "PORT");
		watch_send_out(&w, &p, WATCH_PORT + 1);
		watch_expect_none(&w);
		send_edited(INSIDE_HOST, 4000, WATCH_PORT + 2);
		if (i == 0)
			watch_expect_none(&w);
		else
			watch_expect(&w, "INV-20");
		/* It was there before; its host has announced nothing. */
		send_edited(INSIDE_HOST, 5000, WATCH_PORT);
		watch_expect(&w, "INV-20");
		send_edited(OTHER_HOST, 4000, WATCH_PORT + 3);
		watch_expect(&w, "INV-20");
	}
}

static void test_immortal(void **state)
{
	struct packet p = make_tcp(INSIDE_HOST, 2000, PEER, 7000, 0x18,
				   "a message");
	struct packet in = make_udp(PEER, 20, OUTSIDE_ADDR, WATCH_PORT + 1,
				    "x");

	(void)state;
	w.settings.profile = CONF_PROFILE_LINUX22;
	load(CONF_HELPER_VDOLIVE);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 100000);
	watch_send_in(&w, &in, INSIDE_HOST, 6000);
	watch_wait(&w, 100000);
	watch_send_in(&w, &in, INSIDE_HOST, 6000);
	watch_expect_none(&w);
}

/* The dead make room for the living. */
static void test_purge(void **state)
{
	struct packet in = answer();

	(void)state;
	for (uint32_t i = 0; i < 140000; i++) {
		send_numbered(i, PEER + i / 60000);
		watch_wait(&w, i % 10 == 0);
	}
	watch_expect_none(&w);
	watch_wait(&w, 301);
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	watch_expect(&w, "INV-05");
}

/* More living ones than there is room for: nothing is said any more. */
static void test_overflow(void **state)
{
	struct packet in = answer();

	(void)state;
	for (uint32_t i = 0; i < 140000; i++)
		send_numbered(i, OTHER_PEER + i);
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	watch_expect_none(&w);
}

int main(void)
{
#define TEST(f) WATCH_TEST(f, &w)
	const struct CMUnitTest tests[] = {
		TEST(test_lost_answers),     TEST(test_tcp_floors),
		TEST(test_refused),          TEST(test_expectations),
		TEST(test_child_is_claimed), TEST(test_portless_child),
		TEST(test_immortal),         TEST(test_purge),
		TEST(test_overflow),         TEST(test_loose_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
