/* SPDX-License-Identifier: Apache-2.0 */
/* irc_parse_test.c - the parsers of IRC on octets alone */
#include <stdlib.h>

#include "irc/irc_parse.h"
#include "kit.h"

static const struct irc_policy own = {.own_addr = KIT_CLIENT};

static struct masq_view view_of(const char *text)
{
	const void *octets = text;

	return (struct masq_view){
		.data = octets,
		.len = (uint32_t)strlen(text),
	};
}

static void policies(void **state)
{
	const struct irc_policy any = {.is_insecure = true};

	(void)state;
	assert_true(irc_is_allowed(&own, KIT_CLIENT, 1024));
	assert_true(irc_is_allowed(&own, KIT_CLIENT, 65535));
	assert_false(irc_is_allowed(&own, KIT_CLIENT, 1023));
	assert_false(irc_is_allowed(&own, KIT_CLIENT, 65536));
	assert_false(irc_is_allowed(&own, KIT_CLIENT + 1, 1024));
	assert_true(irc_is_allowed(&any, 1, 1));
	assert_false(irc_is_allowed(&any, 0, 1));
	assert_false(irc_is_allowed(&any, 1, 0));
	assert_false(irc_is_allowed(&any, 1, 65536));
}

struct line_row {
	const char *text;
	enum irc_kind kind;
	bool has_addr;
	uint32_t offset, len;
	uint32_t addr, port;
};

static const struct line_row line_rows[] = {
	{"PRIVMSG b :\001DCC CHAT c 5 6\001\r\n", IRC_OFFER, true, 23, 3, 5, 6},
	{":me PRIVMSG b :\001DCC TSEND \"a b\" 5 66 7 8\001\n", IRC_OFFER, true,
	 32, 4, 5, 66},
	{"PRIVMSG b :\001DCC ACCEPT a 6 7\001\r\n", IRC_ACCEPT, false, 25, 1, 0,
	 6},
	{"PRIVMSG b :\001DCC RESUME a 65536 7 8\001\r\n", IRC_RESUME, true, 25,
	 7, 65536, 7},
	{"PRIVMSG b :\001DCC CHAT c 5 6\001x\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{"PRIVMSG b :\001DCC CHAT c 5 6x\001\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{"PRIVMSG b :\001DCC CHAT c 5  6\001\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{"PRIVMSG b :\001DCC CHAT c 5\001\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{"PRIVMSG b,c :\001DCC CHAT c 5 6\001\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{"PRIVMSG b :\001DCC CHAT c\001\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{"PRIVMSG b c :\001DCC CHAT c 5 6\001\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{"PRIVMSG b \001DCC CHAT c 5 6\001\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{"PRIVMSG b :\001DCC chat\001\r\n", IRC_OTHER, 0, 0, 0, 0, 0},
	{":", IRC_OTHER, 0, 0, 0, 0, 0},
	{":PRIVMSG", IRC_OTHER, 0, 0, 0, 0, 0},
	{"", IRC_OTHER, 0, 0, 0, 0, 0},
};

static void lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(line_rows) / sizeof(line_rows[0]); i++) {
		const struct line_row *row = &line_rows[i];
		struct irc_request r;

		irc_read_line(view_of(row->text), true, &r);
		kit_assert_row(row->text, r.kind == row->kind);
		if (row->kind == IRC_OTHER)
			continue;
		kit_assert_row(row->text, r.has_addr == row->has_addr);
		kit_assert_row(row->text, r.offset == row->offset);
		kit_assert_row(row->text, r.len == row->len);
		kit_assert_row(row->text, r.addr == row->addr);
		kit_assert_row(row->text, r.port == row->port);
		kit_assert_row(row->text, r.is_plain);
	}
}

/* What is cut off is no request, but for 2.2.26 the port's last digits. */
static void every_split(void **state)
{
	static const char text[] =
		"PRIVMSG bob :\001DCC SEND name 3232235786 50000 7\001\r\n";
	const uint32_t whole = sizeof(text) - 1;

	(void)state;
	for (uint32_t n = 0; n <= whole; n++) {
		/* Memory of its own: nothing is read beyond the end. */
		uint8_t *copy = malloc(n == 0 ? 1 : n);
		const struct masq_view v = {.data = copy, .len = n};
		struct irc_request r = {0};

		assert_non_null(copy);
		memcpy(copy, text, n);
		irc_read_line(v, true, &r);
		assert_int_equal(r.kind, n == whole ? IRC_OFFER : IRC_OTHER);
		if (irc_find_request(v, &own, &r)) {
			assert_true(n > whole - 7);
			assert_true(masq_has(v, r.offset, r.len));
		}
		assert_false(irc_find_resume(v, &r));
		free(copy);
	}
}

static void every_split_of_resume(void **state)
{
	static const char text[] = "\001DCC RESUME name 3405803777 61001 1\001";
	const uint32_t whole = sizeof(text) - 1;

	(void)state;
	for (uint32_t n = 0; n <= whole; n++) {
		uint8_t *copy = malloc(n == 0 ? 1 : n);
		const struct masq_view v = {.data = copy, .len = n};
		struct irc_request r = {0};

		assert_non_null(copy);
		memcpy(copy, text, n);
		if (irc_find_resume(v, &r)) {
			assert_true(n >= 30);
			assert_true(masq_has(v, r.offset, r.len));
			assert_int_equal(r.kind, IRC_RESUME);
		}
		free(copy);
	}
}

/* Whatever the octets, findings lie inside them. */
static void random_octets(void **state)
{
	static const char *const parts[] = {
		"\001DCC ", "SEND ",      "CHAT ",   "MOVE ",
		"TSEND ",   "SCHAT ",     "ACCEPT ", "a ",
		"\"",       "3232235786", " ",       "5000",
		"\001",     "\r\n",       "RESUME ", "PRIVMSG b :",
	};
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint8_t data[160];
		struct masq_view v = {.data = data};
		struct irc_request r;

		while (v.len < sizeof(data) - 16 && kit_below(&seed, 16) != 0) {
			const char *part = parts[kit_below(&seed, 16)];
			const uint32_t n = (uint32_t)strlen(part);

			memcpy(data + v.len, part, n);
			v.len += n;
			if (kit_below(&seed, 8) == 0)
				data[v.len++] = (uint8_t)kit_random(&seed);
		}
		if (irc_find_request(v, &own, &r)) {
			assert_true(masq_has(v, r.offset, r.len));
			assert_int_equal(r.addr, KIT_CLIENT);
		}
		if (irc_find_resume(v, &r))
			assert_true(r.offset + r.len <= v.len);
		irc_read_line(v, (i & 1) != 0, &r);
		if (r.kind != IRC_OTHER)
			assert_true(masq_has(v, r.offset, r.len));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies),
		cmocka_unit_test(lines),
		cmocka_unit_test(every_split),
		cmocka_unit_test(every_split_of_resume),
		cmocka_unit_test(random_octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
