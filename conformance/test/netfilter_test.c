/* SPDX-License-Identifier: Apache-2.0 */
/* netfilter_test.c - settings as the kernel gets them; needs no privilege */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "netfilter/netfilter.h"

static struct nf_plan plan;
static char error[CONF_ERROR_SIZE];

static enum conf_status make(const char *argument, const char *key,
			     const char *value)
{
	const struct conf_setting setting = {.key = key, .value = value};
	const struct conf_config config = {
		.settings = &setting,
		.num_settings = key != NULL,
		.argument = argument,
	};

	error[0] = '\0';
	return nf_plan_make(&plan, &config, error);
}

static bool rules_have(const char *text)
{
	return strstr(plan.rules, text) != NULL;
}

static void test_plain_rules_only_masquerade(void **state)
{
	(void)state;
	assert_int_equal(make(NULL, NULL, NULL), CONF_OK);
	assert_true(rules_have("oifname \"outside0\" ip saddr 192.168.1.0/24 "
			       "masquerade\n"));
	assert_false(rules_have("hook input"));
	assert_false(rules_have("hook forward"));
	assert_false(rules_have("ct helper"));
	assert_int_equal(plan.device[NF_OUT].addr, 0xcb007101);
	assert_int_equal(plan.device[NF_IN].mtu, 1500);
}

static void test_strict_rules_filter(void **state)
{
	(void)state;
	assert_int_equal(make("strict", NULL, NULL), CONF_OK);
	assert_true(rules_have("hook input"));
	assert_true(rules_have("ct state invalid drop"));
	assert_int_equal(make("strict", "local", "answer"), CONF_OK);
	assert_false(rules_have("hook input"));
	assert_int_equal(make(NULL, "local", "swallow"), CONF_OK);
	assert_true(rules_have("hook input"));
	assert_int_equal(make("strict,tftp,sip", NULL, NULL), CONF_OK);
	assert_true(rules_have("ct state invalid drop"));
	assert_true(rules_have("udp dport 69 ct helper set \"helper-tftp\""));
	assert_true(rules_have("type \"sip\" protocol udp"));
	assert_int_equal(make("tftp", NULL, NULL), CONF_OK);
	assert_false(rules_have("invalid drop"));
	assert_false(rules_have("\"sip\""));
	assert_int_equal(make("strict,no", NULL, NULL), CONF_ERR_CONFIG);
	assert_int_equal(make("loose", NULL, NULL), CONF_ERR_CONFIG);
	assert_non_null(strstr(error, "loose"));
}

static void test_settings_become_rules(void **state)
{
	(void)state;
	assert_int_equal(make(NULL, "helper.ftp", "21,2121"), CONF_OK);
	assert_true(rules_have("type \"ftp\" protocol tcp"));
	assert_true(rules_have("tcp dport { 21, 2121 } ct helper set"));
	assert_int_equal(make(NULL, "helper.irc", "default"), CONF_OK);
	assert_true(rules_have("tcp dport { 6667 }"));
	assert_int_equal(
		make(NULL, "portfw", "udp:203.0.113.1:53=192.168.1.20:5353"),
		CONF_OK);
	assert_true(rules_have("ip daddr 203.0.113.1 udp dport 53 dnat to "
			       "192.168.1.20:5353"));
	assert_int_equal(make(NULL, "masq", "none"), CONF_OK);
	assert_false(rules_have(" masquerade\n"));
	assert_int_equal(make(NULL, "timeout.udp", "120"), CONF_OK);
	assert_int_equal(plan.timeout_udp, 120);
	assert_int_equal(make(NULL, "mtu.outside", "576"), CONF_OK);
	assert_int_equal(plan.device[NF_OUT].mtu, 576);
}

/* What it cannot obey it says, with the key; it does not act as if. */
static void test_the_rest_is_refused(void **state)
{
	static const char *const refused[][2] = {
		{"helper.quake", "on"},
		{"helper.raudio", "default"},
		{"helper.vdolive", "7000"},
		{"helper.cuseeme", "default"},
		{"udp-dloose", "1"},
		{"max-entries", "16"},
		{"next-port", "61000"},
		{"ftp.noport", "7000"},
		{"irc.insecure", "1"},
		{"always-defrag", "0"},
		{"mtu.inside", "65535"},
		{"outside.mac", "01:00:00:00:00:01"},
		{"outside.address", "192.168.1.2/24"},
		{"outside.address", "192.168.200.2/16"},
		{"outside.address", "129.0.0.1/1"},
		{"inside.address", "203.0.113.129/25"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_int_equal(make(NULL, refused[i][0], refused[i][1]),
				 CONF_ERR_UNSUPPORTED);
		assert_non_null(strstr(error, refused[i][0]));
	}
	assert_int_equal(make(NULL, "no-such-key", "1"), CONF_ERR_CONFIG);
	assert_int_equal(make(NULL, "udp-dloose", "0"), CONF_OK);
	assert_int_equal(make(NULL, "outside.address", "192.168.2.2/24"),
			 CONF_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_rules_only_masquerade),
		cmocka_unit_test(test_strict_rules_filter),
		cmocka_unit_test(test_settings_become_rules),
		cmocka_unit_test(test_the_rest_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
