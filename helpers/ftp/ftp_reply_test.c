/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp_reply_test.c - what Linux 2.2.26 makes of passive replies of outside
 * servers (vectors FTP-V39 to -V61)
 *
 * A row is a command of 192.168.1.10:1030, the answer of 198.51.100.21:21,
 * and the entry that is then expected to be used by the client. Neither
 * payload is ever changed.
 */
#include "ftp/ftp.h"
#include "irc/irc.h"
#include "kit.h"

#define SERVER   KIT_IP(198, 51, 100, 21)
#define REPLY    "227 Entering Passive Mode (198,51,100,21,195,80)\r\n"
#define CHILD_AT 61001

/* The child of a reply that named this address and port. */
#define EXPECTED(peer, helper)                                                 \
	"{TCP 192.168.1.10:? ~ 203.0.113.1:61001 ~ " peer " NONE 1800s "       \
	"parent=61000" helper "}"

struct row {
	const char *name;
	const char *command;
	uint32_t command_len;
	const char *reply;
	uint32_t reply_len;
	const char *entries; /* new ones */
};

static const struct row rows[] = {
	/* normal: lower-case pasv */
	{"FTP-V40", KIT_TEXT("pasv\r\n"), KIT_TEXT(REPLY),
	 EXPECTED("198.51.100.21:50000", "")},
	/* boundary: mixed-case Pasv */
	{"FTP-V41", KIT_TEXT("Pasv\r\n"), KIT_TEXT(REPLY), ""},
	/* boundary: PASV with bare LF */
	{"FTP-V42", KIT_TEXT("PASV\n"), KIT_TEXT(REPLY), ""},
	/* boundary: PASV with trailing blank */
	{"FTP-V43", KIT_TEXT("PASV \r\n"), KIT_TEXT(REPLY), ""},
	/* boundary: PASV not first in the segment */
	{"FTP-V44", KIT_TEXT("NOOP\r\nPASV\r\n"), KIT_TEXT(REPLY),
	 EXPECTED("198.51.100.21:50000", "")},
	/* boundary: PASV first, other command after it */
	{"FTP-V45", KIT_TEXT("PASV\r\nNOOP\r\n"), KIT_TEXT(REPLY),
	 EXPECTED("198.51.100.21:50000", "")},
	/* boundary: lower-case reply text */
	{"FTP-V49", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 entering passive mode (198,51,100,21,195,80)\r\n"),
	 EXPECTED("198.51.100.21:50000", "")},
	/* boundary: reply without parentheses */
	{"FTP-V50", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode 198,51,100,21,195,80\r\n"), ""},
	/* boundary: reply with extra blank before the parenthesis */
	{"FTP-V51", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode  (198,51,100,21,195,80)\r\n"),
	 EXPECTED("198.51.100.21:50000", "")},
	/* boundary: reply with a dot after Mode */
	{"FTP-V52", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode. (198,51,100,21,195,80)\r\n"), ""},
	/* boundary: closing parenthesis missing */
	{"FTP-V53", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (198,51,100,21,195,80\r\n"), ""},
	/* boundary: no CRLF after the closing parenthesis, one-digit numbers */
	{"FTP-V54", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (1,1,1,1,4,1)"), ""},
	/* boundary: address 0.0.0.0 */
	{"FTP-V55", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (0,0,0,0,195,80)\r\n"), ""},
	/* hostile: reply code is not 227 */
	{"FTP-V56", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("150-abcdefghijklmnop "
		  "qrstuvwxyz0123456789AB(1,2,3,4,5,6)\r\n"),
	 ""},
	/* hostile: third-party address in the reply */
	{"FTP-V57", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (198,51,100,99,0,25)\r\n"),
	 EXPECTED("198.51.100.99:25", "")},
	/* hostile: reply names a port another helper is registered for */
	{"FTP-V58", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (198,51,100,21,26,11)\r\n"),
	 EXPECTED("198.51.100.21:6667", " helper=irc")},
};

/* boundary: PASV carried with TCP timestamps */
static const struct row v46 = {"FTP-V46", KIT_TEXT("PASV\r\n"), KIT_TEXT(REPLY),
			       EXPECTED("198.51.100.21:50000", "")};
/* boundary: 227 carried with TCP timestamps without a 0x20 byte */
static const struct row v47 = {"FTP-V47", KIT_TEXT("PASV\r\n"), KIT_TEXT(REPLY),
			       EXPECTED("198.51.100.21:50000", "")};
/* boundary: 227 carried with timestamps containing bytes 0x20 */
static const struct row v48 = {"FTP-V48", KIT_TEXT("PASV\r\n"), KIT_TEXT(REPLY),
			       EXPECTED("198.51.100.21:50000", "")};

static const char plain_options[] = "\1\1\10\12\0\0\3\350\0\0\7\320";
static const char blank_options[] = "\1\1\10\12\0\0\3\350\40\40\7\320";

static struct kit *open_kit(struct kit_conn *conn)
{
	struct masq_config config;
	struct kit *kit;

	kit_config(&config, MASQ_QUIRKS_ALL);
	kit_load(&config, &masq_ftp_module, NULL);
	kit_load(&config, &masq_irc_module, NULL);
	kit = kit_open(&config);
	*conn = (struct kit_conn){.outside_addr = SERVER, .outside_port = 21};
	kit_connect(kit, conn);
	return kit;
}

static void set_options(struct kit_conn *conn, const char *options)
{
	conn->options = options;
	conn->options_len = options == NULL ? 0 : 12;
}

static void run_row(const struct row *row, const char *client_options,
		    const char *server_options)
{
	const struct kit_result *r;
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	set_options(&conn, client_options);
	r = kit_tcp_out(kit, &conn, row->command, row->command_len);
	kit_assert_row_payload(row->name, r, row->command, row->command_len);
	set_options(&conn, server_options);
	r = kit_tcp_in(kit, &conn, row->reply, row->reply_len);
	kit_assert_row_payload(row->name, r, row->reply, row->reply_len);
	kit_assert_row_entries(row->name, kit, KIT_FIRST_PORT, row->entries);
	kit_close(kit);
}

static void linux_expects_passive_connections(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		run_row(&rows[i], NULL, NULL);
	run_row(&v46, plain_options, NULL);
	run_row(&v47, NULL, plain_options);
	run_row(&v48, NULL, blank_options);
}

/* FTP-V39: and the client's SYN leaves from the child's port. */
static void the_clients_syn_takes_the_child(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	struct kit_conn data = {
		.inside_port = 1031,
		.outside_addr = SERVER,
		.outside_port = 50000,
	};

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	kit_tcp_in(kit, &conn, KIT_TEXT(REPLY));
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   EXPECTED("198.51.100.21:50000", ""));
	data.inside_addr = KIT_CLIENT;
	kit_conn_at(kit, &data, MASQ_INSIDE, 7, 0, KIT_SYN, NULL, 0);
	assert_int_equal(kit->results[0].sport, CHILD_AT);
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   "{TCP 192.168.1.10:1031 ~ 203.0.113.1:61001 ~ "
			   "198.51.100.21:50000 SYN_SENT 120s parent=61000}");
	kit_close(kit);
}

/* FTP-V59 */
static void a_reply_without_pasv_is_ignored(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	(void)state;
	kit_tcp_in(kit, &conn, KIT_TEXT(REPLY));
	kit_assert_entries(kit, KIT_FIRST_PORT, "");
	kit_close(kit);
}

/* FTP-V60 */
static void pasv_survives_a_refusal(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	kit_tcp_in(kit, &conn, KIT_TEXT("502 no\r\n"));
	kit_tcp_out(kit, &conn, KIT_TEXT("NOOP\r\n"));
	kit_wait(kit, 600000);
	kit_tcp_in(kit, &conn, KIT_TEXT(REPLY));
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   EXPECTED("198.51.100.21:50000", ""));
	kit_close(kit);
}

/* FTP-V61 */
static void the_same_reply_makes_one_child(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	(void)state;
	for (int i = 0; i < 2; i++) {
		kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
		kit_tcp_in(kit, &conn, KIT_TEXT(REPLY));
		kit_assert_entries(kit, KIT_FIRST_PORT,
				   EXPECTED("198.51.100.21:50000", ""));
	}
	kit_tcp_in(kit, &conn,
		   KIT_TEXT("227 Entering Passive Mode "
			    "(198,51,100,21,195,81)\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   EXPECTED("198.51.100.21:50000", ""));
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_expects_passive_connections),
		cmocka_unit_test(the_clients_syn_takes_the_child),
		cmocka_unit_test(a_reply_without_pasv_is_ignored),
		cmocka_unit_test(pasv_survives_a_refusal),
		cmocka_unit_test(the_same_reply_makes_one_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
