/* SPDX-License-Identifier: Apache-2.0 */
/* seq_test.c - shifted sequence numbers (CORE-SEQ): V110 to V113 */
#include "toy.h"

/* The control connection C:1025 - M:61000 - S:21. */
static struct kit *kit_connected(void)
{
	struct kit *k = toy_kit();

	expect(k, "C:1025 > S:21 tcp S seq 99", "M:61000 > S:21 tcp S");
	expect(k, "S:21 > M:61000 tcp SA ack 100", "S:21 > C:1025 tcp SA");
	return k;
}

/* The first result's payload is this text. */
static void check_text(const struct kit *k, const char *text)
{
	assert_int_equal(k->num_results, 1);
	assert_int_equal(k->results[0].payload.len, strlen(text));
	assert_memory_equal(k->results[0].payload.data, text, strlen(text));
}

#define OPEN_24 "OPEN 192,168,1,10,4,10\r\n"

static void test_V110(void **state)
{
	struct kit *k = kit_connected();
	const struct kit_result *r;

	(void)state;
	for (int pass = 0; pass < 2; pass++) {
		r = kit_send(k, "C:1025 > S:21 tcp PA seq 100 |" OPEN_24);
		assert_non_null(r);
		check_text(k, "OPEN 203,0,113,1,238,73\r\n");
		assert_int_equal(r->packet.len, 40 + 25);
		assert_int_equal(r->seq, 100);
		r = kit_send(k, "C:1025 > S:21 tcp PA seq 124 |NLST\r\n");
		assert_int_equal(r->seq, 125);
		check_text(k, "NLST\r\n");
		/* The second time no second child, no second shift. */
		assert_int_equal(kit_num_entries(k), 2);
	}
	assert_int_equal(kit_stats(k).num_children, 1);
	assert_int_equal(kit_stats(k).num_edits, 2);
	kit_close(k);
}

/* An inside network of short addresses, as in V111. */
static struct kit *kit_ten(void)
{
	struct masq_config c;
	struct kit *k;

	kit_config(&c);
	c.inside.addr = IP4(10, 0, 0, 1);
	c.rule.source[0] = (struct masq_net){IP4(10, 0, 0, 0), 24};
	toy_load(&c, &toy_tcp, 21, false, &toy_opener);
	k = kit_open(&c);
	expect(k, "10.0.0.2:1025 > S:21 tcp S inside seq 99",
	       "M:61000 > S:21 tcp S");
	return k;
}

/* The server acknowledges number; what the client is told. */
static uint32_t told(struct kit *k, uint32_t number)
{
	const struct kit_packet p = {
		.src = ADDR_S,
		.dst = ADDR_M,
		.proto = 6,
		.sport = 21,
		.dport = 61000,
		.flags = F_ACK,
		.ack = number,
	};
	const struct kit_result *r = kit_packet(k, MASQ_OUTSIDE, &p);

	assert_non_null(r);
	return r->ack;
}

static void test_V111_V112(void **state)
{
	static const uint32_t one[][2] = {
		{100, 100}, {101, 101}, {105, 105}, {106, 101}, {125, 120},
	};
	static const uint32_t two[][2] = {
		{120, 115}, {125, 120}, {126, 121},
		{130, 125}, {131, 121}, {150, 140},
	};
	struct kit *k = kit_ten();
	struct masq_entry_info info;

	(void)state;
	kit_send(k, "10.0.0.2:1025 > S:21 tcp PA inside seq 100 "
		    "|OPEN 10,0,0,2,4,11\r\n");
	check_text(k, "OPEN 203,0,113,1,238,73\r\n");
	for (size_t i = 0; i < COUNT(one); i++)
		assert_int_equal(told(k, one[i][0]), one[i][1]);
	kit_send(k, "10.0.0.2:1025 > S:21 tcp PA inside seq 120 "
		    "|OPEN 10,0,0,2,4,12\r\n");
	assert_int_equal(k->results[0].seq, 125);
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.out_init, 120);
	assert_int_equal(info.out_delta, 10);
	assert_int_equal(info.out_prev, 5);
	assert_int_equal(info.flags & (MASQ_OUT_SEQ | MASQ_IN_SEQ),
			 MASQ_OUT_SEQ);
	for (size_t i = 0; i < COUNT(two); i++)
		assert_int_equal(told(k, two[i][0]), two[i][1]);
	kit_close(k);
}

static void test_V113(void **state)
{
	static const uint8_t sack[12] = {1, 1,  5, 10, 0,    0,
					 1, 44, 0, 0,  0x01, 0x90};
	struct kit *k = kit_connected();
	struct kit_packet p = {
		.src = ADDR_S,
		.dst = ADDR_M,
		.proto = 6,
		.sport = 21,
		.dport = 61000,
		.flags = F_ACK,
		.ack = 200,
		.options = sack,
		.options_len = sizeof(sack),
	};

	(void)state;
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 |" OPEN_24);
	assert_non_null(kit_packet(k, MASQ_OUTSIDE, &p));
	assert_int_equal(k->results[0].ack, 199);
	assert_memory_equal(k->results[0].segment.data + 20, sack,
			    sizeof(sack));
	p.flags = F_RST;
	assert_non_null(kit_packet(k, MASQ_OUTSIDE, &p));
	assert_int_equal(k->results[0].ack, 199);
	kit_close(k);
}

/* ---- edits of any size, by a toy that lies as it is told -------------- */

/* What the helper reports of the next packet. */
static int32_t diff_out, diff_in;

static struct masq_answer report_out(struct masq_hook *hook, void *ctx)
{
	(void)hook;
	(void)ctx;
	return (struct masq_answer){.diff = diff_out};
}

static struct masq_answer report_in(struct masq_hook *hook, void *ctx)
{
	(void)hook;
	(void)ctx;
	return (struct masq_answer){.diff = diff_in};
}

static const struct toy liar = {.out = report_out, .in = report_in};

static struct kit *kit_liar(uint64_t without)
{
	struct masq_config c;
	struct kit *k;

	kit_config(&c);
	c.quirks &= ~without;
	toy_load(&c, &toy_tcp, 21, false, &liar);
	k = kit_open(&c);
	diff_out = diff_in = 0;
	expect(k, "C:1025 > S:21 tcp S", "M:61000 > S:21 tcp S");
	return k;
}

/* One segment either way: what it reports, what numbers it leaves with. */
struct step {
	bool outbound;
	uint32_t seq, ack;
	int32_t diff;
	uint32_t seq_after, ack_after;
};

static void run_steps(struct kit *k, const struct step *step, size_t count)
{
	for (size_t i = 0; i < count; i++, step++) {
		struct kit_packet p = {
			.src = step->outbound ? ADDR_C : ADDR_S,
			.dst = step->outbound ? ADDR_S : ADDR_M,
			.proto = 6,
			.sport = step->outbound ? 1025 : 21,
			.dport = step->outbound ? 21 : 61000,
			.flags = F_ACK,
			.seq = step->seq,
			.ack = step->ack,
		};
		const struct kit_result *r;

		*(step->outbound ? &diff_out : &diff_in) = step->diff;
		r = kit_packet(k, step->outbound ? MASQ_INSIDE : MASQ_OUTSIDE,
			       &p);
		assert_non_null(r);
		if (r->seq != step->seq_after || r->ack != step->ack_after)
			fail_msg("step %zu: seq %u ack %u", i, r->seq, r->ack);
	}
}

/* SEQ-03: repeated, older, newer segments. */
static void test_record(void **state)
{
	static const struct step steps[] = {
		{true, 100, 0, 7, 100, 0},
		{true, 100, 0, 7, 100, 0}, /* repeated: prev, no change */
		{true, 101, 0, 0, 108, 0},
		{true, 90, 0, 9, 90, 0}, /* older: not recorded */
		{true, 101, 0, 0, 108, 0},
		{true, 200, 0, -3, 207, 0},
		{true, 201, 0, 0, 205, 0},
		{true, 200, 0, 0, 207, 0},
		{true, 150, 0, 0, 157, 0},
		/* The first edit is forgotten: two deltas are all (A15). */
		{true, 100, 0, 0, 107, 0},
	};
	struct kit *k = kit_liar(0);

	(void)state;
	run_steps(k, steps, COUNT(steps));
	kit_close(k);
}

/* The inbound record, with the roles exchanged. */
static void test_inbound_record(void **state)
{
	static const struct step steps[] = {
		{false, 5000, 1, 4, 5000, 1},
		{false, 5010, 1, 0, 5014, 1},
		{true, 1, 5000, 0, 1, 5000},
		{true, 1, 5004, 0, 1, 5004}, /* not after init + delta */
		{true, 1, 5005, 0, 1, 5001},
		{true, 1, 5014, 0, 1, 5010},
	};
	struct kit *k = kit_liar(0);
	struct masq_entry_info info;

	(void)state;
	run_steps(k, steps, COUNT(steps));
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.in_init, 5000);
	assert_int_equal(info.in_delta, 4);
	assert_int_equal(info.in_prev, 0);
	assert_int_equal(info.out_delta, 0);
	assert_int_equal(info.flags & (MASQ_OUT_SEQ | MASQ_IN_SEQ),
			 MASQ_IN_SEQ);
	kit_close(k);
}

/* Both ways at once; numbers wrap around 2^32. */
static void test_both_and_wrap(void **state)
{
	static const struct step steps[] = {
		{true, 0xfffffff0, 10, 32, 0xfffffff0, 10},
		{true, 0xfffffff8, 10, 0, 0x18, 10},
		{true, 5, 10, 0, 37, 10},
		{false, 10, 0x18, -2, 10, 0xfffffff8},
		{false, 30, 37, 0, 28, 5},
		{true, 6, 28, 0, 38, 30},
	};
	struct kit *k = kit_liar(0);

	(void)state;
	run_steps(k, steps, COUNT(steps));
	kit_close(k);
}

/* A16: the delta has 16 bits. */
static void test_delta_wraps(void **state)
{
	static const struct step steps[] = {
		{true, 100, 0, 30000, 100, 0},
		{true, 200, 0, 2767, 30200, 0}, /* 32767 */
		{true, 300, 0, 1, 33067, 0},    /* -32768 */
		{true, 100000, 0, 0, 100000 - 32768, 0},
		{true, 100001, 0, 65536 + 8, 100001 - 32768, 0},
		{true, 100002, 0, 0, 100002 - 32760, 0},
	};
	struct kit *k = kit_liar(0);

	(void)state;
	run_steps(k, steps, COUNT(steps));
	kit_close(k);
}

/* SEQ-02: with both deltas 0 nothing is added. */
static void test_back_to_zero(void **state)
{
	static const struct step steps[] = {
		{true, 100, 0, 5, 100, 0},
		{true, 200, 0, -5, 205, 0},
		{true, 201, 0, 0, 201, 0},
		{true, 200, 0, 0, 205, 0},
	};
	struct kit *k = kit_liar(0);

	(void)state;
	run_steps(k, steps, COUNT(steps));
	kit_close(k);
}

/* Quirk ACK_UNFLAGGED off: the field counts only with the flag. */
static void test_ack_flag_quirk(void **state)
{
	struct kit *k = kit_liar(MASQ_QUIRK(ACK_UNFLAGGED));

	(void)state;
	diff_out = 5;
	kit_send(k, "C:1025 > S:21 tcp A seq 100");
	kit_send(k, "S:21 > M:61000 tcp R ack 200");
	assert_int_equal(k->results[0].ack, 200);
	kit_send(k, "S:21 > M:61000 tcp RA ack 200");
	assert_int_equal(k->results[0].ack, 195);
	kit_close(k);
}

/* Quirk SACK_STALE off: the blocks move with the numbers they hold. */
static void test_sack_quirk(void **state)
{
	static const uint8_t options[][20] = {
		{1, 1,   5, 18, 0, 0,   0, 90, 0, 0,
		 0, 105, 0, 0,  0, 106, 0, 0,  1, 44},
		{5, 10, 0, 0, 0, 106, 0, 0, 1, 44, 1, 0, 5, 10, 0, 0, 0, 200},
		{5, 1, 0, 0, 0, 106},  /* bad length */
		{5, 21, 0, 0, 0, 106}, /* beyond the header */
	};
	static const uint8_t expected[][20] = {
		{1, 1,   5, 18, 0, 0,   0, 90, 0, 0,
		 0, 105, 0, 0,  0, 101, 0, 0,  1, 39},
		{5, 10, 0, 0, 0, 101, 0, 0, 1, 39, 1, 0, 5, 10, 0, 0, 0, 200},
		{5, 1, 0, 0, 0, 106},
		{5, 21, 0, 0, 0, 106},
	};
	struct kit *k = kit_liar(MASQ_QUIRK(SACK_STALE));

	(void)state;
	diff_out = 5;
	kit_send(k, "C:1025 > S:21 tcp A seq 100");
	for (size_t i = 0; i < COUNT(options); i++) {
		const struct kit_packet p = {
			.src = ADDR_S,
			.dst = ADDR_M,
			.proto = 6,
			.sport = 21,
			.dport = 61000,
			.flags = F_ACK,
			.options = options[i],
			.options_len = 20,
		};
		const struct kit_result *r = kit_packet(k, MASQ_OUTSIDE, &p);

		assert_non_null(r);
		assert_memory_equal(r->segment.data + 20, expected[i], 20);
	}
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V110),
		cmocka_unit_test(test_V111_V112),
		cmocka_unit_test(test_V113),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_inbound_record),
		cmocka_unit_test(test_both_and_wrap),
		cmocka_unit_test(test_delta_wraps),
		cmocka_unit_test(test_back_to_zero),
		cmocka_unit_test(test_ack_flag_quirk),
		cmocka_unit_test(test_sack_quirk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
