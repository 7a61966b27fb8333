/* SPDX-License-Identifier: Apache-2.0 */
/* packet_test.c - the rewriter: payload replaced, checksums followed */
#include <stdlib.h>

#include "kit.h"
#include "wire/packet.h"

/* A packet in a buffer of the largest size, of heap memory. */
static struct masq_pkt *make(const char *text)
{
	struct kit_line *line = malloc(sizeof(*line));
	struct masq_pkt *p = calloc(1, sizeof(*p));

	assert_non_null(line);
	assert_non_null(p);
	kit_parse(text, line);
	p->buf.data = malloc(IP_MAX_LEN);
	assert_non_null(p->buf.data);
	p->buf.len = line->len;
	p->buf.cap = IP_MAX_LEN;
	memcpy(p->buf.data, line->data, line->len);
	pkt_parse(p, pkt_view(p));
	free(line);
	return p;
}

static void drop(struct masq_pkt *p)
{
	free(p->buf.data);
	free(p);
}

static const uint8_t *const text_x = (const uint8_t *)"xyz";

static void check_replace(uint32_t off, uint32_t old_len, uint32_t len,
			  const char *expected)
{
	struct masq_pkt *p = make("C:1 > S:2 udp |abcdef");
	const uint32_t total = 28 + (uint32_t)strlen(expected);

	assert_int_equal(pkt_replace(p, 28 + off, old_len, text_x, len),
			 MASQ_OK);
	assert_int_equal(p->buf.len, total);
	assert_int_equal(pkt_get16(p, IP_O_LEN), total);
	assert_memory_equal(p->buf.data + 28, expected, strlen(expected));
	drop(p);
}

static void test_replace(void **state)
{
	(void)state;
	check_replace(0, 0, 0, "abcdef");
	check_replace(0, 0, 3, "xyzabcdef"); /* in front */
	check_replace(6, 0, 3, "abcdefxyz"); /* behind */
	check_replace(2, 2, 2, "abxyef");    /* as long */
	check_replace(2, 2, 3, "abxyzef");   /* longer */
	check_replace(2, 2, 1, "abxef");     /* shorter */
	check_replace(2, 4, 0, "ab");        /* away */
	check_replace(0, 6, 0, "");
	check_replace(0, 6, 3, "xyz");
}

/* Not in the header, not beyond the end; then nothing changes. */
static void test_replace_range(void **state)
{
	static const struct {
		uint32_t off, old_len;
	} bad[] = {
		{0, 1},          {19, 1},         {19, 0},  {34, 1},
		{35, 0},         {28, 7},         {20, 15}, {20, UINT32_MAX},
		{UINT32_MAX, 0}, {UINT32_MAX, 1},
	};
	struct masq_pkt *p = make("C:1 > S:2 udp |abcdef");
	uint8_t before[34];

	(void)state;
	assert_int_equal(p->buf.len, sizeof(before));
	memcpy(before, p->buf.data, sizeof(before));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(
			pkt_replace(p, bad[i].off, bad[i].old_len, text_x, 3),
			MASQ_ERR_RANGE);
	assert_int_equal(p->buf.len, sizeof(before));
	assert_memory_equal(p->buf.data, before, sizeof(before));
	drop(p);
}

static void test_replace_longest(void **state)
{
	static uint8_t text[70000];
	struct masq_pkt *p = make("C:1 > S:2 udp |abcdef");

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(pkt_replace(p, 28, 6, text, IP_MAX_LEN - 27),
			 MASQ_ERR_TOO_LONG);
	assert_int_equal(pkt_replace(p, 28, 0, text, IP_MAX_LEN + 1),
			 MASQ_ERR_TOO_LONG);
	assert_int_equal(pkt_replace(p, 28, 0, text, UINT32_MAX),
			 MASQ_ERR_TOO_LONG);
	assert_memory_equal(p->buf.data + 28, "abcdef", 6);
	assert_int_equal(pkt_replace(p, 28, 6, text, IP_MAX_LEN - 28), MASQ_OK);
	assert_int_equal(p->buf.len, IP_MAX_LEN);
	assert_int_equal(pkt_get16(p, IP_O_LEN), IP_MAX_LEN);
	assert_int_equal(pkt_replace(p, 28, 0, text, 1), MASQ_ERR_TOO_LONG);
	assert_int_equal(pkt_replace(p, IP_MAX_LEN - 1, 1, text_x, 1), MASQ_OK);
	assert_int_equal(p->buf.data[IP_MAX_LEN - 1], 'x');
	drop(p);
}

/* The checksums of octets alone. */
static bool are_sums_good(const struct masq_pkt *p)
{
	const struct masq_view segment = pkt_payload(p);
	uint64_t sum = masq_sum(segment);

	if (masq_fold(masq_sum(masq_slice(pkt_view(p), 0, p->hlen))) != 0xffff)
		return false;
	if (p->proto != PROTO_ICMP)
		sum += masq_sum_pseudo(masq_get32(pkt_view(p), 12),
				       masq_get32(pkt_view(p), 16), p->proto,
				       segment.len);
	return masq_fold(sum) == 0xffff;
}

/* One random change of a field that the engine changes. */
static void change(struct masq_pkt *p, uint64_t *seed)
{
	const uint32_t value = (uint32_t)kit_random(seed);

	switch (kit_below(seed, 6)) {
	case 0:
		pkt_ip_put32(p, IP_O_SADDR, value);
		assert_int_equal(pkt_saddr(p), value);
		break;
	case 1:
		pkt_ip_put32(p, IP_O_DADDR, value);
		assert_int_equal(pkt_daddr(p), value);
		break;
	case 2:
		pkt_l4_put16(p, L4_O_SPORT, (uint16_t)value);
		break;
	case 3:
		pkt_l4_put32(p, TCP_O_SEQ, value);
		break;
	case 4:
		pkt_ip_put16(p, IP_O_TTL, (uint16_t)(value & 0xff06));
		pkt_ip_put16(p, IP_O_TTL,
			     (uint16_t)((value & 0xff00) | p->proto));
		break;
	default:
		/* Beyond the end: nothing changes. */
		pkt_l4_put16(p, (pkt_payload_len(p) + 1) & ~1u,
			     (uint16_t)value);
		break;
	}
}

static void check_following(const char *text, bool verified, uint64_t *seed)
{
	struct masq_pkt *p = make(text);

	if (verified) {
		p->is_ip_summed = true;
		p->ip_sum = masq_sum(masq_slice(pkt_view(p), 0, p->hlen)) +
			    (uint16_t)~pkt_get16(p, IP_O_SUM);
		assert_true(p->proto == PROTO_ICMP
				    ? pkt_icmp_good(p)
				    : pkt_l4_good(p, pkt_payload_len(p)));
	}
	for (uint32_t n = kit_below(seed, 8); n != 0; n--)
		change(p, seed);
	if (p->proto == PROTO_ICMP)
		pkt_finish_icmp(p);
	else
		pkt_finish_l4(p, pkt_payload_len(p));
	pkt_finish_ip(p);
	assert_true(are_sums_good(p));
	drop(p);
}

/* Followed sums give what sums from scratch give. */
static void test_following(void **state)
{
	static const char *const texts[] = {
		"C:1025 > S:80 tcp S len 33",
		"C:1025 > S:80 udp len 40",
		"C > S icmp 8/0 id 7 len 31",
	};
	uint64_t seed = 6;

	(void)state;
	for (int i = 0; i < 3000; i++)
		check_following(texts[i % 3], i % 2 == 0, &seed);
}

static void test_verdicts(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"C:1 > S:2 tcp S", true},
		{"C:1 > S:2 tcp S badsum", false},
		{"C:1 > S:2 udp |odd", true},
		{"C:1 > S:2 udp |odd badsum", true}, /* it is payload */
		{"C:1 > S:2 udp badsum |odd", false},
		{"C > S icmp 8/0 id 1 |x", true},
		{"C > S icmp 8/0 id 1 badsum |x", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct masq_pkt *p = make(rows[i].text);
		const bool good = p->proto == PROTO_ICMP
					  ? pkt_icmp_good(p)
					  : pkt_l4_good(p, pkt_payload_len(p));

		assert_int_equal(good, rows[i].good);
		drop(p);
	}
}

/* A checksum over less than the payload (quirk UDP_PADDING off). */
static void test_covered_length(void **state)
{
	struct masq_pkt *p = make("C:1 > S:2 udp udplen 12 |abcdPADDING");
	const struct masq_view covered = masq_slice(pkt_payload(p), 0, 12);
	uint64_t sum;

	(void)state;
	pkt_finish_l4(p, 12);
	sum = masq_sum(covered) + masq_sum_pseudo(ADDR_C, ADDR_S, 17, 12);
	assert_int_equal(masq_fold(sum), 0xffff);
	assert_true(pkt_l4_good(p, 12));
	assert_false(pkt_l4_good(p, pkt_payload_len(p)));
	drop(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_replace_range),
		cmocka_unit_test(test_replace_longest),
		cmocka_unit_test(test_following),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_covered_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
