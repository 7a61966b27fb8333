/* SPDX-License-Identifier: Apache-2.0 */
/* decode_test.c - fields and summaries, of good packets and of garbage */
#include <stdio.h>
#include <string.h>

#include "conformance/decode.h"
#include "support.h"

static const char *text_of(const struct conf_decoded *d, const char *name)
{
	for (unsigned int i = 0; i < d->num_fields; i++)
		if (strcmp(d->fields[i].name, name) == 0)
			return d->fields[i].text;
	return "(absent)";
}

static void check_field(const struct packet *p, const char *name,
			const char *text)
{
	struct conf_decoded d;

	conf_decode(&d, p->data, p->len);
	assert_string_equal(text_of(&d, name), text);
}

static void check_summary(const struct packet *p, const char *text)
{
	char line[CONF_MAX_SUMMARY];
	size_t len = conf_summary(line, sizeof(line), p->data, p->len);

	assert_string_equal(line, text);
	assert_int_equal(len, strlen(text));
}

static void test_udp(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 2000, PEER, 53, "x");

	(void)state;
	check_summary(&p, "udp 192.168.1.10:2000 > 198.51.100.7:53 ttl 64 "
			  "id 4097 len 29 \"x\"");
	check_field(&p, "ip.version", "4");
	check_field(&p, "ip.ihl", "5");
	check_field(&p, "ip.flags", "0x0");
	check_field(&p, "ip.source", "192.168.1.10");
	check_field(&p, "ip.options", "(absent)");
	check_field(&p, "udp.source", "2000");
	check_field(&p, "udp.length", "9");
	check_field(&p, "udp.payload", "\"x\"");
	check_field(&p, "padding", "(absent)");
	put16(&p, 24, 10);
	check_field(&p, "udp.length", "10 (bad: 9 there)");
	check_field(&p, "udp.source", "2000");
	put16(&p, 26, 0);
	check_field(&p, "udp.checksum", "0x0000 none");
	put16(&p, 26, 1);
	check_field(&p, "udp.checksum", "0x0001 bad");
	check_summary(&p, "udp 192.168.1.10:2000 > 198.51.100.7:53 ttl 64 "
			  "id 4097 len 29 bad-sum \"x\"");
}

static void test_tcp(void **state)
{
	struct packet p = make_tcp(INSIDE_HOST, 2000, PEER, 80, 0x12, "hello");

	(void)state;
	check_summary(&p, "tcp 192.168.1.10:2000 > 198.51.100.7:80 SA seq "
			  "1000 ack 2000 win 5840 ttl 64 id 4097 len 45 "
			  "\"hello\"");
	check_field(&p, "tcp.flags", "0x12 ACK SYN");
	check_field(&p, "tcp.seq", "1000");
	check_field(&p, "tcp.payload", "\"hello\"");
	put8(&p, 33, 0);
	put8(&p, 32, 0x60);
	fix_all(&p);
	check_field(&p, "tcp.options", "68 65 6c 6c");
	check_field(&p, "tcp.payload", "\"o\"");
	check_summary(&p, "tcp 192.168.1.10:2000 > 198.51.100.7:80 - seq "
			  "1000 win 5840 ttl 64 id 4097 len 45 \"o\"");
	put8(&p, 32, 0x40);
	check_field(&p, "tcp.doff", "4 (bad: below 5)");
	check_field(&p, "tcp.options", "(absent)");
	put8(&p, 32, 0xf0);
	check_field(&p, "tcp.doff", "15 (beyond the end)");
	check_summary(&p, "tcp 192.168.1.10:2000 > 198.51.100.7:80 - seq "
			  "1000 win 5840 ttl 64 id 4097 len 45 bad-sum "
			  "bad-doff 15");
}

static void test_icmp_query(void **state)
{
	struct packet p = make_icmp(INSIDE_HOST, PEER, 8, 0, 0x00090001, "ab",
				    2);

	(void)state;
	check_summary(&p, "icmp 192.168.1.10 > 198.51.100.7 echo-request id "
			  "9 seq 1 ttl 64 id 4097 len 30 \"ab\"");
	check_field(&p, "icmp.type", "8 echo-request");
	check_field(&p, "icmp.code", "0");
	check_field(&p, "icmp.id", "9");
	check_field(&p, "icmp.payload", "\"ab\"");
	put8(&p, 20, 99);
	put8(&p, 21, 7);
	fix_all(&p);
	check_summary(&p, "icmp 192.168.1.10 > 198.51.100.7 type 99/7 id 9 "
			  "seq 1 ttl 64 id 4097 len 30 \"ab\"");
	check_field(&p, "icmp.type", "99 (unknown)");
}

static void test_icmp_error(void **state)
{
	struct packet inner = make_udp(INSIDE_HOST, 2000, PEER, 53, "x");
	struct packet p = make_icmp(OUTSIDE_ADDR, PEER, 3, 4, 576, inner.data,
				    inner.len);
	struct packet outer;

	(void)state;
	check_summary(&p, "icmp 203.0.113.1 > 198.51.100.7 "
			  "unreachable/too-big mtu 576 ttl 64 id 4097 len 57 "
			  "[udp 192.168.1.10:2000 > 198.51.100.7:53 ttl 64 id "
			  "4097 len 29 \"x\"]");
	check_field(&p, "icmp.mtu", "576");
	check_field(&p, "quote.ip.source", "192.168.1.10");
	check_field(&p, "quote.udp.destination", "53");
	/* A quote may be cut short. */
	p = make_icmp(OUTSIDE_ADDR, PEER, 11, 0, 0, inner.data, 28);
	check_field(&p, "quote.ip.length", "29");
	check_field(&p, "quote.udp.length", "9");
	check_field(&p, "icmp.code", "0 transit");
	/* The gateway of a redirect, the pointer of a problem. */
	p = make_icmp(OUTSIDE_ADDR, PEER, 5, 1, PEER, inner.data, 28);
	check_field(&p, "icmp.gateway", "198.51.100.7");
	p = make_icmp(OUTSIDE_ADDR, PEER, 12, 0, 0x14000000, inner.data, 28);
	check_field(&p, "icmp.pointer", "20");
	/* One level of quotes only. */
	outer = make_icmp(PEER, OUTSIDE_ADDR, 3, 1, 0, p.data, p.len);
	check_field(&outer, "quote.icmp.pointer", "20");
	check_field(&outer, "quote.quote.ip.source", "(absent)");
	check_summary(&outer, "icmp 198.51.100.7 > 203.0.113.1 "
			      "unreachable/host ttl 64 id 4097 len 84 [icmp "
			      "203.0.113.1 > 198.51.100.7 parameter-problem "
			      "ttl 64 id 4097 len 56]");
}

static void test_fragments(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 2000, PEER, 53, "0123456789");

	(void)state;
	put16(&p, 6, 0x2000);
	fix_ip(&p);
	check_summary(&p, "udp 192.168.1.10:2000 > 198.51.100.7:53 ttl 64 id "
			  "4097 frag 0+ len 38 \"0123456789\"");
	check_field(&p, "ip.flags", "0x1 MF");
	check_field(&p, "ip.offset", "0");
	put16(&p, 6, 0x4003);
	fix_ip(&p);
	check_field(&p, "ip.flags", "0x2 DF");
	check_field(&p, "ip.offset", "24");
	check_field(&p, "udp.source", "(absent)");
	check_summary(&p, "ip proto 17 192.168.1.10 > 198.51.100.7 ttl 64 id "
			  "4097 DF frag 24 len 38 "
			  "\"\\x07\\xd0\\x005\\x00\\x12\\x06\\xce0123456789\"");
}

static void test_bad_headers(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 2000, PEER, 53, "x");

	(void)state;
	put8(&p, 0, 0x55);
	check_field(&p, "ip.version", "5 (bad: not 4)");
	check_summary(&p, "bad ip 192.168.1.10 > 198.51.100.7 version 5 ihl "
			  "5 length 29 of 29");
	put8(&p, 0, 0x44);
	check_field(&p, "ip.ihl", "4 (bad: below 5)");
	check_field(&p, "udp.source", "(absent)");
	put8(&p, 0, 0x4f);
	check_field(&p, "ip.ihl", "15 (bad: beyond the end)");
	put8(&p, 0, 0x46);
	check_field(&p, "ip.options", "07 d0 00 35");
	put8(&p, 0, 0x45);
	put16(&p, 2, 19);
	check_field(&p, "ip.length", "19 (bad: below the header's)");
	put16(&p, 2, 30);
	check_field(&p, "ip.length", "30 (bad: 29 there)");
	check_field(&p, "ip.checksum", "0x7ee2 bad");
	check_field(&p, "udp.checksum", "0x93e9 (cut off)");
	put16(&p, 2, 24);
	fix_ip(&p);
	check_summary(&p, "ip proto 17 192.168.1.10 > 198.51.100.7 ttl 64 id "
			  "4097 len 24 short transport: 4 octets");
	check_field(&p, "padding", "00 09 93 e9 78");
	p.len = 12;
	check_summary(&p, "short ip: 12 octets");
	check_field(&p, "ip.short", "45 00 00 18 10 01 00 00 40 11 7e e7");
	p.len = 0;
	check_summary(&p, "short ip: 0 octets");
}

static void test_names(void **state)
{
	char out[32];
	const uint8_t octets[] = "a\"\\\r\n\t\x01\xff-------------------";

	(void)state;
	conf_quote(out, sizeof(out), octets, 8);
	assert_string_equal(out, "\"a\\\"\\\\\\r\\n\\t\\x01\\xff\"");
	conf_quote(out, 16, octets, sizeof(octets) - 1);
	assert_string_equal(out, "\"a\\\"\\\\\\r\"...");
	assert_string_equal(conf_icmp_type_name(18), "mask-reply");
	assert_null(conf_icmp_type_name(1));
	assert_null(conf_icmp_type_name(200));
	assert_string_equal(conf_icmp_code_name(5, 3), "tos-host");
	assert_string_equal(conf_icmp_code_name(11, 1), "reassembly");
	assert_null(conf_icmp_code_name(3, 16));
	assert_null(conf_icmp_code_name(8, 0));
}

/* Fixed sequence of numbers (xorshift32). */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/*
 * Every prefix of a packet, and packets with octets changed at random, in
 * memory that ends where they end: the sanitizers see each step beyond.
 */
static void test_garbage(void **state)
{
	struct packet inner = make_tcp(INSIDE_HOST, 1, PEER, 2, 0xff, "body");
	struct packet good[] = {
		make_udp(INSIDE_HOST, 2000, PEER, 53, "x"),
		make_tcp(INSIDE_HOST, 2000, PEER, 80, 0x10, "GET / HTTP/1.0"),
		make_icmp(OUTSIDE_ADDR, PEER, 3, 3, 0, inner.data, inner.len),
		make_icmp(OUTSIDE_ADDR, PEER, 13, 0, 7, inner.data, 12),
	};
	uint32_t random = 1;

	(void)state;
	for (unsigned int round = 0; round < 20000; round++) {
		struct packet p = good[round % 4];
		uint32_t len = round < 1000 ? round % (p.len + 1)
					    : p.len - next_random(&random) % 8;
		char line[CONF_MAX_SUMMARY];
		struct conf_decoded d;
		uint8_t *exact;
		size_t size = 1 + next_random(&random) % sizeof(line);

		for (unsigned int i = 0; round >= 1000 && i < 3; i++)
			p.data[next_random(&random) % p.len] =
				(uint8_t)next_random(&random);
		exact = malloc(len + (len == 0));
		assert_non_null(exact);
		memcpy(exact, p.data, len);
		conf_decode(&d, exact, len);
		assert_in_range(d.num_fields, 0, CONF_MAX_FIELDS);
		for (unsigned int i = 0; i < d.num_fields; i++)
			assert_true(d.fields[i].offset + d.fields[i].len <=
				    len);
		assert_true(conf_summary(line, size, exact, len) < size);
		assert_true(strlen(line) < size);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_icmp_query),
		cmocka_unit_test(test_icmp_error),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_bad_headers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
