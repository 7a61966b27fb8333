/* SPDX-License-Identifier: Apache-2.0 */
/* raudio_fixed_test.c - PNA and RTSP with the quirks off */
#include "kit.h"
#include "raudio/raudio.h"

#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define SERVER    KIT_IP(198, 51, 100, 70)
#define PROTO_TCP 6

#define PNA_10     "PNA\0\x0a"
#define PNA_UDP    "\0\x01\0\x02"
#define PNA_ROBUST "\0\x07\0\x02"
#define PNA_END    "\0\0R\0\x09test.ra\0\0"

#define OPTIONS "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"
#define LINE    "SETUP rtsp://198.51.100.70/a.rm RTSP/1.0\r\n"
#define SETUP   LINE "Transport: RTP/AVP;unicast;client_port="
#define END     "\r\n\r\n"

#define HOLE(inside, masq)                                                     \
	"{UDP 192.168.1.10:" inside " ~ 203.0.113.1:" masq                     \
	" ~ 198.51.100.70:* LISTEN 120s parent=61000}"

static struct kit *open_kit(struct kit_conn *conn, uint64_t quirks,
			    uint32_t max_entries)
{
	struct masq_config config;
	struct kit *kit;

	kit_config(&config, quirks);
	config.max_entries = max_entries;
	kit_load(&config, &masq_raudio_module, NULL);
	kit = kit_open(&config);
	*conn = (struct kit_conn){.outside_addr = SERVER, .outside_port = 554};
	kit_connect(kit, conn);
	return kit;
}

/* A text as the connection's only data, and what becomes of it. */
static const struct row {
	const char *name;
	const char *sent;
	const char *expected; /* NULL = the same */
	const char *holes;    /* NULL = none */
} rows[] = {
	{"single", SETUP "6970" END, SETUP "61001" END, HOLE("6970", "61001")},
	{"a pair begins with an even port", SETUP "6970-6971" END,
	 SETUP "61002-61003" END,
	 HOLE("6970", "61001") "; " HOLE("6970", "61002") "; " HOLE("6971",
								    "61003")},
	{"an odd pair may be odd", SETUP "6971-6972;a" END,
	 SETUP "61001-61002;a" END,
	 HOLE("6971", "61001") "; " HOLE("6972", "61002")},
	{"the same port twice", SETUP "6971,b;client_port=6971" END,
	 SETUP "61001,b;client_port=61001" END, HOLE("6971", "61001")},
	{"the same pair twice", SETUP "6971-6972,b;client_port=6971-6972" END,
	 SETUP "61001-61002,b;client_port=61001-61002" END,
	 HOLE("6971", "61001") "; " HOLE("6972", "61002")},
	{"behind other messages", OPTIONS OPTIONS SETUP "6971" END OPTIONS,
	 OPTIONS OPTIONS SETUP "61001" END OPTIONS, HOLE("6971", "61001")},
	{"two requests in a segment", SETUP "6971" END SETUP "6973" END,
	 SETUP "61001" END SETUP "61002" END,
	 HOLE("6971", "61001") "; " HOLE("6973", "61002")},
	{"no neighbours", SETUP "6971-6973" END, NULL, NULL},
	{"low port", SETUP "1023" END, NULL, NULL},
	{"low pair", SETUP "1023-1024" END, NULL, NULL},
	{"high port", SETUP "65536" END, NULL, NULL},
	{"high pair", SETUP "65535-65536" END, NULL, NULL},
	{"no end of the head", SETUP "6970\r\n", NULL, NULL},
	{"no SETUP", "PLAY * RTSP/1.0\r\nTransport: a;client_port=6970" END,
	 NULL, NULL},
	{"another header", LINE "Transport: a\r\nX: ;client_port=6970" END,
	 NULL, NULL},
	{"in a body", "A b RTSP/1.0\r\nContent-Length: 99" END SETUP "6970" END,
	 NULL, NULL},
	{"no RTSP", "OPTIONS /x HTTP/1.1" END SETUP "6970" END, NULL, NULL},
	{"PNA in text", "PNA" SETUP "6970" END, NULL, NULL},
};

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		const char *expected = row->expected != NULL ? row->expected
							     : row->sent;
		const uint32_t len = (uint32_t)strlen(row->sent);
		const int32_t delta = (int32_t)(strlen(expected) - len);
		struct kit_conn conn;
		struct kit *kit = open_kit(&conn, MASQ_QUIRKS_NONE, 64);
		struct masq_entry_info info;
		const struct kit_result *r;

		r = kit_tcp_out(kit, &conn, row->sent, len);
		kit_assert_row_payload(row->name, r, expected,
				       (uint32_t)strlen(expected));
		kit_assert_row(row->name, strcmp(kit_entries(kit, 61000),
						 row->holes != NULL ? row->holes
								    : "") == 0);
		assert_true(kit_entry(kit, PROTO_TCP, 61000, &info));
		kit_assert_row(row->name, info.out_delta == delta);
		kit_close(kit);
	}
}

/* RA-S1: numbers fit; RA-S3: every SETUP counts. */
static void test_session(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn, MASQ_QUIRKS_NONE, 64);
	const struct kit_result *r;

	(void)state;
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6971" END)),
		    KIT_TEXT(SETUP "61001" END));
	r = kit_tcp_in(kit, &conn, KIT_TEXT("RTSP/1.0 200 OK\r\n\r\n"));
	assert_int_equal(r->ack, conn.inside_seq);
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6973" END)),
		    KIT_TEXT(SETUP "61002" END));
	r = kit_tcp_in(kit, &conn, KIT_TEXT("RTSP/1.0 200 OK\r\n\r\n"));
	assert_int_equal(r->ack, conn.inside_seq);
	r = kit_udp(kit, MASQ_OUTSIDE, SERVER, 5000, KIT_MASQ, 61002,
		    KIT_TEXT("media"));
	assert_non_null(r);
	assert_int_equal(r->dport, 6973);
	kit_close(kit);
}

/* Repeated octets are repeated as they left, however they are cut. */
static void test_retransmission(void **state)
{
	static const char text[] = SETUP "6971" END;
	const uint32_t before = sizeof(SETUP) - 1;
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn, MASQ_QUIRKS_NONE, 64);
	const uint32_t seq = conn.inside_seq;

	(void)state;
	kit_tcp_out(kit, &conn, text, sizeof(text) - 1);
	assert_sent(kit_conn_at(kit, &conn, MASQ_INSIDE, seq, conn.inside_ack,
				KIT_ACK, text, sizeof(text) - 1),
		    KIT_TEXT(SETUP "61001" END));
	assert_sent(kit_conn_at(kit, &conn, MASQ_INSIDE, seq + before,
				conn.inside_ack, KIT_ACK, text + before, 2),
		    KIT_TEXT("61001"));
	assert_string_equal(kit_entries(kit, 61000), HOLE("6971", "61001"));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6973" END)),
		    KIT_TEXT(SETUP "61002" END));
	kit_close(kit);
}

/* Who has missed something does not know where messages begin. */
static void test_gap(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn, MASQ_QUIRKS_NONE, 64);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OPTIONS));
	conn.inside_seq += 100;
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6971" END)),
		    KIT_TEXT(SETUP "6971" END));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6971" END)),
		    KIT_TEXT(SETUP "6971" END));
	assert_string_equal(kit_entries(kit, 61000), "");
	kit_close(kit);
}

/* INV-51: a request that is cut is left alone, the next one is not. */
static void test_cut(void **state)
{
	static const char text[] = SETUP "6971" END;
	const uint32_t len = sizeof(text) - 1;

	(void)state;
	for (uint32_t cut = 1; cut < len; cut++) {
		struct kit_conn conn;
		struct kit *kit = open_kit(&conn, MASQ_QUIRKS_NONE, 64);

		assert_sent(kit_tcp_out(kit, &conn, text, cut), text, cut);
		assert_sent(kit_tcp_out(kit, &conn, NULL, 0), "", 0);
		assert_sent(kit_tcp_out(kit, &conn, text + cut, len - cut),
			    text + cut, len - cut);
		assert_string_equal(kit_entries(kit, 61000), "");
		assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6973" END)),
			    KIT_TEXT(SETUP "61001" END));
		kit_close(kit);
	}
}

/* GEN-S4: eight holes that nobody uses; one that is used makes room. */
static void test_limit(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn, MASQ_QUIRKS_NONE, 64);
	struct masq_entry_info info;
	char text[] = SETUP "7000" END;
	char *digit = strstr(text, "7000") + 3;

	(void)state;
	for (char c = '0'; c <= '9'; c++) {
		*digit = c;
		kit_tcp_out(kit, &conn, text, sizeof(text) - 1);
	}
	assert_true(kit_entry(kit, PROTO_TCP, 61000, &info));
	assert_int_equal(info.num_children, 8);
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "8000-8001" END)),
		    KIT_TEXT(SETUP "8000-8001" END));
	kit_udp(kit, MASQ_OUTSIDE, SERVER, 5000, KIT_MASQ, 61001,
		KIT_TEXT("media"));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "8000" END)),
		    KIT_TEXT(SETUP "61009" END));
	kit_close(kit);
}

/* What opens nothing is not changed. */
static void test_no_room(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn, MASQ_QUIRKS_NONE, 2);

	(void)state;
	assert_sent(kit_tcp_out(kit, &conn,
				KIT_TEXT(SETUP "6971-6972,b;client_port=6973,"
					       "c;client_port=6971" END)),
		    KIT_TEXT(SETUP "6971-6972,b;client_port=6973,"
				   "c;client_port=61001" END));
	kit_close(kit);
}

/* A datagram that would pass 65535 octets is left as it is (GEN-17). */
static void test_too_long(void **state)
{
	static char text[65495];
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 554};
	struct masq_config config;
	struct kit *kit;

	(void)state;
	kit_config(&config, MASQ_QUIRKS_NONE);
	config.inside.mtu = 65535;
	config.outside.mtu = 65535;
	kit_load(&config, &masq_raudio_module, NULL);
	kit = kit_open(&config);
	kit_connect(kit, &conn);
	memset(text, '\n', sizeof(text));
	memcpy(text + sizeof(text) - strlen(SETUP "6971" END), SETUP "6971" END,
	       strlen(SETUP "6971" END));
	assert_sent(kit_tcp_out(kit, &conn, text, sizeof(text)), text,
		    sizeof(text));
	kit_close(kit);
}

static const struct hello_row {
	const char *name;
	const char *sent;
	uint32_t len;
	const char *expected;
	const char *holes;
} hello_rows[] = {
	{"two ports",
	 KIT_TEXT(PNA_10 PNA_UDP "\x1b\x3a" PNA_ROBUST "\x1b\x3b" PNA_END),
	 PNA_10 PNA_UDP "\xee\x49" PNA_ROBUST "\xee\x4a" PNA_END,
	 HOLE("6970", "61001") "; " HOLE("6971", "61002")},
	{"one port twice",
	 KIT_TEXT(PNA_10 PNA_UDP "\x1b\x3a" PNA_ROBUST "\x1b\x3a" PNA_END),
	 PNA_10 PNA_UDP "\xee\x49" PNA_ROBUST "\xee\x49" PNA_END,
	 HOLE("6970", "61001")},
	{"other lengths",
	 KIT_TEXT(PNA_10 "\0\x01\0\x04\x1b\x3a\xaa\xbb" PNA_ROBUST "\x1b\x3b"
			 "\0\x01\0\0\0\x01\0\x01\x1b" PNA_END),
	 PNA_10 "\0\x01\0\x04\x1b\x3a\xaa\xbb" PNA_ROBUST "\xee\x49"
		"\0\x01\0\0\0\x01\0\x01\x1b" PNA_END,
	 HOLE("6971", "61001")},
	{"low port", KIT_TEXT(PNA_10 PNA_UDP "\x03\xff" PNA_END), NULL, ""},
	{"no port", KIT_TEXT(PNA_10 PNA_UDP "\0\0" PNA_END), NULL, ""},
	{"no end", KIT_TEXT(PNA_10 PNA_UDP "\x1b\x3a\0"), NULL, ""},
	{"version 256", KIT_TEXT("PNA\x01\0" PNA_UDP "\x1b\x3a" PNA_END), NULL,
	 ""},
};

static void test_hellos(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hello_rows) / sizeof(*hello_rows); i++) {
		const struct hello_row *row = &hello_rows[i];
		const char *expected = row->expected != NULL ? row->expected
							     : row->sent;
		struct kit_conn conn;
		struct kit *kit = open_kit(&conn, MASQ_QUIRKS_NONE, 64);

		kit_assert_row_payload(
			row->name, kit_tcp_out(kit, &conn, row->sent, row->len),
			expected, row->len);
		/* Nothing behind it is looked at. */
		assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6999" END)),
			    KIT_TEXT(SETUP "6999" END));
		kit_assert_row(row->name, strcmp(kit_entries(kit, 61000),
						 row->holes) == 0);
		kit_close(kit);
	}
}

/* Quirks one by one: RA_ONCE off, or RA_ONCE alone. */
static void test_single_quirks(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn,
				   MASQ_QUIRKS_ALL & ~MASQ_QUIRK(RA_ONCE), 64);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OPTIONS));
	kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6971;a" END));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6973;a" END)),
		    KIT_TEXT(SETUP "61002;a" END));
	kit_close(kit);
	kit = open_kit(&conn, MASQ_QUIRK(RA_ONCE), 64);
	assert_sent(kit_tcp_out(kit, &conn,
				KIT_TEXT(SETUP "6971,b;client_port=6973" END)),
		    KIT_TEXT(SETUP "61001,b;client_port=6973" END));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP "6973" END)),
		    KIT_TEXT(SETUP "6973" END));
	kit_close(kit);
	kit = open_kit(&conn, MASQ_QUIRKS_ALL & ~MASQ_QUIRK(RA_ONCE), 64);
	kit_tcp_out(kit, &conn, KIT_TEXT(PNA_10 PNA_UDP "\x1b\x3a" PNA_END));
	assert_sent(kit_tcp_out(kit, &conn,
				KIT_TEXT(PNA_10 PNA_UDP "\x1b\x3b" PNA_END)),
		    KIT_TEXT(PNA_10 PNA_UDP "\xee\x4a" PNA_END));
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_session),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_hellos),
		cmocka_unit_test(test_single_quirks),
	};

	return cmocka_run_group_tests_name("helpers.raudio.fixed", tests, NULL,
					   NULL);
}
