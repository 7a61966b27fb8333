/* SPDX-License-Identifier: Apache-2.0 */
/* helper_test.c - what a helper may ask of the engine (masq/helper.h) */
#include "toy.h"
#include "linux22/engine.h"

static const struct masq_answer unchanged;

/* A kit with a toy for TCP and UDP port 21 that calls these functions. */
static struct kit *kit_toy(const struct toy *toy, uint64_t without)
{
	struct masq_config c;

	kit_config(&c);
	c.quirks &= ~without;
	toy_load(&c, &toy_tcp, 21, false, toy);
	toy_load(&c, &toy_udp, 21, false, toy);
	return kit_open(&c);
}

/* ---- binding --------------------------------------------------------- */

/* Counts its calls. */
static struct masq_answer count(struct masq_hook *hook, void *ctx)
{
	unsigned int *calls = ctx;

	(void)hook;
	++*calls;
	return unchanged;
}

/* The last row for a port binds; outbound rows before inbound ones. */
static void test_binding(void **state)
{
	unsigned int calls[4] = {0};
	struct toy toys[4];
	struct masq_config c;
	struct kit *k;

	(void)state;
	for (unsigned int i = 0; i < 4; i++)
		toys[i] = (struct toy){count, count, &calls[i]};
	kit_config(&c);
	toy_load(&c, &toy_tcp, 21, false, &toys[0]);
	toy_load(&c, &toy_tcp, 21, false, &toys[1]);   /* newer */
	toy_load(&c, &toy_tcp, 61002, true, &toys[2]); /* by mp */
	toy_load(&c, &toy_udp, 21, false, &toys[3]);
	/* Others in the same bucket, and for neither. */
	toy_load(&c, &toy_tcp, 37, false, &toys[0]);
	toy_load(&c, &toy_tcp, 21 + 16, true, &toys[0]);
	k = kit_open(&c);
	toy_num_bound = 0;
	kit_send(k, "C:1 > S:21 tcp S");     /* 61000 */
	kit_send(k, "C:1 > S:22 tcp S");     /* 61001: nobody */
	kit_send(k, "C:1 > S:23 tcp S");     /* 61002: inbound */
	kit_send(k, "C:1 > S:21 udp");       /* 61003 */
	kit_send(k, "C > S icmp 8/0 id 21"); /* never */
	kit_send(k, "S:21 > M:61000 tcp SA");
	assert_int_equal(calls[0], 0);
	assert_int_equal(calls[1], 2);
	assert_int_equal(calls[2], 1);
	assert_int_equal(calls[3], 1);
	assert_int_equal(toy_num_bound, 2); /* toy_udp has no bind() */
	assert_int_equal(k->engine->num_attached[1], 1);
	assert_int_equal(k->engine->num_attached[0], 0);
	kit_wait(k, 1000000);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(k->engine->num_attached[i], 0);
	kit_close(k);
}

/* Bound for life: when op is filled in later nothing changes. */
static void test_binding_of_children(void **state)
{
	struct kit *k = toy_kit();

	(void)state;
	toy_num_bound = 0;
	kit_send(k, "C:1025 > S:21 tcp S seq 99");
	kit_send(k, "C:1025 > S:21 tcp A seq 100 |OPEN 192,168,1,10,4,10\r\n");
	expect(k, "S:21 > M:61001 tcp S", "S:21 > C:1034 tcp S");
	assert_int_equal(toy_num_bound, 1);
	kit_close(k);
}

/* What the hook tells of the call. */
static struct masq_answer look(struct masq_hook *hook, void *ctx)
{
	*(struct masq_hook *)ctx = *hook;
	return unchanged;
}

static void test_hook_fields(void **state)
{
	static struct masq_hook seen;
	static const struct toy toy = {look, look, &seen};
	struct kit *k = kit_toy(&toy, 0);

	(void)state;
	k->lax = true; /* CSUM-06 */
	kit_send(k, "C:1025 > S:21 tcp S doff 5 |hello");
	assert_int_equal(seen.proto, 6);
	assert_ptr_equal(seen.options, &toy);
	assert_false(seen.inbound);
	assert_true(seen.in_order);
	assert_true(seen.quirks == MASQ_QUIRKS_ALL);
	assert_int_equal(seen.masq_addr, ADDR_M);
	assert_int_equal(seen.peer_addr, ADDR_S);
	assert_int_equal(seen.peer_port, 21);
	assert_int_equal(seen.header_len, 20);
	assert_int_equal(seen.segment.len, 25);
	kit_send(k, "S:21 > M:61000 tcp A doff 3 |hello");
	assert_int_equal(seen.masq_addr, ADDR_M);
	assert_int_equal(seen.peer_addr, ADDR_S);
	assert_int_equal(seen.peer_port, 21);
	assert_int_equal(seen.header_len, 12);
	kit_send(k, "C:1025 > S:21 udp |hello");
	assert_int_equal(seen.proto, 17);
	assert_int_equal(seen.header_len, 8);
	assert_int_equal(seen.segment.len, 13);
	kit_close(k);
}

/* ---- what is shown --------------------------------------------------- */

static struct masq_answer measure(struct masq_hook *hook, void *ctx)
{
	uint32_t *len = ctx;

	*len = masq_hook_payload(hook).len;
	return unchanged;
}

/* What is behind the UDP length no receiver sees (quirk UDP_PADDING off). */
static void test_udp_padding(void **state)
{
	uint32_t len = 0;
	const struct toy toy = {.out = measure, .ctx = &len};

	(void)state;
	for (unsigned int on = 0; on < 2; on++) {
		struct kit *k = kit_toy(&toy,
					on != 0 ? 0 : MASQ_QUIRK(UDP_PADDING));

		k->lax = true; /* the quirk fills in a wrong sum */
		kit_send(k, "C:1 > S:21 udp udplen 13 sum 0 |hello padding");
		assert_int_equal(len, on != 0 ? 13 : 5);
		kit_close(k);
	}
}

/* ---- entries --------------------------------------------------------- */

static struct masq_answer use_entries(struct masq_hook *hook, void *ctx)
{
	const struct masq_tuple t = {6, ADDR_C, 1025, ADDR_S, 21};
	const struct masq_tuple other = {6, ADDR_C, 1025, ADDR_S, 22};
	struct masq_entry *e = masq_entry_find_out(hook, &t);
	struct masq_entry_info info;

	assert_ptr_equal(e, hook->entry);
	masq_entry_info(hook->engine, e, &info);
	assert_false(info.armed); /* in use */
	masq_entry_put(hook, e);
	assert_null(masq_entry_find_out(hook, &other));
	e = masq_entry_find_in(hook, 6, ADDR_S, 21, ADDR_M, 61000);
	assert_ptr_equal(e, hook->entry);
	masq_entry_put(hook, e);
	assert_null(masq_entry_find_in(hook, 17, ADDR_S, 21, ADDR_M, 61000));
	assert_null(masq_entry_find_in(hook, 6, ADDR_S, 22, ADDR_M, 61000));
	assert_null(masq_entry_find_in(hook, 6, ADDR_S, 21, ADDR_R, 61000));
	assert_int_equal(masq_entry_state(hook->entry), info.state);
	++*(unsigned int *)ctx;
	return unchanged;
}

static void test_find(void **state)
{
	static unsigned int calls;
	static const struct toy toy = {use_entries, use_entries, &calls};
	struct kit *k = kit_toy(&toy, 0);

	(void)state;
	calls = 0;
	expect(k, "C:1025 > S:21 tcp S", "M:61000 > S:21 tcp S");
	expect(k, "S:21 > M:61000 tcp SA", "S:21 > C:1025 tcp SA");
	assert_int_equal(calls, 2);
	/* All uses were given back: the timer runs. */
	expect_table(k, "tcp C:1025 M:61000 S:21 ESTABLISHED 90000");
	kit_close(k);
}

/* Words: zero at first, the entry's own, as long as it lives. */
static struct masq_answer add_words(struct masq_hook *hook, void *ctx)
{
	uint32_t *words = masq_entry_words(hook->entry);

	words[0] += 1;
	words[1] += 10;
	memcpy(ctx, words, 8);
	return unchanged;
}

static void test_words(void **state)
{
	static uint32_t seen[2];
	static const struct toy toy = {add_words, add_words, seen};
	struct kit *k = kit_toy(&toy, 0);

	(void)state;
	kit_send(k, "C:1025 > S:21 tcp S");
	kit_send(k, "S:21 > M:61000 tcp SA");
	assert_int_equal(seen[0], 2);
	assert_int_equal(seen[1], 20);
	kit_send(k, "C:1026 > S:21 tcp S");
	assert_int_equal(seen[0], 1);
	kit_wait(k, 900000);
	kit_send(k, "C:1025 > S:21 tcp S");
	assert_int_equal(seen[0], 1);
	assert_int_equal(seen[1], 10);
	kit_close(k);
}

/* A use that is never given back: the entry has no timer, and stays. */
static struct masq_answer leak(struct masq_hook *hook, void *ctx)
{
	const struct masq_tuple t = {6, ADDR_C, 7000, ADDR_S, 0};

	(void)ctx;
	masq_entry_new_child(hook, &t, MASQ_NO_DPORT);
	return unchanged;
}

static void test_forgotten_use(void **state)
{
	static const struct toy toy = {.out = leak};
	struct kit *k = kit_toy(&toy, 0);

	(void)state;
	kit_send(k, "C:1025 > S:21 tcp S");
	kit_wait(k, 10000000);
	expect_table(k, "tcp C:7000 M:61001 S:0 NONE stopped");
	/* Packets do not arm it either. */
	expect(k, "C:7000 > S:80 tcp S", "M:61001 > S:80 tcp S");
	expect_table(k, "tcp C:7000 M:61001 S:0 SYN_SENT stopped");
	masq_engine_reset(k->engine);
	expect_table(k, "");
	kit_close(k);
}

/* ... also where the timer was running before. */
static struct masq_answer leak_own(struct masq_hook *hook, void *ctx)
{
	const struct masq_tuple t = {6, ADDR_C, 1025, ADDR_S, 21};

	(void)ctx;
	if (masq_entry_state(hook->entry) != MASQ_STATE_NONE)
		assert_non_null(masq_entry_find_out(hook, &t));
	return unchanged;
}

static void test_forgotten_later(void **state)
{
	static const struct toy toy = {.out = leak_own};
	struct kit *k = kit_toy(&toy, 0);

	(void)state;
	kit_send(k, "C:1025 > S:21 tcp S");
	expect_table(k, "tcp C:1025 M:61000 S:21 SYN_SENT 12000");
	kit_send(k, "C:1025 > S:21 tcp S");
	kit_wait(k, 500000);
	expect_table(k, "tcp C:1025 M:61000 S:21 SYN_SENT stopped");
	kit_close(k);
}

/* Flags that are not a child's to have are not given. */
static struct masq_answer odd_child(struct masq_hook *hook, void *ctx)
{
	const struct masq_tuple t = {17, ADDR_C, 0, 0, 0};

	(void)ctx;
	masq_entry_put(hook, masq_entry_new_child(hook, &t, 0xffff));
	return unchanged;
}

static void test_child_flags(void **state)
{
	static const struct toy toy = {.out = odd_child};
	struct kit *k = kit_toy(&toy, 0);
	struct masq_entry_info info;

	(void)state;
	kit_send(k, "C:1025 > S:21 tcp S");
	assert_true(kit_entry(k, 17, 61001, &info));
	assert_int_equal(info.flags, MASQ_NO_DADDR | MASQ_NO_DPORT |
					     MASQ_NO_SPORT | MASQ_NO_REPLY |
					     MASQ_HASHED);
	assert_int_equal(info.expires, 180000); /* NONE */
	assert_false(info.is_child);
	kit_close(k);
}

/* UDP children with a port of the pool get the core's flag, too (ENT-03). */
static struct masq_answer udp_child(struct masq_hook *hook, void *ctx)
{
	const struct masq_tuple t = {17, ADDR_C, 7000, ADDR_S, 9};

	(void)ctx;
	masq_entry_put(hook, masq_entry_new_child(hook, &t, 0));
	return unchanged;
}

static void test_udp_child(void **state)
{
	static const struct toy toy = {.out = udp_child};
	struct kit *k = kit_toy(&toy, 0);

	(void)state;
	kit_send(k, "C:1025 > S:21 tcp S");
	expect(k, "S2:9 > M:61001 udp", "S2:9 > C:7000 udp");
	expect(k, "S:9 > M:61001 udp", "local");
	kit_close(k);
}

/* OUT-06: an inside port not known is filled for TCP only. */
static struct masq_answer portless_child(struct masq_hook *hook, void *ctx)
{
	const struct masq_tuple t = {17, ADDR_C, 0, ADDR_S, 9};

	(void)ctx;
	masq_entry_put(hook, masq_entry_new_child(hook, &t, MASQ_NO_SPORT));
	return unchanged;
}

static void test_portless_udp_child(void **state)
{
	static const struct toy toy = {.out = portless_child};
	struct kit *k = kit_toy(&toy, 0);

	(void)state;
	kit_send(k, "C:1025 > S:21 tcp S");
	expect(k, "C:3333 > S:9 udp", "M:61001 > S:9 udp");
	expect(k, "C:3334 > S:9 udp", "M:61001 > S:9 udp");
	expect(k, "S:9 > M:61001 udp", "S:9 > C:0 udp");
	kit_close(k);
}

/* INB-07: the newest of several wildcard entries takes the packet. */
static struct masq_answer two_children(struct masq_hook *hook, void *ctx)
{
	const struct masq_tuple a = {6, ADDR_C, 7000, ADDR_S, 0};
	const struct masq_tuple b = {6, ADDR_C, 7001, ADDR_S, 0};
	struct masq_entry *first = masq_entry_new_child(hook, &a,
							MASQ_NO_DPORT);
	struct masq_entry *second = masq_entry_new_child(hook, &b,
							 MASQ_NO_DPORT);

	(void)ctx;
	/* The same port for both: as if 4096 had been given between. */
	table_unhash(&hook->engine->table, first);
	table_unhash(&hook->engine->table, second);
	first->mp = second->mp = 61500;
	table_hash(&hook->engine->table, first);
	table_hash(&hook->engine->table, second);
	masq_entry_put(hook, first);
	masq_entry_put(hook, second);
	return unchanged;
}

static void test_newest_wins(void **state)
{
	static const struct toy toy = {.out = two_children};
	struct kit *k = kit_toy(&toy, 0);

	(void)state;
	kit_send(k, "C:1025 > S:21 tcp S");
	expect(k, "S:20 > M:61500 tcp S", "S:20 > C:7001 tcp S");
	/* It is strict now; the next one goes to the other. */
	expect(k, "S:30 > M:61500 tcp S", "S:30 > C:7000 tcp S");
	expect(k, "S:40 > M:61500 tcp S", "local");
	kit_close(k);
}

/* ---- the peer's port, stale and re-hashed ---------------------------- */

/* To port *ctx; the upper half says re-hashed or not. */
static struct masq_answer move_port(struct masq_hook *hook, void *ctx)
{
	const uint32_t how = *(const uint32_t *)ctx;

	if (how != 0)
		masq_entry_set_peer_port(hook, hook->entry, (uint16_t)how,
					 how >> 16 != 0);
	return unchanged;
}

static void test_peer_port(void **state)
{
	static const struct {
		uint32_t how;
		const char *packet, *outcome;
	} rows[] = {
		/* Re-hashed: found under the new port only. */
		{0x10016, "S:22 > M:61000 tcp A", "S:22 > C:1025 tcp A"},
		{0x10016, "S:21 > M:61000 tcp A", "local"},
		{0x10016, "C:1025 > S:22 tcp A", "M:61000 > S:22 tcp A"},
		/* Stale: under neither, */
		{22, "S:22 > M:61000 tcp A", "local"},
		{22, "S:21 > M:61000 tcp A", "local"},
		{22, "C:1025 > S:22 tcp A", "M:61001 > S:22 tcp A"},
		/* unless the buckets are the same. */
		{21 + 256, "S:277 > M:61000 tcp A", "S:277 > C:1025 tcp A"},
		{21 + 256, "C:1025 > S:277 tcp A", "M:61000 > S:277 tcp A"},
		{21 + 256, "S:21 > M:61000 tcp A", "local"},
		/* The same port: nothing has changed. */
		{21, "S:21 > M:61000 tcp A", "S:21 > C:1025 tcp A"},
	};
	static uint32_t how;
	static const struct toy toy = {.out = move_port, .ctx = &how};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct kit *k = kit_toy(&toy, 0);

		how = rows[i].how;
		kit_send(k, "C:1025 > S:21 tcp S");
		how = 0;
		expect(k, rows[i].packet, rows[i].outcome);
		kit_close(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binding),
		cmocka_unit_test(test_binding_of_children),
		cmocka_unit_test(test_hook_fields),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_forgotten_use),
		cmocka_unit_test(test_forgotten_later),
		cmocka_unit_test(test_child_flags),
		cmocka_unit_test(test_udp_padding),
		cmocka_unit_test(test_udp_child),
		cmocka_unit_test(test_portless_udp_child),
		cmocka_unit_test(test_newest_wins),
		cmocka_unit_test(test_peer_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
