/* SPDX-License-Identifier: Apache-2.0 */
/* registry_test.c - names, slots and quirks (GEN-01 to GEN-04) */
#include "kit.h"

static void modules_are_found_by_name(void **state)
{
	(void)state;
	assert_int_equal(helper_num_modules, 6);
	for (unsigned int i = 0; i < helper_num_modules; i++) {
		const struct helper_module *m = helper_modules[i];

		assert_ptr_equal(helper_find(m->name), m);
		assert_true(strlen(m->ops[0]->name) <= 16);
		if (i != 0)
			assert_true(strcmp(helper_modules[i - 1]->name,
					   m->name) < 0);
	}
	assert_null(helper_find("sip"));
	assert_null(helper_find(""));
}

struct row {
	const char *module;
	int32_t ports[HELPER_MAX_PORTS + 1];
	unsigned int num_ports;
	enum masq_status status;
	unsigned int num_bindings;
	uint16_t bound[4]; /* the first of them */
};

static const struct row rows[] = {
	{"ftp", {0}, 0, MASQ_OK, 1, {21}},
	{"ftp", {2121}, 1, MASQ_OK, 1, {2121}},
	{"ftp", {21, 2121}, 2, MASQ_OK, 2, {21, 2121}},
	{"ftp", {0, 0, 99}, 3, MASQ_OK, 1, {99}},
	{"ftp", {65557}, 1, MASQ_OK, 1, {21}},
	{"ftp", {-65515}, 1, MASQ_OK, 1, {21}},
	{"ftp", {21, 21}, 2, MASQ_OK, 2, {21, 21}},
	{"ftp", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 11, MASQ_OK, 11, {1, 2}},
	{"ftp", {1, 2}, 12, MASQ_ERR_CONFIG, 0, {0}},
	{"irc", {0}, 0, MASQ_OK, 1, {6667}},
	{"irc", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 12, MASQ_OK, 12, {1}},
	{"irc", {1}, 13, MASQ_ERR_CONFIG, 0, {0}},
	{"raudio", {8554}, 1, MASQ_OK, 2, {8554, 7070}},
	{"raudio", {8554, 0}, 2, MASQ_OK, 1, {8554}},
	{"quake", {0}, 0, MASQ_OK, 2, {26000, 27000}},
	{"quake", {26001}, 1, MASQ_ERR_CONFIG, 0, {0}},
};

static void slots_are_overwritten_from_the_first(void **state)
{
	struct helper_options options;

	(void)state;
	helper_options_init(&options);
	assert_int_equal(options.ftp_noport[0], 6000);
	assert_int_equal(options.ftp_noport[1], 0);
	assert_false(options.irc_insecure);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		const struct helper_module *m = helper_find(row->module);
		struct masq_config config;

		masq_config_init(&config);
		assert_int_equal(helper_load(&config, m, row->ports,
					     row->num_ports, NULL, 0, &options),
				 row->status);
		assert_int_equal(config.num_bindings, row->num_bindings);
		for (unsigned int k = 0; k < 4 && row->bound[k] != 0; k++) {
			assert_int_equal(config.bindings[k].port,
					 row->bound[k]);
			assert_false(config.bindings[k].inbound);
			assert_ptr_equal(config.bindings[k].options, &options);
		}
	}
}

static void in_ports_follow_the_ports(void **state)
{
	const int32_t ports[] = {2021, 8021};
	struct helper_options options;
	struct masq_config config;

	(void)state;
	helper_options_init(&options);
	masq_config_init(&config);
	assert_int_equal(helper_load(&config, helper_find("ftp"), NULL, 0,
				     ports, 2, &options),
			 MASQ_OK);
	assert_int_equal(config.num_bindings, 3);
	assert_int_equal(config.bindings[0].port, 21);
	assert_false(config.bindings[0].inbound);
	assert_int_equal(config.bindings[1].port, 2021);
	assert_true(config.bindings[1].inbound);
	assert_true(config.bindings[2].inbound);
	assert_int_equal(helper_load(&config, helper_find("irc"), NULL, 0,
				     ports, 1, &options),
			 MASQ_ERR_CONFIG);
}

/* GEN-04: all or nothing. */
static void a_full_list_stays_as_it_was(void **state)
{
	const int32_t ports[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
	struct helper_options options;
	struct masq_config config;
	unsigned int before;

	(void)state;
	helper_options_init(&options);
	masq_config_init(&config);
	while (config.num_bindings + 11 <= MASQ_MAX_BINDINGS)
		assert_int_equal(helper_load(&config, helper_find("ftp"), ports,
					     11, NULL, 0, &options),
				 MASQ_OK);
	before = config.num_bindings;
	assert_int_equal(helper_load(&config, helper_find("ftp"), ports, 11,
				     NULL, 0, &options),
			 MASQ_ERR_SPACE);
	assert_int_equal(config.num_bindings, before);
	assert_int_equal(helper_load(&config, helper_find("ftp"), ports, 4,
				     ports, 11, &options),
			 MASQ_ERR_SPACE);
	assert_int_equal(config.num_bindings, before);
}

static void quirks_have_names(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < HELPER_NUM_QUIRKS; i++) {
		assert_true(strlen(helper_quirks[i].name) > 0);
		assert_true(strlen(helper_quirks[i].rule) > 0);
		assert_true(strlen(helper_quirks[i].what) > 0);
		for (unsigned int k = 0; k < i; k++)
			assert_string_not_equal(helper_quirks[i].name,
						helper_quirks[k].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules_are_found_by_name),
		cmocka_unit_test(slots_are_overwritten_from_the_first),
		cmocka_unit_test(in_ports_follow_the_ports),
		cmocka_unit_test(a_full_list_stays_as_it_was),
		cmocka_unit_test(quirks_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
