/* SPDX-License-Identifier: Apache-2.0 */
/* recording_test.c - a capture as an engine */
#include <stdio.h>
#include <string.h>

#include "captures.h"
#include "contract.h"

/* Two stimuli, the first with a result, and one result of time. */
static void write_recording(const char *name, const struct packet *p)
{
	struct cap_writer *w = captures_create(name);

	captures_add(w, p, CAP_INSIDE, CAP_ARRIVED, 1 * S);
	captures_add(w, p, CAP_OUTSIDE, CAP_SENT, 1 * S);
	captures_add(w, p, CAP_INSIDE, CAP_SENT, 5 * S);
	captures_add(w, p, CAP_OUTSIDE, CAP_ARRIVED, 9 * S);
	captures_add(w, p, CAP_INSIDE, CAP_SENT, 12 * S);
	captures_commit(w);
}

static struct conf_engine open_recording(const char *name)
{
	static char address[600];

	snprintf(address, sizeof(address), "capture:%s", captures_path(name));
	return contract_open(address, &conf_none);
}

static void test_recording(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct conf_results results = {.num_items = 0};
	struct text text = {.len = 0};
	struct conf_engine engine;

	(void)state;
	write_recording("rec.pcap", &p);
	engine = open_recording("rec.pcap");
	for (unsigned int round = 0; round < 2; round++) {
		const struct conf_engine_ops *ops = engine.ops;

		assert_int_equal(
			contract_send(&engine, &p, CONF_INSIDE, S, &results),
			CONF_OK);
		assert_int_equal(results.num_items, 1);
		assert_int_equal(results.items[0].side, CONF_OUTSIDE);
		/* In the first round time brings the second result. */
		conf_results_clear(&results);
		assert_int_equal(ops->advance(engine.state,
					      round == 0 ? 6 * S : 2 * S,
					      conf_results_emit, &results),
				 CONF_OK);
		assert_int_equal(results.num_items, round == 0 ? 1 : 0);
		assert_int_equal(contract_send(&engine, &p, CONF_OUTSIDE, 9 * S,
					       &results),
				 CONF_OK);
		assert_int_equal(results.num_items, round == 0 ? 0 : 1);
		conf_results_clear(&results);
		assert_int_equal(ops->advance(engine.state, 99 * S,
					      conf_results_emit, &results),
				 CONF_OK);
		assert_int_equal(results.num_items, 1);
		assert_int_equal(ops->reset(engine.state), CONF_OK);
	}
	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_TABLE,
					  contract_collect, &text),
			 CONF_ERR_UNSUPPORTED);
	captures_write_text("rec.table", "a table\n");
	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_TABLE,
					  contract_collect, &text),
			 CONF_OK);
	assert_string_equal(text.at, "a table\n");
	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_LONG,
					  contract_collect, &text),
			 CONF_ERR_UNSUPPORTED);
	engine.ops->close(NULL);
	conf_engine_close(&engine);
	conf_results_cleanup(&results);
}

/* Each way in which a stimulus can be another one. */
static void test_other_stimulus(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct packet q = make_udp(INSIDE_HOST, 1, PEER, 2, "y");
	struct packet longer = make_udp(INSIDE_HOST, 1, PEER, 2, "xy");
	struct conf_packet good = on_wire(&p, CONF_INSIDE, S);
	struct conf_packet bad[5];
	static const char *const texts[] = {"the other side",
					    "by the link layer", "another time",
					    "another length", "other octets"};
	struct conf_results results = {.num_items = 0};

	(void)state;
	for (unsigned int i = 0; i < 5; i++)
		bad[i] = good;
	bad[0].side = CONF_OUTSIDE;
	bad[1].cast = CONF_CAST_BROADCAST;
	bad[2].now++;
	bad[3] = on_wire(&longer, CONF_INSIDE, S);
	bad[4] = on_wire(&q, CONF_INSIDE, S);
	write_recording("other.pcap", &p);
	for (unsigned int i = 0; i < 5; i++) {
		struct conf_engine engine = open_recording("other.pcap");

		assert_int_equal(engine.ops->packet(engine.state, &bad[i],
						    conf_results_emit,
						    &results),
				 CONF_ERR_ENGINE);
		if (strstr(conf_engine_error(&engine), texts[i]) == NULL)
			fail_msg("%s", conf_engine_error(&engine));
		assert_non_null(strstr(conf_engine_error(&engine),
				       "record 1 is not the stimulus"));
		/* It stays broken. */
		assert_int_equal(engine.ops->packet(engine.state, &good,
						    conf_results_emit,
						    &results),
				 CONF_ERR_ENGINE);
		assert_int_equal(engine.ops->advance(engine.state, S,
						     conf_results_emit,
						     &results),
				 CONF_ERR_ENGINE);
		conf_engine_close(&engine);
	}
	conf_results_cleanup(&results);
}

static void test_end_and_truncated(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct conf_results results = {.num_items = 0};
	struct cap_writer *w = captures_create("short.pcap");
	struct cap_record cut = {
		.side = CAP_OUTSIDE,
		.dir = CAP_SENT,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.wire_len = p.len + 9,
		.time = S,
	};
	struct conf_engine engine;

	(void)state;
	captures_add(w, &p, CAP_INSIDE, CAP_ARRIVED, S);
	captures_commit(w);
	engine = open_recording("short.pcap");
	assert_int_equal(contract_send(&engine, &p, CONF_INSIDE, S, &results),
			 CONF_OK);
	assert_int_equal(contract_send(&engine, &p, CONF_INSIDE, S, &results),
			 CONF_ERR_ENGINE);
	assert_non_null(
		strstr(conf_engine_error(&engine), "ends after 1 stimuli"));
	conf_engine_close(&engine);

	w = captures_create("cut.pcap");
	captures_add(w, &p, CAP_INSIDE, CAP_ARRIVED, S);
	captures_add_record(w, &p, cut);
	captures_commit(w);
	engine = open_recording("cut.pcap");
	assert_int_equal(contract_send(&engine, &p, CONF_INSIDE, S, &results),
			 CONF_ERR_ENGINE);
	assert_non_null(strstr(conf_engine_error(&engine),
			       "record 2 is truncated (29 of 38 octets)"));
	conf_engine_close(&engine);
	conf_results_cleanup(&results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recording),
		cmocka_unit_test(test_other_stimulus),
		cmocka_unit_test(test_end_and_truncated),
	};

	return cmocka_run_group_tests(tests, captures_setup, captures_teardown);
}
