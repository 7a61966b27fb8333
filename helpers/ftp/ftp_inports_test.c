/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp_inports_test.c - servers inside (vectors FTP-V73 to -V85)
 *
 * 192.168.1.20:21 is reached through the forwarded port 203.0.113.1:2021,
 * for which FTP is loaded with in_ports; the client is 198.51.100.77:4000.
 */
#include <stdio.h>

#include "ftp/ftp.h"
#include "kit.h"

#define CLIENT       KIT_IP(198, 51, 100, 77)
#define INSIDE       KIT_IP(192, 168, 1, 20)
#define CONTROL_PORT 2021

/* Children of a 227 and of a PORT. */
#define HOLE(inside)                                                           \
	"{TCP " inside " ~ 203.0.113.1:61000 ~ 198.51.100.77:* LISTEN 120s "   \
	"parent=2021}"
#define EXPECTED(peer)                                                         \
	"{TCP 192.168.1.20:? ~ 203.0.113.1:61000 ~ " peer " NONE 1800s "       \
	"parent=2021}"
#define SAME NULL, 0

struct row {
	const char *name;
	const char *command; /* of the client, always forwarded unchanged */
	uint32_t command_len;
	const char *reply; /* of the server */
	uint32_t reply_len;
	const char *expected; /* that the client gets; NULL = the same */
	uint32_t expected_len;
	const char *entries; /* new ones */
};

static const struct row rows[] = {
	/* normal: passive reply of an inside server */
	{"FTP-V73", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,20,195,80)\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (203,0,113,1,238,72)\r\n"),
	 HOLE("192.168.1.20:50000")},
	/* boundary: all upper case */
	{"FTP-V74", SAME,
	 KIT_TEXT("227 ENTERING PASSIVE MODE (192,168,1,20,195,80)\r\n"),
	 KIT_TEXT("227 ENTERING PASSIVE MODE (203,0,113,1,238,72)\r\n"),
	 HOLE("192.168.1.20:50000")},
	/* boundary: mixed case inside a word */
	{"FTP-V75", SAME,
	 KIT_TEXT("227 ENtering Passive Mode (192,168,1,20,195,80)\r\n"), SAME,
	 ""},
	/* boundary: words in between are allowed */
	{"FTP-V76", SAME,
	 KIT_TEXT("227 Entering the new Passive transfer Mode now "
		  "(192,168,1,20,195,80)\r\n"),
	 KIT_TEXT("227 Entering the new Passive transfer Mode now "
		  "(203,0,113,1,238,72)\r\n"),
	 HOLE("192.168.1.20:50000")},
	/* boundary: one byte too short */
	{"FTP-V77", SAME, KIT_TEXT("227 Entering Passive Mode (1,1,1,1,4,1)\n"),
	 SAME, ""},
	/* boundary: exactly long enough */
	{"FTP-V78", SAME,
	 KIT_TEXT("227 Entering Passive Mode (1,1,1,1,4,1)\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (203,0,113,1,238,72)\r\n"),
	 HOLE("1.1.1.1:1025")},
	/* boundary: closing parenthesis missing */
	{"FTP-V79", SAME,
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,20,195,80\r\n"), SAME,
	 ""},
	/* hostile: an error text repeats what the client sent (VU#328867) */
	{"FTP-V80",
	 KIT_TEXT("RETR 227 Entering Passive Mode (192,168,1,20,0,22)\r\n"),
	 KIT_TEXT("550 227 Entering Passive Mode (192,168,1,20,0,22): "
		  "No such file\r\n"),
	 KIT_TEXT("550 227 Entering Passive Mode (203,0,113,1,238,72): "
		  "No such file\r\n"),
	 HOLE("192.168.1.20:22")},
	/* hostile: third inside host */
	{"FTP-V81", SAME,
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,99,0,23)\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (203,0,113,1,238,72)\r\n"),
	 HOLE("192.168.1.99:23")},
	/* normal: active transfer, an outside client sends PORT */
	{"FTP-V82", KIT_TEXT("PORT 198,51,100,77,15,161\r\n"), SAME, SAME,
	 EXPECTED("198.51.100.77:4001")},
	/* boundary: PORT needs CR or LF on this path */
	{"FTP-V83", KIT_TEXT("PORT 198,51,100,77,15,161 \r\n"), SAME, SAME, ""},
	/* hostile: FTP bounce target */
	{"FTP-V84", KIT_TEXT("PORT 198,51,100,99,0,25\r\n"), SAME, SAME,
	 EXPECTED("198.51.100.99:25")},
};

static struct kit *open_kit(uint64_t quirks)
{
	static const int32_t in_ports[HELPER_MAX_PORTS] = {CONTROL_PORT};
	static struct helper_options options;
	struct masq_config config;

	kit_config(&config, quirks);
	helper_options_init(&options);
	kit_load_in(&config, &masq_ftp_module, NULL, in_ports, &options);
	config.portfw[config.num_portfw++] = (struct masq_portfw){
		.proto = 6,
		.local_addr = KIT_MASQ,
		.local_port = CONTROL_PORT,
		.real_addr = INSIDE,
		.real_port = 21,
		.preference = 1,
	};
	return kit_open(&config);
}

static struct kit_conn control(void)
{
	return (struct kit_conn){
		.inside_addr = INSIDE,
		.inside_port = 21,
		.outside_addr = CLIENT,
		.outside_port = 4000,
		.masq_port = CONTROL_PORT,
		.inside_seq = 500,
		.outside_seq = 100,
	};
}

static void run_row(const struct row *row)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_ALL);
	struct kit_conn conn = control();
	const struct kit_result *r;

	kit_accept(kit, &conn);
	if (row->command != NULL) {
		r = kit_tcp_in(kit, &conn, row->command, row->command_len);
		kit_assert_row_payload(row->name, r, row->command,
				       row->command_len);
	}
	if (row->reply != NULL) {
		r = kit_tcp_out(kit, &conn, row->reply, row->reply_len);
		kit_assert_row(row->name, r != NULL && r->seq == 501);
		if (row->expected == NULL)
			kit_assert_row_payload(row->name, r, row->reply,
					       row->reply_len);
		else
			kit_assert_row_payload(row->name, r, row->expected,
					       row->expected_len);
	}
	kit_assert_row_entries(row->name, kit, CONTROL_PORT, row->entries);
	kit_close(kit);
}

static void linux_helps_inside_servers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		run_row(&rows[i]);
}

/* FTP-V82: the server's own connection takes the child. */
static void the_servers_syn_takes_the_child(void **state)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_ALL);
	struct kit_conn conn = control();
	struct kit_conn data = {
		.inside_addr = INSIDE,
		.inside_port = 20,
		.outside_addr = CLIENT,
		.outside_port = 4001,
	};

	(void)state;
	kit_accept(kit, &conn);
	kit_tcp_in(kit, &conn, KIT_TEXT("PORT 198,51,100,77,15,161\r\n"));
	kit_connect(kit, &data);
	assert_int_equal(data.masq_port, 61000);
	kit_close(kit);
}

/* FTP-V85 */
static void nothing_before_established(void **state)
{
	static const char reply[] =
		"227 Entering Passive Mode (192,168,1,20,195,80)\r\n";
	struct kit *kit = open_kit(MASQ_QUIRKS_ALL);
	struct kit_conn conn = control();
	const struct kit_result *r;

	(void)state;
	conn.masq_addr = KIT_MASQ;
	kit_conn_at(kit, &conn, MASQ_OUTSIDE, 100, 0, KIT_SYN, NULL, 0);
	r = kit_conn_at(kit, &conn, MASQ_INSIDE, 501, 101, KIT_PSH | KIT_ACK,
			KIT_TEXT(reply));
	kit_assert_payload(r, KIT_TEXT(reply));
	kit_assert_entries(kit, CONTROL_PORT, "");
	kit_close(kit);
}

struct fixed_row {
	const char *name;
	const char *command;
	uint32_t command_len;
	const char *reply;
	uint32_t reply_len;
	bool is_rewritten;
};

static const struct fixed_row fixed_rows[] = {
	{"passive", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,20,195,80)\r\n"), true},
	{"any text", KIT_TEXT("pasv\r\n"),
	 KIT_TEXT("227 Passiv, bitte: 192,168,1,20,195,80.\r\n"), true},
	{"no PASV", KIT_TEXT("NOOP\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,20,195,80)\r\n"),
	 false},
	{"PASV taken back", KIT_TEXT("PASV\r\nNOOP\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,20,195,80)\r\n"),
	 false},
	{"refused first", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("502 no\r\n"
		  "227 Entering Passive Mode (192,168,1,20,195,80)\r\n"),
	 false},
	{"an older reply first", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("226 done\r\n"
		  "227 Entering Passive Mode (192,168,1,20,195,80)\r\n"),
	 true},
	{"echo", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("550 227 Entering Passive Mode (192,168,1,20,0,22): "
		  "No such file\r\n"),
	 false},
	{"inside a reply of several lines", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("213-status\r\n"
		  "227 Entering Passive Mode (192,168,1,20,195,80)\r\n"),
	 false},
	{"behind it", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("213-status\r\n"
		  " 227 what\r\n"
		  "213 end\r\n"
		  "227 Entering Passive Mode (192,168,1,20,195,80)\r\n"),
	 true},
	{"privileged port", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,20,0,22)\r\n"), false},
	{"third host", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,99,195,80)\r\n"),
	 false},
	{"no end", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,20,195,80)"), false},
	{"seven numbers", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,20,195,80,1)\r\n"),
	 false},
	{"number too large", KIT_TEXT("PASV\r\n"),
	 KIT_TEXT("227 Entering Passive Mode (192,168,1,276,195,80)\r\n"),
	 false},
};

static void fixed_helps_inside_servers_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fixed_rows) / sizeof(fixed_rows[0]);
	     i++) {
		const struct fixed_row *row = &fixed_rows[i];
		struct kit *kit = open_kit(MASQ_QUIRKS_NONE);
		struct kit_conn conn = control();
		const struct kit_result *r;

		kit_accept(kit, &conn);
		kit_tcp_in(kit, &conn, row->command, row->command_len);
		r = kit_tcp_out(kit, &conn, row->reply, row->reply_len);
		if (!row->is_rewritten)
			kit_assert_row_payload(row->name, r, row->reply,
					       row->reply_len);
		kit_assert_row_entries(
			row->name, kit, CONTROL_PORT,
			row->is_rewritten ? HOLE("192.168.1.20:50000") : "");
		kit_close(kit);
	}
}

/* The first octets of a reply came cut: nothing can be believed any more. */
static void fixed_distrusts_cut_codes(void **state)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE);
	struct kit_conn conn = control();

	(void)state;
	kit_accept(kit, &conn);
	kit_tcp_out(kit, &conn, KIT_TEXT("213"));
	kit_tcp_in(kit, &conn, KIT_TEXT("PASV\r\n"));
	kit_tcp_out(kit, &conn,
		    KIT_TEXT("-status\r\n"
			     "227 x (192,168,1,20,195,80)\r\n"));
	kit_assert_entries(kit, CONTROL_PORT, "");
	kit_close(kit);
}

struct port_row {
	const char *name;
	const char *command;
	uint32_t command_len;
	const char *entries;
};

static const struct port_row port_rows[] = {
	{"own address", KIT_TEXT("PORT 198,51,100,77,15,161\r\n"),
	 EXPECTED("198.51.100.77:4001")},
	{"bounce", KIT_TEXT("PORT 198,51,100,99,15,161\r\n"), ""},
	{"privileged port", KIT_TEXT("PORT 198,51,100,77,0,25\r\n"), ""},
	{"X11", KIT_TEXT("PORT 198,51,100,77,23,112\r\n"), ""},
	{"no line", KIT_TEXT("RETR PORT 198,51,100,77,15,161\r\n"), ""},
};

static void fixed_expects_ports_of_the_client(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(port_rows) / sizeof(port_rows[0]); i++) {
		const struct port_row *row = &port_rows[i];
		struct kit *kit = open_kit(MASQ_QUIRKS_NONE);
		struct kit_conn conn = control();

		kit_accept(kit, &conn);
		kit_tcp_in(kit, &conn, row->command, row->command_len);
		kit_assert_row_entries(row->name, kit, CONTROL_PORT,
				       row->entries);
		kit_close(kit);
	}
}

/* Announces ports from first on until one is refused; returns how many. */
static unsigned int fill(struct kit *kit, struct kit_conn *conn,
			 unsigned int first)
{
	for (unsigned int num = 0;; num++) {
		char text[64];
		const int n = snprintf(text, sizeof(text),
				       "227 x (192,168,1,20,100,%u)\r\n",
				       first + num);
		const struct kit_result *r;

		kit_tcp_in(kit, conn, KIT_TEXT("PASV\r\n"));
		r = kit_tcp_out(kit, conn, text, (uint32_t)n);
		assert_non_null(r);
		if (memcmp(r->payload, text, (size_t)n) == 0)
			return num;
	}
}

/* GEN-S4: the holes of one client are no concern of another one. */
static void the_limit_is_of_a_connection(void **state)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE);
	struct kit_conn one = control(), other = control();
	struct kit_segment syn = {
		.src = CLIENT + 1,
		.sport = 4002,
		.dst = KIT_MASQ,
		.flags = KIT_SYN,
	};

	(void)state;
	other.outside_addr++;
	kit_accept(kit, &one);
	kit_accept(kit, &other);
	assert_int_equal(fill(kit, &one, 10), 8);
	assert_int_equal(fill(kit, &other, 30), 8);
	/* One is used; there is room for one more. */
	syn.dport = KIT_FIRST_PORT + 8;
	assert_non_null(kit_segment(kit, MASQ_OUTSIDE, &syn));
	assert_int_equal(fill(kit, &other, 50), 1);
	assert_int_equal(fill(kit, &one, 70), 0);
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_helps_inside_servers),
		cmocka_unit_test(the_servers_syn_takes_the_child),
		cmocka_unit_test(nothing_before_established),
		cmocka_unit_test(fixed_helps_inside_servers_alone),
		cmocka_unit_test(fixed_distrusts_cut_codes),
		cmocka_unit_test(fixed_expects_ports_of_the_client),
		cmocka_unit_test(the_limit_is_of_a_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
