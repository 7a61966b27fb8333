/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp_quirk_test.c - each quirk of FTP off or on by itself
 */
#include "ftp/ftp.h"
#include "irc/irc.h"
#include "kit.h"

#define SERVER   KIT_IP(198, 51, 100, 21)
#define PORT_IN  "PORT 192,168,1,10,4,5"
#define PORT_OUT "PORT 203,0,113,1,238,73"
#define OFF(id)  (MASQ_QUIRKS_ALL & ~MASQ_QUIRK(id))
#define ON(id)   (MASQ_QUIRKS_NONE | MASQ_QUIRK(id))

/* One segment of the client; what the server gets of it. */
struct row {
	const char *name;
	uint64_t quirks;
	const char *said;
	const char *received; /* NULL = the same */
};

static const struct row rows[] = {
	{"cut off", OFF(FTP_CUT), PORT_IN, NULL},
	{"cut off, bare CR", OFF(FTP_CUT), PORT_IN "\r", NULL},
	{"cut off, blank", OFF(FTP_CUT), PORT_IN " \r\n", NULL},
	{"cut off, whole", OFF(FTP_CUT), "X" PORT_IN "\r\n",
	 "X" PORT_OUT "\r\n"},
	{"cut on", ON(FTP_CUT), PORT_IN, PORT_OUT},
	{"cut on, no line", ON(FTP_CUT), "X" PORT_IN, NULL},
	{"anywhere off", OFF(FTP_ANYWHERE), "X" PORT_IN "\r\n", NULL},
	{"anywhere off, line", OFF(FTP_ANYWHERE), "X\r\n" PORT_IN,
	 "X\r\n" PORT_OUT},
	{"anywhere on", ON(FTP_ANYWHERE), "X" PORT_IN "\r\n",
	 "X" PORT_OUT "\r\n"},
	{"any host off", OFF(FTP_ANY_HOST), "PORT 192,168,1,77,4,5\r\n", NULL},
	{"any host on", ON(FTP_ANY_HOST), "PORT 192,168,1,77,4,5\r\n",
	 PORT_OUT "\r\n"},
	{"numbers off", OFF(HELPER_NUMBERS), "PORT 192,168,1,266,4,5\r\n",
	 NULL},
	{"numbers on", ON(HELPER_NUMBERS), "PORT 192,168,1,266,4,5\r\n",
	 PORT_OUT "\r\n"},
};

static struct kit *open_kit(uint64_t quirks, struct kit_conn *conn)
{
	struct kit *kit = kit_open_with(&masq_ftp_module, quirks);

	*conn = (struct kit_conn){.outside_addr = SERVER, .outside_port = 21};
	kit_connect(kit, conn);
	return kit;
}

static void single_quirks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		const char *expected = row->received == NULL ? row->said
							     : row->received;
		struct kit_conn conn;
		struct kit *kit = open_kit(row->quirks, &conn);
		const struct kit_result *r = kit_tcp_out(
			kit, &conn, row->said, (uint32_t)strlen(row->said));

		kit_assert_row_payload(row->name, r, expected,
				       (uint32_t)strlen(expected));
		kit_close(kit);
	}
}

/* Client, server, client, ... until NULL; is the last reply expected? */
struct dialogue {
	const char *name;
	uint64_t quirks;
	const char *said[5];
	bool is_expected;
};

#define REPLY "227 Entering Passive Mode (198,51,100,21,195,80)"

static const struct dialogue dialogues[] = {
	{"kept off", OFF(FTP_PASV_KEPT), {"PASV\r\n", REPLY "\r\n"}, true},
	{"kept off, other command",
	 OFF(FTP_PASV_KEPT),
	 {"PASV\r\n", "200 ok\r\n", "NOOP\r\n", REPLY "\r\n"},
	 false},
	{"kept off, a PORT",
	 OFF(FTP_PASV_KEPT),
	 {"PASV\r\n", "200 ok\r\n", PORT_IN "\r\n", REPLY "\r\n"},
	 false},
	{"kept on",
	 ON(FTP_PASV_KEPT),
	 {"PASV\r\n", "502 no\r\n", "NOOP\r\n", REPLY "\r\n"},
	 true},
	{"cut off, reply", OFF(FTP_CUT), {"PASV\r\n", REPLY "  "}, false},
	{"cut on, reply", ON(FTP_CUT), {"PASV\r\n", REPLY}, true},
	{"low port off",
	 OFF(HELPER_LOW_PORT),
	 {"PASV\r\n", "227 Entering Passive Mode (198,51,100,21,0,80)\r\n"},
	 false},
	{"low port on",
	 ON(HELPER_LOW_PORT),
	 {"PASV\r\n", "227 Entering Passive Mode (198,51,100,21,0,80)\r\n"},
	 true},
	{"any host off",
	 OFF(FTP_ANY_HOST),
	 {"PASV\r\n", "227 Entering Passive Mode (198,51,100,22,195,80)\r\n"},
	 false},
};

static void single_quirks_of_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dialogues) / sizeof(dialogues[0]); i++) {
		const struct dialogue *d = &dialogues[i];
		struct kit_conn conn;
		struct kit *kit = open_kit(d->quirks, &conn);

		for (size_t k = 0; k < 5 && d->said[k] != NULL; k++) {
			const uint32_t len = (uint32_t)strlen(d->said[k]);

			if (k % 2 == 0)
				kit_tcp_out(kit, &conn, d->said[k], len);
			else
				kit_tcp_in(kit, &conn, d->said[k], len);
		}
		kit_assert_row(d->name, (strstr(kit_entries(kit, 61000),
						"192.168.1.10:?") != NULL) ==
						d->is_expected);
		kit_close(kit);
	}
}

/* A DCC offer of the same host and port, which anybody may use. */
static void the_hole_of_an_offer(void **state)
{
	static const uint64_t quirks[] = {
		MASQ_QUIRKS_ALL,
		OFF(FTP_ANY_HOST),
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct kit_conn irc = {
			.outside_addr = KIT_IP(198, 51, 100, 67),
			.outside_port = 6667,
		};
		struct kit_conn ftp = {
			.inside_port = 1031,
			.outside_addr = SERVER,
			.outside_port = 21,
		};
		struct masq_config config;
		const struct kit_result *r;
		struct kit *kit;

		kit_config(&config, quirks[i]);
		kit_load(&config, &masq_ftp_module, NULL);
		kit_load(&config, &masq_irc_module, NULL);
		kit = kit_open(&config);
		kit_connect(kit, &irc);
		kit_tcp_out(kit, &irc,
			    KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat "
				     "3232235786 1029\001\r\n"));
		kit_connect(kit, &ftp);
		r = kit_tcp_out(kit, &ftp, KIT_TEXT(PORT_IN "\r\n"));
		if (i == 0)
			kit_assert_payload(r, KIT_TEXT(PORT_OUT "\r\n"));
		else
			kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,"
						       "75\r\n"));
		kit_close(kit);
	}
}

/* A longer packet than IP allows stays as it is (GEN-17). */
static void no_room_in_the_packet(void **state)
{
	static char text[65535 - 40];
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	struct masq_config config;
	const struct kit_result *r;
	struct kit *kit;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, PORT_IN, sizeof(PORT_IN) - 1);
	kit_config(&config, MASQ_QUIRKS_ALL);
	kit_load(&config, &masq_ftp_module, NULL);
	config.inside.mtu = config.outside.mtu = 65535;
	kit = kit_open(&config);
	kit_connect(kit, &conn);
	r = kit_tcp_out(kit, &conn, text, sizeof(text));
	kit_assert_payload(r, text, sizeof(text));
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_quirks),
		cmocka_unit_test(single_quirks_of_replies),
		cmocka_unit_test(the_hole_of_an_offer),
		cmocka_unit_test(no_room_in_the_packet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
