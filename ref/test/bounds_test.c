/* SPDX-License-Identifier: Apache-2.0 */
/* bounds_test.c - the bounds gate: at the end, across it, beyond it */
#include <stdlib.h>

#include "kit.h"

enum {
	LEN = 8
};

/*
 * Views on heap memory of exactly their length: a sanitizer sees a step
 * beyond. Octet i holds i + 1.
 */
static uint8_t *octets(uint32_t len)
{
	uint8_t *data = malloc(len == 0 ? 1 : len);

	assert_non_null(data);
	for (uint32_t i = 0; i < len; i++)
		data[i] = (uint8_t)(i + 1);
	return data;
}

static const struct {
	uint32_t off;
	uint8_t get8;
	uint16_t get16;
	uint32_t get32;
} reads[] = {
	{0, 0x01, 0x0102, 0x01020304},
	{1, 0x02, 0x0203, 0x02030405},
	{4, 0x05, 0x0506, 0x05060708}, /* to the end */
	{5, 0x06, 0x0607, 0x06070800}, /* one octet across */
	{6, 0x07, 0x0708, 0x07080000},
	{7, 0x08, 0x0800, 0x08000000},
	{8, 0, 0, 0}, /* at the end */
	{9, 0, 0, 0},
	{UINT32_MAX - 4, 0, 0, 0},
	{UINT32_MAX - 3, 0, 0, 0}, /* the offset wraps within the value */
	{UINT32_MAX - 2, 0, 0, 0},
	{UINT32_MAX - 1, 0, 0, 0},
	{UINT32_MAX, 0, 0, 0},
};

static void test_readers(void **state)
{
	uint8_t *data = octets(LEN);
	const struct masq_view v = {.data = data, .len = LEN};

	(void)state;
	for (size_t i = 0; i < COUNT(reads); i++) {
		assert_int_equal(masq_get8(v, reads[i].off), reads[i].get8);
		assert_int_equal(masq_get16(v, reads[i].off), reads[i].get16);
		assert_int_equal(masq_get32(v, reads[i].off), reads[i].get32);
	}
	free(data);
}

static void test_reading_nothing(void **state)
{
	uint8_t *data = octets(0);
	const struct masq_view v = {.data = data, .len = 0};

	(void)state;
	for (uint32_t off = 0; off < 4; off++) {
		assert_int_equal(masq_get8(v, off), 0);
		assert_int_equal(masq_get16(v, off), 0);
		assert_int_equal(masq_get32(v, off), 0);
	}
	assert_true(masq_has(v, 0, 0));
	assert_false(masq_has(v, 0, 1));
	assert_false(masq_has(v, 1, 0));
	free(data);
}

static const struct {
	uint32_t off, n;
	bool has;
} ranges[] = {
	{0, 0, true},           {0, LEN, true},
	{0, LEN + 1, false},    {LEN, 0, true},
	{LEN, 1, false},        {LEN + 1, 0, false},
	{1, LEN - 1, true},     {1, LEN, false},
	{1, UINT32_MAX, false}, /* the sum is 0 in 32 bits */
	{UINT32_MAX, 1, false}, {UINT32_MAX, UINT32_MAX, false},
};

static void test_has(void **state)
{
	uint8_t *data = octets(LEN);
	const struct masq_view v = {.data = data, .len = LEN};

	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++)
		assert_int_equal(masq_has(v, ranges[i].off, ranges[i].n),
				 ranges[i].has);
	free(data);
}

static void test_windows(void **state)
{
	uint8_t *data = octets(LEN);
	const struct masq_view v = {.data = data, .len = LEN};

	(void)state;
	assert_int_equal(masq_from(v, 0).len, LEN);
	assert_ptr_equal(masq_from(v, 3).data, data + 3);
	assert_int_equal(masq_from(v, 3).len, LEN - 3);
	assert_int_equal(masq_from(v, LEN).len, 0);
	assert_int_equal(masq_from(v, UINT32_MAX).len, 0);
	assert_ptr_equal(masq_slice(v, 2, 3).data, data + 2);
	assert_int_equal(masq_slice(v, 2, 3).len, 3);
	assert_int_equal(masq_slice(v, 6, 3).len, 2);
	assert_int_equal(masq_slice(v, 6, 0).len, 0);
	assert_int_equal(masq_slice(v, 9, UINT32_MAX).len, 0);
	free(data);
}

static void test_equal(void **state)
{
	uint8_t *data = octets(LEN);
	const struct masq_view v = {.data = data, .len = LEN};

	(void)state;
	assert_true(masq_equal(v, 0, "\1\2", 2));
	assert_true(masq_equal(v, 6, "\7\10", 2));
	assert_true(masq_equal(v, LEN, "", 0));
	assert_false(masq_equal(v, 0, "\1\3", 2));
	assert_false(masq_equal(v, 7, "\10\11", 2));
	assert_false(masq_equal(v, LEN + 1, "", 0));
	assert_false(masq_equal(v, UINT32_MAX, "\1", 1));
	free(data);
}

static const struct {
	uint32_t off;
	const char *put8, *put16, *put32; /* octets 4 to 7 afterwards */
} writes[] = {
	{4, "\xaa\6\7\10", "\xaa\xbb\7\10", "\xaa\xbb\xcc\xdd"},
	{5, "\5\xaa\7\10", "\5\xaa\xbb\10", "\5\xaa\xbb\xcc"},
	{6, "\5\6\xaa\10", "\5\6\xaa\xbb", "\5\6\xaa\xbb"},
	{7, "\5\6\7\xaa", "\5\6\7\xaa", "\5\6\7\xaa"},
	{8, "\5\6\7\10", "\5\6\7\10", "\5\6\7\10"},
	{UINT32_MAX - 3, "\5\6\7\10", "\5\6\7\10", "\5\6\7\10"},
	{UINT32_MAX - 2, "\5\6\7\10", "\5\6\7\10", "\5\6\7\10"},
	{UINT32_MAX - 1, "\5\6\7\10", "\5\6\7\10", "\5\6\7\10"},
	{UINT32_MAX, "\5\6\7\10", "\5\6\7\10", "\5\6\7\10"},
};

/* Writes by one of the writers to octets 1..8; tells what 4 to 7 become. */
static void check_write(uint32_t off, int width, const char *expected)
{
	uint8_t *data = octets(LEN);
	struct masq_buf b = {.data = data, .len = LEN, .cap = LEN};

	if (width == 1)
		masq_put8(&b, off, 0xaa);
	else if (width == 2)
		masq_put16(&b, off, 0xaabb);
	else
		masq_put32(&b, off, 0xaabbccdd);
	assert_memory_equal(data, "\1\2\3\4", 4);
	assert_memory_equal(data + 4, expected, 4);
	assert_int_equal(b.len, LEN);
	free(data);
}

static void test_writers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(writes); i++) {
		check_write(writes[i].off, 1, writes[i].put8);
		check_write(writes[i].off, 2, writes[i].put16);
		check_write(writes[i].off, 4, writes[i].put32);
	}
}

/* len is the limit, not cap. */
static void test_length_not_capacity(void **state)
{
	uint8_t *data = octets(LEN);
	struct masq_buf b = {.data = data, .len = 4, .cap = LEN};

	(void)state;
	masq_put32(&b, 2, 0xaabbccdd);
	assert_memory_equal(data, "\1\2\xaa\xbb\5\6\7\10", LEN);
	assert_int_equal(masq_view_of(&b).len, 4);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_reading_nothing),
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_writers),
		cmocka_unit_test(test_length_not_capacity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
