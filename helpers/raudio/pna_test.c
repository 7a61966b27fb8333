/* SPDX-License-Identifier: Apache-2.0 */
/* pna_test.c - vectors RA-V01 to -V26, as Linux 2.2.26 */
#include "raudio/raudio.h"
#include "vector.h"

#define BYTES(s)         VECTOR_BYTES(s)
#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define SERVER KIT_IP(198, 51, 100, 70)

/* A hello's parts; ports. */
#define PNA_10     "PNA\0\x0a"
#define PNA_UDP    "\0\x01\0\x02"
#define PNA_ROBUST "\0\x07\0\x02"
#define PNA_END    "\0\0R\0\x09test.ra\0\0"
#define P6970      "\x1b\x3a"
#define P6971      "\x1b\x3b"
#define P6972      "\x1b\x3c"
#define M61001     "\xee\x49"
#define M61002     "\xee\x4a"

#define CHILD(inside, masq)                                                    \
	"{UDP 192.168.1.10:" inside " ~ 203.0.113.1:" masq                     \
	" ~ *:* LISTEN 120s parent=61000}"

static const struct vector_place place = {
	.module = &masq_raudio_module,
	.server_addr = SERVER,
	.server_port = 7070,
};

static const struct vector_row rows[] = {
	{
		.id = "RA-V01",
		.stimulus = BYTES(PNA_10 PNA_UDP P6970 PNA_END),
		.expected = BYTES(PNA_10 PNA_UDP M61001 PNA_END),
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V02",
		.stimulus = BYTES(PNA_10 PNA_UDP P6970 PNA_ROBUST P6971
				  "\0\x14\0\x02\0\x01" PNA_END),
		.expected = BYTES(PNA_10 PNA_UDP M61001 PNA_ROBUST M61002
				  "\0\x14\0\x02\0\x01" PNA_END),
		.made = CHILD("6970", "61001") "; " CHILD("6971", "61002"),
	},
	{
		.id = "RA-V03",
		.stimulus = BYTES(PNA_10 "\0\x14\0\x02\0\x01" PNA_END),
	},
	{
		.id = "RA-V04",
		.stimulus = BYTES(PNA_10 PNA_UDP
				  "\0\0" PNA_ROBUST P6971 PNA_END),
		.expected = BYTES(PNA_10 PNA_UDP
				  "\0\0" PNA_ROBUST M61001 PNA_END),
		.made = CHILD("6971", "61001"),
	},
	{
		.id = "RA-V05",
		.stimulus = BYTES(PNA_10 "\0\0" PNA_UDP P6970 "x"),
	},
	{
		.id = "RA-V06",
		.stimulus = BYTES("PNA\0\xff" PNA_UDP P6970 PNA_END),
		.expected = BYTES("PNA\0\xff" PNA_UDP M61001 PNA_END),
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V07",
		.stimulus = BYTES("PNA\x01\0" PNA_UDP P6970 PNA_END),
	},
	{
		.id = "RA-V08",
		.stimulus = BYTES(PNA_10 PNA_UDP P6970 PNA_UDP P6972 PNA_END),
		.expected = BYTES(PNA_10 PNA_UDP M61001 PNA_UDP M61002 PNA_END),
		.made = CHILD("6970", "61001") "; " CHILD("6972", "61002"),
	},
	{
		.id = "RA-V09",
		.stimulus =
			BYTES(PNA_10 PNA_UDP P6970 PNA_ROBUST P6970 PNA_END),
		.expected =
			BYTES(PNA_10 PNA_UDP M61001 PNA_ROBUST M61002 PNA_END),
		.made = CHILD("6970", "61001") "; " CHILD("6970", "61002"),
	},
	{
		.id = "RA-V10",
		.stimulus = BYTES(PNA_10 PNA_UDP P6970),
		.expected = BYTES(PNA_10 PNA_UDP M61001),
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V11",
		.stimulus = BYTES(PNA_10 "\0\x14\0\xc8\0\x01" PNA_END),
	},
	{
		.id = "RA-V12",
		.stimulus = BYTES(PNA_10 "\0\x01\0\xc8" P6970),
	},
	{
		.id = "RA-V13",
		.stimulus = BYTES(PNA_10 "\0\x01\0\x04" P6970
					 "\xaa\xbb" PNA_ROBUST P6971 PNA_END),
		.expected = BYTES(PNA_10 "\0\x01\0\x04" M61001
					 "\xaa\xbb" PNA_ROBUST M61002 PNA_END),
		.made = CHILD("6970", "61001") "; " CHILD("6971", "61002"),
	},
	{
		.id = "RA-V14",
		.stimulus = BYTES(PNA_10 "\0\x01\0\0" PNA_ROBUST P6971 PNA_END),
		.expected = BYTES(PNA_10 "\0\x01\0\0" M61001
					 "\0\x02" P6971 PNA_END),
		.made = CHILD("7", "61001"),
	},
	{
		.id = "RA-V15",
		.stimulus = BYTES(PNA_10
				  "\0\x01\0\x01\x1b" PNA_ROBUST P6971 PNA_END),
		.expected = BYTES(PNA_10 "\0\x01\0\x01" M61001
					 "\x07\0\x02" P6971 PNA_END),
		.made = CHILD("6912", "61001"),
	},
	{
		.id = "RA-V17",
		.stimulus = BYTES("x" PNA_10 PNA_UDP P6970 PNA_END),
	},
	{
		.id = "RA-V18",
		.stimulus = BYTES("pna\0\n" PNA_UDP P6970 PNA_END),
	},
	{
		.id = "RA-V19",
		.before[0] = BYTES("HELLO"),
		.stimulus = BYTES(PNA_10 PNA_UDP P6970 PNA_END),
		.expected = BYTES(PNA_10 PNA_UDP M61001 PNA_END),
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V20",
		.before[0] = BYTES(PNA_10 PNA_UDP P6970 PNA_END),
		.stimulus = BYTES(PNA_10 PNA_UDP P6972 PNA_END),
	},
	{
		.id = "RA-V21",
		.before[0] = BYTES("PNA"),
		.stimulus = BYTES("\0\n" PNA_UDP P6970 PNA_END),
	},
	{
		.id = "RA-V22",
		.has_options = true,
		.stimulus = BYTES(PNA_10 PNA_UDP P6970 PNA_END),
		.expected = BYTES(PNA_10 PNA_UDP M61001 PNA_END),
		.made = CHILD("6970", "61001"),
	},
	{
		.id = "RA-V23",
		.stimulus = BYTES(PNA_10 PNA_UDP "\0\x89" PNA_END),
		.expected = BYTES(PNA_10 PNA_UDP M61001 PNA_END),
		.made = CHILD("137", "61001"),
	},
};

static void test_vectors(void **state)
{
	(void)state;
	vector_run(&place, rows, sizeof(rows) / sizeof(*rows));
}

/* RA-V24: the second option finds no room. */
static void test_no_room(void **state)
{
	struct kit *kit = vector_open(&place, 2);
	struct kit_conn conn = vector_connect(kit, &place);

	(void)state;
	assert_sent(kit_tcp_out(kit, &conn,
				KIT_TEXT(PNA_10 PNA_UDP P6970 PNA_ROBUST P6971
						 PNA_END)),
		    KIT_TEXT(PNA_10 PNA_UDP M61001 PNA_ROBUST P6971 PNA_END));
	assert_string_equal(kit_entries(kit, 61000), CHILD("6970", "61001"));
	kit_close(kit);
}

/* RA-V25 */
static void test_retransmission(void **state)
{
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);
	const uint32_t seq = conn.inside_seq;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(PNA_10 PNA_UDP P6970 PNA_END));
	assert_sent(kit_conn_at(kit, &conn, MASQ_INSIDE, seq, conn.inside_ack,
				KIT_ACK,
				KIT_TEXT(PNA_10 PNA_UDP P6970 PNA_END)),
		    KIT_TEXT(PNA_10 PNA_UDP P6970 PNA_END));
	kit_close(kit);
}

/* RA-V26 */
static void test_who(void **state)
{
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(PNA_10 PNA_UDP P6970 PNA_END));
	r = kit_udp(kit, MASQ_OUTSIDE, SERVER, 40000, KIT_MASQ, 61001,
		    KIT_TEXT("audio"));
	assert_non_null(r);
	assert_int_equal(r->dst, KIT_CLIENT);
	assert_int_equal(r->dport, 6970);
	assert_null(kit_udp(kit, MASQ_OUTSIDE, KIT_IP(198, 51, 100, 99), 53,
			    KIT_MASQ, 61001, KIT_TEXT("audio")));
	assert_null(kit_udp(kit, MASQ_OUTSIDE, SERVER, 40001, KIT_MASQ, 61001,
			    KIT_TEXT("audio")));
	assert_string_equal(kit_entries(kit, 61000),
			    "{UDP 192.168.1.10:6970 ~ 203.0.113.1:61001 ~ "
			    "198.51.100.70:40000 UDP 300s parent=61000}");
	kit_close(kit);
}

/* RA-V16: the octet that is there is written. */
static void test_cut_port(void **state)
{
	struct kit *kit = vector_open(&place, 64);
	struct kit_conn conn = vector_connect(kit, &place);

	(void)state;
	assert_sent(kit_tcp_out(kit, &conn, KIT_TEXT(PNA_10 "\0\x01\0\0\x1b")),
		    KIT_TEXT(PNA_10 "\0\x01\0\0\xee"));
	assert_string_equal(kit_entries(kit, 61000), CHILD("6912", "61001"));
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_who),
		cmocka_unit_test(test_cut_port),
	};

	return cmocka_run_group_tests_name("helpers.raudio.pna", tests, NULL,
					   NULL);
}
