/* SPDX-License-Identifier: Apache-2.0 */
/* read_test.c - files of results: read, merged, broken */
#include "support.h"

#include <stdlib.h>
#include <unistd.h>

#define RUN  "{\"type\":\"run\",\"format\":1,\"engine\":\"e\"}\n"
#define A    "{\"type\":\"case\",\"id\":\"a\",\"verdict\":\"PASS\"}\n"
#define B    "{\"type\":\"case\",\"id\":\"b\",\"verdict\":\"PASS\"}\n"
#define END0 "{\"type\":\"end\",\"cases\":0,\"interrupted\":false}\n"
#define END1 "{\"type\":\"end\",\"cases\":1,\"interrupted\":false}\n"
#define CASE "{\"type\":\"case\",\"id\":\"c\",\"verdict\":\"FAIL\","

static void test_round_trip(void **state)
{
	struct rep_results *results = read_golden("new.jsonl");
	const struct rep_run *run = rep_results_run(results, 0);
	const struct rep_case *c;

	(void)state;
	assert_int_equal(rep_results_num_runs(results), 1);
	assert_string_equal(run->engine, "./libmynat.so");
	assert_int_equal(run->seed, UINT64_MAX);
	assert_string_equal(run->shard, "1/2");
	assert_string_equal(run->started, "2024-02-29T12:00:00Z");
	assert_int_equal(rep_results_num(results), 8);
	assert_int_equal(rep_results_count(results, REP_PASS), 2);
	assert_int_equal(rep_results_num_unfinished(results), 0);
	assert_true(rep_results_failed(results));
	assert_string_equal(rep_results_get(results, 0)->id, "attack");
	c = rep_results_get(results, 4);
	assert_string_equal(c->id, "rfc4787/req-01/udp-two-servers");
	assert_int_equal(c->line, 12);
	assert_int_equal(c->duration, 1234567);
	assert_int_equal(c->num_clauses, 2);
	assert_string_equal(c->clauses[1], "RFC4787-REQ-2");
	assert_int_equal(c->num_fields, 3);
	assert_string_equal(c->fields[2].actual, "\"\x1b[2J\n\"");
	assert_string_equal(c->invariants[0], "INV-02: the TTL falls by one");
	assert_string_equal(c->captures[1],
			    "evidence/udp-two-servers.actual.pcap");
	rep_results_free(results);
	rep_results_free(NULL);
}

static void test_runs(void **state)
{
	static const struct {
		const char *text;
		size_t runs, cases, unfinished;
		bool partial;
	} rows[] = {
		{RUN A END1, 1, 1, 0, false},
		{RUN END0, 1, 0, 0, false},
		/* Put together by cat. */
		{RUN A END1 RUN B END1, 2, 2, 0, false},
		/* Killed before its end, or its first line. */
		{RUN A, 1, 1, 1, false},
		{RUN, 1, 0, 1, false},
		{"", 0, 0, 1, false},
		{RUN A RUN B END1, 2, 2, 1, false},
		/* Killed in the midst of a line. */
		{RUN A "{\"type\":\"ca", 1, 1, 1, true},
		{"{", 0, 0, 1, true},
		{RUN A END1 "{", 1, 1, 1, true},
		/* All but the end of the line. */
		{RUN A "{\"type\":\"end\",\"cases\":1,\"interrupted\":true}", 1,
		 1, 1, false},
		{RUN A "{\"type\":\"end\",\"cases\":1,\"interrupted\":false}",
		 1, 1, 0, false},
		/* Keys of later versions; null is as if it were not there. */
		{RUN CASE "\"new\":[{}],\"title\":null}\n" END1, 1, 1, 0,
		 false},
		/* The seed may be a number or a text. */
		{"{\"type\":\"run\",\"format\":\"1\",\"seed\":7}\n" END0, 1, 0,
		 0, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rep_results *results = rep_results_new();
		char error[REP_ERROR_SIZE] = "";
		bool partial = !rows[i].partial;

		spill("runs.jsonl", rows[i].text, strlen(rows[i].text));
		if (rep_results_read(results, "runs.jsonl", &partial, error) !=
		    REP_OK)
			fail_msg("%s", error);
		assert_int_equal(partial, rows[i].partial);
		assert_int_equal(rep_results_num_runs(results), rows[i].runs);
		assert_int_equal(rep_results_num(results), rows[i].cases);
		assert_int_equal(rep_results_num_unfinished(results),
				 rows[i].unfinished);
		rep_results_free(results);
	}
}

static void test_broken(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{"\n", "b.jsonl:1: expected a JSON object: "},
		{"hello", "b.jsonl:1: expected a JSON object: "},
		{RUN "{\"type\":\"ca\n" A, "b.jsonl:2: expected a JSON object"},
		{RUN "[]\n", "b.jsonl:2: expected a JSON object"},
		{RUN "{}{}\n", "b.jsonl:2: expected a JSON object: "},
		{RUN "{\"a\":1,\"a\":1}\n", "b.jsonl:2: expected a JSON"},
		{A, "b.jsonl:1: \"type\" is \"case\", expected a run first"},
		{RUN A END1 B, "b.jsonl:4: \"type\" is \"case\", expected a"},
		{RUN "{\"type\":\"x\"}\n", "expected run, case or end"},
		{RUN "{\"type\":1}\n", "\"type\" is a number, expected a text"},
		{RUN "{\"id\":\"a\"}\n", "no \"type\": expected run, case or"},
		{"{\"type\":\"run\"}\n", "b.jsonl:1: format 0 of results, "
					 "expected 1"},
		{"{\"type\":\"run\",\"format\":2}\n", "format 2 of results"},
		{"{\"type\":\"run\",\"format\":-1}\n",
		 "\"format\": expected a "},
		{"{\"type\":\"run\",\"format\":1,\"seed\":\"1x\"}\n",
		 "\"seed\": expected a number from 0 to 18446744073709551615"},
		{"{\"type\":\"run\",\"format\":1,\"seed\":\"\"}\n", "\"seed\""},
		{"{\"type\":\"run\",\"format\":1,"
		 "\"seed\":\"18446744073709551616\"}\n",
		 "\"seed\""},
		{"{\"type\":\"run\",\"format\":1,\"engine\":true}\n",
		 "\"engine\" is true, expected a text"},
		{RUN "{\"type\":\"case\",\"verdict\":\"PASS\"}\n",
		 "b.jsonl:2: no \"id\": expected the name of a case"},
		{RUN "{\"type\":\"case\",\"id\":\"\",\"verdict\":\"PASS\"}\n",
		 "no \"id\""},
		{RUN "{\"type\":\"case\",\"id\":\"a\"}\n",
		 "no \"verdict\": expected PASS, FAIL, "},
		{RUN "{\"type\":\"case\",\"id\":\"a\",\"verdict\":\"GOOD\"}\n",
		 "\"verdict\" is \"GOOD\", expected PASS, FAIL, "},
		{RUN "{\"type\":\"case\",\"id\":\"a\",\"verdict\":{}}\n",
		 "\"verdict\" is an object, expected a text"},
		{RUN CASE "\"line\":4294967296}\n",
		 "\"line\": expected a number from 0 to 4294967295"},
		{RUN CASE "\"line\":1.5}\n", "\"line\": expected"},
		{RUN CASE "\"duration\":[]}\n", "\"duration\": expected"},
		{RUN CASE "\"clauses\":\"a\"}\n",
		 "\"clauses\" is a text, expected a list"},
		{RUN CASE "\"clauses\":[1]}\n",
		 "\"clauses\" is a list, expected a list of texts"},
		{RUN CASE "\"invariants\":false}\n",
		 "\"invariants\" is false, expected a list"},
		{RUN CASE "\"fields\":{}}\n", "\"fields\" is an object"},
		{RUN CASE "\"fields\":[null]}\n",
		 "\"fields\" is null, expected a list of objects"},
		{RUN CASE "\"fields\":[{\"name\":3}]}\n",
		 "\"name\" is a number, expected a text"},
		{RUN CASE "\"title\":\"\\u0000\"}\n", "expected a JSON object"},
		{RUN CASE "\"title\":\"\xff\"}\n", "expected a JSON object"},
		{RUN A END0, "b.jsonl:3: the run ends after 1 cases, expected "
			     "the 0 of \"cases\""},
		{RUN END1, "b.jsonl:2: the run ends after 0 cases"},
		{RUN "{\"type\":\"end\",\"cases\":-1}\n", "\"cases\""},
		{RUN "{\"type\":\"end\",\"cases\":0}\n",
		 "no \"interrupted\": expected true or false"},
	};
	struct rep_results *results = rep_results_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char error[REP_ERROR_SIZE] = "";
		bool partial = true;

		spill("b.jsonl", rows[i].text, strlen(rows[i].text));
		assert_int_equal(
			rep_results_read(results, "b.jsonl", &partial, error),
			REP_ERR_FORMAT);
		if (strstr(error, rows[i].error) == NULL)
			fail_msg("%s lacks %s", error, rows[i].error);
		assert_int_equal(strncmp(error, "b.jsonl:", 8), 0);
		assert_false(partial);
	}
	/* Nothing of them got in. */
	assert_int_equal(rep_results_num(results), 0);
	assert_int_equal(rep_results_num_runs(results), 0);
	assert_int_equal(rep_results_num_unfinished(results), 0);
	rep_results_free(results);
}

static void test_unreadable(void **state)
{
	static const char *const devices[] = {"no-such-file", "."};
	struct rep_results *results = rep_results_new();
	char error[REP_ERROR_SIZE];
	bool partial;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
			rep_results_read(results, devices[i], &partial, error),
			REP_ERR_IO);
	assert_string_equal(error, ".: cannot be read: Is a directory");
	/* A line without end. */
	assert_int_equal(
		rep_results_read(results, "/dev/zero", &partial, error),
		REP_ERR_FORMAT);
	assert_string_equal(error, "/dev/zero:1: the line is too long for "
				   "results");
	rep_results_free(results);
}

static void test_stdin(void **state)
{
	struct rep_results *results = rep_results_new();
	char error[REP_ERROR_SIZE];
	bool partial;

	(void)state;
	spill("stdin.jsonl", RUN A END0, strlen(RUN A END0));
	assert_non_null(freopen("stdin.jsonl", "r", stdin));
	assert_int_equal(rep_results_read(results, "-", &partial, error),
			 REP_ERR_FORMAT);
	assert_int_equal(strncmp(error, "standard input:3: ", 18), 0);
	rep_results_free(results);
}

static void test_merge(void **state)
{
	struct rep_results *results = read_golden("new.jsonl");
	struct rep_results *alone = read_golden("new.jsonl");
	char error[REP_ERROR_SIZE], path[512];
	bool partial;

	(void)state;
	snprintf(path, sizeof(path), "%s/old.jsonl", REP_GOLDEN);
	assert_int_equal(rep_results_read(results, path, &partial, error),
			 REP_OK);
	assert_int_equal(rep_results_num_runs(results), 2);
	assert_int_equal(rep_results_num(results), 9);
	/* FAIL and PASS: FAIL, with its evidence. */
	assert_string_equal(rep_results_get(results, 5)->id,
			    "rfc4787/req-01/udp-two-servers");
	assert_int_equal(rep_results_get(results, 5)->verdict, REP_FAIL);
	assert_int_equal(rep_results_get(results, 5)->num_fields, 3);
	/* PASS and FAIL: FAIL. */
	assert_string_equal(rep_results_get(results, 8)->id,
			    "rfc4787-extra/pass");
	assert_int_equal(rep_results_get(results, 8)->verdict, REP_FAIL);
	/* Twice the same: the first stays. */
	assert_string_equal(rep_results_get(results, 2)->id,
			    "linux22/ftp/port-grows");
	assert_non_null(rep_results_get(results, 2)->title);
	/* A file of results merged with itself. */
	snprintf(path, sizeof(path), "%s/new.jsonl", REP_GOLDEN);
	assert_int_equal(rep_results_read(alone, path, &partial, error),
			 REP_OK);
	assert_int_equal(rep_results_num(alone), 8);
	rep_results_free(results);
	rep_results_free(alone);
}

static void test_twice_in_one(void **state)
{
	struct rep_results *results = read_text(
		RUN "{\"type\":\"case\",\"id\":\"a\",\"verdict\":\"SKIP\"}\n"
		    "{\"type\":\"case\",\"id\":\"a\",\"verdict\":\"FAIL\"}\n" A
		    "{\"type\":\"end\",\"cases\":3,\"interrupted\":false}\n");

	(void)state;
	assert_int_equal(rep_results_num(results), 1);
	assert_int_equal(rep_results_get(results, 0)->verdict, REP_FAIL);
	rep_results_free(results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_stdin),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_twice_in_one),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
