/* SPDX-License-Identifier: Apache-2.0 */
/* quake_fixed_test.c - the parser, quirks off, and chance */
#include "kit.h"
#include "quake/quake.h"
#include "quake/quake_parse.h"

#define CONNECT "\x80\0\0\x0c\x01QUAKE\0\x03"
#define ACCEPT  "\x80\0\0\x09\x81\x29\x09\0\0" /* port 2345 */

#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define SERVER    KIT_IP(198, 51, 100, 26)
#define PORT      1050
#define PROTO_UDP 17

/* ---- the parser ------------------------------------------------------ */

static struct quake_msg parse(const char *text, uint32_t len)
{
	/* A copy of its own, so that sanitizers see a read too far. */
	uint8_t *copy = test_malloc(len + 1);
	struct quake_msg msg;

	memcpy(copy, text, len);
	msg = quake_parse((struct masq_view){.data = copy, .len = len});
	test_free(copy);
	return msg;
}

static void test_parse(void **state)
{
	struct quake_msg msg = parse(KIT_TEXT(CONNECT));

	(void)state;
	assert_int_equal(msg.kind, QUAKE_CONNECT);
	assert_true(msg.is_whole);
	msg = parse(KIT_TEXT("\x80\0\0\x09\x81\x29\x09\x03\xff"));
	assert_int_equal(msg.kind, QUAKE_ACCEPT);
	assert_int_equal(msg.port, 0xff030929);
	msg = parse(KIT_TEXT("\x80\0\0\x09\x80\x29\x09\0\0"));
	assert_int_equal(msg.kind, QUAKE_OTHER);
}

static void test_parse_cut(void **state)
{
	(void)state;
	for (uint32_t len = 0; len < sizeof(CONNECT); len++) {
		const struct quake_msg msg = parse(CONNECT, len);

		assert_int_equal(msg.kind,
				 len < 12 ? QUAKE_OTHER : QUAKE_CONNECT);
	}
	for (uint32_t len = 0; len < sizeof(ACCEPT); len++) {
		const struct quake_msg msg = parse(ACCEPT, len);

		assert_int_equal(msg.kind,
				 len < 5 ? QUAKE_OTHER : QUAKE_ACCEPT);
		assert_int_equal(msg.is_whole, len < 4 || len >= 9);
		assert_int_equal(msg.port, len < 6   ? 0
					   : len < 7 ? 0x29
						     : 0x929);
	}
}

/* ---- quirks off ------------------------------------------------------ */

static struct kit *open_kit(uint64_t quirks)
{
	struct masq_config config;

	kit_config(&config, quirks);
	config.portfw[config.num_portfw++] = (struct masq_portfw){
		.proto = PROTO_UDP,
		.local_addr = KIT_MASQ,
		.local_port = 26000,
		.real_addr = KIT_CLIENT,
		.real_port = 26000,
		.preference = 10,
	};
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

/* The server inside answers the client at SERVER:26000. */
static const struct kit_result *serve(struct kit *kit, const void *accept,
				      uint32_t len)
{
	return kit_udp(kit, MASQ_INSIDE, KIT_CLIENT, 26000, SERVER, 26000,
		       accept, len);
}

static void ask(struct kit *kit)
{
	kit_udp(kit, MASQ_OUTSIDE, SERVER, 26000, KIT_MASQ, 26000,
		KIT_TEXT(CONNECT));
}

/* QUAKE-07: the game keeps the masquerade port, both ways. */
static void test_game_keeps_port(void **state)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE);
	const struct kit_result *r;

	(void)state;
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	in_from(kit, 26000, KIT_TEXT(ACCEPT));
	r = out_to(kit, 2345, KIT_TEXT("x"));
	assert_non_null(r);
	assert_int_equal(r->sport, 61000);
	r = in_from(kit, 2345, KIT_TEXT("y"));
	assert_sent(r, KIT_TEXT("y"));
	assert_int_equal(r->dst, KIT_CLIENT);
	assert_int_equal(r->dport, PORT);
	assert_string_equal(kit_entries(kit, 0),
			    "{UDP 192.168.1.10:1050 ~ 203.0.113.1:61000 ~ "
			    "198.51.100.26:2345 UDP 300s parent=none "
			    "helper=Quake_26}");
	kit_close(kit);
}

/* Accepts that are not to be believed leave the entry where it was. */
static void test_bad_accepts(void **state)
{
	static const char *const bad[] = {
		"\x80\0\0\x09\x81\xff\x03\0\0",   /* port 1023 */
		"\x80\0\0\x09\x81\x29\x09\x01\0", /* above 65535 */
		"\x80\0\0\x0a\x81\x29\x09\0\0",   /* claims ten octets */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct kit *kit = open_kit(MASQ_QUIRKS_NONE);
		struct masq_entry_info info;

		out_to(kit, 26000, KIT_TEXT(CONNECT));
		assert_sent(in_from(kit, 26000, bad[i], 9), bad[i], 9);
		assert_true(kit_entry(kit, PROTO_UDP, 61000, &info));
		assert_int_equal(info.peer_port, 26000);
		ask(kit);
		assert_sent(serve(kit, bad[i], 9), bad[i], 9);
		kit_close(kit);
	}
}

/* QUAKE-S4: who asks cannot answer. */
static void test_own_accept(void **state)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE);

	(void)state;
	out_to(kit, 26000, KIT_TEXT(CONNECT));
	assert_sent(out_to(kit, 26000, KIT_TEXT(ACCEPT)), KIT_TEXT(ACCEPT));
	assert_string_equal(kit_entries(kit, 61000), "");
	ask(kit);
	kit_udp(kit, MASQ_OUTSIDE, SERVER, 26000, KIT_MASQ, 26000,
		KIT_TEXT(ACCEPT));
	assert_sent(serve(kit, KIT_TEXT("x")), KIT_TEXT("x"));
	assert_int_equal(kit->results[0].dport, 26000);
	kit_close(kit);
}

/* One child for each port, and not too many. */
static void test_inside_server(void **state)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE);
	const struct kit_result *r;
	struct masq_entry_info info;
	char accept[] = ACCEPT;

	(void)state;
	ask(kit);
	assert_sent(serve(kit, KIT_TEXT(ACCEPT)),
		    KIT_TEXT("\x80\0\0\x09\x81\x48\xee\0\0"));
	assert_sent(serve(kit, KIT_TEXT(ACCEPT)),
		    KIT_TEXT("\x80\0\0\x09\x81\x48\xee\0\0"));
	assert_string_equal(kit_entries(kit, 26000),
			    "{UDP 192.168.1.10:2345 ~ 203.0.113.1:61000 ~ "
			    "198.51.100.26:26000 LISTEN 120s parent=26000 "
			    "helper=Quake_26}");
	r = in_from(kit, 26000, KIT_TEXT("x"));
	assert_sent(r, KIT_TEXT("x"));
	assert_int_equal(r->dport, 2345);
	for (char i = 1; i < 20; i++) {
		accept[5] = i;
		serve(kit, accept, 9);
	}
	assert_true(kit_entry(kit, PROTO_UDP, 26000, &info));
	assert_int_equal(info.num_children, 8);
	kit_close(kit);
}

/* ---- chance ---------------------------------------------------------- */

static uint32_t make_datagram(uint64_t *seed, uint8_t *out)
{
	static const char *const models[] = {CONNECT, ACCEPT};
	static const uint32_t lens[] = {12, 9};
	const uint32_t which = kit_below(seed, 2);
	uint32_t len = lens[which];

	memcpy(out, models[which], len);
	for (uint32_t n = kit_below(seed, 4); n != 0; n--)
		out[kit_below(seed, len)] = (uint8_t)kit_random(seed);
	if (kit_below(seed, 4) == 0)
		len = kit_below(seed, len + 1);
	return len;
}

static void check_entry(void *ctx, const struct masq_entry_info *info)
{
	(void)ctx;
	assert_int_equal(info->inside_addr, KIT_CLIENT);
	assert_int_equal(info->peer_addr, SERVER);
	assert_true(info->inside_port >= 1024);
	assert_true(info->num_children <= 8);
}

static void throw(uint64_t seed, uint64_t quirks)
{
	struct kit *kit = open_kit(quirks);

	for (unsigned int i = 0; i < 40; i++) {
		uint8_t data[16];
		const uint32_t len = make_datagram(&seed, data);

		switch (kit_below(&seed, 4)) {
		case 0:
			out_to(kit, 26000, data, len);
			break;
		case 1:
			in_from(kit, 26000, data, len);
			break;
		case 2:
			serve(kit, data, len);
			break;
		default:
			kit_udp(kit, MASQ_OUTSIDE, SERVER, 26000, KIT_MASQ,
				26000, data, len);
			break;
		}
		kit_wait(kit, kit_below(&seed, 1000));
	}
	if (quirks == MASQ_QUIRKS_NONE)
		masq_table_each(kit->engine, check_entry, kit);
	kit_close(kit);
}

static void test_chance(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		throw(seed, MASQ_QUIRKS_ALL);
		throw(seed, MASQ_QUIRKS_NONE);
		throw(seed, seed * UINT64_C(0x9e3779b97f4a7c15));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_cut),
		cmocka_unit_test(test_game_keeps_port),
		cmocka_unit_test(test_bad_accepts),
		cmocka_unit_test(test_own_accept),
		cmocka_unit_test(test_inside_server),
		cmocka_unit_test(test_chance),
	};

	return cmocka_run_group_tests_name("helpers.quake.fixed", tests, NULL,
					   NULL);
}
