/* SPDX-License-Identifier: Apache-2.0 */
/* clock_test.c - time, and what it makes the router do by itself */
#include "kit.h"

#define SECOND UINT64_C(1000000000)

/* A tick is the floor of 10 ms. */
static void test_ticks(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	k->now = 5 * SECOND + 9999999; /* at the end of a tick */
	expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61000");
	k->now += 1; /* the next one */
	masq_advance(k->engine, k->now, NULL, NULL);
	expect_table(k, "icmp C:1 M:61000 S:8 ICMP 5999");
	k->now = 65 * SECOND - 1;
	masq_advance(k->engine, k->now, NULL, NULL);
	expect_table(k, "icmp C:1 M:61000 S:8 ICMP 1");
	k->now++;
	masq_advance(k->engine, k->now, NULL, NULL);
	expect_table(k, "");
	kit_close(k);
}

/* What is earlier than before counts as before. */
static void test_backwards(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	k->now = 1000 * SECOND;
	expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61000");
	k->now = 1030 * SECOND;
	expect(k, "C > S icmp 8/0 id 2", "M > S icmp 8/0 id 61001");
	k->now = 0;
	expect(k, "C > S icmp 8/0 id 3", "M > S icmp 8/0 id 61002");
	assert_true(k->results[0].now == 1030 * SECOND);
	masq_advance(k->engine, 0, NULL, NULL);
	expect_table(k, "icmp C:3 M:61002 S:8 ICMP 6000; "
			"icmp C:2 M:61001 S:8 ICMP 6000; "
			"icmp C:1 M:61000 S:8 ICMP 3000");
	kit_close(k);
}

static const uint64_t jumps[] = {
	UINT64_C(3600) * 1000000000,
	UINT64_C(86400) * 365 * 1000000000,
	UINT64_MAX / 2,
	UINT64_MAX - 1,
	UINT64_MAX,
};

/* Everything has expired; the engine goes on. */
static void test_jumps(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jumps); i++) {
		struct kit *k = kit_new();

		expect(k, "C:1 > S:2 tcp A", "M:61000 > S:2 tcp A");
		expect(k, "C:1 > S:2 udp", "M:61001 > S:2 udp");
		expect(k, "S:1 > M:2 udp mf len 8", "drop held");
		k->now = jumps[i];
		expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61002");
		expect_table(k, "icmp C:1 M:61002 S:8 ICMP 6000");
		assert_int_equal(kit_stats(k).num_expired, 2);
		expect(k, "C:1 > S:2 udp ttl 1",
		       "drop ttl; R > C icmp 11/0 [C:1 > S:2 udp]");
		kit_close(k);
	}
}

/* The first packet at time 0: boot lies before it all the same. */
static void test_uptime(void **state)
{
	static const uint64_t uptimes[] = {6 * SECOND, 300 * SECOND,
					   UINT64_MAX / 2, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < COUNT(uptimes); i++) {
		struct masq_config c;
		struct kit *k;

		kit_config(&c);
		c.uptime = uptimes[i];
		k = kit_open(&c);
		k->now = 0;
		expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61000");
		for (int n = 0; n < 7; n++)
			kit_send(k, "C:1 > S:2 udp ttl 1");
		assert_int_equal(kit_stats(k).num_own_errors, 6);
		kit_wait(k, 59990);
		expect_table(k, "icmp C:1 M:61000 S:8 ICMP 1");
		kit_wait(k, 10);
		expect_table(k, "");
		kit_close(k);
	}
}

/* FRAG-06 as corrected: with no entry alive the time-out is told. */
static void test_V025_idle(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "S:7 > M:8 udp mf len 64 ipid 5", "drop held");
	kit_wait(k, 29990);
	assert_int_equal(k->num_results, 0);
	kit_wait(k, 5000);
	assert_int_equal(k->num_results, 1);
	assert_string_equal(kit_text(k), "drop held; M > S icmp 11/1 "
					 "[S:7 > M:8 udp @0+]");
	/* Sent at the tick when it was due, quoting what was received. */
	assert_true(k->results[0].now == 31 * SECOND);
	assert_int_equal(k->results[0].payload.len, 28 + 64);
	kit_close(k);
}

static void test_V025(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:1 > S:2 udp", "M:61000 > S:2 udp");
	expect(k, "S:7 > M:8 udp mf len 64 ipid 5", "drop held");
	kit_wait(k, 40000);
	assert_int_equal(k->num_results, 0);
	kit_close(k);
}

/* No front, or somebody else's datagram: nothing is told. */
static void test_silent_timeouts(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "S:7 > M:8 udp off 64 len 64", "drop held");
	kit_wait(k, 40000);
	assert_int_equal(k->num_results, 0);
	kit_close(k);
}

/*
 * What else passed meanwhile has no bearing on the error: neither how its
 * frame was addressed nor its options.
 */
static void test_timeout_after_broadcast(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "S:7 > M:8 udp mf len 64 ipid 5", "drop held");
	expect(k, "S:7 > 203.0.113.255:8 udp bcast", "local");
	kit_wait(k, 40000);
	assert_string_equal(kit_text(k), "local; M > S icmp 11/1 "
					 "[S:7 > M:8 udp @0+]");
	kit_close(k);
}

static void test_timeout_after_options(void **state)
{
	static const uint8_t rr[40] = {7, 39, 4};
	const struct kit_packet last = {
		.src = ADDR_S2,
		.dst = ADDR_C,
		.proto = 47,
		.ip_options = rr,
		.ip_options_len = sizeof(rr),
	};
	struct kit *k = kit_new();

	(void)state;
	expect(k, "S:255 > M:8 udp mf len 400 ipid 5", "drop held");
	kit_packet(k, MASQ_OUTSIDE, &last);
	assert_int_equal(k->drop, MASQ_DROP_NONE);
	kit_wait(k, 40000);
	assert_string_equal(kit_text(k), "M > S icmp 11/1 "
					 "[S:255 > M:8 udp @0+]");
	assert_int_equal(k->results[0].hlen, 20);
	kit_close(k);
}

/* Timers of the past come before the packet, and in order of time. */
static void test_order(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "S:7 > M:8 udp mf len 64 ipid 5", "drop held");
	kit_wait(k, 1000);
	expect(k, "S:7 > M:8 udp mf len 64 ipid 6", "drop held");
	kit_wait(k, 60000);
	assert_int_equal(k->num_results, 2);
	assert_true(k->results[0].now == 31 * SECOND);
	assert_true(k->results[1].now == 32 * SECOND);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ticks),
		cmocka_unit_test(test_backwards),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_uptime),
		cmocka_unit_test(test_V025_idle),
		cmocka_unit_test(test_V025),
		cmocka_unit_test(test_silent_timeouts),
		cmocka_unit_test(test_timeout_after_broadcast),
		cmocka_unit_test(test_timeout_after_options),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
