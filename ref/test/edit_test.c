/* SPDX-License-Identifier: Apache-2.0 */
/* edit_test.c - packets changed and refused by helpers */
#include <stdio.h>

#include "toy.h"

/* One call of masq_hook_replace() or _write(), and what is answered. */
struct edit {
	const char *what;
	uint32_t offset, old_len; /* offset in the segment */
	const char *text;
	bool in_place; /* masq_hook_write() */
	enum masq_status status;
	int32_t diff;         /* reported */
	const char *expected; /* payload sent, NULL = not looked at */
};

static struct masq_answer run_edit(struct masq_hook *hook, void *ctx)
{
	const struct edit *const *edit = ctx;
	const struct edit *e = *edit;
	const uint32_t len = (uint32_t)strlen(e->text);
	const uint8_t *text = (const uint8_t *)e->text;
	enum masq_status status;

	if (e->in_place)
		status = masq_hook_write(hook, e->offset, text, len);
	else
		status = masq_hook_replace(hook, e->offset, e->old_len, text,
					   len);
	assert_int_equal(status, e->status);
	if (status == MASQ_OK && !e->in_place)
		assert_int_equal(masq_hook_payload(hook).len,
				 8 + len - e->old_len);
	return (struct masq_answer){.diff = e->diff};
}

static const struct edit *current_edit;
static const struct toy editor = {
	.out = run_edit, .in = run_edit, .ctx = &current_edit};

static struct kit *kit_editor(const struct edit *edit)
{
	struct masq_config c;

	kit_config(&c);
	toy_load(&c, &toy_tcp, 21, false, &editor);
	toy_load(&c, &toy_udp, 21, false, &editor);
	current_edit = edit;
	return kit_open(&c);
}

#define OK    MASQ_OK
#define RANGE MASQ_ERR_RANGE

/* A TCP segment with the payload "01234567"; the kit checks the sums. */
static const struct edit edits[] = {
	{"longer", 22, 2, "abcd", false, OK, 2, "01abcd4567"},
	{"shorter", 22, 4, "a", false, OK, -3, "01a67"},
	{"away", 20, 8, "", false, OK, -8, ""},
	{"behind", 28, 0, "89", false, OK, 2, "0123456789"},
	{"nothing", 20, 0, "", false, OK, 0, "01234567"},
	{"as long", 21, 2, "ab", false, OK, 0, "0ab34567"},
	{"beyond the end", 27, 2, "x", false, RANGE, 0, "01234567"},
	{"behind the end", 29, 0, "x", false, RANGE, 0, "01234567"},
	{"far away", UINT32_MAX, 1, "x", false, RANGE, 0, "01234567"},
	{"too much", 20, UINT32_MAX, "x", false, RANGE, 0, "01234567"},
	{"written", 23, 0, "abc", true, OK, 0, "012abc67"},
	{"written at the end", 26, 0, "ab", true, OK, 0, "012345ab"},
	{"nothing written", 28, 0, "", true, OK, 0, "01234567"},
	{"written across", 27, 0, "ab", true, RANGE, 0, "01234567"},
	{"written beyond", 29, 0, "", true, RANGE, 0, "01234567"},
	{"written far away", UINT32_MAX, 0, "a", true, RANGE, 0, "01234567"},
};

static void check_payload(const struct edit *e, const struct kit_result *r)
{
	if (r == NULL || r->payload.len != strlen(e->expected) ||
	    memcmp(r->payload.data, e->expected, r->payload.len) != 0)
		fail_msg("%s", e->what);
}

static void test_edits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(edits); i++) {
		struct kit *k = kit_editor(&edits[i]);

		check_payload(&edits[i],
			      kit_send(k, "C:1025 > S:21 tcp A |01234567"));
		assert_int_equal(kit_stats(k).num_edits,
				 edits[i].status == MASQ_OK);
		check_payload(&edits[i],
			      kit_send(k, "S:21 > M:61000 tcp A |01234567"));
		kit_close(k);
	}
}

/* SEQ-07: the UDP length field is the helper's business. */
static void test_udp(void **state)
{
	static const struct edit longer = {"longer", 10, 2, "abcd",
					   false,    OK, 2, "01abcd4567"};
	struct kit *k = kit_editor(&longer);
	const struct kit_result *r = kit_send(k, "C:1025 > S:21 udp |01234567");

	(void)state;
	check_payload(&longer, r);
	assert_int_equal(masq_get16(r->segment, 4), 16);
	assert_int_equal(r->packet.len, 38);
	kit_close(k);
}

/* Own errors show the sender what he sent, not what the helper made of it. */
static void test_quoted(void **state)
{
	static const struct edit longer = {"longer", 22, 2, "abcd",
					   false,    OK, 2, "01abcd4567"};
	static const uint64_t quirks = MASQ_QUIRK(TTL_QUOTE) |
				       MASQ_QUIRK(QUOTE_STALE);
	struct masq_config c;
	struct kit_line sent;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.quirks &= ~quirks;
	toy_load(&c, &toy_tcp, 21, false, &editor);
	current_edit = &longer;
	k = kit_open(&c);
	kit_send(k, "C:1025 > S:21 tcp A |01234567");
	kit_parse("S:21 > M:61000 tcp A ack 9 ttl 1 |01234567", &sent);
	expect(k, "S:21 > M:61000 tcp A ack 9 ttl 1 |01234567",
	       "drop ttl; M > S icmp 11/0 [S:21 > M:61000 tcp A]");
	assert_int_equal(k->results[0].payload.len, sent.len);
	assert_memory_equal(k->results[0].payload.data, sent.data, sent.len);
	/* Of a packet that no helper sees nothing is left over. */
	kit_send(k, "C:1025 > S:80 tcp A");
	expect(k, "S:80 > M:61001 tcp A ttl 1",
	       "drop ttl; M > S icmp 11/0 [S:80 > M:61001 tcp A]");
	kit_close(k);
}

/* The urgent pointer goes with the edit, in a repetition as at first. */
static void test_urgent(void **state)
{
	static const struct edit longer = {"longer", 22, 2, "abcd",
					   false,    OK, 2, "01abcd4567"};
	static const uint16_t pointers[][2] = {{0, 0}, {2, 2},  {3, 6},
					       {4, 6}, {8, 10}, {99, 101}};

	(void)state;
	for (size_t i = 0; i < COUNT(pointers); i++) {
		struct masq_config c;
		struct kit_line line;
		struct kit *k;

		kit_config(&c);
		c.quirks = 0;
		toy_load(&c, &toy_tcp, 21, false, &editor);
		current_edit = &longer;
		k = kit_open(&c);
		for (unsigned int n = 0; n < 2; n++) {
			struct masq_buf b;
			uint64_t sum;

			kit_parse("C:1025 > S:21 tcp AU |01234567", &line);
			b = (struct masq_buf){line.data, line.len, line.len};
			masq_put16(&b, 38, pointers[i][0]);
			masq_put16(&b, 36, 0);
			sum = masq_sum(masq_from(masq_view_of(&b), 20)) +
			      masq_sum_pseudo(masq_get32(masq_view_of(&b), 12),
					      masq_get32(masq_view_of(&b), 16),
					      6, line.len - 20);
			masq_put16(&b, 36, (uint16_t)~masq_fold(sum));
			kit_raw(k, line.side, line.cast, line.data, line.len);
			check_payload(&longer, &k->results[0]);
			assert_int_equal(masq_get16(k->results[0].segment, 18),
					 pointers[i][1]);
		}
		kit_close(k);
	}
}

/*
 * RA-15: another length, reported as none. The core goes on with the
 * buffer as it is: no checksums are made.
 */
static void test_stale_answer(void **state)
{
	static const struct edit lie = {"lie", 22, 2, "abcd",
					false, OK, 0, "01abcd4567"};
	struct kit *k = kit_editor(&lie);
	struct kit_line line;
	const struct kit_result *r;

	(void)state;
	k->lax = true;
	kit_parse("C:1025 > S:21 tcp A |01234567", &line);
	r = kit_raw(k, MASQ_INSIDE, MASQ_CAST_HOST, line.data, line.len);
	check_payload(&lie, r);
	assert_int_equal(r->src, ADDR_M);
	assert_int_equal(masq_get16(r->segment, 16),
			 line.data[36] << 8 | line.data[37]);
	kit_close(k);
}

/* RA-14: the difference recorded is the one reported. */
static void test_wrong_difference(void **state)
{
	static const struct edit lie = {"lie", 22, 2, "abcd",
					false, OK, 7, "01abcd4567"};
	struct kit *k = kit_editor(&lie);
	struct masq_entry_info info;

	(void)state;
	check_payload(&lie, kit_send(k, "C:1025 > S:21 tcp A seq 5 |01234567"));
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.out_delta, 7);
	assert_int_equal(info.out_init, 5);
	kit_close(k);
}

/* APP-10: as long as a datagram can be, no longer. */
static struct masq_answer fill_up(struct masq_hook *hook, void *ctx)
{
	static uint8_t text[KIT_MAX_PACKET];
	const uint32_t room = KIT_MAX_PACKET - 20 - hook->segment.len;

	(void)ctx;
	assert_int_equal(masq_hook_replace(hook, 20, 0, text, room + 1),
			 MASQ_ERR_TOO_LONG);
	assert_int_equal(masq_hook_replace(hook, 20, 1, text, room + 1),
			 MASQ_OK);
	assert_int_equal(hook->segment.len, KIT_MAX_PACKET - 20);
	assert_int_equal(masq_hook_replace(hook, 20, 0, text, 1),
			 MASQ_ERR_TOO_LONG);
	return (struct masq_answer){.diff = (int32_t)room};
}

static void test_longest(void **state)
{
	static const struct toy toy = {.out = fill_up};
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.outside.mtu = KIT_MAX_PACKET;
	toy_load(&c, &toy_tcp, 21, false, &toy);
	k = kit_open(&c);
	expect(k, "C:1025 > S:21 tcp A |01234567", "M:61000 > S:21 tcp A");
	assert_int_equal(k->results[0].packet.len, KIT_MAX_PACKET);
	kit_close(k);
}

/* PATH-42: a replaced packet's options are no longer finished. */
static void test_options_forgotten(void **state)
{
	static const struct edit longer = {"longer", 20, 0, "x",
					   false,    OK, 1, ""};
	static const uint8_t rr[8] = {7, 7, 4};
	static const uint8_t in[4] = {192, 168, 1, 1};
	static const uint8_t out[4] = {203, 0, 113, 1};
	const struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 6,
		.sport = 1025,
		.dport = 21,
		.flags = F_ACK,
		.ip_options = rr,
		.ip_options_len = sizeof(rr),
		.payload_len = 8,
	};
	static const struct toy idle = {0};
	struct masq_config c;
	struct kit *k = kit_editor(&longer);

	(void)state;
	assert_non_null(kit_packet(k, MASQ_INSIDE, &p));
	assert_memory_equal(k->results[0].packet.data + 23, in, 4);
	kit_close(k);
	kit_config(&c);
	toy_load(&c, &toy_tcp, 21, false, &idle);
	k = kit_open(&c);
	assert_non_null(kit_packet(k, MASQ_INSIDE, &p));
	assert_memory_equal(k->results[0].packet.data + 23, out, 4);
	kit_close(k);
}

/* ---- refused --------------------------------------------------------- */

static struct masq_answer refuse(struct masq_hook *hook, void *ctx)
{
	(void)hook;
	(void)ctx;
	return (struct masq_answer){.verdict = MASQ_REFUSE, .diff = 5};
}

static void test_refuse(void **state)
{
	static const struct toy toy = {refuse, refuse, NULL};
	struct masq_config c;
	struct masq_entry_info info;
	struct kit *k;

	(void)state;
	kit_config(&c);
	toy_load(&c, &toy_tcp, 21, false, &toy);
	k = kit_open(&c);
	expect(k, "C:1025 > S:21 tcp S", "drop helper");
	expect(k, "S:21 > M:61000 tcp SA", "drop helper");
	/* PATH-36: the entry has moved on all the same; no record is made. */
	expect_table(k, "tcp C:1025 M:61000 S:21 ESTABLISHED 90000");
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.out_delta, 0);
	assert_int_equal(kit_stats(k).drops[MASQ_DROP_HELPER], 2);
	kit_close(k);
}

/* A helper with no functions at all. */
static void test_no_functions(void **state)
{
	static const struct masq_helper_ops none = {.name = "none", .proto = 6};
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	toy_load(&c, &none, 21, false, NULL);
	k = kit_open(&c);
	expect(k, "C:1025 > S:21 tcp S", "M:61000 > S:21 tcp S");
	expect(k, "S:21 > M:61000 tcp SA", "S:21 > C:1025 tcp SA");
	kit_close(k);
}

/* Without SEQ_PAIR: edits are remembered, repeated, acknowledged. */
static void test_without_seq_pair(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.quirks &= ~MASQ_QUIRK(SEQ_PAIR);
	toy_load(&c, &toy_tcp, 21, false, &toy_opener);
	k = kit_open(&c);
	kit_send(k, "C:1025 > S:21 tcp S seq 99");
	for (int pass = 0; pass < 2; pass++) {
		kit_send(k, "C:1025 > S:21 tcp PA seq 100 "
			    "|OPEN 192,168,1,10,4,10\r\n");
		assert_int_equal(k->results[0].payload.len, 25);
		assert_memory_equal(k->results[0].payload.data,
				    "OPEN 203,0,113,1,238,73\r\n", 25);
	}
	kit_send(k, "C:1025 > S:21 tcp PA seq 124 |NLST\r\n");
	assert_int_equal(k->results[0].seq, 125);
	kit_send(k, "S:21 > M:61000 tcp A ack 125");
	assert_int_equal(k->results[0].ack, 124);
	assert_int_equal(kit_stats(k).num_children, 1);
	kit_close(k);
}

/* An edit half the number space ago still counts, also for the acks. */
static void run_old_edit(uint32_t step)
{
	struct masq_config c;
	struct kit *k;

	kit_config(&c);
	c.quirks &= ~MASQ_QUIRK(SEQ_PAIR);
	toy_load(&c, &toy_tcp, 21, false, &toy_opener);
	k = kit_open(&c);
	kit_send(k, "C:1025 > S:21 tcp S seq 99");
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 "
		    "|OPEN 192,168,1,10,4,10\r\n");
	for (uint32_t i = 1, seq = 124; i < 8; i++, seq += step) {
		char text[80];

		snprintf(text, sizeof(text), "C:1025 > S:21 tcp PA seq %u |x",
			 seq);
		kit_send(k, text);
		assert_int_equal(k->results[0].seq, seq + 1);
		snprintf(text, sizeof(text), "S:21 > M:61000 tcp A ack %u",
			 seq + 2);
		kit_send(k, text);
		assert_int_equal(k->results[0].ack, seq + 1);
	}
	kit_close(k);
}

static void test_old_edit(void **state)
{
	(void)state;
	run_old_edit(0x30000000u);
	/* As far ahead as a number can be. */
	run_old_edit(0x80000000u);
}

/* A text in place of the same text is no edit: all numbers stay. */
static void test_same_text(void **state)
{
	static const struct edit same = {"same", 22, 4, "2345",
					 false,  OK, 0, NULL};
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.quirks &= ~MASQ_QUIRK(SEQ_PAIR);
	toy_load(&c, &toy_tcp, 21, false, &editor);
	current_edit = &same;
	k = kit_open(&c);
	kit_send(k, "C:1025 > S:21 tcp PA seq 100 |01234567");
	kit_send(k, "C:1025 > S:21 tcp A seq 104");
	assert_int_equal(k->results[0].seq, 104);
	kit_send(k, "S:21 > M:61000 tcp A ack 105");
	assert_int_equal(k->results[0].ack, 105);
	kit_close(k);
}

/*
 * More edits than are kept: what held the one that is lost is not sent again
 * with numbers and a text that are wrong.
 */
static void test_lost_edit(void **state)
{
	enum {
		KEPT = 32,
		LEN = 24
	};
	struct masq_config c;
	struct kit *k;
	char text[80];

	(void)state;
	kit_config(&c);
	c.quirks &= ~MASQ_QUIRK(SEQ_PAIR);
	toy_load(&c, &toy_tcp, 21, false, &toy_opener);
	k = kit_open(&c);
	kit_send(k, "C:1025 > S:21 tcp S seq 99");
	for (uint32_t i = 0; i <= KEPT; i++) {
		snprintf(text, sizeof(text),
			 "C:1025 > S:21 tcp PA seq %u "
			 "|OPEN 192,168,1,10,4,10\r\n",
			 100 + i * LEN);
		kit_send(k, text);
		assert_int_equal(k->results[0].seq, 100 + i * (LEN + 1));
	}
	expect(k, "C:1025 > S:21 tcp PA seq 100 |OPEN 192,168,1,10,4,10\r\n",
	       "drop helper");
	kit_send(k, "C:1025 > S:21 tcp PA seq 124 "
		    "|OPEN 192,168,1,10,4,10\r\n");
	assert_int_equal(k->results[0].seq, 125);
	assert_int_equal(k->results[0].payload.len, LEN + 1);
	expect(k, "S:21 > M:61000 tcp A ack 100", "drop helper");
	kit_send(k, "S:21 > M:61000 tcp A ack 150");
	assert_int_equal(k->results[0].ack, 148);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_urgent),
		cmocka_unit_test(test_stale_answer),
		cmocka_unit_test(test_wrong_difference),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_options_forgotten),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_no_functions),
		cmocka_unit_test(test_without_seq_pair),
		cmocka_unit_test(test_old_edit),
		cmocka_unit_test(test_same_text),
		cmocka_unit_test(test_lost_edit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
