/* SPDX-License-Identifier: Apache-2.0 */
/* verdict_test.c - names, badness, order */
#include "support.h"

#include "verdict.h"

static void test_names(void **state)
{
	(void)state;
	for (unsigned int i = 1; i < REP_NUM_VERDICTS; i++) {
		enum rep_verdict found = REP_NONE;

		assert_true(rep_verdict_find(
			rep_verdict_name((enum rep_verdict)i), &found));
		assert_int_equal(found, i);
	}
	assert_string_equal(rep_verdict_name(REP_UNIMPLEMENTED),
			    "UNIMPLEMENTED");
	assert_string_equal(rep_verdict_name(REP_NONE), "NONE");
}

static void test_no_names(void **state)
{
	static const char *const names[] = {"", "NONE", "pass", "PASS ", "P"};
	enum rep_verdict found;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_false(rep_verdict_find(names[i], &found));
}

static void test_bad(void **state)
{
	(void)state;
	assert_true(rep_verdict_is_bad(REP_FAIL));
	assert_true(rep_verdict_is_bad(REP_XPASS));
	assert_true(rep_verdict_is_bad(REP_ERROR));
	assert_false(rep_verdict_is_bad(REP_PASS));
	assert_false(rep_verdict_is_bad(REP_XFAIL));
	assert_false(rep_verdict_is_bad(REP_UNIMPLEMENTED));
	assert_false(rep_verdict_is_bad(REP_SKIP));
}

static void test_worse(void **state)
{
	static const enum rep_verdict order[] = {
		REP_PASS,  REP_SKIP, REP_UNIMPLEMENTED, REP_XFAIL,
		REP_XPASS, REP_FAIL, REP_ERROR,
	};

	(void)state;
	for (size_t a = 0; a < 7; a++)
		for (size_t b = 0; b < 7; b++)
			assert_int_equal(
				rep_verdict_is_worse(order[a], order[b]),
				a > b);
}

static void test_ids(void **state)
{
	static const char *const sorted[] = {
		"",    "a",   "a/", "a/b", "a/b/c", "a/b c",
		"a b", "a-b", "ab", "b",   "\xff",
	};

	(void)state;
	for (int a = 0; a < 11; a++)
		for (int b = 0; b < 11; b++) {
			int order = rep_id_compare(sorted[a], sorted[b]);

			assert_int_equal((order > 0) - (order < 0),
					 (a > b) - (a < b));
		}
}

static void test_formats(void **state)
{
	static const char *const names[] = {"text", "tap", "junit", "json",
					    "markdown"};
	enum rep_format format;

	(void)state;
	for (unsigned int i = 0; i < REP_NUM_FORMATS; i++) {
		assert_true(rep_format_find(names[i], &format));
		assert_int_equal(format, i);
	}
	assert_false(rep_format_find("xml", &format));
	assert_false(rep_format_find("", &format));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_no_names),
		cmocka_unit_test(test_bad),   cmocka_unit_test(test_worse),
		cmocka_unit_test(test_ids),   cmocka_unit_test(test_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
