/* SPDX-License-Identifier: Apache-2.0 */
/* ftp_parse_test.c - the parsers of FTP on octets alone */
#include <stdlib.h>

#include "ftp/ftp_parse.h"
#include "kit.h"

static struct masq_view view_of(const char *text)
{
	/* Through void: text is octets here. */
	const void *octets = text;

	return (struct masq_view){
		.data = octets,
		.len = (uint32_t)strlen(text),
	};
}

struct find_row {
	const char *text;
	enum ftp_found found;
	uint32_t offset, len;
	uint32_t addr;
	uint16_t port;
	bool is_plain;
};

static const struct find_row find_rows[] = {
	{"PORT 1,2,3,4,5,6\r\n", FTP_TARGET, 5, 11, KIT_IP(1, 2, 3, 4), 1286,
	 true},
	{"PORT 1,2,3,4,5,6..", FTP_TARGET, 5, 11, KIT_IP(1, 2, 3, 4), 1286,
	 true},
	{"port 255,255,255,255,255,255", FTP_TARGET, 5, 23, 0xffffffff, 65535,
	 true},
	{"..port 257,2,3,4,0005,6....", FTP_TARGET, 7, 16, KIT_IP(1, 2, 3, 4),
	 1286, false},
	{"PORT ,,,,,........", FTP_TARGET, 5, 5, 0, 0, false},
	{"PORT 1,2,3,4,5,6.", FTP_NONE, 0, 0, 0, 0, false},
	{"PORT 1,2,3,4,5.6........", FTP_BAD, 0, 0, 0, 0, false},
	{"PORT PORT 1,2,3,4,5,6\r\n", FTP_BAD, 0, 0, 0, 0, false},
	{"", FTP_NONE, 0, 0, 0, 0, false},
};

static void first_port(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(find_rows) / sizeof(find_rows[0]); i++) {
		const struct find_row *row = &find_rows[i];
		struct ftp_target t;

		kit_assert_row(row->text, ftp_find_command(view_of(row->text),
							   &t) == row->found);
		if (row->found != FTP_TARGET)
			continue;
		kit_assert_row(row->text, t.offset == row->offset);
		kit_assert_row(row->text, t.len == row->len);
		kit_assert_row(row->text, t.addr == row->addr);
		kit_assert_row(row->text, t.port == row->port);
		kit_assert_row(row->text, t.is_plain == row->is_plain);
	}
}

static void first_pasv(void **state)
{
	struct ftp_target t;

	(void)state;
	assert_true(ftp_find_command(view_of("PASV\r\n"), &t) == FTP_PASSIVE);
	assert_true(ftp_find_command(view_of("xxxpasv\r\nxx"), &t) ==
		    FTP_PASSIVE);
	assert_false(ftp_find_command(view_of("PASV\r"), &t) == FTP_PASSIVE);
	assert_false(ftp_find_command(view_of("PASV\n\r"), &t) == FTP_PASSIVE);
	assert_false(ftp_find_command(view_of(""), &t) == FTP_PASSIVE);
}

/* The two sides differ by one octet: "xxassive" is no word for a client. */
static void two_kinds_of_reply(void **state)
{
	static const char near[] = "ntering .assive .ode (1,2,3,4,5,6)\r\n";
	struct ftp_target t;

	(void)state;
	assert_true(ftp_find_passive(view_of(near), false, &t));
	assert_int_equal(t.port, 1286);
	assert_true(ftp_find_passive(view_of(near), true, &t));
	assert_false(ftp_find_passive(
		view_of("ntering .bssive .ode (1,2,3,4,5,6)\r\n"), false, &t));
	assert_true(ftp_find_passive(
		view_of("ntering .bssive .ode (1,2,3,4,5,6)\r\n"), true, &t));
	assert_false(ftp_find_passive(
		view_of("ntering assive .ode (1,2,3,4,5,6)\r\n...."), false,
		&t));
	assert_false(ftp_find_passive(
		view_of("ntering .assive .ode 1,2,3,4,5,6)\r\n...."), false,
		&t));
	assert_false(ftp_find_passive(
		view_of("ntering .assive .ode (1,2,3,4,5)\r\n...."), false,
		&t));
	assert_false(ftp_find_passive(
		view_of("ntering .assive .ode (1,2,3,4,5,6\r\n...."), false,
		&t));
}

static void commands(void **state)
{
	struct ftp_target t;

	(void)state;
	assert_int_equal(ftp_read_command(view_of("PASV\r\n"), true, &t),
			 FTP_PASV);
	assert_int_equal(ftp_read_command(view_of("Pasv\n"), true, &t),
			 FTP_PASV);
	assert_int_equal(ftp_read_command(view_of("PASV"), false, &t),
			 FTP_OTHER);
	assert_int_equal(ftp_read_command(view_of("PASV x\r\n"), true, &t),
			 FTP_OTHER);
	assert_int_equal(
		ftp_read_command(view_of("Port 1,2,3,4,5,6\r\n"), true, &t),
		FTP_PORT);
	assert_int_equal(
		ftp_read_command(view_of("PORT 1,2,3,4,5,6"), true, &t),
		FTP_OTHER);
	assert_int_equal(
		ftp_read_command(view_of("PORT 1,2,3,4,5,6"), false, &t),
		FTP_PORT);
	assert_int_equal(ftp_read_command(view_of("EPSV\r\n"), true, &t),
			 FTP_OTHER);
}

struct reply_row {
	const char *text;
	uint16_t code;
	bool is_continued;
	bool has_target;
};

static const struct reply_row reply_rows[] = {
	{"200 ok\r\n", 200, false, false},
	{"200\r\n", 200, false, false},
	{"213-status\r\n", 213, true, false},
	{"227 x (1,2,3,4,5,6)\r\n", 227, false, true},
	{"227 1,2,3,4,5,6", 227, false, true},
	{"227-1,2,3,4,5,6\r\n", 227, true, false},
	{"227\r\n", 227, false, false},
	{"227 x (1,2,3,4,5,6,7)\r\n", 227, false, false},
	{"227 v2: 1,2,3,4,5,6\r\n", 227, false, false},
	{"2270 1,2,3,4,5,6\r\n", 0, false, false},
	{"099 x\r\n", 0, false, false},
	{"600 x\r\n", 0, false, false},
	{"227x\r\n", 0, false, false},
	{"22", 0, false, false},
	{"", 0, false, false},
};

static void replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(reply_rows) / sizeof(reply_rows[0]);
	     i++) {
		const struct reply_row *row = &reply_rows[i];
		struct ftp_reply r;

		ftp_read_reply(view_of(row->text), &r);
		kit_assert_row(row->text, r.code == row->code);
		kit_assert_row(row->text, r.is_continued == row->is_continued);
		kit_assert_row(row->text, r.has_target == row->has_target);
	}
}

/* No split of a command is a command, but for 2.2.26 the last number. */
static void every_split(void **state)
{
	static const char text[] = "PORT 192,168,100,100,200,200\r\n";
	const uint32_t whole = sizeof(text) - 1;

	(void)state;
	for (uint32_t n = 0; n <= whole; n++) {
		/* Memory of its own: nothing is read beyond the end. */
		uint8_t *copy = malloc(n == 0 ? 1 : n);
		const struct masq_view v = {.data = copy, .len = n};
		struct ftp_target t = {0};
		struct ftp_reply r;

		assert_non_null(copy);
		memcpy(copy, text, n);
		assert_int_equal(ftp_read_command(v, true, &t),
				 n == whole ? FTP_PORT : FTP_OTHER);
		assert_int_equal(ftp_find_command(v, &t) == FTP_TARGET,
				 n > whole - 6);
		assert_false(ftp_find_passive(v, true, &t));
		assert_int_not_equal(ftp_find_command(v, &t), FTP_PASSIVE);
		ftp_read_reply(v, &r);
		assert_int_equal(r.code, 0);
		free(copy);
	}
}

static void every_split_of_a_reply(void **state)
{
	static const char text[] =
		"227 Entering Passive Mode (198,51,100,21,195,80)\r\n";
	const uint32_t whole = sizeof(text) - 1;

	(void)state;
	for (uint32_t n = 0; n <= whole; n++) {
		uint8_t *copy = malloc(n == 0 ? 1 : n);
		const struct masq_view v = {.data = copy, .len = n};
		struct ftp_target t = {0};

		assert_non_null(copy);
		memcpy(copy, text, n);
		assert_int_equal(ftp_find_passive(v, true, &t), n > whole - 3);
		assert_int_equal(ftp_find_passive(v, false, &t), n > whole - 3);
		free(copy);
	}
}

static void targets_as_text(void **state)
{
	char text[FTP_TARGET_SIZE];

	(void)state;
	assert_int_equal(ftp_format_target(text, KIT_IP(203, 0, 113, 1), 61001),
			 18);
	assert_string_equal(text, "203,0,113,1,238,73");
	assert_int_equal(ftp_format_target(text, 0xffffffff, 65535), 23);
	assert_string_equal(text, "255,255,255,255,255,255");
}

/* Whatever the octets, findings lie inside them. */
static void random_octets(void **state)
{
	static const char *const parts[] = {
		"PORT ", "port ", "PASV\r\n", "ntering ", "assive ", ".ode (",
		"1,",    "255,",  "99999,",   ")",        "\r\n",    "227 ",
		"213-",  " ",     "(",        "1,2,3,4,",
	};
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint8_t data[128];
		struct masq_view v = {.data = data};
		struct ftp_target t;
		struct ftp_reply r;

		while (v.len < sizeof(data) - 16 && kit_below(&seed, 12) != 0) {
			const char *part = parts[kit_below(&seed, 16)];
			const uint32_t n = (uint32_t)strlen(part);

			memcpy(data + v.len, part, n);
			v.len += n;
			if (kit_below(&seed, 8) == 0)
				data[v.len++] = (uint8_t)kit_random(&seed);
		}
		if (ftp_find_command(v, &t) == FTP_TARGET)
			assert_true(masq_has(v, t.offset, t.len));
		if (ftp_find_passive(v, (i & 1) != 0, &t))
			assert_true(masq_has(v, t.offset, t.len + 1));
		if (ftp_read_command(v, (i & 1) != 0, &t) == FTP_PORT)
			assert_true(masq_has(v, t.offset, t.len));
		ftp_read_reply(v, &r);
		if (r.has_target)
			assert_true(masq_has(v, r.target.offset, r.target.len));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_port),
		cmocka_unit_test(first_pasv),
		cmocka_unit_test(two_kinds_of_reply),
		cmocka_unit_test(commands),
		cmocka_unit_test(replies),
		cmocka_unit_test(every_split),
		cmocka_unit_test(every_split_of_a_reply),
		cmocka_unit_test(targets_as_text),
		cmocka_unit_test(random_octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
