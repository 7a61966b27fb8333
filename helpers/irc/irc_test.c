/* SPDX-License-Identifier: Apache-2.0 */
/*
 * irc_test.c - what Linux 2.2.26 makes of DCC (vectors IRC-V01 to -V45)
 *
 * A row is a segment of an established connection from 192.168.1.10:1030 to
 * 198.51.100.67:6667 on masquerade port 61000, what leaves the router, and
 * the entries besides the connection's own.
 */
#include "irc/irc.h"
#include "kit.h"

#define SERVER KIT_IP(198, 51, 100, 67)

/* The child of an offer of this address and port. */
#define HOLE(inside)                                                           \
	"{TCP " inside " ~ 203.0.113.1:61001 ~ *:* LISTEN 120s parent=none}"
#define SAME NULL, 0, 0, ""

struct row {
	const char *name;
	const char *text; /* of the client */
	uint32_t text_len;
	const char *expected; /* that the server gets; NULL = the same */
	uint32_t expected_len;
	int32_t delta;       /* recorded for the direction out */
	const char *entries; /* new ones */
};

static const struct row rows[] = {
	/* normal: DCC CHAT */
	{"IRC-V01",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 5000\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"), 1,
	 HOLE("192.168.1.10:5000")},
	/* normal: DCC SEND with size */
	{"IRC-V02",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3232235786 5000 "
		  "1024\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3405803777 61001 "
		  "1024\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* normal: DCC MOVE */
	{"IRC-V03",
	 KIT_TEXT("PRIVMSG bob :\001DCC MOVE a.txt 3232235786 5000 "
		  "1024\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC MOVE a.txt 3405803777 61001 "
		  "1024\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* normal: DCC TSEND */
	{"IRC-V04",
	 KIT_TEXT("PRIVMSG bob :\001DCC TSEND a.txt 3232235786 5000 "
		  "1024\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC TSEND a.txt 3405803777 61001 "
		  "1024\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* normal: DCC SCHAT */
	{"IRC-V05",
	 KIT_TEXT("PRIVMSG bob :\001DCC SCHAT chat 3232235786 5000\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC SCHAT chat 3405803777 61001\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* boundary: LF only */
	{"IRC-V06",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 5000\001\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\n"), 1,
	 HOLE("192.168.1.10:5000")},
	/* boundary: no line end in the segment */
	{"IRC-V07",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 5000\001"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001"), 1,
	 HOLE("192.168.1.10:5000")},
	/* boundary: SEND without size */
	{"IRC-V08",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3232235786 5000\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3405803777 61001\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* boundary: CHAT with an additional number */
	{"IRC-V09",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 5000 1\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001 "
		  "1\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* boundary: SEND, size field empty but blank present */
	{"IRC-V10",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3232235786 5000 \001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3405803777 61001 "
		  "\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* boundary: SEND, size not numeric */
	{"IRC-V11",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3232235786 5000 "
		  "x\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3405803777 61001 "
		  "x\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* boundary: SEND with size and a fourth number (token) */
	{"IRC-V12",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3232235786 5000 1024 "
		  "77\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3405803777 61001 1024 "
		  "77\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* boundary: reverse/passive DCC (port 0 plus token) */
	{"IRC-V13",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND a.txt 3232235786 0 1024 "
		  "77\001\r\n"),
	 SAME},
	/* boundary: lower-case dcc */
	{"IRC-V14",
	 KIT_TEXT("PRIVMSG bob :\001dcc chat chat 3232235786 5000\001\r\n"),
	 SAME},
	/* boundary: lower-case sub-command */
	{"IRC-V15",
	 KIT_TEXT("PRIVMSG bob :\001DCC chat chat 3232235786 5000\001\r\n"),
	 SAME},
	/* boundary: two blanks after DCC */
	{"IRC-V16",
	 KIT_TEXT("PRIVMSG bob :\001DCC  CHAT chat 3232235786 5000\001\r\n"),
	 SAME},
	/* boundary: two blanks before the address */
	{"IRC-V17",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat  3232235786 5000\001\r\n"),
	 SAME},
	/* boundary: two blanks between address and port */
	{"IRC-V18",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786  5000\001\r\n"),
	 SAME},
	/* boundary: empty argument (two blanks after the sub-command) */
	{"IRC-V19",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT  3232235786 50000\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT  3405803777 61001\001\r\n"), 0,
	 HOLE("192.168.1.10:50000")},
	/* boundary: quoted file name with a blank */
	{"IRC-V20",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND \"my file.txt\" 3232235786 "
		  "5000 1024\001\r\n"),
	 SAME},
	/* boundary: leading zeros */
	{"IRC-V21",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 03232235786 05000\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"),
	 -1, HOLE("192.168.1.10:5000")},
	/* boundary: address modulo 2^32 */
	{"IRC-V22",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 7527203082 5000\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"), 1,
	 HOLE("192.168.1.10:5000")},
	/* boundary: port above 65535 */
	{"IRC-V23",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 70536\001\r\n"),
	 SAME},
	/* boundary: port 2^32+5000 */
	{"IRC-V24",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 "
		  "4294972296\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"),
	 -5, HOLE("192.168.1.10:5000")},
	/* boundary: port 1023 */
	{"IRC-V25",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 1023\001\r\n"),
	 SAME},
	/* boundary: port 1024 */
	{"IRC-V26",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 1024\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"), 1,
	 HOLE("192.168.1.10:1024")},
	/* boundary: 27 bytes from the D: too short */
	{"IRC-V27", KIT_TEXT("DCC CHAT chat 16777216 55\001\n"), SAME},
	/* boundary: 28 bytes from the D */
	{"IRC-V28", KIT_TEXT("DCC CHAT chat 16777216 555\001\n"), SAME},
	/* boundary: 11 bytes from the address to the end */
	{"IRC-V29", KIT_TEXT("\001DCC CHAT aaaaaaaaaaaaaaa 9 123456\001\r\n"),
	 SAME},
	/* boundary: 10 bytes from the address to the end */
	{"IRC-V30", KIT_TEXT("\001DCC CHAT aaaaaaaaaaaaaaa 9 12345\001\r\n"),
	 SAME},
	/* boundary: dotted quad instead of a number */
	{"IRC-V31",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 192.168.1.10 5000\001\r\n"),
	 SAME},
	/* boundary: two requests in one segment */
	{"IRC-V33",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 5000\001\r\n"
		  "PRIVMSG bob :\001DCC CHAT chat 3232235786 5001\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"
		  "PRIVMSG bob :\001DCC CHAT chat 3232235786 5001\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* boundary: bad request, then a good one */
	{"IRC-V34",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786x 5000\001\r\n"
		  "PRIVMSG bob :\001DCC CHAT chat 3232235786 5001\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786x 5000\001\r\n"
		  "PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"),
	 1, HOLE("192.168.1.10:5001")},
	/* boundary: unknown sub-command */
	{"IRC-V35",
	 KIT_TEXT("PRIVMSG bob :\001DCC XMIT x 3232235786 5000\001\r\n"), SAME},
	/* boundary: resume answer in the real mIRC form */
	{"IRC-V36",
	 KIT_TEXT("PRIVMSG bob :\001DCC ACCEPT a.txt 5000 512\001\r\n"), SAME},
	/* boundary: resume answer with an address */
	{"IRC-V37",
	 KIT_TEXT("PRIVMSG bob :\001DCC ACCEPT a.txt 3232235786 5000 "
		  "512\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC ACCEPT a.txt 3405803777 61001 "
		  "512\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* hostile: plain chat text, no CTCP byte in front */
	{"IRC-V38",
	 KIT_TEXT("PRIVMSG bob :look: DCC CHAT chat 3232235786 5000\001\r\n"),
	 SAME},
	/* hostile: inside an ACTION */
	{"IRC-V39",
	 KIT_TEXT("PRIVMSG bob :\001ACTION DCC CHAT chat 3232235786 "
		  "5000\001\r\n"),
	 SAME},
	/* hostile: third-party inside host */
	{"IRC-V40",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235853 5000\001\r\n"),
	 SAME},
	/* hostile: privileged port */
	{"IRC-V41",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 139\001\r\n"),
	 SAME},
	/* hostile: sub-command found after a failed one (table order) */
	{"IRC-V42",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND x ZCHAT yyy 3232235786 "
		  "5000\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND x ZCHAT yyy 3405803777 "
		  "61001\001\r\n"),
	 1, HOLE("192.168.1.10:5000")},
	/* hostile: same, but the second word comes earlier in the table */
	{"IRC-V43",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT x ZSEND yyy 3232235786 5000 "
		  "77\001\r\n"),
	 SAME},
	/* hostile: split inside the port number */
	{"IRC-V44",
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND longfilename.txt 3232235786 "
		  "5000"),
	 KIT_TEXT("PRIVMSG bob :\001DCC SEND longfilename.txt 3405803777 "
		  "61001"),
	 1, HOLE("192.168.1.10:5000")},
};

/* NOP NOP timestamp among the TCP options. */
static const struct row tcp_options_rows[] = {
	/* boundary: TCP timestamps present */
	{"IRC-V32",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 5000\001\r\n"),
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3405803777 61001\001\r\n"), 1,
	 HOLE("192.168.1.10:5000")},
};

/* No room for a child. */
static const struct row full_rows[] = {
	/* failure: no free TCP masquerade port */
	{"IRC-V45",
	 KIT_TEXT("PRIVMSG bob :\001DCC CHAT chat 3232235786 5000\001\r\n"),
	 SAME},
};

enum how {
	PLAIN = 0,
	TCP_OPTIONS,
	FULL,
};

static void run_row(const struct row *row, enum how how)
{
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 6667};
	const struct kit_result *r;
	struct masq_entry_info own;
	struct masq_config config;
	struct kit *kit;

	kit_config(&config, MASQ_QUIRKS_ALL);
	kit_load(&config, &masq_irc_module, NULL);
	if (how == FULL)
		config.max_entries = 1;
	kit = kit_open(&config);
	kit_connect(kit, &conn);
	kit_assert_row(row->name, conn.masq_port == KIT_FIRST_PORT);
	if (how == TCP_OPTIONS) {
		conn.options = "\1\1\10\12\0\0\3\350\0\0\7\320";
		conn.options_len = 12;
	}
	r = kit_tcp_out(kit, &conn, row->text, row->text_len);
	if (row->expected == NULL)
		kit_assert_row_payload(row->name, r, row->text, row->text_len);
	else
		kit_assert_row_payload(row->name, r, row->expected,
				       row->expected_len);
	kit_assert_row_entries(row->name, kit, KIT_FIRST_PORT, row->entries);
	kit_assert_row(row->name, kit_entry(kit, 6, KIT_FIRST_PORT, &own));
	kit_assert_row(row->name, own.out_delta == row->delta);
	kit_close(kit);
}

static void linux_rewrites_offers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		run_row(&rows[i], PLAIN);
	run_row(&tcp_options_rows[0], TCP_OPTIONS);
	run_row(&full_rows[0], FULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_rewrites_offers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
