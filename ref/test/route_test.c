/* SPDX-License-Identifier: Apache-2.0 */
/* route_test.c - addresses that make sense, ways, next hops */
#include "kit.h"

static const struct {
	const char *text, *outcome;
} martians[] = {
	/* Sources that can be nobody. */
	{"127.0.0.1:1 > M:80 udp", "drop martian"},
	{"0.0.0.1:1 > M:80 udp", "drop martian"},
	{"0.0.0.0:1 > M:80 udp", "drop martian"},
	{"224.0.0.1:1 > M:80 udp", "drop martian"},
	{"239.255.255.255:1 > M:80 udp", "drop martian"},
	{"240.0.0.1:1 > M:80 udp", "drop martian"},
	{"255.255.255.255:1 > M:80 udp", "drop martian"},
	{"192.168.1.255:1 > S:80 udp", "drop martian"},
	{"192.168.1.0:1 > S:80 udp", "drop martian"},
	{"203.0.113.255:1 > M:80 udp", "drop martian"},
	{"R:1 > S:80 udp", "drop martian"},
	{"M:1 > S:80 udp", "drop martian"},
	{"M:1 > M:80 udp", "drop martian"}, /* land */
	{"R:1 > 192.168.1.255:80 udp", "drop martian"},
	{"127.0.0.1:1 > 255.255.255.255:80 udp", "drop martian"},
	/* Destinations that are nowhere. */
	{"C:1 > 127.0.0.1:80 udp", "drop martian"},
	{"C:1 > 0.1.2.3:80 udp", "drop martian"},
	{"C:1 > 0.0.0.0:80 udp", "drop martian"},
	{"C:1 > 240.0.0.1:80 udp", "drop martian"},
	{"C:1 > 255.255.255.254:80 udp", "drop martian"},
	{"C:1 > 224.0.0.5:80 udp", "drop no-route"},
	{"C:1 > 224.0.0.5:80 udp mcast", "drop no-route"},
	/* Who has no address yet may ask everybody (DHCP). */
	{"0.0.0.0:68 > 255.255.255.255:67 udp bcast inside", "local"},
	{"0.0.0.0:68 > 192.168.1.255:67 udp inside", "local"},
	{"0.0.0.1:68 > 255.255.255.255:67 udp bcast inside", "drop martian"},
	/* Where somebody comes from is not checked (rp_filter off). */
	{"C:1 > 198.51.100.9:80 udp outside", "M:61000 > 198.51.100.9:80 udp"},
	{"S:1 > 192.168.1.20:80 udp inside", "S:1 > 192.168.1.20:80 udp"},
	{"198.51.100.9:80 > M:61000 udp inside", "198.51.100.9:80 > C:1 udp"},
};

static void test_martians(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	/* Twice: the second time the route comes from the cache. */
	for (size_t i = 0; i < 2 * COUNT(martians); i++)
		expect(k, martians[i / 2].text, martians[i / 2].outcome);
	kit_close(k);
}

/* Every way that the two networks and the default route give. */
static void test_ways(void **state)
{
	static const struct {
		const char *text, *outcome;
		enum masq_side side;
	} rows[] = {
		{"S:1 > C:2 udp", "S:1 > C:2 udp", MASQ_INSIDE},
		{"203.0.113.9:1 > C:2 udp", "203.0.113.9:1 > C:2 udp",
		 MASQ_INSIDE},
		{"C:1 > 203.0.113.9:2 udp", "M:61000 > 203.0.113.9:2 udp",
		 MASQ_OUTSIDE},
		{"C:1 > 8.8.8.8:3 udp", "M:61001 > 8.8.8.8:3 udp",
		 MASQ_OUTSIDE},
		/* Not a source of the rule: accepted as it is. */
		{"10.1.1.1:1 > S:2 udp inside", "10.1.1.1:1 > S:2 udp",
		 MASQ_OUTSIDE},
	};
	struct kit *k = kit_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		expect(k, rows[i].text, rows[i].outcome);
		assert_int_equal(k->results[0].side, rows[i].side);
	}
	kit_close(k);
}

/* The rule names sources and a destination; /0 is everybody. */
static void test_rule(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.rule.source[0] = (struct masq_net){IP4(192, 168, 1, 8), 30};
	c.rule.source[1] = (struct masq_net){IP4(10, 0, 0, 0), 8};
	c.rule.num_sources = 2;
	c.rule.dest = (struct masq_net){ADDR_S, 32};
	k = kit_open(&c);
	expect(k, "C:1 > S:2 udp", "M:61000 > S:2 udp");
	expect(k, "10.9.8.7:1 > S:2 udp", "M:61001 > S:2 udp");
	expect(k, "192.168.1.12:1 > S:2 udp", "192.168.1.12:1 > S:2 udp");
	expect(k, "C:1 > S2:2 udp", "C:1 > S2:2 udp");
	kit_close(k);
	c.rule.num_sources = 0;
	k = kit_open(&c);
	expect(k, "C:1 > S:2 udp", "C:1 > S:2 udp");
	kit_close(k);
	c.rule.num_sources = 1;
	c.rule.source[0].len = 0;
	c.rule.dest.len = 0;
	k = kit_open(&c);
	expect(k, "172.16.0.1:1 > S:2 udp", "M:61000 > S:2 udp");
	kit_close(k);
}

static void test_net_has(void **state)
{
	static const struct {
		struct masq_net net;
		uint32_t addr;
		bool has;
	} rows[] = {
		{{ADDR_C, 32}, ADDR_C, true},
		{{ADDR_C, 32}, ADDR_C + 1, false},
		{{ADDR_C, 31}, ADDR_C + 1, true},
		{{ADDR_C, 24}, ADDR_R, true},
		{{ADDR_C, 24}, ADDR_C + 256, false},
		{{ADDR_C, 1}, UINT32_MAX, true},
		{{ADDR_C, 1}, 0, false},
		{{ADDR_C, 0}, 0, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(masq_net_has(rows[i].net, rows[i].addr),
				 rows[i].has);
}

/* 64 cached routes against thousands of pairs: always the right one. */
static void test_route_cache(void **state)
{
	struct kit *k = kit_new();
	uint64_t seed = 8;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct kit_packet p = {
			.src = IP4(198, 51, 100, 2 + kit_below(&seed, 90)),
			.dst = IP4(192, 168, 1, 1 + kit_below(&seed, 4)),
			.proto = 17,
			.sport = 1,
			.dport = 2,
		};
		enum masq_drop drop = MASQ_DROP_NONE;

		if (kit_below(&seed, 3) == 0)
			p.src = p.dst ^ kit_below(&seed, 2) * 3;
		kit_packet(k, MASQ_OUTSIDE, &p);
		if (p.dst == ADDR_R)
			drop = MASQ_DROP_LOCAL;
		if (p.src == ADDR_R || p.src == IP4(192, 168, 1, 0))
			drop = MASQ_DROP_MARTIAN;
		assert_int_equal(k->drop, drop);
		if (drop == MASQ_DROP_NONE)
			assert_int_equal(k->results[0].side, MASQ_INSIDE);
	}
	kit_close(k);
}

/* ---- next hops ------------------------------------------------------- */

static const uint8_t mac_c[6] = {2, 1, 1, 1, 1, 1};
static const uint8_t mac_gw[6] = {2, 2, 2, 2, 2, 2};
static const uint8_t mac_new[6] = {2, 3, 3, 3, 3, 3};

/* The next hop's address of the first result, as far as it is known. */
static void check_mac(struct kit *k, const char *text, const uint8_t *mac)
{
	const struct kit_result *r = kit_send(k, text);

	assert_non_null(r);
	assert_int_equal(r->has_mac, mac != NULL);
	if (mac != NULL)
		assert_memory_equal(r->mac, mac, 6);
}

static void test_not_ethernet(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	check_mac(k, "C:1 > S:2 udp", NULL);
	check_mac(k, "S:2 > M:61000 udp", NULL);
	kit_close(k);
}

static void test_learning(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	k->src_mac = mac_c;
	check_mac(k, "C:1 > S:2 udp", NULL); /* the gateway is not known */
	k->src_mac = mac_gw;
	check_mac(k, "S:2 > M:61000 udp", mac_c);
	k->src_mac = mac_c;
	check_mac(k, "C:1 > S:2 udp", mac_gw);
	/* On-link outside: the host itself, not the gateway. */
	check_mac(k, "C:1 > 203.0.113.9:2 udp", NULL);
	k->src_mac = mac_new;
	check_mac(k, "203.0.113.9:2 > M:61001 udp", mac_c);
	k->src_mac = mac_c;
	check_mac(k, "C:1 > 203.0.113.9:2 udp", mac_new);
	check_mac(k, "C:1 > S:2 udp", mac_gw);
	/* The latest frame tells. */
	k->src_mac = mac_new;
	check_mac(k, "C:1 > S:2 udp", mac_gw);
	check_mac(k, "S:2 > M:61000 udp outside", mac_new);
	/* Behind a router inside: its frames tell nothing about the host. */
	check_mac(k, "10.0.0.1:1 > S:2 udp inside", mac_new);
	kit_close(k);
}

static void test_no_gateway(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.gateway = 0; /* everybody is on the outside wire */
	k = kit_open(&c);
	k->src_mac = mac_c;
	check_mac(k, "C:1 > S:2 udp", NULL);
	k->src_mac = mac_gw;
	check_mac(k, "S:2 > M:61000 udp", mac_c);
	k->src_mac = mac_c;
	check_mac(k, "C:1 > S:2 udp", mac_gw);
	check_mac(k, "C:1 > S2:2 udp", NULL);
	kit_close(k);
}

/* Rows of the configuration win over what is heard. */
static void test_static_neighbours(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.num_neighbours = 2;
	c.neighbours[0].addr = ADDR_C;
	memcpy(c.neighbours[0].mac, mac_c, 6);
	c.neighbours[1].addr = ADDR_GW;
	memcpy(c.neighbours[1].mac, mac_gw, 6);
	k = kit_open(&c);
	check_mac(k, "C:1 > S:2 udp", mac_gw);
	check_mac(k, "S:2 > M:61000 udp", mac_c);
	k->src_mac = mac_new;
	check_mac(k, "C:1 > S:2 udp", mac_gw);
	check_mac(k, "S:2 > M:61000 udp", mac_c);
	kit_close(k);
}

/* More neighbours than the cache has slots: never a wrong address. */
static void test_many_neighbours(void **state)
{
	struct masq_config c;
	struct kit *k;
	unsigned int known = 0;

	(void)state;
	kit_config(&c);
	c.inside = (struct masq_interface){.addr = IP4(10, 0, 0, 1), .len = 8};
	c.inside.mtu = 1500;
	k = kit_open(&c);
	for (uint32_t i = 2; i < 3000; i++) {
		uint8_t mac[6] = {4, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i};
		struct kit_packet p = {
			.src = IP4(10, 0, 0, 0) + i * 256 + 1,
			.dst = ADDR_M,
			.proto = 99,
		};

		k->src_mac = mac;
		kit_packet(k, MASQ_INSIDE, &p);
	}
	k->src_mac = NULL;
	for (uint32_t i = 2; i < 3000; i++) {
		uint8_t mac[6] = {4, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i};
		struct kit_packet p = {
			.src = ADDR_S,
			.dst = IP4(10, 0, 0, 0) + i * 256 + 1,
			.proto = 99,
		};
		const struct kit_result *r = kit_packet(k, MASQ_OUTSIDE, &p);

		assert_non_null(r);
		if (r->has_mac)
			assert_memory_equal(r->mac, mac, 6);
		known += r->has_mac;
	}
	assert_in_range(known, 500, 1024);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_martians),
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_rule),
		cmocka_unit_test(test_net_has),
		cmocka_unit_test(test_route_cache),
		cmocka_unit_test(test_not_ethernet),
		cmocka_unit_test(test_learning),
		cmocka_unit_test(test_no_gateway),
		cmocka_unit_test(test_static_neighbours),
		cmocka_unit_test(test_many_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
