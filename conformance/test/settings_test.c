/* SPDX-License-Identifier: Apache-2.0 */
/* settings_test.c - every key, what it takes and what it refuses */
#include <stdio.h>
#include <string.h>

#include "settings_parse.h"
#include "support.h"

/* Reads one setting into s. */
static enum conf_status read_one(struct conf_settings *s, const char *key,
				 const char *value, char *error)
{
	const struct conf_setting setting = {
		.key = key, .value = value, .line = 7};
	const struct conf_config config = {
		.settings = &setting,
		.num_settings = 1,
		.origin = "x.conf",
	};

	return conf_settings_read(s, &config, error);
}

static struct conf_settings accept(const char *key, const char *value)
{
	struct conf_settings s;
	char error[CONF_ERROR_SIZE] = "";

	if (read_one(&s, key, value, error) != CONF_OK)
		fail_msg("%s = %s: %s", key, value, error);
	return s;
}

static void refuse(const char *key, const char *value, const char *text)
{
	struct conf_settings s;
	char error[CONF_ERROR_SIZE] = "";

	if (read_one(&s, key, value, error) == CONF_OK)
		fail_msg("%s = \"%s\" was accepted", key, value);
	if (strstr(error, text) == NULL)
		fail_msg("%s = \"%s\": \"%s\" lacks \"%s\"", key, value, error,
			 text);
}

static void test_defaults(void **state)
{
	struct conf_settings s;
	const struct conf_config none = {.num_settings = 0};
	char error[CONF_ERROR_SIZE];

	(void)state;
	assert_int_equal(conf_settings_read(&s, &none, error), CONF_OK);
	assert_int_equal(s.inside.addr, INSIDE_ADDR);
	assert_int_equal(s.outside.addr, OUTSIDE_ADDR);
	assert_int_equal(s.sources[0].addr, 0xc0a80100);
	assert_int_equal(s.sources[0].len, 24);
	assert_int_equal(s.gateway, 0xcb0071fe);
	assert_int_equal(s.uptime, UINT64_C(300000000000));
	assert_true(conf_settings_quirks(&s) == MASQ_QUIRKS_ALL);
}

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(accept("udp-dloose", "-2147483648").udp_dloose,
			 INT32_MIN);
	assert_int_equal(accept("always-defrag", "2147483647").always_defrag,
			 INT32_MAX);
	assert_int_equal(accept("mtu.inside", "68").inside.mtu, 68);
	assert_int_equal(accept("mtu.outside", "65535").outside.mtu, 65535);
	assert_int_equal(accept("timeout.tcp", "21474836").timeout_tcp,
			 21474836);
	assert_int_equal(accept("timeout.tcp-fin", "20").timeout_tcp_fin, 20);
	assert_int_equal(accept("timeout.udp", "0").timeout_udp, 0);
	assert_int_equal(accept("max-entries", "1048576").max_entries, 1048576);
	assert_int_equal(accept("next-port", "65095").next_port, 65095);
	assert_int_equal(accept("irc.insecure", "1").irc_insecure, 1);
	assert_int_equal(accept("inside.if", "7").inside.ifindex, 7);
	assert_int_equal(accept("outside.if", "8").outside.ifindex, 8);
	assert_int_equal(accept("uptime", "12").uptime, UINT64_C(12000000000));
	assert_int_equal(accept("uptime", "0.000000001").uptime, 1);
	assert_int_equal(accept("uptime", "1.5").uptime, UINT64_C(1500000000));
}

static void test_addresses(void **state)
{
	struct conf_settings s = accept("inside.address", "10.1.2.3/8");

	(void)state;
	assert_int_equal(s.inside.addr, 0x0a010203);
	assert_int_equal(s.inside.len, 8);
	/* The rule follows the net, unless it is set. */
	assert_int_equal(s.sources[0].addr, 0x0a000000);
	assert_int_equal(s.sources[0].len, 8);
	/* The default gateway goes with the default net. */
	assert_int_equal(accept("outside.address", "10.1.2.3/30").gateway, 0);
	assert_int_equal(accept("gateway", "10.0.0.9").gateway, 0x0a000009);
	assert_int_equal(accept("gateway", "none").gateway, 0);
	s = accept("outside.mac", "02:aB:00:00:00:fF");
	assert_true(s.outside.has_mac);
	assert_int_equal(s.outside.mac[1], 0xab);
	assert_int_equal(s.outside.mac[5], 0xff);
	assert_true(accept("inside.mac", "00:00:00:00:00:00").inside.has_mac);
	s = accept("neighbour", "192.168.1.10=02:00:00:00:00:0a");
	assert_int_equal(s.num_neighbours, 1);
	assert_int_equal(s.neighbours[0].addr, INSIDE_HOST);
	assert_int_equal(s.neighbours[0].mac[5], 0x0a);
	assert_int_equal(accept("neighbour", "none").num_neighbours, 0);
	assert_int_equal(accept("wire", "outside").wire, CONF_OUTSIDE);
	assert_int_equal(accept("wire", "inside").wire, CONF_INSIDE);
}

static void test_masq(void **state)
{
	struct conf_settings s = accept("masq", "10.0.0.0/8,192.168.7.1");

	(void)state;
	assert_int_equal(s.num_sources, 2);
	assert_int_equal(s.sources[0].len, 8);
	assert_int_equal(s.sources[1].addr, 0xc0a80701);
	assert_int_equal(s.sources[1].len, 32);
	assert_int_equal(s.dest.len, 0);
	s = accept("masq", "10.0.0.0/8 to 198.51.100.0/24");
	assert_int_equal(s.dest.addr, 0xc6336400);
	assert_int_equal(s.dest.len, 24);
	assert_int_equal(accept("masq", "none").num_sources, 0);
	refuse("masq",
	       "1.0.0.0/8,1.0.0.0/8,1.0.0.0/8,1.0.0.0/8,1.0.0.0/8,"
	       "1.0.0.0/8,1.0.0.0/8,1.0.0.0/8,1.0.0.0/8",
	       "at most 8");
}

static void test_portfw(void **state)
{
	struct conf_settings s = accept("portfw",
					"tcp:203.0.113.1:8080=192.168.1.99:80");

	(void)state;
	assert_int_equal(s.num_portfw, 1);
	assert_int_equal(s.portfw[0].proto, 6);
	assert_int_equal(s.portfw[0].local_addr, OUTSIDE_ADDR);
	assert_int_equal(s.portfw[0].local_port, 8080);
	assert_int_equal(s.portfw[0].real_addr, 0xc0a80163);
	assert_int_equal(s.portfw[0].real_port, 80);
	assert_int_equal(s.portfw[0].preference, 1);
	s = accept("portfw", "udp:203.0.113.1:53=203.0.113.1:53:9");
	assert_int_equal(s.portfw[0].proto, 17);
	assert_int_equal(s.portfw[0].preference, 9);
	assert_int_equal(accept("portfw", "none").num_portfw, 0);
	refuse("portfw", "tcp:203.0.113.1:61000=192.168.1.99:80", "60999");
}

static void test_helpers(void **state)
{
	static const struct conf_setting settings[] = {
		{"helper.irc", "6667,7000", 1}, {"helper.ftp", "default", 2},
		{"helper.quake", "on", 3},      {"helper.irc", "7777", 0},
		{"helper.ftp", "off", 0},       {"helper.raudio", "off", 0},
	};
	const struct conf_config config = {.settings = settings,
					   .num_settings = 6};
	struct conf_settings s;
	char error[CONF_ERROR_SIZE];

	(void)state;
	assert_int_equal(conf_settings_read(&s, &config, error), CONF_OK);
	assert_int_equal(s.num_loads, 2);
	/* The first place is kept, the last ports count. */
	assert_int_equal(s.loads[0].helper, CONF_HELPER_IRC);
	assert_int_equal(s.loads[0].ports.num_values, 1);
	assert_int_equal(s.loads[0].ports.values[0], 7777);
	assert_int_equal(s.loads[1].helper, CONF_HELPER_QUAKE);
	assert_int_equal(s.loads[1].line, 3);
	assert_int_equal(accept("helper.quake", "off").num_loads, 0);
	s = accept("ftp.in-ports", "2021,8021");
	assert_int_equal(s.ftp_in_ports.num_values, 2);
	s = accept("ftp.noport", "0");
	assert_int_equal(s.ftp_noport.num_values, 1);
}

static void test_quirks(void **state)
{
	static const struct conf_setting settings[] = {
		{"quirk.ttl-quote", "on", 0},
		{"profile", "linux-2.2-fixed", 0},
		{"quirk.seq-pair", "on", 0},
		{"quirk.seq-pair", "off", 0},
		{"quirk.port-zero", "off", 0},
		{"quirk.port-zero", "on", 0},
	};
	const struct conf_config config = {.settings = settings,
					   .num_settings = 6};
	struct conf_settings s;
	char error[CONF_ERROR_SIZE];

	(void)state;
	assert_int_equal(conf_settings_read(&s, &config, error), CONF_OK);
	assert_true(conf_settings_quirks(&s) ==
		    (MASQ_QUIRK(TTL_QUOTE) | MASQ_QUIRK(PORT_ZERO)));
	s = accept("quirk.ttl-quote", "off");
	assert_true(conf_settings_quirks(&s) ==
		    (MASQ_QUIRKS_ALL & ~MASQ_QUIRK(TTL_QUOTE)));
	assert_true(accept("local", "answer").local_answer);
	assert_false(accept("local", "swallow").local_answer);
}

/* No key may take any of these, whatever it is about. */
static void test_hostile(void **state)
{
	static const char *const values[] = {
		"",
		" ",
		"-",
		"--1",
		"+1",
		"1 ",
		" 1",
		"0x10",
		"1e3",
		"1,",
		",",
		",1",
		"1,,2",
		"99999999999999999999999999",
		"-99999999999",
		"65536,1",
		"1,-1",
		"1.2.3",
		"1.2.3.4.5",
		"1.2.3.256",
		"1.2.3.4/33",
		"1.2.3.4/",
		"1.2.3.4/-1",
		"/8",
		"01.2.3.4444/8",
		"tcp:",
		"tcp:1.2.3.4:5",
		"tcp:1.2.3.4:5=6.7.8.9",
		"tcp:1.2.3.4:0=6.7.8.9:1",
		"tcp:1.2.3.4:1=6.7.8.9:0",
		"icmp:1.2.3.4:5=6.7.8.9:1",
		"tcp:1.2.3.4:5=6.7.8.9:1:0",
		"tcp:1.2.3.4:5=6.7.8.9:1:x",
		"tcp:1.2.3.4:5=6.7.8.9:1:1:1",
		"tcp:1.2.3.4=6.7.8.9:1",
		"1.2.3.4=",
		"1.2.3.4=02:00",
		"1.2.3.4=02:00:00:00:00:0g",
		"1.2.3.4=02:00:00:00:00:00:00",
		"=02:00:00:00:00:00",
		"2:0:0:0:0:0:",
		"On",
		"ON",
		"yes",
		"Default",
		"1,2,3,4,5,6,7,8,9,10,11,12,13",
		"10.0.0.0/8 to ",
		"10.0.0.0/8 to x",
		" to 10.0.0.0/8",
		"1.2.3.4/8,",
		"-1.5",
		"1.0000000001",
		"1.-5",
		"1.",
		".5",
		"linux-2.4",
		"%s%n",
	};

	(void)state;
	for (size_t k = 0; k < conf_num_keys; k++) {
		const char *name = conf_keys[k].name;
		char key[64];

		snprintf(key, sizeof(key), "%s%s", name,
			 strcmp(name, "quirk.") == 0 ? "ttl-quote" : "");
		for (size_t v = 0; v < sizeof(values) / sizeof(*values); v++)
			refuse(key, values[v], "x.conf:7: ");
	}
}

static void test_limits(void **state)
{
	(void)state;
	refuse("mtu.inside", "67", "from 68 to 65535");
	refuse("mtu.inside", "65536", "from 68 to 65535");
	refuse("timeout.udp", "-1", "from 0 to");
	refuse("timeout.udp", "21474837", "from 0 to 21474836");
	refuse("udp-dloose", "2147483648", "read \"2147483648\"");
	refuse("udp-dloose", "-2147483649", "from -2147483648");
	refuse("max-entries", "0", "from 1 to 1048576");
	refuse("next-port", "60999", "from 61000 to 65095");
	refuse("next-port", "65096", "from 61000 to 65095");
	refuse("inside.address", "10.0.0.1/31", "prefix length from 1 to 30");
	refuse("inside.address", "10.0.0.1/0", "prefix length from 1 to 30");
	refuse("inside.if", "0", "from 1 to");
	refuse("uptime", "21474837", "seconds");
}

/* portfw and neighbour add up, to a limit. */
static void test_many(void **state)
{
	struct conf_setting settings[CONF_MAX_PORTFW + 1];
	struct conf_config config = {.settings = settings};
	char values[CONF_MAX_PORTFW + 1][64];
	struct conf_settings s;
	char error[CONF_ERROR_SIZE];

	(void)state;
	for (unsigned int i = 0; i <= CONF_MAX_PORTFW; i++) {
		snprintf(values[i], sizeof(values[i]),
			 "tcp:203.0.113.1:%u=192.168.1.9:80", i + 1);
		settings[i] = (struct conf_setting){"portfw", values[i], i};
	}
	config.num_settings = CONF_MAX_PORTFW;
	assert_int_equal(conf_settings_read(&s, &config, error), CONF_OK);
	assert_int_equal(s.num_portfw, CONF_MAX_PORTFW);
	config.num_settings++;
	assert_int_equal(conf_settings_read(&s, &config, error),
			 CONF_ERR_CONFIG);
	assert_non_null(strstr(error, "at most 64"));
	for (unsigned int i = 0; i <= CONF_MAX_NEIGHBOURS; i++) {
		snprintf(values[i], sizeof(values[i]),
			 "10.0.0.%u=02:00:00:00:00:01", i);
		settings[i] = (struct conf_setting){"neighbour", values[i], i};
	}
	assert_int_equal(conf_settings_read(&s, &config, error),
			 CONF_ERR_CONFIG);
	assert_non_null(strstr(error, "at most 64"));
	/* One that is known already is replaced. */
	settings[CONF_MAX_NEIGHBOURS].value = values[3];
	assert_int_equal(conf_settings_read(&s, &config, error), CONF_OK);
	assert_int_equal(s.num_neighbours, CONF_MAX_NEIGHBOURS);
}

static void test_unknown_keys(void **state)
{
	static const struct {
		const char *key, *hint;
	} rows[] = {
		{"udp-loose", "did you mean \"udp-dloose\"?"},
		{"timeout.tcpfin", "did you mean \"timeout.tcp-fin\"?"},
		{"quirk.tll-quote", "did you mean \"quirk.ttl-quote\"?"},
		{"quirk.", "there is no such key"},
		{"quirk", "there is no such key"},
		{"helper.", "there is no such key"},
		{"zzzzzzzzzzzzzz", "masqcheck help config"},
		{"", "there is no such key"},
		{"ProFile", "did you mean \"profile\"?"},
		{"a-key-that-is-much-longer-than-any-key-there-has-ever-been-"
		 "in-the-whole-table",
		 "there is no such key"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refuse(rows[i].key, "1", rows[i].hint);
}

/* Where an error is said to be. */
static void test_where(void **state)
{
	struct conf_setting setting = {"mtu.inside", "x", 0};
	struct conf_config config = {.settings = &setting, .num_settings = 1};
	struct conf_settings s;
	char error[CONF_ERROR_SIZE];

	(void)state;
	assert_int_equal(conf_settings_read(&s, &config, error),
			 CONF_ERR_CONFIG);
	assert_memory_equal(error, "setting mtu.inside: read", 24);
	setting.line = 3;
	assert_int_equal(conf_settings_read(&s, &config, error),
			 CONF_ERR_CONFIG);
	assert_memory_equal(error, "line 3: mtu.inside: read", 24);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_masq),
		cmocka_unit_test(test_portfw),
		cmocka_unit_test(test_helpers),
		cmocka_unit_test(test_quirks),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
