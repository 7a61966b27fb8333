/* SPDX-License-Identifier: Apache-2.0 */
/* checksum_test.c - sums against RFC 1071 and against a naive loop */
#include "kit.h"

enum {
	MAX_LEN = 100,
	MAX_ALIGN = 16
};

/* RFC 1071 section 4.1, word by word. */
static uint16_t naive(const uint8_t *data, uint32_t len)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* RFC 1071 section 3: 0001 f203 f4f5 f6f7 sum up to 2ddf0, ddf2. */
static void test_rfc1071_example(void **state)
{
	static const uint8_t data[] = {0x00, 0x01, 0xf2, 0x03,
				       0xf4, 0xf5, 0xf6, 0xf7};
	const struct masq_view v = {.data = data, .len = sizeof(data)};

	(void)state;
	assert_int_equal(masq_fold(masq_sum(v)), 0xddf2);
	assert_int_equal(masq_fold(masq_sum(masq_slice(v, 0, 7))), 0xdcfb);
	assert_int_equal(masq_fold(masq_sum(masq_slice(v, 3, 1))), 0x0300);
	assert_int_equal(masq_fold(masq_sum(masq_slice(v, 0, 0))), 0);
}

static const struct {
	uint64_t sum;
	uint16_t folded;
} folds[] = {
	{0, 0},
	{1, 1},
	{0xffff, 0xffff},
	{0x10000, 1},
	{0x1fffe, 0xffff},
	{0x1ffff, 1},
	{0xffff0000, 0xffff},
	{0xffffffff, 0xffff},
	{UINT64_C(0x100000000), 1},
	{UINT64_C(0x1ffffffff), 1},
	{UINT64_C(0xffffffff00000000), 0xffff},
	{UINT64_C(0xfffffffffffffffe), 0xfffe},
	{UINT64_MAX, 0xffff},
	{UINT64_C(0x8000000080000000), 1},
	{UINT64_C(0xffff0001ffff0001), 2},
};

static void test_fold(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < COUNT(folds); i++)
		assert_int_equal(masq_fold(folds[i].sum), folds[i].folded);
	for (int i = 0; i < 10000; i++) {
		const uint64_t sum = kit_random(&seed) >> kit_below(&seed, 60);
		const uint64_t rest = sum % 0xffff;

		assert_int_equal(masq_fold(sum),
				 rest == 0 && sum != 0 ? 0xffff : rest);
	}
}

static void fill(uint8_t *data, uint32_t len, int pattern, uint64_t *seed)
{
	for (uint32_t i = 0; i < len; i++) {
		if (pattern < 2)
			data[i] = pattern == 0 ? 0 : 0xff;
		else
			data[i] = (uint8_t)kit_random(seed);
	}
}

static void test_lengths_and_alignments(void **state)
{
	uint8_t data[MAX_LEN + MAX_ALIGN];
	uint64_t seed = 2;

	(void)state;
	for (int pattern = 0; pattern < 4; pattern++) {
		fill(data, sizeof(data), pattern, &seed);
		for (uint32_t at = 0; at < MAX_ALIGN; at++)
			for (uint32_t n = 0; n <= MAX_LEN; n++) {
				const struct masq_view v = {.data = data + at,
							    .len = n};

				assert_int_equal(masq_fold(masq_sum(v)),
						 naive(data + at, n));
			}
	}
}

static void test_longest(void **state)
{
	static uint8_t data[65535];
	const struct masq_view v = {.data = data, .len = sizeof(data)};
	uint64_t seed = 3;

	(void)state;
	memset(data, 0xff, sizeof(data));
	assert_int_equal(masq_fold(masq_sum(v)), naive(data, sizeof(data)));
	fill(data, sizeof(data), 2, &seed);
	assert_int_equal(masq_fold(masq_sum(v)), naive(data, sizeof(data)));
}

/* Unfolded sums of two parts add up to that of the whole. */
static void test_sums_add(void **state)
{
	uint8_t data[64];
	const struct masq_view v = {.data = data, .len = sizeof(data)};
	uint64_t seed = 4;

	(void)state;
	fill(data, sizeof(data), 2, &seed);
	for (uint32_t at = 0; at <= sizeof(data); at += 2)
		assert_int_equal(masq_fold(masq_sum(masq_slice(v, 0, at)) +
					   masq_sum(masq_from(v, at))),
				 naive(data, sizeof(data)));
}

static void test_header_sum(void **state)
{
	uint8_t data[60];
	const struct masq_view v = {.data = data, .len = sizeof(data)};
	uint64_t seed = 5;

	(void)state;
	for (int pattern = 0; pattern < 4; pattern++) {
		fill(data, sizeof(data), pattern, &seed);
		for (uint32_t n = 0; n <= sizeof(data); n += 4)
			assert_int_equal(masq_header_sum(masq_slice(v, 0, n)),
					 naive(data, n));
	}
}

/* The header of RFC 791's size from a well-known worked example. */
static void test_known_header(void **state)
{
	static const uint8_t data[] = {
		0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
		0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7,
	};
	const struct masq_view v = {.data = data, .len = sizeof(data)};

	(void)state;
	assert_int_equal(masq_header_sum(v), 0xffff);
	assert_int_equal(masq_fold(masq_sum(v)), 0xffff);
}

static void test_pseudo_header(void **state)
{
	static const uint8_t pseudo[] = {
		0xc0, 0xa8, 0x01, 0x0a, 0xc6, 0x33,
		0x64, 0x07, 0x00, 0x06, 0xff, 0xff,
	};

	(void)state;
	assert_int_equal(masq_fold(masq_sum_pseudo(ADDR_C, ADDR_S, 6, 0xffff)),
			 naive(pseudo, sizeof(pseudo)));
	assert_int_equal(masq_sum32(0x12345678), 0x1234 + 0x5678);
	assert_int_equal(masq_sum32(UINT32_MAX), 0x1fffe);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc1071_example),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_lengths_and_alignments),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_sums_add),
		cmocka_unit_test(test_header_sum),
		cmocka_unit_test(test_known_header),
		cmocka_unit_test(test_pseudo_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
