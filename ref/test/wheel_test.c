/* SPDX-License-Identifier: Apache-2.0 */
/* wheel_test.c - the timing wheel against a plain array */
#include "kit.h"
#include "linux22/wheel.h"

enum {
	NUM = 300 /* nodes 1..NUM */
};

/* The wheel, and what it should hold: the tick of each node, 0 = out. */
struct bench {
	struct wheel w;
	struct wheel_node nodes[NUM + 1];
	uint64_t due[NUM + 1];
	uint64_t now;
};

static struct wheel_node *node(void *ctx, uint32_t number)
{
	struct bench *b = ctx;

	assert_in_range(number, 1, NUM);
	return &b->nodes[number];
}

static void open_bench(struct bench *b, uint64_t now)
{
	memset(b, 0, sizeof(*b));
	b->now = now;
	wheel_init(&b->w, node, b, now);
}

static void add(struct bench *b, uint32_t number, uint64_t when)
{
	wheel_add(&b->w, number, when);
	b->due[number] = when > b->w.now ? when : b->w.now + 1;
}

static void cancel(struct bench *b, uint32_t number)
{
	wheel_remove(&b->w, number);
	b->due[number] = 0;
	assert_int_equal(b->nodes[number].slot, 0);
}

/* The earliest tick of all, UINT64_MAX if there is none. */
static uint64_t earliest(const struct bench *b)
{
	uint64_t first = UINT64_MAX;

	for (unsigned int i = 1; i <= NUM; i++)
		if (b->due[i] != 0 && b->due[i] < first)
			first = b->due[i];
	return first;
}

/* Goes on to tick as the router does; takes out what is due on the way. */
static void run_to(struct bench *b, uint64_t tick)
{
	uint64_t next;

	while ((next = wheel_next(&b->w)) <= tick) {
		uint32_t number;

		/* A lower bound, and none of the ticks that are done. */
		assert_true(next <= earliest(b));
		assert_true(next > b->w.now);
		while ((number = wheel_take(&b->w, next)) != 0) {
			assert_true(b->due[number] == next);
			b->due[number] = 0;
		}
		assert_true(earliest(b) > next);
	}
	b->now = tick;
	assert_true(earliest(b) > tick);
}

static void test_empty(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b, 12345);
	assert_true(wheel_next(&b.w) == UINT64_MAX);
	cancel(&b, 1); /* one that is out: harmless */
	assert_true(wheel_next(&b.w) == UINT64_MAX);
}

/* Not in the past: at the earliest for the next tick. */
static void test_past(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b, 1000);
	add(&b, 1, 0);
	add(&b, 2, 1000);
	add(&b, 3, 1001);
	assert_true(wheel_next(&b.w) == 1001);
	run_to(&b, 1001);
	assert_true(earliest(&b) == UINT64_MAX);
}

/* Ticks around the borders of slots and levels. */
static void test_borders(void **state)
{
	static const uint64_t starts[] = {
		0, 1, 63, 64, 4095, 262143, UINT64_C(1) << 40};

	(void)state;
	for (size_t i = 0; i < COUNT(starts); i++)
		for (unsigned int shift = 0; shift < 42; shift++) {
			const uint64_t far = UINT64_C(1) << shift;
			struct bench b;

			open_bench(&b, starts[i]);
			add(&b, 1, starts[i] + far - 1);
			add(&b, 2, starts[i] + far);
			add(&b, 3, starts[i] + far + 1);
			run_to(&b, starts[i] + far + 1);
			assert_true(earliest(&b) == UINT64_MAX);
		}
}

static void test_random(void **state)
{
	static struct bench b;
	uint64_t seed = 11;

	(void)state;
	open_bench(&b, 30000);
	for (int i = 0; i < 200000; i++) {
		const uint32_t number = 1 + kit_below(&seed, NUM);
		const unsigned int scale = kit_below(&seed, 36);

		switch (kit_below(&seed, 4)) {
		case 0:
			if (b.due[number] == 0)
				add(&b, number,
				    b.now + (kit_random(&seed) >>
					     (63 - scale)));
			break;
		case 1:
			cancel(&b, number);
			break;
		case 2:
			run_to(&b, b.now + kit_below(&seed, 100));
			break;
		default:
			if (kit_below(&seed, 50) == 0)
				run_to(&b, b.now + (kit_random(&seed) >>
						    (63 - scale)));
			break;
		}
	}
	run_to(&b, b.now + (UINT64_C(1) << 40));
	assert_true(earliest(&b) == UINT64_MAX);
	assert_true(wheel_next(&b.w) == UINT64_MAX);
}

/* Whoever was in it is forgotten, on every level. */
static void test_reset(void **state)
{
	struct bench b, fresh;

	(void)state;
	open_bench(&fresh, 77);
	open_bench(&b, 5);
	for (uint32_t i = 1; i <= NUM; i++)
		add(&b, i, UINT64_C(1) << (i % 45));
	run_to(&b, 4096);
	wheel_reset(&b.w, 77);
	assert_true(b.w.now == 77);
	assert_true(wheel_next(&b.w) == UINT64_MAX);
	assert_memory_equal(b.w.used, fresh.w.used, sizeof(b.w.used));
	assert_memory_equal(b.w.heads, fresh.w.heads, sizeof(b.w.heads));
	memset(b.nodes, 0, sizeof(b.nodes));
	memset(b.due, 0, sizeof(b.due));
	add(&b, 1, 78);
	add(&b, 2, 1u << 20);
	run_to(&b, 1u << 21);
	assert_true(earliest(&b) == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),   cmocka_unit_test(test_past),
		cmocka_unit_test(test_borders), cmocka_unit_test(test_random),
		cmocka_unit_test(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
