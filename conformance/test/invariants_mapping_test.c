/* SPDX-License-Identifier: Apache-2.0 */
/* invariants_mapping_test.c - group C: the shadow table */
#include <string.h>

#include "watch.h"

#define OTHER_HOST 0xc0a80114u /* 192.168.1.20 */

static struct watch w;

static void test_no_permit(void **state)
{
	struct packet p = query(), in = answer();

	(void)state;
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	watch_expect(&w, "INV-05");
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	watch_expect_none(&w);
	/* Another peer. */
	in = make_udp(OTHER_PEER, 53, OUTSIDE_ADDR, WATCH_PORT, "x");
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	watch_expect(&w, "INV-05");
	/* Long after. */
	watch_wait(&w, 301);
	in = answer();
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	watch_expect(&w, "INV-05");
}

static void test_routed_inside(void **state)
{
	struct packet p = make_udp(PEER, 53, INSIDE_HOST, 2000, "x"), q = p;

	(void)state;
	put8(&q, 8, 63);
	fix_all(&q);
	watch_in(&w, &p, &q);
	watch_expect_none(&w);
	conf_checker_force(w.checker, "INV-05");
	watch_in(&w, &p, &q);
	watch_expect(&w, "INV-05");
}

static void test_wild_peer(void **state)
{
	struct packet p = query(), in;

	(void)state;
	watch_stop(&w);
	w.settings.profile = CONF_PROFILE_LINUX22;
	watch_start(&w);
	watch_send_out(&w, &p, WATCH_PORT);
	in = make_udp(OTHER_PEER, 53, OUTSIDE_ADDR, WATCH_PORT, "x");
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	/* The peer that was asked may now be refused. */
	in = answer();
	watch_in(&w, &in, NULL);
	/* And a new mapping made. */
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_expect_none(&w);
}

static void test_loose(void **state)
{
	struct packet p = query(), in;

	(void)state;
	watch_stop(&w);
	w.settings.udp_dloose = 2;
	watch_start(&w);
	watch_send_out(&w, &p, WATCH_PORT);
	in = make_udp(OTHER_PEER, 99, OUTSIDE_ADDR, WATCH_PORT, "x");
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	watch_expect_none(&w);
}

/* 8080 outside is port 80 of OTHER_HOST. */
static void forward_port(void)
{
	watch_stop(&w);
	w.settings.num_portfw = 1;
	w.settings.portfw[0] = (struct conf_portfw){
		.proto = 6,
		.local_addr = OUTSIDE_ADDR,
		.local_port = 8080,
		.real_addr = OTHER_HOST,
		.real_port = 80,
		.preference = 1,
	};
	watch_start(&w);
}

static void test_forwarded_port(void **state)
{
	struct packet p = make_tcp(PEER, 4000, OUTSIDE_ADDR, 8080, 2, "");

	(void)state;
	forward_port();
	watch_send_in(&w, &p, OTHER_HOST, 80);
	p = make_tcp(OTHER_HOST, 80, PEER, 4000, 0x12, "");
	watch_send_out(&w, &p, 8080);
	watch_expect_none(&w);
	p = make_tcp(PEER, 4000, OUTSIDE_ADDR, 8081, 2, "");
	watch_send_in(&w, &p, OTHER_HOST, 80);
	watch_expect(&w, "INV-05");
}

/* A forwarded packet that is refused may have made its mapping all the same. */
static void test_refused_for_server(void **state)
{
	struct packet out = make_tcp(OTHER_HOST, 80, PEER, 4000, 0x12, ""), in;

	(void)state;
	forward_port();
	for (uint16_t port = 8080; port <= 8081; port++) {
		conf_checker_reset(w.checker);
		watch_send_out(&w, &out, WATCH_PORT);
		in = make_tcp(PEER, 4000, OUTSIDE_ADDR, port, 2, "");
		put8(&in, 8, 1);
		fix_all(&in);
		watch_in(&w, &in, NULL);
		watch_send_out(&w, &out, 8080);
		if (port == 8080)
			watch_expect_none(&w);
		else
			watch_expect(&w, "INV-11");
	}
}

/* The error that PEER sends about a query through port. */
static void send_error(uint16_t port, uint32_t host)
{
	struct packet quote = query(), p, q;

	put32(&quote, 12, OUTSIDE_ADDR);
	put16(&quote, 20, port);
	fix_all(&quote);
	p = make_icmp(PEER, OUTSIDE_ADDR, 3, 3, 0, quote.data, quote.len);
	put32(&quote, 12, host);
	put16(&quote, 20, 2000);
	fix_all(&quote);
	q = make_icmp(PEER, host, 3, 3, 0, quote.data, quote.len);
	put8(&q, 8, 63);
	fix_all(&q);
	watch_in(&w, &p, &q);
}

static void test_errors_in(void **state)
{
	struct packet p = query();

	(void)state;
	send_error(WATCH_PORT, INSIDE_HOST);
	watch_expect(&w, "INV-06");
	watch_send_out(&w, &p, WATCH_PORT);
	send_error(WATCH_PORT, INSIDE_HOST);
	watch_expect_none(&w);
	send_error(WATCH_PORT, OTHER_HOST);
	watch_expect(&w, "INV-06");
}

static void test_error_outer(void **state)
{
	struct packet p = query(), quote = nat_out(&p, WATCH_PORT), error;

	(void)state;
	watch_out(&w, &p, &quote);
	p = make_icmp(PEER, INSIDE_ADDR, 3, 3, 0, quote.data, quote.len);
	quote = query();
	put8(&quote, 8, 63);
	fix_all(&quote);
	error = make_icmp(PEER, INSIDE_HOST, 3, 3, 0, quote.data, quote.len);
	put8(&error, 8, 63);
	fix_all(&error);
	watch_in(&w, &p, &error);
	watch_expect_none(&w);
	conf_checker_force(w.checker, "INV-06");
	watch_in(&w, &p, &error);
	watch_expect(&w, "INV-06");
}

/* The error that INSIDE_HOST sends about an answer. */
static void send_error_out(uint16_t port)
{
	struct packet quote = answer(), p, q;

	put32(&quote, 16, INSIDE_HOST);
	put16(&quote, 22, 2000);
	fix_all(&quote);
	p = make_icmp(INSIDE_HOST, PEER, 3, 3, 0, quote.data, quote.len);
	put32(&quote, 16, OUTSIDE_ADDR);
	put16(&quote, 22, port);
	fix_all(&quote);
	q = make_icmp(OUTSIDE_ADDR, PEER, 3, 3, 0, quote.data, quote.len);
	put8(&q, 8, 63);
	fix_all(&q);
	watch_out(&w, &p, &q);
}

static void test_errors_out(void **state)
{
	struct packet p = query();

	(void)state;
	send_error_out(WATCH_PORT);
	watch_expect(&w, "INV-06");
	watch_send_out(&w, &p, WATCH_PORT);
	send_error_out(WATCH_PORT);
	watch_expect_none(&w);
	send_error_out(WATCH_PORT + 1);
	watch_expect(&w, "INV-06");
}

/*
 * A refused packet of the peer may have claimed what a helper announced for
 * the same host and port: an error, or the next packet, goes out by that.
 */
static void test_claimed_by_a_refused(void **state)
{
	struct packet out = query(), in = answer();

	(void)state;
	put16(&in, 22, WATCH_PORT + 1);
	put8(&in, 8, 1);
	fix_all(&in);
	for (unsigned int loads = 0; loads < 2; loads++) {
		w.settings.num_loads = loads;
		watch_stop(&w);
		watch_start(&w);
		watch_send_out(&w, &out, WATCH_PORT);
		watch_in(&w, &in, NULL);
		watch_expect_none(&w);
		send_error_out(WATCH_PORT + 1);
		if (loads == 0)
			watch_expect(&w, "INV-06");
		watch_send_out(&w, &out, WATCH_PORT + 1);
		if (loads == 0)
			watch_expect(&w, "INV-11");
		watch_expect_none(&w);
	}
}

static void test_one_owner(void **state)
{
	struct packet p = query(),
		      other = make_udp(OTHER_HOST, 2000, PEER, 53, "x");

	(void)state;
	watch_send_out(&w, &p, WATCH_PORT);
	watch_send_out(&w, &other, WATCH_PORT);
	watch_expect(&w, "INV-10");
	/* To another peer it may be shared. */
	other = make_udp(OTHER_HOST, 2000, OTHER_PEER, 53, "x");
	watch_send_out(&w, &other, WATCH_PORT);
	watch_expect_none(&w);
	/* And after its life. */
	watch_wait(&w, 400);
	other = make_udp(OTHER_HOST, 2001, PEER, 53, "x");
	watch_send_out(&w, &other, WATCH_PORT);
	watch_expect_none(&w);
}

static void test_stable(void **state)
{
	struct packet p = query(), in = answer();

	(void)state;
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 299);
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_expect(&w, "INV-11");
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_send_in(&w, &in, INSIDE_HOST, 2001);
	watch_expect(&w, "INV-11");
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_wait(&w, 300);
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_expect_none(&w);
}

static void test_cross_delivery(void **state)
{
	struct packet p = query(), in = answer();

	(void)state;
	watch_send_out(&w, &p, WATCH_PORT);
	watch_send_in(&w, &in, OTHER_HOST, 2000);
	watch_expect(&w, "INV-12");
}

static void test_pooling(void **state)
{
	struct packet p = query(), q;

	(void)state;
	watch_send_out(&w, &p, WATCH_PORT);
	p = make_udp(INSIDE_HOST, 2000, OTHER_PEER, 53, "x");
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_expect_none(&w);
	assert_non_null(conf_checker_exception(w.checker, "INV-24"));
	assert_null(conf_checker_exception(w.checker, "INV-25"));
	conf_checker_force(w.checker, "INV-24");
	watch_send_out(&w, &p, WATCH_PORT + 1);
	watch_expect_none(&w);
	p = query();
	watch_send_out(&w, &p, WATCH_PORT);
	watch_expect(&w, "INV-24");
	assert_null(conf_checker_exception(w.checker, "INV-24"));
	conf_checker_switch(w.checker, "INV-04", false);
	p = make_udp(INSIDE_HOST, 2007, PEER, 53, "x");
	q = nat_out(&p, WATCH_PORT + 9);
	put32(&q, 12, 0xcb007102);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-25");
}

static void test_range(void **state)
{
	struct packet p = query();

	(void)state;
	watch_send_out(&w, &p, 65095);
	watch_expect_none(&w);
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, 65096);
	watch_expect(&w, "INV-29");
	conf_checker_reset(w.checker);
	watch_send_out(&w, &p, 2000);
	watch_expect(&w, "INV-29");
}

/* What is told of a NAT at work, and that nothing is of one that is not. */
static void test_seen(void **state)
{
	struct packet p = query(), in = answer(), plain = p;
	struct conf_seen seen;

	(void)state;
	put8(&plain, 8, 63);
	fix_all(&plain);
	watch_out(&w, &p, &plain);
	watch_out(&w, &p, NULL);
	conf_checker_seen(w.checker, &seen);
	assert_int_equal(seen.mappings + seen.answers + seen.errors, 0);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_send_out(&w, &p, WATCH_PORT);
	watch_send_in(&w, &in, INSIDE_HOST, 2000);
	p = make_udp(INSIDE_HOST, 2001, PEER, 53, "x");
	watch_send_out(&w, &p, WATCH_PORT + 1);
	send_error(WATCH_PORT, INSIDE_HOST);
	conf_checker_seen(w.checker, &seen);
	assert_int_equal(seen.mappings, 2);
	assert_int_equal(seen.answers, 1);
	assert_int_equal(seen.errors, 1);
	conf_checker_reset(w.checker);
	conf_checker_seen(w.checker, &seen);
	assert_int_equal(seen.mappings, 0);
}

int main(void)
{
#define TEST(f) WATCH_TEST(f, &w)
	const struct CMUnitTest tests[] = {
		TEST(test_no_permit),      TEST(test_routed_inside),
		TEST(test_wild_peer),      TEST(test_loose),
		TEST(test_forwarded_port), TEST(test_refused_for_server),
		TEST(test_errors_in),      TEST(test_error_outer),
		TEST(test_errors_out),     TEST(test_claimed_by_a_refused),
		TEST(test_one_owner),      TEST(test_stable),
		TEST(test_cross_delivery), TEST(test_pooling),
		TEST(test_range),          TEST(test_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
