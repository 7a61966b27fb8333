/* SPDX-License-Identifier: Apache-2.0 */
/* stream_test.c - which record is a stimulus, which a result of what */
#include "captures.h"
#include "conformance/stream.h"

/* What the stream is expected to say, in a letter each; ends with 'E'. */
static void check_events(struct conf_stream *stream, const char *expected)
{
	static const char letters[] = {
		[CONF_EVENT_NONE] = '-',
		[CONF_EVENT_STIMULUS] = 'S',
		[CONF_EVENT_RESULT] = 'R',
		[CONF_EVENT_TIMED] = 'T',
	};
	struct conf_event event;

	for (; *expected != 'E'; expected++) {
		assert_int_equal(conf_stream_next(stream, &event), CAP_OK);
		assert_int_equal(letters[event.kind], *expected);
		assert_int_equal(event.packet.now, event.record.time);
	}
	assert_int_equal(conf_stream_next(stream, &event), CAP_END);
}

static struct cap_reader *open_file(const char *name)
{
	char error[CAP_ERROR_SIZE];
	struct cap_reader *reader;

	if (cap_open(captures_path(name), NULL, NULL, &reader, error) != CAP_OK)
		fail_msg("%s", error);
	return reader;
}

static void count_truncated(void *ctx, const struct cap_record *record)
{
	unsigned int *num = ctx;

	assert_true(cap_is_truncated(record));
	++*num;
}

static void test_grouping(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct cap_writer *w = captures_create("grouping.pcap");
	struct conf_stream stream;
	struct cap_reader *reader;

	(void)state;
	captures_add(w, &p, CAP_OUTSIDE, CAP_SENT, 50);     /* T: none yet */
	captures_add(w, &p, CAP_INSIDE, CAP_ARRIVED, 100);  /* S */
	captures_add(w, &p, CAP_OUTSIDE, CAP_SENT, 100);    /* R */
	captures_add(w, &p, CAP_INSIDE, CAP_SENT, 100);     /* R */
	captures_add(w, &p, CAP_INSIDE, CAP_SENT, 110);     /* T, or late R */
	captures_add(w, &p, CAP_OUTSIDE, CAP_ARRIVED, 200); /* S */
	captures_add(w, &p, CAP_OUTSIDE, CAP_SENT, 150);    /* R: clock back */
	captures_commit(w);

	reader = open_file("grouping.pcap");
	conf_stream_init(&stream, reader, 0);
	check_events(&stream, "TSRRTSRE");
	assert_int_equal(stream.counts.stimuli, 2);
	assert_int_equal(stream.counts.inside_stimuli, 1);
	assert_int_equal(stream.counts.results, 5);
	assert_int_equal(stream.last_time, 150);
	assert_int_equal(stream.stimulus_time, 200);
	cap_close(reader);

	reader = open_file("grouping.pcap");
	conf_stream_init(&stream, reader, 10);
	check_events(&stream, "TSRRRSRE");
	cap_close(reader);
}

static void test_left_out(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct cap_writer *w = captures_create("left-out.pcap");
	struct cap_record record = {
		.side = CAP_INSIDE,
		.dir = CAP_ARRIVED,
		.ethertype = 0x0806,
	};
	struct conf_stream stream;
	struct cap_reader *reader;
	unsigned int num_truncated = 0;

	(void)state;
	captures_add_record(w, &p, record); /* ARP */
	captures_add(w, &p, CAP_SIDE_NONE, CAP_ARRIVED, 0);
	captures_add(w, &p, CAP_INSIDE, CAP_ARRIVED, 0); /* S */
	record.ethertype = CAP_ETHERTYPE_IPV4;
	record.wire_len = p.len + 1;
	captures_add_record(w, &p, record);               /* truncated */
	captures_add(w, &p, CAP_OUTSIDE, CAP_SENT, 0);    /* its orphan */
	captures_add(w, &p, CAP_INSIDE, CAP_ARRIVED, 10); /* S */
	record.dir = CAP_SENT;
	record.time = 10;
	captures_add_record(w, &p, record);             /* truncated */
	captures_add(w, &p, CAP_OUTSIDE, CAP_SENT, 10); /* R */
	captures_commit(w);

	reader = open_file("left-out.pcap");
	conf_stream_init(&stream, reader, 0);
	stream.on_truncated = count_truncated;
	stream.ctx = &num_truncated;
	check_events(&stream, "SSRE");
	assert_int_equal(stream.counts.not_ipv4, 1);
	assert_int_equal(stream.counts.no_side, 1);
	assert_int_equal(stream.counts.truncated, 2);
	assert_int_equal(stream.counts.orphans, 1);
	assert_int_equal(num_truncated, 2);
	cap_close(reader);
}

static void test_options(void **state)
{
	struct conf_settings settings;
	struct cap_options options;

	(void)state;
	conf_settings_init(&settings);
	settings.inside.ifindex = 5;
	settings.wire = CONF_OUTSIDE;
	settings.outside.has_mac = true;
	settings.outside.mac[0] = 2;
	conf_capture_options(&settings, &options);
	assert_int_equal(options.inside_if, 5);
	assert_int_equal(options.outside_if, 0);
	assert_int_equal(options.file_side, CAP_OUTSIDE);
	assert_int_equal(options.inside_addr, INSIDE_ADDR);
	assert_int_equal(options.outside_addr, OUTSIDE_ADDR);
	assert_int_equal(options.inside_len, 24);
	assert_false(options.has_inside_mac);
	assert_true(options.has_outside_mac);
	assert_int_equal(options.outside_mac[0], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grouping),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, captures_setup, captures_teardown);
}
