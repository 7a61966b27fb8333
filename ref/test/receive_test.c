/* SPDX-License-Identifier: Apache-2.0 */
/* receive_test.c - which frames the router takes (CORE-PATH-10 to -12) */
#include <stdlib.h>

#include "kit.h"

/* One octet of a good packet is set; the header checksum is made right. */
static const struct {
	uint8_t at, value;
	enum masq_drop drop;
} fields[] = {
	{0, 0x45, MASQ_DROP_NONE},
	{0, 0x44, MASQ_DROP_IP_HEADER}, /* header of 16 octets */
	{0, 0x40, MASQ_DROP_IP_HEADER},
	{0, 0x55, MASQ_DROP_IP_HEADER}, /* version 5 */
	{0, 0x65, MASQ_DROP_IP_HEADER},
	{0, 0x4f, MASQ_DROP_IP_HEADER}, /* header beyond the end */
	{2, 0x10, MASQ_DROP_IP_HEADER}, /* total length beyond the end */
	{3, 39, MASQ_DROP_IP_HEADER},   /* one octet beyond */
	{3, 19, MASQ_DROP_IP_HEADER},   /* total length below the header's */
	{3, 0, MASQ_DROP_IP_HEADER},
	{9, 47, MASQ_DROP_PROTOCOL},
	{12, 127, MASQ_DROP_MARTIAN},
	{16, 127, MASQ_DROP_MARTIAN},
	{8, 1, MASQ_DROP_TTL},
};

static void test_fields(void **state)
{
	struct kit *k = kit_new();
	struct kit_line *line = malloc(sizeof(*line));

	(void)state;
	assert_non_null(line);
	for (size_t i = 0; i < COUNT(fields); i++) {
		kit_parse("C:1025 > S:53 udp |0123456789", line);
		assert_int_equal(line->len, 38);
		line->data[fields[i].at] = fields[i].value;
		kit_fix_ip_sum(line->data, line->len);
		kit_raw(k, MASQ_INSIDE, MASQ_CAST_HOST, line->data, line->len);
		assert_int_equal(k->drop, fields[i].drop);
	}
	free(line);
	kit_close(k);
}

/* Any single bit of the header that changes breaks the checksum. */
static void test_header_bits(void **state)
{
	struct kit *k = kit_new();
	struct kit_line *line = malloc(sizeof(*line));

	(void)state;
	assert_non_null(line);
	for (unsigned int bit = 0; bit < 160; bit++) {
		kit_parse("C:1025 > S:53 udp |0123456789", line);
		line->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_null(kit_raw(k, MASQ_INSIDE, MASQ_CAST_HOST, line->data,
				    line->len));
		assert_int_equal(k->drop, MASQ_DROP_IP_HEADER);
	}
	assert_int_equal(kit_num_entries(k), 0);
	free(line);
	kit_close(k);
}

/* Received less than the total length: at every cut. */
static void test_truncated(void **state)
{
	struct kit *k = kit_new();
	struct kit_line *line = malloc(sizeof(*line));

	(void)state;
	assert_non_null(line);
	kit_parse("C:1025 > S:53 udp |0123456789", line);
	for (uint32_t len = 0; len < line->len; len++) {
		kit_raw(k, MASQ_INSIDE, MASQ_CAST_HOST, line->data, len);
		assert_int_equal(k->drop, MASQ_DROP_IP_HEADER);
	}
	free(line);
	kit_close(k);
}

/* Step 3: what follows the total length is not the packet's. */
static void test_padding(void **state)
{
	struct kit *k = kit_new();
	struct kit_line *line = malloc(sizeof(*line));
	const struct kit_result *r;

	(void)state;
	assert_non_null(line);
	kit_parse("C:1025 > S:53 udp |x", line);
	memset(line->data + line->len, 0xee, 100);
	r = kit_raw(k, MASQ_INSIDE, MASQ_CAST_HOST, line->data, line->len + 17);
	assert_non_null(r);
	assert_int_equal(r->packet.len, line->len);
	assert_int_equal(r->payload.len, 1);
	free(line);
	kit_close(k);
}

static void test_side(void **state)
{
	static const enum masq_side sides[] = {MASQ_SIDE_NONE,
					       (enum masq_side)3};
	struct kit *k = kit_new();
	struct kit_line *line = malloc(sizeof(*line));

	(void)state;
	assert_non_null(line);
	kit_parse("C:1025 > S:53 udp |x", line);
	for (size_t i = 0; i < COUNT(sides); i++) {
		kit_raw(k, sides[i], MASQ_CAST_HOST, line->data, line->len);
		assert_int_equal(k->drop, MASQ_DROP_NOT_UNICAST);
	}
	free(line);
	kit_close(k);
}

/* How the frame was addressed (CORE-PATH-22, -30 step 2, V016). */
static void test_cast(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	/* To be forwarded: only what was sent to the router. */
	expect(k, "C:1025 > S:53 udp other", "drop not-unicast");
	expect(k, "C:1025 > S:53 udp bcast", "drop not-unicast");
	expect(k, "C:1025 > S:53 udp mcast", "drop not-unicast");
	expect(k, "C:1025 > S:53 udp ttl 1 bcast", "drop not-unicast");
	assert_int_equal(kit_num_entries(k), 0);
	expect(k, "C:1025 > S:53 udp", "M:61000 > S:53 udp");
	/* To the router: not looked at, not answered. */
	expect(k, "S:53 > M:61000 udp other", "drop not-unicast");
	expect(k, "S:53 > M:61000 udp bcast", "local");
	expect(k, "S:53 > M:61000 udp mcast", "local");
	expect(k, "S > M icmp 8/0 id 1 bcast", "local");
	expect(k, "S:53 > M:61000 udp", "S:53 > C:1025 udp");
	kit_close(k);
}

/* V016: datagrams to broadcast addresses are for the router. */
static void test_V016(void **state)
{
	static const char *const texts[] = {
		"192.168.1.55:53 > 192.168.1.255:61000 udp",
		"192.168.1.55:53 > 192.168.1.0:61000 udp",
		"203.0.113.9:53 > 203.0.113.255:61000 udp",
		"203.0.113.9:53 > 203.0.113.0:61000 udp",
		"203.0.113.9:53 > 255.255.255.255:61000 udp",
		"203.0.113.9:53 > 203.0.113.255:61000 udp bcast",
	};
	struct kit *k = kit_new_answering();

	(void)state;
	expect(k, "C:1025 > S:53 udp", "M:61000 > S:53 udp");
	for (size_t i = 0; i < COUNT(texts); i++)
		expect(k, texts[i], "local");
	expect_table(k, "udp C:1025 M:61000 S:53 UDP 30000");
	kit_close(k);
}

/* Fragments that a firewall denies (FRAG-12), with defragmenting off. */
static void test_denied_fragments(void **state)
{
	static const struct {
		const char *text, *outcome;
	} rows[] = {
		/* Too short to hold what rules look at. */
		{"S > C tcp bare mf len 15", "drop fragment"},
		{"S > C tcp bare mf len 16", "S:24930 > C:25444 tcp SRPU @0+"},
		{"S > C udp bare mf len 7", "drop fragment"},
		{"S > C udp bare mf len 8", "S:24930 > C:25444 udp @0+"},
		{"S > C icmp bare mf len 7", "drop fragment"},
		{"S > C 47 bare mf len 1", "S > C 47 @0+"},
		/* Would overwrite the TCP flags. */
		{"S > C tcp bare off 8 len 64", "drop fragment"},
		{"S > C tcp bare off 16 len 64", "S > C tcp @16"},
		{"S > C udp bare off 8 len 64", "S > C udp @8"},
	};
	struct kit *k = kit_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect(k, rows[i].text, rows[i].outcome);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_header_bits),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_side),
		cmocka_unit_test(test_cast),
		cmocka_unit_test(test_V016),
		cmocka_unit_test(test_denied_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
