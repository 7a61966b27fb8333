/* SPDX-License-Identifier: Apache-2.0 */
/* invariants_own_test.c - group D, own messages */
#include <string.h>

#include "watch.h"

static struct watch w;

static void test_amplification(void **state)
{
	struct packet p = query(), q = nat_out(&p, WATCH_PORT);
	struct packet error = own_error(&p, INSIDE_ADDR, 3, 1);
	struct packet redirect = own_error(&p, INSIDE_ADDR, 5, 1);

	(void)state;
	watch_stimulus(&w, &p, CONF_INSIDE);
	watch_result(&w, &redirect, CONF_INSIDE);
	watch_result(&w, &q, CONF_OUTSIDE);
	watch_result(&w, &error, CONF_INSIDE);
	watch_end(&w);
	watch_expect_none(&w);
	watch_stimulus(&w, &p, CONF_INSIDE);
	watch_result(&w, &q, CONF_OUTSIDE);
	watch_result(&w, &q, CONF_OUTSIDE);
	watch_end(&w);
	watch_expect(&w, "INV-15");
	watch_stimulus(&w, &p, CONF_INSIDE);
	watch_result(&w, &error, CONF_INSIDE);
	watch_result(&w, &error, CONF_INSIDE);
	watch_end(&w);
	watch_expect(&w, "INV-15");
	watch_stimulus(&w, &p, CONF_INSIDE);
	watch_result(&w, &redirect, CONF_INSIDE);
	watch_result(&w, &redirect, CONF_INSIDE);
	watch_end(&w);
	watch_expect(&w, "INV-15");
}

static void test_long_error(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, ""), q;

	(void)state;
	p.len = 700;
	put16(&p, 2, 700);
	put16(&p, 24, 680);
	fix_all(&p);
	q = own_error(&p, INSIDE_ADDR, 3, 1);
	watch_step(&w, &p, CONF_INSIDE, &q, CONF_INSIDE);
	watch_expect_none(&w);
	q = make_icmp(INSIDE_ADDR, INSIDE_HOST, 3, 1, 0, p.data, 560);
	watch_step(&w, &p, CONF_INSIDE, &q, CONF_INSIDE);
	watch_expect(&w, "INV-15");
}

static void test_time_alone(void **state)
{
	struct packet q = answer(), p = query(), f = query();

	(void)state;
	conf_checker_stimulus(w.checker, NULL);
	watch_result(&w, &q, CONF_INSIDE);
	watch_end(&w);
	watch_expect(&w, "INV-31");
	assert_int_equal(w.stimulus, 0);
	/* A result that is older than the stimulus. */
	watch_stimulus(&w, &p, CONF_INSIDE);
	w.now--;
	watch_result(&w, &q, CONF_INSIDE);
	w.now++;
	watch_end(&w);
	watch_expect(&w, "INV-31");
	/* Nothing was waiting. */
	q = own_error(&f, INSIDE_ADDR, 11, 1);
	conf_checker_stimulus(w.checker, NULL);
	watch_result(&w, &q, CONF_INSIDE);
	watch_end(&w);
	watch_expect(&w, "INV-31");
	put16(&f, 6, 0x2000);
	put16(&f, 2, 28);
	f.len = 28;
	fix_ip(&f);
	watch_step(&w, &f, CONF_INSIDE, NULL, CONF_SIDE_NONE);
	w.now += 30 * WATCH_SECOND;
	conf_checker_stimulus(w.checker, NULL);
	watch_result(&w, &q, CONF_INSIDE);
	watch_end(&w);
	watch_expect_none(&w);
}

static void test_something_else(void **state)
{
	struct packet p = query(),
		      q = make_tcp(OUTSIDE_ADDR, 61000, PEER, 53, 2, "");

	(void)state;
	put8(&q, 8, 63);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-34");
}

static void test_rate(void **state)
{
	struct packet p = query(), q = own_error(&p, INSIDE_ADDR, 11, 0);

	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		watch_step(&w, &p, CONF_INSIDE, &q, CONF_INSIDE);
		w.now += WATCH_SECOND;
	}
	watch_expect_none(&w);
	for (unsigned int i = 0; i < 12; i++)
		watch_step(&w, &p, CONF_INSIDE, &q, CONF_INSIDE);
	watch_expect_none(&w);
	watch_step(&w, &p, CONF_INSIDE, &q, CONF_INSIDE);
	watch_expect(&w, "INV-53");
}

/* What the router has for itself, and what was to go on to a mapping. */
static void test_rate_of_two_routes(void **state)
{
	struct packet p = make_udp(PEER, 1, OUTSIDE_ADDR, 2, "x");
	struct packet closed = own_error(&p, OUTSIDE_ADDR, 3, 3);
	struct packet old = own_error(&p, OUTSIDE_ADDR, 11, 0);

	(void)state;
	for (unsigned int i = 0; i < 12; i++) {
		watch_step(&w, &p, CONF_OUTSIDE, &closed, CONF_OUTSIDE);
		watch_step(&w, &p, CONF_OUTSIDE, &old, CONF_OUTSIDE);
	}
	watch_expect_none(&w);
	watch_step(&w, &p, CONF_OUTSIDE, &closed, CONF_OUTSIDE);
	watch_expect(&w, "INV-53");
	watch_step(&w, &p, CONF_OUTSIDE, &old, CONF_OUTSIDE);
	watch_expect(&w, "INV-53");
}

/* More destinations than can be counted. */
static void test_rate_overflow(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 3000; i++) {
		struct packet p = make_udp(PEER + i, 1, OUTSIDE_ADDR, 2, "x");
		struct packet q = own_error(&p, OUTSIDE_ADDR, 3, 3);

		for (unsigned int k = 0; k < (i == 2999 ? 20 : 1); k++)
			watch_step(&w, &p, CONF_OUTSIDE, &q, CONF_OUTSIDE);
	}
	watch_expect_none(&w);
}

static void own(struct packet p, struct packet q)
{
	watch_step(&w, &p, CONF_OUTSIDE, &q, CONF_OUTSIDE);
}

static void test_lawful(void **state)
{
	struct packet p = make_udp(PEER, 1, OUTSIDE_ADDR, 2, "x"), q, f;

	(void)state;
	q = own_error(&p, OUTSIDE_ADDR, 3, 3);
	own(p, q);
	watch_expect_none(&w);
	/* Unused octets, a wrong MTU, no error. */
	put32(&q, 24, 1);
	fix_all(&q);
	own(p, q);
	watch_expect(&w, "INV-54");
	own(p, own_error(&p, OUTSIDE_ADDR, 3, 4));
	watch_expect(&w, "INV-54");
	own(p, own_error(&p, OUTSIDE_ADDR, 4, 0));
	watch_expect(&w, "INV-54");
	/* The quote is wrong, too short, too long. */
	q = own_error(&p, OUTSIDE_ADDR, 3, 3);
	put8(&q, 28 + 22, 9);
	fix_all(&q);
	own(p, q);
	watch_expect(&w, "INV-54");
	own(p, make_icmp(OUTSIDE_ADDR, PEER, 3, 3, 0, p.data, 24));
	watch_expect(&w, "INV-54");
	/* As much as the link takes. */
	w.settings.outside.mtu = 20 + 8 + 24;
	watch_stop(&w);
	watch_start(&w);
	own(p, make_icmp(OUTSIDE_ADDR, PEER, 3, 3, 0, p.data, 24));
	watch_expect_none(&w);
	own(p, make_icmp(OUTSIDE_ADDR, PEER, 3, 3, 0, p.data, 20));
	watch_expect(&w, "INV-54");
	w.settings.outside.mtu = 1500;
	watch_stop(&w);
	watch_start(&w);
	own(p, make_icmp(OUTSIDE_ADDR, PEER, 3, 3, 0, p.data, p.len + 4));
	watch_expect(&w, "INV-54");
	/* About what must have none. */
	f = own_error(&p, PEER, 3, 3);
	f = make_icmp(PEER, OUTSIDE_ADDR, 3, 3, 0, p.data, p.len);
	own(f, own_error(&f, OUTSIDE_ADDR, 3, 1));
	watch_expect(&w, "INV-54");
	f = p;
	put16(&f, 6, 0x0010);
	fix_ip(&f);
	own(f, own_error(&f, OUTSIDE_ADDR, 3, 1));
	watch_expect(&w, "INV-54");
	f = make_udp(PEER, 1, 0xe0000001, 2, "x");
	own(f, own_error(&f, OUTSIDE_ADDR, 3, 1));
	watch_expect(&w, "INV-54");
	f = make_udp(0x7f000001, 1, OUTSIDE_ADDR, 2, "x");
	own(f, own_error(&f, OUTSIDE_ADDR, 3, 3));
	watch_expect(&w, "INV-54");
	/* Its own checksum. */
	q = own_error(&p, OUTSIDE_ADDR, 3, 3);
	put16(&q, 22, 0x1234);
	own(p, q);
	watch_expect(&w, "INV-09");
}

static void test_own_leaks(void **state)
{
	struct packet p = answer(), in, q;

	(void)state;
	/* It quotes the packet as it would go in. */
	in = nat_in(&p, INSIDE_HOST, 2000);
	q = own_error(&in, OUTSIDE_ADDR, 11, 0);
	own(p, q);
	watch_expect_among(&w, "INV-03");
	/* It comes from the inside address, unasked. */
	own(p, own_error(&p, INSIDE_ADDR, 11, 0));
	watch_expect_among(&w, "INV-01");
	p = make_udp(PEER, 1, INSIDE_ADDR, 2, "x");
	own(p, own_error(&p, INSIDE_ADDR, 3, 3));
	watch_expect_none(&w);
	/* A redirect to an inside host. */
	p = make_udp(PEER, 1, OUTSIDE_ADDR, 2, "x");
	q = make_icmp(OUTSIDE_ADDR, PEER, 5, 1, INSIDE_HOST, p.data, p.len);
	own(p, q);
	watch_expect(&w, "INV-03");
	/* By the quirks. */
	watch_stop(&w);
	w.settings.profile = CONF_PROFILE_LINUX22;
	watch_start(&w);
	p = answer();
	own(p, own_error(&in, OUTSIDE_ADDR, 11, 0));
	watch_expect_none(&w);
}

static void test_resets(void **state)
{
	struct packet p = make_tcp(PEER, 9, OUTSIDE_ADDR, 22, 2, ""), q;

	(void)state;
	q = make_tcp(OUTSIDE_ADDR, 22, PEER, 9, 0x14, "");
	put32(&q, 24, 0);
	put32(&q, 28, 1001);
	fix_all(&q);
	own(p, q);
	watch_expect_none(&w);
	put32(&q, 28, 1000);
	fix_all(&q);
	own(p, q);
	watch_expect(&w, "INV-54");
	p = make_tcp(PEER, 9, OUTSIDE_ADDR, 22, 0x10, "");
	own(p, q);
	watch_expect(&w, "INV-54");
	put32(&q, 24, 2000);
	fix_all(&q);
	own(p, q);
	watch_expect_none(&w);
	p = make_tcp(PEER, 9, OUTSIDE_ADDR, 22, 4, "");
	own(p, q);
	watch_expect(&w, "INV-54");
	put16(&q, 36, 1);
	p = make_tcp(PEER, 9, OUTSIDE_ADDR, 22, 0x10, "");
	own(p, q);
	watch_expect(&w, "INV-09");
}

static void test_long_answer(void **state)
{
	struct packet p = make_icmp(PEER, OUTSIDE_ADDR, 8, 0, 1, "x", 1), q;
	uint8_t body[900] = {0};

	(void)state;
	q = make_icmp(OUTSIDE_ADDR, PEER, 0, 0, 1, "x", 1);
	own(p, q);
	watch_expect_none(&w);
	q = make_icmp(OUTSIDE_ADDR, PEER, 0, 0, 1, body, sizeof(body));
	own(p, q);
	watch_expect(&w, "INV-15");
}

static void test_switches(void **state)
{
	struct packet p = query(), q = p;

	(void)state;
	put8(&q, 8, 63);
	fix_all(&q);
	assert_false(conf_checker_switch(w.checker, "INV-99", true));
	assert_false(conf_checker_force(w.checker, "INV-99"));
	assert_true(conf_checker_switch(w.checker, "INV-01", false));
	assert_true(conf_checker_switch(w.checker, "INV-04", false));
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	assert_true(conf_checker_switch(w.checker, "INV-01", true));
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-01");
	assert_int_equal(w.stimulus, 2);
	/* Each exception is about an invariant, and has its words. */
	for (size_t i = 0; i < conf_num_exceptions; i++) {
		const struct conf_exception *x = &conf_exceptions[i];
		size_t k = 0;

		while (k < conf_num_invariants &&
		       strcmp(conf_invariants[k].id, x->id) != 0)
			k++;
		assert_true(k < conf_num_invariants);
		assert_non_null(x->rule);
		assert_non_null(strstr(x->reason, x->text));
	}
	for (size_t i = 1; i < conf_num_invariants; i++)
		assert_true(strcmp(conf_invariants[i - 1].id,
				   conf_invariants[i].id) < 0);
	conf_checker_free(NULL);
}

int main(void)
{
#define TEST(f) WATCH_TEST(f, &w)
	const struct CMUnitTest tests[] = {
		TEST(test_amplification), TEST(test_long_error),
		TEST(test_time_alone),    TEST(test_something_else),
		TEST(test_rate),          TEST(test_rate_of_two_routes),
		TEST(test_rate_overflow), TEST(test_lawful),
		TEST(test_own_leaks),     TEST(test_resets),
		TEST(test_long_answer),   TEST(test_switches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
