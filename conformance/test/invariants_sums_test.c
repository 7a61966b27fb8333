/* SPDX-License-Identifier: Apache-2.0 */
/* invariants_sums_test.c - group B: INV-09 and 52, checksums */
#include <string.h>

#include "watch.h"

static struct watch w;

static void test_bad_sums(void **state)
{
	struct packet p = segment(0x10, ""), q = nat_out(&p, WATCH_PORT);

	(void)state;
	put16(&q, 36, (uint16_t)(q.data[36] << 8 ^ 0x1234));
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-09");
	/* Damage must stay. */
	put16(&p, 36, 0x1234);
	q = nat_out(&p, WATCH_PORT);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-09");
	p = make_icmp(INSIDE_HOST, PEER, 8, 0, 1, NULL, 0);
	put16(&p, 22, 0x1111);
	q = nat_out(&p, WATCH_PORT);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-09");
	/* The header's. */
	p = query();
	q = nat_out(&p, WATCH_PORT);
	put16(&q, 10, 0x1234);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-17");
}

static void test_udp_zero(void **state)
{
	struct packet p = query(), q = nat_out(&p, WATCH_PORT);

	(void)state;
	put16(&p, 26, 0);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-09");
	put16(&q, 26, 0);
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	p = query();
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-09");
}

/* A checksum that a full computation never gives. */
static void test_negative_zero(void **state)
{
	struct packet p = segment(0x10, ""), q;
	uint16_t sum;

	(void)state;
	q = nat_out(&p, WATCH_PORT);
	sum = (uint16_t)(q.data[36] << 8 | q.data[37]);
	/* The window takes up the sum, so that nothing is left. */
	put16(&p, 34, (uint16_t)(5840u + sum));
	if (5840u + sum > 0xffff)
		put16(&p, 34, (uint16_t)(5840u + sum - 0xffff));
	fix_all(&p);
	q = nat_out(&p, WATCH_PORT);
	assert_int_equal(q.data[36] << 8 | q.data[37], 0);
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	put16(&q, 36, 0xffff);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-52");
}

/* An echo reply of zeros only: there 0xffff is what a full sum gives. */
static void test_sum_of_nothing(void **state)
{
	struct packet p = make_icmp(INSIDE_HOST, PEER, 8, 0, 0, "", 0), q;

	(void)state;
	q = make_icmp(OUTSIDE_ADDR, PEER, 8, 0, (uint32_t)WATCH_PORT << 16, "",
		      0);
	put8(&q, 8, 63);
	fix_all(&q);
	watch_out(&w, &p, &q);
	p = make_icmp(PEER, OUTSIDE_ADDR, 0, 0, (uint32_t)WATCH_PORT << 16, "",
		      0);
	q = make_icmp(PEER, INSIDE_HOST, 0, 0, 0, "", 0);
	put8(&q, 8, 63);
	fix_all(&q);
	assert_int_equal(q.data[22] << 8 | q.data[23], 0xffff);
	watch_in(&w, &p, &q);
	watch_expect_none(&w);
}

static void test_quoted_sums(void **state)
{
	struct packet p = query(), q = nat_out(&p, WATCH_PORT), quote, error;

	(void)state;
	watch_out(&w, &p, &q);
	quote = q;
	p = make_icmp(PEER, OUTSIDE_ADDR, 3, 3, 0, quote.data, quote.len);
	quote = query();
	put8(&quote, 8, 63);
	fix_all(&quote);
	error = make_icmp(PEER, INSIDE_HOST, 3, 3, 0, quote.data, quote.len);
	put8(&error, 8, 63);
	fix_all(&error);
	watch_in(&w, &p, &error);
	watch_expect_none(&w);
	put16(&error, 28 + 26, 0x1234); /* the quoted transport's */
	fix_all(&error);
	watch_in(&w, &p, &error);
	watch_expect(&w, "INV-09");
	error = make_icmp(PEER, INSIDE_HOST, 3, 3, 0, quote.data, quote.len);
	put8(&error, 8, 63);
	put16(&error, 28 + 10, 0x1234); /* the quoted header's */
	fix_all(&error);
	watch_in(&w, &p, &error);
	watch_expect(&w, "INV-09");
}

int main(void)
{
#define TEST(f) WATCH_TEST(f, &w)
	const struct CMUnitTest tests[] = {
		TEST(test_bad_sums),      TEST(test_udp_zero),
		TEST(test_negative_zero), TEST(test_sum_of_nothing),
		TEST(test_quoted_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
