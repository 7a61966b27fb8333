/* SPDX-License-Identifier: Apache-2.0 */
/* invariants_stream_test.c - INV-22: sequence numbers behind edits */
#include <string.h>

#include "watch.h"

#define FTP 21

static struct watch w;

/* With FTP, whose edits are judged. */
static int setup(void **state)
{
	*state = &w;
	watch_init(&w);
	w.settings.num_loads = 1;
	w.settings.loads[0].helper = CONF_HELPER_FTP;
	watch_start(&w);
	return 0;
}

/* A segment outbound that leaves with other numbers and text. */
static void out(uint8_t flags, uint32_t seq, uint32_t ack, const char *text,
		uint32_t new_seq, uint32_t new_ack, const char *new_text)
{
	struct packet p = make_tcp(INSIDE_HOST, 2000, PEER, FTP, flags, text);
	struct packet q = make_tcp(INSIDE_HOST, 2000, PEER, FTP, flags,
				   new_text);

	put32(&p, 24, seq);
	put32(&p, 28, ack);
	fix_all(&p);
	put32(&q, 24, new_seq);
	put32(&q, 28, new_ack);
	q = nat_out(&q, WATCH_PORT);
	watch_out(&w, &p, &q);
}

static void in(uint8_t flags, uint32_t seq, uint32_t ack, uint32_t new_seq,
	       uint32_t new_ack)
{
	struct packet p = make_tcp(PEER, FTP, OUTSIDE_ADDR, WATCH_PORT, flags,
				   "200");
	struct packet q;

	put32(&p, 24, seq);
	put32(&p, 28, ack);
	fix_all(&p);
	q = p;
	put32(&q, 24, new_seq);
	put32(&q, 28, new_ack);
	q = nat_in(&q, INSIDE_HOST, 2000);
	watch_in(&w, &p, &q);
}

static void test_no_edit(void **state)
{
	(void)state;
	out(2, 99, 0, "", 99, 0, "");
	in(0x12, 500, 100, 500, 100);
	watch_expect_none(&w);
	out(0x18, 100, 501, "USER x", 105, 501, "USER x");
	watch_expect(&w, "INV-22");
	in(0x10, 501, 106, 501, 100);
	watch_expect(&w, "INV-22");
}

static void test_edits(void **state)
{
	(void)state;
	/* Ten octets become thirteen. */
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22,33\r\n");
	out(0x18, 110, 501, "LIST\r\n", 115, 501, "LIST\r\n");
	in(0x10, 501, 115, 501, 110);
	in(0x10, 501, 121, 501, 116);
	in(0x10, 501, 100, 501, 100);
	/* Within the edit nobody knows. */
	in(0x10, 501, 107, 501, 103);
	/* The same again, as a retransmission. */
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22,33\r\n");
	/* A second one, that shrinks. */
	out(0x18, 116, 501, "PORT 11,22\r\n", 121, 501, "PORT 1,2\r\n");
	out(0x18, 128, 501, "NOOP\r\n", 131, 501, "NOOP\r\n");
	in(0x10, 501, 131, 501, 128);
	watch_expect_none(&w);
	out(0x18, 134, 501, "NOOP\r\n", 134, 501, "NOOP\r\n");
	watch_expect(&w, "INV-22");
	in(0x10, 501, 131, 501, 131);
	watch_expect(&w, "INV-22");
	in(0, 501, 131, 501, 128);
	watch_expect(&w, "INV-22");
	/* The connection begins again: nothing is known. */
	out(2, 9000, 0, "", 9000, 0, "");
	out(0x18, 9001, 501, "x", 77, 501, "x");
	watch_expect_none(&w);
}

static void test_other_edit(void **state)
{
	(void)state;
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22,33\r\n");
	/* The same octets, another way: the law has no answer. */
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22\r\n");
	out(0x18, 110, 501, "x", 0, 501, "x");
	watch_expect_none(&w);
}

static void test_many_edits(void **state)
{
	uint32_t at = 100;

	(void)state;
	for (uint32_t i = 0; i < 20; i++, at += 10)
		out(0x18, at, 501, "0123456789", at + i, 501, "0123456789a");
	/* No room: unknown. */
	out(0x18, at, 501, "x", 5, 501, "x");
	watch_expect_none(&w);
}

static void test_sack(void **state)
{
	struct packet p = make_tcp(PEER, FTP, OUTSIDE_ADDR, WATCH_PORT, 0x10,
				   "\1\1\5\12"
				   "aaaabbbb");
	struct packet q;

	(void)state;
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22,33\r\n");
	put8(&p, 32, 0x80);
	put32(&p, 28, 100);
	put32(&p, 44, 115);
	put32(&p, 48, 121);
	fix_all(&p);
	q = p;
	put32(&q, 44, 110);
	put32(&q, 48, 116);
	q = nat_in(&q, INSIDE_HOST, 2000);
	watch_in(&w, &p, &q);
	watch_expect_none(&w);
	q = nat_in(&p, INSIDE_HOST, 2000);
	watch_in(&w, &p, &q);
	watch_expect(&w, "INV-22");
	/* Half a block is none. */
	put8(&p, 43, 9);
	fix_all(&p);
	q = nat_in(&p, INSIDE_HOST, 2000);
	watch_in(&w, &p, &q);
	watch_expect_none(&w);
	put8(&p, 43, 10);
	fix_all(&p);
	q = nat_in(&p, INSIDE_HOST, 2000);
	watch_stop(&w);
	w.settings.quirks_on = MASQ_QUIRK(SACK_STALE);
	watch_start(&w);
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22,33\r\n");
	watch_in(&w, &p, &q);
	watch_expect_none(&w);
}

/* A reply that a helper changed and the router then threw away: too old. */
static void test_refused(void **state)
{
	struct packet p = make_tcp(PEER, FTP, OUTSIDE_ADDR, WATCH_PORT, 0x18,
				   "227 (1,2,3,4,5,6)");
	struct packet error;

	(void)state;
	out(0x18, 100, 501, "PASV\r\n", 100, 501, "PASV\r\n");
	put32(&p, 24, 501);
	put32(&p, 28, 106);
	put8(&p, 8, 1);
	fix_all(&p);
	error = own_error(&p, OUTSIDE_ADDR, 11, 0);
	watch_stimulus(&w, &p, CONF_OUTSIDE);
	watch_result(&w, &error, CONF_OUTSIDE);
	watch_end(&w);
	in(0x10, 518, 106, 520, 106);
	watch_expect_none(&w);
}

/* The server connects before the client: to port 0, which is nobody's. */
static void test_early_server(void **state)
{
	struct packet p = make_tcp(PEER, 20, OUTSIDE_ADDR, WATCH_PORT + 1, 2,
				   "");
	struct packet q = nat_in(&p, INSIDE_HOST, 0);

	(void)state;
	out(0x18, 100, 501, "PASV\r\n", 100, 501, "PASV\r\n");
	watch_in(&w, &p, &q);
	p = make_tcp(INSIDE_HOST, 0, PEER, 20, 0x10, "");
	watch_send_out(&w, &p, WATCH_PORT + 2);
	watch_expect_none(&w);
}

/* Edits are not forgotten when the numbers have come round half way. */
static void test_wrap(void **state)
{
	const uint32_t half = 0x80000000u, quarter = 0x40000000u;

	(void)state;
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22,33\r\n");
	for (uint32_t at = 110 + quarter / 2; at != 110; at += quarter / 2)
		out(0x18, at, 501, "x", at + 5, 501, "x");
	in(0x10, 501, 115 + half + quarter, 501, 110 + half + quarter);
	watch_expect_none(&w);
	out(0x18, 52, 501, "x", 52, 501, "x");
	watch_expect(&w, "INV-22");
	in(0x10, 501, 110 + half, 501, 7);
	/* Of what is a quarter old nobody can tell. */
	out(0x10, half + quarter - 1000, 501, "", 7, 501, "");
	watch_expect_none(&w);
}

/* A jump half way round: the edit is old, and does not lie ahead. */
static void test_jump(void **state)
{
	const uint32_t half = 0x80000000u;

	(void)state;
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22,33\r\n");
	out(0x18, 109 + half, 501, "x", 114 + half, 501, "x");
	out(0x18, 110 + half, 501, "x", 115 + half, 501, "x");
	watch_expect_none(&w);
	out(0x18, 111 + half, 501, "x", 111 + half, 501, "x");
	watch_expect(&w, "INV-22");
}

/* A first edit half way round: what was newer once is of no account. */
static void test_edit_after_jump(void **state)
{
	const uint32_t half = 0x80000000u;

	(void)state;
	out(0x18, 61, 501, "0123456789", 61, 501, "0123456789");
	out(0x18, half + 100, 501, "PORT 1,2\r\n", half + 100, 501,
	    "PORT 11,22,33\r\n");
	out(0x18, half + 60, 501, "x", half + 60, 501, "x");
	out(0x18, half + 90, 501, "x", half + 90, 501, "x");
	out(0x18, half + 110, 501, "x", half + 115, 501, "x");
	watch_expect_none(&w);
	out(0x18, half + 111, 501, "x", half + 111, 501, "x");
	watch_expect(&w, "INV-22");
	/* And a second one that far away: before the first, or behind it? */
	out(0x18, 50, 501, "PORT 1,2\r\n", 50, 501, "PORT 11,22,33\r\n");
	out(0x18, 60, 501, "x", 65, 501, "x");
	out(0x18, half + 120, 501, "x", half + 120, 501, "x");
	watch_expect_none(&w);
}

/* Some octets of an edit are a quarter of all numbers away, some are not. */
static void test_edit_at_the_edge(void **state)
{
	const uint32_t quarter = 0x40000000u;

	(void)state;
	out(0x18, 1, 501, "PORT 11,22\r\n", 1, 501, "PORT 1,2\r\n");
	out(0x18, quarter + 1, 501, "x", quarter - 1, 501, "x");
	watch_expect_none(&w);
	out(0x10, 7, 501, "", 11, 501, "");
	watch_expect_none(&w);
	out(0x18, 14, 501, "x", 14, 501, "x");
	watch_expect(&w, "INV-22");
	/* The receiver counts less: to it that is as far ahead. */
	in(0x10, 501, 2 * quarter + 2, 501, 2 * quarter + 4);
	watch_expect_none(&w);
}

/* The peer finds another mapping of the connection; the old one goes on. */
static void test_twin(void **state)
{
	struct packet p = make_tcp(PEER, FTP, OUTSIDE_ADDR, WATCH_PORT + 1, 2,
				   "");

	(void)state;
	out(0x18, 100, 501, "PORT 1,2\r\n", 100, 501, "PORT 11,22,33\r\n");
	watch_send_in(&w, &p, INSIDE_HOST, 2000);
	out(0x18, 110, 501, "x", 115, 501, "x");
	watch_expect_none(&w);
}

static void test_urgent(void **state)
{
	struct packet p = make_tcp(INSIDE_HOST, 2000, PEER, FTP, 0x38,
				   "PORT 1,2\r\n");
	struct packet q = make_tcp(INSIDE_HOST, 2000, PEER, FTP, 0x38,
				   "PORT 11,22\r\n");

	(void)state;
	put16(&p, 38, 10);
	fix_all(&p);
	put16(&q, 38, 12);
	q = nat_out(&q, WATCH_PORT);
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	/* An octet behind the text, which has grown by two. */
	put16(&p, 38, 20);
	fix_all(&p);
	put16(&q, 38, 22);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect_none(&w);
	put16(&q, 38, 20);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-22");
	put16(&p, 38, 10);
	fix_all(&p);
	put16(&q, 38, 12);
	fix_all(&q);
	/* Without the flag it means nothing, and stays. */
	put8(&p, 33, 0x18);
	fix_all(&p);
	put8(&q, 33, 0x18);
	fix_all(&q);
	watch_out(&w, &p, &q);
	watch_expect(&w, "INV-08");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, watch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_no_edit),
		TEST(test_edits),
		TEST(test_other_edit),
		TEST(test_many_edits),
		TEST(test_sack),
		TEST(test_refused),
		TEST(test_jump),
		TEST(test_twin),
		TEST(test_urgent),
		TEST(test_early_server),
		TEST(test_wrap),
		TEST(test_edit_after_jump),
		TEST(test_edit_at_the_edge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
