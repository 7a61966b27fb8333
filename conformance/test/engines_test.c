/* SPDX-License-Identifier: Apache-2.0 */
/* engines_test.c - engines by address, and the reference engine */
#include <stdio.h>
#include <string.h>

#include "contract.h"
#include "helper_quirks.h"
#include "ref.h"

static void check_refused(const char *address, const struct conf_config *config,
			  enum conf_status status, const char *text)
{
	struct conf_engine engine;
	char error[CONF_ERROR_SIZE] = "";

	assert_int_equal(conf_engine_open(&engine, address, config, error),
			 status);
	if (strstr(error, text) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", error, text);
	assert_null(engine.ops);
	conf_engine_close(&engine);
}

static void test_addresses(void **state)
{
	(void)state;
	check_refused("", &conf_none, CONF_ERR_CONFIG, "ref[:PROFILE]");
	check_refused("reference", &conf_none, CONF_ERR_CONFIG, "capture:FILE");
	check_refused("capture", &conf_none, CONF_ERR_CONFIG, "needs more");
	check_refused("capture:", &conf_none, CONF_ERR_CONFIG, "needs more");
	check_refused("ref:linux-9", &conf_none, CONF_ERR_CONFIG,
		      "ref:linux-9: there is no such profile");
	check_refused("capture:/nowhere/x.pcap", &conf_none, CONF_ERR_ENGINE,
		      "/nowhere/x.pcap");
	assert_null(conf_capture_path("ref"));
	assert_null(conf_capture_path("capture"));
	assert_null(conf_capture_path("cap:x"));
	assert_string_equal(conf_capture_path("capture:a:b"), "a:b");
}

/* Without settings the engine is as its own defaults make it. */
static void test_default_config(void **state)
{
	struct masq_config expected, actual;
	char error[CONF_ERROR_SIZE];
	void *options;

	(void)state;
	masq_config_init(&expected);
	memset(&actual, 0x5a, sizeof(actual));
	assert_int_equal(
		conf_ref_configure(&actual, &conf_none, &options, error),
		CONF_OK);
	free(options);
	assert_int_equal(actual.gateway, expected.gateway);
	assert_int_equal(actual.inside.addr, expected.inside.addr);
	assert_int_equal(actual.inside.mtu, expected.inside.mtu);
	assert_memory_equal(actual.inside.mac, expected.inside.mac, 6);
	assert_int_equal(actual.outside.addr, expected.outside.addr);
	assert_memory_equal(actual.outside.mac, expected.outside.mac, 6);
	assert_int_equal(actual.rule.num_sources, expected.rule.num_sources);
	assert_int_equal(actual.rule.source[0].addr,
			 expected.rule.source[0].addr);
	assert_true(actual.quirks == expected.quirks);
	assert_int_equal(actual.uptime, expected.uptime);
	assert_int_equal(actual.next_port, expected.next_port);
	assert_int_equal(actual.max_entries, expected.max_entries);
	assert_int_equal(actual.num_portfw, 0);
	assert_int_equal(actual.num_bindings, 0);
}

static void test_config(void **state)
{
	static const struct conf_setting settings[] = {
		{"portfw", "tcp:203.0.113.1:8080=192.168.1.99:80:3", 0},
		{"neighbour", "192.168.1.10=02:00:00:00:00:0a", 0},
		{"masq", "10.0.0.0/8 to 10.9.0.0/16", 0},
		{"inside.mac", "02:00:00:00:00:77", 0},
		{"max-entries", "12", 0},
		{"next-port", "65095", 0},
		{"profile", "linux-2.2", 0},
	};
	struct conf_config config = {.settings = settings,
				     .num_settings = 7,
				     .argument = "linux-2.2-fixed"};
	struct masq_config out;
	char error[CONF_ERROR_SIZE];
	void *options;

	(void)state;
	assert_int_equal(conf_ref_configure(&out, &config, &options, error),
			 CONF_OK);
	free(options);
	assert_int_equal(out.num_portfw, 1);
	assert_int_equal(out.portfw[0].real_port, 80);
	assert_int_equal(out.portfw[0].preference, 3);
	assert_int_equal(out.num_neighbours, 1);
	assert_int_equal(out.neighbours[0].mac[5], 0x0a);
	assert_int_equal(out.rule.dest.len, 16);
	assert_int_equal(out.inside.mac[5], 0x77);
	assert_int_equal(out.max_entries, 12);
	assert_int_equal(out.next_port, 65095);
	/* The address wins over the setting. */
	assert_true(out.quirks == MASQ_QUIRKS_NONE);
}

/* Helpers become bindings, if this program has them. */
static void test_helpers(void **state)
{
	static const struct conf_setting settings[] = {
		{"helper.ftp", "21,2121", 3}, {"helper.irc", "default", 4},
		{"helper.quake", "on", 5},    {"ftp.in-ports", "8021", 6},
		{"ftp.noport", "7000", 7},    {"irc.insecure", "1", 8},
	};
	static const struct conf_setting many[] = {
		{"helper.ftp", "1,2,3,4,5,6,7,8,9,10,11,12", 9}};
	struct conf_config config = {
		.settings = settings, .num_settings = 6, .origin = "a.conf"};
	struct masq_config out;
	char error[CONF_ERROR_SIZE];
	enum conf_status status;
	void *options;

	(void)state;
	status = conf_ref_configure(&out, &config, &options, error);
	free(options);
	if (conf_num_helper_quirks == 0) {
		assert_int_equal(status, CONF_ERR_CONFIG);
		assert_string_equal(error, "a.conf:3: helper.ftp: helper ftp "
					   "is not built in");
		return;
	}
	assert_int_equal(status, CONF_OK);
	assert_int_equal(out.bindings[0].port, 21);
	assert_int_equal(out.bindings[1].port, 2121);
	assert_true(out.bindings[2].inbound);
	assert_int_equal(out.bindings[2].port, 8021);
	assert_true(out.num_bindings > 4);
	/* In 2.2.26 the list of FTP has a slot less than the others'. */
	config = (struct conf_config){.settings = many, .num_settings = 1};
	status = conf_ref_configure(&out, &config, &options, error);
	free(options);
	assert_int_equal(status, CONF_ERR_CONFIG);
	assert_non_null(strstr(error, "line 9: helper.ftp: helper ftp takes"));
}

static void test_bad_settings(void **state)
{
	struct conf_setting setting = {"mtu.inside", "7", 4};
	const struct conf_config config = {
		.settings = &setting, .num_settings = 1, .origin = "a.conf"};

	(void)state;
	check_refused("ref", &config, CONF_ERR_CONFIG, "a.conf:4: mtu.inside");
	check_refused("capture:x.pcap", &config, CONF_ERR_CONFIG,
		      "a.conf:4: mtu.inside");
}

static void test_ref(void **state)
{
	static const struct conf_setting fast = {"timeout.udp", "10", 0};
	const struct conf_config config = {.settings = &fast,
					   .num_settings = 1};
	struct packet out = make_udp(INSIDE_HOST, 2000, PEER, 53, "x");
	struct packet dying = out;
	struct conf_engine engine = contract_open("ref", &config);
	struct conf_results results = {.num_items = 0};
	struct text text = {.len = 0};

	(void)state;
	assert_int_equal(
		contract_send(&engine, &out, CONF_INSIDE, 100 * S, &results),
		CONF_OK);
	assert_int_equal(results.num_items, 1);
	assert_int_equal(results.items[0].side, CONF_OUTSIDE);
	assert_false(results.items[0].own_error);
	assert_true(results.items[0].has_src_mac);
	put8(&dying, 8, 1);
	fix_ip(&dying);
	assert_int_equal(
		contract_send(&engine, &dying, CONF_INSIDE, 101 * S, &results),
		CONF_OK);
	assert_int_equal(results.num_items, 1);
	assert_int_equal(results.items[0].side, CONF_INSIDE);
	assert_true(results.items[0].own_error);

	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_TABLE,
					  contract_collect, &text),
			 CONF_OK);
	assert_int_equal(text.len, 256);
	assert_non_null(strstr(text.at, "UDP C0A8010A:07D0"));
	text.len = 0;
	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_LONG,
					  contract_collect, &text),
			 CONF_OK);
	assert_non_null(strstr(text.at, "udp  192.168.1.10:2000 as "
					"203.0.113.1:61000 to "
					"198.51.100.7:53"));
	assert_non_null(strstr(text.at, "expires 9.00 s"));
	assert_non_null(strstr(text.at, "quirks: ttl-quote"));
	text.len = 0;
	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_COUNTERS,
					  contract_collect, &text),
			 CONF_OK);
	assert_non_null(strstr(text.at, "entries.alive 1\n"));
	assert_non_null(strstr(text.at, "drops.ttl 1\n"));

	/* Time alone removes the entry, and a reset begins anew. */
	assert_int_equal(engine.ops->advance(engine.state, 200 * S,
					     conf_results_emit, &results),
			 CONF_OK);
	text.len = 0;
	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_TABLE,
					  contract_collect, &text),
			 CONF_OK);
	assert_int_equal(text.len, 128);
	assert_int_equal(engine.ops->reset(engine.state), CONF_OK);
	assert_int_equal(engine.ops->dump(engine.state, (enum conf_dump)9,
					  contract_collect, &text),
			 CONF_ERR_UNSUPPORTED);
	assert_string_equal(conf_engine_error(&engine), "the engine failed");
	engine.ops->close(NULL);
	conf_engine_close(&engine);
	conf_engine_close(&engine);
	conf_results_cleanup(&results);
}

/* What a port forward and its flags look like in the long format. */
static void test_long_dump(void **state)
{
	static const struct conf_setting settings[] = {
		{"portfw", "tcp:203.0.113.1:8080=192.168.1.99:80", 0},
		{"profile", "linux-2.2-fixed", 0},
	};
	const struct conf_config config = {.settings = settings,
					   .num_settings = 2};
	struct packet syn = make_tcp(PEER, 4000, OUTSIDE_ADDR, 8080, 2, "");
	struct packet ping = make_icmp(INSIDE_HOST, PEER, 8, 0, 0x00090001,
				       "ab", 2);
	struct conf_engine engine = contract_open("ref", &config);
	struct conf_results results = {.num_items = 0};
	struct text text = {.len = 0};

	(void)state;
	assert_int_equal(
		contract_send(&engine, &syn, CONF_OUTSIDE, S, &results),
		CONF_OK);
	assert_int_equal(
		contract_send(&engine, &ping, CONF_INSIDE, S, &results),
		CONF_OK);
	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_LONG,
					  contract_collect, &text),
			 CONF_OK);
	assert_non_null(strstr(text.at, "tcp  192.168.1.99:80 as "
					"203.0.113.1:8080 to "
					"198.51.100.7:4000"));
	assert_non_null(strstr(text.at, "mport"));
	assert_non_null(strstr(text.at, "icmp 192.168.1.10:9"));
	assert_non_null(strstr(text.at, "quirks: none\n"));
	conf_engine_close(&engine);
	conf_results_cleanup(&results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_default_config),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_helpers),
		cmocka_unit_test(test_bad_settings),
		cmocka_unit_test(test_ref),
		cmocka_unit_test(test_long_dump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
