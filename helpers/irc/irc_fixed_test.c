/* SPDX-License-Identifier: Apache-2.0 */
/*
 * irc_fixed_test.c - without quirks: requests are whole messages
 *
 * The rows are what 192.168.1.10:1030 says to 198.51.100.67:6667, in
 * segments that a '|' separates.
 */
#include <stdio.h>

#include "irc/irc.h"
#include "kit.h"

#define SERVER KIT_IP(198, 51, 100, 67)
#define HOLE_OF(inside, masq)                                                  \
	"{TCP 192.168.1.10:" inside " ~ 203.0.113.1:" masq                     \
	" ~ *:* LISTEN 120s parent=61000}"
#define HOLE HOLE_OF("5000", "61001")
#define SAID "PRIVMSG bob :\001DCC "
#define IN   "3232235786 5000"
#define OUT  "3405803777 61001"

struct row {
	const char *name;
	const char *said;
	const char *received; /* NULL = the same */
	const char *entries;
};

static const struct row rows[] = {
	{"CHAT", SAID "CHAT chat " IN "\001\r\n",
	 SAID "CHAT chat " OUT "\001\r\n", HOLE},
	{"SEND", SAID "SEND a.txt " IN " 1024\001\r\n",
	 SAID "SEND a.txt " OUT " 1024\001\r\n", HOLE},
	{"lower case", "privmsg bob :\001dcc send a.txt " IN " 7\001\n",
	 "privmsg bob :\001dcc send a.txt " OUT " 7\001\n", HOLE},
	{"prefix", ":al " SAID "CHAT chat " IN "\001\r\n",
	 ":al " SAID "CHAT chat " OUT "\001\r\n", HOLE},
	{"quoted name", SAID "SEND \"my file.txt\" " IN " 7\001\r\n",
	 SAID "SEND \"my file.txt\" " OUT " 7\001\r\n", HOLE},
	{"short", "PRIVMSG b :\001DCC CHAT c 3232235786 5000\001\n",
	 "PRIVMSG b :\001DCC CHAT c 3405803777 61001\001\n", HOLE},
	{"two in a segment",
	 SAID "CHAT chat " IN "\001\r\n" SAID
	      "CHAT chat 3232235786 5001\001\r\n",
	 SAID "CHAT chat " OUT "\001\r\n" SAID
	      "CHAT chat 3405803777 61002\001\r\n",
	 HOLE "; " HOLE_OF("5001", "61002")},
	{"the same twice",
	 SAID "CHAT chat " IN "\001\r\n|" SAID "CHAT chat " IN "\001\r\n",
	 SAID "CHAT chat " OUT "\001\r\n" SAID "CHAT chat " OUT "\001\r\n",
	 HOLE},
	{"ACCEPT of a hole",
	 SAID "SEND a " IN " 7\001\r\n|" SAID "ACCEPT a 5000 3\001\r\n",
	 SAID "SEND a " OUT " 7\001\r\n" SAID "ACCEPT a 61001 3\001\r\n", HOLE},
	{"ACCEPT with an address", SAID "ACCEPT a " IN " 3\001\r\n",
	 SAID "ACCEPT a " OUT " 3\001\r\n", HOLE},
	/* What follows opens nothing. */
	{"ACCEPT of no hole", SAID "ACCEPT a 5000 3\001\r\n", NULL, ""},
	{"RESUME from inside", SAID "RESUME a 61001 3\001\r\n", NULL, ""},
	{"no end", SAID "CHAT chat " IN "\001", NULL, ""},
	{"not closed", SAID "CHAT chat " IN "\r\n", NULL, ""},
	{"cut in the port", SAID "SEND longfilename.txt " IN "|0\001\r\n", NULL,
	 ""},
	{"cut before", "PRIVMSG bob |:\001DCC CHAT chat " IN "\001\r\n", NULL,
	 ""},
	{"behind a cut line", "PING x|" SAID "CHAT chat " IN "\001\r\n", NULL,
	 ""},
	{"plain chat text", "PRIVMSG bob :DCC CHAT chat " IN "\001\r\n", NULL,
	 ""},
	{"a request in the text",
	 "PRIVMSG bob :look \001DCC CHAT chat " IN "\001\r\n", NULL, ""},
	{"a second request in the message",
	 "PRIVMSG bob :\001PING\001\001DCC CHAT chat " IN "\001\r\n", NULL, ""},
	{"inside an ACTION",
	 "PRIVMSG bob :\001ACTION DCC CHAT chat " IN "\001\r\n", NULL, ""},
	{"in a NOTICE", "NOTICE bob :\001DCC CHAT chat " IN "\001\r\n", NULL,
	 ""},
	{"no recipient", "PRIVMSG :\001DCC CHAT chat " IN "\001\r\n", NULL, ""},
	{"no recipient", "PRIVMSG  :\001DCC CHAT chat " IN "\001\r\n", NULL,
	 ""},
	{"two recipients", "PRIVMSG bob,al :\001DCC CHAT chat " IN "\001\r\n",
	 NULL, ""},
	{"unknown word", SAID "XMIT chat " IN "\001\r\n", NULL, ""},
	{"no name", SAID "CHAT  " IN "\001\r\n", NULL, ""},
	{"quote not closed", SAID "SEND \"my file " IN "\001\r\n", NULL, ""},
	{"dotted quad", SAID "CHAT chat 192.168.1.10 5000\001\r\n", NULL, ""},
	{"address too large", SAID "CHAT chat 7527203082 5000\001\r\n", NULL,
	 ""},
	{"port too large", SAID "CHAT chat 3232235786 70536\001\r\n", NULL, ""},
	{"port modulo 2^32", SAID "CHAT chat 3232235786 4294972296\001\r\n",
	 NULL, ""},
	{"port glued", SAID "CHAT chat " IN "x\001\r\n", NULL, ""},
	{"reverse", SAID "SEND a.txt 3232235786 0 1024 77\001\r\n", NULL, ""},
	{"privileged", SAID "CHAT chat 3232235786 1023\001\r\n", NULL, ""},
	{"another host", SAID "CHAT chat 3232235853 5000\001\r\n", NULL, ""},
	{"request of a browser",
	 "POST / HTTP/1.0\r\n\r\n" SAID "CHAT chat " IN "\001\r\n", NULL, ""},
};

static struct kit *open_kit(struct kit_conn *conn)
{
	struct kit *kit = kit_open_with(&masq_irc_module, MASQ_QUIRKS_NONE);

	*conn = (struct kit_conn){.outside_addr = SERVER, .outside_port = 6667};
	kit_connect(kit, conn);
	return kit;
}

static void messages_of_the_own_host(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct kit_conn conn;
		struct kit *kit = open_kit(&conn);
		char received[400], same[400];
		size_t num_received = 0, num_same = 0;

		for (const char *at = row->said; *at != '\0';) {
			const uint32_t n = (uint32_t)strcspn(at, "|");
			const struct kit_result *r = kit_tcp_out(kit, &conn, at,
								 n);

			assert_non_null(r);
			memcpy(received + num_received, r->payload,
			       r->payload_len);
			num_received += r->payload_len;
			memcpy(same + num_same, at, n);
			num_same += n;
			at += n + (at[n] == '|');
		}
		received[num_received] = same[num_same] = '\0';
		if (strcmp(received,
			   row->received == NULL ? same : row->received))
			fail_msg("%s: received %s", row->name, received);
		kit_assert_row_entries(row->name, kit, KIT_FIRST_PORT,
				       row->entries);
		kit_close(kit);
	}
}

#define HEARD ":bob!u@h PRIVMSG al :\001DCC RESUME a.txt "

struct in_row {
	const char *name;
	const char *said; /* by the server, after an offer of port 5000 */
	const char *received;
};

static const struct in_row in_rows[] = {
	{"mIRC", HEARD "61001 512\001\r\n", HEARD "5000 512\001\r\n"},
	{"with an address", HEARD OUT " 512\001\r\n", HEARD IN " 512\001\r\n"},
	{"unknown port", HEARD "61009 512\001\r\n", HEARD "61009 512\001\r\n"},
	{"port of the connection", HEARD "61000 512\001\r\n",
	 HEARD "61000 512\001\r\n"},
	{"no request", "PRIVMSG al :RESUME a.txt 61001 512\r\n",
	 "PRIVMSG al :RESUME a.txt 61001 512\r\n"},
	{"an offer is not ours", SAID "SEND a " OUT " 7\001\r\n",
	 SAID "SEND a " OUT " 7\001\r\n"},
	{"too large", HEARD "4294967296 61001 512\001\r\n",
	 HEARD "4294967296 61001 512\001\r\n"},
};

static void resume_names_the_inside_port(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(in_rows) / sizeof(in_rows[0]); i++) {
		const struct in_row *row = &in_rows[i];
		const struct kit_result *r;
		struct kit_conn conn;
		struct kit *kit = open_kit(&conn);

		kit_tcp_out(kit, &conn,
			    KIT_TEXT(SAID "SEND a.txt " IN " 7\001\r\n"));
		r = kit_tcp_in(kit, &conn, row->said,
			       (uint32_t)strlen(row->said));
		kit_assert_row_payload(row->name, r, row->received,
				       (uint32_t)strlen(row->received));
		/* Nothing is pinned. */
		kit_assert_row_entries(row->name, kit, KIT_FIRST_PORT, HOLE);
		kit_wait(kit, 121000);
		kit_assert_row_entries(row->name, kit, KIT_FIRST_PORT, "");
		kit_close(kit);
	}
}

/* A RESUME reaches only those who made the offer. */
static void resume_of_another_client(void **state)
{
	struct kit_conn conn, other = {
				      .inside_addr = KIT_IP(192, 168, 1, 11),
				      .outside_addr = SERVER,
				      .outside_port = 6667,
			      };
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(SAID "SEND a.txt " IN " 7\001\r\n"));
	kit_connect(kit, &other);
	r = kit_tcp_in(kit, &other, KIT_TEXT(HEARD "61001 512\001\r\n"));
	kit_assert_payload(r, KIT_TEXT(HEARD "61001 512\001\r\n"));
	kit_close(kit);
}

/* With quirk IRC_OPTIONS alone off, options are no text. */
static void options_are_no_text(void **state)
{
	const uint64_t quirks = MASQ_QUIRKS_ALL & ~MASQ_QUIRK(IRC_OPTIONS);
	struct kit *kit = kit_open_with(&masq_irc_module, quirks);
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 6667};
	const struct kit_result *r;

	(void)state;
	kit_connect(kit, &conn);
	conn.options = "\1\1\1\1\1\1\1\001DCC ";
	conn.options_len = 12;
	r = kit_tcp_out(kit, &conn, KIT_TEXT("CHAT chat " IN "\001\r\n"));
	kit_assert_payload(r, KIT_TEXT("CHAT chat " IN "\001\r\n"));
	kit_close(kit);

	kit = kit_open_with(&masq_irc_module, MASQ_QUIRKS_ALL);
	kit_connect(kit, &conn);
	conn.options = "\1\1\1\1\1\1\1\001DCC ";
	conn.options_len = 12;
	r = kit_tcp_out(kit, &conn, KIT_TEXT("CHAT chat " IN "\001\r\n"));
	kit_assert_payload(r, KIT_TEXT("CHAT chat " OUT "\001\r\n"));
	kit_close(kit);
}

static void holes_are_limited(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	unsigned int holes = 0;

	(void)state;
	for (unsigned int port = 2000; port < 2020; port++) {
		char text[100];
		const int n = snprintf(text, sizeof(text),
				       SAID "CHAT chat 3232235786 %u\001\r\n",
				       port);
		const struct kit_result *r = kit_tcp_out(kit, &conn, text,
							 (uint32_t)n);

		assert_non_null(r);
		if (r->payload_len != (uint32_t)n)
			holes++;
	}
	assert_int_equal(holes, 8);
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_the_own_host),
		cmocka_unit_test(resume_names_the_inside_port),
		cmocka_unit_test(resume_of_another_client),
		cmocka_unit_test(options_are_no_text),
		cmocka_unit_test(holes_are_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
