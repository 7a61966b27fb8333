/* SPDX-License-Identifier: Apache-2.0 */
/* support.c - what the tests of results share */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

int enter_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/masqcheck-reports-XXXXXX");
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

int leave_folder(void **state)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	(void)state;
	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    unlink(entry->d_name) != 0)
			rmdir(entry->d_name);
	closedir(dir);
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

char *slurp(const char *path, size_t *out_len)
{
	FILE *file = fopen(path, "rb");
	char *text;
	long size;

	if (file == NULL)
		fail_msg("%s: not there", path);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	assert_true(size >= 0);
	rewind(file);
	text = malloc((size_t)size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)size, file), size);
	text[size] = '\0';
	fclose(file);
	if (out_len != NULL)
		*out_len = (size_t)size;
	return text;
}

void spill(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

void assert_no_leftovers(void)
{
	DIR *dir = opendir(".");
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, ".masqcheck", 10) == 0)
			fail_msg("%s was left behind", entry->d_name);
	closedir(dir);
}

void assert_golden(const char *path, const char *name)
{
	char golden[512];
	char *actual, *expected;
	size_t len, expected_len;

	snprintf(golden, sizeof(golden), "%s/%s", REP_GOLDEN, name);
	actual = slurp(path, &len);
	if (getenv("MASQCHECK_GOLDEN") != NULL)
		spill(golden, actual, len);
	expected = slurp(golden, &expected_len);
	assert_string_equal(actual, expected);
	assert_int_equal(len, expected_len);
	free(actual);
	free(expected);
}

struct rep_results *read_golden(const char *name)
{
	struct rep_results *results = rep_results_new();
	char golden[512], error[REP_ERROR_SIZE] = "";
	bool partial;

	assert_non_null(results);
	snprintf(golden, sizeof(golden), "%s/%s", REP_GOLDEN, name);
	if (rep_results_read(results, golden, &partial, error) != REP_OK)
		fail_msg("%s", error);
	assert_false(partial);
	return results;
}

struct rep_results *read_text(const char *text)
{
	struct rep_results *results = rep_results_new();
	char error[REP_ERROR_SIZE] = "";
	bool partial;

	assert_non_null(results);
	spill("text.jsonl", text, strlen(text));
	if (rep_results_read(results, "text.jsonl", &partial, error) != REP_OK)
		fail_msg("%s", error);
	return results;
}
