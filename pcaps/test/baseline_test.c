/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline_test.c - the bare loop does write each packet twice
 */
#include "pcaps/baseline.h"

#include "support.h"

/* A cap_rewrite_fn: counts, and marks the TTL. */
static void mark(void *ctx, enum cap_side side, uint8_t *data, uint32_t len)
{
	unsigned int *num = ctx;

	assert_int_equal(side, *num == 0 ? CAP_INSIDE : CAP_OUTSIDE);
	assert_int_equal(len, sizeof(inside_packet));
	data[8] = 0x77;
	++*num;
}

static void test_twice(void **state)
{
	char error[CAP_ERROR_SIZE];
	struct cap_reader *reader;
	struct cap_record record;
	unsigned int num = 0;
	struct image image;

	(void)state;
	image_start(&image, false, MAGIC_NS, LINKTYPE_SLL2);
	image_sll2(&image, 1, 1, 0);
	image_sll2(&image, 2, 2, 0);
	image_save(&image, "in.pcap");
	assert_int_equal(cap_baseline("in.pcap", "out.pcap", mark, &num, error),
			 CAP_OK);
	assert_int_equal(num, 2);
	assert_int_equal(cap_open("out.pcap", NULL, NULL, &reader, error),
			 CAP_OK);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(cap_next(reader, &record), CAP_OK);
		assert_int_equal(record.dir,
				 i % 2 == 0 ? CAP_ARRIVED : CAP_SENT);
		assert_int_equal(record.side,
				 i == 0 || i == 3 ? CAP_INSIDE : CAP_OUTSIDE);
		assert_int_equal(record.data[8] == 0x77, i % 2 == 1);
	}
	assert_int_equal(cap_next(reader, &record), CAP_END);
	cap_close(reader);
}

static void test_errors(void **state)
{
	char error[CAP_ERROR_SIZE];
	unsigned int num = 0;
	struct image image;

	(void)state;
	assert_int_equal(
		cap_baseline("none.pcap", "out.pcap", mark, &num, error),
		CAP_ERR_OPEN);
	image_start(&image, false, MAGIC_NS, LINKTYPE_RAW);
	image_save(&image, "raw.pcap");
	assert_int_equal(
		cap_baseline("raw.pcap", "out.pcap", mark, &num, error),
		CAP_ERR_LINK);
	image_start(&image, false, MAGIC_NS, LINKTYPE_SLL2);
	image_record(&image, 1, 0, 4, "abcd", 4);
	image_save(&image, "short.pcap");
	assert_int_equal(
		cap_baseline("short.pcap", "out.pcap", mark, &num, error),
		CAP_ERR_FORMAT);
	image.len -= 2;
	image_save(&image, "cut.pcap");
	assert_int_equal(
		cap_baseline("cut.pcap", "out.pcap", mark, &num, error),
		CAP_ERR_FORMAT);
	assert_int_equal(
		cap_baseline("short.pcap", "no/out.pcap", mark, &num, error),
		CAP_ERR_OPEN);
	assert_int_equal(num, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
