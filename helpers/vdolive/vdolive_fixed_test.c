/* SPDX-License-Identifier: Apache-2.0 */
/* vdolive_fixed_test.c - the parser, quirks off, and chance */
#include "kit.h"
#include "vdolive/vdolive.h"
#include "vdolive/vdolive_parse.h"

#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define SERVER KIT_IP(198, 51, 100, 7)

#define NAME "VDO Live"
#define TAG_6                                                                  \
	"\0\0\0\x24\0\0\0\x06"                                                 \
	"0123456789abcdef" NAME
#define TAG_1  "\0\0\0\x14\0\0\0\x01" NAME
#define P4000  "\0\0\x0f\xa0"
#define P4001  "\0\0\x0f\xa1"
#define P1023  "\0\0\x03\xff"
#define M61001 "\0\0\xee\x49"

static const char timestamps[] = "\x01\x01\x08\x0a\0\0\x03\xe8\0\0\x07\xd0";

/* ---- the parser ------------------------------------------------------ */

static struct vdolive_msg parse(const char *text, uint32_t len)
{
	/* A copy of its own, so that sanitizers see a read too far. */
	uint8_t *copy = test_malloc(len + 1);
	struct vdolive_msg msg;

	memcpy(copy, text, len);
	msg = vdolive_parse((struct masq_view){.data = copy, .len = len});
	test_free(copy);
	return msg;
}

static void test_parse_cut(void **state)
{
	(void)state;
	for (uint32_t len = 0; len < sizeof(TAG_6 P4000); len++) {
		const struct vdolive_msg msg = parse(TAG_6 P4000, len);

		assert_int_equal(msg.kind,
				 len < 36 ? VDOLIVE_OTHER : VDOLIVE_TAG_6);
		assert_int_equal(msg.port, len < 36 ? 0 : 4000);
		assert_int_equal(msg.port_at, len < 36 ? 0 : 34);
	}
	for (uint32_t len = 0; len < sizeof(TAG_1 P4000); len++) {
		const struct vdolive_msg msg = parse(TAG_1 P4000, len);

		assert_int_equal(msg.kind,
				 len < 20 ? VDOLIVE_OTHER : VDOLIVE_TAG_1);
		assert_int_equal(msg.port, len < 20 ? 0 : 4000);
		assert_int_equal(msg.port_at, len < 20 ? 0 : 18);
	}
}

/* ---- quirks off ------------------------------------------------------ */

static struct kit *open_kit(uint64_t quirks, struct kit_conn *conn)
{
	struct masq_config config;
	struct kit *kit;

	kit_config(&config, quirks);
	kit_load(&config, &masq_vdolive_module, NULL);
	kit = kit_open(&config);
	conn->outside_addr = SERVER;
	conn->outside_port = 7000;
	kit_connect(kit, conn);
	return kit;
}

/* VDO-S1, -S3: options do not matter, and everything ends. */
static void test_session(void **state)
{
	struct kit_conn conn = {.options = timestamps,
				.options_len = sizeof(timestamps) - 1};
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE, &conn);
	const struct kit_result *r;

	(void)state;
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P4000)),
		    KIT_TEXT(TAG_6 M61001));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT("\0\0\0\x08\0\0\0\x03")),
		    KIT_TEXT("\0\0\0\x08\0\0\0\x03"));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(TAG_1 P4000)),
		    KIT_TEXT(TAG_1 M61001));
	assert_string_equal(kit_entries(kit, 61000),
			    "{UDP 192.168.1.10:4000 ~ 203.0.113.1:61001 ~ "
			    "198.51.100.7:* LISTEN 120s parent=61000}");
	r = kit_udp(kit, MASQ_OUTSIDE, SERVER, 7001, KIT_MASQ, 61001,
		    KIT_TEXT("video"));
	assert_sent(r, KIT_TEXT("video"));
	assert_int_equal(r->dport, 4000);
	kit_conn_at(kit, &conn, MASQ_INSIDE, conn.inside_seq, conn.inside_ack,
		    KIT_RST | KIT_ACK, NULL, 0);
	kit_wait(kit, 600000);
	assert_string_equal(kit_entries(kit, 0), "");
	kit_close(kit);
}

/* VDO-S4: what is repeated is repeated as it left. A gap ends it all. */
static void test_retransmission(void **state)
{
	struct kit_conn conn = {0};
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE, &conn);
	const uint32_t seq = conn.inside_seq;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P4000));
	assert_sent(kit_conn_at(kit, &conn, MASQ_INSIDE, seq, conn.inside_ack,
				KIT_ACK, KIT_TEXT(TAG_6 P4000)),
		    KIT_TEXT(TAG_6 M61001));
	conn.inside_seq += 10;
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(TAG_1 P4000)),
		    KIT_TEXT(TAG_1 P4000));
	kit_close(kit);
}

/* VDO-S6: another port is another port. */
static void test_other_port(void **state)
{
	struct kit_conn conn = {0};
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE, &conn);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P4000));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(TAG_1 P4001)),
		    KIT_TEXT(TAG_1 P4001));
	kit_close(kit);
}

static void test_low_port(void **state)
{
	struct kit_conn conn = {0};
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE, &conn);

	(void)state;
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P1023)),
		    KIT_TEXT(TAG_6 P1023));
	assert_string_equal(kit_entries(kit, 61000), "");
	kit_close(kit);
}

/* GEN-S1: what began with something else is not VDO Live. */
static void test_alien(void **state)
{
	struct kit_conn conn = {0};
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE, &conn);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT("POST / HTTP/1.1\r\n"));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P4000)),
		    KIT_TEXT(TAG_6 P4000));
	assert_string_equal(kit_entries(kit, 61000), "");
	kit_close(kit);
}

/* ---- chance ---------------------------------------------------------- */

/* The port words of everything that the client has sent. */
struct sent {
	uint8_t data[4096];
	uint32_t len;
	bool is_fixed;
};

static bool was_sent(const struct sent *sent, uint16_t port)
{
	const struct masq_view v = {.data = sent->data, .len = sent->len};

	for (uint32_t i = 0; i + 1 < sent->len; i++)
		if (masq_get16(v, i) == port)
			return true;
	return false;
}

static void check_entry(void *ctx, const struct masq_entry_info *info)
{
	const struct sent *sent = ctx;

	if (info->masq_port == 61000)
		return;
	assert_int_equal(info->inside_addr, KIT_CLIENT);
	assert_true(was_sent(sent, info->inside_port));
	if (!sent->is_fixed)
		return;
	assert_true(info->inside_port >= 1024);
	assert_int_equal(info->peer_addr, SERVER);
	assert_int_equal(info->masq_port, 61001);
	assert_int_equal(info->parent_port, 61000);
}

static uint32_t make_segment(uint64_t *seed, uint8_t *out)
{
	static const char *const models[] = {TAG_6 P4000, TAG_1 P4000};
	static const uint32_t lens[] = {36, 20};
	const uint32_t which = kit_below(seed, 2);
	uint32_t len = lens[which];

	memcpy(out, models[which], len);
	for (uint32_t n = kit_below(seed, 3); n != 0; n--)
		out[kit_below(seed, len)] = (uint8_t)kit_random(seed);
	if (kit_below(seed, 3) == 0) /* another port */
		out[len - 1 - kit_below(seed, 2)] = (uint8_t)kit_random(seed);
	if (kit_below(seed, 8) == 0)
		len = kit_below(seed, len + 1);
	return len;
}

static void throw(uint64_t seed, uint64_t quirks)
{
	struct sent sent = {.is_fixed = quirks == MASQ_QUIRKS_NONE};
	struct kit_conn conn = {0};
	struct kit *kit = open_kit(quirks, &conn);

	for (unsigned int i = 0; i < 12; i++) {
		uint8_t data[64];
		const uint32_t len = make_segment(&seed, data);

		memcpy(sent.data + sent.len, data, len);
		sent.len += len;
		conn.options = timestamps;
		conn.options_len = kit_below(&seed, 4) * 4;
		assert_non_null(kit_tcp_out(kit, &conn, data, len));
		assert_int_equal(kit->results[0].payload_len, len);
	}
	masq_table_each(kit->engine, check_entry, &sent);
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
		cmocka_unit_test(test_parse_cut),
		cmocka_unit_test(test_session),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_other_port),
		cmocka_unit_test(test_low_port),
		cmocka_unit_test(test_alien),
		cmocka_unit_test(test_chance),
	};

	return cmocka_run_group_tests_name("helpers.vdolive.fixed", tests, NULL,
					   NULL);
}
