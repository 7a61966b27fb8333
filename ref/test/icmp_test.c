/* SPDX-License-Identifier: Apache-2.0 */
/* icmp_test.c - ICMP queries and replies (CORE-ICQ): V070 to V076 */
#include "kit.h"

static void test_V070(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect_hex(k,
		   "450000200001000040018eefc0a8010ac6336407080032eb004d0001"
		   "61626364",
		   "45000020000100003f0115a0cb007101c6336407080044efee480001"
		   "61626364");
	expect_table(k, "icmp C:77 M:61000 S:8 ICMP 6000");
	expect_hex(k,
		   "45000020000100003c0118a0c6336407cb00710100004cefee480001"
		   "61626364",
		   "45000020000100003b0193efc6336407c0a8010a00003aeb004d0001"
		   "61626364");
	expect_table(k, "icmp C:77 M:61000 S:8 ICMP 6000");
	kit_close(k);
}

static void test_V071(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C > S icmp 8/0 id 5", "M > S icmp 8/0 id 61000");
	expect(k, "C > S icmp 8/3 id 5", "M > S icmp 8/3 id 61001");
	expect(k, "C > S icmp 13/0 id 5", "M > S icmp 13/0 id 61002");
	expect(k, "C > S2 icmp 8/0 id 5", "M > S2 icmp 8/0 id 61003");
	expect(k, "C > S icmp 8/0 id 5", "M > S icmp 8/0 id 61000");
	/* Peer "ports" 0x000d, 0x0308, 0x0008: buckets 40, 46, 47 and 4b. */
	expect_table(k, "icmp C:5 M:61002 S:13 ICMP 6000; "
			"icmp C:5 M:61001 S:776 ICMP 6000; "
			"icmp C:5 M:61000 S:8 ICMP 6000; "
			"icmp C:5 M:61003 S2:8 ICMP 6000");
	kit_close(k);
}

static void test_V072(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	/* The kit verifies what comes out. */
	expect(k, "C > S icmp 8/0 id 77 sum 0xdead |x",
	       "M > S icmp 8/0 id 61000");
	expect(k, "S > M icmp 0/0 id 61000 sum 0xbeef |x",
	       "S > C icmp 0/0 id 77");
	kit_close(k);
}

/* A message of zeros has the checksum 0xFFFF, also where it is followed. */
static void test_all_zeros(void **state)
{
	static const uint64_t without[] = {0, MASQ_QUIRK(ICMP_REPAIR)};

	(void)state;
	for (size_t i = 0; i < COUNT(without); i++) {
		struct kit *k = kit_new_without(without[i]);

		expect(k, "C > S icmp 8/0 rest 0 len 0",
		       "M > S icmp 8/0 id 61000");
		expect(k, "S > M icmp 0/0 rest 0xee480000 len 0",
		       "S > C icmp 0/0 id 0");
		assert_int_equal(masq_get16(k->results[0].segment, 2), 0xffff);
		kit_close(k);
	}
}

static void test_V073(void **state)
{
	struct kit *k = kit_new();
	struct masq_entry_info info;

	(void)state;
	expect(k, "C > S icmp 8/0 id 77", "M > S icmp 8/0 id 61000");
	kit_wait(k, 1000);
	expect(k, "S2 > M icmp 0/0 id 61000", "local");
	expect(k, "S > M icmp 0/1 id 61000", "local");
	expect(k, "S > M icmp 0/0 id 61001", "local");
	expect(k, "S > M icmp 14/0 id 61000", "local");
	expect(k, "S > M icmp 8/0 id 61000", "local");
	expect(k, "S > R icmp 0/0 id 61000", "local");
	assert_true(kit_entry(k, 1, 61000, &info));
	assert_int_equal(info.expires, 5900);
	assert_int_equal(info.flags, MASQ_NO_REPLY | MASQ_HASHED);
	kit_close(k);
}

/* Every type that is no query: as it came, but for TTL and checksum. */
static void test_V074(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	for (unsigned int type = 0; type < 256; type++) {
		struct kit_packet p = {
			.src = ADDR_C,
			.dst = ADDR_S,
			.proto = 1,
			.type = (uint8_t)type,
			.id = 99,
			.payload_len = 20,
		};
		uint8_t sent[KIT_MAX_PACKET];
		const struct kit_result *r;

		if (type == 3 || type == 4 || type == 8 || type == 11 ||
		    type == 13 || type == 15 || type == 17)
			continue;
		kit_build(&p, sent);
		r = kit_packet(k, MASQ_INSIDE, &p);
		assert_non_null(r);
		assert_int_equal(r->src, ADDR_C);
		assert_int_equal(r->ttl, 63);
		assert_int_equal(r->packet.len, 48);
		assert_memory_equal(r->packet.data, sent, 8);
		assert_memory_equal(r->packet.data + 12, sent + 12, 36);
	}
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

static void test_V075(void **state)
{
	static const struct {
		const char *out, *masqueraded, *in, *delivered;
	} rows[] = {
		{"C > S icmp 13/0 id 5 len 12", "M > S icmp 13/0 id 61000",
		 "S > M icmp 14/0 id 61000 len 12", "S > C icmp 14/0 id 5"},
		{"C > S icmp 15/0 id 5", "M > S icmp 15/0 id 61001",
		 "S > M icmp 16/0 id 61001", "S > C icmp 16/0 id 5"},
		{"C > S icmp 17/0 id 5 len 4", "M > S icmp 17/0 id 61002",
		 "S > M icmp 18/0 id 61002 len 4", "S > C icmp 18/0 id 5"},
		{"C > S icmp 13/7 id 5 len 12", "M > S icmp 13/7 id 61003",
		 "S > M icmp 14/7 id 61003 len 12", "S > C icmp 14/7 id 5"},
	};
	struct kit *k = kit_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		expect(k, rows[i].out, rows[i].masqueraded);
		expect(k, rows[i].in, rows[i].delivered);
	}
	kit_close(k);
}

static void test_V076(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C > S icmp 8/0 id 77", "M > S icmp 8/0 id 61000");
	kit_wait(k, 59990);
	assert_int_equal(kit_num_entries(k), 1);
	kit_wait(k, 10);
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

/* The reply clears NO_REPLY and refreshes. */
static void test_reply_refreshes(void **state)
{
	struct kit *k = kit_new();
	struct masq_entry_info info;

	(void)state;
	expect(k, "C > S icmp 8/0 id 77", "M > S icmp 8/0 id 61000");
	kit_wait(k, 50000);
	expect(k, "S > M icmp 0/0 id 61000", "S > C icmp 0/0 id 77");
	assert_true(kit_entry(k, 1, 61000, &info));
	assert_int_equal(info.expires, 6000);
	assert_int_equal(info.flags, MASQ_HASHED);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V070),
		cmocka_unit_test(test_V071),
		cmocka_unit_test(test_V072),
		cmocka_unit_test(test_all_zeros),
		cmocka_unit_test(test_V073),
		cmocka_unit_test(test_V074),
		cmocka_unit_test(test_V075),
		cmocka_unit_test(test_V076),
		cmocka_unit_test(test_reply_refreshes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
