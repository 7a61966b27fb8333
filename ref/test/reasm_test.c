/* SPDX-License-Identifier: Apache-2.0 */
/* reasm_test.c - datagrams put together, line by line of CORE-FRAG-05 */
#include <stdlib.h>

#include "kit.h"
#include "wire/reasm.h"

enum {
	LIFE = 3000 /* ticks */
};

/* A reassembler and the packet at work. */
struct bench {
	struct reasm *r;
	struct masq_pkt p;
	struct kit_line line;
	uint64_t now; /* tick */
};

static struct bench *open_bench(void)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->r = reasm_new();
	assert_non_null(b->r);
	b->p.buf.data = malloc(IP_MAX_LEN);
	assert_non_null(b->p.buf.data);
	return b;
}

static void close_bench(struct bench *b)
{
	reasm_free(b->r);
	free(b->p.buf.data);
	free(b);
}

/* Adds the fragment of a text. */
static enum reasm_result add(struct bench *b, const char *text)
{
	kit_parse(text, &b->line);
	b->p.buf.len = b->line.len;
	b->p.buf.cap = IP_MAX_LEN;
	memcpy(b->p.buf.data, b->line.data, b->line.len);
	pkt_parse(&b->p, pkt_view(&b->p));
	b->p.drop = MASQ_DROP_NONE;
	b->p.routed = true;
	return reasm_add(b->r, &b->p, b->now);
}

/* Steps of a test: what follows from each fragment. */
struct step {
	const char *text;     /* NULL = the end */
	const char *datagram; /* payload of the whole, NULL = not complete */
	enum masq_drop drop;  /* if not complete */
};

static void run_steps(const struct step *step)
{
	struct bench *b = open_bench();

	for (; step->text != NULL; step++) {
		const enum reasm_result result = add(b, step->text);

		if (step->datagram == NULL) {
			assert_int_equal(result, REASM_HELD);
			assert_int_equal(b->p.drop, step->drop);
			continue;
		}
		assert_int_equal(result, REASM_COMPLETE);
		assert_int_equal(b->p.drop, MASQ_DROP_NONE);
		assert_int_equal(pkt_payload_len(&b->p),
				 strlen(step->datagram));
		assert_memory_equal(pkt_payload(&b->p).data, step->datagram,
				    strlen(step->datagram));
		/* Nothing is left behind. */
		assert_true(reasm_next(b->r) == UINT64_MAX);
	}
	close_bench(b);
}

#define FRAG "C > S udp bare "
#define HELD NULL, MASQ_DROP_HELD
#define BAD  NULL, MASQ_DROP_FRAGMENT
#define END                                                                    \
	{                                                                      \
		NULL, NULL, MASQ_DROP_NONE                                     \
	}

static void test_orders(void **state)
{
	static const struct step orders[][4] = {
		{{FRAG "mf |AAAAAAAA", HELD},
		 {FRAG "mf off 8 |BBBBBBBB", HELD},
		 {FRAG "off 16 |CC", "AAAAAAAABBBBBBBBCC", MASQ_DROP_NONE},
		 END},
		{{FRAG "off 16 |CC", HELD},
		 {FRAG "mf off 8 |BBBBBBBB", HELD},
		 {FRAG "mf |AAAAAAAA", "AAAAAAAABBBBBBBBCC", MASQ_DROP_NONE},
		 END},
		{{FRAG "mf |AAAAAAAA", HELD},
		 {FRAG "off 16 |CC", HELD},
		 {FRAG "mf off 8 |BBBBBBBB", "AAAAAAAABBBBBBBBCC",
		  MASQ_DROP_NONE},
		 END},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++)
		run_steps(orders[i]);
}

/* An exact duplicate replaces the old one. */
static void test_duplicates(void **state)
{
	static const struct step steps[] = {
		{FRAG "mf |AAAAAAAA", HELD},
		{FRAG "mf |aaaaaaaa", HELD},
		{FRAG "mf off 8 |BBBBBBBB", HELD},
		{FRAG "mf off 8 |bbbbbbbb", HELD},
		{FRAG "off 16 |CC", "aaaaaaaabbbbbbbbCC", MASQ_DROP_NONE},
		END,
	};

	(void)state;
	run_steps(steps);
}

/* Overlap with an earlier offset: the new front is cut, old data wins. */
static void test_overlap_front(void **state)
{
	static const struct step steps[] = {
		{FRAG "mf |AAAAAAAAaaaaaaaa", HELD},
		{FRAG "off 8 |BBBBBBBBbbbbbbbb", "AAAAAAAAaaaaaaaabbbbbbbb",
		 MASQ_DROP_NONE},
		END,
	};

	(void)state;
	run_steps(steps);
}

/* Overlap with a later offset: the old front is cut, new data wins. */
static void test_overlap_back(void **state)
{
	static const struct step steps[] = {
		{FRAG "off 8 |BBBBBBBBbbbbbbbb", HELD},
		{FRAG "mf |AAAAAAAAaaaaaaaa", "AAAAAAAAaaaaaaaabbbbbbbb",
		 MASQ_DROP_NONE},
		END,
	};

	(void)state;
	run_steps(steps);
}

/* Later ones that are wholly covered are removed. */
static void test_overlap_covers(void **state)
{
	static const struct step steps[] = {
		{FRAG "mf off 8 |11111111", HELD},
		{FRAG "mf off 16 |22222222", HELD},
		{FRAG "off 24 |33333333", HELD},
		{FRAG "mf |AAAAAAAABBBBBBBBCCCCCCCC",
		 "AAAAAAAABBBBBBBBCCCCCCCC33333333", MASQ_DROP_NONE},
		END,
	};

	(void)state;
	run_steps(steps);
}

/* Both ends at once. */
static void test_overlap_both(void **state)
{
	static const struct step steps[] = {
		{FRAG "mf |AAAAAAAAaaaaaaaa", HELD},
		{FRAG "off 24 |CCCCCCCCcccccccc", HELD},
		{FRAG "mf off 8 |11111111222222223333333344444444"
		      "",
		 "AAAAAAAAaaaaaaaa222222223333333344444444", MASQ_DROP_NONE},
		END,
	};

	(void)state;
	run_steps(steps);
}

/*
 * Wholly inside an older one: nothing of it is left, it is kept all the
 * same and spoils the datagram, unless a later one takes its place.
 */
static void test_inside(void **state)
{
	static const struct step spoilt[] = {
		{FRAG "mf |AAAAAAAAaaaaaaaabbbbbbbb", HELD},
		{FRAG "off 16 |11111111", BAD},
		/* It is gone: the same fragments begin anew. */
		{FRAG "mf |AAAAAAAAaaaaaaaabbbbbbbb", HELD},
		{FRAG "off 24 |CC", "AAAAAAAAaaaaaaaabbbbbbbbCC",
		 MASQ_DROP_NONE},
		END,
	};
	static const struct step replaced[] = {
		{FRAG "mf |AAAAAAAAaaaaaaaabbbbbbbb", HELD},
		{FRAG "mf off 8 |11111111", HELD},
		{FRAG "off 24 |CC", "AAAAAAAAaaaaaaaabbbbbbbbCC",
		 MASQ_DROP_NONE},
		END,
	};
	/* Its end lies before the datagram's: never complete. */
	static const struct step behind[] = {
		{FRAG "mf |AAAAAAAAaaaaaaaabbbbbbbb", HELD},
		{FRAG "off 8 |1111", BAD},
		END,
	};

	(void)state;
	run_steps(spoilt);
	run_steps(replaced);
	run_steps(behind);
}

/* [>=2.2.4] a fragment of no octets is fatal, unless replaced. */
static void test_zero_length(void **state)
{
	static const struct step fatal[] = {
		{FRAG "mf |AAAAAAAA", HELD},
		{FRAG "off 8", BAD},
		END,
	};
	static const struct step replaced[] = {
		{FRAG "mf |AAAAAAAA", HELD},
		{FRAG "mf off 8", HELD},
		{FRAG "off 8 |BB", "AAAAAAAABB", MASQ_DROP_NONE},
		END,
	};

	(void)state;
	run_steps(fatal);
	run_steps(replaced);
}

/* offset + total length > 65535: that fragment goes, the queue stays. */
static void test_oversize(void **state)
{
	static const struct step steps[] = {
		{FRAG "mf |AAAAAAAA", HELD},
		{FRAG "off 65512 |1234", BAD}, /* 65512 + 24 */
		{FRAG "off 8 |BB", "AAAAAAAABB", MASQ_DROP_NONE},
		END,
	};
	static const struct step largest[] = {
		{FRAG "off 65512 |123", HELD}, /* 65512 + 23 */
		END,
	};

	(void)state;
	run_steps(steps);
	run_steps(largest);
}

/* The largest datagram there is. */
static void test_largest(void **state)
{
	struct bench *b = open_bench();

	(void)state;
	assert_int_equal(add(b, FRAG "mf len 32768"), REASM_HELD);
	assert_int_equal(add(b, FRAG "off 32768 len 32747"), REASM_COMPLETE);
	assert_int_equal(b->p.buf.len, IP_MAX_LEN);
	assert_int_equal(pkt_get16(&b->p, IP_O_LEN), IP_MAX_LEN);
	close_bench(b);
}

/* Overlaps longer than the blocks that hold the data, both ways. */
static void test_long_overlap(void **state)
{
	static const char *const parts[][2] = {
		{FRAG "mf len 1000", FRAG "off 400 zero len 1000"},
		{FRAG "off 400 len 1000", FRAG "mf zero len 1000"},
	};
	struct bench *b = open_bench();

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		add(b, parts[i][0]);
		assert_int_equal(add(b, parts[i][1]), REASM_COMPLETE);
		assert_int_equal(pkt_payload_len(&b->p), 1400);
		/* The pattern counts from the start of its fragment. */
		for (uint32_t n = 0; n < 1400; n++) {
			uint8_t c = (uint8_t)('a' + (n - i * 400) % 26);

			if (i == 0 ? n >= 1000 : n < 1000)
				c = 0;
			assert_int_equal(pkt_l4_get8(&b->p, n), c);
		}
	}
	close_bench(b);
}

/* Id, source, destination and protocol make the key. */
static void test_key(void **state)
{
	static const char *const others[] = {
		"C > S udp ipid 2 bare off 8 |BB",
		"192.168.1.11 > S udp bare off 8 |BB",
		"C > S2 udp bare off 8 |BB",
		"C > S tcp bare off 8 |BB",
	};
	struct bench *b = open_bench();

	(void)state;
	assert_int_equal(add(b, FRAG "mf |AAAAAAAA"), REASM_HELD);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(add(b, others[i]), REASM_HELD);
	assert_int_equal(add(b, FRAG "off 8 |BB"), REASM_COMPLETE);
	close_bench(b);
}

/* The header of the fragment of offset 0, the last one if several. */
static void test_header(void **state)
{
	struct bench *b = open_bench();

	(void)state;
	add(b, FRAG "off 16 tos 1 ttl 11 |CC");
	add(b, FRAG "mf tos 2 ttl 12 df |AAAAAAAA");
	add(b, FRAG "mf tos 3 ttl 13 df |AAAAAAAA");
	assert_int_equal(add(b, FRAG "mf off 8 tos 4 ttl 14 |BBBBBBBB"),
			 REASM_COMPLETE);
	assert_int_equal(pkt_get8(&b->p, IP_O_TOS), 3);
	assert_int_equal(pkt_get8(&b->p, IP_O_TTL), 13);
	assert_int_equal(pkt_frag(&b->p), 0); /* DF is gone, too */
	assert_int_equal(pkt_get16(&b->p, IP_O_LEN), 20 + 18);
	assert_int_equal(masq_header_sum(masq_slice(pkt_view(&b->p), 0, 20)),
			 0xffff);
	close_bench(b);
}

/* Each fragment restarts the 30 s. */
static void test_lifetime(void **state)
{
	struct bench *b = open_bench();
	bool has_first;

	(void)state;
	b->now = 1000;
	add(b, FRAG "mf |AAAAAAAA");
	assert_int_equal(reasm_next(b->r), 1000 + LIFE);
	b->now = 2000;
	add(b, FRAG "mf off 8 |BBBBBBBB");
	assert_int_equal(reasm_next(b->r), 2000 + LIFE);
	assert_false(reasm_expire(b->r, 2000 + LIFE - 1, &b->p, &has_first));
	assert_true(reasm_expire(b->r, 2000 + LIFE, &b->p, &has_first));
	assert_true(has_first);
	assert_int_equal(b->p.buf.len, 28);
	assert_memory_equal(b->p.buf.data + 20, "AAAAAAAA", 8);
	assert_false(reasm_expire(b->r, 100000, &b->p, &has_first));
	close_bench(b);
}

/* The one touched longest ago goes first; who has no front is silent. */
static void test_lifetime_order(void **state)
{
	struct bench *b = open_bench();
	bool has_first;

	(void)state;
	add(b, "C > S udp ipid 1 bare off 8 |BB");
	b->now = 10;
	add(b, "C > S udp ipid 2 bare mf |AAAAAAAA");
	b->now = 20;
	add(b, "C > S udp ipid 1 bare mf off 16 |CCCCCCCC");
	assert_int_equal(reasm_next(b->r), 10 + LIFE);
	assert_true(reasm_expire(b->r, 5000, &b->p, &has_first));
	assert_true(has_first);
	assert_int_equal(pkt_get16(&b->p, IP_O_ID), 2);
	assert_true(reasm_expire(b->r, 5000, &b->p, &has_first));
	assert_false(has_first);
	close_bench(b);
}

static void test_reset(void **state)
{
	struct bench *b = open_bench();

	(void)state;
	add(b, FRAG "mf |AAAAAAAA");
	reasm_reset(b->r);
	assert_true(reasm_next(b->r) == UINT64_MAX);
	assert_int_equal(add(b, FRAG "off 8 |BB"), REASM_HELD);
	assert_true(reasm_cost() > 256u * 1024);
	close_bench(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_overlap_front),
		cmocka_unit_test(test_overlap_back),
		cmocka_unit_test(test_overlap_covers),
		cmocka_unit_test(test_overlap_both),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_zero_length),
		cmocka_unit_test(test_oversize),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_long_overlap),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_lifetime),
		cmocka_unit_test(test_lifetime_order),
		cmocka_unit_test(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
