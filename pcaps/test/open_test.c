/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open_test.c - what opens and what does not: files, options, pipes
 */
#define _POSIX_C_SOURCE 200809L /* for pipes */

#include "support.h"

#include <stdlib.h>
#include <unistd.h>

/* Opening the image must fail; error has the text. */
static enum cap_status open_broken(const struct image *image, char *error)
{
	struct cap_reader *reader = NULL;
	enum cap_status status;

	image_save(image, "broken");
	status = cap_open("broken", NULL, NULL, &reader, error);
	assert_null(reader);
	return status;
}

static void test_not_opened(void **state)
{
	struct image image = {.len = 0};
	struct cap_reader *reader;
	char error[CAP_ERROR_SIZE];

	(void)state;
	assert_int_equal(open_broken(&image, error), CAP_ERR_FORMAT);
	assert_non_null(strstr(error, "broken: not a pcap or pcapng file"));
	image_octets(&image, "GIF89a, and no capture at all.", 30);
	assert_int_equal(open_broken(&image, error), CAP_ERR_FORMAT);
	assert_non_null(strstr(error, "broken: not a pcap or pcapng file"));

	image_start(&image, false, MAGIC_US, 105);
	assert_int_equal(open_broken(&image, error), CAP_ERR_LINK);
	assert_string_equal(error,
			    "broken: link type IEEE802_11 is not supported; "
			    "supported are LINUX_SLL2, LINUX_SLL, EN10MB, "
			    "RAW, IPV4, NULL, LOOP");
	image_start(&image, false, MAGIC_US, 60000);
	assert_int_equal(open_broken(&image, error), CAP_ERR_LINK);
	assert_non_null(strstr(error, "link type number 60000 is not"));

	assert_int_equal(cap_open("absent", NULL, NULL, &reader, error),
			 CAP_ERR_OPEN);
	assert_string_equal(error, "absent: cannot be opened: No such file or "
				   "directory");
	assert_null(reader);
	assert_int_equal(cap_open(".", NULL, NULL, &reader, error), CAP_ERR_IO);
	assert_non_null(strstr(error, "Is a directory"));
	cap_close(NULL);
}

static void test_options(void **state)
{
	struct cap_options options;
	struct cap_reader *reader;
	struct image image;
	char error[CAP_ERROR_SIZE];

	(void)state;
	cap_options_init(&options);
	options.outside_if = 1;
	image_start(&image, false, MAGIC_US, LINKTYPE_RAW);
	image_save(&image, "good");
	assert_int_equal(cap_open("good", NULL, &options, &reader, error),
			 CAP_ERR_ARGUMENT);
	assert_null(reader);
	assert_int_equal(cap_open_stream(fopen("good", "rb"), "good", &options,
					 &reader, error),
			 CAP_ERR_ARGUMENT);
	assert_null(reader);
	assert_int_equal(cap_open("-", "-", NULL, &reader, error),
			 CAP_ERR_ARGUMENT);
	assert_null(reader);

	options.outside_if = 2;
	assert_int_equal(cap_open("good", NULL, &options, &reader, error),
			 CAP_OK);
	assert_int_equal(cap_reader_size(reader), 24);
	assert_int_equal(cap_reader_position(reader), 24);
	read_end(reader);
}

/* A name that is longer than an error leaves room for the reason. */
static void test_long_name(void **state)
{
	struct cap_reader *reader;
	char error[CAP_ERROR_SIZE];
	char name[3000];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(cap_open(name, NULL, NULL, &reader, error),
			 CAP_ERR_OPEN);
	assert_non_null(strstr(error, "x: cannot be opened: "));
	assert_true(strlen(error) < 400);
}

/* Standard input as a pipe: no offsets, no size, and it stays open. */
static void test_pipe(void **state)
{
	struct image image;
	struct cap_reader *reader;
	struct cap_record record;
	char error[CAP_ERROR_SIZE];
	int stdin_before = dup(STDIN_FILENO);
	int ends[2];

	(void)state;
	image_start(&image, false, MAGIC_NS, LINKTYPE_SLL2);
	image_sll2(&image, 5, 1, 0);
	image_sll2(&image, 5, 2, 4);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(write(ends[1], image.octets, image.len - 40),
			 image.len - 40);

	/* The first record comes while the second is not there yet. */
	assert_int_equal(cap_open("-", NULL, NULL, &reader, error), CAP_OK);
	record = read_next(reader);
	assert_int_equal(record.offset, 0);
	assert_int_equal(cap_reader_size(reader), 0);
	assert_int_equal(cap_reader_position(reader), 24 + 64);
	assert_int_equal(write(ends[1], image.octets + image.len - 40, 40), 40);
	record = read_next(reader);
	assert_int_equal(record.number, 2);
	assert_int_equal(write(ends[1], image.octets, 7), 7);
	close(ends[1]);
	read_error(reader, "standard input: record 3: truncated dump file; "
			   "tried to read 16 header bytes, only got 7");

	assert_int_equal(dup2(stdin_before, STDIN_FILENO), STDIN_FILENO);
	close(stdin_before);
	close(ends[0]);
}

static void test_closed_stdin(void **state)
{
	struct cap_reader *reader;
	char error[CAP_ERROR_SIZE];
	int stdin_before = dup(STDIN_FILENO);

	(void)state;
	close(STDIN_FILENO);
	assert_int_equal(cap_open("-", NULL, NULL, &reader, error),
			 CAP_ERR_OPEN);
	assert_int_equal(dup2(stdin_before, STDIN_FILENO), STDIN_FILENO);
	close(stdin_before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_opened),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_closed_stdin),
	};

	return cmocka_run_group_tests_name("pcaps.open", tests, enter_folder,
					   leave_folder);
}
