/* SPDX-License-Identifier: Apache-2.0 */
/* raudio_session_test.c - whole sessions, as Linux 2.2.26 */
#include "raudio/raudio.h"
#include "session.h"

#define SERVER  KIT_IP(198, 51, 100, 70)
#define NONE    NULL, 0
#define SYN_ACK (KIT_SYN | KIT_ACK)
#define FIN_ACK (KIT_FIN | KIT_ACK)
#define DATA    (KIT_PSH | KIT_ACK)

/* Numbers on the inside wire, numbers and texts on both wires. */
#define PNA_SENT(flags, ...)                                                   \
	{                                                                      \
		MASQ_INSIDE, 1051, 61000, SERVER, 7070, flags, __VA_ARGS__     \
	}
#define PNA_CAME(flags, ...)                                                   \
	{                                                                      \
		MASQ_OUTSIDE, 1051, 61000, SERVER, 7070, flags, __VA_ARGS__    \
	}
#define RTSP_SENT(flags, ...)                                                  \
	{                                                                      \
		MASQ_INSIDE, 1050, 61000, SERVER, 554, flags, __VA_ARGS__      \
	}
#define RTSP_CAME(flags, ...)                                                  \
	{                                                                      \
		MASQ_OUTSIDE, 1050, 61000, SERVER, 554, flags, __VA_ARGS__     \
	}

static const struct session_row pna_1[] = {
	PNA_SENT(KIT_SYN, 610000, 0, 610000, 0, NONE, NONE),
	PNA_CAME(SYN_ACK, 810000, 610001, 810000, 610001, NONE, NONE),
	PNA_SENT(KIT_ACK, 610001, 810001, 610001, 810001, NONE, NONE),
	PNA_SENT(DATA, 610001, 810001, 610001, 810001,
		 KIT_TEXT("PNA\0\n"
			  "\0\x01\0\x02\x1b:\0\x07\0\x02\x1b;\0\x14\0\x02\0"
			  "\x01\0\x05\0\x04\0\0Q@\0c\0\rWin95_3.0_5.0\0\0R\0"
			  "\x0cwelcome.ra\0\0y"),
		 KIT_TEXT("PNA\0\n"
			  "\0\x01\0\x02\xeeI\0\x07\0\x02\xeeJ\0\x14\0\x02\0"
			  "\x01\0\x05\0\x04\0\0Q@\0c\0\rWin95_3.0_5.0\0\0R\0"
			  "\x0cwelcome.ra\0\0y")),
	PNA_CAME(DATA, 810001, 610067, 810001, 610067,
		 KIT_TEXT("PNA\0\n"
			  "\0\0\0\x02\x1bX\0\x07\0\x02\x1bY\0\0"),
		 NONE),
};

static const struct session_row pna_2[] = {
	PNA_SENT(DATA, 610067, 810020, 610067, 810020, KIT_TEXT("!"), NONE),
	PNA_SENT(FIN_ACK, 610068, 810020, 610068, 810020, NONE, NONE),
	PNA_CAME(KIT_ACK, 810020, 610069, 810020, 610069, NONE, NONE),
	PNA_CAME(FIN_ACK, 810020, 610069, 810020, 610069, NONE, NONE),
	PNA_SENT(KIT_ACK, 610069, 810021, 610069, 810021, NONE, NONE),
};

static const struct session_row rtsp_1[] = {
	RTSP_SENT(KIT_SYN, 600000, 0, 600000, 0, NONE, NONE),
	RTSP_CAME(SYN_ACK, 800000, 600001, 800000, 600001, NONE, NONE),
	RTSP_SENT(KIT_ACK, 600001, 800001, 600001, 800001, NONE, NONE),
	RTSP_SENT(DATA, 600001, 800001, 600001, 800001,
		  KIT_TEXT("OPTIONS rtsp://198.51.100.70:554 RTSP/1.0\r\n"
			   "CSeq: 1\r\n"
			   "User-Agent: RealMedia Player\r\n\r\n"),
		  NONE),
	RTSP_CAME(DATA, 800001, 600085, 800001, 600085,
		  KIT_TEXT("RTSP/1.0 200 OK\r\n"
			   "CSeq: 1\r\n"
			   "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r"
			   "\n\r\n"),
		  NONE),
	RTSP_SENT(DATA, 600085, 800079, 600085, 800079,
		  KIT_TEXT("DESCRIBE rtsp://198.51.100.70:554/welcome.rm RTSP/"
			   "1.0\r\n"
			   "CSeq: 2\r\n"
			   "Accept: application/sdp\r\n\r\n"),
		  NONE),
	RTSP_CAME(DATA, 800079, 600176, 800079, 600176,
		  KIT_TEXT("RTSP/1.0 200 OK\r\n"
			   "CSeq: 2\r\n"
			   "Content-Type: application/sdp\r\n"
			   "Content-Length: 37\r\n\r\n"
			   "v=0\r\n"
			   "s=welcome\r\n"
			   "m=audio 0 RTP/AVP 101"),
		  NONE),
	RTSP_SENT(DATA, 600176, 800195, 600176, 800195,
		  KIT_TEXT("SETUP rtsp://198.51.100.70:554/welcome.rm/streamid"
			   "=0 RTSP/1.0\r\n"
			   "CSeq: 3\r\n"
			   "Transport: RTP/AVP;unicast;client_port=6970-6971;m"
			   "ode=play\r\n\r\n"),
		  KIT_TEXT("SETUP rtsp://198.51.100.70:554/welcome.rm/streamid"
			   "=0 RTSP/1.0\r\n"
			   "CSeq: 3\r\n"
			   "Transport: RTP/AVP;unicast;client_port=61001-61002"
			   ";mode=play\r\n\r\n")),
	RTSP_CAME(KIT_ACK, 800195, 600309, 800195, 600312, NONE, NONE),
	RTSP_SENT(DATA, 600309, 800195, 600312, 800195, KIT_TEXT("\n"), NONE),
	RTSP_CAME(DATA, 800195, 600310, 800195, 600313,
		  KIT_TEXT("RTSP/1.0 200 OK\r\n"
			   "CSeq: 3\r\n"
			   "Session: 12345\r\n"
			   "Transport: RTP/AVP;unicast;client_port=61001-61002"
			   ";server_port=6972-6973\r\n\r\n"),
		  NONE),
	RTSP_SENT(DATA, 600310, 800313, 600313, 800313,
		  KIT_TEXT("PLAY rtsp://198.51.100.70:554/welcome.rm RTSP/1.0"
			   "\r\n"
			   "CSeq: 4\r\n"
			   "Session: 12345\r\n\r\n"),
		  NONE),
	RTSP_CAME(DATA, 800313, 600388, 800313, 600391,
		  KIT_TEXT("RTSP/1.0 200 OK\r\n"
			   "CSeq: 4\r\n"
			   "Session: 12345\r\n\r\n"),
		  NONE),
};

static const struct session_row rtsp_2[] = {
	RTSP_SENT(DATA, 600388, 800357, 600391, 800357,
		  KIT_TEXT("TEARDOWN rtsp://198.51.100.70:554/welcome.rm RTSP/"
			   "1.0\r\n"
			   "CSeq: 5\r\n"
			   "Session: 12345\r\n\r\n"),
		  NONE),
	RTSP_CAME(DATA, 800357, 600470, 800357, 600473,
		  KIT_TEXT("RTSP/1.0 200 OK\r\n"
			   "CSeq: 5\r\n\r\n"),
		  NONE),
	RTSP_SENT(FIN_ACK, 600470, 800385, 600473, 800385, NONE, NONE),
	RTSP_CAME(KIT_ACK, 800385, 600471, 800385, 600474, NONE, NONE),
	RTSP_CAME(FIN_ACK, 800385, 600471, 800385, 600474, NONE, NONE),
	RTSP_SENT(KIT_ACK, 600471, 800386, 600474, 800386, NONE, NONE),
};

#define RUN(kit, rows) session_run(kit, rows, sizeof(rows) / sizeof(*(rows)))

static void test_pna(void **state)
{
	struct kit *kit = kit_open_with(&masq_raudio_module, MASQ_QUIRKS_ALL);

	(void)state;
	RUN(kit, pna_1);
	session_media_in(kit, SERVER, 7000, 61001, 6970);
	session_media_in(kit, SERVER, 7001, 61002, 6971);
	session_media_out(kit, SERVER, 6971, 61002, 7001);
	RUN(kit, pna_2);
	assert_string_equal(kit_entries(kit, 0),
			    "{TCP 192.168.1.10:1051 ~ 203.0.113.1:61000 ~ "
			    "198.51.100.70:7070 TIME_WAIT 120s parent=none "
			    "helper=RealAudio}; "
			    "{UDP 192.168.1.10:6970 ~ 203.0.113.1:61001 ~ "
			    "198.51.100.70:7000 UDP 300s parent=61000}; "
			    "{UDP 192.168.1.10:6971 ~ 203.0.113.1:61002 ~ "
			    "198.51.100.70:7001 UDP 300s parent=61000}");
	kit_close(kit);
}

/* Row 9 to 11: the slip of one octet (RA-15). */
static void test_rtsp(void **state)
{
	struct kit *kit = kit_open_with(&masq_raudio_module, MASQ_QUIRKS_ALL);

	(void)state;
	RUN(kit, rtsp_1);
	session_media_in(kit, SERVER, 6972, 61001, 6970);
	session_media_in(kit, SERVER, 6973, 61002, 6971);
	session_media_out(kit, SERVER, 6971, 61002, 6973);
	RUN(kit, rtsp_2);
	assert_string_equal(kit_entries(kit, 0),
			    "{TCP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ "
			    "198.51.100.70:554 TIME_WAIT 120s parent=none "
			    "helper=RealAudio}; "
			    "{UDP 192.168.1.10:6970 ~ 203.0.113.1:61001 ~ "
			    "198.51.100.70:6972 UDP 300s parent=61000}; "
			    "{UDP 192.168.1.10:6971 ~ 203.0.113.1:61002 ~ "
			    "198.51.100.70:6973 UDP 300s parent=61000}");
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pna),
		cmocka_unit_test(test_rtsp),
	};

	return cmocka_run_group_tests_name("helpers.raudio.session", tests,
					   NULL, NULL);
}
