/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merge_test.c - an inside and an outside file, as one stream
 */
#include "support.h"

/* Ethernet records of a wire: to, from, and a packet. */
static void add_frame(struct image *image, uint32_t seconds, uint8_t tag)
{
	/* clang-format off */
	uint8_t frame[14 + 28] = {
		/* to: */ 0x02, 0, 0, 0, 0, 0x01,
		/* from: */ 0x02, 0, 0, 0, 0, tag,
		/* IPv4: */ 0x08, 0x00
	};
	/* clang-format on */

	memcpy(frame + 14, inside_packet, 28);
	image_record(image, seconds, 0, sizeof(frame), frame, sizeof(frame));
}

static struct cap_reader *open_two(void)
{
	struct cap_reader *reader;
	char error[CAP_ERROR_SIZE];

	if (cap_open("inside", "outside", NULL, &reader, error) != CAP_OK)
		fail_msg("%s", error);
	return reader;
}

static void test_by_time(void **state)
{
	/* In the order expected: file, number in it, and the last MAC octet. */
	static const uint8_t expected[][3] = {
		{0, 1, 0x11}, {1, 1, 0x21}, {0, 2, 0x12}, {0, 3, 0x13},
		{1, 2, 0x22}, {1, 3, 0x23}, {1, 4, 0x24},
	};
	struct image inside, outside;
	struct cap_reader *reader;
	struct cap_record record;

	(void)state;
	image_start(&inside, false, MAGIC_US, LINKTYPE_ETHERNET);
	add_frame(&inside, 1, 0x11); /* same time as 0x21: file 0 is first */
	add_frame(&inside, 3, 0x12);
	add_frame(&inside, 3, 0x13);
	image_save(&inside, "inside");
	image_start(&outside, true, MAGIC_NS, LINKTYPE_ETHERNET);
	add_frame(&outside, 1, 0x21);
	add_frame(&outside, 4, 0x22);
	add_frame(&outside, 2, 0x23); /* not in order: stays behind 0x22 */
	add_frame(&outside, 9, 0x24);
	image_save(&outside, "outside");

	reader = open_two();
	assert_true(cap_reader_is_ethernet(reader));
	assert_int_equal(cap_reader_size(reader), inside.len + outside.len);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_int_equal(cap_next(reader, &record), CAP_OK);
		assert_int_equal(record.file, expected[i][0]);
		assert_int_equal(record.number, expected[i][1]);
		assert_int_equal(record.offset,
				 24 + (expected[i][1] - 1) * (16 + 42));
		assert_int_equal(record.src_mac[5], expected[i][2]);
		assert_int_equal(record.side,
				 record.file == 0 ? CAP_INSIDE : CAP_OUTSIDE);
		/* Valid until the next call, though the other was read. */
		assert_memory_equal(record.data, inside_packet, 28);
	}
	assert_int_equal(cap_next(reader, &record), CAP_END);
	assert_int_equal(cap_reader_position(reader), inside.len + outside.len);
	cap_close(reader);
}

/* Link types may differ; an empty file is a silent wire. */
static void test_mixed(void **state)
{
	struct image inside, outside;
	struct cap_reader *reader;
	struct cap_record record;

	(void)state;
	image_start(&inside, false, MAGIC_US, LINKTYPE_ETHERNET);
	image_save(&inside, "inside");
	image_start(&outside, false, MAGIC_US, LINKTYPE_IPV4);
	image_record(&outside, 1, 0, 28, inside_packet, 28);
	image_save(&outside, "outside");
	reader = open_two();
	assert_false(cap_reader_is_ethernet(reader));
	assert_int_equal(cap_next(reader, &record), CAP_OK);
	assert_int_equal(record.file, 1);
	assert_int_equal(record.side, CAP_OUTSIDE);
	assert_int_equal(cap_next(reader, &record), CAP_END);
	cap_close(reader);
}

/* SLL2 knows its interface, whichever file it is in. */
static void test_interfaces(void **state)
{
	struct image image;
	struct cap_reader *reader;
	struct cap_record record;

	(void)state;
	image_start(&image, false, MAGIC_US, LINKTYPE_SLL2);
	image_sll2(&image, 1, 2, 0);
	image_save(&image, "inside");
	image_start(&image, false, MAGIC_US, LINKTYPE_SLL2);
	image_sll2(&image, 1, 1, 0);
	image_save(&image, "outside");
	reader = open_two();
	assert_int_equal(cap_next(reader, &record), CAP_OK);
	assert_int_equal(record.side, CAP_OUTSIDE);
	assert_int_equal(cap_next(reader, &record), CAP_OK);
	assert_int_equal(record.side, CAP_INSIDE);
	cap_close(reader);
}

static void test_errors(void **state)
{
	struct image image;
	struct cap_reader *reader;
	struct cap_record record;
	char error[CAP_ERROR_SIZE];

	(void)state;
	image_start(&image, false, MAGIC_US, LINKTYPE_ETHERNET);
	add_frame(&image, 1, 0x11);
	add_frame(&image, 2, 0x12);
	image_save(&image, "inside");
	image.len--;
	image_save(&image, "outside");
	reader = open_two();
	assert_int_equal(cap_next(reader, &record), CAP_OK);
	assert_int_equal(cap_next(reader, &record), CAP_OK);
	assert_int_equal(cap_next(reader, &record), CAP_ERR_FORMAT);
	assert_string_equal(cap_reader_error(reader),
			    "outside: record 2 at offset 82: truncated dump "
			    "file; tried to read 42 captured bytes, only got "
			    "41");
	assert_int_equal(cap_next(reader, &record), CAP_ERR_FORMAT);
	cap_close(reader);

	assert_int_equal(cap_open("inside", "absent", NULL, &reader, error),
			 CAP_ERR_OPEN);
	assert_null(reader);
	assert_non_null(strstr(error, "absent: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_time),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_interfaces),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests_name("pcaps.merge", tests, enter_folder,
					   leave_folder);
}
