/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame_test.c - link headers: who sent it, to whom, and what it holds
 */
#include "frame.h"

#include "support.h"

/* A record of inside_packet, whose MACs are to be made up. */
static struct cap_record make_record(enum cap_side side, enum cap_dir dir,
				     enum cap_cast cast)
{
	return (struct cap_record){
		.side = side,
		.dir = dir,
		.cast = cast,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.data = inside_packet,
		.len = sizeof(inside_packet),
		.wire_len = sizeof(inside_packet),
	};
}

static void test_default_macs(void **state)
{
	/* clang-format off */
	static const struct {
		enum cap_side side;
		enum cap_dir dir;
		enum cap_cast cast;
		uint8_t dst[6], src[6];
	} rows[] = {
		{CAP_INSIDE, CAP_ARRIVED, CAP_CAST_HOST,
		 {0x02, 0, 0, 0, 0, 0x01}, {0x02, 0, 0, 0, 0, 0x81}},
		{CAP_INSIDE, CAP_SENT, CAP_CAST_HOST,
		 {0x02, 0, 0, 0, 0, 0x81}, {0x02, 0, 0, 0, 0, 0x01}},
		{CAP_OUTSIDE, CAP_ARRIVED, CAP_CAST_HOST,
		 {0x02, 0, 0, 0, 0, 0x02}, {0x02, 0, 0, 0, 0, 0x82}},
		{CAP_OUTSIDE, CAP_SENT, CAP_CAST_HOST,
		 {0x02, 0, 0, 0, 0, 0x82}, {0x02, 0, 0, 0, 0, 0x02}},
		{CAP_OUTSIDE, CAP_ARRIVED, CAP_CAST_BROADCAST,
		 {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		 {0x02, 0, 0, 0, 0, 0x82}},
		{CAP_OUTSIDE, CAP_ARRIVED, CAP_CAST_OTHER,
		 {0x02, 0, 0, 0, 1, 0x82}, {0x02, 0, 0, 0, 0, 0x82}},
		/* the low 23 bits of 198.51.100.7: */
		{CAP_INSIDE, CAP_ARRIVED, CAP_CAST_MULTICAST,
		 {0x01, 0x00, 0x5e, 0x33, 0x64, 0x07},
		 {0x02, 0, 0, 0, 0, 0x81}},
		{CAP_SIDE_NONE, CAP_ARRIVED, CAP_CAST_HOST,
		 {0x02, 0, 0, 0, 0, 0x00}, {0x02, 0, 0, 0, 0, 0x80}},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cap_record record =
			make_record(rows[i].side, rows[i].dir, rows[i].cast);
		uint8_t ethernet[CAP_ETHERNET_HEADER];
		uint8_t sll2[CAP_SLL2_HEADER];

		cap_frame_ethernet(&record, ethernet);
		assert_memory_equal(ethernet, rows[i].dst, 6);
		assert_memory_equal(ethernet + 6, rows[i].src, 6);
		assert_memory_equal(ethernet + 12, "\x08\x00", 2);
		cap_frame_sll2(&record, sll2);
		assert_int_equal(sll2[7], rows[i].side);
		assert_int_equal(sll2[10], rows[i].dir == CAP_SENT
						   ? 4
						   : (int)rows[i].cast);
		assert_memory_equal(sll2 + 12, rows[i].src, 6);
	}
}

/* 802.3 frames have the length of their data for a type. */
static void test_llc(void **state)
{
	struct cap_record record = make_record(CAP_INSIDE, CAP_SENT,
					       CAP_CAST_HOST);
	uint8_t header[CAP_SLL2_HEADER];

	(void)state;
	record.ethertype = CAP_ETHERTYPE_LLC;
	record.wire_len = 38;
	cap_frame_ethernet(&record, header);
	assert_memory_equal(header + 12, "\x00\x26", 2);
	record.wire_len = 9000;
	cap_frame_ethernet(&record, header);
	assert_memory_equal(header + 12, "\x05\xdc", 2);
	cap_frame_sll2(&record, header);
	assert_memory_equal(header, "\x00\x04", 2);
}

/* A group address without a group: no IPv4, or cut off before it. */
static void test_no_group(void **state)
{
	struct cap_record record = make_record(CAP_INSIDE, CAP_ARRIVED,
					       CAP_CAST_MULTICAST);
	uint8_t header[CAP_ETHERNET_HEADER];

	(void)state;
	record.len = 19;
	cap_frame_ethernet(&record, header);
	assert_memory_equal(header, "\x01\x00\x5e\0\0\0", 6);
	record.len = 28;
	record.ethertype = CAP_ETHERTYPE_IPV6;
	cap_frame_ethernet(&record, header);
	assert_memory_equal(header, "\x01\x00\x5e\0\0\0", 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_macs),
		cmocka_unit_test(test_llc),
		cmocka_unit_test(test_no_group),
	};

	return cmocka_run_group_tests_name("pcaps.frame", tests, NULL, NULL);
}
