/* SPDX-License-Identifier: Apache-2.0 */
/*
 * naive_test.c - the naive model and the reference agree, octet for octet
 *
 * On the stimuli of all shipped captures and all conformance cases, and on
 * random traffic. Each test prints how much was compared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conformance/play.h"
#include "conformance/stream.h"
#include "conformance/suite.h"
#include "pcaps/sidecar.h"
#include "random.h"
#include "twin.h"

/* ---- captures -------------------------------------------------------- */

static void feed(void *twin, struct cap_reader *reader)
{
	struct conf_stream stream;
	struct conf_event event;

	conf_stream_init(&stream, reader, 0);
	while (conf_stream_next(&stream, &event) == CAP_OK)
		if (event.kind == CONF_EVENT_STIMULUS)
			assert_int_equal(twin_ops.packet(twin, &event.packet,
							 NULL, NULL),
					 CONF_OK);
	if (stream.started)
		assert_int_equal(
			twin_ops.advance(twin, stream.last_time, NULL, NULL),
			CONF_OK);
}

/* A capture with the settings of its sidecar. */
static void feed_capture(const char *path, const struct conf_config *config)
{
	char error[CONF_ERROR_SIZE];
	struct conf_settings settings;
	struct cap_options options;
	struct cap_reader *reader;
	void *twin;

	assert_int_equal(conf_settings_read(&settings, config, error), CONF_OK);
	conf_capture_options(&settings, &options);
	assert_int_equal(cap_open(path, NULL, &options, &reader, error),
			 CAP_OK);
	if (twin_ops.open(config, &twin, error, sizeof(error)) != CONF_OK)
		fail_msg("%s: %s", path, error);
	feed(twin, reader);
	twin_ops.close(twin);
	cap_close(reader);
}

static void run_capture(const char *name)
{
	char path[512], error[CAP_ERROR_SIZE];
	struct conf_setting *list;
	struct conf_config config = {.origin = name};
	struct cap_sidecar sidecar;

	cap_sidecar_init(&sidecar);
	snprintf(path, sizeof(path), "%s/%.200s.conf", PCAPS, name);
	assert_int_not_equal(cap_sidecar_read(&sidecar, path, error),
			     CAP_ERR_FORMAT);
	list = calloc(sidecar.num_settings + 1, sizeof(*list));
	assert_non_null(list);
	for (size_t i = 0; i < sidecar.num_settings; i++)
		list[i] = (struct conf_setting){
			.key = sidecar.settings[i].key,
			.value = sidecar.settings[i].value,
		};
	config.settings = list;
	config.num_settings = sidecar.num_settings;
	snprintf(path, sizeof(path), "%s/%.200s.pcap", PCAPS, name);
	twin_input = name;
	feed_capture(path, &config);
	free(list);
	cap_sidecar_cleanup(&sidecar);
}

static void test_captures(void **state)
{
	FILE *manifest = fopen(PCAPS "/MANIFEST.tsv", "r");
	char line[4096];

	(void)state;
	assert_non_null(manifest);
	while (fgets(line, sizeof(line), manifest) != NULL) {
		char *end = strstr(line, ".pcap\t");

		if (end == NULL || line[0] == '#')
			continue;
		*end = '\0';
		run_capture(line);
	}
	twin_input = "captures";
	fclose(manifest);
	assert_true(twin_counts.inputs > 300);
	assert_true(twin_counts.hops > 10000);
	assert_int_equal(twin_counts.disagree, 0);
}

/* ---- cases ----------------------------------------------------------- */

static void run_case(const struct conf_suite_case *c)
{
	struct conf_engine engine = {.ops = &twin_ops, .address = "twin"};
	const struct conf_player player = {.engine = &engine};
	static struct conf_outcome outcome;
	char error[CONF_ERROR_SIZE];
	struct conf_config config;

	conf_case_config(c->c, &config);
	twin_input = c->id;
	if (twin_ops.open(&config, &engine.state, error, sizeof(error)) !=
	    CONF_OK)
		return;
	conf_play(&player, c->c, &outcome);
	twin_ops.close(engine.state);
}

static void test_cases(void **state)
{
	char error[CONF_ERROR_SIZE];
	struct conf_suite suite = {0};

	(void)state;
	if (conf_suite_load(&suite, CASES, NULL, 0, error) != CONF_OK)
		fail_msg("%s", error);
	for (size_t i = 0; i < suite.num_cases; i++)
		run_case(&suite.cases[i]);
	twin_input = "cases";
	conf_suite_cleanup(&suite);
	assert_true(twin_counts.inputs > 300);
	assert_int_equal(twin_counts.disagree, 0);
}

/* ---- random traffic --------------------------------------------------- */

static void test_random(void **state)
{
	const char *rounds = getenv("MASQCHECK_NAIVE_ROUNDS");
	const char *first = getenv("MASQCHECK_NAIVE_SEED");

	(void)state;
	random_run(first != NULL ? strtoull(first, NULL, 10) : 1,
		   rounds != NULL ? (unsigned int)strtoul(rounds, NULL, 10)
				  : 300);
	assert_int_equal(twin_counts.disagree, 0);
}

/* Those that once found a difference. */
static void test_random_again(void **state)
{
	static const uint64_t seeds[] = {
		209110, /* a stream that begins like HTTP, perhaps */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		random_run(seeds[i], 1);
	assert_int_equal(twin_counts.disagree, 0);
}

static int report(void **state)
{
	(void)state;
	twin_report(twin_input);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_captures, report),
		cmocka_unit_test_teardown(test_cases, report),
		cmocka_unit_test_teardown(test_random, report),
		cmocka_unit_test_teardown(test_random_again, report),
	};

	if (getenv("MASQCHECK_NAIVE_ALL") != NULL)
		twin_most = UINT64_MAX;
	if (argc > 1) /* "random": only the tests of that name */
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
