/* SPDX-License-Identifier: Apache-2.0 */
/* bench_time.c - the clock, and medians */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <time.h>

#include "bench.h"

double bench_now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void bench_times_add(struct bench_times *times, double seconds,
		     uint64_t packets)
{
	if (times->num < BENCH_MAX_ROUNDS && packets > 0)
		times->ns[times->num++] = seconds * 1e9 / (double)packets;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double bench_median(const struct bench_times *times)
{
	struct bench_times sorted = *times;

	if (sorted.num == 0)
		return 0;
	qsort(sorted.ns, sorted.num, sizeof(sorted.ns[0]), by_value);
	return (sorted.ns[sorted.num / 2] + sorted.ns[(sorted.num - 1) / 2]) /
	       2;
}
