/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp_sequence_test.c - several segments, lengths and times: what Linux
 * 2.2.26 does (vectors FTP-V37 and FTP-V62 to -V72, anchors A1 and A2)
 */
#include <stdio.h>

#include "ftp/ftp.h"
#include "kit.h"

#define SERVER KIT_IP(198, 51, 100, 21)
#define PORT_A "PORT 192,168,1,10,4,5\r\n"        /* 2 octets longer after */
#define PORT_B "PORT 192,168,100,100,200,200\r\n" /* 5 octets shorter */
#define HOLE_A                                                                 \
	"{TCP 192.168.1.10:1029 ~ 203.0.113.1:61001 ~ 198.51.100.21:* "        \
	"LISTEN 120s parent=61000}"

static struct kit *open_kit(struct kit_conn *conn)
{
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_ALL);

	*conn = (struct kit_conn){.outside_addr = SERVER, .outside_port = 21};
	kit_connect(kit, conn);
	return kit;
}

static struct masq_entry_info entry_of(struct kit *kit, uint16_t masq_port)
{
	struct masq_entry_info info;

	assert_true(kit_entry(kit, 6, masq_port, &info));
	return info;
}

/* A segment to the masquerade port, from anybody outside. */
static const struct kit_result *knock(struct kit *kit, uint32_t src,
				      uint16_t sport, uint16_t masq_port)
{
	const struct kit_segment s = {
		.src = src,
		.sport = sport,
		.dst = KIT_MASQ,
		.dport = masq_port,
		.seq = 1,
		.flags = KIT_SYN,
	};

	return kit_segment(kit, MASQ_OUTSIDE, &s);
}

/* The anchors, but with the time to live as it arrives. */
static void anchors(void **state)
{
	static const uint8_t a1[] =
		"\x45\x00\x00\x41\x12\x34\x40\x00\x3f\x06\xc3\x38\xcb\x00\x71"
		"\x01\xc6\x33\x64\x15\xee\x48\x00\x15\x00\x00\x03\xe9\x00\x00"
		"\x13\x89\x50\x18\x22\x38\xaf\xe3\x00\x00PORT "
		"203,0,113,1,238,73\r\n";
	static const uint8_t a2[] =
		"\x45\x00\x00\x28\x12\x34\x40\x00\x3f\x06\x3d\xa1\xc6\x33\x64"
		"\x15\xc0\xa8\x01\x0a\x00\x15\x04\x06\x00\x00\x13\x89\x00\x00"
		"\x04\x00\x50\x10\x22\x38\x85\xfd\x00\x00";
	const struct kit_result *r;
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	(void)state;
	r = kit_hex(kit, MASQ_INSIDE,
		    "4500003f 12344000 40063c8a c0a8010a c6336415 04060015"
		    "000003e9 00001389 50182238 2bbd0000 504f5254 20313932"
		    "2c313638 2c312c31 302c342c 350d0a");
	assert_non_null(r);
	assert_int_equal(r->len, sizeof(a1) - 1);
	assert_memory_equal(r->data, a1, r->len);
	r = kit_hex(kit, MASQ_OUTSIDE,
		    "45000028 12344000 4006c251 c6336415 cb007101 0015ee48"
		    "00001389 00000402 50102238 21690000");
	assert_non_null(r);
	assert_int_equal(r->len, sizeof(a2) - 1);
	assert_memory_equal(r->data, a2, r->len);
	kit_close(kit);
}

static void v37_same_port_again(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(PORT_A));
	r = kit_tcp_out(kit, &conn, KIT_TEXT(PORT_A));
	kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,73\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT, HOLE_A);
	assert_int_equal(entry_of(kit, KIT_FIRST_PORT).out_delta, 4);
	kit_close(kit);
}

static void v62_retransmission(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;

	(void)state;
	for (int i = 0; i < 2; i++) {
		r = kit_conn_at(kit, &conn, MASQ_INSIDE, 1001, 5001,
				KIT_PSH | KIT_ACK, KIT_TEXT(PORT_A));
		kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,73\r\n"));
		assert_int_equal(r->seq, 1001);
	}
	kit_assert_entries(kit, KIT_FIRST_PORT, HOLE_A);
	r = knock(kit, SERVER, 20, 61001);
	assert_non_null(r);
	assert_int_equal(r->dst, KIT_CLIENT);
	assert_int_equal(r->dport, 1029);
	r = kit_tcp_out(kit, &conn, KIT_TEXT(PORT_A));
	kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,74\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   "{TCP 192.168.1.10:1029 ~ 203.0.113.1:61001 ~ "
			   "198.51.100.21:20 SYN_RECV 60s parent=61000}; "
			   "{TCP 192.168.1.10:1029 ~ 203.0.113.1:61002 ~ "
			   "198.51.100.21:* LISTEN 120s parent=61000}");
	r = kit_tcp_out(kit, &conn, KIT_TEXT("LIST\r\n"));
	assert_int_equal(conn.inside_seq - 6, 1024);
	assert_int_equal(r->seq, 1026);
	kit_close(kit);
}

static void v63_two_resizes(void **state)
{
	static const uint32_t acks[][2] = {
		{1022, 1025}, {1023, 1026}, {1024, 1027}, {1025, 1028},
		{1026, 1029}, {1027, 1030}, {1040, 1043}, {1049, 1052},
	};
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;
	struct masq_entry_info own;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(PORT_A));
	r = kit_tcp_out(kit, &conn, KIT_TEXT(PORT_B));
	kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,74\r\n"));
	assert_int_equal(r->seq, 1026);
	own = entry_of(kit, KIT_FIRST_PORT);
	assert_int_equal(own.out_init, 1024);
	assert_int_equal(own.out_delta, -3);
	assert_int_equal(own.out_prev, 2);
	assert_int_equal(conn.inside_seq, 1054);
	r = kit_tcp_out(kit, &conn, KIT_TEXT("LIST\r\n"));
	assert_int_equal(r->seq, 1051);
	for (size_t i = 0; i < sizeof(acks) / sizeof(acks[0]); i++) {
		r = kit_conn_at(kit, &conn, MASQ_OUTSIDE, 5001, acks[i][0],
				KIT_ACK, NULL, 0);
		assert_non_null(r);
		assert_int_equal(r->ack, acks[i][1]);
	}
	kit_close(kit);
}

static void v64_v65_split(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;

	(void)state;
	r = kit_tcp_out(kit, &conn, KIT_TEXT("PORT 192,168,1,"));
	kit_assert_payload(r, KIT_TEXT("PORT 192,168,1,"));
	r = kit_tcp_out(kit, &conn, KIT_TEXT("10,4,5\r\n"));
	kit_assert_payload(r, KIT_TEXT("10,4,5\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT, "");
	kit_close(kit);

	kit = open_kit(&conn);
	r = kit_tcp_out(kit, &conn, KIT_TEXT("PORT 192,168,1,10,4,5"));
	kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,73"));
	r = kit_tcp_out(kit, &conn, KIT_TEXT("6\r\n"));
	kit_assert_payload(r, KIT_TEXT("6\r\n"));
	assert_int_equal(r->seq, 1024);
	kit_assert_entries(kit, KIT_FIRST_PORT, HOLE_A);
	kit_close(kit);
}

/* The port of the control connection itself is no way to steal it. */
static void v67_own_control_port(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;

	(void)state;
	r = kit_tcp_out(kit, &conn, KIT_TEXT("PORT 192,168,1,10,4,6\r\n"));
	kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,73\r\n"));
	r = kit_tcp_out(kit, &conn, KIT_TEXT("LIST\r\n"));
	assert_int_equal(r->sport, 61000);
	assert_int_equal(r->seq, 1026);
	assert_int_equal(conn.inside_seq, 1030);
	kit_close(kit);
}

static void v68_no_theft(void **state)
{
	struct kit *kit = kit_open_with(&masq_ftp_module, MASQ_QUIRKS_ALL);
	struct kit_conn victim = {
		.inside_addr = KIT_IP(192, 168, 1, 77),
		.inside_port = 2000,
		.outside_addr = SERVER,
		.outside_port = 21,
	};
	struct kit_conn thief = {.outside_addr = SERVER, .outside_port = 21};
	const struct kit_result *r;

	(void)state;
	kit_connect(kit, &victim);
	kit_connect(kit, &thief);
	kit_tcp_out(kit, &thief, KIT_TEXT("PORT 192,168,1,77,7,208\r\n"));
	r = kit_tcp_out(kit, &victim, KIT_TEXT("NOOP\r\n"));
	assert_int_equal(r->sport, 61000);
	kit_close(kit);
}

static void v69_passive_port_zero(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	kit_tcp_in(kit, &conn,
		   KIT_TEXT("227 Entering Passive Mode "
			    "(198,51,100,21,0,0)\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   "{TCP 192.168.1.10:? ~ 203.0.113.1:61001 ~ "
			   "198.51.100.21:0 NONE 1800s parent=61000}");
	r = kit_tcp_out(kit, &conn, KIT_TEXT(PORT_A));
	kit_assert_payload(r, KIT_TEXT("PORT 203,0,113,1,238,73\r\n"));
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   "{TCP 192.168.1.10:? ~ 203.0.113.1:61001 ~ "
			   "198.51.100.21:0 LISTEN 120s parent=61000}");
	kit_close(kit);
}

static void v70_who_may_use_the_hole(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(PORT_A));
	assert_null(knock(kit, KIT_IP(198, 51, 100, 99), 20, 61001));
	assert_int_equal(kit->drop, MASQ_DROP_LOCAL);
	r = knock(kit, SERVER, 31337, 61001);
	assert_non_null(r);
	assert_int_equal(r->dst, KIT_CLIENT);
	assert_int_equal(r->dport, 1029);
	kit_assert_entries(kit, KIT_FIRST_PORT,
			   "{TCP 192.168.1.10:1029 ~ 203.0.113.1:61001 ~ "
			   "198.51.100.21:31337 SYN_RECV 60s parent=61000}");
	assert_null(knock(kit, SERVER, 20, 61001));
	kit_close(kit);
}

/* Seconds to go, rounded up; 0 = there is no such entry. */
static int64_t seconds_of(struct kit *kit, uint16_t masq_port)
{
	struct masq_entry_info info;

	if (!kit_entry(kit, 6, masq_port, &info))
		return 0;
	return (info.expires + 99) / 100;
}

static void v71_timeouts(void **state)
{
	static const int64_t steps[][3] = {
		/* wait, control entry, child; seconds */
		{899, 1, 901}, {2, 119, 899}, {119, 120, 780}, {780, 60, 0},
		{1, 59, 0},    {60, 0, 0},    {120, 0, 0},
	};
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(PORT_A));
	kit_wait(kit, 119000);
	assert_int_not_equal(seconds_of(kit, 61001), 0);
	kit_wait(kit, 2000);
	assert_int_equal(seconds_of(kit, 61001), 0);
	kit_close(kit);

	kit = open_kit(&conn);
	kit_tcp_out(kit, &conn, KIT_TEXT("PASV\r\n"));
	kit_tcp_in(kit, &conn,
		   KIT_TEXT("227 Entering Passive Mode "
			    "(198,51,100,21,195,80)\r\n"));
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		kit_wait(kit, (uint64_t)steps[i][0] * 1000);
		assert_int_equal(seconds_of(kit, 61000), steps[i][1]);
		assert_int_equal(seconds_of(kit, 61001), steps[i][2]);
	}
	kit_close(kit);
}

/* 16 bits hold 24 commands that shrink by some 1380 octets each. */
static void v72_delta_overflow(void **state)
{
	enum {
		ZEROS = 1380,
		NUM_COMMANDS = 24
	};
	struct kit_conn conn;
	struct kit *kit = open_kit(&conn);
	const struct kit_result *r;
	int32_t shift = 0;

	(void)state;
	for (int i = 0; i < NUM_COMMANDS; i++) {
		char text[1500];
		const int n = snprintf(text, sizeof(text),
				       "PORT %0*d192,168,1,10,4,%d\r\n", ZEROS,
				       0, 90 + i);

		r = kit_tcp_out(kit, &conn, text, (uint32_t)n);
		assert_non_null(r);
		shift += (int32_t)r->payload_len - n;
	}
	assert_int_equal(shift, -33110);
	assert_int_equal(entry_of(kit, KIT_FIRST_PORT).out_delta, 32426);
	r = kit_tcp_out(kit, &conn, KIT_TEXT("LIST\r\n"));
	assert_int_equal(r->seq + 6 - conn.inside_seq, 32426);
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anchors),
		cmocka_unit_test(v37_same_port_again),
		cmocka_unit_test(v62_retransmission),
		cmocka_unit_test(v63_two_resizes),
		cmocka_unit_test(v64_v65_split),
		cmocka_unit_test(v67_own_control_port),
		cmocka_unit_test(v68_no_theft),
		cmocka_unit_test(v69_passive_port_zero),
		cmocka_unit_test(v70_who_may_use_the_hole),
		cmocka_unit_test(v71_timeouts),
		cmocka_unit_test(v72_delta_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
