/* SPDX-License-Identifier: Apache-2.0 */
/* mutator_test.c - what holds for every result, whatever is mutated */
#include "mutator_kit.h"

#define ROUNDS 400u

/* The same calls give the same octets, also from one that has worked. */
static void deterministic(void **state)
{
	struct kit *kit = *state;
	struct fuzz_mutator *fresh = fuzz_mutator_new("");
	static uint8_t a[KIT_SIZE], b[KIT_SIZE];
	size_t a_len = kit_seed(a, sizeof(a)), b_len = a_len;

	assert_non_null(fresh);
	memcpy(b, a, a_len);
	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		uint8_t noise[4096];

		a_len = fuzz_mutate(fresh, a, a_len, KIT_SIZE, seed);
		(void)fuzz_mutate(kit->mutator, noise, 0, sizeof(noise), seed);
		b_len = fuzz_mutate(kit->mutator, b, b_len, KIT_SIZE, seed);
		assert_int_equal(a_len, b_len);
		assert_memory_equal(a, b, a_len);
	}
	fuzz_mutator_free(fresh);
}

static void seeds_differ(void **state)
{
	struct kit *kit = *state;
	static uint8_t a[KIT_SIZE], b[KIT_SIZE];
	unsigned int num_equal = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		size_t a_len = kit_seed(a, sizeof(a)), b_len = a_len;

		memcpy(b, a, a_len);
		a_len = fuzz_mutate(kit->mutator, a, a_len, KIT_SIZE, seed);
		b_len = fuzz_mutate(kit->mutator, b, b_len, KIT_SIZE, ~seed);
		num_equal += a_len == b_len && memcmp(a, b, a_len) == 0;
	}
	assert_in_range(num_equal, 0, ROUNDS / 20);
}

/* A result is a capture that is read to its end. */
static void check_readable(const uint8_t *data, size_t len)
{
	struct fuzz_input input;
	struct conf_packet packet;
	size_t total = FUZZ_FILE_HEADER;

	assert_true(fuzz_input_open(&input, data, len));
	assert_in_range(input.variant, 0, fuzz_num_variants - 1);
	while (fuzz_input_next(&input, &packet))
		total += FUZZ_RECORD_HEADER + FUZZ_SLL2_HEADER + packet.len;
	assert_int_equal(total, len);
}

static void always_readable(void **state)
{
	struct kit *kit = *state;
	static uint8_t data[KIT_SIZE];
	size_t len = kit_seed(data, sizeof(data));

	for (uint32_t seed = 0; seed < 5 * ROUNDS; seed++) {
		/* It must not only grow: begins anew now and then. */
		if (seed % 50 == 0)
			len = kit_seed(data, sizeof(data));
		len = fuzz_mutate(kit->mutator, data, len, 8192, seed);
		assert_in_range(len, FUZZ_FILE_HEADER, 8192);
		check_readable(data, len);
	}
}

/* Rooms of every small size: never 0, never more. The heap is guarded. */
static void tiny_rooms(void **state)
{
	struct kit *kit = *state;
	static uint8_t seed_data[KIT_SIZE];
	const size_t seed_len = kit_seed(seed_data, sizeof(seed_data));

	for (size_t max = 1; max < 300; max++) {
		uint8_t *data = test_malloc(max);
		size_t len = seed_len < max ? seed_len : max;

		memcpy(data, seed_data, len);
		len = fuzz_mutate(kit->mutator, data, len, max, (uint32_t)max);
		assert_in_range(len, 1, max);
		len = fuzz_cross(kit->mutator, seed_data, seed_len, seed_data,
				 seed_len, data, max, (uint32_t)max);
		assert_in_range(len, 1, max);
		test_free(data);
	}
}

static void garbage_becomes_a_capture(void **state)
{
	struct kit *kit = *state;
	struct rng rng = {.state = 7};
	static uint8_t data[2048];

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		size_t len = rng_below(&rng, 1024);

		for (size_t i = 0; i < len; i++)
			data[i] = (uint8_t)rng_next(&rng);
		len = fuzz_mutate(kit->mutator, data, len, sizeof(data), seed);
		check_readable(data, len);
	}
}

/* Captures of which any octets have changed. */
static void damaged_captures(void **state)
{
	struct kit *kit = *state;
	struct rng rng = {.state = 8};
	static uint8_t data[KIT_SIZE];

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		size_t len = kit_seed(data, sizeof(data));

		for (unsigned int i = 0; i < 20; i++)
			data[rng_below(&rng, (uint32_t)len)] =
				(uint8_t)rng_next(&rng);
		len -= rng_below(&rng, 60);
		len = fuzz_mutate(kit->mutator, data, len, sizeof(data), seed);
		check_readable(data, len);
	}
}

static void full_lists(void **state)
{
	struct kit *kit = *state;
	static uint8_t data[KIT_SIZE];
	size_t len = kit_many(data, sizeof(data), 2 * FUZZ_MAX_PACKETS);

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		len = fuzz_mutate(kit->mutator, data, len, sizeof(data), seed);
		check_readable(data, len);
		assert_in_range(kit_count(data, len), 1, FUZZ_MAX_PACKETS);
	}
}

/* Crossing puts packets of both together, in their order. */
static void crossing(void **state)
{
	struct kit *kit = *state;
	static uint8_t a[KIT_SIZE], b[KIT_SIZE], out[KIT_SIZE];
	const size_t a_len = kit_many(a, sizeof(a), 5);
	const size_t b_len = kit_seed(b, sizeof(b));
	const unsigned int num_b = kit_count(b, b_len);
	unsigned int num_least = UINT_MAX, num_most = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		const size_t len = fuzz_cross(kit->mutator, a, a_len, b, b_len,
					      out, sizeof(out), seed);
		const unsigned int num = kit_count(out, len);

		check_readable(out, len);
		num_least = num < num_least ? num : num_least;
		num_most = num > num_most ? num : num_most;
	}
	assert_int_equal(num_least, 6);
	assert_int_equal(num_most, 5 + num_b);
}

/* Every mutation is called, by its weight. */
static void all_are_reached(void **state)
{
	struct kit *kit = *state;
	struct work *w = fuzz_mutator_work(kit->mutator);
	static uint8_t data[KIT_SIZE];

	for (unsigned int i = 0; i < fuzz_num_mutations; i++) {
		unsigned int num_done = 0;

		assert_in_range(fuzz_mutations[i].weight, 1, 20);
		for (uint32_t seed = 0; seed < 100; seed++) {
			const size_t len = kit_seed(data, sizeof(data));

			kit_load(w, data, len, seed);
			/* Something has to be there to be followed. */
			if (fuzz_mutations[i].run == mutate_follow)
				(void)mutate_speak(w);
			num_done += fuzz_mutations[i].run(w);
		}
		if (num_done < 20)
			fail_msg("%s: %u of 100", fuzz_mutations[i].name,
				 num_done);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deterministic),
		cmocka_unit_test(seeds_differ),
		cmocka_unit_test(always_readable),
		cmocka_unit_test(tiny_rooms),
		cmocka_unit_test(garbage_becomes_a_capture),
		cmocka_unit_test(damaged_captures),
		cmocka_unit_test(full_lists),
		cmocka_unit_test(crossing),
		cmocka_unit_test(all_are_reached),
	};

	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
