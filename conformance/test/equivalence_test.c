/* SPDX-License-Identifier: Apache-2.0 */
/* equivalence_test.c - the parts of the comparison up to renaming */
#include "captures.h"
#include "equivalence/eqv.h"

static const struct eqv_end none = {0};

/* ---- the map ---------------------------------------------------------- */

static struct conf_equivalence *make(void)
{
	const struct conf_rules rules = {.router = {0xc0a80101, 0xcb007101}};
	struct conf_settings settings;
	struct conf_equivalence *eq;

	conf_settings_init(&settings);
	eq = conf_equivalence_new(&settings, &rules);
	assert_non_null(eq);
	eq->now = UINT64_C(1000000000000000000);
	return eq;
}

static struct eqv_end out(unsigned int port)
{
	return (struct eqv_end){0xcb007101, (uint16_t)port};
}

static struct eqv_end in(unsigned int port)
{
	return (struct eqv_end){0xc0a8010a, (uint16_t)port};
}

static struct eqv_end peer(unsigned int port)
{
	return (struct eqv_end){0xc6336407, (uint16_t)port};
}

static void let_pass(struct conf_equivalence *eq, unsigned int seconds)
{
	eq->now += seconds * UINT64_C(1000000000);
}

static void test_map_is_held(void **state)
{
	struct conf_equivalence *eq = make();

	(void)state;
	assert_int_equal(eqv_show(eq, 17, out(1), out(9), in(5), peer(53)),
			 EQV_OK);
	assert_int_equal(eqv_theirs(eq, 17, out(1), peer(53)).port, 9);
	assert_int_equal(eqv_theirs(eq, 17, out(1), peer(99)).port, 9);
	assert_int_equal(eqv_show(eq, 17, out(1), out(9), in(5), peer(53)),
			 EQV_OK);
	/* One side changes its name in mid-flow. */
	assert_int_equal(eqv_show(eq, 17, out(2), out(9), in(5), peer(53)),
			 EQV_CHANGED);
	conf_equivalence_free(eq);
}

static void test_map_is_one_to_one(void **state)
{
	struct conf_equivalence *eq = make();

	(void)state;
	(void)eqv_show(eq, 6, out(1), out(9), in(5), peer(80));
	/* Our name serves another one of theirs, and the other way round. */
	assert_int_equal(eqv_show(eq, 6, out(1), out(8), in(6), peer(80)),
			 EQV_SHARED);
	assert_int_equal(eqv_show(eq, 6, out(3), out(8), in(7), peer(80)),
			 EQV_SHARED);
	/* Another protocol has names of its own. */
	assert_int_equal(eqv_show(eq, 17, out(1), out(8), in(6), peer(80)),
			 EQV_OK);
	/* The same pair may serve several flows. */
	assert_int_equal(eqv_show(eq, 17, out(1), out(8), in(7), peer(81)),
			 EQV_OK);
	conf_equivalence_free(eq);
}

static void test_map_lets_ports_be_taken_anew(void **state)
{
	struct conf_equivalence *eq = make();

	(void)state;
	(void)eqv_show(eq, 17, out(1), out(9), in(5), peer(53));
	let_pass(eq, 30);
	assert_int_equal(eqv_show(eq, 17, out(1), out(8), in(6), peer(53)),
			 EQV_OK);
	/* But the old flow was alive, as it now shows. */
	assert_int_equal(eqv_show(eq, 17, out(1), out(9), in(5), peer(53)),
			 EQV_SHARED);
	/* Both sides make the mapping of a flow anew. */
	assert_int_equal(eqv_show(eq, 17, out(4), out(7), in(5), peer(53)),
			 EQV_OK);
	/* One does, when none can have the old one any more. */
	let_pass(eq, 301);
	assert_int_equal(eqv_show(eq, 17, out(4), out(6), in(5), peer(53)),
			 EQV_OK);
	conf_equivalence_free(eq);
}

static void test_map_is_completed(void **state)
{
	struct conf_equivalence *eq = make();

	(void)state;
	/* Ours 1, 2 are theirs 2, 3: theirs for 3 must be 1, all else same. */
	(void)eqv_show_name(eq, 6, out(1), out(2));
	(void)eqv_show_name(eq, 6, out(2), out(3));
	assert_int_equal(eqv_theirs(eq, 6, out(3), none).port, 1);
	assert_int_equal(eqv_theirs(eq, 6, out(4), none).port, 4);
	assert_int_equal(eqv_check(eq, 6, out(3), out(1), none), EQV_OK);
	assert_int_equal(eqv_check(eq, 6, out(3), out(3), none),
			 EQV_NOT_A_PAIR);
	conf_equivalence_free(eq);
}

static void test_map_grows_and_forgets(void **state)
{
	struct conf_equivalence *eq = make();

	(void)state;
	for (unsigned int round = 0; round < 4; round++) {
		for (unsigned int i = 0; i < 20000; i++)
			assert_int_equal(eqv_show(eq, 17, out(i + 1),
						  out(60000 - i), in(i + round),
						  peer(53)),
					 EQV_OK);
		assert_int_equal(eqv_theirs(eq, 17, out(1), none).port, 60000);
		let_pass(eq, 90000);
	}
	/* Bounded by the flows that may be alive. */
	assert_true(eq->flows.max <= 65536 && eq->pairs.num <= 20000);
	conf_equivalence_free(eq);
}

/* ---- numbers ---------------------------------------------------------- */

static void test_numbers(void **state)
{
	struct conf_equivalence *eq = make();
	struct eqv_flow flow = {.proto = 6};
	const struct eqv_numbers *n;

	(void)state;
	assert_int_equal(eqv_shift(NULL, 5), 0);
	eqv_note_edit(eq, &flow, CONF_OUTSIDE, EQV_OUTBOUND, 0xfffffff0u, 3);
	eqv_note_edit(eq, &flow, CONF_OUTSIDE, EQV_OUTBOUND, 10, -1);
	/* Sent again: no other edit. Nothing: none at all. */
	eqv_note_edit(eq, &flow, CONF_OUTSIDE, EQV_OUTBOUND, 10, 5);
	eqv_note_edit(eq, &flow, CONF_OUTSIDE, EQV_OUTBOUND, 20, 0);
	n = eqv_numbers_of(&flow, CONF_OUTSIDE, EQV_OUTBOUND);
	assert_int_equal(eqv_shift(n, 0xfffffff0u), 0);
	assert_int_equal(eqv_shift(n, 0xfffffff1u), 3);
	assert_int_equal(eqv_shift(n, 10), 3);
	assert_int_equal(eqv_shift(n, 11), 2);
	n = eqv_numbers_of(&flow, CONF_OUTSIDE, EQV_INBOUND);
	assert_int_equal(eqv_shift(n, 11), 0);
	for (unsigned int i = 0; i < 1000; i++)
		eqv_note_edit(eq, &flow, CONF_INSIDE, EQV_INBOUND, 100 + 10 * i,
			      1);
	n = eqv_numbers_of(&flow, CONF_INSIDE, EQV_INBOUND);
	assert_int_equal(eqv_shift(n, 100000), 1000);
	assert_int_equal(eqv_shift(n, 100 + 10 * 900 + 1), 901);
	assert_true(n->num <= EQV_MAX_EDITS);
	eqv_numbers_free(&flow);
	conf_equivalence_free(eq);
}

/* ---- places ----------------------------------------------------------- */

static const struct {
	uint8_t proto;
	const char *text;
	uint32_t len;
	uint32_t at, place_len; /* of the first; 0 = none */
	uint32_t addr;
	uint16_t port;
} rows[] = {
#define TEXT(t) t, sizeof(t) - 1
	{6, TEXT("PORT 203,0,113,1,238,72\r\n"), 5, 18, 0xcb007101, 61000},
	{6, TEXT("227 x (203,0,113,1,7,8)."), 7, 15, 0xcb007101, 1800},
	{6, TEXT("PORT 203,0,113,1,238\r\n"), 0, 0, 0, 0},
	{6, TEXT("PORT 203,0,113,1,238,256\r\n"), 0, 0, 0, 0},
	{6, TEXT("\1DCC CHAT chat 3405803777 61000\1"), 15, 16, 0xcb007101,
	 61000},
	{6, TEXT("\1dcc send a b  3405803777  7 9\1"), 15, 13, 0xcb007101, 7},
	{6, TEXT("\1DCC CHAT  3405803777 7\1"), 11, 12, 0xcb007101, 7},
	{6, TEXT("\1DCC RESUME 9 5000 1\1"), 14, 4, 0, 5000},
	{6, TEXT("\1DCC SEND a 99999999999 7\1"), 0, 0, 0, 0},
	{6, TEXT("Transport: x;client_port=6970-6971;y"), 25, 4, 0, 6970},
	{6, TEXT("PNA\0\12\0\1\0\2\xee\x48\0\0"), 9, 2, 0, 61000},
	{6, TEXT("\0\0\0\24\0\0\0\1VDO Live\0\0\xee\x48"), 18, 2, 0, 61000},
	{17, TEXT("\x80\0\0\11\x81\x48\xee\0\0"), 5, 2, 0, 61000},
	{17, TEXT("\x80\0\0\11\x81\x48"), 0, 0, 0, 0},
	{6, TEXT(""), 0, 0, 0, 0},
};

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct masq_view text = {(const uint8_t *)rows[i].text,
					 rows[i].len};
		struct eqv_place places[EQV_MAX_PLACES];
		unsigned int num = eqv_places(places, rows[i].proto, text);
		uint8_t octets[48];

		if (rows[i].place_len == 0) {
			assert_int_equal(num, 0);
			continue;
		}
		assert_true(num >= 1);
		assert_int_equal(places[0].at, rows[i].at);
		assert_int_equal(places[0].len, rows[i].place_len);
		assert_int_equal(places[0].end.addr, rows[i].addr);
		assert_int_equal(places[0].end.port, rows[i].port);
		assert_in_range(
			eqv_place_text(octets, &places[0], places[0].end), 1,
			40);
	}
}

static void test_places_of_garbage(void **state)
{
	uint8_t text[300];
	uint32_t seed = 1;

	(void)state;
	for (unsigned int turn = 0; turn < 20000; turn++) {
		static const char alphabet[] = "DCC send 0123456789,=-;\r\1P";
		struct eqv_place places[EQV_MAX_PLACES];
		struct masq_view v = {text, seed % sizeof(text)};
		unsigned int num;

		for (uint32_t i = 0; i < v.len; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] = (uint8_t)
				alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		num = eqv_places(places, 6, v);
		for (unsigned int i = 0; i < num; i++)
			assert_true(
				places[i].at + places[i].len <= v.len &&
				(i == 0 ||
				 places[i].at >=
					 places[i - 1].at + places[i - 1].len));
	}
}

/* ---- checksums -------------------------------------------------------- */

static void test_sums_are_carried(void **state)
{
	struct packet p = make_udp(0xcb007101, 61000, 0xc6336407, 53, "hello");
	uint8_t octets[2048];

	(void)state;
	for (unsigned int off_by = 0; off_by < 2; off_by++) {
		struct masq_buf b = {octets, p.len, sizeof(octets)};
		struct eqv_parsed parsed;
		struct eqv_editor x;
		struct conf_layout ip;
		uint16_t sum;

		memcpy(octets, p.data, p.len);
		sum = masq_get16(masq_view_of(&b), 26);
		masq_put16(&b, 26, (uint16_t)(sum + off_by));
		eqv_parse(&parsed, masq_view_of(&b), 0);
		eqv_editor_init(&x, &b, &parsed, NULL, false);
		eqv_put16(&x, parsed.src_at, 9);
		eqv_put32(&x, 12, 0xcb007109);
		eqv_put_text(
			&x, &parsed,
			(struct masq_view){(const uint8_t *)"longer!!!", 9});
		ip = conf_layout_of(b.data, b.len);
		assert_int_equal(ip.total_len, p.len + 4);
		assert_int_equal(masq_get16(ip.payload, 4), 17);
		assert_true(conf_ip_checksum_good(b.data, b.len));
		assert_int_equal(conf_transport_sum_good(&ip), off_by == 0);
		/* A bad one is off by as much as it was. */
		sum = masq_get16(masq_view_of(&b), 26);
		masq_put16(&b, 26, (uint16_t)(sum - off_by));
		ip = conf_layout_of(b.data, b.len);
		assert_true(conf_transport_sum_good(&ip));
	}
}

/* A UDP checksum that comes to 0 is sent as 0xffff: 0 would be none. */
static void test_udp_sum_is_never_none(void **state)
{
	struct packet p = make_udp(0xcb007101, 61000, 0xc6336407, 53, "hello");
	uint8_t octets[2048];

	(void)state;
	for (uint32_t port = 1; port <= UINT16_MAX; port++) {
		struct masq_buf b = {octets, p.len, sizeof(octets)};
		struct eqv_parsed parsed;
		struct conf_layout ip;
		struct eqv_editor x;

		memcpy(octets, p.data, p.len);
		eqv_parse(&parsed, masq_view_of(&b), 0);
		eqv_editor_init(&x, &b, &parsed, NULL, false);
		eqv_put16(&x, parsed.src_at, (uint16_t)port);
		assert_int_not_equal(masq_get16(masq_view_of(&b), 26), 0);
		ip = conf_layout_of(b.data, b.len);
		assert_true(conf_transport_sum_good(&ip));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map_is_held),
		cmocka_unit_test(test_map_is_one_to_one),
		cmocka_unit_test(test_map_lets_ports_be_taken_anew),
		cmocka_unit_test(test_map_is_completed),
		cmocka_unit_test(test_map_grows_and_forgets),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_places_of_garbage),
		cmocka_unit_test(test_sums_are_carried),
		cmocka_unit_test(test_udp_sum_is_never_none),
	};

	return cmocka_run_group_tests(tests, captures_setup, captures_teardown);
}
