/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libfuzzer.c - a target under libFuzzer
 *
 * libFuzzer ends with 77 on a finding, which CTest and automake take for
 * "skipped": here it ends with 1, unless its command line says otherwise.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ask.h"
#include "determinism.h"
#include "fresh.h"
#include "mutator.h"
#include "reach.h"
#include "target.h"

static struct fuzz_mutator *mutator;

#define MAX_ARGUMENTS 4096

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void end(void)
{
	if (fuzz_target.end != NULL)
		fuzz_target.end();
	fuzz_reach_write();
}

/*
 * Puts options in front of all others, which win over them. Weighing inputs by
 * how rare their features are costs twice what the engine does.
 */
static void set_options(int *argc, char ***argv)
{
	static char exit_code[] = "-error_exitcode=1";
	static char weights[] = "-entropic=0";
	static char *list[MAX_ARGUMENTS + 3];

	if (*argc < 1 || *argc > MAX_ARGUMENTS)
		return;
	list[0] = (*argv)[0];
	list[1] = exit_code;
	list[2] = weights;
	for (int i = 1; i < *argc; i++)
		list[i + 2] = (*argv)[i];
	*argc += 2;
	*argv = list;
}

/* Are files to be executed, and no folder of them fuzzed? */
static bool is_replay(int argc, char **argv)
{
	struct stat status;
	bool any = false;

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-')
			continue;
		if (stat(argv[i], &status) != 0 || !S_ISREG(status.st_mode))
			return false;
		any = true;
	}
	return any;
}

static void usage(FILE *out)
{
	fprintf(out,
		"Usage: masqcheck-fuzz-%s [-option=value...] FOLDER...\n"
		"       masqcheck-fuzz-%s [-option=value...] FILE...\n"
		"\n"
		"Property: %s.\n"
		"\n"
		"Fuzzes from the inputs in all folders, and keeps new ones in\n"
		"the first; or plays files once. \"masqcheck fuzz\" does all of\n"
		"a campaign.\n"
		"\n"
		"  -help=1            libFuzzer's own options, which have one "
		"dash\n"
		"  --help             print this\n"
		"\n" FUZZ_ASK_USAGE "\n"
		"Exit status: 0 all hold, 1 a finding (or a crash), 2 usage,\n"
		"3 something is broken.\n",
		fuzz_target.name, fuzz_target.name, fuzz_target.property);
}

/* libFuzzer passes by what begins with two dashes, and fuzzes. */
static void read_own_options(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			usage(stdout);
			exit(fflush(stdout) == 0 ? 0 : 3);
		}
		if (strncmp(argv[i], "--", 2) == 0) {
			fprintf(stderr,
				"%s: there is no such option; see --help\n",
				argv[i]);
			exit(2);
		}
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int code;

	if (fuzz_ask(*argc, *argv, &code))
		exit(code);
	read_own_options(*argc, *argv);
	set_options(argc, argv);
	fuzz_fresh_begin(*argc, *argv);
	if (is_replay(*argc, *argv))
		fuzz_play_all_twice();
	if (!fuzz_target.begin())
		exit(3);
	atexit(end);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_target.run(data, size);
	fuzz_fresh_filter(size);
	return 0;
}

/* libFuzzer's own, for what is no capture. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size,
				 const uint8_t *b, size_t b_size, uint8_t *out,
				 size_t max, unsigned int seed);

static bool has_mutator(void)
{
	if (mutator == NULL && !fuzz_target.is_text)
		mutator = fuzz_mutator_new(fuzz_target.helper);
	return mutator != NULL;
}

/* One in so many is left to libFuzzer: it knows nothing of captures. */
#define BLIND 16u

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	size_t new_size;

	if (seed % BLIND == 0 || !has_mutator())
		new_size = LLVMFuzzerMutate(data, size, max);
	else
		new_size = fuzz_mutate(mutator, data, size, max, seed);
	fuzz_fresh_mutated(size, new_size);
	return new_size;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size,
				 const uint8_t *b, size_t b_size, uint8_t *out,
				 size_t max, unsigned int seed)
{
	size_t len = 0;

	if (has_mutator()) {
		len = fuzz_cross(mutator, a, a_size, b, b_size, out, max, seed);
		fuzz_fresh_mutated(a_size, len);
		return len;
	}
	for (; len < a_size / 2 && len < max; len++)
		out[len] = a[len];
	for (size_t i = b_size / 2; i < b_size && len < max; i++)
		out[len++] = b[i];
	fuzz_fresh_mutated(a_size, len);
	return len;
}
