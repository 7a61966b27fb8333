/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sidecar_test.c - settings and titles, and what is refused at which line
 */
#include "pcaps/sidecar.h"

#include <stdlib.h>

#include "support.h"

static enum cap_status parse(struct cap_sidecar *sidecar, const char *text,
			     char *error)
{
	return cap_sidecar_parse(sidecar, text, strlen(text), "x.conf", error);
}

static void check_setting(const struct cap_sidecar *sidecar, size_t i,
			  const char *key, const char *value, unsigned int line)
{
	assert_true(i < sidecar->num_settings);
	assert_string_equal(sidecar->settings[i].key, key);
	assert_string_equal(sidecar->settings[i].value, value);
	assert_int_equal(sidecar->settings[i].line, line);
}

static void test_text(void **state)
{
	static const char text[] = "#  short datagrams \n"
				   "# another comment\n"
				   "\n"
				   "profile = linux-2.2\r\n"
				   "\t portfw=tcp:203.0.113.1:8080=10.0.0.1\t\n"
				   "portfw = b # no comment\n"
				   "helper.ftp_x-2 =\n"
				   " \t \n"
				   "last = one";
	struct cap_sidecar sidecar;
	char error[CAP_ERROR_SIZE];

	(void)state;
	cap_sidecar_init(&sidecar);
	assert_int_equal(parse(&sidecar, text, error), CAP_OK);
	assert_int_equal(sidecar.num_settings, 5);
	check_setting(&sidecar, 0, "profile", "linux-2.2", 4);
	check_setting(&sidecar, 1, "portfw", "tcp:203.0.113.1:8080=10.0.0.1",
		      5);
	check_setting(&sidecar, 2, "portfw", "b # no comment", 6);
	check_setting(&sidecar, 3, "helper.ftp_x-2", "", 7);
	check_setting(&sidecar, 4, "last", "one", 9);
	assert_string_equal(sidecar.title, "short datagrams");
	assert_string_equal(sidecar.path, "x.conf");
	assert_string_equal(cap_sidecar_get(&sidecar, "portfw"),
			    "b # no comment");
	assert_null(cap_sidecar_get(&sidecar, "port"));

	/* A second text adds; title and path stay the first's. */
	assert_int_equal(cap_sidecar_parse(&sidecar, "#t\na=b", 6, "y", error),
			 CAP_OK);
	check_setting(&sidecar, 5, "a", "b", 2);
	assert_string_equal(sidecar.title, "short datagrams");
	assert_string_equal(sidecar.path, "x.conf");
	cap_sidecar_cleanup(&sidecar);
	assert_null(sidecar.settings);
}

static void test_empty(void **state)
{
	struct cap_sidecar sidecar;
	char error[CAP_ERROR_SIZE];

	(void)state;
	cap_sidecar_init(&sidecar);
	assert_int_equal(cap_sidecar_parse(&sidecar, NULL, 0, "x", error),
			 CAP_OK);
	assert_int_equal(parse(&sidecar, "\n\n", error), CAP_OK);
	assert_int_equal(sidecar.num_settings, 0);
	assert_null(sidecar.title);
	assert_int_equal(parse(&sidecar, "#", error), CAP_OK);
	assert_string_equal(sidecar.title, "");
	cap_sidecar_cleanup(&sidecar);
}

/* Each text fails with this error, and leaves no trace. */
static void test_errors(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{"a = 1\nb\n", "x.conf:2: expected \"key = value\""},
		{"# t\n\n= 1", "x.conf:3: expected a key of letters, digits, "
			       "'.', '-' and '_' before '='"},
		{"a b = 1", "x.conf:1: expected a key of letters, digits, "
			    "'.', '-' and '_' before '='"},
		{"\xc3\xa4 = 1", "x.conf:1: expected a key of letters, "
				 "digits, '.', '-' and '_' before '='"},
	};
	struct cap_sidecar sidecar;
	char error[CAP_ERROR_SIZE];

	(void)state;
	cap_sidecar_init(&sidecar);
	assert_int_equal(cap_sidecar_set(&sidecar, "k=v", error), CAP_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(&sidecar, rows[i].text, error),
				 CAP_ERR_FORMAT);
		assert_string_equal(error, rows[i].error);
		assert_int_equal(sidecar.num_settings, 1);
		assert_null(sidecar.title);
		assert_null(sidecar.path);
	}
	assert_int_equal(
		cap_sidecar_parse(&sidecar, "a=1\nb=\0", 7, "x", error),
		CAP_ERR_FORMAT);
	assert_string_equal(error, "x:2: a NUL octet; expected text");
	assert_string_equal(cap_sidecar_get(&sidecar, "k"), "v");
	cap_sidecar_cleanup(&sidecar);
}

/* Lines, settings and octets: the most there may be, and one more. */
static void test_limits(void **state)
{
	struct cap_sidecar sidecar;
	char error[CAP_ERROR_SIZE];
	size_t size = 1024 * 1024 + 1;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	cap_sidecar_init(&sidecar);
	memset(text, ' ', size);
	memcpy(text, "a=", 2);
	memset(text + 2, 'v', 999);
	assert_int_equal(cap_sidecar_parse(&sidecar, text, 1000, "x", error),
			 CAP_OK);
	assert_int_equal(strlen(cap_sidecar_get(&sidecar, "a")), 998);
	assert_int_equal(cap_sidecar_parse(&sidecar, text, 1001, "x", error),
			 CAP_ERR_FORMAT);
	assert_string_equal(error, "x:1: longer than 1000 octets, the most "
				   "for a line");
	cap_sidecar_cleanup(&sidecar);

	for (size_t i = 0; i < 4097; i++)
		memcpy(text + 4 * i, "a=b\n", 4);
	assert_int_equal(
		cap_sidecar_parse(&sidecar, text, 4 * 4097, "x", error),
		CAP_ERR_FORMAT);
	assert_string_equal(error, "x:4097: more than 4096 settings");
	assert_int_equal(sidecar.num_settings, 0);
	assert_int_equal(
		cap_sidecar_parse(&sidecar, text, 4 * 4096, "x", error),
		CAP_OK);
	assert_int_equal(cap_sidecar_set(&sidecar, "c=d", error),
			 CAP_ERR_FORMAT);
	assert_string_equal(error, "\"c=d\": more than 4096 settings");
	cap_sidecar_cleanup(&sidecar);

	memset(text, '\n', size);
	assert_int_equal(
		cap_sidecar_parse(&sidecar, text, size - 1, "x", error),
		CAP_OK);
	assert_int_equal(cap_sidecar_parse(&sidecar, text, size, "x", error),
			 CAP_ERR_FORMAT);
	assert_string_equal(error, "x: longer than 1 MiB, the most for a "
				   "sidecar");
	cap_sidecar_cleanup(&sidecar);
	free(text);
}

static void test_set(void **state)
{
	struct cap_sidecar sidecar;
	char error[CAP_ERROR_SIZE];
	char long_text[1100];

	(void)state;
	cap_sidecar_init(&sidecar);
	assert_int_equal(cap_sidecar_set(&sidecar, " a = b c ", error), CAP_OK);
	check_setting(&sidecar, 0, "a", "b c", 0);
	assert_int_equal(cap_sidecar_set(&sidecar, "a", error), CAP_ERR_FORMAT);
	assert_string_equal(error, "\"a\": expected \"key = value\"");
	assert_int_equal(cap_sidecar_set(&sidecar, "#a=b", error),
			 CAP_ERR_FORMAT);
	assert_int_equal(cap_sidecar_set(&sidecar, "a=b\nc=d", error),
			 CAP_ERR_FORMAT);
	assert_string_equal(error, "\"a=b\": expected one line");
	memset(long_text, 'a', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	assert_int_equal(cap_sidecar_set(&sidecar, long_text, error),
			 CAP_ERR_FORMAT);
	assert_non_null(strstr(error, "longer than 1000 octets"));
	assert_int_equal(sidecar.num_settings, 1);
	cap_sidecar_cleanup(&sidecar);
}

static void test_file(void **state)
{
	struct image image = {.len = 0};
	struct cap_sidecar sidecar;
	char error[CAP_ERROR_SIZE];

	(void)state;
	cap_sidecar_init(&sidecar);
	image_octets(&image, "# title\nmtu.inside = 576\n", 25);
	image_save(&image, "file.conf");
	assert_int_equal(cap_sidecar_read(&sidecar, "file.conf", error),
			 CAP_OK);
	check_setting(&sidecar, 0, "mtu.inside", "576", 2);
	assert_string_equal(sidecar.path, "file.conf");
	assert_int_equal(cap_sidecar_read(&sidecar, "absent.conf", error),
			 CAP_ERR_OPEN);
	assert_string_equal(error, "absent.conf: cannot be opened: No such "
				   "file or directory");
	assert_int_equal(cap_sidecar_read(&sidecar, ".", error), CAP_ERR_IO);
	assert_string_equal(error, ".: cannot be read: Is a directory");
	image_octets(&image, "wrong\n", 6);
	image_save(&image, "file.conf");
	assert_int_equal(cap_sidecar_read(&sidecar, "file.conf", error),
			 CAP_ERR_FORMAT);
	assert_string_equal(error, "file.conf:3: expected \"key = value\"");
	assert_int_equal(sidecar.num_settings, 1);
	cap_sidecar_cleanup(&sidecar);
}

static void test_name(void **state)
{
	static const char *const rows[][2] = {
		{"a.pcap", "a.conf"},      {"a.b.pcapng", "a.b.conf"},
		{"/x.y/a", "/x.y/a.conf"}, {"x/.pcap", "x/.pcap.conf"},
		{"a.", "a.conf"},          {"", ".conf"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *name = cap_sidecar_name(rows[i][0]);

		assert_string_equal(name, rows[i][1]);
		free(name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),   cmocka_unit_test(test_empty),
		cmocka_unit_test(test_errors), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_set),    cmocka_unit_test(test_file),
		cmocka_unit_test(test_name),
	};

	return cmocka_run_group_tests_name("pcaps.sidecar", tests, enter_folder,
					   leave_folder);
}
