/* SPDX-License-Identifier: Apache-2.0 */
/* fresh.c - what libFuzzer knows already, taken from its counters */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "fresh.h"

/* The counters of this program, laid out by the linker; none elsewhere. */
extern uint8_t counters[] __asm__("__start___sancov_cntrs")
	__attribute__((weak, visibility("hidden")));
extern uint8_t counters_end[] __asm__("__stop___sancov_cntrs")
	__attribute__((weak, visibility("hidden")));

/* Of inputs shorter than what they were made from so many are left alone. */
#define SHORTER_ONE_IN 16u

static struct {
	uint8_t *seen; /* of each counter: a bit for each range */
	size_t num;
	size_t base; /* size of the input that is being changed */
	size_t last; /* size of what came of that last */
	unsigned int num_shorter;
} fresh;

static const char *value_of(const char *argument, const char *name)
{
	const size_t len = strlen(name);

	if (argument[0] != '-' || strncmp(argument + 1, name, len) != 0 ||
	    argument[len + 1] != '=')
		return NULL;
	return argument + len + 2;
}

static bool needs_all(int argc, char **argv)
{
	static const char *const names[] = {
		"collect_data_flow",
		"data_flow_trace",
		"entropic",
		"focus_function",
		"fork",
		"merge",
		"merge_inner",
		"minimize_crash",
		"print_full_coverage",
		"set_cover_merge",
		"shrink",
	};
	const size_t num = sizeof(names) / sizeof(names[0]);
	bool is_given[sizeof(names) / sizeof(names[0])] = {false};

	/* Of an option that is there twice the last one counts. */
	for (int i = 1; i < argc; i++)
		for (size_t n = 0; n < num; n++) {
			const char *value = value_of(argv[i], names[n]);

			if (value != NULL)
				is_given[n] = strcmp(value, "0") != 0;
		}
	for (size_t n = 0; n < num; n++)
		if (is_given[n])
			return true;
	return false;
}

void fuzz_fresh_begin(int argc, char **argv)
{
	const size_t num = (uintptr_t)counters_end - (uintptr_t)counters;

	free(fresh.seen);
	memset(&fresh, 0, sizeof(fresh));
	if (num == 0 || needs_all(argc, argv))
		return;
	fresh.seen = calloc(num, 1);
	if (fresh.seen != NULL)
		fresh.num = num;
}

void fuzz_fresh_mutated(size_t size, size_t new_size)
{
	/* libFuzzer changes an input up to five times in a row. */
	if (size != fresh.last || size > fresh.base)
		fresh.base = size;
	fresh.last = new_size;
}

/*
 * The bit of a counter's range. That of a number below 16 is by its low half,
 * of all others by the high one.
 */
static const uint8_t range_low[16] = {0,  1,  2,  4,  8,  8,  8,  8,
				      16, 16, 16, 16, 16, 16, 16, 16};
static const uint8_t range_high[16] = {0,   32,  64,  64,  64,  64,  64,  64,
				       128, 128, 128, 128, 128, 128, 128, 128};

static void take(uint8_t *count, uint8_t *seen, size_t num)
{
	for (size_t i = 0; i < num; i++) {
		const uint8_t c = count[i];
		const uint8_t bit = c < 16 ? range_low[c] : range_high[c >> 4];

		if ((seen[i] & bit) != 0)
			count[i] = 0;
		seen[i] |= bit;
	}
}

static void take_eights(uint8_t *count, uint8_t *seen, size_t num)
{
	for (; num >= 8; num -= 8, count += 8, seen += 8) {
		uint64_t eight;

		memcpy(&eight, count, 8);
		if (eight != 0)
			take(count, seen, 8);
	}
	take(count, seen, num);
}

#ifdef __x86_64__
/* The same, thirty-two at a time. */
__attribute__((target("avx2"))) static void take_avx2(uint8_t *count,
						      uint8_t *seen, size_t num)
{
	const __m256i low = _mm256_broadcastsi128_si256(
			      _mm_loadu_si128((const __m128i_u *)range_low)),
		      high = _mm256_broadcastsi128_si256(
			      _mm_loadu_si128((const __m128i_u *)range_high)),
		      half = _mm256_set1_epi8(0xf), none = {0};

	for (; num >= 32; num -= 32, count += 32, seen += 32) {
		__m256i c = _mm256_loadu_si256((const __m256i_u *)count);
		__m256i s, h, bit;

		if (_mm256_testz_si256(c, c))
			continue;
		s = _mm256_loadu_si256((const __m256i_u *)seen);
		h = _mm256_and_si256(_mm256_srli_epi16(c, 4), half);
		bit = _mm256_and_si256(
			_mm256_cmpeq_epi8(h, none),
			_mm256_shuffle_epi8(low, _mm256_and_si256(c, half)));
		bit = _mm256_or_si256(bit, _mm256_shuffle_epi8(high, h));
		c = _mm256_and_si256(
			c, _mm256_cmpeq_epi8(_mm256_and_si256(s, bit), none));
		_mm256_storeu_si256((__m256i_u *)count, c);
		_mm256_storeu_si256((__m256i_u *)seen, _mm256_or_si256(s, bit));
	}
	take_eights(count, seen, num);
}
#endif

void fuzz_fresh_take(uint8_t *count, uint8_t *seen, size_t num)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2")) {
		take_avx2(count, seen, num);
		return;
	}
#endif
	take_eights(count, seen, num);
}

void fuzz_fresh_filter(size_t size)
{
	/* The empty input is executed first, and nobody looks. */
	if (fresh.num == 0 || size == 0 ||
	    (size < fresh.base && ++fresh.num_shorter % SHORTER_ONE_IN == 0))
		return;
	fuzz_fresh_take(counters, fresh.seen, fresh.num);
}
