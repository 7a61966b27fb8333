/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_test.c - what fuzzers and dying targets print, as it is understood */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fuzz_status.h"
#include "cli/fuzz_verdict.h"
#include "support.h"

/* Statuses as waitpid() gives them on Linux. */
#define EXIT_OF(code)     ((code) << 8)
#define SIGNAL_OF(number) (number)

/* ---- Status ---- */

static void status_of_libfuzzer(void **state)
{
	static const char *const others[] = {
		"",
		"#",
		"INFO: seed corpus: files: 9 min: 1b max: 2b total: 3b",
		"    #0 0x5581 in f /x/f.c:1:2",
		"#0 0x5581 in f /x/f.c:1:2",
		"#1\tno status at all",
		"#99999999999999999999999 NEW cov: 1 exec/s: 3",
		"exec/s: 7",
	};
	struct fuzz_status s = {.executions = 5};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(fuzz_status_libfuzzer(&s, others[i]));
	assert_int_equal(s.executions, 5);
	assert_true(fuzz_status_libfuzzer(
		&s, "#16384\tpulse  cov: 1201 ft: 4021 corp: 210/35Kb lim: "
		    "4096 exec/s: 5461 rss: 61Mb"));
	assert_int_equal(s.executions, 16384);
	assert_int_equal(s.coverage, 1201);
	assert_int_equal(s.corpus, 210);
	assert_int_equal(s.speed, 5461);
	/* What a line does not say stays. */
	assert_true(fuzz_status_libfuzzer(&s, "#16385\tDONE exec/s: 1"));
	assert_int_equal(s.executions, 16385);
	assert_int_equal(s.coverage, 1201);
	assert_true(fuzz_status_libfuzzer(
		&s, "stat::number_of_executed_units: 20000"));
	assert_int_equal(s.executions, 20000);
	assert_false(fuzz_status_libfuzzer(
		&s, "stat::number_of_executed_units: many"));
}

static void status_of_afl(void **state)
{
	struct fuzz_status s = {.executions = 0};

	(void)state;
	assert_false(fuzz_status_afl(&s, ""));
	assert_false(fuzz_status_afl(&s, "execs_done"));
	assert_false(fuzz_status_afl(&s, "execs_done_twice : 5\n"));
	assert_true(fuzz_status_afl(&s, "start_time        : 1700000000\n"
					"execs_done        : 4711\n"
					"execs_per_sec     : 812.50\n"
					"corpus_count      : 33\n"
					"edges_found       : 1500\n"
					"total_edges       : 9000\n"));
	assert_int_equal(s.executions, 4711);
	assert_int_equal(s.speed, 812);
	assert_int_equal(s.corpus, 33);
	assert_int_equal(s.coverage, 1500);
}

static void reached(void **state)
{
	struct fuzz_reached r = {.num_files = 0};
	char text[400];

	(void)state;
	fuzz_reached_add(&r, "executions 10\nstimuli 20\nresults 5\n");
	assert_false(fuzz_reached_any(&r, false));
	fuzz_reached_add(&r, "mappings-made 3\nmappings-made-up 9\ngarbage\n"
			     "holes-opened x\nexecutions 1");
	assert_true(fuzz_reached_any(&r, false));
	assert_int_equal(r.num[FUZZ_REACHED_MAPPINGS], 3);
	assert_int_equal(r.num[FUZZ_REACHED_HOLES], 0);
	assert_int_equal(r.num[FUZZ_REACHED_EXECUTIONS], 11);
	assert_int_equal(r.num_files, 2);
	/* What would overflow is not added. */
	fuzz_reached_add(&r, "executions 18446744073709551615\n");
	assert_int_equal(r.num[FUZZ_REACHED_EXECUTIONS], 11);
	fuzz_reached_text(&r, false, text, sizeof(text));
	assert_non_null(strstr(text, "3 mappings made"));
	fuzz_reached_text(&r, false, text, 9);
	assert_int_equal(strlen(text), 8);
	/* Of a stranger it is not what an engine counts that is told. */
	assert_false(fuzz_reached_any(&r, true));
	fuzz_reached_add(&r, "mappings-seen 4\nanswers-seen 0\n");
	assert_true(fuzz_reached_any(&r, true));
	fuzz_reached_text(&r, true, text, sizeof(text));
	assert_non_null(strstr(text, "4 mappings seen"));
	assert_null(strstr(text, "mappings made"));
	assert_null(strstr(text, "timers"));
	assert_int_equal(r.num[FUZZ_REACHED_MAPPINGS], 3);
}

/* ---- Verdicts ---- */

#define FRAMES                                                                 \
	"    #0 0x55f1 in __asan_memcpy (/x/masqcheck-fuzz-engine+0x1)\n"      \
	"    #1 0x55f2 in masq_get16 /x/ref/src/wire/get.c:12:3\n"             \
	"    #2 0x55f3 in parse_port(char const*) /x/ftp_parse.c:99\n"         \
	"    #3 0x55f4 in ftp_out /x/ftp.c:7:1\n"                              \
	"    #4 0x55f5 in fuzz_player_input /x/play.c:1\n"                     \
	"    #5 0x55f5 in main /x/main.c:7:1\n\n"

static const struct {
	const char *text;
	int status;
	bool timed_out;
	const char *class; /* NULL = it did not fail */
} verdicts[] = {
	{"", EXIT_OF(0), false, NULL},
	/* A target that went on to its end is content. */
	{"masqcheck-finding: INV-09 X at 3: text\n", EXIT_OF(0), false, NULL},
	{"masqcheck-finding: INV-09 CORE-PORT-03 at 3: text\n",
	 SIGNAL_OF(SIGABRT), false, "INV-09/CORE-PORT-03"},
	{"x\nmasqcheck-finding: differs:ip.ttl - at 3: text\n", EXIT_OF(77),
	 false, "differs:ip.ttl"},
	/* The finding decides, not the abort() behind it. */
	{"masqcheck-finding: quiescence entries at 0: text\n"
	 "==9== ERROR: libFuzzer: deadly signal\n" FRAMES,
	 EXIT_OF(1), false, "quiescence/entries"},
	{"masqcheck-finding: a;b$(c) d'e at 1: x\n", EXIT_OF(1), false,
	 "a-b--c-/d-e"},
	{"masqcheck-finding: \n", EXIT_OF(1), false, "exit:1"},
	{"masqcheck-finding: word\n", EXIT_OF(1), false, "exit:1"},
	{"==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6\n"
	 "READ of size 2 at 0x6 thread T0\n" FRAMES,
	 EXIT_OF(1), false,
	 "heap-buffer-overflow/masq_get16/parse_port/ftp_out"},
	{"==7==ERROR: AddressSanitizer: attempting double-free on 0x6:\n" FRAMES,
	 EXIT_OF(1), false, "double-free/masq_get16/parse_port/ftp_out"},
	{"==7==ERROR: LeakSanitizer: detected memory leaks\n\nDirect leak of 8 "
	 "byte(s)\n    #0 0x1 in malloc (/x/y+0x1)\n    #1 0x2 in f /x/f.c:1\n",
	 EXIT_OF(1), false, "leak/f"},
	{"/x/f.c:12:3: runtime error: signed integer overflow: 1 + 2 cannot\n"
	 "    #0 0x1 in f /x/f.c:12:3\n",
	 EXIT_OF(1), false, "ubsan:signed-integer-overflow/f"},
	{"/x/f.c:1:3: runtime error: index 7 out of bounds for type 'int[4]'\n",
	 EXIT_OF(1), false, "ubsan:index"},
	/* Without names: where in which file. */
	{"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x0\n"
	 "    #0 0x1  (/x/libmynat.so+0x12ab) (BuildId: 77)\n"
	 "    #1 0x2  (/x/y+0x3)\n",
	 EXIT_OF(1), false, "SEGV/libmynat.so+0x12ab/y+0x3"},
	{"==7== ERROR: libFuzzer: timeout after 10 seconds\n" FRAMES,
	 EXIT_OF(70), false, "timeout"},
	{"==7== ERROR: libFuzzer: out-of-memory (malloc(9))\n" FRAMES,
	 EXIT_OF(71), false, "out-of-memory"},
	{"==7== ERROR: libFuzzer: deadly signal\n" FRAMES, EXIT_OF(77), false,
	 "crash/masq_get16/parse_port/ftp_out"},
	{"masqcheck-signal: SIGSEGV\nmasqcheck-file: x\n", EXIT_OF(1), false,
	 "signal:SIGSEGV"},
	{"masqcheck-finding: INV-09 - at 1: x\nmasqcheck-signal: SIGABRT\n",
	 EXIT_OF(1), false, "INV-09"},
	{"nothing of use", SIGNAL_OF(SIGSEGV), false, "signal:SIGSEGV"},
	{"nothing of use", SIGNAL_OF(SIGKILL), true, "timeout"},
	{"nothing of use", EXIT_OF(3), false, "exit:3"},
	{"    #0\n   #\n#0 in\n(((((\n", EXIT_OF(3), false, "exit:3"},
};

static void classes(void **state)
{
	struct fuzz_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		const char *class = verdicts[i].class;

		fuzz_verdict_read(&v, verdicts[i].text, verdicts[i].status,
				  verdicts[i].timed_out);
		assert_int_equal(v.failed, class != NULL);
		assert_string_equal(v.class, class != NULL ? class : "");
	}
}

/* Any octets: no read behind the end, always a class that fits. */
static void garbage(void **state)
{
	static const char *const words[] = {
		"masqcheck-finding: ",
		"ERROR: AddressSanitizer: ",
		"#",
		"\n",
		": runtime error: ",
		"ERROR: libFuzzer: ",
		" in ",
		"(",
		"attempting ",
		"x\xff\x01/",
		")",
		" ",
	};
	unsigned int seed = 1;
	struct fuzz_verdict v;
	char name[64];

	(void)state;
	for (unsigned int i = 0; i < 3000; i++) {
		char *text = calloc(1, 4096);

		for (unsigned int k = 0; k < 60; k++) {
			seed = seed * 1103515245u + 12345u;
			strcat(text, words[seed / 65536 % 12]);
		}
		text = realloc(text, strlen(text) + 1);
		fuzz_verdict_read(&v, text, EXIT_OF(1), false);
		assert_true(v.failed);
		assert_true(v.class[0] != '\0');
		assert_true(strlen(v.class) < FUZZ_CLASS_SIZE);
		for (const char *at = v.class; *at != '\0'; at++)
			assert_true(*at > ' ' && *at <= '~');
		fuzz_class_name(name, sizeof(name), v.class);
		assert_null(strchr(name, '/'));
		assert_true(name[0] != '.' && name[0] != '\0');
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_of_libfuzzer),
		cmocka_unit_test(status_of_afl),
		cmocka_unit_test(reached),
		cmocka_unit_test(classes),
		cmocka_unit_test(garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
