/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regress.c - a target as a plain program, for any compiler
 *
 * It plays files in the order of their names, folders with all that is in
 * them. Each is in memory of its exact size, so that a sanitizer sees a read
 * behind its end. A finding ends it, with the name of the file said.
 */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "determinism.h"
#include "reach.h"
#include "regress.h"
#include "target.h"

enum {
	EXIT_PLAYED = 0,
	EXIT_FOUND = 1,
	EXIT_USAGE = 2,
	EXIT_BROKEN = 3,
	EXIT_NOTHING = 4,
};

/* What is being played, for the signal handler. */
static const char *playing = "";

struct file {
	char *path;
	uint8_t *data;
	size_t len;
};

struct files {
	struct file *items;
	size_t num, max;
};

static void usage(FILE *out)
{
	fprintf(out,
		"Usage: masqcheck-fuzz-%s [-runs=N] FILE|FOLDER...\n"
		"\n"
		"Property: %s.\n"
		"\n"
		"Plays each file, and all files of each folder, in the order\n"
		"of their names.\n"
		"\n"
		"  -runs=N   play all of them N times, and say how long it "
		"took\n"
		"  --help    print this\n"
		"\n" FUZZ_ASK_USAGE "\n"
		"Exit status: 0 all hold, 1 a finding (or a crash), 2 usage,\n"
		"3 a file cannot be read, 4 there was no file.\n",
		fuzz_target.name, fuzz_target.property);
}

/* ---- a crash ---------------------------------------------------------- */

static void say_file(void)
{
	const char *texts[] = {"masqcheck-file: ", playing, "\n"};

	for (unsigned int i = 0; i < 3; i++)
		if (write(STDERR_FILENO, texts[i], strlen(texts[i])) < 0)
			return;
}

static void on_signal(int number)
{
	const char *name = number == SIGSEGV  ? "SIGSEGV"
			   : number == SIGBUS ? "SIGBUS"
			   : number == SIGFPE ? "SIGFPE"
			   : number == SIGILL ? "SIGILL"
					      : "SIGABRT";
	const char *texts[] = {"masqcheck-signal: ", name, "\n"};

	for (unsigned int i = 0; i < 3; i++)
		if (write(STDERR_FILENO, texts[i], strlen(texts[i])) < 0)
			break;
	say_file();
	_exit(EXIT_FOUND);
}

/* A sanitizer, where there is one, tells before it ends the process. */
void __sanitizer_set_death_callback(void (*callback)(void))
	__attribute__((weak));

static void expect_crashes(void)
{
	const struct sigaction action = {.sa_handler = on_signal};
	const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

	if (__sanitizer_set_death_callback != NULL) {
		__sanitizer_set_death_callback(say_file);
		sigaction(SIGABRT, &action, NULL);
		return;
	}
	for (unsigned int i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

/* ---- files ------------------------------------------------------------ */

static bool fail(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return false;
}

static bool read_file(struct file *f)
{
	FILE *file = fopen(f->path, "rb");
	struct stat status;
	bool good = false;

	if (file == NULL)
		return fail(f->path);
	if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode)) {
		f->len = (size_t)status.st_size;
		f->data = malloc(f->len > 0 ? f->len : 1);
		good = f->data != NULL &&
		       fread(f->data, 1, f->len, file) == f->len;
	} else {
		errno = EINVAL;
	}
	if (!good)
		fail(f->path);
	fclose(file);
	return good;
}

static bool add_file(struct files *files, const char *path)
{
	struct file f = {.path = strdup(path)};

	if (files->num == files->max) {
		const size_t max = files->max == 0 ? 256 : files->max * 2;
		void *bigger = realloc(files->items, max * sizeof(f));

		if (bigger == NULL || f.path == NULL) {
			free(f.path);
			return fail(path);
		}
		files->items = bigger;
		files->max = max;
	}
	if (f.path == NULL || !read_file(&f)) {
		free(f.path);
		return false;
	}
	files->items[files->num++] = f;
	return true;
}

/* What explains the inputs is none. */
static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       strcmp(entry->d_name, "README") != 0 &&
	       strcmp(entry->d_name, "README.md") != 0;
}

static int by_octets(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_path(struct files *files, const char *path)
{
	struct dirent **list;
	struct stat status;
	bool good = true;
	int num;

	if (stat(path, &status) != 0)
		return fail(path);
	if (!S_ISDIR(status.st_mode))
		return add_file(files, path);
	num = scandir(path, &list, is_input, by_octets);
	if (num < 0)
		return fail(path);
	for (int i = 0; i < num; i++) {
		char inner[4096];

		snprintf(inner, sizeof(inner), "%s/%s", path, list[i]->d_name);
		good = good && add_path(files, inner);
		free(list[i]);
	}
	free(list);
	return good;
}

static void free_files(struct files *files)
{
	for (size_t i = 0; i < files->num; i++) {
		free(files->items[i].path);
		free(files->items[i].data);
	}
	free(files->items);
}

/* ---- playing ---------------------------------------------------------- */

static void play(const struct files *files, unsigned long runs)
{
	struct timespec start, stop;
	double seconds;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (unsigned long run = 0; run < runs; run++)
		for (size_t i = 0; i < files->num; i++) {
			playing = files->items[i].path;
			fuzz_target.run(files->items[i].data,
					files->items[i].len);
		}
	clock_gettime(CLOCK_MONOTONIC, &stop);
	seconds = (double)(stop.tv_sec - start.tv_sec) +
		  (double)(stop.tv_nsec - start.tv_nsec) / 1e9;
	printf("%s: %zu inputs", fuzz_target.name, files->num);
	if (runs > 1)
		printf(", %lu times: %.3f s, %.0f executions/s", runs, seconds,
		       (double)files->num * (double)runs / seconds);
	printf(", no finding\n");
}

static bool read_runs(const char *text, unsigned long *out)
{
	char *end;

	errno = 0;
	*out = strtoul(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
	       *out > 0;
}

int fuzz_regress(int argc, char **argv)
{
	struct files files = {.num = 0};
	unsigned long runs = 1;
	int code = EXIT_PLAYED;

	fuzz_play_all_twice();
	for (int i = 1; i < argc && code == EXIT_PLAYED; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			usage(stdout);
			free_files(&files);
			return EXIT_PLAYED;
		}
		if (strncmp(argv[i], "-runs=", 6) == 0) {
			if (!read_runs(argv[i] + 6, &runs)) {
				fprintf(stderr,
					"%s: expected a number above 0\n",
					argv[i]);
				code = EXIT_USAGE;
			}
		} else if (argv[i][0] == '-') {
			fprintf(stderr, "%s: there is no such option\n",
				argv[i]);
			code = EXIT_USAGE;
		} else if (!add_path(&files, argv[i])) {
			code = EXIT_BROKEN;
		}
	}
	if (code == EXIT_PLAYED && argc < 2)
		code = EXIT_USAGE;
	else if (code == EXIT_PLAYED && files.num == 0)
		code = EXIT_NOTHING;
	if (code == EXIT_USAGE)
		usage(stderr);
	if (code == EXIT_NOTHING)
		fprintf(stderr, "there is no file to play\n");
	if (code == EXIT_PLAYED) {
		expect_crashes();
		if (!fuzz_target.begin()) {
			code = EXIT_BROKEN;
		} else {
			play(&files, runs);
			if (fuzz_target.end != NULL)
				fuzz_target.end();
			fuzz_reach_write();
		}
	}
	free_files(&files);
	return code;
}
