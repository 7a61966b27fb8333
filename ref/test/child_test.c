/* SPDX-License-Identifier: Apache-2.0 */
/* child_test.c - entries made by helpers: V038, V039, V064, V114, V115 */
#include "toy.h"

static struct kit *kit_large(void)
{
	struct masq_config c;

	kit_config(&c);
	c.max_entries = 8192;
	toy_load(&c, &toy_tcp, 21, false, &toy_opener);
	return kit_open(&c);
}

static void connect_control(struct kit *k)
{
	expect(k, "C:1025 > S:21 tcp S seq 99", "M:61000 > S:21 tcp S");
	expect(k, "S:21 > M:61000 tcp SA", "S:21 > C:1025 tcp SA");
	expect(k, "C:1025 > S:21 tcp A seq 100", "M:61000 > S:21 tcp A");
}

static void check_text(const struct kit *k, const char *text)
{
	assert_int_equal(k->num_results, 1);
	assert_int_equal(k->results[0].payload.len, strlen(text));
	assert_memory_equal(k->results[0].payload.data, text, strlen(text));
}

/* PORT-04: a wildcard child may share mp; the strict parent wins. */
static void test_V038(void **state)
{
	struct kit *k = kit_large();

	(void)state;
	connect_control(k);
	for (unsigned int i = 0; i < 4095; i++) {
		const struct kit_packet p = {
			.src = ADDR_C,
			.dst = ADDR_S2,
			.proto = 6,
			.sport = (uint16_t)(20000 + i),
			.dport = 80,
			.flags = F_SYN,
		};

		assert_non_null(kit_packet(k, MASQ_INSIDE, &p));
		assert_int_equal(k->results[0].sport, 61001 + i);
	}
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 "
		    "|OPEN 192,168,1,10,4,10\r\n");
	check_text(k, "OPEN 203,0,113,1,238,72\r\n");
	expect(k, "S:21 > M:61000 tcp PA |200 OK\r\n", "S:21 > C:1025 tcp PA");
	expect(k, "S:20 > M:61000 tcp S", "S:20 > C:1034 tcp S");
	kit_close(k);
}

/* LKP-02: the strict control connection wins outbound, too. */
static void test_V039(void **state)
{
	struct kit *k = toy_kit();

	(void)state;
	connect_control(k);
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 |OPEN 192,168,1,10,4,1\r\n");
	check_text(k, "OPEN 203,0,113,1,238,73\r\n");
	expect(k, "C:1025 > S:21 tcp PA seq 123 |NLST\r\n",
	       "M:61000 > S:21 tcp PA");
	assert_int_equal(k->results[0].seq, 125);
	kit_close(k);
}

static void test_V064(void **state)
{
	struct kit *k = toy_kit();
	struct masq_entry_info info;

	(void)state;
	connect_control(k);
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 "
		    "|OPEN 192,168,1,10,4,10\r\n");
	expect(k, "S:20 > M:61001 tcp S", "S:20 > C:1034 tcp S");
	expect(k, "C:1034 > S:20 tcp SA", "M:61001 > S:20 tcp SA");
	expect(k, "C:1034 > S:20 tcp S", "M:61001 > S:20 tcp S");
	expect(k, "S:21 > M:61000 tcp R", "S:21 > C:1025 tcp R");
	assert_true(kit_entry(k, 6, 61001, &info));
	assert_int_equal(info.state, MASQ_STATE_ESTABLISHED);
	assert_true(info.is_child);
	for (int i = 0; i < 2; i++) {
		assert_true(kit_entry(k, 6, 61000, &info));
		assert_int_equal(info.state, MASQ_STATE_CLOSE);
		assert_int_equal(info.expires, i == 0 ? 1000 : 12000);
		assert_int_equal(info.num_children, 1);
		kit_wait(k, i == 0 ? 10000 : 120000);
	}
	/* 130 s */
	expect(k, "S:20 > M:61001 tcp R", "S:20 > C:1034 tcp R");
	kit_wait(k, 9990);
	assert_int_equal(kit_num_entries(k), 2);
	kit_wait(k, 10); /* 140 s */
	assert_false(kit_entry(k, 6, 61001, &info));
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.num_children, 0);
	kit_wait(k, 109990);
	assert_int_equal(kit_num_entries(k), 1);
	kit_wait(k, 10); /* 250 s */
	assert_int_equal(kit_num_entries(k), 0);
	kit_close(k);
}

/* A13: an inside port not known is 0 for who comes first. */
static void test_V114(void **state)
{
	struct kit *k = toy_kit();
	struct masq_entry_info info;

	(void)state;
	connect_control(k);
	expect(k, "S:21 > M:61000 tcp PA |WAIT 5001\r\n",
	       "S:21 > C:1025 tcp PA");
	assert_true(kit_entry(k, 6, 61001, &info));
	assert_int_equal(info.flags,
			 MASQ_NO_SPORT | MASQ_NO_REPLY | MASQ_HASHED);
	expect(k, "S:5001 > M:61001 tcp S", "S:5001 > C:0 tcp S");
	expect(k, "C:3333 > S:5001 tcp S", "M:61001 > S:5001 tcp S");
	assert_true(kit_entry(k, 6, 61001, &info));
	assert_int_equal(info.inside_port, 3333);
	assert_int_equal(info.flags, MASQ_HASHED);
	/* From now on it is the only one. */
	expect(k, "C:3334 > S:5001 tcp S", "M:61002 > S:5001 tcp S");
	expect(k, "S:5001 > M:61001 tcp A", "S:5001 > C:3333 tcp A");
	kit_close(k);
}

static void test_V115(void **state)
{
	struct kit *k = toy_kit();
	struct masq_entry_info info;

	(void)state;
	connect_control(k);
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 "
		    "|OPEN 192,168,1,10,4,10\r\n");
	assert_true(kit_entry(k, 6, 61001, &info));
	assert_int_equal(info.state, MASQ_STATE_LISTEN);
	assert_int_equal(info.expires, 12000);
	assert_int_equal(info.flags,
			 MASQ_NO_DPORT | MASQ_NO_REPLY | MASQ_HASHED);
	assert_int_equal(info.peer_addr, ADDR_S);
	assert_int_equal(info.peer_port, 0);
	expect(k, "S2:20 > M:61001 tcp S", "local");
	expect(k, "S:20 > M:61001 tcp S", "S:20 > C:1034 tcp S");
	assert_true(kit_entry(k, 6, 61001, &info));
	assert_int_equal(info.state, MASQ_STATE_SYN_RECV);
	assert_int_equal(info.peer_port, 20);
	assert_int_equal(info.flags, MASQ_HASHED);
	expect(k, "S:21 > M:61001 tcp A", "local");
	kit_close(k);
}

/* What a child is told of its parent, and the parent of its children. */
static void test_family(void **state)
{
	struct kit *k = toy_kit();
	struct masq_entry_info info;

	(void)state;
	connect_control(k);
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 "
		    "|OPEN 192,168,1,10,4,10\r\n");
	kit_send(k, "C:1025 > S:21 tcp PA seq 124 "
		    "|OPEN 192,168,1,10,4,11\r\n");
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.num_children, 2);
	assert_false(info.is_child);
	assert_string_equal(info.helper, "toy");
	assert_true(kit_entry(k, 6, 61002, &info));
	assert_true(info.is_child);
	assert_int_equal(info.parent_proto, 6);
	assert_int_equal(info.parent_port, 61000);
	assert_null(info.helper);
	assert_int_equal(kit_stats(k).num_children, 2);
	assert_int_equal(kit_stats(k).num_created, 3);
	assert_int_equal(kit_stats(k).num_edits, 2);
	kit_close(k);
}

/* No port for a child: the packet goes on as it is. */
static void test_no_room(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.max_entries = 1;
	toy_load(&c, &toy_tcp, 21, false, &toy_opener);
	k = kit_open(&c);
	connect_control(k);
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 "
		    "|OPEN 192,168,1,10,4,10\r\n");
	check_text(k, "OPEN 192,168,1,10,4,10\r\n");
	assert_int_equal(kit_stats(k).num_children, 0);
	kit_close(k);
}

/* FRAG-10, A17: grown beyond the MTU it loses DF. */
static void test_grown_beyond_mtu(void **state)
{
	struct kit *k = toy_kit();
	struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 6,
		.sport = 1025,
		.dport = 21,
		.flags = F_ACK,
		.seq = 100,
		.frag = 0x4000,
		.payload_len = 1460,
	};
	char payload[1460];

	(void)state;
	connect_control(k);
	memset(payload, 'x', sizeof(payload));
	memcpy(payload, "OPEN 192,168,1,10,4,10\r\n", 24);
	p.payload = payload;
	kit_packet(k, MASQ_INSIDE, &p);
	assert_string_equal(kit_text(k), "M:61000 > S:21 tcp A @0+; "
					 "M > S tcp @1480");
	assert_int_equal(k->results[1].segment.len, 1);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V038),
		cmocka_unit_test(test_V039),
		cmocka_unit_test(test_V064),
		cmocka_unit_test(test_V114),
		cmocka_unit_test(test_V115),
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_grown_beyond_mtu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
