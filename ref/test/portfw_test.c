/* SPDX-License-Identifier: Apache-2.0 */
/* portfw_test.c - port forwarding (CORE-PFW): V130 to V133 */
#include "kit.h"

#define H98 IP4(192, 168, 1, 98)
#define H99 IP4(192, 168, 1, 99)

static const struct masq_portfw web = {6, ADDR_M, 8080, H99, 80, 1};
static const struct masq_portfw dns = {17, ADDR_M, 53, H99, 5353, 1};

static struct kit *kit_with(const struct masq_portfw *rules, unsigned int num)
{
	struct masq_config c;

	kit_config(&c);
	memcpy(c.portfw, rules, num * sizeof(*rules));
	c.num_portfw = num;
	return kit_open(&c);
}

static void test_V130(void **state)
{
	struct kit *k = kit_with(&web, 1);
	struct masq_entry_info info;

	(void)state;
	expect(k, "S:9 > M:22 tcp S badsum", "local");
	expect(k, "S:4001 > M:8080 tcp A", "S:4001 > 192.168.1.99:80 tcp A");
	expect_table(k, "tcp 192.168.1.99:80 M:8080 S:4001 CLOSE 1000");
	assert_true(kit_entry(k, 6, 8080, &info));
	assert_int_equal(info.flags, MASQ_MPORT | MASQ_HASHED);
	assert_int_equal(kit_stats(k).free_ports[1], 40960);
	assert_int_equal(kit_stats(k).rover, 61000);
	/* A24: while it lives everything is looked at. */
	expect(k, "S:9 > M:22 tcp S badsum", "drop checksum");
	kit_wait(k, 10000);
	assert_int_equal(kit_num_entries(k), 0);
	expect(k, "S:9 > M:22 tcp S badsum", "local");
	kit_close(k);
}

static void test_V131(void **state)
{
	const struct masq_portfw rules[] = {web, dns};
	struct kit *k = kit_with(rules, 2);

	(void)state;
	expect(k, "S:4001 > M:8080 tcp A", "S:4001 > 192.168.1.99:80 tcp A");
	expect_table(k, "tcp 192.168.1.99:80 M:8080 S:4001 LISTEN 12000");
	kit_wait(k, 120000);
	expect(k, "S:4002 > M:8080 tcp S", "S:4002 > 192.168.1.99:80 tcp S");
	expect_table(k, "tcp 192.168.1.99:80 M:8080 S:4002 SYN_RECV 6000");
	kit_close(k);
}

/* PFW-03: with one rule a first SYN gives SYN_RECV, too. */
static void test_one_rule_syn(void **state)
{
	struct kit *k = kit_with(&web, 1);

	(void)state;
	expect(k, "S:4001 > M:8080 tcp S", "S:4001 > 192.168.1.99:80 tcp S");
	expect_table(k, "tcp 192.168.1.99:80 M:8080 S:4001 SYN_RECV 6000");
	kit_close(k);
}

/* Six connections to M:8080; tells by last digit who served them. */
static void check_order(struct kit *k, const char *order)
{
	char text[] = "S:4000 > M:8080 tcp S";

	for (unsigned int i = 0; order[i] != '\0'; i++) {
		const struct kit_result *r;

		text[5] = (char)('0' + i);
		r = kit_send(k, text);
		assert_non_null(r);
		assert_int_equal(r->dst & 255, 90 + (uint32_t)(order[i] - '0'));
	}
}

static void test_V132(void **state)
{
	const struct masq_portfw rules[] = {
		{6, ADDR_M, 8080, H98, 80, 2},
		{6, ADDR_M, 8080, H99, 80, 1},
	};
	struct kit *k = kit_with(rules, 2);

	(void)state;
	check_order(k, "988988988");
	masq_engine_reset(k->engine);
	check_order(k, "988988");
	kit_close(k);
}

/* PFW-04: other rules keep their places when one goes to the end. */
static void test_turns_among_others(void **state)
{
	const struct masq_portfw rules[] = {
		{6, ADDR_M, 8080, IP4(192, 168, 1, 91), 80, 1},
		dns,
		{6, ADDR_M, 8080, IP4(192, 168, 1, 92), 80, 2},
		{6, ADDR_M, 8081, IP4(192, 168, 1, 93), 80, 1},
		{6, ADDR_M, 8080, IP4(192, 168, 1, 94), 80, 3},
	};
	struct kit *k = kit_with(rules, COUNT(rules));

	(void)state;
	check_order(k, "4442214442");
	expect(k, "S:7 > M:53 udp", "S:7 > 192.168.1.99:5353 udp");
	expect(k, "S:7 > M:8081 tcp S", "S:7 > 192.168.1.93:80 tcp S");
	kit_close(k);
}

/* A single rule never takes turns, whatever its preference. */
static void test_single_preference(void **state)
{
	struct kit *k = kit_with(&web, 1);

	(void)state;
	check_order(k, "999");
	kit_close(k);
}

static void test_V133(void **state)
{
	struct masq_config c;
	struct kit *k = kit_with(&web, 1);

	(void)state;
	expect(k, "S:4001 > M:8080 tcp S", "S:4001 > 192.168.1.99:80 tcp S");
	expect(k, "192.168.1.99:80 > S:4001 tcp SA", "M:8080 > S:4001 tcp SA");
	kit_close(k);
	kit_config(&c);
	c.rule.num_sources = 0; /* ACCEPT */
	c.portfw[0] = web;
	c.num_portfw = 1;
	k = kit_open(&c);
	expect(k, "S:4001 > M:8080 tcp S", "S:4001 > 192.168.1.99:80 tcp S");
	expect(k, "192.168.1.99:80 > S:4001 tcp SA",
	       "192.168.1.99:80 > S:4001 tcp SA");
	kit_close(k);
}

/* PFW-01: address, port and protocol exactly. */
static void test_match(void **state)
{
	const struct masq_portfw rules[] = {web, dns};
	struct kit *k = kit_with(rules, 2);

	(void)state;
	expect(k, "S:1 > M:8081 tcp S", "local");
	expect(k, "S:1 > R:8080 tcp S", "local");
	expect(k, "S:1 > M:8080 udp", "local");
	expect(k, "S:1 > M:53 tcp S", "local");
	expect(k, "S:1 > M:8080 tcp S badsum", "drop checksum");
	expect(k, "S:1 > M:53 udp", "S:1 > 192.168.1.99:5353 udp");
	kit_close(k);
}

/* PFW-02: a strict entry for each peer, for UDP, too. */
static void test_strict(void **state)
{
	struct kit *k = kit_with(&dns, 1);
	struct masq_entry_info info;

	(void)state;
	expect(k, "S:1 > M:53 udp", "S:1 > 192.168.1.99:5353 udp");
	expect(k, "S2:1 > M:53 udp", "S2:1 > 192.168.1.99:5353 udp");
	assert_int_equal(kit_num_entries(k), 2);
	assert_true(kit_entry(k, 17, 53, &info));
	assert_int_equal(info.flags, MASQ_MPORT | MASQ_HASHED);
	/* PORT-07: its end gives no pool port back. */
	kit_wait(k, 300000);
	assert_int_equal(kit_stats(k).free_ports[0], 40960);
	kit_close(k);
}

/* A second row for the same port and target resets its preference. */
static void test_same_row_twice(void **state)
{
	const struct masq_portfw rules[] = {web, web};
	struct kit *k = kit_with(rules, 2);

	(void)state;
	/* So there is one rule, and no LISTEN (PFW-03). */
	expect(k, "S:4001 > M:8080 tcp A", "S:4001 > 192.168.1.99:80 tcp A");
	expect_table(k, "tcp 192.168.1.99:80 M:8080 S:4001 CLOSE 1000");
	kit_close(k);
}

/* No room in the table: the router itself gets it. */
static void test_no_room(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.max_entries = 1;
	c.portfw[0] = web;
	c.num_portfw = 1;
	k = kit_open(&c);
	expect(k, "S:4001 > M:8080 tcp S", "S:4001 > 192.168.1.99:80 tcp S");
	expect(k, "S:4002 > M:8080 tcp S", "local");
	kit_close(k);
}

/* PATH-22: from inside it is forwarded like from anywhere. */
static void test_hairpin(void **state)
{
	struct kit *k = kit_with(&web, 1);

	(void)state;
	expect(k, "C:7 > M:8080 tcp S",
	       "R > C icmp 5/1 [C:7 > 192.168.1.99:80 tcp S]; "
	       "C:7 > 192.168.1.99:80 tcp S");
	kit_close(k);
}

/* The server has asked the peer before: both entries are of one flow inside. */
static void test_quoted(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.quirks &= ~(MASQ_QUIRK(TTL_QUOTE) | MASQ_QUIRK(QUOTE_STALE));
	c.portfw[0] = web;
	c.num_portfw = 1;
	k = kit_open(&c);
	expect(k, "192.168.1.99:80 > S:4001 tcp A", "M:61000 > S:4001 tcp A");
	expect(k, "S:4001 > M:8080 tcp A", "S:4001 > 192.168.1.99:80 tcp A");
	expect(k, "S:4001 > M:61000 tcp A ttl 1",
	       "drop ttl; M > S icmp 11/0 [S:4001 > M:61000 tcp A]");
	expect(k, "S:4001 > M:8080 tcp A ttl 1",
	       "drop ttl; M > S icmp 11/0 [S:4001 > M:8080 tcp A]");
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V130),
		cmocka_unit_test(test_V131),
		cmocka_unit_test(test_one_rule_syn),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_V132),
		cmocka_unit_test(test_turns_among_others),
		cmocka_unit_test(test_single_preference),
		cmocka_unit_test(test_V133),
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_same_row_twice),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_hairpin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
