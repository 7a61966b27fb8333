/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp_fixed_test.c - without quirks: commands are lines, of their own host
 *
 * The rows are what 192.168.1.10:1030 says to 198.51.100.21:21, in segments
 * that a '|' separates; the server's replies begin with '<'.
 */
#include <stdio.h>

#include "ftp/ftp.h"
#include "kit.h"

#define SERVER KIT_IP(198, 51, 100, 21)
#define HOLE_OF(inside, masq)                                                  \
	"{TCP 192.168.1.10:" inside " ~ 203.0.113.1:" masq                     \
	" ~ 198.51.100.21:* LISTEN 120s parent=61000}"
#define HOLE HOLE_OF("1029", "61001")
#define EXPECTED                                                               \
	"{TCP 192.168.1.10:? ~ 203.0.113.1:61001 ~ 198.51.100.21:50000 NONE "  \
	"1800s parent=61000}"

struct row {
	const char *name;
	const char *said;
	const char *received; /* by the server, all of it; NULL = the same */
	const char *entries;
};

static const struct row rows[] = {
	{"PORT", "PORT 192,168,1,10,4,5\r\n", "PORT 203,0,113,1,238,73\r\n",
	 HOLE},
	{"any letter case", "pOrT 192,168,1,10,4,5\r\n",
	 "pOrT 203,0,113,1,238,73\r\n", HOLE},
	{"bare LF", "PORT 192,168,1,10,4,5\n", "PORT 203,0,113,1,238,73\n",
	 HOLE},
	{"leading zeros", "PORT 192,168,001,010,004,005\r\n",
	 "PORT 203,0,113,1,238,73\r\n", HOLE},
	{"between other commands", "NOOP\r\nPORT 192,168,1,10,4,5\r\nLIST\r\n",
	 "NOOP\r\nPORT 203,0,113,1,238,73\r\nLIST\r\n", HOLE},
	{"two in a segment",
	 "PORT 192,168,1,10,4,5\r\n"
	 "PORT 192,168,1,10,4,7\r\n",
	 "PORT 203,0,113,1,238,73\r\nPORT 203,0,113,1,238,74\r\n",
	 HOLE "; " HOLE_OF("1031", "61002")},
	{"the same twice",
	 "PORT 192,168,1,10,4,5\r\n|PORT 192,168,1,10,4,5\r\n",
	 "PORT 203,0,113,1,238,73\r\nPORT 203,0,113,1,238,73\r\n", HOLE},
	{"behind a bad one", "PORT 1,2,3\r\nPORT 192,168,1,10,4,5\r\n",
	 "PORT 1,2,3\r\nPORT 203,0,113,1,238,73\r\n", HOLE},
	{"line end in another segment", "NOOP\r|\nPORT 192,168,1,10,4,5\r\n",
	 "NOOP\r\nPORT 203,0,113,1,238,73\r\n", HOLE},
	/* What follows opens nothing. */
	{"no end", "PORT 192,168,1,10,4,5", NULL, ""},
	{"cut in the number", "PORT 192,168,1,10,4,5|6\r\n", NULL, ""},
	{"cut in the keyword", "PO|RT 192,168,1,10,4,5\r\n", NULL, ""},
	{"behind a cut line", "CWD AAAA|PORT 192,168,1,10,4,5\r\n", NULL, ""},
	{"in an argument", "RETR /pub/PORT 192,168,1,10,4,5\r\n", NULL, ""},
	{"tail of a word", "XPORT 192,168,1,10,4,5\r\n", NULL, ""},
	{"seven numbers", "PORT 192,168,1,10,4,5,6\r\n", NULL, ""},
	{"five numbers", "PORT 192,168,1,10,4\r\n", NULL, ""},
	{"empty number", "PORT 192,168,1,10,4,\r\n", NULL, ""},
	{"number above 255", "PORT 192,168,1,266,4,5\r\n", NULL, ""},
	{"number modulo 2^32", "PORT 192,168,1,10,4,4294967301\r\n", NULL, ""},
	{"trailing blank", "PORT 192,168,1,10,4,5 \r\n", NULL, ""},
	{"bare CR", "PORT 192,168,1,10,4,5\r", NULL, ""},
	{"another inside host", "PORT 192,168,1,77,31,144\r\n", NULL, ""},
	{"outside host", "PORT 198,51,100,99,4,5\r\n", NULL, ""},
	{"0.0.0.0", "PORT 0,0,0,0,4,5\r\n", NULL, ""},
	{"port 1023", "PORT 192,168,1,10,3,255\r\n", NULL, ""},
	{"port 6000", "PORT 192,168,1,10,23,112\r\n", NULL, ""},
	{"request of a browser",
	 "POST / HTTP/1.0\r\n\r\nPORT 192,168,1,10,4,5\r\n", NULL, ""},
	{"the same in pieces",
	 "P|OST / HTTP/1.0\r\n\r\n|PORT 192,168,1,10,4,5\r\n", NULL, ""},
	{"and its PASV",
	 "GET / HTTP/1.0\r\n\r\nPASV\r\n"
	 "|<227 x (198,51,100,21,195,80)\r\n",
	 NULL, ""},
	/* Passive transfers. */
	{"PASV", "PASV\r\n|<227 Entering (198,51,100,21,195,80)\r\n", NULL,
	 EXPECTED},
	{"PASV, bare LF", "pasv\n|<227 =198,51,100,21,195,80\n", NULL,
	 EXPECTED},
	{"not asked", "<227 x (198,51,100,21,195,80)\r\n", NULL, ""},
	{"taken back", "PASV\r\n|TYPE I\r\n|<227 x (198,51,100,21,195,80)\r\n",
	 NULL, ""},
	{"refused", "PASV\r\n|<502 no\r\n|<227 x (198,51,100,21,195,80)\r\n",
	 NULL, ""},
	{"another server", "PASV\r\n|<227 x (198,51,100,99,195,80)\r\n", NULL,
	 ""},
	{"port 0", "PASV\r\n|<227 x (198,51,100,21,0,0)\r\n", NULL, ""},
	{"not 227", "PASV\r\n|<150 x (198,51,100,21,195,80)\r\n", NULL, ""},
	{"no code", "PASV\r\n|<hello\r\n227(198,51,100,21,195,80)\r\n", NULL,
	 ""},
	{"continued 227", "PASV\r\n|<227-x (198,51,100,21,195,80)\r\n", NULL,
	 ""},
	{"refused at length",
	 "PASV\r\n|<502-no\r\n502 no\r\n"
	 "|<227 x (198,51,100,21,195,80)\r\n",
	 NULL, ""},
	{"bare code inside",
	 "PASV\r\n|<230-a\r\n230\r\n227 x (198,51,100,21,195,80)\r\n", NULL,
	 ""},
	{"cut code inside",
	 "PASV\r\n|<230-a\r\n|<23|<0 b\r\n|<230 c\r\n"
	 "|<227 x (198,51,100,21,195,80)\r\n",
	 NULL, ""},
	{"seven numbers in a reply",
	 "PASV\r\n|<227 x (198,51,100,21,195,80,7)\r\n", NULL, ""},
	{"cut reply", "PASV\r\n|<227 x (198,51,100,21,195,8|<0)\r\n", NULL, ""},
	{"used up",
	 "PASV\r\n|<227 x (198,51,100,21,195,80)\r\n"
	 "|<227 x (198,51,100,21,195,81)\r\n",
	 NULL, EXPECTED},
};

/* Sends what was said; received collects the client's octets outside. */
static void talk(struct kit *kit, struct kit_conn *conn, const char *said,
		 char *received)
{
	while (*said != '\0') {
		const bool is_reply = *said == '<';
		const char *text = said + is_reply;
		const uint32_t len = (uint32_t)strcspn(text, "|");
		const struct kit_result *r;

		r = is_reply ? kit_tcp_in(kit, conn, text, len)
			     : kit_tcp_out(kit, conn, text, len);
		assert_non_null(r);
		if (!is_reply) {
			memcpy(received, r->payload, r->payload_len);
			received += r->payload_len;
			*received = '\0';
		}
		said = text + len;
		if (*said == '|')
			said++;
	}
}

/* What the client said, without the marks. */
static void strip(const char *said, char *out)
{
	while (*said != '\0') {
		const size_t len = strcspn(said, "|");

		if (*said != '<') {
			memcpy(out, said, len);
			out += len;
		}
		said += len;
		if (*said == '|')
			said++;
	}
	*out = '\0';
}

static void lines_of_the_own_host(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct kit *kit = kit_open_with(&masq_ftp_module,
						MASQ_QUIRKS_NONE);
		struct kit_conn conn = {
			.outside_addr = SERVER,
			.outside_port = 21,
		};
		char received[300] = "", same[300];

		strip(row->said, same);
		kit_connect(kit, &conn);
		talk(kit, &conn, row->said, received);
		if (strcmp(received,
			   row->received == NULL ? same : row->received))
			fail_msg("%s: received %s", row->name, received);
		kit_assert_row_entries(row->name, kit, KIT_FIRST_PORT,
				       row->entries);
		kit_close(kit);
	}
}

/* TCP options are never text, wherever the payload begins. */
static void options_do_not_matter(void **state)
{
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_NONE);
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	const struct kit_result *r;

	(void)state;
	kit_connect(kit, &conn);
	conn.options = "\1\1\10\12\0\0\3\350\0\0\7\320";
	conn.options_len = 12;
	r = kit_tcp_out(kit, &conn, KIT_TEXT("PORT 192,168,1,10,4,5\r\n"));
	kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,73\r\n"));
	kit_close(kit);
}

/* After a gap the rest of the line is unknown, the next one is not. */
static void after_a_gap(void **state)
{
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_NONE);
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	const struct kit_result *r;

	(void)state;
	kit_connect(kit, &conn);
	conn.inside_seq += 4;
	r = kit_tcp_out(kit, &conn,
			KIT_TEXT("PORT 192,168,1,10,4,5\r\n"
				 "PORT 192,168,1,10,4,7\r\n"));
	kit_assert_payload(r, KIT_TEXT("PORT 192,168,1,10,4,5\r\n"
				       "PORT 203,0,113,1,238,73\r\n"));
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	conn.outside_seq += 4;
	kit_tcp_in(kit, &conn,
		   KIT_TEXT("226 end\r\n"
			    "227 x (198,51,100,21,195,79)\r\n"
			    "227 x (198,51,100,21,195,80)\r\n"));
	/* The first 227 may have been the end of a longer reply. */
	kit_assert_entries(
		kit, KIT_FIRST_PORT,
		HOLE_OF("1031",
			"61001") "; "
				 "{TCP 192.168.1.10:? ~ 203.0.113.1:61002 ~ "
				 "198.51.100.21:50000 NONE 1800s "
				 "parent=61000}");
	kit_close(kit);
}

/* ... and a reply of several lines may begin behind it. */
static void long_reply_after_a_gap(void **state)
{
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_NONE);
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};

	(void)state;
	kit_connect(kit, &conn);
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	conn.outside_seq += 4;
	kit_tcp_in(kit, &conn,
		   KIT_TEXT("end\r\n230-a\r\n227 b\r\n"
			    "227 x (198,51,100,21,195,80)\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT, "");
	kit_tcp_in(kit, &conn,
		   KIT_TEXT("230 c\r\n227 x (198,51,100,21,195,80)\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT, EXPECTED);
	kit_close(kit);
}

/* Says PORT for ports 1024 + first.. and counts the holes made. */
static unsigned int announce(struct kit *kit, struct kit_conn *conn,
			     unsigned int first, unsigned int num)
{
	unsigned int holes = 0;

	for (unsigned int i = first; i < first + num; i++) {
		char text[64];
		const int n = snprintf(text, sizeof(text),
				       "PORT 192,168,1,10,4,%u\r\n", i);
		const struct kit_result *r = kit_tcp_out(kit, conn, text,
							 (uint32_t)n);

		assert_non_null(r);
		if (memcmp(r->payload, "PORT 203", 8) == 0)
			holes++;
	}
	return holes;
}

/* Eight holes that nobody uses, and again eight when those are gone. */
static void holes_are_limited(void **state)
{
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_NONE);
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	struct kit_segment syn = {
		.src = SERVER,
		.sport = 20,
		.dst = KIT_MASQ,
		.dport = 61001,
		.flags = KIT_SYN,
	};

	(void)state;
	kit_connect(kit, &conn);
	assert_int_equal(announce(kit, &conn, 10, 20), 8);
	/* One is used: it no longer counts. */
	assert_non_null(kit_segment(kit, MASQ_OUTSIDE, &syn));
	assert_int_equal(announce(kit, &conn, 40, 20), 1);
	/* An expected connection is no more allowed than an announced one. */
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	kit_tcp_in(kit, &conn, KIT_TEXT("227 (198,51,100,21,195,80)\r\n"));
	assert_null(strstr(kit_entries(kit, 61000), "50000"));
	kit_wait(kit, 121000);
	assert_int_equal(announce(kit, &conn, 70, 20), 8);
	kit_close(kit);
}

/* RFC 793 page 17: the octet behind the command is the urgent one. */
static void urgent_octets_move(void **state)
{
	static const char port[] = "PORT 192,168,1,10,4,5\r\nABOR\r\n";
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_NONE);
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	struct kit_segment s = {
		.src = KIT_CLIENT,
		.sport = 1030,
		.dst = SERVER,
		.dport = 21,
		.flags = KIT_ACK | KIT_URG,
		.urgent = sizeof(port) - 3,
		.payload = port,
		.payload_len = sizeof(port) - 1,
	};

	(void)state;
	kit_connect(kit, &conn);
	s.seq = conn.inside_seq;
	s.ack = conn.inside_ack;
	/* For the first time, and again. */
	for (int i = 0; i < 2; i++) {
		const struct kit_result *r = kit_segment(kit, MASQ_INSIDE, &s);

		kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,73\r\n"
					       "ABOR\r\n"));
		assert_int_equal(masq_get16((struct masq_view){.data = r->data,
							       .len = r->len},
					    20 + 18),
				 sizeof(port) - 3 + 2);
	}
	kit_close(kit);
}

/* More commands in a segment than edits are kept: it repeats all the same. */
static void many_in_a_segment(void **state)
{
	static const char port[] = "PORT 192,168,1,10,4,5\r\n";
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_NONE);
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	const struct kit_result *r;
	char text[40 * sizeof(port)] = "", sent[2000];
	uint32_t seq, len;

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(text, port);
	kit_connect(kit, &conn);
	seq = conn.inside_seq;
	r = kit_tcp_out(kit, &conn, text, (uint32_t)strlen(text));
	assert_memory_equal(r->payload, "PORT 203,", 9);
	len = r->payload_len;
	memcpy(sent, r->payload, len);
	r = kit_conn_at(kit, &conn, MASQ_INSIDE, seq, conn.inside_ack, KIT_ACK,
			text, (uint32_t)strlen(text));
	kit_assert_payload(r, sent, len);
	assert_int_equal(
		masq_get32((struct masq_view){.data = r->data, .len = r->len},
			   20 + 4),
		seq);
	kit_close(kit);
}

/* FTP-10: a closing connection opens nothing. */
static void nothing_after_fin(void **state)
{
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_NONE);
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	const struct kit_result *r;

	(void)state;
	kit_connect(kit, &conn);
	kit_conn_at(kit, &conn, MASQ_OUTSIDE, conn.outside_seq,
		    conn.outside_ack, KIT_FIN | KIT_ACK, NULL, 0);
	r = kit_tcp_out(kit, &conn, KIT_TEXT("PORT 192,168,1,10,4,5\r\n"));
	kit_assert_payload(r, KIT_TEXT("PORT 192,168,1,10,4,5\r\n"));
	kit_close(kit);
}

/* Neither announced nor expected without room for an entry. */
static void no_room_no_hole(void **state)
{
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	struct masq_config config;
	const struct kit_result *r;
	struct kit *kit;

	(void)state;
	kit_config(&config, MASQ_QUIRKS_NONE);
	kit_load(&config, &masq_ftp_module, NULL);
	config.max_entries = 1;
	kit = kit_open(&config);
	kit_connect(kit, &conn);
	r = kit_tcp_out(kit, &conn, KIT_TEXT("PORT 192,168,1,10,4,5\r\n"));
	kit_assert_payload(r, KIT_TEXT("PORT 192,168,1,10,4,5\r\n"));
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	r = kit_tcp_in(kit, &conn, KIT_TEXT("227 (198,51,100,21,195,80)\r\n"));
	kit_assert_payload(r, KIT_TEXT("227 (198,51,100,21,195,80)\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT, "");
	kit_close(kit);
}

/* FTP-16: what found no room may be said again. */
static void room_later(void **state)
{
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	struct masq_config config;
	struct kit *kit;

	(void)state;
	kit_config(&config, MASQ_QUIRKS_NONE);
	kit_load(&config, &masq_ftp_module, NULL);
	config.max_entries = 2;
	kit = kit_open(&config);
	kit_udp(kit, MASQ_INSIDE, KIT_CLIENT, 2000, SERVER, 53, KIT_TEXT("x"));
	kit_connect(kit, &conn);
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	kit_tcp_in(kit, &conn, KIT_TEXT("227 (198,51,100,21,195,80)\r\n"));
	assert_null(strstr(kit_entries(kit, KIT_FIRST_PORT), "50000"));
	kit_wait(kit, 301000);
	kit_tcp_in(kit, &conn, KIT_TEXT("227 (198,51,100,21,195,80)\r\n"));
	assert_non_null(strstr(kit_entries(kit, KIT_FIRST_PORT), "50000"));
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_the_own_host),
		cmocka_unit_test(options_do_not_matter),
		cmocka_unit_test(after_a_gap),
		cmocka_unit_test(long_reply_after_a_gap),
		cmocka_unit_test(holes_are_limited),
		cmocka_unit_test(urgent_octets_move),
		cmocka_unit_test(nothing_after_fin),
		cmocka_unit_test(many_in_a_segment),
		cmocka_unit_test(no_room_no_hole),
		cmocka_unit_test(room_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
