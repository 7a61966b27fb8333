/* SPDX-License-Identifier: Apache-2.0 */
/* store_test.c - files of results: written, killed, on a full disk */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sample.h"

static char error[REP_ERROR_SIZE];

static void write_results(const char *path, const struct rep_run *run,
			  const struct rep_case *cases, size_t num)
{
	struct rep_store *store;

	assert_int_equal(rep_store_create(path, run, &store, error), REP_OK);
	for (size_t i = 0; i < num; i++)
		assert_int_equal(rep_store_add(store, &cases[i]), REP_OK);
	assert_int_equal(rep_store_close(store, false, error), REP_OK);
}

static void test_golden(void **state)
{
	(void)state;
	write_results("new.jsonl", &sample_run, sample_cases, sample_num_cases);
	assert_golden("new.jsonl", "new.jsonl");
	/* Over a longer file: nothing of that is left. */
	write_results("new.jsonl", &sample_old_run, sample_old_cases,
		      sample_num_old_cases);
	assert_golden("new.jsonl", "old.jsonl");
}

static void test_refused(void **state)
{
	const struct rep_case no_id = {.verdict = REP_PASS};
	const struct rep_case empty_id = {.id = "", .verdict = REP_PASS};
	const struct rep_case no_verdict = {.id = "a"};
	const struct rep_case good = {.id = "a", .verdict = REP_PASS};
	struct rep_store *store;
	struct rep_results *results;
	char *text;

	(void)state;
	assert_int_equal(
		rep_store_create("r.jsonl", &sample_old_run, &store, error),
		REP_OK);
	assert_int_equal(rep_store_add(store, &no_id), REP_ERR_FORMAT);
	assert_int_equal(rep_store_add(store, &empty_id), REP_ERR_FORMAT);
	assert_int_equal(rep_store_add(store, &no_verdict), REP_ERR_FORMAT);
	assert_int_equal(rep_store_add(store, &good), REP_OK);
	assert_int_equal(rep_store_close(store, true, error), REP_OK);
	assert_int_equal(rep_store_close(NULL, true, error), REP_OK);
	text = slurp("r.jsonl", NULL);
	results = read_text(text);
	assert_int_equal(rep_results_num(results), 1);
	assert_int_equal(rep_results_num_unfinished(results), 1);
	assert_true(rep_results_failed(results));
	rep_results_free(results);
	free(text);
}

static void test_cannot_create(void **state)
{
	struct rep_store *store;

	(void)state;
	assert_int_equal(
		rep_store_create("no/such/folder", &sample_run, &store, error),
		REP_ERR_IO);
	assert_null(store);
	assert_string_equal(error, "no/such/folder: cannot be created: No such "
				   "file or directory");
	assert_int_equal(rep_store_create(".", &sample_run, &store, error),
			 REP_ERR_IO);
	assert_int_equal(
		rep_store_create("/dev/full", &sample_run, &store, error),
		REP_ERR_IO);
	assert_string_equal(error, "/dev/full: cannot be written: No space "
				   "left on device");
}

/* A disk that gets full in the midst: a limit on the size of files. */
static void test_full(void **state)
{
	const struct rlimit no_limit = {RLIM_INFINITY, RLIM_INFINITY};
	struct rlimit limit = no_limit;
	struct rep_results *results;
	struct rep_store *store;
	enum rep_status status = REP_OK;
	size_t added = 0, len;
	char *text;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = 1000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(
		rep_store_create("full.jsonl", &sample_run, &store, error),
		REP_OK);
	while (status == REP_OK && added < 1000) {
		status = rep_store_add(store, &sample_cases[3]);
		added += status == REP_OK;
	}
	assert_int_equal(status, REP_ERR_IO);
	/* Room again, but the file is done for. */
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(rep_store_add(store, &sample_cases[3]), REP_ERR_IO);
	assert_int_equal(rep_store_close(store, false, error), REP_ERR_IO);
	assert_non_null(strstr(error, "full.jsonl: cannot be written: "));
	/* The half line was taken back. */
	text = slurp("full.jsonl", &len);
	assert_int_equal(text[len - 1], '\n');
	results = read_text(text);
	assert_int_equal(rep_results_num(results), 1);
	assert_int_equal(rep_results_num_unfinished(results), 1);
	rep_results_free(results);
	free(text);
}

static void test_stdout(void **state)
{
	int saved = dup(STDOUT_FILENO);
	struct rep_results *results;
	struct rep_store *store;
	char *text;

	(void)state;
	fflush(stdout);
	assert_non_null(freopen("stdout.jsonl", "w", stdout));
	assert_int_equal(rep_store_create("-", &sample_old_run, &store, error),
			 REP_OK);
	assert_int_equal(rep_store_add(store, &sample_old_cases[0]), REP_OK);
	assert_int_equal(rep_store_close(store, false, error), REP_OK);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	text = slurp("stdout.jsonl", NULL);
	results = read_text(text);
	assert_int_equal(rep_results_num(results), 1);
	assert_false(rep_results_failed(results));
	rep_results_free(results);
	free(text);
}

/* Appends until it is killed. */
static _Noreturn void append_for_ever(void)
{
	struct rep_case result = sample_cases[0];
	struct rep_store *store;
	char id[32];

	if (rep_store_create("killed.jsonl", &sample_run, &store, error) !=
	    REP_OK)
		_exit(1);
	for (unsigned int i = 0;; i++) {
		snprintf(id, sizeof(id), "killed/%08u", i);
		result.id = id;
		if (rep_store_add(store, &result) != REP_OK)
			_exit(1);
	}
}

static void kill_one(long delay)
{
	const struct timespec pause = {.tv_nsec = delay};
	struct rep_results *results = rep_results_new();
	bool partial;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		append_for_ever();
	nanosleep(&pause, NULL);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	if (access("killed.jsonl", F_OK) == 0) {
		assert_int_equal(rep_results_read(results, "killed.jsonl",
						  &partial, error),
				 REP_OK);
		assert_int_equal(rep_results_num_unfinished(results), 1);
		for (size_t i = 0; i < rep_results_num(results); i++)
			assert_string_equal(rep_results_get(results, i)->repeat,
					    sample_cases[0].repeat);
		unlink("killed.jsonl");
	}
	rep_results_free(results);
}

static void test_kill(void **state)
{
	(void)state;
	for (long i = 0; i < 40; i++)
		kill_one(300000 * i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cannot_create),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_stdout),
		cmocka_unit_test(test_kill),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
