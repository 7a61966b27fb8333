/* SPDX-License-Identifier: Apache-2.0 */
/* case_test.c - the language: words, errors with their places, cut files */
#include <stdio.h>
#include <string.h>

#include "case/lexer.h"
#include "run/file.h"
#include "conformance/suite.h"
#include "support.h"

#define HEAD "title t\nclause GEN-01\nhost A inside 192.168.1.10\n"
#define SEND "0 inside sends udp A:1 > 198.51.100.7:2"

static void lexes_words_and_marks(void **state)
{
	static const char text[] = "+0.1 A:5000 > $p[3] \"a\\\"b\" # no\n"
				   "1024-65535 x \\\n y csum=bad";
	static const struct {
		enum case_token_kind kind;
		const char *text;
		unsigned int line, column;
	} expected[] = {
		{TOKEN_MARK, "+", 1, 1},          {TOKEN_WORD, "0.1", 1, 2},
		{TOKEN_WORD, "A", 1, 6},          {TOKEN_MARK, ":", 1, 7},
		{TOKEN_WORD, "5000", 1, 8},       {TOKEN_MARK, ">", 1, 13},
		{TOKEN_NAME, "p", 1, 15},         {TOKEN_MARK, "[", 1, 17},
		{TOKEN_WORD, "3", 1, 18},         {TOKEN_MARK, "]", 1, 19},
		{TOKEN_STRING, "a\\\"b", 1, 21},  {TOKEN_NEWLINE, "\n", 1, 32},
		{TOKEN_WORD, "1024-65535", 2, 1}, {TOKEN_WORD, "x", 2, 12},
		{TOKEN_WORD, "y", 3, 2},          {TOKEN_WORD, "csum", 3, 4},
		{TOKEN_MARK, "=", 3, 8},          {TOKEN_WORD, "bad", 3, 9},
		{TOKEN_END, "", 3, 12},
	};
	struct case_lexer lexer;

	(void)state;
	case_lexer_init(&lexer, text, strlen(text), NULL, 0);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct case_token t = case_lex(&lexer);

		assert_int_equal(t.kind, expected[i].kind);
		assert_int_equal(t.len, strlen(expected[i].text));
		assert_memory_equal(t.text, expected[i].text, t.len);
		assert_int_equal(t.pos.line, expected[i].line);
		assert_int_equal(t.pos.column, expected[i].column);
	}
}

static void lexes_values_of_axes(void **state)
{
	static const struct conf_axis_value axis = {"what",
						    "time-exceeded/x,7"};
	static const char *const expected[] = {"time-exceeded/x", ",", "7",
					       "end"};
	struct case_lexer lexer;

	(void)state;
	case_lexer_init(&lexer, "$what end", 9, &axis, 1);
	for (size_t i = 0; i < 4; i++) {
		struct case_token t = case_lex(&lexer);

		assert_true(case_token_is(&t, expected[i]));
	}
}

/* Texts that cannot be, and what is said about each. */
static const struct {
	const char *text, *error;
} refused[] = {
	{"", "x.case:1:1: read the end of the file, expected title"},
	{"clause A\n", "x.case:1:1: read \"clause\", expected title"},
	{"title\n", "expected the title"},
	{"title t\n0 inside", "2:1: read \"0\", expected a clause line"},
	{"title t\nclause\n", "2:7: read the end of the line, expected the id"},
	{HEAD, "4:1: read the end of the file, expected packets"},
	{HEAD "needs magic\n", "4:7: read \"magic\", expected clock fragments"},
	{HEAD "host A inside 1.2.3.4\n", "4:6: read \"A\", expected the name"},
	{HEAD "host B above 1.2.3.4\n",
	 "4:8: read \"above\", expected inside or outside"},
	{HEAD "host B inside 1.2.3\n",
	 "4:15: read \"1.2.3\", expected an addr"},
	{HEAD "config mtu.outside\n", "4:19: read the end of the line"},
	{HEAD "start now\n", "4:7: read \"now\", expected seconds"},
	{HEAD "dance\n", "4:1: read \"dance\", expected a statement"},
	{HEAD "+x inside sends raw 00\n", "4:2: read \"x\", expected seconds"},
	{HEAD "0 inside does\n", "4:10: read \"does\", expected sends, gets"},
	{HEAD "inside gets nothing\n", "4:8: read \"gets\", expected sends"},
	{HEAD "0 inside sends\n", "4:15: read the end of the line"},
	{HEAD "0 inside sends udp B:1 > A:2\n", "4:20: read \"B\", expected a"},
	{HEAD "0 inside sends udp A > A:2\n", "4:22: read \">\", expected :"},
	{HEAD "0 inside sends udp A:x > A:2\n", "4:22: read \"x\", expected a"},
	{HEAD "0 inside sends udp A:1 A:2\n", "4:24: read \"A\", expected >"},
	{HEAD "0 inside sends tcp A:1 > A:2 X\n",
	 "4:30: read \"X\", expected fl"},
	{HEAD "0 inside sends icmp A > A dance\n", "expected a type of ICMP"},
	{HEAD "0 inside sends icmp A > A unreachable/x\n",
	 "expected the name of a code"},
	{HEAD "0 inside sends ip A > A\n",
	 "4:19: read \"A\", expected proto N"},
	{HEAD "0 inside sends raw 0\n", "4:20: read \"0\", expected octets"},
	{HEAD "0 inside sends raw 0g\n", "4:20: read \"0g\", expected octets"},
	{HEAD "0 inside sends web S\n",
	 "4:16: read \"web\", expected a packet"},
	{HEAD "0 inside sends fragment q 0 8\n",
	 "4:25: read \"q\", expected the label of a packet above"},
	{HEAD SEND " ttl\n", "read the end of the line, expected a number"},
	{HEAD SEND " ttl 1 ttl 2\n", "read \"ttl\", expected each field once"},
	{HEAD SEND " win 1\n", "read \"win\", expected a field that this"},
	{HEAD SEND " csum=odd\n", "read \"odd\", expected good, bad, none"},
	{HEAD SEND " ipsum=none\n", "expected good, bad, none or 0xHHHH"},
	{HEAD SEND " ipopt 010101\n", "read 3 octets, expected a multiple"},
	{HEAD SEND " mac 0102\n", "read 2 octets, expected 6"},
	{HEAD SEND " cast wide\n", "expected broadcast, multicast or other"},
	{HEAD SEND " quoting q\n", "expected one quote, in an ICMP packet"},
	{HEAD SEND " \"a\n", "expected a \" at the end of the text"},
	{HEAD SEND " \"\\q\"\n", "4:42: read \\q, expected \\r"},
	{HEAD SEND " \"${p\"\n", "4:42: expected } behind ${"},
	{HEAD SEND " \"${p:x}\"\n", "read ${p:x}, expected a format"},
	{HEAD SEND " dance\n", "4:41: read \"dance\", expected a field"},
	{HEAD SEND " as 1\n", "read \"1\", expected a label"},
	{HEAD "check $p\n", "4:9: read the end of the line, expected =="},
	{HEAD "check $p in 5\n", "expected .. or LOW-HIGH"},
	{HEAD "check $p in 5-x\n", "read \"5-x\", expected LOW-HIGH"},
	{HEAD "$p may $q\n", "4:8: read \"q\", expected equal"},
	{HEAD "connect A:1 > A:2\n", "expected as NAME"},
	{HEAD "repeat 3 i\n", "4:11: read the end of the line, expected {"},
	{HEAD "repeat 3 i {\n", "expected } at the end of the repeat"},
	{HEAD "}\n", "4:1: read \"}\", expected a statement"},
	{HEAD "check $ == 1\n", "4:7: read \"$\", expected a name behind $"},
	{HEAD "check (1 == 1\n", "expected )"},
	{HEAD "\x01\n", "4:1: read \"\\x01\", expected a word"},
};

static void says_what_was_expected(void **state)
{
	char error[CONF_ERROR_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const char *text = refused[i].text;
		struct conf_case *c = NULL;

		error[0] = '\0';
		if (conf_case_parse(text, strlen(text), "x.case", NULL, 0, &c,
				    error) == CONF_OK)
			fail_msg("was accepted: %s", text);
		assert_null(c);
		if (strstr(error, refused[i].error) == NULL)
			fail_msg("%s: \"%s\" lacks \"%s\"", text, error,
				 refused[i].error);
	}
}

static const struct {
	const char *text, *error;
} bad_axes[] = {
	{"title t\nfor\n", "2:4: read the end of the line, expected the name"},
	{"title t\nfor x of 1\n", "2:7: read \"of\", expected in"},
	{"title t\nfor x in\n", "expected a value"},
	{"title t\nfor x in \\\n\n", "expected a value"},
	{"title t\nfor x in 1 2 1\n", "2:14: read \"1\", expected each value"},
	{"title t\nfor x in 1\nfor x in 2\n", "3:5: read \"x\", expected the"},
	{"title t\nfor x in ../a\n", "expected a value of letters"},
	{"title t\nfor x in \"a\"\n", "expected a value of letters"},
};

static void refuses_bad_axes(void **state)
{
	char error[CONF_ERROR_SIZE];
	struct conf_axes axes;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_axes) / sizeof(bad_axes[0]); i++) {
		const char *text = bad_axes[i].text;

		assert_int_equal(conf_axes_read(&axes, text, strlen(text),
						"x.case", error),
				 CONF_ERR_CONFIG);
		if (strstr(error, bad_axes[i].error) == NULL)
			fail_msg("\"%s\" lacks \"%s\"", error,
				 bad_axes[i].error);
	}
}

static void picks_each_combination(void **state)
{
	static const char text[] =
		"title t\nfor a in 1 \\\n  2\nfor b in x y z # c\n";
	struct conf_axis_value v[CONF_MAX_AXES];
	char error[CONF_ERROR_SIZE];
	struct conf_axes axes;

	(void)state;
	assert_int_equal(conf_axes_read(&axes, text, strlen(text), "x", error),
			 CONF_OK);
	assert_int_equal(axes.num_cases, 6);
	conf_axes_pick(&axes, 0, v);
	assert_string_equal(v[0].value, "1");
	assert_string_equal(v[1].value, "x");
	conf_axes_pick(&axes, 5, v);
	assert_string_equal(v[0].value, "2");
	assert_string_equal(v[1].value, "z");
	conf_axes_cleanup(&axes);
}

/* Every beginning of a case gives a case or an error, nothing else. */
static void survives_every_cut(void **state)
{
	static const char *const names[] = {
		"config", "fragments", "ftp-port",    "icmp-quote",
		"repeat", "tcp",       "ttl-expired", "udp",
	};
	char path[512], error[CONF_ERROR_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len;
		char *text;

		snprintf(path, sizeof(path), "%s/linux22/language/%s.case",
			 CASES, names[i]);
		text = run_read_file(path, &len, error);
		assert_non_null(text);
		for (size_t n = 0; n <= len; n++) {
			struct conf_axis_value v[CONF_MAX_AXES];
			struct conf_axes axes;
			struct conf_case *c;
			char *cut = malloc(n + 1);

			assert_non_null(cut);
			memcpy(cut, text, n);
			error[0] = '\0';
			if (conf_axes_read(&axes, cut, n, path, error) ==
			    CONF_OK) {
				conf_axes_pick(&axes, 0, v);
				if (conf_case_parse(cut, n, path, v,
						    axes.num_axes, &c,
						    error) == CONF_OK)
					conf_case_free(c);
				else
					assert_non_null(strchr(error, ':'));
				conf_axes_cleanup(&axes);
			}
			free(cut);
		}
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lexes_words_and_marks),
		cmocka_unit_test(lexes_values_of_axes),
		cmocka_unit_test(says_what_was_expected),
		cmocka_unit_test(refuses_bad_axes),
		cmocka_unit_test(picks_each_combination),
		cmocka_unit_test(survives_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
