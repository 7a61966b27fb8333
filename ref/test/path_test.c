/* SPDX-License-Identifier: Apache-2.0 */
/* path_test.c - where masquerading happens: V001 to V016, golden octets */
#include "kit.h"

static void test_V001_V002(void **state)
{
	struct kit *k = kit_new();
	struct masq_entry_info info;

	(void)state;
	expect_hex(k,
		   "4500002c0001000040068edec0a8010ac633640704010050000003e8"
		   "000000006002200084000000020405b4",
		   "4500002c000100003f06158fcb007101c6336407ee480050000003e8"
		   "00000000600220001f690000020405b4");
	assert_int_equal(k->results[0].side, MASQ_OUTSIDE);
	expect_table(k, "tcp C:1025 M:61000 S:80 SYN_SENT 12000");
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.flags, MASQ_NO_REPLY | MASQ_HASHED);
	expect_hex(k,
		   "450000280001000037061d93c6336407cb0071010050ee4800001388"
		   "000003e950122000238c0000",
		   "4500002800010000360698e2c6336407c0a8010a0050040100001388"
		   "000003e95012200088230000");
	assert_int_equal(k->results[0].side, MASQ_INSIDE);
	expect_table(k, "tcp C:1025 M:61000 S:80 ESTABLISHED 90000");
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.flags, MASQ_HASHED);
	kit_close(k);
}

/* What the rewriting must leave alone (INB-08, SEQ-06). */
static void test_untouched(void **state)
{
	struct kit *k = kit_new();
	const struct kit_result *r;

	(void)state;
	r = kit_send(k, "C:1025 > S:80 tcp PAU seq 0x89abcdef ack 0xfedcba98 "
			"tos 0x1f ipid 0xbeef df ttl 9 |payload");
	assert_non_null(r);
	assert_int_equal(r->seq, 0x89abcdef);
	assert_int_equal(r->ack, 0xfedcba98);
	assert_int_equal(r->flags, F_PSH | F_ACK | F_URG);
	assert_int_equal(r->tos, 0x1f);
	assert_int_equal(r->ip_id, 0xbeef);
	assert_int_equal(r->frag, 0x4000);
	assert_int_equal(r->ttl, 8);
	assert_int_equal(masq_get16(r->segment, 14), 8192);
	assert_int_equal(r->payload.len, 7);
	assert_memory_equal(r->payload.data, "payload", 7);
	r = kit_send(k, "S:80 > M:61000 tcp A tos 0x10 ipid 7 ttl 200 df");
	assert_non_null(r);
	assert_int_equal(r->tos, 0x10);
	assert_int_equal(r->ip_id, 7);
	assert_int_equal(r->frag, 0x4000);
	assert_int_equal(r->ttl, 199);
	kit_close(k);
}

/* INB-04: a port outside the range is not looked at. */
static void test_V007(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "S:80 > M:1030 tcp SA", "local");
	expect(k, "S:80 > M:1030 tcp SA badsum", "local");
	kit_close(k);
}

static void test_V013(void **state)
{
	static const uint8_t protos[] = {0, 2, 4, 41, 47, 50, 51, 132, 255};
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C > S 47 len 20", "drop protocol");
	expect(k, "S > M 47 len 20", "local");
	for (size_t i = 0; i < COUNT(protos); i++) {
		struct kit_packet p = {
			.src = ADDR_C,
			.dst = ADDR_S,
			.proto = protos[i],
			.payload_len = 20,
		};

		assert_null(kit_packet(k, MASQ_INSIDE, &p));
		assert_int_equal(k->drop, MASQ_DROP_PROTOCOL);
	}
	kit_close(k);
}

static void test_V014(void **state)
{
	static const char *const texts[] = {
		"C > S udp bare len 7",  "C > S tcp bare len 19",
		"C > S icmp bare len 7", "S > M udp bare len 7",
		"S > M tcp bare len 19", "S > M icmp bare len 7",
		"C > S udp bare",        "S > M tcp bare",
	};
	struct kit *k = kit_new_answering();

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		expect(k, texts[i], "drop transport");
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

/* VER-07: a packet that is de-masqueraded to the router is dropped. */
static void test_V015(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.local_answer = true;
	c.num_portfw = 1;
	c.portfw[0] = (struct masq_portfw){
		.proto = 6,
		.local_addr = ADDR_M,
		.local_port = 8080,
		.real_addr = ADDR_R,
		.real_port = 80,
		.preference = 1,
	};
	k = kit_open(&c);
	expect(k, "S:4001 > M:8080 tcp S", "drop twice");
	kit_close(k);
	/* So is what is sent to a broadcast address. */
	c.portfw[0].real_addr = IP4(192, 168, 1, 255);
	k = kit_open(&c);
	expect(k, "S:4001 > M:8080 tcp S", "drop twice");
	kit_close(k);
	/* And what leads nowhere. */
	c.portfw[0].real_addr = 0;
	k = kit_open(&c);
	expect(k, "S:4001 > M:8080 tcp S", "drop martian");
	kit_close(k);
}

/* PATH-30 step 12: only what comes from a source and leaves outside. */
static void test_inside_only(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "S:80 > C:1025 tcp S", "S:80 > C:1025 tcp S");
	expect(k, "203.0.113.9:80 > S:1025 tcp S",
	       "M > 203.0.113.9 icmp 5/1 [203.0.113.9:80 > S:1025 tcp S]; "
	       "203.0.113.9:80 > S:1025 tcp S");
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

static void test_V105(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	/*
	 * As corrected for 2.2.26: 0xFEFF becomes 0x0000, not 0xFFFF, the
	 * specification's golden octets notwithstanding.
	 */
	expect_hex(k,
		   "4500001d9de30000321184b0c6336407cb0071010035ee4800093321"
		   "78",
		   "4500001d9de3000031110000c6336407c0a8010a0035138800098831"
		   "78");
	kit_close(k);
}

/* CSUM-07 for every header checksum: the same as from scratch. */
static void test_ttl_checksums(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	for (uint32_t id = 1; id < 65536; id += 7) {
		const struct kit_packet p = {
			.src = ADDR_S,
			.dst = ADDR_C,
			.proto = 47,
			.ip_id = (uint16_t)id,
			.ttl = 2,
		};
		const struct kit_result *r = kit_packet(k, MASQ_OUTSIDE, &p);

		/* The kit has verified the sum; 0xFFFF is never sent. */
		assert_non_null(r);
		assert_int_not_equal(masq_get16(r->packet, 10), 0xffff);
	}
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V001_V002),
		cmocka_unit_test(test_untouched),
		cmocka_unit_test(test_V007),
		cmocka_unit_test(test_V013),
		cmocka_unit_test(test_V014),
		cmocka_unit_test(test_V015),
		cmocka_unit_test(test_inside_only),
		cmocka_unit_test(test_V105),
		cmocka_unit_test(test_ttl_checksums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
