/* SPDX-License-Identifier: Apache-2.0 */
/* escape_test.c - UTF-8, good and bad, and what is printed of it */
#define _POSIX_C_SOURCE 200809L

#include "support.h"

#include <stdlib.h>

#include "escape.h"
#include "utf8.h"

static void test_decode(void **state)
{
	static const struct {
		const char *text;
		uint32_t point;
		size_t len;
		bool valid;
	} rows[] = {
		{"", 0, 0, true},
		{"A", 'A', 1, true},
		{"\x7f", 0x7f, 1, true},
		{"\xc2\x80", 0x80, 2, true},
		{"\xdf\xbf", 0x7ff, 2, true},
		{"\xe0\xa0\x80", 0x800, 3, true},
		{"\xef\xbf\xbf", 0xffff, 3, true},
		{"\xf0\x90\x80\x80", 0x10000, 4, true},
		{"\xf4\x8f\xbf\xbf", 0x10ffff, 4, true},
		/* Not the shortest form, surrogates, past the end. */
		{"\xc0\x80", REP_REPLACEMENT, 1, false},
		{"\xe0\x9f\xbf", REP_REPLACEMENT, 1, false},
		{"\xed\xa0\x80", REP_REPLACEMENT, 1, false},
		{"\xf0\x8f\xbf\xbf", REP_REPLACEMENT, 1, false},
		{"\xf4\x90\x80\x80", REP_REPLACEMENT, 1, false},
		{"\xf5\x80\x80\x80", REP_REPLACEMENT, 1, false},
		/* Cut off, and a tail alone. */
		{"\xe2\x82", REP_REPLACEMENT, 1, false},
		{"\xf0\x90\x80", REP_REPLACEMENT, 1, false},
		{"\xc3(", REP_REPLACEMENT, 1, false},
		{"\x80", REP_REPLACEMENT, 1, false},
		{"\xff", REP_REPLACEMENT, 1, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rep_char c = rep_utf8_next(rows[i].text);

		assert_int_equal(c.point, rows[i].point);
		assert_int_equal(c.len, rows[i].len);
		assert_int_equal(c.valid, rows[i].valid);
	}
}

static void test_clean(void **state)
{
	static const char text[] = "a\x01\t\xff\xef\xbf\xbf\xc3\xa9";
	char *clean = rep_utf8_clean(text, false);

	(void)state;
	assert_string_equal(clean, "a\x01\t\xef\xbf\xbd\xef\xbf\xbf\xc3\xa9");
	free(clean);
	clean = rep_utf8_clean(text, true);
	assert_string_equal(clean, "a\xef\xbf\xbd\t\xef\xbf\xbd\xef\xbf\xbd"
				   "\xc3\xa9");
	free(clean);
}

static void assert_escaped(const char *text, enum rep_escape how,
			   const char *expected)
{
	char *escaped = rep_escaped(text, how);

	assert_string_equal(escaped, expected);
	free(escaped);
}

static void test_escape(void **state)
{
	static const char text[] = "\x1b[2J\n\r\t\x7f\xc2\x9b\xe2\x80\xae"
				   "\xf3\xbf\xbf\xbf\xff\xc3\xa9#\\\"<|`";

	(void)state;
	assert_escaped(text, REP_ESC_LINE,
		       "\\x1b[2J\\n\\r\\t\\x7f\\x9b\\u202e\\U000fffff\\xff"
		       "\xc3\xa9#\\\"<|`");
	assert_escaped(text, REP_ESC_BLOCK,
		       "\\x1b[2J\n\\r\\t\\x7f\\x9b\\u202e\\U000fffff\\xff"
		       "\xc3\xa9#\\\"<|`");
	assert_escaped(text, REP_ESC_TAP,
		       "\\x1b[2J\\n\\r\\t\\x7f\\x9b\\u202e\\U000fffff\\xff"
		       "\xc3\xa9\\#\\\\\"<|`");
	assert_escaped(text, REP_ESC_YAML,
		       "\\x1b[2J\\n\\r\\t\\x7f\\x9b\\u202e\\U000fffff\\ufffd"
		       "\xc3\xa9#\\\\\\\"<|`");
	assert_escaped(text, REP_ESC_MARKDOWN,
		       "\\x1b&#91;2J\\n\\r\\t\\x7f\\x9b\\u202e\\U000fffff\\xff"
		       "\xc3\xa9#&#92;&#34;&#60;&#124;&#96;");
}

static void assert_lines(const char *text, const char *expected)
{
	char buffer[64] = "";
	FILE *file = fmemopen(buffer, sizeof(buffer), "w");

	rep_put_lines(file, text, 2);
	fclose(file);
	assert_string_equal(buffer, expected);
}

static void test_lines(void **state)
{
	(void)state;
	assert_lines("", "");
	assert_lines("a", "a");
	assert_lines("a\n", "a");
	assert_lines("a\nb\n", "a\n  b");
	assert_lines("a\n\nb\rc", "a\n\n  b\\rc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
