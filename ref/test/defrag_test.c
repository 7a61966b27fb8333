/* SPDX-License-Identifier: Apache-2.0 */
/* defrag_test.c - fragments through the engine: V020 to V024, FRAG-03 */
#include "kit.h"

/* A datagram of 3000 data octets; its checksum is that of the whole. */
static void send_three(struct kit *k, const char *flags, const char *outcome)
{
	struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 17,
		.sport = 5000,
		.dport = 53,
		.payload_len = 3000,
	};
	uint8_t whole[KIT_MAX_PACKET];
	const uint16_t df = strcmp(flags, "df") == 0 ? 0x4000 : 0;

	kit_build(&p, whole);
	for (unsigned int i = 0; i < 3; i++) {
		const struct kit_packet part = {
			.src = ADDR_C,
			.dst = ADDR_S,
			.proto = 17,
			.bare = true,
			.ip_id = 0x1234,
			.frag = (uint16_t)(df | (i < 2 ? 0x2000 : 0) | i * 185),
			.payload = whole + 20 + i * 1480,
			.payload_len = i < 2 ? 1480 : 48,
		};

		kit_packet(k, MASQ_INSIDE, &part);
		if (i < 2)
			assert_string_equal(kit_text(k), "drop held");
	}
	assert_string_equal(kit_text(k), outcome);
}

/* The results' payloads together carry a good checksum for src. */
static void check_whole(const struct kit *k, uint32_t src)
{
	uint8_t all[4096];
	uint32_t len = 0;
	uint64_t sum;

	for (unsigned int i = 0; i < k->num_results; i++) {
		const struct masq_view s = k->results[i].segment;

		assert_int_equal(k->results[i].frag & 0x1fff, len / 8);
		assert_true(s.len <= sizeof(all) - len);
		memcpy(all + len, s.data, s.len);
		len += s.len;
	}
	assert_int_equal(len, 3008);
	sum = masq_sum((struct masq_view){all, len}) +
	      masq_sum_pseudo(src, ADDR_S, 17, len);
	assert_int_equal(masq_fold(sum), 0xffff);
}

static struct kit *kit_defrag(int32_t always, uint16_t mtu)
{
	struct masq_config c;

	kit_config(&c);
	c.always_defrag = always;
	c.outside.mtu = mtu;
	return kit_open(&c);
}

static void test_V020(void **state)
{
	struct kit *k = kit_defrag(1, 1500);

	(void)state;
	send_three(k, "",
		   "M:61000 > S:53 udp @0+; M > S udp @1480+; M > S udp @2960");
	check_whole(k, ADDR_M);
	assert_int_equal(k->results[0].ip_id, 0x1234);
	assert_int_equal(k->results[2].ip_id, 0x1234);
	assert_int_equal(k->results[2].ttl, 63);
	kit_close(k);
	/* So it is while any entry lives. */
	k = kit_defrag(0, 1500);
	expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61000");
	send_three(k, "",
		   "M:61001 > S:53 udp @0+; M > S udp @1480+; M > S udp @2960");
	check_whole(k, ADDR_M);
	kit_close(k);
}

static void test_V021(void **state)
{
	struct kit *k = kit_defrag(1, 600);

	(void)state;
	send_three(k, "df",
		   "M:61000 > S:53 udp @0+; M > S udp @576+; M > S udp @1152+; "
		   "M > S udp @1728+; M > S udp @2304+; M > S udp @2880");
	check_whole(k, ADDR_M);
	kit_close(k);
}

static void test_V022(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C > S icmp 8/0 id 77 ipid 9 mf len 1472",
	       "M > S icmp 8/0 id 61000 @0+");
	/* Valid for the 1480 octets alone. */
	assert_int_equal(masq_fold(masq_sum(k->results[0].segment)), 0xffff);
	expect(k, "C > S icmp bare ipid 9 mf off 1480 len 1480", "drop held");
	expect(k, "C > S icmp bare ipid 9 off 2960 len 48", "drop held");
	kit_wait(k, 40000);
	assert_int_equal(k->num_results, 0);
	/* The next ping works. */
	expect(k, "C > S icmp 8/0 id 77 ipid 10 mf zero len 1472", "drop held");
	expect(k, "C > S icmp bare ipid 10 mf off 1480 zero len 1480",
	       "drop held");
	expect(k, "C > S icmp bare ipid 10 off 2960 zero len 48",
	       "M > S icmp 8/0 id 61000 @0+; M > S icmp @1480+; "
	       "M > S icmp @2960");
	kit_close(k);
}

static void test_V023(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	/* The checksum of the whole does not suit the first part. */
	expect(k, "C:5000 > S:53 udp mf len 1472 badsum", "drop checksum");
	expect(k, "C > S udp bare mf off 1480 len 1480", "drop checksum");
	expect(k, "C > S udp bare off 2960 len 48", "drop checksum");
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

/* FRAG-04, second row: without a checksum the first part passes. */
static void test_first_udp_without_sum(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp mf len 1472 sum 0",
	       "M:61000 > S:53 udp @0+");
	assert_int_equal(masq_fold(masq_sum(k->results[0].segment) +
				   masq_sum_pseudo(ADDR_M, ADDR_S, 17, 1480)),
			 0xffff);
	expect(k, "C > S udp bare mf off 1480 len 1480", "drop held");
	kit_close(k);
}

static void test_V024(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C > S udp bare off 1480 zero len 16", "M > S udp @1480");
	assert_int_equal(masq_get16(k->results[0].segment, 0), 0xee48);
	assert_int_not_equal(masq_get16(k->results[0].segment, 6), 0);
	assert_int_equal(masq_fold(masq_sum(k->results[0].segment) +
				   masq_sum_pseudo(ADDR_M, ADDR_S, 17, 16)),
			 0xffff);
	expect_table(k, "udp C:0 M:61000 S:0 UDP 30000");
	kit_close(k);
}

/* The counter: one up for each entry, one down when it goes. */
static void test_counter(void **state)
{
	struct kit *k = kit_defrag(-1, 1500);

	(void)state;
	assert_int_equal(kit_stats(k).always_defrag, -1);
	expect(k, "S > C udp bare mf ipid 3 len 8", "drop held");
	expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61000");
	assert_int_equal(kit_stats(k).always_defrag, 0);
	expect(k, "S > C udp bare mf ipid 4 zero len 8", "S:0 > C:0 udp @0+");
	expect(k, "C > S icmp 8/0 id 2", "M > S icmp 8/0 id 61001");
	assert_int_equal(kit_stats(k).always_defrag, 1);
	expect(k, "S > C udp bare mf ipid 5 len 8", "drop held");
	kit_wait(k, 60000);
	assert_int_equal(kit_stats(k).always_defrag, -1);
	kit_close(k);
}

/* A creation that fails leaves the counter alone. */
static void test_counter_after_failure(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.max_entries = 1;
	k = kit_open(&c);
	expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61000");
	expect(k, "C > S icmp 8/0 id 2", "drop no-port");
	assert_int_equal(kit_stats(k).always_defrag, 1);
	kit_wait(k, 60000);
	assert_int_equal(kit_stats(k).always_defrag, 0);
	kit_close(k);
}

/* To the router itself they are put together in any case, before L1. */
static void test_local(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	expect(k, "S > M icmp 8/0 id 7 mf zero len 1392", "drop held");
	expect(k, "S > M icmp bare off 1400 zero len 8",
	       "local; M > S icmp 0/0 id 7");
	assert_int_equal(k->results[0].segment.len, 1408);
	/* ... wrong checksums and all. */
	expect(k, "S:1 > M:61000 udp mf badsum zero len 72", "drop held");
	expect(k, "S > M udp bare off 80 zero len 8", "drop checksum");
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V020),
		cmocka_unit_test(test_V021),
		cmocka_unit_test(test_V022),
		cmocka_unit_test(test_V023),
		cmocka_unit_test(test_first_udp_without_sum),
		cmocka_unit_test(test_V024),
		cmocka_unit_test(test_counter),
		cmocka_unit_test(test_counter_after_failure),
		cmocka_unit_test(test_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
