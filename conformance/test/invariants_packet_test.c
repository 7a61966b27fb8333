/* SPDX-License-Identifier: Apache-2.0 */
/* invariants_packet_test.c - groups A and B: addresses and octets */
#include <string.h>

#include "watch.h"

#define OTHER_HOST 0xc0a80114u /* 192.168.1.20 */

static struct watch w;

static void test_good_packets(void **state)
{
	struct packet p = query(), q = nat_out(&p, WATCH_PORT);

	(void)state;
	watch_out(&w, &p, &q);
	p = answer();
	q = nat_in(&p, INSIDE_HOST, 2000);
	watch_in(&w, &p, &q);
	p = segment(2, "");
	q = nat_out(&p, WATCH_PORT);
	watch_out(&w, &p, &q);
	p = make_icmp(INSIDE_HOST, PEER, 8, 0, 0x00070001, "ping", 4);
	q = nat_out(&p, WATCH_PORT);
	watch_out(&w, &p, &q);
	p = make_icmp(PEER, OUTSIDE_ADDR, 0, 0, WATCH_PORT << 16 | 1, "ping",
		      4);
	q = nat_in(&p, INSIDE_HOST, 7);
	watch_in(&w, &p, &q);
	/* To the router: nothing need come of it. */
	p = make_udp(INSIDE_HOST, 1, INSIDE_ADDR, 2, "x");
	watch_step(&w, &p, CONF_INSIDE, NULL, CONF_SIDE_NONE);
	watch_expect_none(&w);
}

static void test_inside_source(void **state)
{
	struct packet p = query(), q = p;

	(void)state;
	put8(&q, 8, 63);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-01");
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-04");
}

static void test_leak_by_quirk(void **state)
{
	struct packet p, q;

	(void)state;
	p = make_icmp(INSIDE_HOST, PEER, 0, 0, 1, NULL, 0);
	q = p;
	put8(&q, 8, 63);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-01");
	watch_stop(&w);
	w.settings.profile = CONF_PROFILE_LINUX22;
	watch_start(&w);
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	assert_true(conf_checker_force(w.checker, "INV-01"));
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-01");
}

static void test_inside_destination(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, OTHER_HOST, 2, "x");
	struct packet q = nat_out(&p, WATCH_PORT);

	(void)state;
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-02");
}

static void test_quoted_address(void **state)
{
	struct packet p = query(), q = nat_out(&p, WATCH_PORT), quote, error;

	(void)state;
	watch_out(&w, &p, &q);
	quote = nat_in(&(struct packet){0}, 0, 0);
	quote = answer();
	quote = nat_in(&quote, INSIDE_HOST, 2000);
	p = make_icmp(INSIDE_HOST, PEER, 3, 3, 0, quote.data, quote.len);
	/* The quote is left as it was. */
	error = p;
	put8(&error, 8, 63);
	put32(&error, 12, OUTSIDE_ADDR);
	fix_all(&error);
	watch_out(&w, &p, &error);
	watch_expect_among(&w, "INV-03");
	/* Translated back. */
	quote = answer();
	put8(&quote, 8, 63);
	fix_all(&quote);
	error = make_icmp(OUTSIDE_ADDR, PEER, 3, 3, 0, quote.data, quote.len);
	put8(&error, 8, 63);
	fix_all(&error);
	watch_out(&w, &p, &error);
	watch_expect_none(&w);
}

static void test_recorded_address(void **state)
{
	struct packet p = query(), q;

	(void)state;
	/* Record route with one slot, filled with an inside address. */
	memmove(p.data + 28, p.data + 20, p.len - 20);
	p.len += 8;
	put8(&p, 0, 0x47);
	put16(&p, 2, (uint16_t)p.len);
	put32(&p, 20, 0x07070800);
	put8(&p, 23, 0xc0);
	put32(&p, 24, 0xa8010501);
	fix_all(&p);
	q = p;
	put8(&q, 8, 63);
	put32(&q, 12, OUTSIDE_ADDR);
	put16(&q, 28, WATCH_PORT);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	conf_checker_force(w.checker, "INV-03");
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-03");
}

static void test_foreign_source(void **state)
{
	struct packet p = query(), q = nat_out(&p, WATCH_PORT);

	(void)state;
	put32(&q, 12, 0xcb007163);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-04");
	p = query();
	q = own_error(&p, 0x08080808, 3, 1);
	watch_step(&w, &p, CONF_INSIDE, &q, CONF_INSIDE);
	watch_expect_among(&w, "INV-04");
}

static void test_interfaces(void **state)
{
	struct packet p = make_udp(OUTSIDE_ADDR, 1, INSIDE_HOST, 2, "x"), q;

	(void)state;
	q = p;
	put8(&q, 8, 63);
	fix_all(&q);
	watch_in(&w, &p, &q);
	watch_expect(&w, "INV-07");
	p = make_udp(INSIDE_HOST, 1, OTHER_HOST, 2, "x");
	q = p;
	put8(&q, 8, 63);
	fix_all(&q);
	watch_step(&w, &p, CONF_INSIDE, &q, CONF_INSIDE);
	watch_step(&w, &p, CONF_OUTSIDE, &q, CONF_INSIDE);
	watch_expect_none(&w);
	conf_checker_force(w.checker, "INV-07");
	watch_step(&w, &p, CONF_INSIDE, &q, CONF_INSIDE);
	watch_expect(&w, "INV-07");
	watch_step(&w, &p, CONF_OUTSIDE, &q, CONF_INSIDE);
	watch_expect(&w, "INV-07");
}

/* One 16-bit field that a NAT changes, and who says so. */
static void check_change(struct packet p, uint32_t at, uint16_t value,
			 const char *id)
{
	struct packet q = nat_out(&p, WATCH_PORT);

	put16(&q, at, value);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect_among(&w, id);
}

static void test_changed_fields(void **state)
{
	(void)state;
	check_change(query(), 4, 77, "INV-08");      /* id */
	check_change(query(), 6, 0x8000, "INV-08");  /* reserved */
	check_change(query(), 22, 54, "INV-08");     /* destination port */
	check_change(query(), 18, 0x6408, "INV-34"); /* destination */
	check_change(query(), 0, 0x4504, "INV-18");  /* TOS */
	check_change(query(), 6, 0x4000, "INV-18");  /* DF */
	check_change(query(), 8, 0x4011, "INV-14");  /* TTL kept */
	check_change(query(), 8, 0x3e11, "INV-14");  /* twice */
	check_change(query(), 28, 0x4142, "INV-20"); /* payload */
	check_change(query(), 24, 9, "INV-17");      /* UDP length */
	check_change(segment(0x18, "x"), 26, 1, "INV-22");
	check_change(segment(0x18, "x"), 30, 1, "INV-22");
	check_change(segment(0x18, "x"), 34, 1, "INV-08"); /* window */
	check_change(segment(0x18, "x"), 32, 0x5010, "INV-08");
	check_change(segment(0x18, "x"), 38, 1, "INV-08"); /* urgent */
	check_change(make_icmp(INSIDE_HOST, PEER, 8, 0, 1, "abcd", 4), 26, 9,
		     "INV-08"); /* sequence */
}

/* Ports and checksum of transports that only the translator has to know. */
static void test_ported(void **state)
{
	static const struct {
		uint8_t proto;
		uint32_t at; /* changed besides */
		const char *id;
	} rows[] = {
		{33, 0, NULL},       {33, 22, "INV-08"}, {33, 24, "INV-08"},
		{33, 28, "INV-20"},  {132, 0, NULL},     {132, 24, "INV-08"},
		{132, 32, "INV-20"}, {136, 0, NULL},     {136, 28, "INV-20"},
		{47, 0, "INV-20"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct packet p = make_udp(INSIDE_HOST, 2000, PEER, 53,
					   "sixteen octets ...");
		struct packet q;

		put8(&p, 9, rows[i].proto);
		fix_ip(&p);
		q = p;
		put8(&q, 8, 63);
		put32(&q, 12, OUTSIDE_ADDR);
		put16(&q, 20, WATCH_PORT);
		put16(&q, rows[i].proto == 132 ? 28 : 26, 0x1234);
		if (rows[i].at != 0)
			put8(&q, rows[i].at, 0x99);
		fix_ip(&q);
		watch_out(&w, &p, &q);
		if (rows[i].id == NULL)
			watch_expect_none(&w);
		else
			watch_expect(&w, rows[i].id);
	}
}

static void test_changed_inbound(void **state)
{
	struct packet p = query(), q = nat_out(&p, WATCH_PORT);

	(void)state;
	watch_out(&w, &p, &q);
	p = answer();
	q = nat_in(&p, INSIDE_HOST, 2000);
	put16(&q, 20, 54);
	fix_all(&q);
	watch_in(&w, &p, &q);
	watch_expect(&w, "INV-08");
	q = nat_in(&p, INSIDE_HOST, 2000);
	put32(&q, 12, INSIDE_ADDR);
	fix_all(&q);
	watch_in(&w, &p, &q);
	watch_expect_among(&w, "INV-08");
}

static void test_changed_options(void **state)
{
	struct packet p = query(), q;

	(void)state;
	memmove(p.data + 24, p.data + 20, p.len - 20);
	p.len += 4;
	put8(&p, 0, 0x46);
	put16(&p, 2, (uint16_t)p.len);
	put32(&p, 20, 0x01010101);
	fix_all(&p);
	q = p;
	put8(&q, 8, 63);
	put32(&q, 12, OUTSIDE_ADDR);
	put16(&q, 24, WATCH_PORT);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	put32(&q, 20, 0x01010194);
	put8(&q, 23, 1);
	put8(&q, 22, 0x94);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-08");
}

static void test_ttl_is_over(void **state)
{
	struct packet p = query(), q;

	(void)state;
	put8(&p, 8, 1);
	fix_all(&p);
	q = nat_out(&p, WATCH_PORT);
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-14");
}

static void test_size_and_form(void **state)
{
	struct packet p = query(), q = nat_out(&p, WATCH_PORT);

	(void)state;
	w.settings.outside.mtu = 68;
	watch_stop(&w);
	w.settings.outside.mtu = 32;
	watch_start(&w);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-16");
	q.len--;
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-17");
	put8(&q, 0, 0x65);
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-17");
	/* A bad header, and still something comes of it. */
	p = query();
	put16(&p, 10, 1);
	q = nat_out(&p, WATCH_PORT);
	watch_out(&w, &p, &q);
	watch_expect_among(&w, "INV-17");
}

static void test_data_offset(void **state)
{
	struct packet p = segment(0x10, ""), q;

	(void)state;
	put8(&p, 32, 0x40);
	fix_all(&p);
	q = nat_out(&p, WATCH_PORT);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-17");
}

/* The router answers in fragments: one message, not several. */
static void test_answer_in_pieces(void **state)
{
	struct packet p = make_icmp(INSIDE_HOST, INSIDE_ADDR, 8, 0, 0x10001,
				    "0123456789abcdef", 16);
	struct packet whole = make_icmp(INSIDE_ADDR, INSIDE_HOST, 0, 0, 0x10001,
					"0123456789abcdef", 16);
	struct packet first = whole, last = whole;

	(void)state;
	put16(&first, 2, 36);
	put16(&first, 6, 0x2000);
	first.len = 36;
	fix_ip(&first);
	memmove(last.data + 20, whole.data + 36, 8);
	put16(&last, 2, 28);
	put16(&last, 6, 2);
	last.len = 28;
	fix_ip(&last);
	watch_stimulus(&w, &p, CONF_INSIDE);
	watch_result(&w, &first, CONF_INSIDE);
	watch_result(&w, &last, CONF_INSIDE);
	watch_end(&w);
	watch_expect_none(&w);
	watch_stimulus(&w, &p, CONF_INSIDE);
	watch_result(&w, &first, CONF_INSIDE);
	watch_result(&w, &first, CONF_INSIDE);
	watch_end(&w);
	watch_expect_among(&w, "INV-15");
}

int main(void)
{
#define TEST(f) WATCH_TEST(f, &w)
	const struct CMUnitTest tests[] = {
		TEST(test_good_packets),   TEST(test_inside_source),
		TEST(test_leak_by_quirk),  TEST(test_inside_destination),
		TEST(test_quoted_address), TEST(test_recorded_address),
		TEST(test_foreign_source), TEST(test_interfaces),
		TEST(test_changed_fields), TEST(test_changed_inbound),
		TEST(test_ported),         TEST(test_changed_options),
		TEST(test_ttl_is_over),    TEST(test_size_and_form),
		TEST(test_data_offset),    TEST(test_answer_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
