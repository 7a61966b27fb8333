/* SPDX-License-Identifier: Apache-2.0 */
/*
 * irc_sequence_test.c - several segments, peers and times: what Linux
 * 2.2.26 does (vectors IRC-V46 to -V56, anchor A3)
 */
#include "ftp/ftp.h"
#include "irc/irc.h"
#include "kit.h"

#define SERVER  KIT_IP(198, 51, 100, 67)
#define OFFER   "PRIVMSG bob :\001DCC CHAT chat 3232235786 5000\001\r\n"
#define OFFERED "PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"
#define HOLE                                                                   \
	"{TCP 192.168.1.10:5000 ~ 203.0.113.1:61001 ~ *:* LISTEN 120s "        \
	"parent=none}"
#define PINNED                                                                 \
	"{TCP 192.168.1.10:5000 ~ 203.0.113.1:61001 ~ *:* LISTEN parent=none " \
	"NO-TIMER}"

static struct kit *open_kit(struct kit_conn *conn)
{
	struct kit *kit = kit_open_with(&masq_irc_module, MASQ_QUIRKS_ALL);

	*conn = (struct kit_conn){.outside_addr = SERVER, .outside_port = 6667};
	kit_connect(kit, conn);
	return kit;
}

static const struct kit_result *knock(struct kit *kit, uint32_t src,
				      uint16_t sport)
{
	const struct kit_segment s = {
		.src = src,
		.sport = sport,
		.dst = KIT_MASQ,
		.dport = 61001,
		.seq = 1,
		.flags = KIT_SYN,
	};

	return kit_segment(kit, MASQ_OUTSIDE, &s);
}

/* With the time to live as it arrives. */
static void anchor_a3(void **state)
{
	static const uint8_t a3[] =
		"\x45\x00\x00\x57\x12\x34\x40\x00\x3f\x06\xc2\xf4\xcb\x00\x71"
		"\x01\xc6\x33\x64\x43\xee\x48\x1a\x0b\x00\x00\x03\xe9\x00\x00"
		"\x13\x89\x50\x18\x22\x38\x3e\xe8\x00\x00" OFFERED;
	const struct kit_result *r;
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	(void)state;
	r = kit_hex(kit, MASQ_INSIDE,
		    "45000056 12344000 40063c45 c0a8010a c6336443 04061a0b"
		    "000003e9 00001389 50182238 a2b20000 50524956 4d534720"
		    "626f6220 3a014443 43204348 41542063 68617420 33323332"
		    "32333537 38362035 30303001 0d0a");
	assert_non_null(r);
	assert_int_equal(r->len, sizeof(a3) - 1);
	assert_memory_equal(r->data, a3, r->len);
	kit_close(kit);
}

static void v46_retransmission(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	(void)state;
	for (int i = 0; i < 2; i++) {
		const struct kit_result *r =
			kit_conn_at(kit, &conn, MASQ_INSIDE, 1001, 5001,
				    KIT_PSH | KIT_ACK, KIT_TEXT(OFFER));

		kit_assert_payload(r, KIT_TEXT(OFFERED));
		kit_assert_entries(kit, KIT_FIRST_PORT, HOLE);
	}
	kit_close(kit);
}

static void v47_first_peer_wins(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OFFER));
	r = knock(kit, KIT_IP(198, 51, 100, 200), 3333);
	assert_non_null(r);
	assert_int_equal(r->dst, KIT_CLIENT);
	assert_int_equal(r->dport, 5000);
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   "{TCP 192.168.1.10:5000 ~ 203.0.113.1:61001 ~ "
			   "198.51.100.200:3333 SYN_RECV 60s parent=none}");
	assert_null(knock(kit, KIT_IP(198, 51, 100, 201), 3333));
	kit_close(kit);
}

static void v48_hole_outlives_the_connection(void **state)
{
	struct masq_entry_info info;
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OFFER));
	kit_conn_at(kit, &conn, MASQ_INSIDE, conn.inside_seq, 0, KIT_RST, NULL,
		    0);
	kit_wait(kit, 11000);
	assert_false(kit_entry(kit, 6, 61000, &info));
	assert_true(kit_entry(kit, 6, 61001, &info));
	kit_wait(kit, 110000);
	kit_assert_entries(kit, 0, "");
	kit_close(kit);
}

static void v49_ftp_shares_the_hole(void **state)
{
	struct kit_conn ftp = {
		.inside_port = 1031,
		.outside_addr = KIT_IP(198, 51, 100, 21),
		.outside_port = 21,
	};
	struct kit_conn irc = {.outside_addr = SERVER, .outside_port = 6667};
	struct masq_config config;
	const struct kit_result *r;
	struct kit *kit;

	(void)state;
	kit_config(&config, MASQ_QUIRKS_ALL);
	kit_load(&config, &masq_ftp_module, NULL);
	kit_load(&config, &masq_irc_module, NULL);
	kit = kit_open(&config);
	kit_connect(kit, &irc);
	kit_tcp_out(kit, &irc, KIT_TEXT(OFFER));
	kit_connect(kit, &ftp);
	r = kit_tcp_out(kit, &ftp, KIT_TEXT("PORT 192,168,1,10,19,136\r\n"));
	kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,73\r\n"));
	assert_non_null(strstr(kit_entries(kit, 61000), HOLE));
	assert_null(strstr(kit->text, "61003"));
	kit_close(kit);
}

/* insecure=1: another host's source port is no way to steal it. */
static void v50_no_theft(void **state)
{
	static struct helper_options options;
	struct kit_conn victim = {
		.inside_addr = KIT_IP(192, 168, 1, 77),
		.inside_port = 2000,
		.outside_addr = KIT_IP(198, 51, 100, 80),
		.outside_port = 80,
	};
	struct kit_conn thief = {.outside_addr = SERVER, .outside_port = 6667};
	struct masq_config config;
	const struct kit_result *r;
	struct kit *kit;

	(void)state;
	kit_config(&config, MASQ_QUIRKS_ALL);
	helper_options_init(&options);
	options.irc_insecure = true;
	kit_load_in(&config, &masq_irc_module, NULL, NULL, &options);
	kit = kit_open(&config);
	kit_connect(kit, &victim);
	kit_connect(kit, &thief);
	r = kit_tcp_out(kit, &thief,
			KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235853 "
				 "2000\001\r\n"));
	kit_assert_payload(r, KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat "
				       "3405803777 61002\001\r\n"));
	r = kit_tcp_out(kit, &victim, KIT_TEXT("GET / HTTP/1.0\r\n"));
	assert_int_equal(r->sport, 61000);
	kit_close(kit);
}

struct row {
	const char *name;
	const char *text; /* of the server, after OFFER */
	uint32_t text_len;
	const char *expected; /* that the client gets; NULL = the same */
	uint32_t expected_len;
	int32_t delta; /* recorded for the direction in */
	const char *entries;
};

static const struct row rows[] = {
	/* normal: RESUME with our public address and port */
	{"IRC-V52",
	 KIT_TEXT(":bob!u@h PRIVMSG al :\001DCC RESUME a.txt 3405803777 61001 "
		  "512\001\r\n"),
	 KIT_TEXT(":bob!u@h PRIVMSG al :\001DCC RESUME a.txt 3232235786 5000 "
		  "512\001\r\n"),
	 -1, PINNED},
	/* boundary: real mIRC RESUME (no address) */
	{"IRC-V53",
	 KIT_TEXT(":bob!u@h PRIVMSG al :\001DCC RESUME a.txt 61001 "
		  "512\001\r\n"),
	 NULL, 0, 0, HOLE},
	/* boundary: 30 bytes from the CTCP byte: processed */
	{"IRC-V54", KIT_TEXT("\001DCC RESUME a 3405803777 61001"),
	 KIT_TEXT("\001DCC RESUME a 3232235786 5000"), -1, PINNED},
	/* boundary: 29 bytes: not processed */
	{"IRC-V55", KIT_TEXT("\001DCC RESUME  3405803777 61001"), NULL, 0, 0,
	 HOLE},
	/* boundary: unknown port */
	{"IRC-V56",
	 KIT_TEXT(":bob!u@h PRIVMSG al :\001DCC RESUME a.txt 3405803777 61009 "
		  "512\001\r\n"),
	 NULL, 0, 0, HOLE},
	/* the second number is missing; then a good request */
	{"no blank",
	 KIT_TEXT("\001DCC RESUME abcdefghijklmnopqrs 1x"
		  "\001DCC RESUME a 3405803777 61001"),
	 KIT_TEXT("\001DCC RESUME abcdefghijklmnopqrs 1x"
		  "\001DCC RESUME a 3232235786 5000"),
	 -1, PINNED},
	/* an argument that reaches too near to the end */
	{"long argument", KIT_TEXT("\001DCC RESUME abcdefghijklmnopqrstuvwxyz"),
	 NULL, 0, 0, HOLE},
};

static void linux_resumes_with_an_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		const struct kit_result *r;
		struct masq_entry_info own;
		struct kit_conn conn;
		struct kit *kit = open_kit(&conn);

		kit_tcp_out(kit, &conn, KIT_TEXT(OFFER));
		r = kit_tcp_in(kit, &conn, row->text, row->text_len);
		if (row->expected == NULL)
			kit_assert_row_payload(row->name, r, row->text,
					       row->text_len);
		else
			kit_assert_row_payload(row->name, r, row->expected,
					       row->expected_len);
		kit_assert_row_entries(row->name, kit, KIT_FIRST_PORT,
				       row->entries);
		kit_assert_row(row->name,
			       kit_entry(kit, 6, KIT_FIRST_PORT, &own));
		kit_assert_row(row->name, own.in_delta == row->delta);
		kit_wait(kit, 40000000);
		kit_assert_row_entries(row->name, kit, 0,
				       row->delta == 0 ? "" : PINNED);
		kit_close(kit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anchor_a3),
		cmocka_unit_test(v46_retransmission),
		cmocka_unit_test(v47_first_peer_wins),
		cmocka_unit_test(v48_hole_outlives_the_connection),
		cmocka_unit_test(v49_ftp_shares_the_hole),
		cmocka_unit_test(v50_no_theft),
		cmocka_unit_test(linux_resumes_with_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
