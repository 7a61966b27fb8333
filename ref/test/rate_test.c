/* SPDX-License-Identifier: Apache-2.0 */
/* rate_test.c - how often the router complains (CORE-RICMP-05) */
#include "kit.h"
#include "router/rate.h"

/* Sends it n times in one tick; returns how many were answered. */
static unsigned int burst(struct kit *k, const char *text, unsigned int n)
{
	unsigned int answers = 0;

	for (unsigned int i = 0; i < n; i++)
		answers += kit_send(k, text) != NULL;
	return answers;
}

/* A full bucket is six messages; then one a second. */
static void test_bucket(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 20), 6);
	kit_wait(k, 990);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 1), 0);
	kit_wait(k, 10);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 5), 1);
	kit_wait(k, 2500);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 5), 2);
	kit_wait(k, 500); /* half a token was left */
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 5), 1);
	kit_wait(k, 100000); /* never more than six */
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 20), 6);
	kit_close(k);
}

/* Refused attempts cost nothing and add nothing [>=2.2.4]. */
static void test_refused_attempts(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 6), 6);
	for (int i = 0; i < 9; i++) {
		kit_wait(k, 100);
		assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 3), 0);
	}
	kit_wait(k, 100);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 3), 1);
	kit_close(k);
}

/* A bucket for each route: who complained to, and the TOS. */
static void test_keys(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 7), 6);
	/* Another type of error shares it. */
	assert_int_equal(burst(k, "C > S 47 ttl 1", 7), 0);
	assert_int_equal(burst(k, "192.168.1.11:1 > S:2 udp ttl 1", 7), 6);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1 tos 0x10", 7), 6);
	/* Of the TOS only the bits that route. */
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1 tos 0xf0", 7), 0);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1 tos 0x01", 7), 0);
	/* About what was sent to the router itself: from that address. */
	assert_int_equal(burst(k, "C:1 > R:2 udp", 7), 6);
	assert_int_equal(burst(k, "C:1 > M:2 udp", 7), 6);
	kit_close(k);
}

/* 3/4 is never limited; nor does it take from the others. */
static void test_too_big_unlimited(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.outside.mtu = 1000;
	k = kit_open(&c);
	assert_int_equal(burst(k, "C:1 > S:2 udp df len 1200", 50), 50);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 50), 6);
	assert_int_equal(burst(k, "C:1 > S:2 udp df len 1200", 50), 50);
	kit_close(k);
}

/* VER-15: an echo reply takes all tokens of its route. */
static void test_echo_drains(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	assert_int_equal(burst(k, "C > R icmp 8/0 id 1", 50), 50);
	assert_int_equal(burst(k, "C:1 > R:2 udp", 5), 0);
	/* A timestamp reply does not. */
	kit_wait(k, 10000);
	assert_int_equal(burst(k, "C > R icmp 13/0 id 1 len 12", 50), 50);
	assert_int_equal(burst(k, "C:1 > R:2 udp", 7), 6);
	kit_close(k);
}

/* Every 600 s since boot all buckets are forgotten, that is, full. */
static void test_flush(void **state)
{
	struct kit *k = kit_new(); /* up for 300 s */

	(void)state;
	kit_wait(k, 0); /* the first call: boot was 300 s ago */
	kit_wait(k, 299990);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 7), 6);
	kit_wait(k, 10); /* 600 s */
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 7), 6);
	kit_wait(k, 599990);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 7), 6);
	kit_wait(k, 10);
	assert_int_equal(burst(k, "C:1 > S:2 udp ttl 1", 7), 6);
	kit_close(k);
}

/* ---- redirects ------------------------------------------------------- */

/* Step 7: told about the better way, and forwarded all the same. */
static void test_redirect(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "203.0.113.9:1 > S:2 udp",
	       "M > 203.0.113.9 icmp 5/1 [203.0.113.9:1 > S:2 udp]; "
	       "203.0.113.9:1 > S:2 udp");
	assert_int_equal(k->results[0].rest, ADDR_GW);
	assert_int_equal(k->results[0].payload.data[8], 64);
	expect(k, "C:1 > 192.168.1.11:2 udp ipid 9",
	       "R > C icmp 5/1 [C:1 > 192.168.1.11:2 udp]; "
	       "C:1 > 192.168.1.11:2 udp");
	assert_int_equal(k->results[0].rest, IP4(192, 168, 1, 11));
	/* A sender that is not on the wire cannot go there directly. */
	expect(k, "S:1 > 203.0.113.9:2 udp", "S:1 > 203.0.113.9:2 udp");
	kit_close(k);
}

/* Without a gateway all of the outside is on one wire. */
static void test_redirect_no_gateway(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.gateway = 0;
	k = kit_open(&c);
	expect(k, "S:1 > S2:2 udp outside",
	       "M > S icmp 5/1 [S:1 > S2:2 udp]; S:1 > S2:2 udp");
	assert_int_equal(k->results[0].rest, ADDR_S2);
	expect(k, "C:1 > S:2 udp", "M:61000 > S:2 udp");
	/* He is on the other wire, whatever this frame says. */
	expect(k, "C:1 > S:2 udp outside", "M:61000 > S:2 udp");
	kit_close(k);
}

static unsigned int redirects(struct kit *k)
{
	kit_send(k, "203.0.113.9:1 > S:2 udp");
	return k->num_results - 1;
}

/* Each one sent doubles the rest that the next needs; nine in all. */
static void test_redirect_rate(void **state)
{
	struct kit *k = kit_new();
	unsigned int ticks = 4; /* of the next rest, just too short */

	(void)state;
	assert_int_equal(redirects(k), 1);
	for (unsigned int sent = 1; sent < 9; sent++, ticks *= 2) {
		kit_wait(k, ticks * TICK_MS);
		assert_int_equal(redirects(k), 0);
		kit_wait(k, TICK_MS);
		assert_int_equal(redirects(k), 1);
	}
	/* It has been told: silence, which each packet prolongs. */
	kit_wait(k, 2047 * TICK_MS);
	assert_int_equal(redirects(k), 0);
	kit_wait(k, 2048 * TICK_MS);
	assert_int_equal(redirects(k), 0);
	kit_wait(k, 2049 * TICK_MS);
	assert_int_equal(redirects(k), 1);
	kit_wait(k, 5 * TICK_MS);
	assert_int_equal(redirects(k), 1);
	kit_close(k);
}

/* ---- the table ------------------------------------------------------- */

/* More destinations than slots: the one used longest ago is given up. */
static void test_overload(void **state)
{
	struct rate_table *t = rate_new(3); /* four */
	struct rate_key keys[5] = {{0}};

	(void)state;
	assert_non_null(t);
	for (unsigned int i = 0; i < 5; i++)
		keys[i].daddr = i + 1;
	/* Four fit; spend all six of each. */
	for (unsigned int i = 0; i < 4; i++) {
		for (unsigned int n = 0; n < 6; n++)
			assert_true(rate_allow_error(t, &keys[i], 1000 + i));
		assert_false(rate_allow_error(t, &keys[i], 1000 + i));
	}
	for (unsigned int i = 4; i-- > 0;)
		assert_false(rate_allow_error(t, &keys[i], 1010 + (3 - i)));
	/* The fifth takes the place of keys[3], the oldest. */
	assert_true(rate_allow_error(t, &keys[4], 1020));
	for (unsigned int i = 0; i < 3; i++)
		assert_false(rate_allow_error(t, &keys[i], 1021));
	assert_true(rate_allow_error(t, &keys[3], 1022));
	rate_reset(t);
	assert_true(rate_allow_error(t, &keys[0], 1023));
	assert_true(rate_cost(t) >= 4 * sizeof(struct rate_key));
	rate_free(t);
}

/*
 * As many routes as there are slots, however alike: none is forgotten, so
 * none gets more than its six.
 */
static void test_full_table(void **state)
{
	struct rate_table *t = rate_new(4096);

	(void)state;
	assert_non_null(t);
	for (unsigned int round = 0; round < 7; round++) {
		for (uint32_t i = 0; i < 4096; i++) {
			const struct rate_key key = {
				.daddr = IP4(192, 168, 1, 0) ^
					 (i >> 4 & 31) << 27 ^ i >> 9,
				.tos = (uint8_t)((i & 15) << 1),
			};

			assert_int_equal(rate_allow_error(t, &key, 1000),
					 round < 6);
		}
	}
	rate_free(t);
}

/* Each of the routes that are given up was used longest ago. */
static void test_eviction_order(void **state)
{
	struct rate_table *t = rate_new(64);
	struct rate_key key = {.saddr = 1};

	(void)state;
	assert_non_null(t);
	for (uint32_t i = 0; i < 1000; i++) {
		key.daddr = i;
		rate_drain(t, &key, 1000);
		/* The first is in use all the time. */
		key.daddr = 0;
		assert_false(rate_allow_error(t, &key, 1000));
	}
	for (uint32_t i = 1000 - 63; i < 1000; i++) {
		key.daddr = i;
		assert_false(rate_allow_error(t, &key, 1000));
	}
	key.daddr = 1000 - 64;
	assert_true(rate_allow_error(t, &key, 1000));
	rate_free(t);
}

/* Each part of the key counts. */
static void test_key_parts(void **state)
{
	static const struct rate_key keys[] = {
		{1, 2, 3, 4}, {9, 2, 3, 4}, {1, 9, 3, 4},
		{1, 2, 9, 4}, {1, 2, 3, 9},
	};
	struct rate_table *t = rate_new(8192);

	(void)state;
	assert_non_null(t);
	for (size_t i = 0; i < COUNT(keys); i++) {
		for (unsigned int n = 0; n < 6; n++)
			assert_true(rate_allow_error(t, &keys[i], 1000));
		assert_false(rate_allow_error(t, &keys[i], 1000));
	}
	rate_free(t);
}

/* A bucket never holds more than its burst, however time goes. */
static void test_random_times(void **state)
{
	const struct rate_key key = {1, 2, 3, 4};
	struct rate_table *t = rate_new(1);
	uint64_t seed = 9, tick = 100000, tokens = 600, last = tick;

	(void)state;
	assert_non_null(t);
	for (int i = 0; i < 20000; i++) {
		tick += kit_below(&seed, 3) == 0 ? kit_below(&seed, 900)
						 : kit_below(&seed, 60);
		tokens += tick - last;
		last = tick;
		if (tokens > 600)
			tokens = 600;
		assert_int_equal(rate_allow_error(t, &key, tick),
				 tokens >= 100);
		tokens -= tokens >= 100 ? 100 : 0;
	}
	rate_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_refused_attempts),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_too_big_unlimited),
		cmocka_unit_test(test_echo_drains),
		cmocka_unit_test(test_flush),
		cmocka_unit_test(test_redirect),
		cmocka_unit_test(test_redirect_no_gateway),
		cmocka_unit_test(test_redirect_rate),
		cmocka_unit_test(test_overload),
		cmocka_unit_test(test_full_table),
		cmocka_unit_test(test_eviction_order),
		cmocka_unit_test(test_key_parts),
		cmocka_unit_test(test_random_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
