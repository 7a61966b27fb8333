/* SPDX-License-Identifier: Apache-2.0 */
/* find_test.c - looking for octets, and copying while summing */
#include <stdlib.h>

#include "kit.h"

static void test_find8(void **state)
{
	const uint8_t data[] = "abcabc";
	const struct masq_view v = {.data = data, .len = 6};

	(void)state;
	assert_int_equal(masq_find8(v, 0, 'a'), 0);
	assert_int_equal(masq_find8(v, 1, 'a'), 3);
	assert_int_equal(masq_find8(v, 5, 'c'), 5);
	assert_int_equal(masq_find8(v, 4, 'a'), 6);
	assert_int_equal(masq_find8(v, 0, 'z'), 6);
	assert_int_equal(masq_find8(v, 0, '\0'), 6); /* lies behind */
	assert_int_equal(masq_find8(v, 6, 'a'), 6);
	assert_int_equal(masq_find8(v, UINT32_MAX, 'a'), 6);
	assert_int_equal(masq_find8(masq_slice(v, 0, 0), 0, 'a'), 0);
}

static uint32_t naive_pair(struct masq_view v, uint32_t off, char first,
			   char second, char other)
{
	for (uint32_t at = off; at < v.len && v.len - at >= 2; at++) {
		const char a = (char)(masq_get8(v, at) | 0x20);
		const char b = (char)(masq_get8(v, at + 1) | 0x20);

		if (a == first && (b == second || b == other))
			return at;
	}
	return v.len;
}

/* Every length around the blocks, on heap memory of just that length. */
static void test_find_pair(void **state)
{
	uint64_t seed = 14;

	(void)state;
	for (uint32_t len = 0; len < 300; len++) {
		uint8_t *data = malloc(len == 0 ? 1 : len);
		const struct masq_view v = {.data = data, .len = len};

		assert_non_null(data);
		for (int round = 0; round < 20; round++) {
			for (uint32_t i = 0; i < len; i++)
				data[i] = "xyPpaAeZ"[kit_below(&seed, 8) &
						     kit_below(&seed, 8)];
			for (uint32_t off = 0; off < len + 3; off++)
				assert_int_equal(
					masq_find_pair(v, off, 'p', 'a', 'e'),
					naive_pair(v, off, 'p', 'a', 'e'));
		}
		assert_int_equal(masq_find_pair(v, UINT32_MAX, 'p', 'a', 'e'),
				 len);
		free(data);
	}
}

static void test_copy_sum(void **state)
{
	uint8_t data[300], copy[302];
	uint64_t seed = 15;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)kit_random(&seed);
	for (uint32_t len = 0; len <= sizeof(data); len++) {
		const struct masq_view v = {.data = data, .len = len};

		memset(copy, 0xee, sizeof(copy));
		assert_int_equal(masq_fold(masq_copy_sum(copy + 1, v)),
				 masq_fold(masq_sum(v)));
		assert_memory_equal(copy + 1, data, len);
		assert_int_equal(copy[0], 0xee);
		assert_int_equal(copy[1 + len], 0xee);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find8),
		cmocka_unit_test(test_find_pair),
		cmocka_unit_test(test_copy_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
