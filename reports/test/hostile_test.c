/* SPDX-License-Identifier: Apache-2.0 */
/* hostile_test.c - results cut and damaged at every octet: no crash */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const names[] = {"new.jsonl", "old.jsonl"};

/* A copy of a golden file that can be damaged; the current folder's "h". */
static int open_copy(const char *name, char **out_text, size_t *out_len)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", REP_GOLDEN, name);
	*out_text = slurp(path, out_len);
	spill("h", *out_text, *out_len);
	fd = open("h", O_RDWR);
	assert_true(fd >= 0);
	return fd;
}

/* Reads "h": results, which can be rendered, or an error with file, line. */
static enum rep_status read_it(bool and_render, bool *out_partial)
{
	struct rep_results *results = rep_results_new();
	char error[REP_ERROR_SIZE] = "";
	enum rep_status status = rep_results_read(results, "h", out_partial,
						  error);

	if (status == REP_OK && and_render) {
		for (unsigned int i = 0; i < REP_NUM_FORMATS; i++)
			assert_int_equal(rep_render(results, NULL,
						    (enum rep_format)i,
						    "/dev/null", true, error),
					 REP_OK);
	} else if (status != REP_OK) {
		assert_int_equal(status, REP_ERR_FORMAT);
		assert_int_equal(strncmp(error, "h:", 2), 0);
		assert_int_equal(rep_results_num(results), 0);
	}
	rep_results_free(results);
	return status;
}

/* Cut anywhere, as by a kill: always results. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2; k++) {
		size_t len;
		char *text;
		int fd = open_copy(names[k], &text, &len);

		for (size_t i = len; i-- > 0;) {
			bool partial;

			assert_int_equal(ftruncate(fd, (off_t)i), 0);
			assert_int_equal(read_it(i % 16 == 0, &partial),
					 REP_OK);
			/* Nothing is lost but what is not whole. */
			if (i == 0 || text[i - 1] == '\n' || text[i] == '\n')
				assert_false(partial);
			else
				assert_true(partial);
		}
		close(fd);
		free(text);
	}
}

static void test_damage(void **state)
{
	static const char values[] = {'\0', '\n', '"',    '{',
				      '0',  '\\', '\xff', ','};

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		size_t len, good = 0;
		char *text;
		int fd = open_copy(names[k], &text, &len);

		for (size_t i = 0; i < len; i++) {
			for (size_t v = 0; v < sizeof(values); v++) {
				bool partial;

				assert_int_equal(
					pwrite(fd, &values[v], 1, (off_t)i), 1);
				good += read_it((i + v) % 16 == 0, &partial) ==
					REP_OK;
			}
			assert_int_equal(pwrite(fd, &text[i], 1, (off_t)i), 1);
		}
		assert_true(good > 0);
		close(fd);
		free(text);
	}
}

/* Deep and wide. */
static void test_large(void **state)
{
	static const char run[] = "{\"type\":\"run\",\"format\":1}\n";
	size_t len = sizeof(run) - 1 + 100000;
	char *text = malloc(len);
	bool partial;

	(void)state;
	memcpy(text, run, sizeof(run) - 1);
	memset(text + sizeof(run) - 1, '[', 100000);
	spill("h", text, len);
	assert_int_equal(read_it(false, &partial), REP_ERR_FORMAT);
	memset(text + sizeof(run) - 1, '{', 100000);
	spill("h", text, len);
	assert_int_equal(read_it(false, &partial), REP_OK);
	assert_true(partial);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
