/* SPDX-License-Identifier: Apache-2.0 */
/* pool_test.c - masquerade ports (CORE-PORT): V040 to V045 */
#include "kit.h"
#include "linux22/engine.h"

enum {
	POOL = 4096
};

/* Room for the whole pool and more. */
static struct kit *kit_large(void)
{
	struct masq_config c;

	kit_config(&c);
	c.max_entries = 3 * POOL;
	return kit_open(&c);
}

/* One flow from an inside port; returns the masquerade port, 0 = dropped. */
static uint16_t flow_to(struct kit *k, uint8_t proto, uint16_t sport,
			uint32_t dst, uint16_t dport)
{
	const struct kit_packet p = {
		.src = ADDR_C,
		.dst = dst,
		.proto = proto,
		.sport = sport,
		.dport = dport,
		.flags = F_SYN,
	};
	const struct kit_result *r = kit_packet(k, MASQ_INSIDE, &p);

	if (r == NULL)
		assert_int_equal(k->drop, MASQ_DROP_NO_PORT);
	return r != NULL ? r->sport : 0;
}

/* The whole pool to one peer. */
static void fill(struct kit *k, uint8_t proto, uint32_t dst, uint16_t dport)
{
	for (unsigned int i = 0; i < POOL; i++)
		assert_int_equal(
			flow_to(k, proto, (uint16_t)(1024 + i), dst, dport),
			61000 + i);
}

static void test_V040(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:1 > S:80 tcp S", "M:61000 > S:80 tcp S");
	expect(k, "C:2 > S:53 udp", "M:61001 > S:53 udp");
	expect(k, "C > S icmp 8/0 id 3", "M > S icmp 8/0 id 61002");
	expect(k, "C:4 > S:80 tcp S", "M:61003 > S:80 tcp S");
	assert_int_equal(kit_stats(k).rover, 61004);
	kit_close(k);
}

/* Of a router that has been up for a while: the last ones, then the first. */
static void test_next_port(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.next_port = 65094;
	k = kit_open(&c);
	for (unsigned int round = 0; round < 2; round++) {
		expect(k, "C:1 > S:80 tcp S", "M:65094 > S:80 tcp S");
		expect(k, "C:2 > S:80 tcp S", "M:65095 > S:80 tcp S");
		expect(k, "C:3 > S:80 tcp S", "M:61000 > S:80 tcp S");
		masq_engine_reset(k->engine);
	}
	kit_close(k);
}

static void test_V041(void **state)
{
	struct kit *k = kit_large();

	(void)state;
	fill(k, 6, ADDR_S, 80);
	assert_int_equal(kit_stats(k).rover, 61000);
	assert_int_equal(flow_to(k, 6, 9000, ADDR_S2, 80), 61000);
	assert_int_equal(flow_to(k, 6, 9001, ADDR_S, 80), 0);
	assert_int_equal(flow_to(k, 6, 9002, ADDR_S2, 80), 61002);
	assert_int_equal(kit_stats(k).free_ports[1], 36862);
	kit_close(k);
}

static void test_V042(void **state)
{
	struct kit *k = kit_large();

	(void)state;
	fill(k, 17, ADDR_S, 53);
	assert_int_equal(flow_to(k, 17, 9000, ADDR_S, 53), 0);
	assert_int_equal(flow_to(k, 17, 9001, ADDR_S, 54), 61001);
	assert_int_equal(flow_to(k, 17, 9002, ADDR_S2, 53), 0);
	assert_int_equal(flow_to(k, 6, 9003, ADDR_S, 53), 61003);
	kit_close(k);
}

static void test_V043(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:5000 > S:53 udp", "M:61000 > S:53 udp");
	assert_int_equal(kit_stats(k).free_ports[0], 40959);
	kit_wait(k, 300000);
	assert_int_equal(kit_stats(k).free_ports[0], 40960);
	expect(k, "C:5000 > S:53 udp", "M:61001 > S:53 udp");
	kit_close(k);
}

static void test_V044(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	k->engine->free_ports[POOL_UDP] = 0;
	k->engine->free_ports[POOL_TCP] = 1;
	expect(k, "C:1 > S:53 udp", "drop no-port");
	assert_int_equal(kit_stats(k).rover, 61000);
	expect(k, "C:2 > S:80 tcp S", "M:61000 > S:80 tcp S");
	expect(k, "C:3 > S:80 tcp S", "drop no-port");
	assert_int_equal(kit_stats(k).rover, 61001);
	/* ICMP has its own. */
	k->engine->free_ports[POOL_ICMP] = 0;
	expect(k, "C > S icmp 8/0 id 1", "drop no-port");
	kit_close(k);
}

static void test_V045(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	expect(k, "S:1 > M:60999 udp badsum", "local");
	expect(k, "S:1 > M:61000 udp badsum", "drop checksum");
	expect(k, "S:1 > M:65095 udp badsum", "drop checksum");
	expect(k, "S:1 > M:65096 udp badsum", "drop checksum");
	expect(k, "S:1 > M:65097 udp badsum", "local");
	kit_close(k);
}

/* PORT-05: each failure moves the rover by one, remembered or not. */
static void test_exhausted_again(void **state)
{
	struct kit *k = kit_large();
	uint16_t rover = 61000;

	(void)state;
	fill(k, 6, ADDR_S, 80);
	for (unsigned int i = 0; i < POOL + 5; i++) {
		assert_int_equal(flow_to(k, 6, 9000, ADDR_S, 80), 0);
		rover = rover == 65095 ? 61000 : (uint16_t)(rover + 1);
		assert_int_equal(kit_stats(k).rover, rover);
	}
	/* Only this peer is out of ports. */
	assert_int_equal(flow_to(k, 6, 9000, ADDR_S, 81), rover);
	assert_int_equal(flow_to(k, 17, 9000, ADDR_S, 80), rover + 1);
	assert_int_equal(flow_to(k, 6, 9001, ADDR_S2, 80), rover + 2);
	kit_close(k);
}

/* A port that comes free is found again. */
static void test_port_comes_free(void **state)
{
	struct kit *k = kit_large();

	(void)state;
	fill(k, 6, ADDR_S, 80);
	assert_int_equal(flow_to(k, 6, 9000, ADDR_S, 80), 0);
	/* One of them goes through ESTABLISHED to CLOSE: 10 s. */
	expect(k, "S:80 > M:61100 tcp R", "S:80 > C:1124 tcp R");
	kit_wait(k, 10000 - TICK_MS);
	assert_int_equal(flow_to(k, 6, 9000, ADDR_S, 80), 0);
	kit_wait(k, TICK_MS);
	assert_int_equal(kit_num_entries(k), POOL - 1);
	assert_int_equal(flow_to(k, 6, 9000, ADDR_S, 80), 61100);
	assert_int_equal(flow_to(k, 6, 9001, ADDR_S, 80), 0);
	kit_close(k);
}

/* The failures are known by protocol, address, port, own address. */
static void test_memo_collisions(void **state)
{
	struct kit *k = kit_large();

	(void)state;
	fill(k, 6, ADDR_S, 80);
	/* Hundreds of peers, so that memory of the failure is replaced. */
	for (uint16_t i = 1; i < 300; i++) {
		assert_int_equal(flow_to(k, 6, 9000, ADDR_S, 80), 0);
		assert_int_not_equal(flow_to(k, 6, 9000, ADDR_S + 256u * i, 80),
				     0);
	}
	kit_close(k);
}

/* PORT-04: ICMP ids by peer, type and code. */
static void test_icmp_sharing(void **state)
{
	struct kit *k = kit_large();
	struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 1,
		.type = 8,
	};

	(void)state;
	for (unsigned int i = 0; i < POOL; i++) {
		p.id = (uint16_t)i;
		p.rest = i << 16 | 1;
		assert_non_null(kit_packet(k, MASQ_INSIDE, &p));
	}
	expect(k, "C > S icmp 8/0 id 5000", "drop no-port");
	expect(k, "C > S icmp 8/1 id 5000", "M > S icmp 8/1 id 61001");
	expect(k, "C > S icmp 13/0 id 5000", "M > S icmp 13/0 id 61002");
	expect(k, "C > S2 icmp 8/0 id 5000", "M > S2 icmp 8/0 id 61003");
	assert_int_equal(kit_stats(k).free_ports[2], 40960 - POOL - 3);
	kit_close(k);
}

/* PORT-06 for the table: no room, no port, no entry. */
static void test_table_full(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.max_entries = 2;
	k = kit_open(&c);
	expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61000");
	expect(k, "C > S icmp 8/0 id 2", "M > S icmp 8/0 id 61001");
	expect(k, "C:3 > S:80 tcp S", "drop no-port");
	expect(k, "C:3 > S:80 udp", "drop no-port");
	expect(k, "C > S icmp 8/0 id 1", "M > S icmp 8/0 id 61000");
	kit_wait(k, 60000);
	expect(k, "C:3 > S:80 tcp S", "M:61002 > S:80 tcp S");
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V040),
		cmocka_unit_test(test_next_port),
		cmocka_unit_test(test_V041),
		cmocka_unit_test(test_V042),
		cmocka_unit_test(test_V043),
		cmocka_unit_test(test_V044),
		cmocka_unit_test(test_V045),
		cmocka_unit_test(test_exhausted_again),
		cmocka_unit_test(test_port_comes_free),
		cmocka_unit_test(test_memo_collisions),
		cmocka_unit_test(test_icmp_sharing),
		cmocka_unit_test(test_table_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
