/* SPDX-License-Identifier: Apache-2.0 */
/* local_test.c - what the router's own stack answers */
#include "kit.h"

/* Silent unless told to answer. */
static void test_silent(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "S > M icmp 8/0 id 1", "local");
	expect(k, "S:1 > M:2 udp", "local");
	expect(k, "S:1 > M:2 tcp S", "local");
	kit_close(k);
}

static const struct {
	const char *text, *outcome;
} answers[] = {
	{"C > R icmp 8/0 id 9", "local; R > C icmp 0/0 id 9"},
	{"S > M icmp 8/0 id 9", "local; M > S icmp 0/0 id 9"},
	{"C > M icmp 8/0 id 9", "local; M > C icmp 0/0 id 9"},
	{"S > M icmp 8/0 id 9 badsum", "local"},
	{"S > M icmp 13/0 id 9 len 12", "local; M > S icmp 14/0 id 9"},
	{"S > M icmp 13/0 id 9 len 11", "local"}, /* too short */
	{"S > M icmp 15/0 id 9", "local"},
	{"S > M icmp 17/0 id 9", "local"},
	{"S > M icmp 0/0 id 9", "local"},
	{"S:1 > M:2 udp", "local; M > S icmp 3/3 [S:1 > M:2 udp]"},
	{"S:1 > M:2 udp sum 0", "local; M > S icmp 3/3 [S:1 > M:2 udp]"},
	{"S:1 > M:2 udp badsum", "local"},
	{"S:1 > M:2 udp len 4 udplen 13", "local"}, /* lies */
	{"S:1 > M:2 udp len 4 udplen 7", "local"},
	{"S > M 47 len 8", "local; M > S icmp 3/2 [S > M 47]"},
	{"S:1 > M:2 tcp S", "local; M:2 > S:1 tcp RA"},
	{"S:1 > M:2 tcp A", "local; M:2 > S:1 tcp R"},
	{"S:1 > M:2 tcp R", "local"},
	{"S:1 > M:2 tcp RA", "local"},
	{"S:1 > M:2 tcp .", "local; M:2 > S:1 tcp RA"},
	{"S:1 > M:2 tcp S badsum", "local"},
	{"S:1 > M:2 tcp S doff 0", "local"},
	{"S:1 > M:2 tcp S doff 4", "local"},
	{"S:1 > M:2 tcp S doff 6", "drop transport"},
};

static void test_answers(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		kit_wait(k, 10000);
		expect(k, answers[i].text, answers[i].outcome);
	}
	kit_close(k);
}

/* RFC 793 page 36. */
static void test_reset_numbers(void **state)
{
	static const struct {
		const char *text;
		uint32_t seq, ack;
	} rows[] = {
		{"S:1 > M:2 tcp S seq 100 ack 7", 0, 101},
		{"S:1 > M:2 tcp F seq 100 len 5", 0, 106},
		{"S:1 > M:2 tcp SF seq 100 len 5", 0, 107},
		{"S:1 > M:2 tcp . seq 100 len 5", 0, 105},
		{"S:1 > M:2 tcp . seq 0xffffffff len 5", 0, 4},
		{"S:1 > M:2 tcp A seq 100 ack 7 len 5", 7, 0},
		{"S:1 > M:2 tcp SA seq 100 ack 7", 7, 0},
	};
	struct kit *k = kit_new_answering();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct kit_result *r = kit_send(k, rows[i].text);

		assert_non_null(r);
		assert_int_equal(r->seq, rows[i].seq);
		assert_int_equal(r->ack, rows[i].ack);
		assert_int_equal(r->packet.len, 40);
		assert_int_equal(r->payload.len, 0);
	}
	kit_close(k);
}

static void test_echo(void **state)
{
	struct kit *k = kit_new_answering();
	const struct kit_result *r =
		kit_send(k, "S > M icmp 8/5 id 9 tos 0x1f ttl 3 |payload");

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->code, 0);
	assert_int_equal(r->tos, 0x1f);
	assert_int_equal(r->ttl, 255);
	assert_int_equal(r->payload.len, 7);
	assert_memory_equal(r->payload.data, "payload", 7);
	assert_false(r->own_error);
	/* The largest one comes back in pieces. */
	kit_send(k, "S > M icmp 8/0 id 9 mf zero len 32760");
	kit_send(k, "S > M icmp bare off 32768 zero len 32747");
	assert_int_equal(k->num_results, 45);
	assert_int_equal(k->results[44].frag * 8 + k->results[44].segment.len,
			 65515);
	kit_close(k);
}

/* The day's milliseconds in all three fields that are ours. */
static void test_timestamp(void **state)
{
	struct kit *k = kit_new_answering();
	const struct kit_result *r;

	(void)state;
	k->now = (UINT64_C(86400) * 3 + 7) * 1000000000u + 5999999;
	r = kit_send(k, "S > M icmp 13/0 id 9 zero len 40");
	assert_non_null(r);
	assert_int_equal(r->segment.len, 20);
	assert_int_equal(masq_get32(r->payload, 0), 0);
	assert_int_equal(masq_get32(r->payload, 4), 7005);
	assert_int_equal(masq_get32(r->payload, 8), 7005);
	kit_close(k);
}

/* The same counter for every datagram of the router. */
static void test_ip_id(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		kit_send(k, i % 2 == 0 ? "S > M icmp 8/0 id 9"
				       : "S:1 > M:2 tcp S");
		assert_int_equal(k->results[0].ip_id, i);
	}
	kit_close(k);
}

/* V013, inbound half; V046: no entry behind the port. */
static void test_V046(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	expect(k, "S:1 > M:61500 tcp S", "local; M:61500 > S:1 tcp RA");
	expect(k, "S:1 > M:61500 udp",
	       "local; M > S icmp 3/3 [S:1 > M:61500 udp]");
	kit_close(k);
}

/* An answer to oneself goes nowhere. */
static void test_to_nobody(void **state)
{
	struct kit *k = kit_new_answering();

	(void)state;
	expect(k, "M > M icmp 8/0 id 9", "drop martian");
	expect(k, "0.0.0.0:68 > 255.255.255.255:67 udp inside", "local");
	expect(k, "C > 192.168.1.255 icmp 8/0 id 9", "local");
	assert_int_equal(kit_stats(k).num_results, 0);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_reset_numbers),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_timestamp),
		cmocka_unit_test(test_ip_id),
		cmocka_unit_test(test_V046),
		cmocka_unit_test(test_to_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
