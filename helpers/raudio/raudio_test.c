/* SPDX-License-Identifier: Apache-2.0 */
/* raudio_test.c - vectors RA-V27 to -V56 and A7, as Linux 2.2.26 */
#include "raudio/raudio.h"
#include "vector.h"

#define BYTES(s)         VECTOR_BYTES(s)
#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define SERVER KIT_IP(198, 51, 100, 70)

/* Requests and their parts. */
#define OPTIONS "OPTIONS rtsp://198.51.100.70:554 RTSP/1.0\r\nCSeq: 1\r\n\r\n"
#define SETUP   "SETUP rtsp://198.51.100.70/a.rm RTSP/1.0\r\nCSeq: 3\r\n"
#define AVP     "Transport: RTP/AVP;client_port="
#define UNICAST "Transport: RTP/AVP;unicast;client_port="
#define REAL    "Transport: x-real-rdt/udp;client_port="
#define TNG     "Transport: x-pn-tng/udp;client_port="
#define PLAY    ";mode=play"
#define END     "\r\n\r\n"

#define CHILD(inside, masq)                                                    \
	"{UDP 192.168.1.10:" inside " ~ 203.0.113.1:" masq                     \
	" ~ *:* LISTEN 120s parent=61000}"

static const struct vector_place place = {
	.module = &masq_raudio_module,
	.server_addr = SERVER,
	.server_port = 554,
};

static const struct vector_row rows[] = {
	{
		.id = "RA-V27",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP UNICAST "6970-6971" PLAY END),
		.expected = BYTES(SETUP UNICAST "61001-61002" PLAY END),
		.delta = 3,
		.made = CHILD("6970", "61001") "; " CHILD("6971", "61002"),
	},
	{
		.id = "RA-V28",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP TNG "6970" PLAY END),
		.expected = BYTES(SETUP TNG "61001" PLAY END),
		.delta = 2,
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V29",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP UNICAST "6970-6971" END),
	},
	{
		.id = "RA-V30",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(
			SETUP REAL
			"6970" PLAY ",x-pn-tng/udp;client_port=6970" PLAY
			",rtp/avp;unicast;client_port=6970-6971" PLAY END),
		.expected = BYTES(
			SETUP REAL
			"61001" PLAY ",x-pn-tng/udp;client_port=6970" PLAY
			",rtp/avp;unicast;client_port=6970-6971" PLAY END),
		.delta = 2,
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V31",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(
			SETUP TNG
			"6970,RTP/AVP;client_port=7000-7001" PLAY END),
	},
	{
		.id = "RA-V32",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP AVP "50000" PLAY END),
		.expected = BYTES(SETUP AVP "61001" PLAY END),
		.delta = 1,
		.made = CHILD("50000", "61001"),
	},
	{
		.id = "RA-V34",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP AVP " 6970 - 6971" PLAY END),
		.expected = BYTES(SETUP AVP " 61001-61002" PLAY END),
		.delta = 1,
		.made = CHILD("6970", "61001") "; " CHILD("6971", "61002"),
	},
	{
		.id = "RA-V35",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP AVP "69 70" PLAY END),
		.expected = BYTES(SETUP AVP "61001" PLAY END),
		.delta = 1,
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V36",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP AVP "6970-" PLAY END),
		.expected = BYTES(SETUP AVP "61001" PLAY END),
		.delta = 1,
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V37",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP AVP "6970-x71" PLAY END),
		.expected = BYTES(SETUP AVP "61001-61002" PLAY END),
		.delta = 4,
		.made = CHILD("6970", "61001") "; " CHILD("71", "61002"),
	},
	{
		.id = "RA-V38",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP AVP "6970x-6971" PLAY END),
	},
	{
		.id = "RA-V39",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP AVP "0" PLAY END),
		.expected = BYTES(SETUP AVP "61001" PLAY END),
		.delta = 5,
		.made = CHILD("0", "61001"),
	},
	{
		.id = "RA-V40",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP AVP "72506" PLAY END),
		.expected = BYTES(SETUP AVP "61001" PLAY END),
		.delta = 1,
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V41",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP "TRANSPORT: RTP/AVP;unicast;CLIENT_PORT"
					"=6970-6971" PLAY END),
		.expected = BYTES(SETUP "TRANSPORT: RTP/AVP;unicast;CLIENT_PORT"
					"=61001-61002" PLAY END),
		.delta = 3,
		.made = CHILD("6970", "61001") "; " CHILD("6971", "61002"),
	},
	{
		.id = "RA-V42",
		.before[0] = BYTES("DESCRIBE rtsp://x RTSP/1.0" END),
		.stimulus = BYTES(SETUP AVP "6970;x" END),
		.expected = BYTES(SETUP AVP "61001;x" END),
		.delta = 2,
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V43",
		.stimulus = BYTES(SETUP AVP "6970;x" END),
	},
	{
		.id = "RA-V44",
		.before[0] = BYTES("options rtsp://198.51.100.70:554 rtsp/"
				   "1.0\r\n"
				   "cseq: 1" END),
		.stimulus = BYTES(SETUP AVP "6970;x" END),
	},
	{
		.id = "RA-V45",
		.stimulus = BYTES(OPTIONS SETUP AVP "6970;x" END),
		.expected = BYTES(OPTIONS SETUP AVP "61001;x" END),
		.delta = 2,
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V46",
		.before[0] = BYTES(OPTIONS),
		.before[1] = BYTES(SETUP AVP "6970-6971" PLAY END),
		.stimulus = BYTES("SETUP rtsp://198.51.100.70/a.rm RTSP/1"
				  ".0\r\n"
				  "CSeq: 4\r\n" AVP "6972-6973" PLAY END),
		.delta = 3,
	},
	{
		.id = "RA-V47",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP "t" AVP "6970;x" END),
	},
	{
		.id = "RA-V48",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES(SETUP
				  "Transport: RTP/AVP;cclient_port=6970;x" END),
	},
	{
		.id = "RA-V49",
		.before[0] = BYTES(OPTIONS),
		.stimulus = BYTES("SETUP x RTSP/1.0\r\n"
				  "Transport: RTP/AVP/TCP;interleaved=0-1"
				  "\r\n"
				  "X-Y: client_port=137;z" END),
		.expected = BYTES("SETUP x RTSP/1.0\r\n"
				  "Transport: RTP/AVP/TCP;interleaved=0-1"
				  "\r\n"
				  "X-Y: client_port=61001;z" END),
		.delta = 3,
		.made = CHILD("137", "61001"),
	},
	{
		.id = "RA-V50",
		.before[0] = BYTES("OPTIONS /x HTTP/1.1\r\n"
				   "Host: evil:554\r\n"
				   "Origin: http://evil" END),
		.stimulus = BYTES("POST /x HTTP/1.1\r\n"
				  "Host: evil:554" END
				  "transport: client_port=137;"),
		.expected = BYTES("POST /x HTTP/1.1\r\n"
				  "Host: evil:554" END
				  "transport: client_port=61001;"),
		.delta = 3,
		.made = CHILD("137", "61001"),
	},
	{
		.id = "RA-V51",
		.before[0] = BYTES(OPTIONS),
		.has_options = true,
		.stimulus = BYTES(SETUP AVP "6970-6971;x" END),
		.expected = BYTES(SETUP AVP "61001-61002;x" END),
		.delta = 3,
		.made = CHILD("6970", "61001") "; " CHILD("6971", "61002"),
	},
};

static void test_vectors(void **state)
{
	(void)state;
	vector_run(&place, rows, sizeof(rows) / sizeof(*rows));
}

/* RA-V33: a difference of -1 is reported as 0; the checksums are stale. */
static void test_minus_one(void **state)
{
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);
	const struct kit_result *r;
	struct masq_view packet;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OPTIONS));
	kit->no_checks = true;
	r = kit_tcp_out(kit, &conn, KIT_TEXT(SETUP AVP "50000 " PLAY END));
	assert_sent(r, KIT_TEXT(SETUP AVP "61001" PLAY END));
	packet = (struct masq_view){.data = r->data, .len = r->len};
	assert_int_not_equal(masq_fold(masq_sum(masq_slice(packet, 0, 20))),
			     0xffff);
	assert_int_equal(vector_delta(kit), 0);
	assert_string_equal(kit_entries(kit, 61000), CHILD("50000", "61001"));
	kit_close(kit);
}

/* RA-V52 */
static void test_no_room(void **state)
{
	struct kit *kit = vector_open(&place, 2);
	struct kit_conn conn = vector_connect(kit, &place);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OPTIONS));
	assert_sent(
		kit_tcp_out(kit, &conn, KIT_TEXT(SETUP AVP "6970-6971;x" END)),
		KIT_TEXT(SETUP AVP "6970-6971;x" END));
	assert_string_equal(kit_entries(kit, 61000), CHILD("6970", "61001"));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(SETUP AVP "6972;x" END)),
		    KIT_TEXT(SETUP AVP "6972;x" END));
	kit_close(kit);
}

/* RA-V53 */
static void test_split(void **state)
{
	static const char text[] = SETUP UNICAST "6970-6971" PLAY END;
	const uint32_t len = sizeof(text) - 1;
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OPTIONS));
	assert_sent(kit_tcp_out(kit, &conn, text, 90), text, 90);
	assert_sent(kit_tcp_out(kit, &conn, text + 90, len - 90), text + 90,
		    len - 90);
	assert_string_equal(kit_entries(kit, 61000), "");
	kit_close(kit);
}

/* RA-V54: the recorded difference is one too large. */
static void test_slip(void **state)
{
	static const char text[] = SETUP UNICAST "6970-6971" PLAY END;
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OPTIONS));
	assert_int_equal(conn.inside_seq, 1055);
	r = kit_tcp_out(kit, &conn, text, 113);
	assert_int_equal(r->seq, 1055);
	assert_int_equal(r->seq + r->payload_len - 1, 1169);
	r = kit_conn_at(kit, &conn, MASQ_OUTSIDE, conn.outside_seq, 1170,
			KIT_ACK, NULL, 0);
	assert_int_equal(r->ack, 1167);
	r = kit_conn_at(kit, &conn, MASQ_INSIDE, 1167, conn.inside_ack, KIT_ACK,
			KIT_TEXT("\n"));
	assert_int_equal(r->seq, 1170);
	r = kit_conn_at(kit, &conn, MASQ_OUTSIDE, conn.outside_seq, 1171,
			KIT_ACK, NULL, 0);
	assert_int_equal(r->ack, 1168);
	r = kit_tcp_out(kit, &conn, KIT_TEXT("PLAY rtsp://x RTSP/1.0\r\n\r\n"));
	assert_int_equal(r->seq, 1171);
	r = kit_conn_at(kit, &conn, MASQ_INSIDE, 1055, conn.inside_ack, KIT_ACK,
			text, 113);
	assert_int_equal(r->seq, 1055);
	assert_sent(r, text, 113);
	kit_close(kit);
}

/* RA-V55, -V56: numbers as they are written, five digits at most. */
static void test_long_numbers(void **state)
{
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(OPTIONS));
	assert_sent(
		kit_tcp_out(kit, &conn, KIT_TEXT(SETUP AVP "123456" PLAY END)),
		KIT_TEXT(SETUP AVP "123456" PLAY END));
	assert_sent(kit_tcp_out(kit, &conn,
				KIT_TEXT(SETUP AVP "50000-50001" PLAY END)),
		    KIT_TEXT(SETUP AVP "61001-61002" PLAY END));
	assert_string_equal(
		kit_entries(kit, 61000),
		CHILD("50000", "61001") "; " CHILD("50001", "61002"));
	kit_close(kit);
}

/* A7, with the TTL as it was before the router. */
static void test_anchor(void **state)
{
	static const char after[] =
		"\x45\0\0\x6a\x12\x34\x40\0\x3f\x06\xc2\xde\xcb\0\x71\x01"
		"\xc6\x33\x64\x46\xee\x48\x02\x2a\0\0\x03\xff\0\0\x13\x89"
		"\x50\x18\x22\x38\xb0\x9a\0\0SETUP x RTSP/1.0\r\n" AVP
		"61001-61002;a" END;
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT("OPTIONS * RTSP/1.0\r\n\r\n"));
	r = kit_hex(kit, MASQ_INSIDE,
		    "4500 0068 1234 4000 4006 3c30 c0a8 010a c633 6446 "
		    "0406 022a 0000 03ff 0000 1389 5018 2238 2e5a 0000 "
		    "5345 5455 5020 7820 5254 5350 2f31 2e30 0d0a 5472 "
		    "616e 7370 6f72 743a 2052 5450 2f41 5650 3b63 6c69 "
		    "656e 745f 706f 7274 3d36 3937 302d 3639 3731 3b61 "
		    "0d0a 0d0a");
	assert_non_null(r);
	assert_int_equal(r->len, sizeof(after) - 1);
	assert_memory_equal(r->data, after, sizeof(after) - 1);
	assert_int_equal(vector_delta(kit), 3);
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_minus_one),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_slip),
		cmocka_unit_test(test_long_numbers),
		cmocka_unit_test(test_anchor),
	};

	return cmocka_run_group_tests_name("helpers.raudio", tests, NULL, NULL);
}
