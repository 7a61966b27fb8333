/* SPDX-License-Identifier: Apache-2.0 */
/* table_test.c - columns */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reports/table.h"

static void test_columns(void **state)
{
	static const char *const rows[][3] = {
		{"name", "n", "what"},
		{"a", "100", ""},
		{"", "7", "text"},
		{"long name", "", ""},
	};
	static const char expected[] = "  name         n  what\n"
				       "  a          100\n"
				       "               7  text\n"
				       "  long name\n";
	struct rep_table table;
	char text[256] = "";
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	rep_table_init(&table, "lrl");
	assert_int_equal(rep_table_width(&table, 0), 0);
	for (size_t i = 0; i < 4; i++)
		rep_table_row(&table, rows[i]);
	assert_int_equal(rep_table_width(&table, 0), 9);
	assert_int_equal(rep_table_width(&table, 1), 3);
	assert_true(rep_table_print(&table, file, 2));
	rewind(file);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, file),
			 strlen(expected));
	assert_string_equal(text, expected);
	rep_table_cleanup(&table);
	rep_table_cleanup(&table);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_columns)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
