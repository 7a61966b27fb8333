/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutator_afl.c - the mutator as a shared object for AFL++
 *
 *     AFL_CUSTOM_MUTATOR_LIBRARY=.../libmasqcheck-mutator.so afl-fuzz ...
 *
 * MASQCHECK_FUZZ_HELPER names the helper that it is to speak most with
 * ("ftp"); without it all are alike.
 */
#include <stdlib.h>
#include <string.h>

#include "mutator.h"

/* More than a campaign's inputs have, and than is worth a test's time. */
#define OUT_SIZE (1u << 18)

struct afl_mutator {
	struct fuzz_mutator *mutator;
	uint32_t seed; /* of the next call */
	uint8_t out[OUT_SIZE];
};

/* AFL++'s names. */
__attribute__((visibility("default"))) void *afl_custom_init(void *afl,
							     unsigned int seed);
__attribute__((visibility("default"))) size_t afl_custom_fuzz(
	void *data, uint8_t *buf, size_t len, uint8_t **out, uint8_t *other,
	size_t other_len, size_t max);
__attribute__((visibility("default"))) void afl_custom_deinit(void *data);

void afl_custom_deinit(void *data)
{
	struct afl_mutator *m = data;

	if (m != NULL)
		fuzz_mutator_free(m->mutator);
	free(m);
}

void *afl_custom_init(void *afl, unsigned int seed)
{
	struct afl_mutator *m = calloc(1, sizeof(*m));

	(void)afl;
	if (m == NULL)
		return NULL;
	m->seed = seed;
	m->mutator = fuzz_mutator_new(getenv("MASQCHECK_FUZZ_HELPER"));
	if (m->mutator != NULL)
		return m;
	afl_custom_deinit(m);
	return NULL;
}

/* One in so many is a crossing with the other input of AFL++'s choice. */
#define CROSS 8u

size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t len, uint8_t **out,
		       uint8_t *other, size_t other_len, size_t max)
{
	struct afl_mutator *m = data;
	const uint32_t seed = m->seed++;

	if (max > OUT_SIZE)
		max = OUT_SIZE;
	*out = m->out;
	if (other != NULL && other_len != 0 && seed % CROSS == 0)
		return fuzz_cross(m->mutator, buf, len, other, other_len,
				  m->out, max, seed * 0x9e3779b1u);
	if (len > max)
		len = max;
	if (len != 0)
		memcpy(m->out, buf, len);
	return fuzz_mutate(m->mutator, m->out, len, max, seed * 0x9e3779b1u);
}
