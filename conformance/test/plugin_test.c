/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin_test.c - engines in processes of their own, by the contract
 *
 * ENGINES is the folder of the shared objects of test/engines, HOSTILE the
 * path of hostile.pl. The scripts plugin.sh and exec.sh look at the verdicts
 * as users see them.
 */
#include <stdio.h>
#include <string.h>

#include "contract.h"

#define NAT     ENGINES "/nat.so"
#define BROKEN  ENGINES "/hostile.so:"
#define PROGRAM "exec:perl " HOSTILE " "

static void test_addresses(void **state)
{
	static const struct {
		const char *address;
		const char *kind; /* NULL = none */
		bool is_foreign;
	} rows[] = {
		{"./x.so", "plugin", true},
		{"./x.so:argument", "plugin", true},
		{"/a/b.so.d/x.so", "plugin", true},
		{"dir/x.so:a:b.so", "plugin", true},
		{"./x.so.1", NULL, false},
		{"x.so", NULL, false},
		{"./x", NULL, false},
		{"exec:./x.so", "exec", true},
		{"exec", "exec", true},
		{"capture:./x.so", "capture", false},
		{"ref", "ref", false},
		{"ref:./x.so", "ref", false},
		{"sabotage:none", "sabotage", false},
		{"", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct conf_kind *kind = conf_kind_find(rows[i].address);
		const char *name = kind != NULL ? kind->name : "none";

		if (strcmp(name, rows[i].kind ? rows[i].kind : "none") != 0)
			fail_msg("%s is %s", rows[i].address, name);
		assert_int_equal(conf_is_foreign(rows[i].address),
				 rows[i].is_foreign);
	}
}

/* Each engine has a table of its own, with its capabilities. */
static void test_capabilities(void **state)
{
	struct conf_engine nat = contract_open(NAT, &conf_none);
	struct conf_engine hostile = contract_open(BROKEN "none", &conf_none);
	struct conf_engine program = contract_open(PROGRAM "reset", &conf_none);
	struct text text = {.len = 0};

	(void)state;
	assert_int_equal(nat.ops->capabilities, CONF_CAN_VIRTUAL_TIME);
	assert_string_equal(nat.ops->name, "tiny");
	assert_int_equal(nat.ops->dump(nat.state, CONF_DUMP_TABLE,
				       contract_collect, &text),
			 CONF_ERR_UNSUPPORTED);
	assert_int_equal(hostile.ops->capabilities,
			 CONF_CAN_VIRTUAL_TIME | CONF_CAN_DUMP);
	assert_string_equal(program.ops->name, "reset");
	assert_int_equal(program.ops->capabilities,
			 CONF_CAN_VIRTUAL_TIME | CONF_CAN_DUMP);
	assert_int_equal(program.ops->dump(program.state, (enum conf_dump)9,
					   contract_collect, &text),
			 CONF_ERR_UNSUPPORTED);
	conf_engine_close(&nat);
	conf_engine_close(&hostile);
	conf_engine_close(&program);
}

/* Out, back in, too late, and after a reset. */
static void use_nat(const char *address)
{
	struct packet out = make_udp(INSIDE_HOST, 2000, PEER, 53, "query");
	struct packet in = make_udp(PEER, 53, OUTSIDE_ADDR, 0, "answer");
	struct conf_engine e = contract_open(address, &conf_none);
	struct conf_results r = {.num_items = 0};
	const uint8_t *data;

	for (int round = 0; round < 2; round++) {
		assert_int_equal(
			contract_send(&e, &out, CONF_INSIDE, 100 * S, &r),
			CONF_OK);
		assert_int_equal(r.num_items, 1);
		assert_int_equal(r.items[0].side, CONF_OUTSIDE);
		assert_true(r.items[0].now == 100 * S);
		assert_int_equal(r.items[0].len, out.len);
		data = conf_result_data(&r, &r.items[0]);
		memcpy(in.data + 22, data + 20, 2);
		fix_all(&in);
		assert_int_equal(
			contract_send(&e, &in, CONF_OUTSIDE, 101 * S, &r),
			CONF_OK);
		assert_int_equal(r.num_items, 1);
		assert_int_equal(r.items[0].side, CONF_INSIDE);
		assert_int_equal(
			e.ops->advance(e.state, 500 * S, conf_results_emit, &r),
			CONF_OK);
		assert_int_equal(
			contract_send(&e, &in, CONF_OUTSIDE, 500 * S, &r),
			CONF_OK);
		assert_int_equal(r.num_items, 0);
		assert_int_equal(e.ops->reset(e.state), CONF_OK);
	}
	conf_engine_close(&e);
	conf_results_cleanup(&r);
}

static void test_nat(void **state)
{
	(void)state;
	use_nat(NAT);
	use_nat(ENGINES "/nat-same.so");
	use_nat("exec:perl " TEMPLATE "/nat.pl");
}

/* After a verdict an engine only repeats it. */
static void check_broken(const char *address, const char *verdict)
{
	struct packet out = make_udp(INSIDE_HOST, 2000, PEER, 53, "query");
	struct conf_engine e = contract_open(address, &conf_none);
	struct conf_results r = {.num_items = 0};
	struct text text = {.len = 0};

	assert_int_equal(contract_send(&e, &out, CONF_INSIDE, 100 * S, &r),
			 CONF_ERR_ENGINE);
	for (int i = 0; i < 2; i++) {
		if (strstr(conf_engine_error(&e), verdict) == NULL)
			fail_msg("\"%s\" lacks \"%s\"", conf_engine_error(&e),
				 verdict);
		assert_int_equal(
			contract_send(&e, &out, CONF_INSIDE, 100 * S, &r),
			CONF_ERR_ENGINE);
		assert_int_equal(
			e.ops->advance(e.state, 101 * S, conf_results_emit, &r),
			CONF_ERR_ENGINE);
		assert_int_equal(e.ops->dump(e.state, CONF_DUMP_TABLE,
					     contract_collect, &text),
				 CONF_ERR_ENGINE);
		assert_int_equal(e.ops->reset(e.state), CONF_ERR_ENGINE);
	}
	conf_engine_close(&e);
	conf_results_cleanup(&r);
}

static void test_broken(void **state)
{
	(void)state;
	check_broken(BROKEN "exit", "ended its process (exit 7) at packet 1");
	check_broken(BROKEN "third-side", "leaves by side 3");
	check_broken(PROGRAM "arrived", "is not one that was sent");
	check_broken(PROGRAM "part", "in the middle of a record");
}

/* Many results come whole and in order; too many are cut off. */
static void test_flood(void **state)
{
	struct packet out = make_udp(INSIDE_HOST, 2000, PEER, 53, "query");
	struct conf_engine e = contract_open(BROKEN "many", &conf_none);
	struct conf_results r = {.num_items = 0};

	(void)state;
	assert_int_equal(contract_send(&e, &out, CONF_INSIDE, 100 * S, &r),
			 CONF_OK);
	assert_int_equal(r.num_items, 3000);
	for (size_t i = 0; i < r.num_items; i++)
		assert_memory_equal(conf_result_data(&r, &r.items[i]), out.data,
				    out.len);
	conf_engine_close(&e);
	e = contract_open(BROKEN "flood", &conf_none);
	assert_int_equal(contract_send(&e, &out, CONF_INSIDE, 100 * S, &r),
			 CONF_ERR_ENGINE);
	assert_int_equal(r.num_items, 4096);
	conf_engine_close(&e);
	conf_results_cleanup(&r);
}

/* The longest packet there is, by both ways. */
static void test_lengths(void **state)
{
	static const char *const addresses[] = {BROKEN "none", PROGRAM "none"};
	static uint8_t octets[65535];
	struct conf_packet p = {.side = CONF_INSIDE, .now = S, .data = octets};

	(void)state;
	memset(octets, 0x45, sizeof(octets));
	for (size_t i = 0; i < 2; i++) {
		struct conf_engine e = contract_open(addresses[i], &conf_none);
		struct conf_results r = {.num_items = 0};

		p.len = sizeof(octets);
		assert_int_equal(
			e.ops->packet(e.state, &p, conf_results_emit, &r),
			CONF_OK);
		assert_int_equal(r.num_items, 1);
		assert_int_equal(r.items[0].len, sizeof(octets));
		assert_memory_equal(r.data, octets, sizeof(octets));
		conf_engine_close(&e);
		conf_results_cleanup(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_nat),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
