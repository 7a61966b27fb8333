/* SPDX-License-Identifier: Apache-2.0 */
/* reach.c - counts of what inputs did, in a file for who started us */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "reach.h"

/* The clock is no property of an input: a fuzzer must not see it. */
#ifdef __clang__
#define UNSEEN __attribute__((no_sanitize("coverage")))
#else
#define UNSEEN
#endif

static const char *const names[FUZZ_REACH_NUM] = {
#define NAME(identifier, name) [FUZZ_REACH_##identifier] = (name),
	FUZZ_REACH(NAME)
#undef NAME
};

static uint64_t counts[FUZZ_REACH_NUM];
static time_t written;

UNSEEN void fuzz_reach_add(enum fuzz_reach what, uint64_t num)
{
	counts[what] += num;
}

/* Of this process, ms: who started it need not be who waits for it. */
UNSEEN static uint64_t cpu_time(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return 0;
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
		       1000 +
	       (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) /
		       1000;
}

/* Under a temporary name first: a reader sees all of it or nothing. */
UNSEEN void fuzz_reach_write(void)
{
	const char *path = getenv("MASQCHECK_FUZZ_REACH");
	char name[4096], temporary[4128];
	FILE *file;
	bool good;

	if (path == NULL || path[0] == '\0' ||
	    snprintf(name, sizeof(name), "%s.%ld", path, (long)getpid()) >=
		    (int)sizeof(name))
		return;
	snprintf(temporary, sizeof(temporary), "%s.new", name);
	file = fopen(temporary, "w");
	if (file == NULL)
		return;
	for (unsigned int i = 0; i < FUZZ_REACH_NUM; i++)
		fprintf(file, "%s %" PRIu64 "\n", names[i], counts[i]);
	fprintf(file, "cpu-ms %" PRIu64 "\n", cpu_time());
	good = ferror(file) == 0;
	good = fclose(file) == 0 && good;
	if (!good || rename(temporary, name) != 0)
		unlink(temporary);
}

UNSEEN void fuzz_reach_tick(void)
{
	struct timespec now;

	if (counts[FUZZ_REACH_EXECUTIONS] % 64 != 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec == written)
		return;
	written = now.tv_sec;
	fuzz_reach_write();
}
