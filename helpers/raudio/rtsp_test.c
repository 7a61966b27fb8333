/* SPDX-License-Identifier: Apache-2.0 */
/* rtsp_test.c - the parsers of PNA and RTSP by themselves */
#include "kit.h"
#include "raudio/raudio_parse.h"
#include "raudio/rtsp_parse.h"

#define LINE    "SETUP rtsp://198.51.100.70/a.rm RTSP/1.0\r\n"
#define OPTIONS "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"

/* Octets of their own, so that sanitizers see a read too far. */
static struct masq_view view_new(const char *text, uint32_t len)
{
	uint8_t *copy = test_malloc(len + 1);

	memcpy(copy, text, len);
	return (struct masq_view){.data = copy, .len = len};
}

static void view_free(struct masq_view v)
{
	uint8_t *copy;

	memcpy(&copy, &v.data, sizeof(copy));
	test_free(copy);
}

/* ---- PNA ------------------------------------------------------------- */

static void test_pna_cut(void **state)
{
	static const char hello[] =
		"PNA\0\x0a\0\x01\0\x02\x1b\x3a\0\x07\0\x02\x1b\x3b\0\0";

	(void)state;
	for (uint32_t len = 0; len < sizeof(hello); len++) {
		const struct masq_view v = view_new(hello, len);
		uint32_t at = PNA_O_OPTIONS, num = 0;
		struct pna_option option;

		for (; pna_next(v, &at, &option); num++) {
			assert_true(option.is_port);
			assert_int_equal(option.length, 2);
			assert_int_equal(option.port, 6970 + num);
		}
		assert_int_equal(num, len < 11 ? 0 : len < 17 ? 1 : 2);
		/* Zeros of an option look like an end while it is cut. */
		assert_int_equal(pna_is_whole(v), len == 19);
		assert_int_equal(raudio_kind_of(v),
				 len < 3 ? RAUDIO_OTHER : RAUDIO_PNA);
		view_free(v);
	}
}

static void test_kinds(void **state)
{
	(void)state;
	for (uint32_t len = 0; len < 9; len++) {
		struct masq_view v = view_new("DESCRIBE", len);

		assert_int_equal(raudio_kind_of(v),
				 len < 8 ? RAUDIO_OTHER : RAUDIO_RTSP);
		view_free(v);
		v = view_new("OPTIONSx", len);
		assert_int_equal(raudio_kind_of(v),
				 len < 7 ? RAUDIO_OTHER : RAUDIO_RTSP);
		view_free(v);
	}
}

/* ---- as Linux 2.2 ---------------------------------------------------- */

static void test_scan_cut(void **state)
{
	static const char text[] = LINE
		"Transport: RTP/AVP;client_port=6970-6971;x\r\n\r\n";
	const uint32_t end = sizeof(LINE) - 1 + 40; /* the semicolon's */

	(void)state;
	assert_int_equal(text[end], ';');
	for (uint32_t len = 0; len < sizeof(text); len++) {
		const struct masq_view v = view_new(text, len);
		struct rtsp_ports p;

		assert_int_equal(raudio_scan(v, &p), len > end);
		if (len > end) {
			assert_int_equal(p.at, end - 9);
			assert_int_equal(p.len, 9);
			assert_true(p.has_second);
			assert_int_equal(p.first, 6970);
			assert_int_equal(p.second, 6971);
		}
		view_free(v);
	}
}

/* ---- where messages begin and end ------------------------------------ */

/* Feeds a text; returns the offset behind the last head that ended. */
static uint32_t feed(struct rtsp_stream *s, const char *text, uint32_t len)
{
	uint32_t end = 0;

	for (uint32_t i = 0; i < len; i++) {
		const enum rtsp_event event = rtsp_feed(s, (uint8_t)text[i]);
		const uint32_t word = rtsp_pack(s);

		if (event == RTSP_ENDS)
			end = i + 1;
		/* Nothing is lost between two segments. */
		*s = rtsp_unpack(word, s->left);
	}
	return end;
}

static const struct stream_row {
	const char *text;
	enum rtsp_phase phase; /* at its end */
	uint32_t left;         /* octets of a body to go */
} stream_rows[] = {
	{OPTIONS, RTSP_BETWEEN, 0},
	{"\r\n\r\n" OPTIONS, RTSP_BETWEEN, 0},
	{"OPTIONS * RTSP/1.0\n\n", RTSP_BETWEEN, 0},
	{"OPTIONS * RTSP/1.0\r\n", RTSP_LINE, 0},
	{"OPTIONS * RTSP/1.0\r\nA: b\r\n\rc: d\r\n\r\n", RTSP_BETWEEN, 0},
	{"R * RTSP/1.0\r\n\r\n", RTSP_BETWEEN, 0},
	{"RTSP/1.0 200 OK\r\n\r\n", RTSP_BETWEEN, 0},
	{"RTSP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n", RTSP_BODY, 3},
	{"RTSP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", RTSP_BETWEEN, 0},
	{"A b RTSP/1.0\r\nCONTENT-LENGTH:5 \t\r\n\r\nab", RTSP_BODY, 3},
	{"A b RTSP/1.0\r\nContent-Length: 5\n\n", RTSP_BODY, 5},
	{"A b RTSP/1.0\r\nContent-Length: 0\r\n\r\n", RTSP_BETWEEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 9\r\nContent-Length: 2\r\n\r\n",
	 RTSP_BODY, 2},
	{"A b RTSP/1.0\r\nContent-Length \t: 5\r\n\r\n", RTSP_BODY, 5},
	{"A b RTSP/1.0\r\nContent-Length: 5\r\nA: b\r\n\r\n", RTSP_BODY, 5},
	{"A b RTSP/1.0\r\nContent-Length 5\r\n\r\n", RTSP_BETWEEN, 0},
	{"A b RTSP/1.0\r\n\rContent-Length: 5\r\n\r\n", RTSP_BETWEEN, 0},
	{"A b RTSP/1.0\r\n\r\r\n", RTSP_LINE, 0},
	{"A b RTSP/1.0\r\n Content-Length: x\r\n\r\n", RTSP_BETWEEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 16777216\r\n\r\n", RTSP_BODY,
	 1 << 24},
	{"A b RTSP/1.0\r\nContent-Lengthy: 5\r\n\r\n", RTSP_BETWEEN, 0},
	{"A b RTSP/1.0\r\nContent\nContent-Length:1\r\n\r\n", RTSP_BODY, 1},
	/* no RTSP */
	{"\x16\x03\x01\n", RTSP_ALIEN, 0},
	{"OPTIONS /x HTTP/1.1\r\n", RTSP_ALIEN, 0},
	{"OPTIONS * RTSP/1.0 \r\n", RTSP_ALIEN, 0},
	{"OPTIONS * RTSP/1.\r\n", RTSP_ALIEN, 0},
	{"OPTIONS * RTSP/1.0x\r\n", RTSP_ALIEN, 0},
	{"OPTIONS * RTSP/1.0\r\r\n", RTSP_ALIEN, 0},
	{"OPTIONS * RTSP/2.0\r\n", RTSP_ALIEN, 0},
	{"RTSP/1.0\r\n", RTSP_ALIEN, 0},
	{"RTSP\n", RTSP_ALIEN, 0},
	{"HTTP/1.1 200 OK\r\n\r\n", RTSP_ALIEN, 0},
	{"x\r\n" OPTIONS, RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length:\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: x\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 1x\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 1 1\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 1\r\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 1\r\n 1\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 1 \r\n\t\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length : x\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 16777217\r\n", RTSP_ALIEN, 0},
	{"A b RTSP/1.0\r\nContent-Length: 4294967297\r\n", RTSP_ALIEN, 0},
};

static void test_streams(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stream_rows) / sizeof(*stream_rows);
	     i++) {
		const struct stream_row *row = &stream_rows[i];
		struct rtsp_stream s = {0};

		feed(&s, row->text, (uint32_t)strlen(row->text));
		kit_assert_row(row->text, s.phase == row->phase);
		kit_assert_row(row->text, s.left == row->left);
	}
}

/* Data between messages (RFC 2326 10.12) is skipped. */
static void test_interleaved(void **state)
{
	struct rtsp_stream s = {0};

	(void)state;
	feed(&s, KIT_TEXT("$\x01\x01\x02"));
	assert_int_equal(s.phase, RTSP_BODY);
	assert_int_equal(s.left, 258);
	s = (struct rtsp_stream){0};
	assert_int_equal(feed(&s, KIT_TEXT("$\0\0\x03SET$\0\0\0" OPTIONS)),
			 11 + sizeof(OPTIONS) - 1);
	assert_int_equal(s.phase, RTSP_BETWEEN);
}

/* ---- ports ----------------------------------------------------------- */

static const struct ports_row {
	const char *lines;
	const char *found; /* what is found, joined by a blank */
} ports_rows[] = {
	{"Transport: RTP/AVP;unicast;client_port=6970-6971", "6970-6971"},
	{"Transport: RTP/AVP;unicast;client_port=6970-6971;a", "6970-6971"},
	{"transport : RTP/AVP; CLIENT_PORT = 6970 ;a", "6970"},
	{"Transport: a;client_port=1,b;client_port=2-3;x,c;client_port=4",
	 "1 2-3 4"},
	{"Transport: client_port=6970 - 6971", "6970 - 6971"},
	{"Transport: a;client_port=1\r\nTransport: b;client_port=2", "1 2"},
	{"Transport: a;cclient_port=1;client_port=2", "2"},
	{"Transport: a;client_ports=1;client_port;client_port=2", "2"},
	{"Transport: a;client_port=x;client_port=-1;client_port=2", "2"},
	{"Transport: a;client_port=1-;client_port=2-x;client_port=3", "3"},
	{"Transport: a;client_port=123456;client_port=99999", "99999"},
	{"Transport: a;client_port=1x;client_port=2-3x", ""},
	{"Transport: a;x=\"b;client_port=1;\";client_port=2", "2"},
	{"Transport: a;x=\";client_port=1", ""},
	{"Transport: a;x=\"\\\";client_port=1;\";client_port=2", "2"},
	{"Transport: a;x=\"\\\\\";client_port=1;", "1"},
	{"Transport: a;x=\\\"b\";client_port=1;", "1"},
	{"Transport: a;client_port=1\r;client_port=2\r", ""},
	{"Transport: a b client_port=1", ""},
	{"Transport: a;client_port=1\r\n ;b", ""},
	{"Transport: a;client_port=1\r\n\t", ""},
	{"X-Transport: a;client_port=1", ""},
	{"Transport-X: a;client_port=1", ""},
	{"X: a;client_port=1", ""},
	{"X: a\r\n Transport: a;client_port=1", ""},
	{"", ""},
};

static void test_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ports_rows) / sizeof(*ports_rows); i++) {
		const struct ports_row *row = &ports_rows[i];
		char head[512] = LINE, found[64] = "";
		struct masq_view v;
		struct rtsp_ports p;
		uint32_t at = 0;

		strcat(head, row->lines);
		strcat(head, "\r\n\r\n");
		v = view_new(head, (uint32_t)strlen(head));
		assert_true(rtsp_is_setup(v));
		while (rtsp_next_ports(v, &at, &p)) {
			if (found[0] != '\0')
				strcat(found, " ");
			strncat(found, head + p.at, p.len);
			assert_int_equal(at, p.at + p.len);
		}
		kit_assert_row(row->lines, strcmp(found, row->found) == 0);
		view_free(v);
	}
}

/* What is found in a cut head is what is there. */
static void test_ports_cut(void **state)
{
	static const char text[] = LINE
		"Transport: a;client_port=6970-6971\r\n\r\n";

	(void)state;
	for (uint32_t len = 0; len < sizeof(text); len++) {
		const struct masq_view v = view_new(text, len);
		struct rtsp_ports p;
		uint32_t at = 0;

		assert_int_equal(rtsp_next_ports(v, &at, &p),
				 len >= sizeof(text) - 3);
		assert_int_equal(rtsp_is_setup(v), len >= 6);
		view_free(v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pna_cut),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_scan_cut),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_interleaved),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_ports_cut),
	};

	return cmocka_run_group_tests_name("helpers.raudio.parse", tests, NULL,
					   NULL);
}
