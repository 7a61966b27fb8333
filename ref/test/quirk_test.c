/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quirk_test.c - each quirk on, and off: what it changes
 *
 * SEQ_PAIR, ACK_UNFLAGGED and SACK_STALE are in seq_test.c and edit_test.c.
 */
#include "toy.h"

/* A script, and how it ends with the quirk and without. */
struct script {
	const char *packets[4]; /* up to the first NULL: sent, not looked at */
	const char *packet, *with, *without;
};

static void run_script(struct masq_config *c, uint64_t quirk,
		       const struct script *s)
{
	for (int on = 0; on < 2; on++) {
		struct kit *k;

		c->quirks = on != 0 ? MASQ_QUIRKS_ALL
				    : MASQ_QUIRKS_ALL & ~quirk;
		k = kit_open(c);
		k->lax = on != 0;
		for (unsigned int i = 0; i < 4 && s->packets[i] != NULL; i++)
			kit_send(k, s->packets[i]);
		expect(k, s->packet, on != 0 ? s->with : s->without);
		kit_close(k);
	}
}

/* With the default configuration. */
static void run(uint64_t quirk, const struct script *s)
{
	struct masq_config c;

	kit_config(&c);
	run_script(&c, quirk, s);
}

#define RUN(quirk, ...)                                                        \
	run(MASQ_QUIRK(quirk), &(const struct script){__VA_ARGS__})

static void test_ttl_quote(void **state)
{
	(void)state;
	RUN(TTL_QUOTE, .packets = {"C:1 > S:80 tcp S"},
	    .packet = "S:80 > M:61000 tcp A ttl 1",
	    .with = "drop ttl; M > S icmp 11/0 [S:80 > C:1 tcp A]",
	    .without = "drop ttl; M > S icmp 11/0 [S:80 > M:61000 tcp A]");
	/* Redirects too (A36). */
	RUN(TTL_QUOTE, .packets = {"C:1 > S:53 udp"},
	    .packet = "192.168.1.55:53 > M:61000 udp",
	    .with = "R > 192.168.1.55 icmp 5/1 [192.168.1.55:53 > C:1 udp]; "
		    "192.168.1.55:53 > C:1 udp",
	    .without = "R > 192.168.1.55 icmp 5/1 "
		       "[192.168.1.55:53 > M:61000 udp]; "
		       "192.168.1.55:53 > C:1 udp");
}

/* The quoted packet of the first result, with its checksums verified. */
static bool is_quote_good(const struct kit *k)
{
	const struct masq_view q = k->results[0].payload;
	const struct masq_view s = masq_from(q, 20);
	uint64_t sum = masq_sum(s);

	if (masq_header_sum(masq_slice(q, 0, 20)) != 0xffff)
		return false;
	if (masq_get8(q, 9) != 1)
		sum += masq_sum_pseudo(masq_get32(q, 12), masq_get32(q, 16),
				       masq_get8(q, 9), s.len);
	return masq_fold(sum) == 0xffff;
}

/* Own errors about restored packets, whole and with good checksums. */
static void test_quote_stale(void **state)
{
	static const struct {
		const char *out, *in, *with, *without;
	} rows[] = {
		{"C:1 > S:80 tcp S", "S:80 > M:61000 tcp A df len 301",
		 "drop too-big; M > S icmp 3/4 [S:80 > M:61000 tcp A]",
		 "drop too-big; M > S icmp 3/4 [S:80 > M:61000 tcp A]"},
		{"C:1 > S:80 udp", "S:80 > M:61000 udp df len 301",
		 "drop too-big; M > S icmp 3/4 [S:80 > M:61000 udp]",
		 "drop too-big; M > S icmp 3/4 [S:80 > M:61000 udp]"},
		{"C > S icmp 8/0 id 7", "S > M icmp 0/0 id 61000 df len 301",
		 "drop too-big; M > S icmp 3/4 [S > C icmp 0/0 id 7]",
		 "drop too-big; M > S icmp 3/4 [S > M icmp 0/0 id 61000]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int on = 0; on < 2; on++) {
			struct masq_config c;
			struct kit *k;

			kit_config(&c);
			c.inside.mtu = 300;
			if (on == 0)
				c.quirks &= ~MASQ_QUIRK(QUOTE_STALE);
			k = kit_open(&c);
			kit_send(k, rows[i].out);
			expect(k, rows[i].in,
			       on != 0 ? rows[i].with : rows[i].without);
			/* TTL aside, it is what the sender sent. */
			if (on == 0)
				assert_true(is_quote_good(k));
			else if (i < 2)
				assert_false(is_quote_good(k));
			kit_close(k);
		}
}

static void test_icmp_leak(void **state)
{
	(void)state;
	RUN(ICMP_LEAK, .packet = "C > S icmp 0/0 id 7",
	    .with = "C > S icmp 0/0 id 7", .without = "drop leak");
	RUN(ICMP_LEAK, .packet = "C > S icmp 12/0 [S:1 > C:2 udp]",
	    .with = "C > S icmp 12/0 [S:1 > C:2 udp]", .without = "drop leak");
	RUN(ICMP_LEAK, .packet = "C > S icmp 3/3 [S:1 > C:2 udp]",
	    .with = "C > S icmp 3/3 [S:1 > C:2 udp]", .without = "drop leak");
	/* What can be translated still is. */
	RUN(ICMP_LEAK, .packets = {"C:2 > S:1 udp"},
	    .packet = "C > S icmp 3/3 [S:1 > C:2 udp]",
	    .with = "M > S icmp 3/3 [S:1 > M:61000 udp]",
	    .without = "M > S icmp 3/3 [S:1 > M:61000 udp]");
}

static void test_wild_peer(void **state)
{
	(void)state;
	RUN(WILD_PEER, .packets = {"C:1 > S:53 udp"},
	    .packet = "S2:53 > M:61000 udp", .with = "S2:53 > C:1 udp",
	    .without = "local");
	RUN(WILD_PEER, .packets = {"C:1 > S:53 udp"},
	    .packet = "C:1 > S2:53 udp", .with = "M:61000 > S2:53 udp",
	    .without = "M:61001 > S2:53 udp");
}

static void test_flagless_close(void **state)
{
	static const char *const tables[2] = {
		"tcp C:1 M:61000 S:80 ESTABLISHED 90000",
		"tcp C:1 M:61000 S:80 CLOSE 1000",
	};

	(void)state;
	for (int on = 0; on < 2; on++) {
		struct kit *k = kit_new_without(
			on != 0 ? 0 : MASQ_QUIRK(FLAGLESS_CLOSE));

		kit_send(k, "C:1 > S:80 tcp A");
		kit_send(k, "C:1 > S:80 tcp PU");
		expect_table(k, tables[on]);
		kit_send(k, "S:80 > M:61000 tcp .");
		expect_table(k, tables[on]);
		kit_close(k);
	}
}

static void test_icmp_repair(void **state)
{
	(void)state;
	RUN(ICMP_REPAIR, .packet = "C > S icmp 8/0 id 7 badsum",
	    .with = "M > S icmp 8/0 id 61000", .without = "drop checksum");
	RUN(ICMP_REPAIR, .packets = {"C > S icmp 8/0 id 7"},
	    .packet = "S > M icmp 0/0 id 61000 badsum",
	    .with = "S > C icmp 0/0 id 7", .without = "drop checksum");
	RUN(ICMP_REPAIR, .packets = {"C > S icmp 8/0 id 7"},
	    .packet = "S2 > M icmp 3/1 badsum [M > S icmp 8/0 id 61000]",
	    .with = "S2 > C icmp 3/1 [C > S icmp 8/0 id 7]",
	    .without = "drop checksum");
}

static void test_quote_l4_sum(void **state)
{
	static const char *const rows[][2] = {
		{"C:1 > S:80 tcp S", "S2 > M icmp 3/1 quote 40 "
				     "[M:61000 > S:80 tcp S]"},
		{"C:1 > S:80 udp", "S2 > M icmp 3/1 quote 40 "
				   "[M:61000 > S:80 udp |abc]"},
		{"C > S icmp 8/0 id 7", "S2 > M icmp 3/1 quote 40 "
					"[M > S icmp 8/0 id 61000 |abc]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int on = 0; on < 2; on++) {
			struct kit *k = kit_new_without(
				on != 0 ? 0 : MASQ_QUIRK(QUOTE_L4_SUM));

			kit_send(k, rows[i][0]);
			kit_send(k, rows[i][1]);
			assert_int_equal(k->num_results, 1);
			assert_int_equal(is_quote_good(k), on == 0);
			kit_close(k);
		}
	/* A quote without the checksum, a UDP checksum of zero. */
	RUN(QUOTE_L4_SUM, .packets = {"C:1 > S:80 tcp S"},
	    .packet = "S2 > M icmp 3/1 [M:61000 > S:80 tcp S]",
	    .with = "S2 > C icmp 3/1 [C:1 > S:80 tcp]",
	    .without = "S2 > C icmp 3/1 [C:1 > S:80 tcp]");
	RUN(QUOTE_L4_SUM, .packets = {"C:1 > S:80 udp"},
	    .packet = "S2 > M icmp 3/1 [M:61000 > S:80 udp sum 0]",
	    .with = "S2 > C icmp 3/1 [C:1 > S:80 udp]",
	    .without = "S2 > C icmp 3/1 [C:1 > S:80 udp]");
}

/* A UDP checksum that follows the change never becomes "none". */
static void test_quote_l4_sum_zero(void **state)
{
	struct kit *k = kit_new_without(MASQ_QUIRK(QUOTE_L4_SUM));
	struct kit_line line;
	struct kit_packet p = {
		.src = ADDR_S2,
		.dst = ADDR_M,
		.proto = 1,
		.type = 3,
		.payload = line.data,
		.payload_len = 28,
	};
	unsigned int full = 0;

	(void)state;
	kit_send(k, "C:1 > S:80 udp");
	kit_parse("M:61000 > S:80 udp", &line);
	for (uint32_t sum = 1; sum < 65536; sum++) {
		const struct kit_result *r;

		line.data[26] = (uint8_t)(sum >> 8);
		line.data[27] = (uint8_t)sum;
		r = kit_packet(k, MASQ_OUTSIDE, &p);
		assert_non_null(r);
		assert_int_not_equal(masq_get16(r->payload, 26), 0);
		full += masq_get16(r->payload, 26) == 0xffff;
	}
	assert_int_equal(full, 1);
	kit_close(k);
}

static void test_udp_padding(void **state)
{
	const struct kit_packet padded = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 17,
		.sport = 1,
		.dport = 53,
		.udp_len = 13,
		.payload = "hello padding",
		.payload_len = 13,
	};

	(void)state;
	/* The kit's checksum covers all of the IP payload. */
	RUN(UDP_PADDING, .packet = "C:1 > S:53 udp udplen 13 |hello padding",
	    .with = "M:61000 > S:53 udp", .without = "drop checksum");
	RUN(UDP_PADDING, .packet = "C:1 > S:53 udp udplen 7 |hello",
	    .with = "M:61000 > S:53 udp", .without = "drop checksum");
	RUN(UDP_PADDING, .packet = "C:1 > S:53 udp udplen 14 |hello",
	    .with = "M:61000 > S:53 udp", .without = "drop checksum");
	for (int on = 0; on < 2; on++) {
		struct kit *k =
			kit_new_without(on != 0 ? 0 : MASQ_QUIRK(UDP_PADDING));
		struct kit_packet p = padded;
		const struct kit_result *r;
		struct masq_view s;

		k->lax = true;
		p.has_sum = true; /* 0 */
		r = kit_packet(k, MASQ_INSIDE, &p);
		assert_non_null(r);
		s = masq_slice(r->segment, 0, on != 0 ? 21 : 13);
		assert_int_equal(
			masq_fold(masq_sum(s) +
				  masq_sum_pseudo(ADDR_M, ADDR_S, 17, s.len)),
			0xffff);
		kit_close(k);
	}
}

static void test_udp_sum_fill(void **state)
{
	(void)state;
	for (int on = 0; on < 2; on++) {
		struct kit *k =
			kit_new_without(on != 0 ? 0 : MASQ_QUIRK(UDP_SUM_FILL));

		kit_send(k, "C:1 > S:53 udp sum 0 |x");
		assert_int_equal(k->num_results, 1);
		assert_int_equal(masq_get16(k->results[0].segment, 6) != 0, on);
		kit_send(k, "S:53 > M:61000 udp sum 0 |x");
		assert_int_equal(k->num_results, 1);
		assert_int_equal(masq_get16(k->results[0].segment, 6) != 0, on);
		/* What had one gets one. */
		kit_send(k, "C:1 > S:53 udp |x");
		assert_int_not_equal(masq_get16(k->results[0].segment, 6), 0);
		kit_close(k);
	}
}

static void test_transit_sum(void **state)
{
	struct kit *k = kit_new_without(MASQ_QUIRK(TRANSIT_SUM));

	(void)state;
	k->lax = true;
	/* Unrelated: not our business. */
	expect(k, "S > C icmp 3/3 badsum [C:53 > S:5000 udp]",
	       "S > C icmp 3/3 [C:53 > S:5000 udp]");
	expect(k, "C > S icmp 3/3 badsum [S:53 > C:5000 udp]",
	       "C > S icmp 3/3 [S:53 > C:5000 udp]");
	/* To be translated: it must be good. */
	kit_send(k, "C:5000 > S:53 udp");
	expect(k, "C > S icmp 3/3 badsum [S:53 > C:5000 udp]", "drop checksum");
	expect(k, "C > S icmp 3/3 [S:53 > C:5000 udp]",
	       "M > S icmp 3/3 [S:53 > M:61000 udp]");
	kit_close(k);
	RUN(TRANSIT_SUM, .packet = "S > C icmp 3/3 [C:53 > S:5000 udp]",
	    .with = "S > C icmp 3/3 [C:53 > S:5000 udp]",
	    .without = "S > C icmp 3/3 [C:53 > S:5000 udp]");
}

static void test_short_doff(void **state)
{
	(void)state;
	RUN(SHORT_DOFF, .packet = "C:1 > S:80 tcp A doff 4",
	    .with = "M:61000 > S:80 tcp A", .without = "drop transport");
	RUN(SHORT_DOFF, .packets = {"C:1 > S:80 tcp A"},
	    .packet = "S:80 > M:61000 tcp A doff 1", .with = "S:80 > C:1 tcp A",
	    .without = "drop transport");
	RUN(SHORT_DOFF, .packet = "S:80 > M:61000 tcp A doff 0",
	    .with = "local", .without = "local");
}

static void test_port_zero(void **state)
{
	struct masq_config c;
	const struct script s = {
		.packets = {"C:1025 > S:21 tcp S",
			    "S:21 > M:61000 tcp A |WAIT 500\n"},
		.packet = "S:500 > M:61001 tcp S",
		.with = "S:500 > C:0 tcp S",
		.without = "local",
	};
	const struct script error = {
		.packets = {"C:1025 > S:21 tcp S",
			    "S:21 > M:61000 tcp A |WAIT 500\n"},
		.packet = "S > M icmp 3/1 [M:61001 > S:500 tcp]",
		.with = "S > C icmp 3/1 [C:0 > S:500 tcp]",
		.without = "local",
	};

	(void)state;
	kit_config(&c);
	toy_load(&c, &toy_tcp, 21, false, &toy_opener);
	run_script(&c, MASQ_QUIRK(PORT_ZERO), &s);
	run_script(&c, MASQ_QUIRK(PORT_ZERO), &error);
}

static void test_pfw(void **state)
{
	struct masq_config c;
	const struct script flags = {
		.packet = "S:1 > M:8080 tcp A",
		.with = "S:1 > C:80 tcp A",
		.without = "local",
	};
	const struct script syn = {
		.packet = "S:1 > M:8080 tcp SPU",
		.with = "S:1 > C:80 tcp SPU",
		.without = "S:1 > C:80 tcp SPU",
	};
	const struct script errors = {
		.packets = {"S:1 > M:8080 tcp S"},
		.packet = "S > M icmp 3/4 [M:8080 > S:1 tcp]",
		.with = "local",
		.without = "S > C icmp 3/4 [C:80 > S:1 tcp]",
	};

	(void)state;
	kit_config(&c);
	c.num_portfw = 1;
	c.portfw[0] = (struct masq_portfw){6, ADDR_M, 8080, ADDR_C, 80, 1};
	run_script(&c, MASQ_QUIRK(PFW_ANY_FLAG), &flags);
	run_script(&c, MASQ_QUIRK(PFW_ANY_FLAG), &syn);
	run_script(&c, MASQ_QUIRK(PFW_ERRORS), &errors);
}

static void test_idle_fragment(void **state)
{
	(void)state;
	RUN(IDLE_FRAGMENT, .packet = "C > S icmp 8/0 id 7 mf len 8",
	    .with = "M > S icmp 8/0 id 61000 @0+", .without = "drop held");
}

/* Whatever the sysctl says and however many entries there are. */
static void test_idle_fragment_sysctl(void **state)
{
	struct masq_config c;
	struct kit *k;

	(void)state;
	kit_config(&c);
	c.quirks &= ~MASQ_QUIRK(IDLE_FRAGMENT);
	c.always_defrag = -1;
	k = kit_open(&c);
	kit_send(k, "C > S icmp 8/0 id 7");
	expect(k, "S > C udp bare mf zero len 8", "drop held");
	kit_close(k);
}

/*
 * B21: quoted header lengths below 5. With a length of 4 words the ports
 * are taken from the destination address, and the "checksum" made for it is
 * the first word of the header. The peer of the entry is that address.
 */
static void test_quote_ihl(void **state)
{
	/* M to 97.72.0.80, that is, from port 24904 to port 80. */
	static const uint8_t quoted[28] = {
		0x44, 0x07, 0,   28, 0,   1, 0,  0,  64, 6,
		0,    0,    203, 0,  113, 1, 97, 72, 0,  80,
	};
	const struct kit_packet p = {
		.src = ADDR_S2,
		.dst = ADDR_M,
		.proto = 1,
		.type = 11,
		.payload = quoted,
		.payload_len = sizeof(quoted),
	};

	(void)state;
	for (int on = 0; on < 2; on++) {
		struct masq_config c;
		const struct kit_result *r;
		struct kit *k;

		kit_config(&c);
		c.quirks &= ~MASQ_QUIRK(PFW_ERRORS);
		if (on == 0)
			c.quirks &= ~MASQ_QUIRK(QUOTE_IHL);
		c.num_portfw = 1;
		c.portfw[0] = (struct masq_portfw){6,      ADDR_M, 24904,
						   ADDR_C, 9,      1};
		k = kit_open(&c);
		expect(k, "97.72.0.80:80 > M:24904 tcp S",
		       "97.72.0.80:80 > C:9 tcp S");
		r = kit_packet(k, MASQ_OUTSIDE, &p);
		assert_int_equal(k->drop,
				 on != 0 ? MASQ_DROP_NONE : MASQ_DROP_QUOTE);
		if (on == 0) {
			kit_close(k);
			continue;
		}
		assert_non_null(r);
		assert_int_equal(masq_get16(r->payload, 10), 0x4407);
		assert_int_equal(masq_get32(r->payload, 12), ADDR_C);
		assert_int_equal(masq_get16(r->payload, 16), 9);
		kit_close(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ttl_quote),
		cmocka_unit_test(test_quote_stale),
		cmocka_unit_test(test_icmp_leak),
		cmocka_unit_test(test_wild_peer),
		cmocka_unit_test(test_flagless_close),
		cmocka_unit_test(test_icmp_repair),
		cmocka_unit_test(test_quote_l4_sum),
		cmocka_unit_test(test_quote_l4_sum_zero),
		cmocka_unit_test(test_udp_padding),
		cmocka_unit_test(test_udp_sum_fill),
		cmocka_unit_test(test_transit_sum),
		cmocka_unit_test(test_short_doff),
		cmocka_unit_test(test_port_zero),
		cmocka_unit_test(test_pfw),
		cmocka_unit_test(test_idle_fragment),
		cmocka_unit_test(test_idle_fragment_sysctl),
		cmocka_unit_test(test_quote_ihl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
