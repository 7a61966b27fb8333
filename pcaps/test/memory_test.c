/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory_test.c - each allocation fails once: an error, and nothing leaks
 *
 * The linker puts the functions here in place of the library's (--wrap).
 * What libpcap allocates inside is not ours to fail.
 */
#define _XOPEN_SOURCE 700 /* for realpath(), strdup() */

#include "pcaps/sidecar.h"

#include <errno.h>
#include <stdlib.h>

#include "support.h"

/* Allocations until one fails; 0: none does. */
static unsigned int countdown;

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

static enum cap_status use_reader(void)
{
	struct cap_reader *reader;
	struct cap_record record;
	char error[CAP_ERROR_SIZE];
	enum cap_status status = cap_open("capture", "capture", NULL, &reader,
					  error);

	if (status != CAP_OK) {
		assert_null(reader);
		assert_string_equal(error, "out of memory");
		return status;
	}
	while (cap_next(reader, &record) == CAP_OK)
		;
	cap_close(reader);
	return CAP_OK;
}

static enum cap_status use_stream(void)
{
	FILE *stream = fopen("capture", "rb");
	struct cap_reader *reader;
	char error[CAP_ERROR_SIZE];
	enum cap_status status;

	assert_non_null(stream);
	status = cap_open_stream(stream, "x", NULL, &reader, error);
	assert_true((status == CAP_OK) == (reader != NULL));
	cap_close(reader);
	return status;
}

static enum cap_status use_writer(void)
{
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	enum cap_status status = cap_create("capture", CAP_FORMAT_SLL2, &writer,
					    error);

	assert_true((status == CAP_OK) == (writer != NULL));
	cap_discard(writer);
	assert_int_equal(count_files(), 2);
	return status;
}

static enum cap_status use_fd(void)
{
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	enum cap_status status = cap_create_fd(1, "x", CAP_FORMAT_SLL2, &writer,
					       error);

	assert_true((status == CAP_OK) == (writer != NULL));
	cap_discard(writer);
	return status;
}

static enum cap_status use_sidecar(void)
{
	struct cap_sidecar sidecar;
	char error[CAP_ERROR_SIZE];
	enum cap_status status;

	cap_sidecar_init(&sidecar);
	status = cap_sidecar_read(&sidecar, "sidecar", error);
	if (status != CAP_OK) {
		assert_int_equal(sidecar.num_settings, 0);
		assert_null(sidecar.title);
		assert_null(sidecar.path);
	}
	cap_sidecar_cleanup(&sidecar);
	return status;
}

static enum cap_status use_name(void)
{
	char *name = cap_sidecar_name("a.pcap");
	bool failed = name == NULL;

	free(name);
	return failed ? CAP_ERR_IO : CAP_OK;
}

/* Fails the first allocation, the second, ... until all were had. */
static void fail_each(enum cap_status (*use)(void), unsigned int num_expected)
{
	unsigned int num_failed = 0;

	for (unsigned int i = 1; i <= 100; i++) {
		enum cap_status status;

		countdown = i;
		status = use();
		if (countdown > 0) {
			/* None was left to fail. */
			assert_int_equal(status, CAP_OK);
			break;
		}
		if (status != CAP_OK) {
			assert_true(status == CAP_ERR_IO ||
				    status == CAP_ERR_OPEN);
			num_failed++;
		}
	}
	countdown = 0;
	assert_int_equal(num_failed, num_expected);
}

/* A stream's buffer may be missing: it keeps its own. */
static void test_reader(void **state)
{
	(void)state;
	fail_each(use_reader, 3); /* the reader, two names */
	fail_each(use_stream, 2);
}

static void test_writer(void **state)
{
	(void)state;
	fail_each(use_writer, 4); /* itself, name, path, temporary name */
	fail_each(use_fd, 2);
}

static void test_sidecar(void **state)
{
	(void)state;
	/* text, path, title; keys and values of three; room for 1, 2, 4 */
	fail_each(use_sidecar, 3 + 6 + 3);
	fail_each(use_name, 1);
}

static int set_up(void **state)
{
	static const char text[] = "# title\na = 1\nb = 2\nc = 3\n";
	struct image image;

	if (enter_folder(state) != 0)
		return 1;
	image_start(&image, false, MAGIC_US, LINKTYPE_SLL2);
	image_sll2(&image, 1, 1, 0);
	image_save(&image, "capture");
	image.len = 0;
	image_octets(&image, text, sizeof(text) - 1);
	image_save(&image, "sidecar");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reader),
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_sidecar),
	};

	return cmocka_run_group_tests_name("pcaps.memory", tests, set_up,
					   leave_folder);
}
