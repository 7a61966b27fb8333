/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target_test.c - a whole file or none, and never over what is being read
 */
#define _XOPEN_SOURCE 700 /* for symlink(), mkfifo(), setrlimit() */

#include "support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct cap_writer *create(const char *path)
{
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];

	if (cap_create(path, CAP_FORMAT_SLL2, &writer, error) != CAP_OK)
		fail_msg("%s", error);
	return writer;
}

static void put_text(const char *path, const char *text)
{
	FILE *stream = fopen(path, "wb");

	assert_non_null(stream);
	fputs(text, stream);
	assert_int_equal(fclose(stream), 0);
}

static size_t size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (size_t)st.st_size;
}

/* Creating path must fail. */
static enum cap_status fail_create(const char *path, char *error)
{
	struct cap_writer *writer;
	enum cap_status status = cap_create(path, CAP_FORMAT_SLL2, &writer,
					    error);

	assert_null(writer);
	return status;
}

static void test_new_file(void **state)
{
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	mode_t umask_before = umask(027);
	struct stat st;

	(void)state;
	writer = create("./new");
	assert_int_equal(access("new", F_OK), -1);
	assert_int_equal(count_files(), 1);
	assert_int_equal(cap_commit(writer, error), CAP_OK);
	assert_int_equal(count_files(), 1);
	assert_int_equal(stat("new", &st), 0);
	assert_int_equal(st.st_size, 24);
	assert_int_equal(st.st_mode & 0777, 0640);
	umask(umask_before);
	unlink("new");
}

static void test_discard(void **state)
{
	struct cap_writer *writer;

	(void)state;
	put_text("kept", "old");
	writer = create("kept");
	assert_int_equal(cap_flush(writer), CAP_OK);
	assert_int_equal(count_files(), 2);
	cap_discard(writer);
	cap_discard(NULL);
	assert_int_equal(count_files(), 1);
	assert_int_equal(size_of("kept"), 3);
	unlink("kept");
}

/* Two at once, and the leavings of a dead process, do not meet. */
static void test_two(void **state)
{
	struct cap_writer *first = create("a");
	struct cap_writer *second = create("a");
	char error[CAP_ERROR_SIZE];

	(void)state;
	assert_int_equal(count_files(), 2);
	assert_int_equal(cap_commit(second, error), CAP_OK);
	assert_int_equal(cap_commit(first, error), CAP_OK);
	assert_int_equal(count_files(), 1);
	unlink("a");
}

/* A link stays a link, and its file is replaced. */
static void test_symlink(void **state)
{
	struct stat st;
	char error[CAP_ERROR_SIZE];

	(void)state;
	put_text("file", "old");
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(cap_commit(create("link"), error), CAP_OK);
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(size_of("file"), 24);
	assert_int_equal(count_files(), 2);
	unlink("file");
	unlink("link");
}

/* The folder is as it was after the disk has become full. */
static void test_failed_write(void **state)
{
	static uint8_t data[60000];
	struct cap_record record = {.side = CAP_INSIDE,
				    .dir = CAP_ARRIVED,
				    .data = data,
				    .len = sizeof(data)};
	struct rlimit before, limit;
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	enum cap_status status = CAP_OK;
	enum cap_status committed;

	(void)state;
	put_text("full", "old");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 100000;
	writer = create("full");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (unsigned int i = 0; i < 100 && status == CAP_OK; i++)
		status = cap_write(writer, &record);
	committed = cap_flush(writer) == status ? status : CAP_OK;
	setrlimit(RLIMIT_FSIZE, &before);

	assert_int_equal(status, CAP_ERR_IO);
	assert_int_equal(committed, CAP_ERR_IO);
	assert_string_equal(cap_writer_error(writer),
			    "full: cannot be written: File too large");
	assert_int_equal(cap_write(writer, &record), CAP_ERR_IO);
	assert_int_equal(cap_commit(writer, error), CAP_ERR_IO);
	assert_string_equal(error, "full: cannot be written: File too large");
	assert_int_equal(count_files(), 1);
	assert_int_equal(size_of("full"), 3);
	unlink("full");
}

/* The name became a folder meanwhile. */
static void test_failed_rename(void **state)
{
	struct cap_writer *writer = create("name");
	char error[CAP_ERROR_SIZE];

	(void)state;
	assert_int_equal(mkdir("name", 0700), 0);
	assert_int_equal(cap_commit(writer, error), CAP_ERR_IO);
	assert_string_equal(error, "name: cannot be finished: Is a directory");
	assert_int_equal(count_files(), 1);
	rmdir("name");
}

static void test_not_created(void **state)
{
	char error[CAP_ERROR_SIZE];

	(void)state;
	assert_int_equal(fail_create("absent/file", error), CAP_ERR_OPEN);
	assert_string_equal(error, "absent/file: cannot be created: No such "
				   "file or directory");
	assert_int_equal(fail_create(".", error), CAP_ERR_OPEN);
	assert_string_equal(error, ".: cannot be created: Is a directory");
	assert_int_equal(fail_create("", error), CAP_ERR_OPEN);
	assert_int_equal(count_files(), 0);
}

/* A device is written itself, and is one afterwards. */
static void test_device(void **state)
{
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	struct stat st;

	(void)state;
	assert_int_equal(cap_commit(create("/dev/null"), error), CAP_OK);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	writer = create("/dev/full");
	assert_int_equal(cap_commit(writer, error), CAP_ERR_IO);
	assert_string_equal(
		error, "/dev/full: cannot be written: No space left on device");
}

static void test_named_pipe(void **state)
{
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	uint8_t octets[64];
	int fd;

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	fd = open("pipe", O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	writer = create("pipe");
	assert_int_equal(cap_commit(writer, error), CAP_OK);
	assert_int_equal(read(fd, octets, sizeof(octets)), 24);
	close(fd);
	unlink("pipe");
}

/* Under any name the file being read is not written over. */
static void test_over_input(void **state)
{
	static const char *const names[] = {"input", "./input", "symbolic",
					    "hard"};
	struct cap_reader *reader;
	struct cap_writer *writer;
	struct image image;
	char error[CAP_ERROR_SIZE];

	(void)state;
	image_start(&image, false, MAGIC_US, LINKTYPE_SLL2);
	image_save(&image, "input");
	image_save(&image, "outside");
	assert_int_equal(symlink("input", "symbolic"), 0);
	assert_int_equal(link("input", "hard"), 0);
	assert_int_equal(cap_open("outside", "input", NULL, &reader, error),
			 CAP_OK);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(cap_create_from(reader, names[i],
						 CAP_FORMAT_SLL2, &writer,
						 error),
				 CAP_ERR_ARGUMENT);
		assert_null(writer);
		assert_non_null(strstr(error, "is being read"));
	}
	assert_int_equal(count_files(), 4);
	assert_int_equal(cap_create_from(reader, "other", CAP_FORMAT_SLL2,
					 &writer, error),
			 CAP_OK);
	cap_discard(writer);
	/* Not a file: it may be read and written. */
	assert_int_equal(cap_create_from(reader, "/dev/null", CAP_FORMAT_SLL2,
					 &writer, error),
			 CAP_OK);
	cap_discard(writer);
	cap_close(reader);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	unlink("outside");
}

/* ... | masqcheck ... - >> input */
static void test_over_input_stdout(void **state)
{
	int stdout_before = dup(STDOUT_FILENO);
	struct cap_reader *reader;
	struct cap_writer *writer;
	struct image image;
	enum cap_status status;
	char error[CAP_ERROR_SIZE];
	int fd;

	(void)state;
	image_start(&image, false, MAGIC_US, LINKTYPE_SLL2);
	image_save(&image, "input");
	assert_int_equal(cap_open("input", NULL, NULL, &reader, error), CAP_OK);
	fd = open("input", O_WRONLY | O_APPEND);
	assert_true(fd >= 0);
	fflush(stdout);
	assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
	status = cap_create_from(reader, "-", CAP_FORMAT_SLL2, &writer, error);
	assert_int_equal(dup2(stdout_before, STDOUT_FILENO), STDOUT_FILENO);
	assert_int_equal(status, CAP_ERR_ARGUMENT);
	assert_non_null(strstr(error, "standard output: is being read"));
	close(stdout_before);
	close(fd);
	cap_close(reader);
	unlink("input");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_file),
		cmocka_unit_test(test_discard),
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_symlink),
		cmocka_unit_test(test_failed_write),
		cmocka_unit_test(test_failed_rename),
		cmocka_unit_test(test_not_created),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_named_pipe),
		cmocka_unit_test(test_over_input),
		cmocka_unit_test(test_over_input_stdout),
	};

	return cmocka_run_group_tests_name("pcaps.target", tests, enter_folder,
					   leave_folder);
}
