/* SPDX-License-Identifier: Apache-2.0 */
/* mutator_afl_test.c - the calls that AFL++ makes */
#include "mutator_kit.h"

void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t len, uint8_t **out,
		       uint8_t *other, size_t other_len, size_t max);
void afl_custom_deinit(void *data);

static void same_seed_same_results(void **state)
{
	void *a = afl_custom_init(NULL, 42), *b = afl_custom_init(NULL, 42);
	static uint8_t data[KIT_SIZE], before[KIT_SIZE];
	const size_t len = kit_seed(data, sizeof(data));

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	memcpy(before, data, len);
	for (unsigned int i = 0; i < 200; i++) {
		uint8_t *out_a, *out_b;
		const size_t len_a = afl_custom_fuzz(a, data, len, &out_a, data,
						     len, 4096);
		const size_t len_b = afl_custom_fuzz(b, data, len, &out_b, data,
						     len, 4096);

		assert_in_range(len_a, FUZZ_FILE_HEADER, 4096);
		assert_int_equal(len_a, len_b);
		assert_memory_equal(out_a, out_b, len_a);
		assert_in_range(kit_count(out_a, len_a), 0, FUZZ_MAX_PACKETS);
	}
	/* What AFL++ gives is still its own. */
	assert_memory_equal(before, data, len);
	afl_custom_deinit(a);
	afl_custom_deinit(b);
}

/* A room larger than ours, one smaller than the input, nothing to splice. */
static void odd_rooms(void **state)
{
	void *m = afl_custom_init(NULL, 1);
	static uint8_t data[KIT_SIZE];
	const size_t len = kit_seed(data, sizeof(data));
	static const size_t rooms[] = {1, 23, 24, 100, 1 << 30};

	(void)state;
	assert_non_null(m);
	for (size_t i = 0; i < RNG_NUM(rooms); i++) {
		for (unsigned int k = 0; k < 32; k++) {
			uint8_t *out;
			const size_t got = afl_custom_fuzz(m, data, len, &out,
							   NULL, 0, rooms[i]);

			assert_in_range(got, 1, rooms[i]);
		}
	}
	afl_custom_deinit(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_same_results),
		cmocka_unit_test(odd_rooms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
