/* SPDX-License-Identifier: Apache-2.0 */
/* vdolive_test.c - vectors VDO-V01 to -V27 and A6, as Linux 2.2.26 */
#include "vdolive/vdolive.h"
#include "vector.h"

#define BYTES(s)         VECTOR_BYTES(s)
#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define SERVER   KIT_IP(198, 51, 100, 7)
#define STRANGER KIT_IP(198, 51, 100, 99)

/* Both messages up to the port word; ports. */
#define NAME "VDO Live"
#define VERSION                                                                \
	"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"
#define TAG_6  "\0\0\0\x24\0\0\0\x06" VERSION NAME
#define TAG_1  "\0\0\0\x14\0\0\0\x01" NAME
#define P4000  "\0\0\x0f\xa0"
#define M61001 "\0\0\xee\x49"
#define M61002 "\0\0\xee\x4a"

#define CHILD(inside, masq)                                                    \
	"{UDP 192.168.1.10:" inside " ~ 203.0.113.1:" masq                     \
	" ~ *:* LISTEN parent=none NO-TIMER}"

static const struct vector_place place = {
	.module = &masq_vdolive_module,
	.server_addr = SERVER,
	.server_port = 7000,
};

static const struct vector_row rows[] = {
	{
		.id = "VDO-V01",
		.stimulus = BYTES(TAG_6 P4000),
		.expected = BYTES(TAG_6 M61001),
		.made = CHILD("4000", "61001"),
	},
	{
		.id = "VDO-V02",
		.before[0] = BYTES(TAG_6 P4000),
		.stimulus = BYTES(TAG_1 P4000),
		.expected = BYTES(TAG_1 M61001),
	},
	{
		.id = "VDO-V03",
		.stimulus = BYTES(TAG_1 P4000),
		.expected = BYTES(TAG_1 M61001),
		.made = CHILD("4000", "61001"),
	},
	{
		.id = "VDO-V04",
		.before[0] = BYTES(TAG_1 P4000),
		.stimulus = BYTES(TAG_6 P4000),
		.expected = BYTES(TAG_6 M61001),
	},
	{
		.id = "VDO-V05",
		.before[0] = BYTES(TAG_6 P4000),
		.before[1] = BYTES(TAG_1 P4000),
		.stimulus = BYTES(TAG_1 P4000),
	},
	{
		.id = "VDO-V06",
		.before[0] = BYTES(TAG_1 P4000),
		.stimulus = BYTES(TAG_1 P4000),
		.expected = BYTES(TAG_1 M61001),
	},
	{
		.id = "VDO-V07",
		.before[0] = BYTES(TAG_6 P4000),
		.stimulus = BYTES(TAG_1 "\0\0\x13\x88"),
		.expected = BYTES(TAG_1 M61001),
	},
	{
		.id = "VDO-V08",
		.stimulus = BYTES(TAG_6 "\0\0\x0f"),
	},
	{
		.id = "VDO-V09",
		.stimulus = BYTES(TAG_6 P4000 "rtsp.vdo"),
		.expected = BYTES(TAG_6 M61001 "rtsp.vdo"),
		.made = CHILD("4000", "61001"),
	},
	{
		.id = "VDO-V10",
		.stimulus = BYTES(TAG_1 "\0\0\x0f"),
	},
	{
		.id = "VDO-V11",
		.stimulus = BYTES("\0\0\0\x14\0\0\0\x01"),
	},
	{
		.id = "VDO-V12",
		.stimulus = BYTES("\0\0\0\x14\0\0\0"),
	},
	{
		.id = "VDO-V13",
		.stimulus = BYTES("\0\0\0\x14\0\0\0\x02" NAME P4000),
	},
	{
		.id = "VDO-V14",
		.stimulus = BYTES("\0\0\0$\x06\0\0\0" VERSION NAME P4000),
	},
	{
		.id = "VDO-V15",
		.stimulus = BYTES("\0\0\0$\0\0\0\x06" VERSION "VDO live" P4000),
	},
	{
		.id = "VDO-V16",
		.stimulus = BYTES("\0\0\0$\0\0\0\x06\0\0\0\0\0\0\0\0\0\0"
				  "\0\0\0\0\0\0\0" NAME "\0\0\x0f"),
	},
	{
		.id = "VDO-V17",
		.stimulus = BYTES(TAG_6 "\x12\x34\x0f\xa0"),
		.expected = BYTES(TAG_6 "\x12\x34\xeeI"),
		.made = CHILD("4000", "61001"),
	},
	{
		.id = "VDO-V18",
		.stimulus =
			BYTES("\xff\xff\xff\xff\0\0\0\x06" VERSION NAME P4000),
		.expected =
			BYTES("\xff\xff\xff\xff\0\0\0\x06" VERSION NAME M61001),
		.made = CHILD("4000", "61001"),
	},
	{
		.id = "VDO-V19",
		.before[0] = BYTES(TAG_6 "\0\0\0\0"),
		.stimulus = BYTES(TAG_1 P4000),
		.expected = BYTES(TAG_1 M61002),
		.made = CHILD("4000", "61002"),
	},
	{
		.id = "VDO-V20",
		.stimulus = BYTES(TAG_6 "\0\0\x00\x35"),
		.expected = BYTES(TAG_6 M61001),
		.made = CHILD("53", "61001"),
	},
	{
		.id = "VDO-V21",
		.has_options = true,
		.stimulus = BYTES(TAG_6 P4000),
	},
	{
		.id = "VDO-V22",
		.stimulus = BYTES("\0" TAG_6 P4000),
	},
};

static void test_vectors(void **state)
{
	(void)state;
	vector_run(&place, rows, sizeof(rows) / sizeof(*rows));
}

/* VDO-V23 */
static void test_split(void **state)
{
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);
	static const char text[] = TAG_6 P4000;

	(void)state;
	assert_sent(kit_tcp_out(kit, &conn, text, 30), text, 30);
	assert_sent(kit_tcp_out(kit, &conn, text + 30, 6), text + 30, 6);
	assert_string_equal(kit_entries(kit, 61000), "");
	kit_close(kit);
}

/* VDO-V24 */
static void test_retransmission(void **state)
{
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);
	const uint32_t seq = conn.inside_seq;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P4000));
	assert_sent(kit_conn_at(kit, &conn, MASQ_INSIDE, seq, conn.inside_ack,
				KIT_ACK, KIT_TEXT(TAG_6 P4000)),
		    KIT_TEXT(TAG_6 M61001));
	kit_tcp_out(kit, &conn, KIT_TEXT(TAG_1 P4000));
	assert_sent(kit_conn_at(kit, &conn, MASQ_INSIDE, seq, conn.inside_ack,
				KIT_ACK, KIT_TEXT(TAG_6 P4000)),
		    KIT_TEXT(TAG_6 P4000));
	kit_close(kit);
}

/* VDO-V25 */
static void test_immortal(void **state)
{
	static const char after[] =
		"{TCP 192.168.1.10:1030 ~ 203.0.113.1:61000 ~ "
		"198.51.100.7:7000 CLOSE parent=none helper=VDOlive NO-TIMER}; "
		"{UDP 192.168.1.10:4000 ~ 203.0.113.1:61001 ~ "
		"198.51.100.7:7001 UDP parent=none NO-TIMER}";
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P4000));
	kit_tcp_out(kit, &conn, KIT_TEXT(TAG_1 P4000));
	assert_string_equal(
		kit_entries(kit, 0),
		"{TCP 192.168.1.10:1030 ~ 203.0.113.1:61000 ~ "
		"198.51.100.7:7000 ESTABLISHED parent=none helper=VDOlive "
		"NO-TIMER}; " CHILD("4000", "61001"));
	kit_udp(kit, MASQ_OUTSIDE, SERVER, 7001, KIT_MASQ, 61001,
		KIT_TEXT("video"));
	kit_conn_at(kit, &conn, MASQ_INSIDE, conn.inside_seq, conn.inside_ack,
		    KIT_RST | KIT_ACK, NULL, 0);
	assert_string_equal(kit_entries(kit, 0), after);
	kit_wait(kit, UINT64_C(86400000));
	assert_string_equal(kit_entries(kit, 0), after);
	kit_close(kit);
}

/* VDO-V26 */
static void test_who(void **state)
{
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P4000));
	r = kit_udp(kit, MASQ_OUTSIDE, SERVER, 7001, KIT_MASQ, 61001,
		    KIT_TEXT("video"));
	assert_non_null(r);
	assert_int_equal(r->dst, KIT_CLIENT);
	assert_int_equal(r->dport, 4000);
	assert_null(kit_udp(kit, MASQ_OUTSIDE, STRANGER, 53, KIT_MASQ, 61001,
			    KIT_TEXT("video")));
	kit_close(kit);
}

/* VDO-V27: no crash, and the helper stays ready. */
static void test_no_room(void **state)
{
	struct kit *kit = vector_open(&place, 1);
	struct kit_conn conn = vector_connect(kit, &place);
	struct masq_entry_info info;

	(void)state;
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(TAG_6 P4000)),
		    KIT_TEXT(TAG_6 P4000));
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(TAG_1 P4000)),
		    KIT_TEXT(TAG_1 P4000));
	assert_true(kit_entry(kit, 6, 61000, &info));
	assert_true(info.armed);
	kit_close(kit);
}

/* A6, with the TTL as it was before the router. */
static void test_anchor(void **state)
{
	static const char after[] =
		"\x45\0\0\x3c\x12\x34\x40\0\x3f\x06\xc3\x4b\xcb\0\x71\x01"
		"\xc6\x33\x64\x07\xee\x48\x1b\x58\0\0\x03\xe9\0\0\x13\x89"
		"\x50\x18\x22\x38\xaf\x9e\0\0" TAG_1 M61001;
	struct kit *kit = vector_open(&place, 64);
	const struct kit_result *r;

	(void)state;
	vector_connect(kit, &place);
	r = kit_hex(kit, MASQ_INSIDE,
		    "4500 003c 1234 4000 4006 3c9b c0a8 010a c633 6407 "
		    "0406 1b58 0000 03e9 0000 1389 5018 2238 f2da 0000 "
		    "0000 0014 0000 0001 5644 4f20 4c69 7665 0000 0fa0");
	assert_non_null(r);
	assert_int_equal(r->len, sizeof(after) - 1);
	assert_memory_equal(r->data, after, sizeof(after) - 1);
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_immortal),
		cmocka_unit_test(test_who),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_anchor),
	};

	return cmocka_run_group_tests_name("helpers.vdolive", tests, NULL,
					   NULL);
}
