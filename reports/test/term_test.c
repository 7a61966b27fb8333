/* SPDX-License-Identifier: Apache-2.0 */
/* term_test.c - colours and the progress line, on files and on a terminal */
#define _XOPEN_SOURCE 700 /* pseudo terminals */

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "reports/progress.h"
#include "reports/term.h"

/* A terminal: what is written to stream can be read from master. */
struct terminal {
	int master;
	FILE *stream;
};

static struct terminal open_terminal(void)
{
	struct terminal t = {.master = posix_openpt(O_RDWR | O_NOCTTY)};
	int slave;

	if (t.master < 0) {
		print_message("no pseudo-terminals on this system\n");
		skip();
	}
	assert_int_equal(grantpt(t.master), 0);
	assert_int_equal(unlockpt(t.master), 0);
	slave = open(ptsname(t.master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	t.stream = fdopen(slave, "w");
	assert_non_null(t.stream);
	return t;
}

static void close_terminal(struct terminal *t)
{
	fclose(t->stream);
	close(t->master);
}

static void test_when(void **state)
{
	enum rep_when when = REP_AUTO;

	(void)state;
	assert_true(rep_when_parse("always", &when));
	assert_int_equal(when, REP_ALWAYS);
	assert_true(rep_when_parse("never", &when));
	assert_int_equal(when, REP_NEVER);
	assert_true(rep_when_parse("auto", &when));
	assert_int_equal(when, REP_AUTO);
	assert_false(rep_when_parse("", &when));
	assert_false(rep_when_parse("Always", &when));
}

static void test_file(void **state)
{
	FILE *file = tmpfile();
	struct rep_term term;

	(void)state;
	assert_non_null(file);
	rep_term_init(&term, file, REP_AUTO);
	assert_false(term.terminal);
	assert_false(term.colour);
	assert_int_equal(term.width, 0);
	assert_string_equal(rep_begin(&term, REP_BAD), "");
	assert_string_equal(rep_end(&term, REP_BAD), "");
	rep_term_init(&term, file, REP_ALWAYS);
	assert_false(term.terminal);
	assert_string_equal(rep_begin(&term, REP_BAD), "\033[31m");
	assert_string_equal(rep_end(&term, REP_BAD), "\033[0m");
	assert_string_equal(rep_begin(&term, REP_PLAIN), "");
	assert_string_equal(rep_end(&term, REP_PLAIN), "");
	fclose(file);
}

static void test_terminal(void **state)
{
	struct terminal t = open_terminal();
	struct rep_term term;

	(void)state;
	unsetenv("NO_COLOR");
	setenv("TERM", "xterm", 1);
	setenv("COLUMNS", "123", 1);
	rep_term_init(&term, t.stream, REP_AUTO);
	assert_true(term.terminal);
	assert_true(term.colour);
	assert_int_equal(term.width, 123);
	setenv("COLUMNS", "7", 1);
	rep_term_init(&term, t.stream, REP_NEVER);
	assert_false(term.colour);
	assert_int_equal(term.width, 80);
	setenv("TERM", "dumb", 1);
	rep_term_init(&term, t.stream, REP_AUTO);
	assert_false(term.colour);
	setenv("TERM", "xterm", 1);
	setenv("NO_COLOR", "1", 1);
	rep_term_init(&term, t.stream, REP_AUTO);
	assert_false(term.colour);
	/* Who asks for it gets it. */
	rep_term_init(&term, t.stream, REP_ALWAYS);
	assert_true(term.colour);
	setenv("NO_COLOR", "", 1);
	rep_term_init(&term, t.stream, REP_AUTO);
	assert_true(term.colour);
	close_terminal(&t);
}

/* A clock that advances by step at each look. */
static uint64_t clock_now, clock_step, clock_looks;

static uint64_t test_clock(void)
{
	clock_looks++;
	clock_now += clock_step;
	return clock_now;
}

static void test_no_terminal(void **state)
{
	struct rep_progress progress;
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	rep_progress_init(&progress, file, "test");
	for (unsigned int i = 0; i < 1000; i++)
		rep_progress_step(&progress, i, 1000);
	rep_progress_clear(&progress);
	assert_int_equal(ftell(file), 0);
	fclose(file);
}

/* Quick items: few looks at the clock, few lines. */
static void test_stride(void **state)
{
	struct rep_progress progress;
	char text[64] = "";
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	clock_now = clock_looks = 0;
	clock_step = 1;
	rep_progress_init_forced(&progress, file, "test", test_clock);
	for (unsigned int i = 0; i < 1000000; i++)
		rep_progress_step(&progress, i, 1000000);
	assert_in_range(clock_looks, 2, 40);
	assert_int_equal(ftell(file), 0);
	/* Then slow ones: it looks at each again, and shows some. */
	clock_step = 500;
	for (unsigned int i = 0; i < 200000; i++)
		rep_progress_step(&progress, 500000, 1000000);
	assert_int_equal(progress.stride, 1);
	assert_true(progress.visible);
	rewind(file);
	assert_non_null(fgets(text, sizeof(text), file));
	assert_memory_equal(text, "\r\033[Ktest:  50 %", 15);
	fseek(file, 0, SEEK_END);
	rep_progress_clear(&progress);
	assert_false(progress.visible);
	fclose(file);
}

static void test_unknown_total(void **state)
{
	struct terminal t = open_terminal();
	struct rep_progress progress;
	static const char all[] = "\r\033[Kread: 42\r\033[K";
	char text[64] = "";
	size_t len = 0;

	(void)state;
	clock_now = 0;
	clock_step = 300;
	rep_progress_init(&progress, t.stream, "read");
	assert_ptr_equal(progress.stream, t.stream);
	rep_progress_init_forced(&progress, t.stream, "read", test_clock);
	rep_progress_step(&progress, 42, 0);
	rep_progress_clear(&progress);
	rep_progress_clear(&progress);
	/* A terminal gives what is written in any pieces. */
	while (len < sizeof(all) - 1) {
		ssize_t n = read(t.master, text + len, sizeof(text) - 1 - len);

		assert_true(n > 0);
		len += (size_t)n;
	}
	assert_string_equal(text, all);
	close_terminal(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_when),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_no_terminal),
		cmocka_unit_test(test_stride),
		cmocka_unit_test(test_unknown_total),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
