/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory_test.c - each allocation fails once: an error, and nothing leaks
 *
 * The linker puts the functions here in place of the library's (--wrap);
 * jansson is told of them, except for its reader, which does not survive it
 * (2.14). What libxml2 allocates is not ours to fail.
 */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "sample.h"

/* Allocations until one fails; 0: none does. */
static unsigned int countdown;

static char error[REP_ERROR_SIZE];

/* True if this is the one. */
static bool fails(void)
{
	if (countdown == 0 || --countdown > 0)
		return false;
	errno = ENOMEM;
	return true;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t num, size_t size);
void *__wrap_calloc(size_t num, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__real_strndup(const char *text, size_t len);
char *__wrap_strndup(const char *text, size_t len);
char *__real_realpath(const char *path, char *out);
char *__wrap_realpath(const char *path, char *out);
FILE *__real_open_memstream(char **text, size_t *len);
FILE *__wrap_open_memstream(char **text, size_t *len);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t num, size_t size)
{
	return fails() ? NULL : __real_calloc(num, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t len)
{
	return fails() ? NULL : __real_strndup(text, len);
}

char *__wrap_realpath(const char *path, char *out)
{
	return fails() ? NULL : __real_realpath(path, out);
}

FILE *__wrap_open_memstream(char **text, size_t *len)
{
	return fails() ? NULL : __real_open_memstream(text, len);
}

static bool in_reader;

static void *json_malloc(size_t size)
{
	return in_reader ? __real_malloc(size) : __wrap_malloc(size);
}

/* All of it: written, read, rendered in a format, compared. */
static enum rep_status store(void)
{
	struct rep_store *store;
	enum rep_status status, closed;

	status = rep_store_create("m.jsonl", &sample_run, &store, error);
	if (status != REP_OK)
		return status;
	for (size_t i = 0; i < sample_num_cases && status == REP_OK; i++)
		status = rep_store_add(store, &sample_cases[i]);
	closed = rep_store_close(store, false, error);
	return status != REP_OK ? status : closed;
}

static enum rep_status fill(struct rep_results *results)
{
	enum rep_status status = rep_results_set_run(results, &sample_run);
	bool partial;

	for (size_t i = 0; i < sample_num_cases && status == REP_OK; i++)
		status = rep_results_add(results, &sample_cases[i]);
	in_reader = true;
	if (status == REP_OK)
		status = rep_results_read(results, "m.jsonl", &partial, error);
	in_reader = false;
	return status;
}

static enum rep_format wanted;

static enum rep_status load(void)
{
	struct rep_results *results = rep_results_new();
	struct rep_results *against = rep_results_new();
	enum rep_status status = REP_ERR_NOMEM;

	if (results != NULL && against != NULL)
		status = fill(results);
	if (status == REP_OK)
		status = rep_render(results, against, wanted, "m.out", false,
				    error);
	rep_results_free(results);
	rep_results_free(against);
	return status;
}

/* Is the file as it was when nothing failed? */
static void assert_same(const char *path)
{
	char *actual, *expected;

	countdown = 0;
	actual = slurp(path, NULL);
	expected = slurp("good", NULL);
	assert_string_equal(actual, expected);
	free(actual);
	free(expected);
}

/* Fails the first allocation, then the second, ... until all goes well. */
static void run_out(enum rep_status (*task)(void), const char *result)
{
	unsigned int n = 0;
	enum rep_status status;
	bool failed;

	assert_int_equal(task(), REP_OK);
	assert_int_equal(rename(result, "good"), 0);
	do {
		countdown = ++n;
		error[0] = '\0';
		status = task();
		failed = countdown == 0;
		/* Unless there was a second try, and all is there. */
		if (status == REP_OK)
			assert_same(result);
		else if (status != REP_ERR_IO)
			assert_int_equal(status, REP_ERR_NOMEM);
		assert_no_leftovers();
	} while (failed && n < 10000);
	countdown = 0;
	assert_int_equal(status, REP_OK);
	assert_true(n > 10);
}

static void test_store(void **state)
{
	(void)state;
	run_out(store, "m.jsonl");
}

static void test_load(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < REP_NUM_FORMATS; i++) {
		wanted = (enum rep_format)i;
		assert_int_equal(store(), REP_OK);
		run_out(load, "m.out");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store),
		cmocka_unit_test(test_load),
	};

	json_set_alloc_funcs(json_malloc, free);
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
