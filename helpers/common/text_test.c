/* SPDX-License-Identifier: Apache-2.0 */
/* text_test.c - numbers, words and line ends */
#include "common/text.h"
#include "kit.h"

static struct masq_view view_of(const char *text)
{
	const void *octets = text;

	return (struct masq_view){
		.data = octets,
		.len = (uint32_t)strlen(text),
	};
}

static void numbers(void **state)
{
	struct text_number n = text_number(view_of("a0042,"), 1);

	(void)state;
	assert_int_equal(n.value, 42);
	assert_int_equal(n.len, 4);
	assert_false(n.is_overflow);
	n = text_number(view_of("4294967295"), 0);
	assert_int_equal(n.value, 4294967295u);
	assert_false(n.is_overflow);
	n = text_number(view_of("4294967296"), 0);
	assert_int_equal(n.value, 0);
	assert_true(n.is_overflow);
	n = text_number(view_of("-1"), 0);
	assert_int_equal(n.len, 0);
	n = text_number(view_of("1"), 1);
	assert_int_equal(n.len, 0);
}

static void words(void **state)
{
	const struct masq_view v = view_of("xPoRt 1\r\ny");

	(void)state;
	assert_true(text_equal_nocase(v, 1, "PORT ", 5));
	assert_false(text_equal_nocase(v, 0, "PORT ", 5));
	assert_false(text_equal_nocase(v, 8, "PORT ", 5));
	assert_true(text_has(v, 9, 'y'));
	assert_false(text_has(v, 10, 0));
}

static void line_ends(void **state)
{
	const struct masq_view v = view_of("a\r\n\nb\r");

	(void)state;
	assert_int_equal(text_line(v, 0), 3);
	assert_int_equal(text_line(v, 3), 1);
	assert_int_equal(text_line(v, 4), 0);
	assert_int_equal(text_line(v, 6), 0);
	assert_int_equal(text_line((struct masq_view){0}, 0), 0);
	assert_true(text_is_end(v, 1));
	assert_true(text_is_end(v, 2));
	assert_false(text_is_end(v, 5));
}

static void requests_of_browsers(void **state)
{
	(void)state;
	assert_true(text_may_be_http(view_of("POST / HTTP/1.1\r\n")));
	assert_true(text_may_be_http(view_of("PO")));
	assert_true(text_may_be_http(view_of("options ")));
	assert_false(text_may_be_http(view_of("PORT 1,2,3,4,5,6\r\n")));
	assert_false(text_may_be_http(view_of("USER x\r\n")));
	assert_false(text_may_be_http(view_of("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(words),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(requests_of_browsers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
