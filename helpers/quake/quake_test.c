/* SPDX-License-Identifier: Apache-2.0 */
/* quake_test.c - vectors QUAKE-V01 to -V26 and anchor A5, as Linux 2.2.26 */
#include "kit.h"
#include "quake/quake.h"

struct bytes {
	const void *data;
	uint32_t len;
};
#define BYTES(s)                                                               \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}

#define CONNECT "\x80\0\0\x0c\x01QUAKE\0\x03"
#define ACCEPT  "\x80\0\0\x09\x81\x29\x09\0\0" /* port 2345 */

#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define SERVER    KIT_IP(198, 51, 100, 26)
#define STRANGER  KIT_IP(198, 51, 100, 99)
#define INSIDE    KIT_IP(192, 168, 1, 20) /* a server */
#define PORT      1050                    /* the client's */
#define PROTO_UDP 17

static struct kit *open_kit(int32_t dloose)
{
	struct masq_config config;

	kit_config(&config, MASQ_QUIRKS_ALL);
	config.udp_dloose = dloose;
	kit_load(&config, &masq_quake_module, NULL);
	return kit_open(&config);
}

static const struct kit_result *out_to(struct kit *kit, uint16_t port,
				       const void *data, uint32_t len)
{
	return kit_udp(kit, MASQ_INSIDE, KIT_CLIENT, PORT, SERVER, port, data,
		       len);
}

static const struct kit_result *in_from(struct kit *kit, uint16_t port,
					const void *data, uint32_t len)
{
	return kit_udp(kit, MASQ_OUTSIDE, SERVER, port, KIT_MASQ, 61000, data,
		       len);
}

/* A join: nothing is rewritten; returns where the game leaves from. */
static uint16_t join(struct kit *kit, uint16_t port, const void *accept,
		     uint16_t game_port)
{
	const struct kit_result *r;

	r = out_to(kit, port, KIT_TEXT(CONNECT));
	assert_sent(r, KIT_TEXT(CONNECT));
	r = in_from(kit, port, accept, 9);
	assert_sent(r, accept, 9);
	assert_int_equal(r->dst, KIT_CLIENT);
	r = out_to(kit, game_port, KIT_TEXT("\0\x01\0\x09\0\0\0\0\x01"));
	assert_non_null(r);
	return r->sport;
}

static const struct join_row {
	const char *id;
	int32_t dloose;
	uint16_t port;
	const char *accept;
	uint16_t game_port;
	uint16_t leaves_from;
	const char *entries;
} join_rows[] = {
	{"QUAKE-V01", 0, 26000, ACCEPT, 2345, 61001,
	 "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ 198.51.100.26:2345 "
	 "UDP 300s parent=none helper=Quake_26}; "
	 "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61001 ~ *:2345 "
	 "UDP 300s parent=none}"},
	{"QUAKE-V02", 0, 26000, "\x80\0\0\x09\x81\x90\x09\0\0", 2448, 61000,
	 "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ 198.51.100.26:2448 "
	 "UDP 300s parent=none helper=Quake_26}"},
	{"QUAKE-V03", 2, 26000, ACCEPT, 2345, 61000,
	 "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ "
	 "loose(last 198.51.100.26:2345) UDP 300s parent=none "
	 "helper=Quake_26}"},
	{"QUAKE-V04", 0, 27000, ACCEPT, 2345, 61001,
	 "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ 198.51.100.26:2345 "
	 "UDP 300s parent=none helper=Quake_27}; "
	 "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61001 ~ *:2345 "
	 "UDP 300s parent=none}"},
};

static void test_join(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(join_rows) / sizeof(*join_rows); i++) {
		const struct join_row *row = &join_rows[i];
		struct kit *kit = open_kit(row->dloose);

		kit_assert_row(row->id,
			       join(kit, row->port, row->accept,
				    row->game_port) == row->leaves_from);
		kit_assert_row(row->id,
			       strcmp(kit_entries(kit, 0), row->entries) == 0);
		kit_close(kit);
	}
}

static const struct accept_row {
	const char *id;
	struct bytes connect, accept;
	uint16_t peer_port; /* recorded afterwards */
} accept_rows[] = {
	/* clang-format off */
	{"QUAKE-V05", BYTES("\x80\0\0\x0c\x02QUAKE\0\x03"),
	 BYTES(ACCEPT), 26000},
	{"QUAKE-V06", BYTES("\x80\0\0\x0b\x01QUAKE\0\x03"),
	 BYTES(ACCEPT), 26000},
	{"QUAKE-V07", BYTES("\x80\0\xff\xff\x01QUAKE\0\x03"),
	 BYTES(ACCEPT), 2345},
	{"QUAKE-V08", BYTES("\x80\0\0\x0c\x01QUAKE\0\x02"),
	 BYTES(ACCEPT), 26000},
	{"QUAKE-V09", BYTES("\x80\0\0\x0c\x01quake\0\x03"),
	 BYTES(ACCEPT), 26000},
	{"QUAKE-V10", BYTES("\x80\0\0\x20\x01QUAKE\0\x03xxxxxxxxxxxxxxxxxxxx"),
	 BYTES(ACCEPT), 2345},
	{"QUAKE-V11", BYTES("\x80\0\0\x0c\x01QUA"), BYTES(ACCEPT), 26000},
	{"QUAKE-V12", BYTES("\x80\x01\0\x0c\x01QUAKE\0\x03"),
	 BYTES(ACCEPT), 26000},
	{"QUAKE-V13", BYTES("\0\x80\0\x0c\x01QUAKE\0\x03"),
	 BYTES(ACCEPT), 26000},
	{"QUAKE-V14", BYTES(CONNECT),
	 BYTES("\x80\0\0\x08\x81\x29\x09\0\0"), 26000},
	{"QUAKE-V15", BYTES(CONNECT),
	 BYTES("\x80\0\0\x09\x81\x70\x11\x01\0"), 4464},
	{"QUAKE-V16", BYTES(CONNECT), BYTES("\x80\0\0\x09\x81\0\0\0\0"), 0},
	{"QUAKE-V17", BYTES(CONNECT), BYTES("\x80\0\0\x09\x81\x29\x09"), 2345},
	{"QUAKE-V18", BYTES(CONNECT),
	 BYTES("\x80\0\0\x15\x82Server is full\n\0"), 26000},
	/* clang-format on */
};

static void test_accept(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(accept_rows) / sizeof(*accept_rows);
	     i++) {
		const struct accept_row *row = &accept_rows[i];
		struct kit *kit = open_kit(0);
		struct masq_entry_info info;

		out_to(kit, 26000, row->connect.data, row->connect.len);
		assert_sent(
			in_from(kit, 26000, row->accept.data, row->accept.len),
			row->accept.data, row->accept.len);
		kit_assert_row(row->id,
			       kit_entry(kit, PROTO_UDP, 61000, &info));
		kit_assert_row(row->id, info.peer_port == row->peer_port);
		kit_close(kit);
	}
}

/* QUAKE-V19: the first accept ends it; the next one is another entry's. */
static void test_done(void **state)
{
	struct kit *kit = open_kit(0);

	(void)state;
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	in_from(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81\x90\x09\0\0"));
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	in_from(kit, 2448, KIT_TEXT("\x80\0\0\x09\x81\x90\x08\0\0"));
	assert_string_equal(
		kit_entries(kit, 0),
		"{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ "
		"198.51.100.26:2448 UDP 300s parent=none helper=Quake_26}; "
		"{UDP 192.168.1.10:1050 ~ 203.0.113.1:61001 ~ "
		"*:26000 UDP 300s parent=none helper=Quake_26}");
	kit_close(kit);
}

/* The done state holds in both directions of a loose entry. */
static void test_done_loose(void **state)
{
	struct kit *kit = open_kit(2);
	const struct kit_result *r;

	(void)state;
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	in_from(kit, 26000, KIT_TEXT(ACCEPT));
	r = out_to(kit, 26000, KIT_TEXT(ACCEPT));
	assert_sent(r, KIT_TEXT(ACCEPT));
	in_from(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81\x90\x08\0\0"));
	assert_string_equal(kit_entries(kit, 0),
			    "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ "
			    "loose(last 198.51.100.26:26000) UDP 300s "
			    "parent=none helper=Quake_26}");
	kit_close(kit);
}

/* QUAKE-V20 */
static void test_stranger(void **state)
{
	struct kit *kit = open_kit(0);

	(void)state;
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	assert_null(kit_udp(kit, MASQ_OUTSIDE, STRANGER, 5555, KIT_MASQ, 61000,
			    KIT_TEXT(ACCEPT)));
	assert_string_equal(kit_entries(kit, 0),
			    "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ "
			    "*:26000 UDP 300s parent=none helper=Quake_26}");
	kit_close(kit);
}

/* QUAKE-V21: the client says accept itself. */
static void test_own_accepts(void **state)
{
	struct kit *kit = open_kit(0);

	(void)state;
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	assert_sent(out_to(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81\x8b\0\0\0")),
		    KIT_TEXT("\x80\0\0\x09\x81\x49\xee\0\0"));
	assert_sent(out_to(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81\x8c\0\0\0")),
		    KIT_TEXT("\x80\0\0\x09\x81\x4a\xee\0\0"));
	assert_sent(out_to(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81\x8c\0\0\0")),
		    KIT_TEXT("\x80\0\0\x09\x81\x4b\xee\0\0"));
	assert_string_equal(
		kit_entries(kit, 61000),
		"{UDP 192.168.1.10:139 ~ 203.0.113.1:61001 ~ *:26000 "
		"LISTEN 120s parent=61000 helper=Quake_26}; "
		"{UDP 192.168.1.10:140 ~ 203.0.113.1:61002 ~ *:26000 "
		"LISTEN 120s parent=61000 helper=Quake_26}; "
		"{UDP 192.168.1.10:140 ~ 203.0.113.1:61003 ~ *:26000 "
		"LISTEN 120s parent=61000 helper=Quake_26}");
	kit_close(kit);
}

/* A server inside behind a forwarded port; the client's source is sport. */
static struct kit *serve(uint16_t sport, const struct kit_result **out_accept)
{
	struct masq_config config;
	struct kit *kit;

	kit_config(&config, MASQ_QUIRKS_ALL);
	config.portfw[config.num_portfw++] = (struct masq_portfw){
		.proto = PROTO_UDP,
		.local_addr = KIT_MASQ,
		.local_port = 26000,
		.real_addr = INSIDE,
		.real_port = 26000,
		.preference = 10,
	};
	kit_load(&config, &masq_quake_module, NULL);
	kit = kit_open(&config);
	kit_udp(kit, MASQ_OUTSIDE, SERVER, sport, KIT_MASQ, 26000,
		KIT_TEXT(CONNECT));
	*out_accept = kit_udp(kit, MASQ_INSIDE, INSIDE, 26000, SERVER, sport,
			      KIT_TEXT(ACCEPT));
	return kit;
}

/* QUAKE-V22, -V23 */
static void test_inside_server(void **state)
{
	const struct kit_result *r;
	struct kit *kit = serve(26000, &r);

	(void)state;
	assert_sent(r, KIT_TEXT("\x80\0\0\x09\x81\x48\xee\0\0"));
	assert_int_equal(r->sport, 26000);
	assert_string_equal(
		kit_entries(kit, 0),
		"{UDP 192.168.1.20:26000 ~ 203.0.113.1:26000 ~ "
		"198.51.100.26:26000 UDP 300s parent=none helper=Quake_26}; "
		"{UDP 192.168.1.20:2345 ~ 203.0.113.1:61000 ~ *:26000 "
		"LISTEN 120s parent=26000 helper=Quake_26}");
	kit_close(kit);
	kit = serve(1055, &r);
	assert_sent(r, KIT_TEXT(ACCEPT));
	assert_string_equal(kit_entries(kit, 0),
			    "{UDP 192.168.1.20:26000 ~ 203.0.113.1:26000 ~ "
			    "198.51.100.26:1055 UDP 300s parent=none}");
	kit_close(kit);
}

/* QUAKE-V24 */
static void test_no_room(void **state)
{
	struct masq_config config;
	struct kit *kit;

	(void)state;
	kit_config(&config, MASQ_QUIRKS_ALL);
	config.max_entries = 1;
	kit_load(&config, &masq_quake_module, NULL);
	kit = kit_open(&config);
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	assert_sent(out_to(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81\x8c\0\0\0")),
		    KIT_TEXT("\x80\0\0\x09\x81\x8c\0\0\0"));
	kit_close(kit);
}

/* QUAKE-V25, -V26 */
static void test_not_bound(void **state)
{
	struct kit *kit = open_kit(0);

	(void)state;
	kit_udp(kit, MASQ_INSIDE, KIT_CLIENT, 27001, KIT_IP(198, 51, 100, 27),
		27500, KIT_TEXT("\xff\xff\xff\xffgetchallenge\n"));
	assert_string_equal(kit_entries(kit, 0),
			    "{UDP 192.168.1.10:27001 ~ 203.0.113.1:61000 ~ "
			    "*:27500 UDP 300s parent=none}");
	kit_close(kit);
	kit = open_kit(0);
	out_to(kit, 53, KIT_TEXT("x"));
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	assert_string_equal(
		kit_entries(kit, 0),
		"{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ *:53 "
		"UDP 300s parent=none}; "
		"{UDP 192.168.1.10:1050 ~ 203.0.113.1:61001 ~ *:26000 "
		"UDP 300s parent=none helper=Quake_26}");
	kit_close(kit);
}

/* A5, with the TTL as it was before the router. */
static void test_anchor(void **state)
{
	static const char after[] =
		"\x45\0\0\x25\x12\x34\x40\0\x3f\x11\xc3\x44\xcb\0\x71\x01"
		"\xc6\x33\x64\x1a\xee\x48\x65\x90\0\x11\x56\x4f"
		"\x80\0\0\x09\x81\x49\xee\0\0";
	struct kit *kit = open_kit(0);
	const struct kit_result *r;

	(void)state;
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	r = kit_hex(kit, MASQ_INSIDE,
		    "4500 0025 1234 4000 4011 3c94 c0a8 010a c633 641a "
		    "041a 6590 0011 a88c 8000 0009 818b 0000 00");
	assert_non_null(r);
	assert_int_equal(r->len, sizeof(after) - 1);
	assert_memory_equal(r->data, after, sizeof(after) - 1);
	kit_close(kit);
}

/* The end-to-end session of the vectors, which takes loose entries. */
static void test_session(void **state)
{
	struct kit *kit = open_kit(2);
	const struct kit_result *r;

	(void)state;
	out_to(kit, 26000, KIT_TEXT("\x80\0\0\x0c\x02QUAKE\0\x03"));
	in_from(kit, 26000, KIT_TEXT("\x80\0\0\x0b\x83server\0"));
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	in_from(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81\x82\x04\0\0"));
	r = out_to(kit, 1154, KIT_TEXT("\0\x01\0\x09\0\0\0\0\x01"));
	assert_int_equal(r->sport, 61000);
	r = in_from(kit, 1154, KIT_TEXT("\0\x02\0\x08\0\0\0\0"));
	assert_sent(r, KIT_TEXT("\0\x02\0\x08\0\0\0\0"));
	assert_int_equal(r->dport, PORT);
	assert_string_equal(kit_entries(kit, 0),
			    "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ "
			    "loose(last 198.51.100.26:1154) UDP 300s "
			    "parent=none helper=Quake_26}");
	kit_close(kit);
}

/* A cut accept of an inside server: the octet that is there is written. */
static void test_cut_accept(void **state)
{
	struct kit *kit = open_kit(0);

	(void)state;
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	assert_sent(out_to(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81\x07")),
		    KIT_TEXT("\x80\0\0\x09\x81\x49"));
	assert_sent(out_to(kit, 26000, KIT_TEXT("\x80\0\0\x09\x81")),
		    KIT_TEXT("\x80\0\0\x09\x81"));
	assert_string_equal(kit_entries(kit, 61000),
			    "{UDP 192.168.1.10:7 ~ 203.0.113.1:61001 ~ *:26000 "
			    "LISTEN 120s parent=61000 helper=Quake_26}; "
			    "{UDP 192.168.1.10:0 ~ 203.0.113.1:61002 ~ *:26000 "
			    "LISTEN 120s parent=61000 helper=Quake_26}");
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_accept),
		cmocka_unit_test(test_done),
		cmocka_unit_test(test_done_loose),
		cmocka_unit_test(test_stranger),
		cmocka_unit_test(test_own_accepts),
		cmocka_unit_test(test_inside_server),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_not_bound),
		cmocka_unit_test(test_anchor),
		cmocka_unit_test(test_session),
		cmocka_unit_test(test_cut_accept),
	};

	return cmocka_run_group_tests_name("helpers.quake", tests, NULL, NULL);
}
