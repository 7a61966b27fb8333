/* SPDX-License-Identifier: Apache-2.0 */
/* udp_test.c - UDP and lookups: V030 to V037, V100 to V103 */
#include "kit.h"

static struct kit *kit_dloose(int32_t dloose)
{
	struct masq_config c;

	kit_config(&c);
	c.udp_dloose = dloose;
	c.local_answer = true;
	return kit_open(&c);
}

static uint16_t flags_of(struct kit *k, uint8_t proto, uint16_t port)
{
	struct masq_entry_info info;

	assert_true(kit_entry(k, proto, port, &info));
	return info.flags;
}

/* V030 and V031 belong to 2.2.1: here with udp_dloose = 2 (V035). */
static void test_V035(void **state)
{
	struct kit *k = kit_dloose(2);

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	expect(k, "C:5000 > S2:53 udp", "M:61000 > S2:53 udp");
	expect(k, "C:5000 > S2:99 udp", "M:61000 > S2:99 udp");
	expect_table(k, "udp C:5000 M:61000 S2:99 UDP 30000");
	expect(k, "198.51.100.99:99 > M:61000 udp",
	       "198.51.100.99:99 > C:5000 udp");
	expect_table(k, "udp C:5000 M:61000 198.51.100.99:99 UDP 30000");
	assert_int_equal(flags_of(k, 17, 61000), MASQ_DLOOSE | MASQ_HASHED);
	/* The next one still gets a port of its own. */
	expect(k, "C:5001 > S:53 udp", "M:61001 > S:53 udp");
	kit_close(k);
}

static void test_V032(void **state)
{
	struct kit *k = kit_dloose(0);

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	expect(k, "C:5000 > S2:53 udp", "M:61000 > S2:53 udp");
	expect_table(k, "udp C:5000 M:61000 S:53 UDP 30000");
	expect(k, "S2:53 > M:61000 udp", "S2:53 > C:5000 udp");
	expect_table(k, "udp C:5000 M:61000 S2:53 UDP 30000");
	assert_int_equal(flags_of(k, 17, 61000), MASQ_HASHED);
	expect(k, "S:53 > M:61000 udp",
	       "local; M > S icmp 3/3 [S:53 > M:61000 udp]");
	expect(k, "C:5000 > S2:53 udp", "M:61000 > S2:53 udp");
	expect(k, "C:5000 > S:53 udp", "M:61001 > S:53 udp");
	kit_close(k);
}

static void test_V033(void **state)
{
	struct kit *k = kit_dloose(0);

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	expect(k, "C:5000 > S:54 udp", "M:61001 > S:54 udp");
	expect(k, "S:55 > M:61000 udp",
	       "local; M > S icmp 3/3 [S:55 > M:61000 udp]");
	expect(k, "198.51.100.66:53 > M:61000 udp",
	       "198.51.100.66:53 > C:5000 udp");
	expect(k, "S:53 > M:61000 udp",
	       "local; M > S icmp 3/3 [S:53 > M:61000 udp]");
	kit_close(k);
}

static void test_V034(void **state)
{
	static const struct {
		int32_t dloose;
		uint16_t low, high; /* flags by inside port */
	} rows[] = {
		{0, MASQ_NO_DADDR, MASQ_NO_DADDR},
		{1, MASQ_NO_DADDR, MASQ_DLOOSE},
		{2, MASQ_DLOOSE, MASQ_DLOOSE},
		{3, MASQ_NO_DADDR, MASQ_NO_DADDR},
		{-1, MASQ_NO_DADDR, MASQ_NO_DADDR},
	};
	const uint16_t always = MASQ_NO_REPLY | MASQ_HASHED;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct kit *k = kit_dloose(rows[i].dloose);

		expect(k, "C:1023 > S:53 udp", "M:61000 > S:53 udp");
		expect(k, "C:1024 > S:53 udp", "M:61001 > S:53 udp");
		assert_int_equal(flags_of(k, 17, 61000), always | rows[i].low);
		assert_int_equal(flags_of(k, 17, 61001), always | rows[i].high);
		kit_close(k);
	}
}

static void test_V036(void **state)
{
	static const struct {
		const char *text, *outcome;
	} strangers[] = {
		{"S2:80 > M:61000 tcp SA", "local; M:61000 > S2:80 tcp R"},
		{"S:81 > M:61000 tcp SA", "local; M:61000 > S:81 tcp R"},
		{"S:80 > M:61001 tcp SA", "local; M:61001 > S:80 tcp R"},
		{"S:80 > R:61000 tcp SA", "local; R:61000 > S:80 tcp R"},
		{"S:80 > M:61000 udp",
		 "local; M > S icmp 3/3 [S:80 > M:61000 udp]"},
	};
	struct kit *k = kit_new_answering();

	(void)state;
	expect(k, "C:1025 > S:80 tcp S", "M:61000 > S:80 tcp S");
	kit_wait(k, 1000);
	for (size_t i = 0; i < COUNT(strangers); i++)
		expect(k, strangers[i].text, strangers[i].outcome);
	expect_table(k, "tcp C:1025 M:61000 S:80 SYN_SENT 11900");
	kit_close(k);
}

/* Hairpin: de-masqueraded like anybody else; and redirected (A36). */
static void test_V037(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	expect(k, "192.168.1.55:53 > M:61000 udp",
	       "R > 192.168.1.55 icmp 5/1 [192.168.1.55:53 > C:5000 udp]; "
	       "192.168.1.55:53 > C:5000 udp");
	assert_int_equal(k->results[0].rest, ADDR_C);
	assert_int_equal(k->results[0].payload.data[8], 64);
	kit_close(k);
}

static void test_V100(void **state)
{
	struct kit *k = kit_new();
	const struct kit_result *r;

	(void)state;
	expect_hex(k,
		   "4500001d000100003f118fe2c0a8010ac633640704010035000900"
		   "0078",
		   "4500001d000100003e111693cb007101c6336407ee480035000933"
		   "2178");
	r = kit_send(k, "S:53 > M:61000 udp sum 0 |x");
	assert_non_null(r);
	assert_int_not_equal(masq_get16(r->segment, 6), 0);
	kit_close(k);
}

/* Payload words for which the new checksum comes out as 0. */
static void test_V101(void **state)
{
	struct kit *k = kit_new();
	unsigned int zeros = 0;

	(void)state;
	for (uint32_t word = 0; word < 65536; word++) {
		const uint8_t payload[2] = {(uint8_t)(word >> 8),
					    (uint8_t)word};
		struct kit_packet p = {
			.src = ADDR_C,
			.dst = ADDR_S,
			.proto = 17,
			.sport = 1025,
			.dport = 53,
			.flags = F_ACK,
			.payload = payload,
			.payload_len = 2,
		};
		const struct kit_result *r;
		uint16_t sum;

		for (int pass = 0; pass < 2; pass++) {
			p.proto = pass == 0 ? 17 : 6;
			r = kit_packet(k, MASQ_INSIDE, &p);
			assert_non_null(r);
			sum = masq_get16(r->segment, pass == 0 ? 6 : 16);
			/* UDP never 0x0000, TCP never 0xFFFF. */
			assert_int_not_equal(sum, pass == 0 ? 0 : 0xffff);
			zeros += sum == (pass == 0 ? 0xffff : 0);
		}
	}
	assert_int_equal(zeros, 2); /* one word each */
	kit_close(k);
}

static void test_V102(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	expect(k, "C:5000 > S:53 udp badsum", "drop checksum");
	expect(k, "C:5000 > S:53 tcp S badsum", "drop checksum");
	assert_int_equal(kit_num_entries(k), 0);
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	kit_wait(k, 100000);
	expect(k, "S:53 > M:61000 udp badsum", "drop checksum");
	expect(k, "C:5000 > S:53 udp badsum", "drop checksum");
	expect_table(k, "udp C:5000 M:61000 S:53 UDP 20000");
	kit_close(k);
}

/* The checksum that the same datagram has without its padding. */
static uint16_t sum_of(const char *text)
{
	struct kit_line line;

	kit_parse(text, &line);
	return (uint16_t)(line.data[26] << 8 | line.data[27]);
}

static void test_V103(void **state)
{
	struct kit *k = kit_new();
	struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 17,
		.sport = 5000,
		.dport = 53,
		.udp_len = 13,
		.has_sum = true,
		.sum = sum_of("C:5000 > S:53 udp |hello"),
		.payload = "hello\0\0\0\0\0\0",
		.payload_len = 11,
	};
	const struct kit_result *r;

	(void)state;
	/* Valid for the 13 octets of its length field. */
	assert_null(kit_packet(k, MASQ_INSIDE, &p));
	assert_int_equal(k->drop, MASQ_DROP_CHECKSUM);
	expect(k, "C:5000 > S:53 udp udplen 13 sum 0 |helloPADDING",
	       "M:61000 > S:53 udp");
	/* The kit has verified it for all 20 octets. */
	r = &k->results[0];
	assert_int_equal(masq_get16(r->segment, 4), 13);
	assert_int_not_equal(masq_fold(masq_sum(masq_slice(r->segment, 0, 13)) +
				       masq_sum_pseudo(ADDR_M, ADDR_S, 17, 13)),
			     0xffff);
	/* The other way round: the whole counts, not the length field. */
	expect(k, "C:5000 > S:53 udp udplen 13 |helloPADDING",
	       "M:61000 > S:53 udp");
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V032), cmocka_unit_test(test_V033),
		cmocka_unit_test(test_V034), cmocka_unit_test(test_V035),
		cmocka_unit_test(test_V036), cmocka_unit_test(test_V037),
		cmocka_unit_test(test_V100), cmocka_unit_test(test_V101),
		cmocka_unit_test(test_V102), cmocka_unit_test(test_V103),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
