/* SPDX-License-Identifier: Apache-2.0 */
/* input_test.c - what time an input says it is */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "input.h"

#define SECOND UINT64_C(1000000000)

/* Records of a capture, in its octets. */
struct capture {
	uint8_t data[1024];
	size_t len;
};

static void add(struct capture *c, uint64_t now)
{
	const uint8_t octets[20] = {0x45};
	const struct conf_packet packet = {
		.side = CONF_INSIDE,
		.now = now,
		.data = octets,
		.len = sizeof(octets),
	};
	const size_t more = fuzz_output_packet(
		c->data + c->len, sizeof(c->data) - c->len, &packet);

	assert_int_not_equal(more, 0);
	c->len += more;
}

static void begin(struct capture *c)
{
	c->len = fuzz_output_header(c->data, sizeof(c->data), 0);
	assert_int_equal(c->len, FUZZ_FILE_HEADER);
}

/* Makes of the record that was just added one that was sent. */
static void was_sent(struct capture *c)
{
	const size_t record = FUZZ_RECORD_HEADER + FUZZ_SLL2_HEADER + 20;

	c->data[c->len - record + FUZZ_RECORD_HEADER + 10] = 4;
}

static uint64_t next_time(struct fuzz_input *input)
{
	struct conf_packet packet;

	assert_true(fuzz_input_next(input, &packet));
	return packet.now;
}

/* What is no stimulus does not shift those behind it. */
static void counts_from_the_first_stimulus(void **state)
{
	struct capture c;
	struct fuzz_input input;
	struct conf_packet packet;

	(void)state;
	begin(&c);
	add(&c, 3 * SECOND);
	was_sent(&c);
	add(&c, 5 * SECOND + 7);
	add(&c, 6 * SECOND + 8);
	assert_true(fuzz_input_open(&input, c.data, c.len));
	assert_int_equal(next_time(&input), 0);
	assert_int_equal(next_time(&input), SECOND + 1);
	assert_false(fuzz_input_next(&input, &packet));
}

static void never_runs_backwards(void **state)
{
	struct capture c;
	struct fuzz_input input;

	(void)state;
	begin(&c);
	add(&c, 5 * SECOND);
	add(&c, 9 * SECOND);
	add(&c, 8 * SECOND);
	add(&c, 2 * SECOND);
	add(&c, 9 * SECOND + 1);
	assert_true(fuzz_input_open(&input, c.data, c.len));
	assert_int_equal(next_time(&input), 0);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(next_time(&input), 4 * SECOND);
	assert_int_equal(next_time(&input), 4 * SECOND + 1);
}

/* Written as it was read, it is read as it was. */
static void is_read_as_it_was_written(void **state)
{
	struct capture c, copy;
	struct fuzz_input input;
	struct conf_packet packet;

	(void)state;
	begin(&c);
	add(&c, SECOND);
	was_sent(&c);
	for (unsigned int i = 0; i < 4; i++)
		add(&c, 3 * SECOND + i);
	begin(&copy);
	assert_true(fuzz_input_open(&input, c.data, c.len));
	while (fuzz_input_next(&input, &packet))
		add(&copy, packet.now);
	assert_true(fuzz_input_open(&input, copy.data, copy.len));
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(next_time(&input), i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_from_the_first_stimulus),
		cmocka_unit_test(never_runs_backwards),
		cmocka_unit_test(is_read_as_it_was_written),
	};

	return cmocka_run_group_tests_name("fuzz/input", tests, NULL, NULL);
}
