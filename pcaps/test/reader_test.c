/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_test.c - the records of one file: formats, times, offsets, errors
 */
#include "support.h"

#define NS_PER_S UINT64_C(1000000000)

/* Microseconds and nanoseconds, in both byte orders. */
static void test_formats(void **state)
{
	struct image image;
	struct cap_reader *reader;
	struct cap_record record;

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		bool is_ns = i & 1;

		image_start(&image, i & 2, is_ns ? MAGIC_NS : MAGIC_US,
			    LINKTYPE_RAW);
		image_record(&image, 1000000000, 123456, 28, inside_packet, 28);
		image_record(&image, 1000000001, 0, 1500, inside_packet, 21);
		reader = image_open(&image, NULL);
		assert_false(cap_reader_is_ethernet(reader));
		record = read_next(reader);
		assert_int_equal(record.number, 1);
		assert_int_equal(record.file, 0);
		assert_int_equal(record.offset, 24);
		assert_true(record.time ==
			    1000000000 * NS_PER_S +
				    (is_ns ? 123456 : 123456000));
		assert_int_equal(record.side, CAP_INSIDE);
		assert_int_equal(record.dir, CAP_ARRIVED);
		assert_int_equal(record.ethertype, 0x0800);
		assert_int_equal(record.len, 28);
		assert_memory_equal(record.data, inside_packet, 28);
		assert_false(cap_is_truncated(&record));
		record = read_next(reader);
		assert_int_equal(record.number, 2);
		assert_int_equal(record.offset, 24 + 16 + 28);
		assert_int_equal(record.len, 21);
		assert_int_equal(record.wire_len, 1500);
		assert_true(cap_is_truncated(&record));
		read_end(reader);
	}
}

static void test_sll2(void **state)
{
	struct image image;
	struct cap_reader *reader;
	struct cap_record record;

	(void)state;
	image_start(&image, false, MAGIC_NS, LINKTYPE_SLL2);
	image_sll2(&image, 5, 1, 0);
	image_sll2(&image, 5, 2, 4);
	image_sll2(&image, 6, 3, 0);
	reader = image_open(&image, NULL);
	record = read_next(reader);
	assert_int_equal(record.side, CAP_INSIDE);
	assert_int_equal(record.dir, CAP_ARRIVED);
	assert_true(record.is_ethernet);
	assert_int_equal(record.src_mac[5], 0x81);
	record = read_next(reader);
	assert_int_equal(record.side, CAP_OUTSIDE);
	assert_int_equal(record.dir, CAP_SENT);
	record = read_next(reader);
	assert_int_equal(record.side, CAP_SIDE_NONE);
	assert_int_equal(cap_reader_position(reader), image.len);
	read_end(reader);
}

/* One record of a time, in microseconds; false: refused. */
static bool read_time(uint32_t seconds, uint32_t fraction, bool big_endian,
		      uint64_t *out)
{
	struct image image;
	struct cap_reader *reader;
	struct cap_record record;
	enum cap_status status;

	image_start(&image, big_endian, MAGIC_US, LINKTYPE_RAW);
	image_record(&image, seconds, fraction, 28, inside_packet, 28);
	reader = image_open(&image, NULL);
	status = cap_next(reader, &record);
	if (status == CAP_OK)
		*out = record.time;
	else
		assert_string_equal(cap_reader_error(reader),
				    "image: record 1 at offset 24: its time "
				    "is out of range");
	cap_close(reader);
	return status == CAP_OK;
}

static void test_times(void **state)
{
	uint64_t time;

	(void)state;
	for (unsigned int big = 0; big < 2; big++) {
		assert_true(read_time(0, 0, big, &time));
		assert_true(time == 0);
		/* Seconds are unsigned: 2106. */
		assert_true(read_time(0xffffffff, 999999, big, &time));
		assert_true(time == 0xffffffff * NS_PER_S + 999999000);
		/* A rounded fraction is carried, nonsense is refused. */
		assert_true(read_time(7, 1000000, big, &time));
		assert_true(time == 8 * NS_PER_S);
		assert_true(read_time(7, 1999999, big, &time));
		assert_true(time == 8 * NS_PER_S + 999999000);
		assert_false(read_time(7, 2000000, big, &time));
		assert_false(read_time(7, 0x7fffffff, big, &time));
		assert_false(read_time(7, 0xffffffff, big, &time));
	}
}

/* libpcap cuts to the snapshot length; offsets must not suffer. */
static void test_over_snaplen(void **state)
{
	struct image image;
	struct cap_reader *reader;
	struct cap_record record;

	(void)state;
	image_start(&image, false, MAGIC_US, LINKTYPE_RAW);
	image.octets[16] = 24; /* snapshot length */
	image.octets[18] = 0;
	image_record(&image, 1, 0, 28, inside_packet, 28);
	image_record(&image, 1, 0, 28, inside_packet, 20);
	image_record(&image, 1, 0, 28, inside_packet, 28);
	image_record(&image, 1, 0, 28, inside_packet, 20);
	reader = image_open(&image, NULL);
	record = read_next(reader);
	assert_int_equal(record.len, 24);
	assert_int_equal(record.wire_len, 28);
	record = read_next(reader);
	assert_int_equal(record.offset, 24 + 44);
	record = read_next(reader);
	assert_int_equal(record.offset, 24 + 44 + 36);
	record = read_next(reader);
	assert_int_equal(record.offset, 24 + 44 + 36 + 44);
	read_end(reader);
}

static void test_broken_records(void **state)
{
	static const uint8_t short_frame[13];
	struct image image;
	struct cap_reader *reader;

	(void)state;
	/* A length of 4 GiB - 1, which must not be believed. */
	image_start(&image, false, MAGIC_NS, LINKTYPE_ETHERNET);
	image_record(&image, 1, 0, 0xffffffff, NULL, 0);
	memset(image.octets + 24 + 8, 0xff, 4);
	read_error(image_open(&image, NULL),
		   "image: record 1 at offset 24: invalid packet capture "
		   "length 4294967295, bigger than snaplen of 262144");

	/* A last record that lacks its end, after one that is whole. */
	image_start(&image, false, MAGIC_NS, LINKTYPE_RAW);
	image_record(&image, 1, 0, 28, inside_packet, 28);
	image_record(&image, 2, 0, 28, inside_packet, 28);
	image.len -= 3;
	reader = image_open(&image, NULL);
	read_next(reader);
	read_error(reader, "image: record 2 at offset 68: truncated dump file; "
			   "tried to read 28 captured bytes, only got 25");

	/* A frame that ends within its header. */
	image_start(&image, false, MAGIC_NS, LINKTYPE_ETHERNET);
	image_record(&image, 1, 0, 60, short_frame, 13);
	read_error(image_open(&image, NULL),
		   "image: record 1 at offset 24: the Ethernet header is "
		   "cut off: 13 octets in all");
}

/* pcapng: a section, an interface of nanoseconds, an enhanced packet. */
static void test_pcapng(void **state)
{
	/* clang-format off */
	static const uint8_t blocks[] = {
		/* section header: */ 0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0,
		/* magic, version: */ 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
		/* length: */ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		28, 0, 0, 0,
		/* interface: */ 1, 0, 0, 0, 28, 0, 0, 0,
		/* SLL2, snaplen: */ 0x14, 0x01, 0, 0, 0, 0, 4, 0,
		/* if_tsresol: */ 9, 0, 1, 0, 9, 0, 0, 0, 28, 0, 0, 0,
		/* packet: */ 6, 0, 0, 0, 52, 0, 0, 0, 0, 0, 0, 0,
		/* time: */ 0, 0, 0, 0, 7, 0, 0, 0,
		/* lengths: */ 20, 0, 0, 0, 40, 0, 0, 0,
		/* IPv4: */ 0x08, 0x00, 0, 0,
		/* ifindex: */ 0, 0, 0, 2,
		/* Ethernet, sent: */ 0, 1, 4,
		/* from: */ 6, 0x02, 0, 0, 0, 0, 2, 0, 0,
		52, 0, 0, 0
	};
	/* clang-format on */
	struct image image = {.len = 0};
	struct cap_reader *reader;
	struct cap_record record;

	(void)state;
	image_octets(&image, blocks, sizeof(blocks));
	image_octets(&image, blocks + 56, 52);
	reader = image_open(&image, NULL);
	record = read_next(reader);
	assert_int_equal(record.offset, 56);
	assert_true(record.time == 7);
	assert_int_equal(record.side, CAP_OUTSIDE);
	assert_int_equal(record.dir, CAP_SENT);
	assert_int_equal(record.len, 0);
	assert_int_equal(record.wire_len, 20);
	record = read_next(reader);
	assert_int_equal(record.offset, 56 + 52);
	assert_int_equal(cap_reader_position(reader), image.len);
	read_end(reader);

	/* 2^64 - 1 units of one second: no such time. */
	image.octets[28 + 20] = 0;
	memset(image.octets + 56 + 12, 0xff, 8);
	read_error(image_open(&image, NULL),
		   "image: record 1 at offset 56: its time is out of range");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_sll2),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_over_snaplen),
		cmocka_unit_test(test_broken_records),
		cmocka_unit_test(test_pcapng),
	};

	return cmocka_run_group_tests_name("pcaps.reader", tests, NULL, NULL);
}
