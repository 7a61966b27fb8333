/* SPDX-License-Identifier: Apache-2.0 */
/* error_test.c - the router's own ICMP errors (CORE-RICMP-01 to -10) */
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "linux22/engine.h"

/* RICMP-06: what is quoted for which cause. */
static void test_V003(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:1025 > S:53 udp ttl 1",
	       "drop ttl; R > C icmp 11/0 [C:1025 > S:53 udp]");
	assert_int_equal(k->results[0].payload.data[8], 1);
	expect(k, "C:1025 > S:53 udp ttl 0",
	       "drop ttl; R > C icmp 11/0 [C:1025 > S:53 udp]");
	assert_int_equal(kit_num_entries(k), 0);
	assert_int_equal(kit_stats(k).rover, 61000);
	kit_close(k);
}

static void test_V004(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:1025 > S:53 udp ttl 2", "M:61000 > S:53 udp");
	assert_int_equal(k->results[0].ttl, 1);
	assert_int_equal(kit_num_entries(k), 1);
	kit_close(k);
}

static struct kit *kit_with_mtu(uint16_t inside, uint16_t outside)
{
	struct masq_config c;

	kit_config(&c);
	c.inside.mtu = inside;
	c.outside.mtu = outside;
	return kit_open(&c);
}

static void test_V005(void **state)
{
	struct kit *k = kit_with_mtu(1500, 1400);
	const struct kit_result *r;

	(void)state;
	expect(k, "C:1025 > S:80 tcp A df len 1460",
	       "drop too-big; R > C icmp 3/4 [C:1025 > S:80 tcp A]");
	r = &k->results[0];
	assert_int_equal(r->rest, 1400);
	/* TTL decremented, header checksum followed. */
	assert_int_equal(r->payload.data[8], 63);
	assert_int_equal(masq_header_sum(masq_slice(r->payload, 0, 20)),
			 0xffff);
	assert_int_equal(kit_num_entries(k), 0);
	/* Without DF it goes in pieces; exactly the MTU goes whole. */
	expect(k, "C:1025 > S:80 tcp A len 1460",
	       "M:61000 > S:80 tcp A @0+; M > S tcp @1376");
	expect(k, "C:1025 > S:80 tcp A df len 1360", "M:61000 > S:80 tcp A");
	kit_close(k);
}

static void test_V009(void **state)
{
	static const char quote[] = "45000028000100000106cde2c6336407c0a8010a";
	struct kit *k = kit_new();
	const struct kit_result *r;
	struct masq_entry_info info;
	char hex[3];

	(void)state;
	expect(k, "C:1025 > S:80 tcp S", "M:61000 > S:80 tcp S");
	expect(k, "S:80 > M:61000 tcp SA", "S:80 > C:1025 tcp SA");
	kit_wait(k, 1000);
	kit_hex(k, "450000280001000001065393c6336407cb0071010050ee4800000009"
		   "00000000501020003af60000");
	assert_string_equal(kit_text(k), "drop ttl; M > S icmp 11/0 "
					 "[S:80 > C:1025 tcp A]");
	r = &k->results[0];
	for (size_t i = 0; i < 20; i++) {
		static const char digits[] = "0123456789abcdef";

		hex[0] = digits[r->payload.data[i] >> 4];
		hex[1] = digits[r->payload.data[i] & 15];
		assert_memory_equal(hex, quote + 2 * i, 2);
	}
	assert_memory_equal(r->payload.data + 20,
			    "\x00\x50\x04\x01\x00\x00\x00\x09\x00\x00\x00\x00"
			    "\x50\x10\x20\x00\x9f\x8d\x00\x00",
			    20);
	assert_true(kit_entry(k, 6, 61000, &info));
	assert_int_equal(info.expires, 90000); /* refreshed */
	kit_close(k);
}

/* G1 [>=2.2.4]: restored without new checksums. */
static void test_V011(void **state)
{
	struct kit *k = kit_with_mtu(600, 1500);
	const struct kit_result *r;

	(void)state;
	expect(k, "C:1025 > S:80 tcp S", "M:61000 > S:80 tcp S");
	expect(k, "S:80 > M:61000 tcp A df len 1460",
	       "drop too-big; M > S icmp 3/4 [S:80 > M:61000 tcp A]");
	r = &k->results[0];
	assert_int_equal(r->rest, 600);
	assert_int_equal(r->packet.len, 576);
	assert_int_not_equal(masq_header_sum(masq_slice(r->payload, 0, 20)),
			     0xffff);
	kit_close(k);
}

/* RICMP-07: an ICMP reply is looked up by nonsense and not restored. */
static void test_restore_ping(void **state)
{
	struct kit *k = kit_with_mtu(600, 1500);

	(void)state;
	expect(k, "C > S icmp 8/0 id 77", "M > S icmp 8/0 id 61000");
	expect(k, "S > M icmp 0/0 id 61000 df len 1000",
	       "drop too-big; M > S icmp 3/4 [S > C icmp 0/0 id 77]");
	kit_close(k);
}

/*
 * RICMP-07 step 2: a packet that the router would send for an entry is
 * given its inside look. No packet that can be quoted meets it: its source
 * would be the router's own address.
 */
static void test_restore_inbound_wise(void **state)
{
	struct kit *k = kit_new();
	struct kit_line *line = malloc(sizeof(*line));
	struct masq_pkt p = {0};

	(void)state;
	assert_non_null(line);
	expect(k, "C:1025 > S:80 tcp S", "M:61000 > S:80 tcp S");
	kit_parse("M:61000 > S:80 tcp A", line);
	p.buf = (struct masq_buf){line->data, line->len, line->len};
	pkt_parse(&p, pkt_view(&p));
	icmp_restore(k->engine, &p);
	assert_int_equal(pkt_get32(&p, 12), ADDR_C);
	assert_int_equal(pkt_l4_get16(&p, 0), 1025);
	assert_int_equal(pkt_get32(&p, 16), ADDR_S);
	free(line);
	kit_close(k);
}

/* About a packet of no entry nothing is restored. */
static void test_restore_stranger(void **state)
{
	static const uint64_t without[] = {0, MASQ_QUIRK(QUOTE_STALE)};

	(void)state;
	for (size_t i = 0; i < COUNT(without); i++) {
		struct kit *k = kit_new_without(without[i]);
		struct kit_line line, before;
		struct masq_pkt p = {0};

		kit_parse("S:80 > C:1025 tcp A", &line);
		before = line;
		p.buf = (struct masq_buf){line.data, line.len, line.len};
		pkt_parse(&p, pkt_view(&p));
		icmp_restore(k->engine, &p);
		assert_memory_equal(line.data, before.data, line.len);
		kit_close(k);
	}
}

/* RICMP-01: about what no error is sent. */
static void test_silent(void **state)
{
	static const uint8_t errors[] = {1, 2,  3,  4,  5,  6,  7,
					 9, 10, 11, 12, 19, 40, 255};
	static const uint8_t others[] = {0, 8, 13, 14, 15, 16, 17, 18};
	struct kit *k = kit_new();
	struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 1,
		.ttl = 1,
		.payload_len = 28,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		p.type = errors[i];
		assert_null(kit_packet(k, MASQ_INSIDE, &p));
		assert_int_equal(k->drop, MASQ_DROP_TTL);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		p.type = others[i];
		kit_wait(k, 1000);
		assert_non_null(kit_packet(k, MASQ_INSIDE, &p));
		assert_int_equal(k->results[0].type, 11);
	}
	/* A fragment that is not the first. */
	expect(k, "S:1 > C:2 udp off 8 len 16 ttl 1", "drop ttl");
	expect(k, "S:1 > C:2 udp mf len 16 ttl 1",
	       "drop ttl; M > S icmp 11/0 [S:1 > C:2 udp @0+]");
	kit_close(k);
}

/* RICMP-02, -03: header, and the data cut. */
static void test_layout(void **state)
{
	struct kit *k = kit_new();
	const struct kit_result *r;

	(void)state;
	r = kit_send(k, "C:1025 > S:53 udp ttl 1 tos 0xff ipid 7 len 10");
	assert_non_null(r);
	assert_int_equal(r->tos, 0xde);
	assert_int_equal(r->ttl, 255);
	assert_int_equal(r->rest, 0);
	assert_int_equal(r->ip_id, 0);
	assert_int_equal(r->hlen, 20);
	assert_int_equal(r->packet.len, 20 + 8 + 38); /* no surplus */
	assert_true(r->own_error);
	r = kit_send(k, "C:1025 > S:53 udp ttl 1");
	assert_int_equal(r->ip_id, 1);
	/* One counter for everything that the router sends. */
	r = kit_send(k, "S:1 > C:2 udp ttl 1");
	assert_int_equal(r->ip_id, 2);
	assert_int_equal(r->tos, 0xc0);
	assert_int_equal(kit_stats(k).num_own_errors, 3);
	kit_close(k);
}

static void test_cut(void **state)
{
	static const struct {
		uint16_t mtu;
		uint32_t sent, length;
	} rows[] = {
		{1500, 520, 576 - 28 + 28}, /* 548 octets: just whole */
		{1500, 521, 576},
		{1500, 1400, 576},
		{576, 1400, 576},
		{300, 1400, 300},
		{68, 1400, 68},
		{1500, 100, 28 + 128},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct kit *k = kit_with_mtu(rows[i].mtu, 1500);
		struct kit_packet p = {
			.src = ADDR_C,
			.dst = ADDR_S,
			.proto = 17,
			.ttl = 1,
			.payload_len = rows[i].sent,
		};
		const struct kit_result *r = kit_packet(k, MASQ_INSIDE, &p);

		assert_non_null(r);
		assert_int_equal(r->packet.len, rows[i].length);
		kit_close(k);
	}
}

/* Echoed options shorten the quote. */
static void test_cut_options(void **state)
{
	static const uint8_t rr[40] = {7, 39, 4};
	struct kit *k = kit_with_mtu(68, 1500);
	struct kit_packet p = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 17,
		.ttl = 1,
		.ip_options = rr,
		.ip_options_len = sizeof(rr),
		.payload_len = 100,
	};
	const struct kit_result *r = kit_packet(k, MASQ_INSIDE, &p);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->hlen, 60);
	assert_int_equal(r->packet.len, 68); /* nothing quoted */
	kit_close(k);
}

/* What is cut within its header is restored all the same. */
static void test_cut_restored(void **state)
{
	uint8_t nops[40], header[60];
	const struct kit_result *r;
	struct masq_config c;
	struct kit *k;
	struct kit_packet p = {
		.src = ADDR_S,
		.dst = ADDR_M,
		.ttl = 1,
		.ip_options = nops,
		.ip_options_len = sizeof(nops),
		.sport = 80,
		.payload_len = 20,
	};

	(void)state;
	memset(nops, 1, sizeof(nops));
	kit_config(&c);
	c.quirks = MASQ_QUIRKS_NONE;
	c.outside.mtu = 68;
	k = kit_open(&c);
	expect(k, "C > S icmp 8/0 id 77", "M > S icmp 8/0 id 61000");
	expect(k, "C:9 > S:80 udp", "M:61001 > S:80 udp");
	for (unsigned int i = 0; i < 2; i++) {
		p.proto = i == 0 ? 17 : 1;
		if (i == 0)
			p.dport = 61001;
		else
			p.id = 61000;
		r = kit_packet(k, MASQ_OUTSIDE, &p);
		assert_non_null(r);
		assert_int_equal(r->packet.len, 68);
		assert_int_equal(masq_get32(r->payload, 16), ADDR_M);
		memset(header, 1, sizeof(header));
		assert_int_equal(r->payload.len, 40);
		memcpy(header, r->payload.data, 40);
		assert_int_equal(
			masq_header_sum((struct masq_view){header, 60}),
			0xffff);
	}
	kit_close(k);
}

/* To a source that cannot be reached, nothing is sent. */
static void test_no_way_back(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "0.0.0.0:68 > 255.255.255.255:67 udp ttl 1 inside", "local");
	expect(k, "8.8.8.8:1 > C:2 udp ttl 1",
	       "drop ttl; M > 8.8.8.8 icmp 11/0 [8.8.8.8:1 > C:2 udp]");
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V003),
		cmocka_unit_test(test_V004),
		cmocka_unit_test(test_V005),
		cmocka_unit_test(test_V009),
		cmocka_unit_test(test_V011),
		cmocka_unit_test(test_restore_ping),
		cmocka_unit_test(test_restore_inbound_wise),
		cmocka_unit_test(test_restore_stranger),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_options),
		cmocka_unit_test(test_cut_restored),
		cmocka_unit_test(test_no_way_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
