/* SPDX-License-Identifier: Apache-2.0 */
/* options_test.c - IP options on their way through (CORE-PATH-40 to -42) */
#include "kit.h"

enum {
	MAX_OPTIONS = 40
};

/* Sends a UDP packet with these options; padded with zeros. */
static const struct kit_result *send_options(struct kit *k, uint32_t src,
					     uint32_t dst,
					     const uint8_t *options,
					     uint32_t len)
{
	uint8_t padded[MAX_OPTIONS] = {0};
	struct kit_packet p = {
		.src = src,
		.dst = dst,
		.proto = 17,
		.sport = 1025,
		.dport = 53,
		.ip_options = padded,
		.ip_options_len = (len + 3) & ~3u,
		.payload_len = 4,
	};

	memcpy(padded, options, len);
	return kit_packet(
		k, src >> 8 == ADDR_C >> 8 ? MASQ_INSIDE : MASQ_OUTSIDE, &p);
}

/* A forwarded packet's options, before and after. */
struct passing {
	const char *what;
	uint32_t len;
	uint8_t before[MAX_OPTIONS], after[MAX_OPTIONS];
};

#define R4 192, 168, 1, 1
#define M4 203, 0, 113, 1
/* 1000 ms since midnight. */
#define MS4 0, 0, 3, 232

static const struct passing passings[] = {
	{"NOPs", 4, {1, 1, 1, 1}, {1, 1, 1, 1}},
	{"end, padding cleared", 8, {1, 0, 9, 9, 9, 0, 9, 9}, {1}},
	{"unknown, carried along", 4, {30, 4, 9, 9}, {30, 4, 9, 9}},
	{"router alert", 4, {148, 4, 0, 0}, {148, 4, 0, 0}},
	{"record route, a slot", 8, {7, 7, 4, 0, 0, 0, 0}, {7, 7, 8, M4}},
	{"record route, second of two",
	 12,
	 {7, 11, 8, 9, 9, 9, 9, 0, 0, 0, 0},
	 {7, 11, 12, 9, 9, 9, 9, M4}},
	{"record route, full", 8, {7, 7, 8, 9, 9, 9, 9}, {7, 7, 8, 9, 9, 9, 9}},
	{"record route without a slot", 4, {7, 3, 4}, {7, 3, 4}},
	{"timestamps only", 8, {68, 8, 5, 0, 0, 0, 0, 0}, {68, 8, 9, 0, MS4}},
	{"timestamp and address",
	 12,
	 {68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},
	 {68, 12, 13, 1, R4, MS4}},
	{"prespecified, ours",
	 12,
	 {68, 12, 5, 3, R4, 0, 0, 0, 0},
	 {68, 12, 13, 3, R4, MS4}},
	{"prespecified, somebody else's",
	 12,
	 {68, 12, 5, 3, 8, 8, 8, 8, 0, 0, 0, 0},
	 {68, 12, 5, 3, 8, 8, 8, 8, 0, 0, 0, 0}},
	{"prespecified, nobody's",
	 12,
	 {68, 12, 5, 3, 0, 0, 0, 0, 0, 0, 0, 0},
	 {68, 12, 5, 3, 0, 0, 0, 0, 0, 0, 0, 0}},
	{"prespecified, everybody's",
	 12,
	 {68, 12, 5, 3, 255, 255, 255, 255, 0, 0, 0, 0},
	 {68, 12, 5, 3, 255, 255, 255, 255, 0, 0, 0, 0}},
	{"timestamp of a kind unknown",
	 8,
	 {68, 8, 5, 2, 0, 0, 0, 0},
	 {68, 8, 5, 2, 0, 0, 0, 0}},
	{"overflow counted", 4, {68, 4, 5, 0x20}, {68, 4, 5, 0x30}},
	{"both",
	 16,
	 {7, 7, 4, 0, 0, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0, 0},
	 {7, 7, 8, M4, 68, 8, 9, 0, MS4, 0}},
};

static void test_passing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(passings); i++) {
		const struct passing *row = &passings[i];
		struct kit *k = kit_new();
		const struct kit_result *r =
			send_options(k, ADDR_C, ADDR_S, row->before, row->len);

		if (r == NULL || r->hlen != 20 + row->len ||
		    memcmp(r->packet.data + 20, row->after, row->len) != 0)
			fail_msg("%s: %s", row->what, kit_text(k));
		kit_close(k);
	}
}

/* Inbound the way out is the inside one. */
static void test_record_route_inbound(void **state)
{
	static const uint8_t rr[] = {7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0};
	static const uint8_t recorded[] = {7, 11, 8, R4};
	struct kit *k = kit_new();
	const struct kit_result *r = send_options(k, ADDR_S, ADDR_C, rr,
						  sizeof(rr));

	(void)state;
	assert_non_null(r);
	assert_memory_equal(r->packet.data + 20, recorded, sizeof(recorded));
	kit_close(k);
}

/* What is wrong, and where the parameter problem points. */
static const struct {
	const char *what;
	uint32_t len;
	uint8_t options[MAX_OPTIONS];
	uint8_t pointer;
} malformed[] = {
	{"length 0", 4, {30, 0}, 20},
	{"length 1", 4, {30, 1}, 20},
	{"length beyond the header", 4, {30, 5}, 20},
	{"no length octet", 4, {1, 1, 1, 30}, 23},
	{"record route of 2", 4, {7, 2}, 21},
	{"record route pointer 3", 8, {7, 7, 3}, 22},
	{"record route pointer 0", 8, {7, 7, 0}, 22},
	{"record route slot cut by 1", 8, {7, 7, 5}, 22},
	{"record route slot cut by 3", 8, {7, 7, 7}, 22},
	{"two record routes", 8, {7, 3, 4, 7, 3, 4}, 23},
	{"timestamp of 3", 4, {68, 3, 5}, 21},
	{"timestamp pointer 4", 8, {68, 8, 4}, 22},
	{"timestamp pointer 0", 8, {68, 8, 0}, 22},
	{"timestamp slot cut by 1", 8, {68, 8, 6}, 22},
	{"timestamp and address: room for one", 8, {68, 8, 5, 1}, 22},
	{"prespecified: room for one", 8, {68, 8, 5, 3}, 22},
	{"overflow counter full", 4, {68, 4, 5, 0xf0}, 23},
	{"two timestamps", 8, {68, 4, 5, 0, 68, 4, 5, 0}, 24},
	{"source route of 2", 4, {131, 2}, 21},
	{"source route pointer 3", 8, {131, 7, 3}, 22},
	{"two source routes", 8, {131, 3, 4, 137, 3, 4}, 23},
	{"router alert of 3", 4, {148, 3, 0}, 21},
	{"behind a good one", 8, {1, 30, 3, 0, 30, 1}, 24},
};

static void test_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(malformed); i++) {
		struct kit *k = kit_new();
		const struct kit_result *r = send_options(k, ADDR_C, ADDR_S,
							  malformed[i].options,
							  malformed[i].len);

		if (k->drop != MASQ_DROP_IP_OPTION || r == NULL ||
		    r->src != ADDR_R || r->dst != ADDR_C || r->type != 12 ||
		    r->code != 0 ||
		    r->rest != (uint32_t)malformed[i].pointer << 24)
			fail_msg("%s: %s", malformed[i].what, kit_text(k));
		assert_int_equal(r->hlen, 20);
		assert_true(r->own_error);
		kit_close(k);
	}
}

/* Source routes: well-formed ones are refused in silence (CFG-07). */
static void test_source_route(void **state)
{
	static const uint8_t routes[][8] = {
		{131, 7, 4, 9, 9, 9, 9, 0},
		{137, 7, 4, 9, 9, 9, 9, 0},
		{131, 3, 4, 0, 0, 0, 0, 0},
		{131, 7, 8, 9, 9, 9, 9, 0}, /* used up */
	};
	struct kit *k = kit_new();

	(void)state;
	for (size_t i = 0; i < COUNT(routes); i++) {
		assert_null(send_options(k, ADDR_C, ADDR_S, routes[i], 8));
		assert_int_equal(k->drop, MASQ_DROP_IP_OPTION);
	}
	kit_close(k);
}

/*
 * No errors about what was not sent to one host (CORE-RICMP-01), and about
 * ICMP errors none either.
 */
static void test_no_answer(void **state)
{
	static const uint8_t bad[] = {30, 1, 0, 0};
	struct kit *k = kit_new();
	struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 1,
		.type = 3,
		.ip_options = bad,
		.ip_options_len = sizeof(bad),
		.payload_len = 28,
	};

	(void)state;
	assert_null(kit_packet(k, MASQ_INSIDE, &p));
	assert_int_equal(k->drop, MASQ_DROP_IP_OPTION);
	/* Its route is a broadcast. */
	assert_null(send_options(k, ADDR_C, IP4(192, 168, 1, 255), bad, 4));
	assert_int_equal(k->drop, MASQ_DROP_IP_OPTION);
	kit_close(k);
}

/* An answer carries the options of the question, the slots filled. */
struct echo {
	const char *what;
	uint32_t len;
	uint8_t question[MAX_OPTIONS];
	uint32_t answer_len;
	uint8_t answer[MAX_OPTIONS];
};

#define Z4 0, 0, 0, 0

static const struct echo echoes[] = {
	{"NOPs are not answered", 4, {1, 1, 1, 1}, 0, {0}},
	{"record route, two slots",
	 12,
	 {7, 11, 4, Z4, Z4},
	 12,
	 {7, 11, 12, M4, M4}},
	{"record route, one slot", 8, {7, 7, 4, Z4}, 8, {7, 7, 8, M4}},
	{"record route, full",
	 8,
	 {7, 7, 8, 9, 9, 9, 9},
	 8,
	 {7, 7, 8, 9, 9, 9, 9}},
	{"timestamps, two slots",
	 12,
	 {68, 12, 5, 0, Z4, Z4},
	 12,
	 {68, 12, 13, 0, MS4, MS4}},
	{"timestamps, one slot", 8, {68, 8, 5, 0, Z4}, 8, {68, 8, 9, 0, MS4}},
	{"timestamps with addresses",
	 20,
	 {68, 20, 5, 1, Z4, Z4, Z4, Z4},
	 20,
	 {68, 20, 21, 1, M4, MS4, M4, MS4}},
	{"prespecified: the next is not ours",
	 20,
	 {68, 20, 5, 3, M4, Z4, 9, 9, 9, 9, Z4},
	 20,
	 {68, 20, 13, 3, M4, MS4, 9, 9, 9, 9, Z4}},
	{"overflow", 4, {68, 4, 5, 0x10}, 4, {68, 4, 5, 0x20}},
	{"both, padded",
	 16,
	 {7, 7, 4, Z4, 68, 8, 5, 0, Z4},
	 16,
	 {7, 7, 8, M4, 68, 8, 9, 0, MS4, 0}},
};

static void test_echo(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(echoes); i++) {
		const struct echo *row = &echoes[i];
		struct kit *k = kit_new_answering();
		const struct kit_result *r = send_options(
			k, ADDR_S, ADDR_M, row->question, row->len);

		if (r == NULL || r->type != 3 || r->code != 3 ||
		    r->hlen != 20 + row->answer_len ||
		    memcmp(r->packet.data + 20, row->answer, row->answer_len) !=
			    0)
			fail_msg("%s: %s", row->what, kit_text(k));
		kit_close(k);
	}
}

/* RFC 791, 3.1: a record stays in the first fragment of an answer, too. */
static void test_long_answer(void **state)
{
	static const uint8_t rr[] = {7, 7, 4, Z4, 0};
	static const uint8_t first[] = {7, 7, 8, M4, 0};
	static const uint8_t second[] = {1, 1, 1, 1, 1, 1, 1, 0};
	struct kit *k = kit_new_answering();
	const struct kit_packet p = {
		.src = ADDR_S,
		.dst = ADDR_M,
		.proto = 1,
		.type = 8,
		.ip_options = rr,
		.ip_options_len = sizeof(rr),
		.payload_len = 1600,
	};

	(void)state;
	assert_non_null(kit_packet(k, MASQ_OUTSIDE, &p));
	assert_int_equal(k->num_results, 2);
	assert_memory_equal(k->results[0].packet.data + 20, first, 8);
	assert_memory_equal(k->results[1].packet.data + 20, second, 8);
	kit_close(k);
}

/* The quote shows the options as they were filled on reception. */
static void test_quoted_options(void **state)
{
	static const uint8_t rr[] = {7, 7, 4, 0, 0, 0, 0};
	static const uint8_t filled[] = {7, 7, 8, R4};
	uint8_t padded[8] = {0};
	struct kit *k = kit_new();
	struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 17,
		.ttl = 1,
		.ip_options = padded,
		.ip_options_len = sizeof(padded),
	};
	const struct kit_result *r;

	(void)state;
	memcpy(padded, rr, sizeof(rr));
	r = kit_packet(k, MASQ_INSIDE, &p);
	assert_non_null(r);
	assert_int_equal(r->type, 11);
	assert_memory_equal(r->payload.data + 20, filled, sizeof(filled));
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passing),
		cmocka_unit_test(test_record_route_inbound),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_source_route),
		cmocka_unit_test(test_no_answer),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_long_answer),
		cmocka_unit_test(test_quoted_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
