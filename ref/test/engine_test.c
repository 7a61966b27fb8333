/* SPDX-License-Identifier: Apache-2.0 */
/* engine_test.c - configuration, counts, reset, names */
#include <stdlib.h>

#include "toy.h"

/* ---- configuration --------------------------------------------------- */

typedef void change_fn(struct masq_config *c);

#define CHANGE(name, statement)                                                \
	static void name(struct masq_config *c)                                \
	{                                                                      \
		statement;                                                     \
	}

CHANGE(inside_addr, c->inside.addr = 0)
CHANGE(inside_len_0, c->inside.len = 0)
CHANGE(inside_len_31, c->inside.len = 31)
CHANGE(inside_mtu, c->inside.mtu = 67)
CHANGE(outside_addr, c->outside.addr = 0)
CHANGE(outside_len_0, c->outside.len = 0)
CHANGE(outside_len_31, c->outside.len = 31)
CHANGE(outside_mtu, c->outside.mtu = 67)
CHANGE(num_sources, c->rule.num_sources = MASQ_MAX_SOURCES + 1)
CHANGE(source_len, c->rule.source[0].len = 33)
CHANGE(dest_len, c->rule.dest.len = 33)
CHANGE(num_portfw, c->num_portfw = MASQ_MAX_PORTFW + 1)
CHANGE(portfw_proto, c->portfw[0].proto = 1)
CHANGE(portfw_port_0, c->portfw[0].local_port = 0)
CHANGE(portfw_port_61000, c->portfw[0].local_port = 61000)
CHANGE(portfw_preference, c->portfw[0].preference = 0)
CHANGE(num_bindings, c->num_bindings = MASQ_MAX_BINDINGS + 1)
CHANGE(binding_ops, c->bindings[0].ops = NULL)
CHANGE(num_neighbours, c->num_neighbours = MASQ_MAX_NEIGHBOURS + 1)
CHANGE(next_port_low, c->next_port = 60999)
CHANGE(next_port_high, c->next_port = 65096)
CHANGE(max_entries_0, c->max_entries = 0)
CHANGE(max_entries_many, c->max_entries = (1u << 20) + 1)
CHANGE(max_destinations_0, c->max_destinations = 0)
CHANGE(max_destinations_many, c->max_destinations = (1u << 20) + 1)

static change_fn *const wrong[] = {
	inside_addr,
	inside_len_0,
	inside_len_31,
	inside_mtu,
	outside_addr,
	outside_len_0,
	outside_len_31,
	outside_mtu,
	num_sources,
	source_len,
	dest_len,
	num_portfw,
	portfw_proto,
	portfw_port_0,
	portfw_port_61000,
	portfw_preference,
	num_bindings,
	binding_ops,
	num_neighbours,
	next_port_low,
	next_port_high,
	max_entries_0,
	max_entries_many,
	max_destinations_0,
	max_destinations_many,
};

CHANGE(smallest_mtu, c->inside.mtu = 68)
CHANGE(shortest_net, c->inside.len = 1)
CHANGE(longest_net, c->outside.len = 30)
CHANGE(last_of_pool, c->next_port = 65095)
CHANGE(one_entry, c->max_entries = 1)
CHANGE(one_destination, c->max_destinations = 1)
CHANGE(last_port, c->portfw[0].local_port = 60999)
CHANGE(udp_rule, c->portfw[0].proto = 17)
CHANGE(no_sources, c->rule.num_sources = 0)
/* What is not counted is not looked at. */
CHANGE(unused_source, c->rule.source[1].len = 99)
CHANGE(unused_portfw, c->portfw[1].proto = 99)

static change_fn *const right[] = {
	smallest_mtu, shortest_net,    longest_net,   last_of_pool,
	one_entry,    one_destination, last_port,     udp_rule,
	no_sources,   unused_source,   unused_portfw,
};

/* A configuration with something of everything. */
static void make_config(struct masq_config *c)
{
	kit_config(c);
	c->num_portfw = 1;
	c->portfw[0] = (struct masq_portfw){6, ADDR_M, 8080, ADDR_C, 80, 1};
	toy_load(c, &toy_tcp, 21, false, &toy_opener);
}

static void test_config(void **state)
{
	struct masq_config c;
	struct masq_engine *e;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		make_config(&c);
		wrong[i](&c);
		e = (struct masq_engine *)state; /* to be set to NULL */
		if (masq_engine_new(&c, &e) != MASQ_ERR_CONFIG || e != NULL)
			fail_msg("wrong value %zu is accepted", i);
	}
	for (size_t i = 0; i < COUNT(right); i++) {
		make_config(&c);
		right[i](&c);
		if (masq_engine_new(&c, &e) != MASQ_OK || e == NULL)
			fail_msg("right value %zu is refused", i);
		masq_engine_free(e);
	}
	masq_engine_free(NULL);
}

static void test_default_config(void **state)
{
	struct masq_config c;

	(void)state;
	masq_config_init(&c);
	assert_int_equal(c.inside.addr, ADDR_R);
	assert_int_equal(c.inside.len, 24);
	assert_int_equal(c.outside.addr, ADDR_M);
	assert_int_equal(c.outside.len, 24);
	assert_int_equal(c.inside.mtu, 1500);
	assert_int_equal(c.outside.mtu, 1500);
	assert_int_equal(c.gateway, ADDR_GW);
	assert_int_equal(c.rule.num_sources, 1);
	assert_true(masq_net_has(c.rule.source[0], ADDR_C));
	assert_true(c.quirks == MASQ_QUIRKS_ALL);
	assert_true(c.uptime == UINT64_C(300000000000));
	assert_int_equal(c.next_port, 61000);
	assert_false(c.local_answer);
	assert_int_equal(c.num_portfw + c.num_bindings + c.num_neighbours, 0);
	assert_true(c.max_entries >= 3 * 40960);
}

/* The configuration may go when the engine is there. */
static void test_config_is_copied(void **state)
{
	struct masq_config *c = malloc(sizeof(*c));
	struct kit *k;

	(void)state;
	assert_non_null(c);
	make_config(c);
	k = kit_open(c);
	memset(c, 0xff, sizeof(*c));
	free(c);
	expect(k, "S:1 > M:8080 tcp S", "S:1 > C:80 tcp S");
	kit_close(k);
}

/* ---- counts ---------------------------------------------------------- */

static void test_stats(void **state)
{
	struct kit *k = kit_new();
	struct masq_stats s;

	(void)state;
	kit_send(k, "C:1 > S:2 udp ttl 1");
	kit_send(k, "C:1 > S:2 tcp S badsum");
	kit_send(k, "C:1 > S:2 tcp S");
	kit_send(k, "C:1 > S:2 tcp A");
	kit_send(k, "S:2 > M:61000 tcp A len 2000");
	kit_send(k, "S2 > M icmp 3/1 [M:61000 > S:2 tcp]");
	kit_send(k, "S:3 > M:61000 tcp A");
	s = kit_stats(k);
	assert_int_equal(s.num_packets, 7);
	assert_int_equal(s.num_results, 1 + 1 + 1 + 2 + 1);
	assert_int_equal(s.drops[MASQ_DROP_NONE], 4);
	assert_int_equal(s.drops[MASQ_DROP_TTL], 1);
	assert_int_equal(s.drops[MASQ_DROP_CHECKSUM], 1);
	assert_int_equal(s.drops[MASQ_DROP_LOCAL], 1);
	assert_int_equal(s.num_created, 1);
	assert_int_equal(s.num_expired, 0);
	assert_int_equal(s.num_entries, 1);
	assert_int_equal(s.num_errors_translated, 1);
	assert_int_equal(s.num_own_errors, 1);
	assert_int_equal(s.rover, 61001);
	assert_int_equal(s.free_ports[1], 40959);
	assert_int_equal(s.always_defrag, 1);
	kit_wait(k, 1000000);
	s = kit_stats(k);
	assert_int_equal(s.num_expired, 1);
	assert_int_equal(s.num_entries, 0);
	assert_int_equal(s.num_packets, 7);
	masq_engine_reset(k->engine);
	s = kit_stats(k);
	assert_int_equal(s.num_packets + s.num_results + s.num_created, 0);
	assert_int_equal(s.rover, 61000);
	kit_close(k);
}

static void test_cost(void **state)
{
	struct masq_config c;
	struct kit *small, *large;

	(void)state;
	kit_config(&c);
	small = kit_open(&c);
	c.max_entries = 100 * 1024;
	large = kit_open(&c);
	assert_in_range(masq_entry_cost(large->engine), 64, 512);
	assert_true(masq_engine_cost(large->engine) >
		    masq_engine_cost(small->engine) +
			    99 * 1024 * masq_entry_cost(large->engine));
	kit_close(small);
	kit_close(large);
}

/* ---- reset ----------------------------------------------------------- */

/* FNV-1a over everything that comes out. */
static void mix(uint64_t *h, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		*h = (*h ^ p[i]) * UINT64_C(0x100000001b3);
}

/* A random packet of few hosts and ports, so that much of it matches. */
static void random_packet(struct kit_packet *p, uint64_t *seed)
{
	static const uint32_t addrs[] = {ADDR_C, ADDR_S, ADDR_S2,
					 ADDR_M, ADDR_R, IP4(192, 168, 1, 11)};
	static const uint16_t ports[] = {21,    53,    80,    1025,
					 61000, 61001, 61002, 8080};
	static const uint8_t protos[] = {1, 6, 6, 17, 17, 47};

	*p = (struct kit_packet){
		.src = addrs[kit_below(seed, COUNT(addrs))],
		.dst = addrs[kit_below(seed, COUNT(addrs))],
		.proto = protos[kit_below(seed, COUNT(protos))],
		.sport = ports[kit_below(seed, COUNT(ports))],
		.dport = ports[kit_below(seed, COUNT(ports))],
		.flags = (uint8_t)(1u << kit_below(seed, 6)),
		.type = (uint8_t)kit_below(seed, 20),
		.id = (uint16_t)(61000 + kit_below(seed, 4)),
		.ttl = (uint8_t)(1 + kit_below(seed, 5)),
		.ip_id = (uint16_t)(1 + kit_below(seed, 3)),
		.payload_len = kit_below(seed, 60),
		.bad_sum = kit_below(seed, 10) == 0,
	};
	if (kit_below(seed, 5) == 0)
		p->frag = (uint16_t)(kit_below(seed, 2) * 0x2000 +
				     kit_below(seed, 3));
}

/* 3000 packets; what came out, as one number. */
static uint64_t run(struct kit *k, uint64_t seed)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	char listing[128 * 64];

	for (int i = 0; i < 3000; i++) {
		struct kit_packet p;

		random_packet(&p, &seed);
		kit_packet(k,
			   kit_below(&seed, 2) == 0 ? MASQ_INSIDE
						    : MASQ_OUTSIDE,
			   &p);
		mix(&h, &k->drop, sizeof(k->drop));
		for (unsigned int n = 0; n < k->num_results; n++) {
			const struct kit_result *r = &k->results[n];

			mix(&h, &r->now, sizeof(r->now));
			mix(&h, &r->side, sizeof(r->side));
			mix(&h, r->packet.data, r->packet.len);
		}
		k->now += kit_below(&seed, 3) * UINT64_C(700000000);
	}
	mix(&h, listing, masq_proc_format(k->engine, listing, sizeof(listing)));
	return h;
}

static struct kit *kit_for_run(void)
{
	struct masq_config c;
	struct kit *k;

	make_config(&c);
	c.local_answer = true;
	c.max_entries = 50;
	k = kit_open(&c);
	k->lax = true;
	return k;
}

/* The same packets twice: fresh, after a reset, and after another load. */
static void test_reset_equals_fresh(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 4; seed++) {
		struct kit *a = kit_for_run(), *b = kit_for_run();
		const uint64_t start = a->now, h = run(a, seed);

		assert_true(run(b, seed) == h);
		for (int i = 0; i < 2; i++) {
			masq_engine_reset(a->engine);
			a->now = start;
			assert_true(run(a, seed) == h);
			masq_engine_reset(a->engine);
			a->now = start;
			assert_true(run(a, seed + 100) != h);
		}
		kit_close(a);
		kit_close(b);
	}
}

/* ---- names ----------------------------------------------------------- */

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(masq_drop_name(MASQ_DROP_NONE), "sent");
	assert_string_equal(masq_drop_name(MASQ_DROP_CHECKSUM), "checksum");
	assert_string_equal(masq_drop_name(MASQ_DROP_LOCAL), "local");
	assert_string_equal(masq_drop_name(MASQ_NUM_DROPS), "?");
	assert_string_equal(masq_status_name(MASQ_OK), "ok");
	assert_string_equal(masq_status_name((enum masq_status)99), "?");
	for (int i = 0; i < MASQ_NUM_DROPS; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
				masq_drop_name((enum masq_drop)i),
				masq_drop_name((enum masq_drop)j));
	for (int i = MASQ_OK; i <= MASQ_ERR_SPACE; i++)
		assert_true(strlen(masq_status_name((enum masq_status)i)) > 1);
}

/* Names are keys of configurations: lower case, hyphens, unique. */
static void test_quirk_list(void **state)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	(void)state;
	for (int i = 0; i < MASQ_NUM_QUIRKS; i++) {
		const struct masq_quirk *q = &masq_quirks[i];

		assert_int_equal(strspn(q->name, allowed), strlen(q->name));
		assert_memory_equal(q->rule, "CORE-", 5);
		assert_true(strlen(q->what) > 10);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(q->name, masq_quirks[j].name);
	}
	assert_string_equal(masq_quirks[MASQ_QUIRK_INDEX_SEQ_PAIR].name,
			    "seq-pair");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_default_config),
		cmocka_unit_test(test_config_is_copied),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_cost),
		cmocka_unit_test(test_reset_equals_fresh),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_quirk_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
