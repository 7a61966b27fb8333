/* SPDX-License-Identifier: Apache-2.0 */
/* results_test.c - results in memory, and the difference of two */
#include "support.h"

#include <stdlib.h>

#include "changes.h"
#include "sample.h"
#include "suite.h"
#include "verdict.h"

static void add(struct rep_results *results, const char *id,
		enum rep_verdict verdict)
{
	const struct rep_case result = {.id = id, .verdict = verdict};

	assert_int_equal(rep_results_add(results, &result), REP_OK);
}

static void test_add(void **state)
{
	struct rep_results *results = rep_results_new();
	char id[16];

	(void)state;
	/* Every number below 1009, in an order that is none. */
	for (unsigned int i = 0; i < 1009; i++) {
		snprintf(id, sizeof(id), "case/%04u", i * 541 % 1009);
		add(results, id, REP_PASS);
		add(results, id, i % 2 ? REP_FAIL : REP_SKIP);
		add(results, id, REP_PASS);
	}
	assert_int_equal(rep_results_num(results), 1009);
	for (unsigned int i = 0; i < 1009; i++) {
		snprintf(id, sizeof(id), "case/%04u", i);
		assert_string_equal(rep_results_get(results, i)->id, id);
	}
	assert_int_equal(rep_results_count(results, REP_PASS), 0);
	assert_int_equal(rep_results_count(results, REP_FAIL), 504);
	assert_int_equal(rep_results_count(results, REP_SKIP), 505);
	rep_results_free(results);
}

static void test_refused(void **state)
{
	static const struct rep_case bad[] = {
		{.verdict = REP_PASS},
		{.id = "", .verdict = REP_PASS},
		{.id = "a"},
		{.id = "a", .verdict = REP_NUM_VERDICTS},
	};
	struct rep_results *results = rep_results_new();

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(rep_results_add(results, &bad[i]),
				 REP_ERR_FORMAT);
	assert_int_equal(rep_results_num(results), 0);
	rep_results_free(results);
}

static void test_failed(void **state)
{
	struct rep_results *results = rep_results_new();

	(void)state;
	assert_false(rep_results_failed(results));
	add(results, "a", REP_PASS);
	add(results, "b", REP_XFAIL);
	assert_int_equal(rep_results_set_run(results, &sample_run), REP_OK);
	assert_string_equal(rep_results_run(results, 0)->command,
			    sample_run.command);
	assert_false(rep_results_failed(results));
	rep_results_set_unfinished(results);
	assert_true(rep_results_failed(results));
	assert_int_equal(rep_results_num_unfinished(results), 1);
	rep_results_free(results);
}

/* A copy shares nothing with what it was made of. */
static void test_copy(void **state)
{
	char id[] = "a", name[] = "n", clause[] = "c";
	const char *clauses[] = {clause, NULL};
	struct rep_field fields[] = {{.name = name}};
	const struct rep_case original = {.id = id,
					  .verdict = REP_PASS,
					  .clauses = clauses,
					  .num_clauses = 2,
					  .fields = fields,
					  .num_fields = 1};
	struct rep_results *results = rep_results_new();
	const struct rep_case *copy;

	(void)state;
	assert_int_equal(rep_results_add(results, &original), REP_OK);
	id[0] = name[0] = clause[0] = 'x';
	clauses[0] = NULL;
	fields[0].name = NULL;
	copy = rep_results_get(results, 0);
	assert_string_equal(copy->id, "a");
	assert_string_equal(copy->clauses[0], "c");
	assert_null(copy->clauses[1]);
	assert_string_equal(copy->fields[0].name, "n");
	assert_null(copy->fields[0].actual);
	assert_null(copy->title);
	rep_results_free(results);
}

static void test_changes(void **state)
{
	static const struct {
		enum rep_verdict before, after;
		int change; /* -1: none */
	} rows[] = {
		{REP_PASS, REP_PASS, -1},
		{REP_FAIL, REP_FAIL, -1},
		{REP_PASS, REP_FAIL, REP_NEW_FAILURE},
		{REP_XFAIL, REP_XPASS, REP_NEW_FAILURE},
		{REP_SKIP, REP_ERROR, REP_NEW_FAILURE},
		{REP_FAIL, REP_PASS, REP_FIXED},
		{REP_XFAIL, REP_PASS, REP_FIXED},
		{REP_XPASS, REP_PASS, REP_FIXED},
		{REP_FAIL, REP_SKIP, REP_CHANGED},
		{REP_FAIL, REP_XFAIL, REP_CHANGED},
		{REP_FAIL, REP_ERROR, REP_CHANGED},
		{REP_PASS, REP_SKIP, REP_CHANGED},
		{REP_NONE, REP_FAIL, REP_NEW},
		{REP_PASS, REP_NONE, REP_VANISHED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rep_results *before = rep_results_new();
		struct rep_results *after = rep_results_new();
		struct rep_changes changes;

		if (rows[i].before != REP_NONE)
			add(before, "a", rows[i].before);
		if (rows[i].after != REP_NONE)
			add(after, "a", rows[i].after);
		assert_true(rep_changes_find(&changes, after, before));
		assert_int_equal(changes.num, rows[i].change >= 0);
		if (rows[i].change >= 0) {
			assert_int_equal(changes.items[0].change,
					 rows[i].change);
			assert_int_equal(changes.counts[rows[i].change], 1);
			assert_string_equal(changes.items[0].id, "a");
		}
		rep_changes_cleanup(&changes);
		rep_results_free(before);
		rep_results_free(after);
	}
}

static void test_suites(void **state)
{
	static const char *const ids[] = {"b-c/x", "b/y", "b", "b/z", "/q"};
	static const struct {
		const char *name;
		size_t num;
	} expected[] = {{"", 1}, {"b", 3}, {"b-c", 1}};
	struct rep_results *results = rep_results_new();
	struct rep_suite suite = {.num = 0};

	(void)state;
	for (size_t i = 0; i < 5; i++)
		add(results, ids[i], REP_PASS);
	for (size_t i = 0; i < 3; i++) {
		assert_true(rep_suite_next(results, &suite));
		assert_int_equal(suite.name_len, strlen(expected[i].name));
		assert_memory_equal(suite.name, expected[i].name,
				    strlen(expected[i].name));
		assert_int_equal(suite.num, expected[i].num);
		assert_int_equal(suite.counts[REP_PASS], expected[i].num);
	}
	assert_false(rep_suite_next(results, &suite));
	rep_results_free(results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_failed),  cmocka_unit_test(test_copy),
		cmocka_unit_test(test_changes), cmocka_unit_test(test_suites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
