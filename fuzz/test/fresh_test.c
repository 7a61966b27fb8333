/* SPDX-License-Identifier: Apache-2.0 */
/* fresh_test.c - are exactly the known ranges taken away? */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fresh.h"

#define NUM 200u

/* As libFuzzer divides them. */
static uint8_t range_of(uint8_t count)
{
	if (count >= 128)
		return 7;
	if (count >= 32)
		return 6;
	if (count >= 16)
		return 5;
	if (count >= 8)
		return 4;
	if (count >= 4)
		return 3;
	return (uint8_t)(count - 1);
}

static void model(uint8_t *count, uint8_t *seen, size_t num)
{
	for (size_t i = 0; i < num; i++) {
		if (count[i] == 0)
			continue;
		if ((seen[i] >> range_of(count[i]) & 1) != 0)
			count[i] = 0;
		else
			seen[i] |= (uint8_t)(1u << range_of(count[i]));
	}
}

static void test_each_number(void **state)
{
	(void)state;
	for (unsigned int a = 0; a < 256; a++)
		for (unsigned int b = 0; b < 256; b++) {
			uint8_t count[33], seen[33] = {0}, want[33];
			uint8_t want_seen[33] = {0};

			memset(count, (int)a, sizeof(count));
			fuzz_fresh_take(count, seen, sizeof(count));
			assert_int_equal(count[0], a);
			memset(count, (int)b, sizeof(count));
			memset(want, (int)a, sizeof(want));
			model(want, want_seen, sizeof(want));
			memset(want, (int)b, sizeof(want));
			model(want, want_seen, sizeof(want));
			fuzz_fresh_take(count, seen, sizeof(count));
			assert_memory_equal(count, want, sizeof(count));
			assert_memory_equal(seen, want_seen, sizeof(seen));
		}
}

/* Any length, any place, mostly nothing: octets around stay. */
static void test_each_length(void **state)
{
	uint8_t count[NUM], seen[NUM] = {0}, want[NUM], want_seen[NUM] = {0};
	uint32_t random = 1;

	(void)state;
	for (unsigned int round = 0; round < 2000; round++) {
		const size_t at = round % 37, num = round % (NUM - 37);

		for (size_t i = 0; i < NUM; i++) {
			random = random * 1664525u + 1013904223u;
			count[i] = random >> 29 != 0 ? 0 : random >> 8 & 0xff;
		}
		memcpy(want, count, NUM);
		model(want + at, want_seen + at, num);
		fuzz_fresh_take(count + at, seen + at, num);
		assert_memory_equal(count, want, NUM);
		assert_memory_equal(seen, want_seen, NUM);
	}
}

/* Counters as the compiler makes them; the linker says where they are. */
static uint8_t edges[64] __attribute__((section("__sancov_cntrs"), used));

/* Is a counter of 1 still there after an input of that size, the second time?
 */
static bool is_left(size_t size)
{
	edges[5] = 1;
	fuzz_fresh_filter(size);
	return edges[5] == 1;
}

static void begin(const char *option)
{
	char program[] = "fuzz", first[] = "-entropic=0", text[40];
	char *argv[] = {program, first, text};

	snprintf(text, sizeof(text), "%s", option);
	fuzz_fresh_begin(3, argv);
}

static void test_sizes(void **state)
{
	unsigned int left = 0;

	(void)state;
	begin("-runs=1");
	assert_true(is_left(0));
	assert_true(is_left(100)); /* new */
	assert_false(is_left(100));
	fuzz_fresh_mutated(100, 120);
	assert_false(is_left(120));
	/* Shorter than the first of a row, though longer than the last. */
	for (size_t size = 120, i = 0; i < 80; i++) {
		const size_t shorter = i % 2 == 0 ? 80 : 90;

		fuzz_fresh_mutated(size, shorter);
		left += is_left(shorter);
		size = shorter;
	}
	assert_in_range(left, 1, 40);
	/* Another input begins a row of its own. */
	fuzz_fresh_mutated(10, 10);
	assert_false(is_left(10));
}

static void test_options(void **state)
{
	static const struct {
		const char *option;
		bool needs_all;
	} rows[] = {
		{"-merge=1", true},           {"-merge=0", false},
		{"-entropic=1", true},        {"-shrink=1", true},
		{"-set_cover_merge=1", true}, {"-merged=1", false},
		{"merge=1", false},           {"-max_len=100", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(rows[i].option);
		assert_true(is_left(1));
		assert_int_equal(is_left(1), rows[i].needs_all);
	}
	begin("-merge=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_number),
		cmocka_unit_test(test_each_length),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
