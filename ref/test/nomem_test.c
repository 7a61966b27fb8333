/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nomem_test.c - no memory: each allocation in turn fails
 *
 * The linker passes the engine's allocations through here (--wrap).
 */
#include <stdlib.h>

#include "kit.h"

enum {
	NEVER = -1
};

static int failing = NEVER; /* allocations that still succeed */
static unsigned int num_allocations;

static bool is_failing(void)
{
	num_allocations++;
	return failing != NEVER && failing-- == 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
	return is_failing() ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
	return is_failing() ? NULL : __real_calloc(count, size);
}

void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return is_failing() ? NULL : __real_aligned_alloc(alignment, size);
}

/* What is taken before the one that fails is given back: no leak. */
static void check_all(uint64_t quirks)
{
	struct masq_config c;
	struct masq_engine *e;
	enum masq_status status;
	int n = 0;

	kit_config(&c);
	c.quirks = quirks;
	do {
		e = (struct masq_engine *)&c; /* to be overwritten */
		failing = n++;
		status = masq_engine_new(&c, &e);
		failing = NEVER;
		if (status != MASQ_OK) {
			assert_int_equal(status, MASQ_ERR_NOMEM);
			assert_null(e);
		}
	} while (status != MASQ_OK);
	assert_in_range(n, 6, 20);
	assert_non_null(e);
	masq_engine_free(e);
}

static void test_new(void **state)
{
	(void)state;
	check_all(MASQ_QUIRKS_ALL);
	check_all(MASQ_QUIRKS_NONE);
}

/* Nothing is taken while packets pass, nor by listings and resets. */
static void test_none_later(void **state)
{
	struct kit *k = kit_new();
	struct kit_packet p = {.src = ADDR_C, .dst = ADDR_S, .proto = 6};
	unsigned int before, kits = 0;
	char out[1024];

	(void)state;
	before = num_allocations;
	for (uint32_t i = 0; i < 2000; i++, kits++) {
		p.sport = (uint16_t)i;
		p.frag = i % 3 == 0 ? 0x2000 : 0;
		p.payload_len = i;
		kit_packet(k, MASQ_INSIDE, &p);
	}
	masq_proc_format(k->engine, out, sizeof(out));
	masq_engine_reset(k->engine);
	/* The kit itself copies each packet once. */
	assert_int_equal(num_allocations - before, kits);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_none_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
