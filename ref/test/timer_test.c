/* SPDX-License-Identifier: Apache-2.0 */
/* timer_test.c - how long entries live (CORE-TMR, -CTL): V060 to V064 */
#include "kit.h"
#include "linux22/engine.h"

static void test_V060(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	kit_wait(k, 299990);
	expect_table(k, "udp C:5000 M:61000 S:53 UDP 1");
	kit_wait(k, 10);
	expect_table(k, "");
	kit_close(k);
}

/* Expiry comes before the packets of its tick. */
static void test_expiry_before_packet(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	k->now += UINT64_C(299990000000);
	expect(k, "S:53 > M:61000 udp", "S:53 > C:5000 udp");
	k->now += UINT64_C(300000000000);
	expect(k, "S:53 > M:61000 udp", "local");
	kit_close(k);
}

static void test_V061(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	kit_wait(k, 200000);
	expect(k, "S:53 > M:61000 udp", "S:53 > C:5000 udp");
	kit_wait(k, 299990);
	assert_int_equal(kit_num_entries(k), 1);
	kit_wait(k, 10);
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

/* V062 has the values changed while an entry lives; here from the start. */
static void test_V062_V063(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.timeout_tcp = 3600;
	c.timeout_tcp_fin = 30;
	c.timeout_udp = 10;
	k = kit_open(&c);
	expect(k, "C:1 > S:80 tcp A", "M:61000 > S:80 tcp A");
	expect_table(k, "tcp C:1 M:61000 S:80 ESTABLISHED 360000");
	expect(k, "C:1 > S:80 tcp F", "M:61000 > S:80 tcp F");
	expect_table(k, "tcp C:1 M:61000 S:80 FIN_WAIT 3000");
	expect(k, "S:80 > M:61000 tcp F", "S:80 > C:1 tcp F");
	expect_table(k, "tcp C:1 M:61000 S:80 TIME_WAIT 12000");
	kit_wait(k, 200000);
	expect(k, "C:1 > S:53 udp", "M:61001 > S:53 udp");
	expect_table(k, "udp C:1 M:61001 S:53 UDP 1000");
	expect(k, "C:1 > S:80 tcp S", "M:61002 > S:80 tcp S");
	expect_table(k, "tcp C:1 M:61002 S:80 SYN_SENT 12000; "
			"udp C:1 M:61001 S:53 UDP 1000");
	kit_close(k);
}

/* TMR-06: no range check; what does not fit an int is cut. */
static void test_largest_timeouts(void **state)
{
	static const struct {
		uint32_t seconds;
		int64_t ticks;
	} rows[] = {
		{1, 100},
		{INT32_MAX / 100, INT32_MAX / 100 * 100},
		{INT32_MAX / 100 + 1, INT32_MAX / 100 * 100},
		{UINT32_MAX, INT32_MAX / 100 * 100},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct masq_config c;
		struct masq_entry_info info;
		struct kit *k;

		kit_config(&c);
		c.timeout_udp = rows[i].seconds;
		k = kit_open(&c);
		expect(k, "C:1 > S:53 udp", "M:61000 > S:53 udp");
		assert_true(kit_entry(k, 17, 61000, &info));
		assert_true(info.expires == rows[i].ticks);
		k->now += (uint64_t)rows[i].ticks * TICK_NS - 1;
		kit_wait(k, 0);
		assert_int_equal(kit_num_entries(k), 1);
		kit_wait(k, 10);
		assert_int_equal(kit_num_entries(k), 0);
		kit_close(k);
	}
}

/* A shorter timeout takes effect although the timer ran for longer. */
static void test_shortened(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:1 > S:80 tcp A", "M:61000 > S:80 tcp A"); /* 900 s */
	expect(k, "C:1 > S:80 tcp R", "M:61000 > S:80 tcp R"); /* 10 s */
	kit_wait(k, 9990);
	assert_int_equal(kit_num_entries(k), 1);
	kit_wait(k, 10);
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

/* ---- parents and children, through the engine's own functions -------- */

/* Flow i of C, with that many ticks to live. */
static struct masq_entry *make_entry(struct kit *k, uint16_t i, uint32_t ticks)
{
	const struct entry_spec spec = {
		.proto = 6,
		.ia = ADDR_C,
		.ip = i,
		.ma = ADDR_M,
		.oa = ADDR_S,
		.op = 80,
	};
	struct masq_entry *e = life_new(k->engine, &spec);

	assert_non_null(e);
	e->timeout = ticks;
	life_put(k->engine, e);
	return e;
}

/* A kit whose clock has begun. */
static struct kit *kit_started(void)
{
	struct kit *k = kit_new();

	kit_wait(k, 0);
	return k;
}

/* TMR-04: a parent waits in steps of 120 s until it is alone. */
static void test_parent_waits(void **state)
{
	struct kit *k = kit_started();
	struct masq_entry *parent = make_entry(k, 1, 1000);
	struct masq_entry *child = make_entry(k, 2, 20000);

	(void)state;
	life_link(k->engine, parent, child);
	kit_wait(k, 10000);
	expect_table(k, "tcp C:1 M:61000 S:80 NONE 12000; "
			"tcp C:2 M:61001 S:80 NONE 19000");
	kit_wait(k, 120000);
	expect_table(k, "tcp C:1 M:61000 S:80 NONE 12000; "
			"tcp C:2 M:61001 S:80 NONE 7000");
	kit_wait(k, 70000);
	expect_table(k, "tcp C:1 M:61000 S:80 NONE 5000");
	kit_wait(k, 49990);
	assert_int_equal(kit_num_entries(k), 1);
	kit_wait(k, 10);
	assert_int_equal(kit_num_entries(k), 0);
	assert_int_equal(kit_stats(k).num_expired, 2);
	kit_close(k);
}

/* TMR-05: due in one tick, children go first, theirs before them. */
static void test_same_tick(void **state)
{
	/* Who is made first, parents or children: order in the wheel. */
	for (int first = 0; first < 2; first++) {
		struct kit *k = kit_started();
		struct masq_entry *line[5];

		(void)state;
		for (uint16_t i = 0; i < 5; i++)
			line[first == 0 ? i : 4 - i] =
				make_entry(k, (uint16_t)(i + 1), 500);
		for (unsigned int i = 0; i < 4; i++)
			life_link(k->engine, line[i], line[i + 1]);
		kit_wait(k, 4990);
		assert_int_equal(kit_num_entries(k), 5);
		kit_wait(k, 10);
		assert_int_equal(kit_num_entries(k), 0);
		kit_close(k);
	}
}

/* Grandchildren hold their grandparent through their parent. */
static void test_grandchildren(void **state)
{
	struct kit *k = kit_started();
	struct masq_entry *old = make_entry(k, 1, 500);
	struct masq_entry *middle = make_entry(k, 2, 500);
	struct masq_entry *young = make_entry(k, 3, 600);

	(void)state;
	life_link(k->engine, old, middle);
	life_link(k->engine, middle, young);
	kit_wait(k, 5000);
	assert_int_equal(kit_num_entries(k), 3);
	kit_wait(k, 1000); /* young */
	assert_int_equal(kit_num_entries(k), 2);
	kit_wait(k, 118990);
	assert_int_equal(kit_num_entries(k), 2);
	kit_wait(k, 10); /* both, 120 s after the first time */
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

/* CTL-01: a child that has a parent is first taken from it. */
static void test_adoption(void **state)
{
	struct kit *k = kit_started();
	struct masq_entry *first = make_entry(k, 1, 500);
	struct masq_entry *second = make_entry(k, 2, 500);
	struct masq_entry *child = make_entry(k, 3, 50000);
	struct masq_entry_info info;

	(void)state;
	life_link(k->engine, first, child);
	life_link(k->engine, second, child);
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.num_children, 0);
	assert_true(kit_entry(k, 6, 61001, &info));
	assert_int_equal(info.num_children, 1);
	assert_true(kit_entry(k, 6, 61002, &info));
	assert_true(info.is_child);
	assert_int_equal(info.parent_proto, 6);
	assert_int_equal(info.parent_port, 61001);
	kit_wait(k, 5000);
	assert_int_equal(kit_num_entries(k), 2); /* first is gone */
	assert_false(kit_entry(k, 6, 61000, &info));
	kit_close(k);
}

/* Many entries with random lives end exactly then, in one go or stepwise. */
static void test_random_lives(void **state)
{
	enum {
		NUM = 800
	};
	uint64_t seed = 10;

	(void)state;
	for (int round = 0; round < 8; round++) {
		struct kit *k = kit_started();
		uint32_t lives[NUM];
		uint64_t now = 0;

		for (uint16_t i = 0; i < NUM; i++) {
			lives[i] = 1 + kit_below(&seed, 100000) /
					       (1 + kit_below(&seed, 1000));
			make_entry(k, i, lives[i]);
		}
		while (kit_num_entries(k) != 0) {
			const uint64_t step = 1 + kit_below(&seed, 3000);
			unsigned int alive = 0;

			now += step;
			kit_wait(k, step * TICK_MS);
			for (unsigned int i = 0; i < NUM; i++)
				alive += lives[i] > now;
			assert_int_equal(kit_num_entries(k), alive);
		}
		kit_close(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V060),
		cmocka_unit_test(test_expiry_before_packet),
		cmocka_unit_test(test_V061),
		cmocka_unit_test(test_V062_V063),
		cmocka_unit_test(test_largest_timeouts),
		cmocka_unit_test(test_shortened),
		cmocka_unit_test(test_parent_waits),
		cmocka_unit_test(test_same_tick),
		cmocka_unit_test(test_grandchildren),
		cmocka_unit_test(test_adoption),
		cmocka_unit_test(test_random_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
