/* SPDX-License-Identifier: Apache-2.0 */
/* fragment_test.c - datagrams split for a small MTU (CORE-FRAG-10) */
#include <stdlib.h>

#include "kit.h"
#include "wire/fragment.h"

enum {
	MAX_PIECES = 64
};

struct pieces {
	unsigned int count;
	uint32_t len[MAX_PIECES];
	uint16_t frag[MAX_PIECES];
	uint8_t header[MAX_PIECES][60];
	uint8_t *payload; /* put together again */
	uint32_t payload_len;
};

static void take_piece(void *ctx, const uint8_t *data, uint32_t len)
{
	struct pieces *s = ctx;
	const struct masq_view v = {.data = data, .len = len};
	const uint32_t hlen = (masq_get8(v, 0) & 15) * 4u;
	const unsigned int i = s->count++;

	assert_true(i < MAX_PIECES && hlen <= len);
	assert_int_equal(masq_get16(v, 2), len);
	assert_int_equal(masq_fold(masq_sum(masq_slice(v, 0, hlen))), 0xffff);
	s->len[i] = len - hlen;
	s->frag[i] = masq_get16(v, 6);
	memcpy(s->header[i], data, hlen);
	memcpy(s->payload + s->payload_len, data + hlen, len - hlen);
	s->payload_len += len - hlen;
}

/* Splits the packet of a text; free the payload. */
static void split_at(const char *text, const uint8_t *options,
		     uint32_t options_len, uint32_t mtu, struct pieces *out)
{
	struct kit_line *line = malloc(sizeof(*line));
	uint8_t *scratch = malloc(mtu);
	struct masq_pkt p = {0};

	assert_non_null(line);
	assert_non_null(scratch);
	kit_parse(text, line);
	memmove(line->data + 20 + options_len, line->data + 20, line->len - 20);
	memcpy(line->data + 20, options, options_len);
	line->data[0] = (uint8_t)(0x45 + options_len / 4);
	p.buf.data = line->data;
	p.buf.len = line->len + options_len;
	p.buf.cap = sizeof(line->data);
	p.options.known = true;
	pkt_parse(&p, pkt_view(&p));
	memset(out, 0, sizeof(*out));
	out->payload = malloc(IP_MAX_LEN);
	assert_non_null(out->payload);
	fragment_split(&p, mtu, scratch, take_piece, out);
	assert_int_equal(out->payload_len, pkt_payload_len(&p));
	assert_memory_equal(out->payload, pkt_payload(&p).data,
			    out->payload_len);
	free(out->payload);
	free(scratch);
	free(line);
}

static const uint8_t no_options[1];

static void test_sizes(void **state)
{
	struct pieces s;

	(void)state;
	split_at("C:1 > S:2 udp ipid 0x1234 len 3000", no_options, 0, 1500, &s);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.len[0], 1480);
	assert_int_equal(s.len[1], 1480);
	assert_int_equal(s.len[2], 48);
	assert_int_equal(s.frag[0], 0x2000);
	assert_int_equal(s.frag[1], 0x2000 | 185);
	assert_int_equal(s.frag[2], 370);
	/* The same id, TTL and TOS everywhere. */
	for (unsigned int i = 0; i < s.count; i++) {
		assert_int_equal(s.header[i][4] << 8 | s.header[i][5], 0x1234);
		assert_int_equal(s.header[i][8], 64);
	}
}

/* The payload of a piece is a multiple of 8, the last takes the rest. */
static void test_odd_mtu(void **state)
{
	static const struct {
		uint32_t mtu, first, count;
	} rows[] = {
		{68, 48, 42},  {75, 48, 42},    {76, 56, 36},
		{576, 552, 4}, {1499, 1472, 2}, {2027, 2000, 2},
	};
	struct pieces s;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		split_at("C:1 > S:2 udp len 2000", no_options, 0, rows[i].mtu,
			 &s);
		assert_int_equal(s.len[0], rows[i].first);
		assert_int_equal(s.count, rows[i].count);
		assert_int_equal(s.frag[s.count - 1] & 0x2000, 0);
	}
}

/* DF goes; a fragment's pieces go on counting and keep its MF. */
static void test_flags(void **state)
{
	struct pieces s;

	(void)state;
	split_at("C:1 > S:2 udp df len 1000", no_options, 0, 600, &s);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.frag[0], 0x2000);
	assert_int_equal(s.frag[1], 576 / 8);
	split_at("C:1 > S:2 udp mf off 8000 bare len 1000", no_options, 0, 600,
		 &s);
	assert_int_equal(s.frag[0], 0x2000 | 1000);
	assert_int_equal(s.frag[1], 0x2000 | (1000 + 576 / 8));
	split_at("C:1 > S:2 udp off 8000 bare len 1000", no_options, 0, 600,
		 &s);
	assert_int_equal(s.frag[1], 1000 + 576 / 8);
}

/* RFC 791 3.1: options without the copied flag only in the first piece. */
static void test_options(void **state)
{
	static const uint8_t options[] = {
		1,                     /* NOP */
		7,   7, 4, 9, 9, 9, 9, /* record route: not copied */
		148, 4, 0, 0,          /* router alert: copied */
		0,   0, 0, 0,          /* end, padding */
	};
	static const uint8_t later[] = {
		1, 1, 1, 1, 1, 1, 1, 1, 148, 4, 0, 0, 0, 0, 0, 0,
	};
	struct pieces s;

	(void)state;
	split_at("C:1 > S:2 udp len 1000", options, sizeof(options), 400, &s);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.len[0], 360);
	assert_memory_equal(s.header[0] + 20, options, sizeof(options));
	assert_memory_equal(s.header[1] + 20, later, sizeof(later));
	assert_memory_equal(s.header[2] + 20, later, sizeof(later));
}

/* Options that make no sense are left as they are. */
static void test_bad_options(void **state)
{
	static const uint8_t options[][4] = {
		{7, 1, 4, 9},
		{7, 0, 4, 9},
		{7, 5, 4, 9},
		{1, 1, 1, 7},
	};
	struct pieces s;

	(void)state;
	for (size_t i = 0; i < COUNT(options); i++) {
		split_at("C:1 > S:2 udp len 1000", options[i], 4, 600, &s);
		assert_memory_equal(s.header[1] + 20, options[i], 4);
	}
}

/* The smallest MTU and the longest header leave 8 octets a piece. */
static void test_smallest(void **state)
{
	static const uint8_t options[40] = {1};
	struct pieces s;

	(void)state;
	split_at("C:1 > S:2 udp len 57", options, sizeof(options), 68, &s);
	assert_int_equal(s.count, 9);
	for (unsigned int i = 0; i < 8; i++)
		assert_int_equal(s.len[i], 8);
	assert_int_equal(s.len[8], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_odd_mtu),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_smallest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
