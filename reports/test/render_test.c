/* SPDX-License-Identifier: Apache-2.0 */
/* render_test.c - each renderer, octet for octet, and its files */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char error[REP_ERROR_SIZE];

static const struct {
	enum rep_format format;
	const char *name, *against_name, *empty_name;
} formats[] = {
	{REP_TEXT, "new.txt", "against.txt", "empty.txt"},
	{REP_TAP, "new.tap", "against.tap", "empty.tap"},
	{REP_JUNIT, "new.xml", "new.xml", "empty.xml"},
	{REP_JSON, "new.json", "against.json", "empty.json"},
	{REP_MARKDOWN, "new.md", "against.md", "empty.md"},
};

static void render(const struct rep_results *results,
		   const struct rep_results *against, enum rep_format format,
		   const char *path)
{
	if (rep_render(results, against, format, path, false, error) != REP_OK)
		fail_msg("%s", error);
	assert_no_leftovers();
}

static void test_golden(void **state)
{
	struct rep_results *new = read_golden("new.jsonl");
	struct rep_results *old = read_golden("old.jsonl");

	(void)state;
	for (size_t i = 0; i < REP_NUM_FORMATS; i++) {
		render(new, NULL, formats[i].format, "out");
		assert_golden("out", formats[i].name);
		render(new, old, formats[i].format, "out");
		assert_golden("out", formats[i].against_name);
	}
	rep_results_free(new);
	rep_results_free(old);
}

/* No cases, of a run that was killed; no change either. */
static void test_empty(void **state)
{
	struct rep_results *results = rep_results_new();

	(void)state;
	rep_results_set_unfinished(results);
	for (size_t i = 0; i < REP_NUM_FORMATS; i++) {
		render(results, results, formats[i].format, "out");
		assert_golden("out", formats[i].empty_name);
	}
	rep_results_free(results);
}

/* Nor is it a success if nothing ran. */
static void test_nothing(void **state)
{
	struct rep_results *results = rep_results_new();
	char *text;

	(void)state;
	render(results, NULL, REP_TEXT, "out");
	text = slurp("out", NULL);
	assert_string_equal(text, "NOTHING RAN: 0 cases\n");
	free(text);
	render(results, NULL, REP_MARKDOWN, "out");
	text = slurp("out", NULL);
	assert_non_null(strstr(text, "## masqcheck: NOTHING RAN\n"));
	free(text);
	rep_results_free(results);
}

/* Nor if no case could be played: the reason is that of a skip, if any. */
static void test_nothing_played(void **state)
{
	static const struct rep_case cases[] = {
		{.id = "a", .verdict = REP_UNIMPLEMENTED, .reason = "no clock"},
		{.id = "b", .verdict = REP_SKIP, .reason = "no *device*"},
	};
	struct rep_results *results = rep_results_new();
	char *text;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(rep_results_add(results, &cases[i]), REP_OK);
	render(results, NULL, REP_TEXT, "out");
	text = slurp("out", NULL);
	assert_non_null(strstr(text, "NOTHING RAN: 2 cases: "
				     "1 UNIMPLEMENTED, 1 SKIP\n"
				     "    reason:   no *device*\n"));
	assert_ptr_equal(strstr(text, "NOTHING RAN"), text);
	free(text);
	render(results, NULL, REP_MARKDOWN, "out");
	text = slurp("out", NULL);
	assert_non_null(strstr(text, "## masqcheck: NOTHING RAN\n\n"
				     "Reason: no &#42;device&#42;\n"));
	free(text);
	rep_results_free(results);
}

/* Without the escape sequences it is the same text. */
static void test_colour(void **state)
{
	struct rep_results *new = read_golden("new.jsonl");
	struct rep_results *old = read_golden("old.jsonl");
	size_t num = 0;
	char *text, *out;

	(void)state;
	assert_int_equal(rep_render(new, old, REP_TEXT, "out", true, error),
			 REP_OK);
	text = slurp("out", NULL);
	out = text;
	for (const char *in = text; *in != '\0'; in++) {
		if (*in != '\033') {
			*out++ = *in;
			continue;
		}
		in += strcspn(in, "m");
		num++;
	}
	*out = '\0';
	assert_true(num > 10);
	spill("plain", text, strlen(text));
	assert_golden("plain", "against.txt");
	free(text);
	rep_results_free(new);
	rep_results_free(old);
}

/* Sorted, whatever the order in which cases came. */
static void test_order(void **state)
{
	struct rep_results *new = read_golden("new.jsonl");
	struct rep_results *turned = rep_results_new();

	(void)state;
	assert_int_equal(rep_results_set_run(turned, rep_results_run(new, 0)),
			 REP_OK);
	for (size_t i = rep_results_num(new); i > 0; i--)
		assert_int_equal(
			rep_results_add(turned, rep_results_get(new, i - 1)),
			REP_OK);
	for (size_t i = 0; i < REP_NUM_FORMATS; i++) {
		render(turned, NULL, formats[i].format, "out");
		assert_golden("out", formats[i].name);
	}
	rep_results_free(new);
	rep_results_free(turned);
}

/* What a case need not have. */
static void test_bare(void **state)
{
	static const char *const invariants[] = {"INV-01: x"};
	static const struct rep_field no_names[] = {{.actual = "1"}};
	static const struct rep_case cases[] = {
		{.id = "a/1", .verdict = REP_FAIL},
		{.id = "a/2", .verdict = REP_FAIL, .level = "MUST"},
		{.id = "a/3", .verdict = REP_FAIL, .sentence = "It MUST."},
		{.id = "a/4",
		 .verdict = REP_FAIL,
		 .what = "x",
		 .fields = no_names,
		 .num_fields = 1},
		{.id = "a/5",
		 .verdict = REP_ERROR,
		 .invariants = invariants,
		 .num_invariants = 1,
		 .file = "a.case"},
		{.id = "a/6", .verdict = REP_XPASS},
		{.id = "a/7", .verdict = REP_SKIP},
		{.id = "a/8", .verdict = REP_XFAIL, .title = "T"},
	};
	static const struct rep_run run = {.seed = 7};
	struct rep_results *results = rep_results_new();
	static const char *const names[] = {"bare.txt", "bare.tap", "bare.xml",
					    "bare.json", "bare.md"};

	(void)state;
	assert_int_equal(rep_results_set_run(results, &run), REP_OK);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(rep_results_add(results, &cases[i]), REP_OK);
	rep_results_set_unfinished(results);
	rep_results_set_unfinished(results);
	for (size_t i = 0; i < REP_NUM_FORMATS; i++) {
		render(results, NULL, formats[i].format, "out");
		assert_golden("out", names[i]);
	}
	rep_results_free(results);
}

/* More than the summary page of a job can hold. */
static void test_much(void **state)
{
	char *title = malloc(20001);
	struct rep_results *results = rep_results_new();
	struct rep_results *none = rep_results_new();
	char id[16], *text;
	size_t len;

	(void)state;
	memset(title, 'x', 20000);
	title[20000] = '\0';
	for (unsigned int i = 0; i < 200; i++) {
		const struct rep_case result = {
			.id = id, .title = title, .verdict = REP_FAIL};

		snprintf(id, sizeof(id), "case/%u", i);
		assert_int_equal(rep_results_add(results, &result), REP_OK);
	}
	render(results, none, REP_MARKDOWN, "out");
	text = slurp("out", &len);
	assert_true(len < 1024 * 1024);
	assert_non_null(strstr(text, "\nNo room here for "));
	assert_non_null(strstr(text, " more.\n"));
	free(text);
	rep_results_free(none);
	rep_results_free(results);
	free(title);
}

static void test_many_changes(void **state)
{
	struct rep_results *results = rep_results_new();
	struct rep_results *none = rep_results_new();
	char id[32], *text;
	size_t len;

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		const struct rep_case result = {.id = id, .verdict = REP_PASS};

		snprintf(id, sizeof(id), "case/%05u", i);
		assert_int_equal(rep_results_add(results, &result), REP_OK);
	}
	render(results, none, REP_MARKDOWN, "out");
	text = slurp("out", &len);
	assert_true(len < 512 * 1024);
	assert_non_null(strstr(text, "\nNo room here for all 20000.\n"));
	free(text);
	rep_results_free(none);
	rep_results_free(results);
}

static void assert_io(const char *path, const char *reason)
{
	struct rep_results *results = read_golden("new.jsonl");

	for (size_t i = 0; i < REP_NUM_FORMATS; i++) {
		assert_int_equal(rep_render(results, NULL, formats[i].format,
					    path, false, error),
				 REP_ERR_IO);
		if (strstr(error, reason) == NULL)
			fail_msg("%s lacks %s", error, reason);
	}
	assert_no_leftovers();
	rep_results_free(results);
}

static void test_cannot_write(void **state)
{
	char name[301] = "";

	(void)state;
	assert_io("/dev/full", "/dev/full: cannot be written: No space");
	assert_io("no/such/folder", "cannot be created: No such file");
	assert_io(".", ".: cannot be opened: Is a directory");
	memset(name, 'x', 300);
	assert_io(name, "cannot be finished: File name too long");
	if (geteuid() != 0) {
		assert_int_equal(mkdir("closed", 0500), 0);
		assert_io("closed/out", "cannot be created: Permission denied");
	}
}

static void test_files(void **state)
{
	struct rep_results *results = read_golden("new.jsonl");
	struct stat st;

	(void)state;
	/* Through a link: the link stays one. */
	spill("real", "old", 3);
	assert_int_equal(symlink("real", "link"), 0);
	render(results, NULL, REP_TAP, "link");
	assert_golden("real", "new.tap");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	/* By another name than its own folder. */
	assert_int_equal(mkdir("folder", 0700), 0);
	render(results, NULL, REP_TAP, "folder/out");
	assert_golden("folder/out", "new.tap");
	assert_int_equal(unlink("folder/out"), 0);
	/* A device is written, not replaced. */
	render(results, NULL, REP_TAP, "/dev/null");
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	rep_results_free(results);
}

static void test_stdout(void **state)
{
	struct rep_results *results = read_golden("new.jsonl");
	int saved = dup(STDOUT_FILENO);

	(void)state;
	fflush(stdout);
	assert_non_null(freopen("stdout", "w", stdout));
	render(results, NULL, REP_TAP, "-");
	assert_golden("stdout", "new.tap");
	assert_non_null(freopen("/dev/full", "w", stdout));
	assert_int_equal(rep_render(results, NULL, REP_TAP, "-", false, error),
			 REP_ERR_IO);
	assert_int_equal(strncmp(error, "standard output: cannot be", 26), 0);
	assert_non_null(freopen("stdout", "w", stdout));
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	rep_results_free(results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_nothing_played),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_much),
		cmocka_unit_test(test_many_changes),
		cmocka_unit_test(test_cannot_write),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_stdout),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
