/* SPDX-License-Identifier: Apache-2.0 */
/* icmp_error_test.c - ICMP errors translated (CORE-ICE): V080 to V091 */
#include "kit.h"

/* A router outside that complains. */
#define HOP "198.51.100.254"

/* A kit with C:1025 - M:61000 - S:80 alive. */
static struct kit *kit_connected(void)
{
	struct kit *k = kit_new();

	expect(k, "C:1025 > S:80 tcp S", "M:61000 > S:80 tcp S");
	return k;
}

static uint16_t quoted_ip_sum(const struct kit_result *r)
{
	return masq_header_sum(masq_slice(r->payload, 0, 20));
}

static void test_V080(void **state)
{
	struct kit *k = kit_connected();
	struct masq_entry_info info;

	(void)state;
	kit_wait(k, 500);
	expect_hex(k,
		   "450000380001000032012191c63364fecb0071010b00027f00000000"
		   "4500002a0001000040061491cb007101c6336407ee48005000000"
		   "3e8",
		   "450000380001000031019ce0c63364fec0a8010a0b00ecc600000000"
		   "4500002a0001000040068ee0c0a8010ac63364070401005000000"
		   "3e8");
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.expires, 12000 - 50);
	assert_int_equal(info.flags, MASQ_NO_REPLY | MASQ_HASHED);
	kit_close(k);
}

static void test_V081(void **state)
{
	struct kit *k = kit_connected();
	struct kit_line line;
	uint8_t transport_sum[2];
	const struct kit_result *r;

	(void)state;
	kit_parse(HOP " > M icmp 3/4 rest 576 quote 40 "
		      "[M:61000 > S:80 tcp S]",
		  &line);
	line.data[28 + 10] ^= 0x55; /* quoted IP checksum */
	line.data[28 + 11] ^= 0x55;
	memcpy(transport_sum, line.data + 28 + 36, 2);
	line.data[22] = line.data[23] = 0;
	{
		const uint16_t sum = (uint16_t)~masq_fold(
			masq_sum((struct masq_view){line.data + 20, 48}));

		line.data[22] = (uint8_t)(sum >> 8);
		line.data[23] = (uint8_t)sum;
	}
	r = kit_raw(k, MASQ_OUTSIDE, MASQ_CAST_HOST, line.data, line.len);
	assert_non_null(r);
	assert_string_equal(kit_text(k),
			    HOP " > C icmp 3/4 [C:1025 > S:80 tcp S]");
	assert_int_equal(quoted_ip_sum(r), 0xffff);
	assert_memory_equal(r->payload.data + 36, transport_sum, 2);
	assert_int_equal(r->rest, 576);
	kit_close(k);
}

struct row {
	const char *text, *outcome;
};

static void run_rows(struct kit *k, const struct row *row, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect(k, row[i].text, row[i].outcome);
}

static void test_V082(void **state)
{
	static const struct row rows[] = {
		{HOP " > M icmp 11/0 badsum [M:61000 > S:80 tcp]",
		 "drop checksum"},
		{HOP " > M icmp 11/0 badsum [M:1234 > S:80 tcp]", "local"},
		{HOP " > M icmp 11/0 badsum [M:60999 > S:80 tcp]", "local"},
		{HOP " > M icmp 11/0 badsum [M:65096 > S:80 tcp]",
		 "drop checksum"},
		{HOP " > M icmp 11/0 badsum [M:65097 > S:80 tcp]", "local"},
		{HOP " > M icmp 11/0 badsum [M:61777 > S:80 tcp]",
		 "drop checksum"},
		{HOP " > M icmp 11/0 badsum [M:61777 > S:80 udp]",
		 "drop checksum"},
		{HOP " > M icmp 11/0 [M:61777 > S:80 tcp]", "local"},
		{HOP " > M icmp 11/0 badsum [M > S 47 len 20]", "local"},
	};
	struct kit *k = kit_connected();

	(void)state;
	run_rows(k, rows, COUNT(rows));
	kit_close(k);
}

static void test_V083(void **state)
{
#define QUOTE "[M:61000 > S:80 tcp]"
	static const struct row rows[] = {
		{HOP " > M icmp 3/1 " QUOTE,
		 HOP " > C icmp 3/1 [C:1025 > S:80 tcp]"},
		{HOP " > M icmp 3/200 " QUOTE,
		 HOP " > C icmp 3/200 [C:1025 > S:80 tcp]"},
		{HOP " > M icmp 4/0 " QUOTE,
		 HOP " > C icmp 4/0 [C:1025 > S:80 tcp]"},
		{HOP " > M icmp 11/1 " QUOTE,
		 HOP " > C icmp 11/1 [C:1025 > S:80 tcp]"},
		{HOP " > M icmp 5/1 " QUOTE, "local"},
		{HOP " > M icmp 12/0 " QUOTE, "local"},
	};
	struct kit *k = kit_connected();

	(void)state;
	run_rows(k, rows, COUNT(rows));
	assert_int_equal(kit_stats(k).num_errors_translated, 4);
	kit_close(k);
}

static void test_V084(void **state)
{
	static const struct row rows[] = {
		{HOP " > M icmp 11/0 quote 0 " QUOTE, "drop quote"},
		{HOP " > M icmp 11/0 quote 8 " QUOTE, "drop quote"},
		{HOP " > M icmp 11/0 quote 19 " QUOTE, "drop quote"},
		{HOP " > M icmp 11/0 quote 20 " QUOTE, "drop quote"},
		{HOP " > M icmp 11/0 quote 27 " QUOTE, "drop quote"},
		{HOP " > M icmp 11/0 quote 28 " QUOTE,
		 HOP " > C icmp 11/0 [C:1025 > S:80 tcp]"},
		/* Other protocols need only their IP header. */
		{HOP " > M icmp 11/0 quote 19 [M > S 47 len 20]", "drop quote"},
		{HOP " > M icmp 11/0 quote 20 [M > S 47 len 20]", "local"},
		{HOP " > M icmp 11/0 quote 27 [M > S icmp 8/0 id 1]",
		 "drop quote"},
		/* So it is for errors on their way out. */
		{"C > S icmp 11/0 quote 8 [S:80 > C:1025 tcp]", "drop quote"},
		{"C > S icmp 11/0 quote 27 [S:80 > C:1025 tcp]", "drop quote"},
		{"S > C icmp 3/3 quote 27 [C:80 > S:1025 tcp]", "drop quote"},
		{"S > C icmp bare |\3\1xy", "drop transport"},
	};
	struct kit *k = kit_connected();

	(void)state;
	run_rows(k, rows, COUNT(rows));
	kit_close(k);
}

/* A quoted header with options: the transport part lies behind them. */
static void test_quoted_options(void **state)
{
	static const uint8_t options[8] = {1, 1, 1, 1, 1, 1, 1, 1};
	const struct kit_packet quoted = {
		.src = ADDR_M,
		.dst = ADDR_S,
		.proto = 6,
		.sport = 61000,
		.dport = 80,
		.ip_options = options,
		.ip_options_len = sizeof(options),
	};
	uint8_t octets[KIT_MAX_PACKET];
	struct kit_packet p = {
		.src = ADDR_S2,
		.dst = ADDR_M,
		.proto = 1,
		.type = 11,
		.payload = octets,
		.payload_len = 36,
	};
	struct kit *k = kit_connected();
	const struct kit_result *r;

	(void)state;
	kit_build(&quoted, octets);
	r = kit_packet(k, MASQ_OUTSIDE, &p);
	assert_string_equal(kit_text(k), "S2 > C icmp 11/0 "
					 "[C:1025 > S:80 tcp]");
	assert_int_equal(masq_header_sum(masq_slice(r->payload, 0, 28)),
			 0xffff);
	p.payload_len = 35;
	assert_null(kit_packet(k, MASQ_OUTSIDE, &p));
	assert_int_equal(k->drop, MASQ_DROP_QUOTE);
	p.payload_len = 27; /* less than the quoted header */
	assert_null(kit_packet(k, MASQ_OUTSIDE, &p));
	assert_int_equal(k->drop, MASQ_DROP_QUOTE);
	kit_close(k);
}

static void test_V085(void **state)
{
	struct kit *k = kit_new();
	const struct kit_result *r;
	uint16_t sum;

	(void)state;
	r = kit_send(k, "C > S icmp 8/0 id 77");
	assert_non_null(r);
	sum = masq_get16(r->segment, 2);
	expect(k, HOP " > M icmp 11/0 badsum [M > S icmp 8/0 id 61000]",
	       HOP " > C icmp 11/0 [C > S icmp 8/0 id 77]");
	r = &k->results[0];
	assert_int_equal(masq_get16(r->payload, 22), sum);
	assert_int_equal(quoted_ip_sum(r), 0xffff);
	/* No range test, but the whole key counts. */
	expect(k, HOP " > M icmp 11/0 [M > S icmp 8/0 id 1]", "local");
	expect(k, HOP " > M icmp 11/0 [M > S icmp 8/1 id 61000]", "local");
	expect(k, HOP " > M icmp 11/0 [M > S2 icmp 8/0 id 61000]", "local");
	kit_close(k);
}

static void test_V086(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	expect(k, "S:53 > M:61000 udp", "S:53 > C:5000 udp");
	expect_hex(k,
		   "450000380001000040018ed7c0a8010ac6336407030361050000000"
		   "04500001d0001000031119de2c6336407c0a8010a00351388000988"
		   "31",
		   "45000038000100003f011588cb007101c6336407030386440000000"
		   "04500001d000100003111"
		   "2393c6336407cb0071010035ee4800098831");
	kit_close(k);
}

static void test_V087(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	expect(k, "192.168.1.254 > S icmp 11/0 [S:53 > C:5000 udp]",
	       "M > S icmp 11/0 [S:53 > M:61000 udp]");
	/* Whoever it is: the rule is not asked (PATH-32). */
	expect(k, "10.9.9.9 > S icmp 11/0 inside [S:53 > C:5000 udp]",
	       "M > S icmp 11/0 [S:53 > M:61000 udp]");
	kit_close(k);
}

static void test_V088(void **state)
{
	static const struct row rows[] = {
		{"C > S icmp 3/3 [S:53 > C:5000 udp]",
		 "C > S icmp 3/3 [S:53 > C:5000 udp]"},
		{"C > S icmp 3/3 badsum [S:53 > C:5000 udp]", "drop checksum"},
		{"C > S icmp 3/3 badsum [S:53 > C:5000 tcp]", "drop checksum"},
		/* Also between two nets that are nobody's business (A10). */
		{"S > C icmp 3/3 badsum [C:53 > S:5000 udp]", "drop checksum"},
		{"S > C icmp 3/3 [C:53 > S:5000 udp]",
		 "S > C icmp 3/3 [C:53 > S:5000 udp]"},
		{"C > S icmp 11/0 [S > C 47 len 20]",
		 "C > S icmp 11/0 [S > C 47]"},
	};
	struct kit *k = kit_new();

	(void)state;
	run_rows(k, rows, COUNT(rows));
	k->lax = true;
	expect(k, "C > S icmp 3/3 badsum [S > C icmp 0/0 id 4]",
	       "C > S icmp 3/3 [S > C icmp 0/0 id 4]");
	kit_close(k);
}

static void test_V089(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C > S icmp 8/0 id 77", "M > S icmp 8/0 id 61000");
	expect(k, "C > S icmp 11/1 [S > C icmp 0/0 id 77]",
	       "M > S icmp 11/1 [S > M icmp 0/0 id 61000]");
	/* A quoted query is not a reply to it. */
	expect(k, "C > S icmp 11/1 [S > C icmp 8/0 id 77]",
	       "C > S icmp 11/1 [S > C icmp 8/0 id 77]");
	kit_close(k);
}

static void test_V090(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.num_portfw = 1;
	c.portfw[0] = (struct masq_portfw){
		6, ADDR_M, 8080, IP4(192, 168, 1, 99), 80, 1};
	k = kit_open(&c);
	expect(k, "S:4001 > M:8080 tcp S", "S:4001 > 192.168.1.99:80 tcp S");
	expect(k, "S > M icmp 3/4 [M:8080 > S:4001 tcp]", "local");
	kit_close(k);
}

static void test_V091(void **state)
{
	struct kit *k = kit_connected();

	(void)state;
	kit_wait(k, 30000);
	expect(k, HOP " > M icmp 11/0 " QUOTE,
	       HOP " > C icmp 11/0 [C:1025 > S:80 tcp]");
	expect(k, "C > S icmp 3/3 [S:80 > C:1025 tcp]",
	       "M > S icmp 3/3 [S:80 > M:61000 tcp]");
	expect_table(k, "tcp C:1025 M:61000 S:80 SYN_SENT 9000");
	kit_close(k);
}

/* ICE-31: nor does it fill in what is open of the peer. */
static void test_learns_nothing(void **state)
{
	struct kit *k = kit_new();
	struct masq_entry_info info;

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	expect(k, HOP " > M icmp 3/3 [M:61000 > S2:53 udp]",
	       HOP " > C icmp 3/3 [C:5000 > S2:53 udp]");
	assert_true(kit_entry(k, 17, 61000, &info));
	assert_int_equal(info.flags,
			 MASQ_NO_DADDR | MASQ_NO_REPLY | MASQ_HASHED);
	assert_int_equal(info.peer_addr, ADDR_S);
	kit_close(k);
}

/* An entry that lets every peer in matches what two inside hosts said. */
static void test_between_inside_hosts(void **state)
{
	(void)state;
	for (int on = 0; on < 2; on++) {
		struct masq_config c;
		struct kit *k;

		kit_config(&c);
		c.udp_dloose = 2;
		if (on == 0)
			c.quirks &= ~MASQ_QUIRK(ICMP_LEAK);
		k = kit_open(&c);
		kit_send(k, "C:1 > S:53 udp");
		expect(k, "C > S icmp 3/1 [192.168.1.55:9 > C:1 udp]",
		       on != 0 ? "M > S icmp 3/1 [192.168.1.55:9 > M:61000 udp]"
			       : "drop leak");
		kit_close(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V080),
		cmocka_unit_test(test_V081),
		cmocka_unit_test(test_V082),
		cmocka_unit_test(test_V083),
		cmocka_unit_test(test_V084),
		cmocka_unit_test(test_quoted_options),
		cmocka_unit_test(test_V085),
		cmocka_unit_test(test_V086),
		cmocka_unit_test(test_V087),
		cmocka_unit_test(test_V088),
		cmocka_unit_test(test_V089),
		cmocka_unit_test(test_V090),
		cmocka_unit_test(test_V091),
		cmocka_unit_test(test_learns_nothing),
		cmocka_unit_test(test_between_inside_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
