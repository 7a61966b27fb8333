/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp_test.c - what Linux 2.2.26 makes of PORT (vectors FTP-V01 to -V38)
 *
 * A row is a segment of an established connection from 192.168.1.10:1030 to
 * 198.51.100.21:21 on masquerade port 61000, what leaves the router, and
 * the entries besides the connection's own.
 */
#include "ftp/ftp.h"
#include "kit.h"

#define SERVER KIT_IP(198, 51, 100, 21)

/* The child of a PORT that named this address and port. */
#define HOLE(inside)                                                           \
	"{TCP " inside " ~ 203.0.113.1:61001 ~ 198.51.100.21:* LISTEN 120s "   \
	"parent=61000}"
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
	/* normal: upper-case PORT */
	{"FTP-V01", KIT_TEXT("PORT 192,168,1,10,4,5\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), 2, HOLE("192.168.1.10:1029")},
	/* normal: lower-case port */
	{"FTP-V02", KIT_TEXT("port 192,168,1,10,4,5\r\n"),
	 KIT_TEXT("port 203,0,113,1,238,73\r\n"), 2, HOLE("192.168.1.10:1029")},
	/* boundary: mixed-case keyword is ignored */
	{"FTP-V03", KIT_TEXT("Port 192,168,1,10,4,5\r\n"), SAME},
	/* normal: rewrite of equal length is done in place */
	{"FTP-V04", KIT_TEXT("PORT 192,168,1,100,44,5\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), 0,
	 HOLE("192.168.1.100:11269")},
	/* normal: shrinking rewrite */
	{"FTP-V05", KIT_TEXT("PORT 192,168,100,100,200,200\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), -5,
	 HOLE("192.168.100.100:51400")},
	/* normal: command in the middle of a segment, others are kept */
	{"FTP-V06", KIT_TEXT("NOOP\r\nPORT 192,168,1,10,4,5\r\nLIST\r\n"),
	 KIT_TEXT("NOOP\r\nPORT 203,0,113,1,238,73\r\nLIST\r\n"), 2,
	 HOLE("192.168.1.10:1029")},
	/* boundary: two PORTs in one segment: only the first is rewritten */
	{"FTP-V07",
	 KIT_TEXT("PORT 192,168,1,10,4,5\r\nPORT 192,168,1,10,4,7\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\nPORT 192,168,1,10,4,7\r\n"), 2,
	 HOLE("192.168.1.10:1029")},
	/* boundary: malformed PORT followed by a good one */
	{"FTP-V08", KIT_TEXT("PORT 1,2,3\r\nPORT 192,168,1,10,4,5\r\n"), SAME},
	/* boundary: shortest legal command, 18 bytes left from the P */
	{"FTP-V09", KIT_TEXT("PORT 1,1,1,1,4,1\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), 7, HOLE("1.1.1.1:1025")},
	/* boundary: 19 bytes */
	{"FTP-V10", KIT_TEXT("PORT 1,1,1,1,4,11\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), 6, HOLE("1.1.1.1:1035")},
	/* boundary: 17 bytes */
	{"FTP-V11", KIT_TEXT("PORT 1,1,1,1,4,1\n"), SAME},
	/* boundary: bare LF terminator */
	{"FTP-V12", KIT_TEXT("PORT 192,168,1,10,4,5\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\n"), 2, HOLE("192.168.1.10:1029")},
	/* boundary: bare CR terminator */
	{"FTP-V13", KIT_TEXT("PORT 192,168,1,10,4,5\r"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r"), 2, HOLE("192.168.1.10:1029")},
	/* boundary: no terminator in the segment */
	{"FTP-V14", KIT_TEXT("PORT 192,168,1,10,4,5"),
	 KIT_TEXT("PORT 203,0,113,1,238,73"), 2, HOLE("192.168.1.10:1029")},
	/* boundary: trailing blank before CRLF */
	{"FTP-V15", KIT_TEXT("PORT 192,168,1,10,4,5 \r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73 \r\n"), 2,
	 HOLE("192.168.1.10:1029")},
	/* boundary: two blanks after the keyword */
	{"FTP-V16", KIT_TEXT("PORT  192,168,1,10,4,5\r\n"), SAME},
	/* boundary: tab after the keyword */
	{"FTP-V17", KIT_TEXT("PORT\t192,168,1,10,4,5\r\n"), SAME},
	/* boundary: blank after a comma */
	{"FTP-V18", KIT_TEXT("PORT 192, 168,1,10,4,5\r\n"), SAME},
	/* boundary: leading zeros */
	{"FTP-V19", KIT_TEXT("PORT 192,168,001,010,004,005\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), -5,
	 HOLE("192.168.1.10:1029")},
	/* boundary: values above 255 are reduced modulo 256 */
	{"FTP-V20", KIT_TEXT("PORT 448,424,257,266,260,261\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), -5,
	 HOLE("192.168.1.10:1029")},
	/* boundary: seven numbers */
	{"FTP-V21", KIT_TEXT("PORT 192,168,1,10,4,5,6\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73,6\r\n"), 2,
	 HOLE("192.168.1.10:1029")},
	/* boundary: five numbers */
	{"FTP-V22", KIT_TEXT("PORT 192,168,1,10,4\r\nNOOP\r\n"), SAME},
	/* boundary: sign characters */
	{"FTP-V23", KIT_TEXT("PORT 192,168,1,10,+4,5\r\n"), SAME},
	/* hostile: empty numbers count as zero */
	{"FTP-V24", KIT_TEXT("PORT ,,,,,\r\nNOOP NOOP\r\n"), SAME},
	/* hostile: embedded in another command argument */
	{"FTP-V25", KIT_TEXT("RETR /pub/PORT 192,168,1,10,4,5\r\n"),
	 KIT_TEXT("RETR /pub/PORT 203,0,113,1,238,73\r\n"), 2,
	 HOLE("192.168.1.10:1029")},
	/* hostile: keyword as the tail of a longer word */
	{"FTP-V26", KIT_TEXT("XPORT 192,168,1,10,4,5\r\n"),
	 KIT_TEXT("XPORT 203,0,113,1,238,73\r\n"), 2,
	 HOLE("192.168.1.10:1029")},
	/* hostile: third-party inside host, privileged port */
	{"FTP-V27", KIT_TEXT("PORT 192,168,1,77,0,139\r\n"), SAME},
	/* hostile: third-party inside host, high port */
	{"FTP-V28", KIT_TEXT("PORT 192,168,1,77,31,144\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), -1,
	 HOLE("192.168.1.77:8080")},
	/* hostile: outside address */
	{"FTP-V29", KIT_TEXT("PORT 198,51,100,99,4,5\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), 1,
	 HOLE("198.51.100.99:1029")},
	/* hostile: own address, X11 port 6000 */
	{"FTP-V30", KIT_TEXT("PORT 192,168,1,10,23,112\r\n"), SAME},
	/* boundary: port 1023 */
	{"FTP-V31", KIT_TEXT("PORT 192,168,1,10,3,255\r\n"), SAME},
	/* boundary: port 1024 */
	{"FTP-V32", KIT_TEXT("PORT 192,168,1,10,4,0\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), 2, HOLE("192.168.1.10:1024")},
	/* hostile: HTTP POST body sent to port 21 (NAT slipstreaming) */
	{"FTP-V33",
	 KIT_TEXT("POST / HTTP/1.0\r\n"
		  "Host: evil.example\r\n"
		  "Content-Length: 40\r\n"
		  "\r\n"
		  "x=1\r\n"
		  "PORT 192,168,1,10,5,57\r\n"
		  "yyyyyyyyyyyy"),
	 KIT_TEXT("POST / HTTP/1.0\r\n"
		  "Host: evil.example\r\n"
		  "Content-Length: 40\r\n"
		  "\r\n"
		  "x=1\r\n"
		  "PORT 203,0,113,1,238,73\r\n"
		  "yyyyyyyyyyyy"),
	 1, HOLE("192.168.1.10:1337")},
	/* boundary: EPRT is unknown */
	{"FTP-V36", KIT_TEXT("EPRT |1|192.168.1.10|1029|\r\n"), SAME},
};

/* NOP NOP timestamp among the TCP options. */
static const struct row tcp_options_rows[] = {
	/* boundary: 12 bytes of TCP options (NOP NOP timestamp) */
	{"FTP-V34", KIT_TEXT("PORT 192,168,1,10,4,5\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), 2, HOLE("192.168.1.10:1029")},
};

/* NOPs and END as IP options. */
static const struct row ip_options_rows[] = {
	/* boundary: 8 bytes of IP options */
	{"FTP-V35", KIT_TEXT("PORT 192,168,1,10,4,5\r\n"),
	 KIT_TEXT("PORT 203,0,113,1,238,73\r\n"), 2, HOLE("192.168.1.10:1029")},
};

/* No room for a child. */
static const struct row full_rows[] = {
	/* failure: no free TCP masquerade port */
	{"FTP-V38", KIT_TEXT("PORT 192,168,1,10,4,5\r\n"), SAME},
};

enum how {
	PLAIN = 0,
	TCP_OPTIONS,
	IP_OPTIONS,
	FULL,
};

static void run_row(const struct row *row, enum how how)
{
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 21};
	struct kit_segment s = {
		.src = KIT_CLIENT,
		.sport = 1030,
		.dst = SERVER,
		.dport = 21,
		.seq = 1001,
		.ack = 5001,
		.flags = KIT_PSH | KIT_ACK,
		.payload = row->text,
		.payload_len = row->text_len,
	};
	const struct kit_result *r;
	struct masq_entry_info own;
	struct masq_config config;
	struct kit *kit;

	kit_config(&config, MASQ_QUIRKS_ALL);
	kit_load(&config, &masq_ftp_module, NULL);
	if (how == FULL)
		config.max_entries = 1;
	if (how == TCP_OPTIONS) {
		s.options = "\1\1\10\12\0\0\3\350\0\0\7\320";
		s.options_len = 12;
	}
	if (how == IP_OPTIONS) {
		s.ip_options = "\1\1\1\1\1\1\1\0";
		s.ip_options_len = 8;
	}
	kit = kit_open(&config);
	kit_connect(kit, &conn);
	kit_assert_row(row->name, conn.masq_port == KIT_FIRST_PORT);
	r = kit_segment(kit, MASQ_INSIDE, &s);
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

static void linux_rewrites_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		run_row(&rows[i], PLAIN);
	run_row(&tcp_options_rows[0], TCP_OPTIONS);
	run_row(&ip_options_rows[0], IP_OPTIONS);
	run_row(&full_rows[0], FULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_rewrites_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
