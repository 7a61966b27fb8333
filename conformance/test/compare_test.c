/* SPDX-License-Identifier: Apache-2.0 */
/* compare_test.c - what is the same, what differs, and what is left out */
#include <string.h>

#include "conformance/compare.h"
#include "support.h"

/* Both sides of a comparison. */
struct pair {
	struct conf_results expected, actual;
	struct conf_rules rules;
};

static struct pair new_pair(void)
{
	return (struct pair){
		.rules = {.router = {INSIDE_ADDR, OUTSIDE_ADDR}},
	};
}

static void end_pair(struct pair *pair)
{
	conf_results_cleanup(&pair->expected);
	conf_results_cleanup(&pair->actual);
}

static void add(struct conf_results *results, const struct packet *p,
		enum conf_side side, uint64_t now, bool own_error)
{
	struct conf_packet packet = on_wire(p, side, now);

	packet.own_error = own_error;
	conf_results_emit(results, &packet);
	assert_false(results->failed);
}

static enum conf_verdict compare(const struct pair *pair, size_t *index)
{
	return conf_compare(&pair->rules, &pair->expected, &pair->actual,
			    index);
}

/* The first result differs in these fields and no others. */
static void check_fields(const struct pair *pair, const char *const *names)
{
	struct conf_difference d[16];
	unsigned int num = conf_differences(&pair->rules, &pair->expected,
					    &pair->actual, 0, d, 16);
	unsigned int i = 0;

	for (; names[i] != NULL; i++) {
		if (i >= num)
			fail_msg("%s is not among the differences", names[i]);
		assert_string_equal(d[i].field, names[i]);
	}
	if (i < num)
		fail_msg("%s is among the differences", d[i].field);
}

static void test_same(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct pair pair = new_pair();
	size_t index = 9;

	(void)state;
	assert_int_equal(compare(&pair, &index), CONF_SAME);
	assert_int_equal(index, 0);
	for (unsigned int i = 0; i < 40; i++) {
		add(&pair.expected, &p, CONF_OUTSIDE, i, false);
		add(&pair.actual, &p, CONF_OUTSIDE, i, false);
	}
	assert_int_equal(compare(&pair, &index), CONF_SAME);
	conf_results_clear(&pair.actual);
	assert_int_equal(compare(&pair, &index), CONF_MISSING);
	assert_int_equal(index, 0);
	end_pair(&pair);
}

static void test_number(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct pair pair = new_pair(), swapped = new_pair();
	size_t index;

	(void)state;
	add(&pair.expected, &p, CONF_OUTSIDE, 5, false);
	add(&pair.actual, &p, CONF_OUTSIDE, 5, false);
	add(&pair.actual, &p, CONF_OUTSIDE, 5, false);
	assert_int_equal(compare(&pair, &index), CONF_EXTRA);
	assert_int_equal(index, 1);
	/* One that is lacking in the middle, on either side. */
	conf_results_clear(&pair.expected);
	conf_results_clear(&pair.actual);
	for (unsigned int i = 1; i <= 3; i++) {
		add(&pair.expected, &p, CONF_OUTSIDE, i, false);
		if (i != 2)
			add(&pair.actual, &p, CONF_OUTSIDE, i, false);
	}
	assert_int_equal(compare(&pair, &index), CONF_MISSING);
	assert_int_equal(index, 1);
	swapped.expected = pair.actual;
	swapped.actual = pair.expected;
	assert_int_equal(compare(&swapped, &index), CONF_EXTRA);
	assert_int_equal(index, 1);
	add(&pair.actual, &p, CONF_OUTSIDE, 9, false);
	add(&pair.actual, &p, CONF_OUTSIDE, 9, false);
	assert_int_equal(compare(&pair, &index), CONF_DIFFERENT);
	assert_int_equal(index, 1);
	end_pair(&pair);
}

static void test_side_and_time(void **state)
{
	struct packet p = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct pair pair = new_pair();
	struct conf_difference d;
	size_t index;

	(void)state;
	add(&pair.expected, &p, CONF_OUTSIDE, 1000000005, false);
	add(&pair.actual, &p, CONF_INSIDE, 6, false);
	assert_int_equal(compare(&pair, &index), CONF_DIFFERENT);
	assert_int_equal(index, 0);
	check_fields(&pair, (const char *const[]){"side", "time", NULL});
	assert_int_equal(conf_differences(&pair.rules, &pair.expected,
					  &pair.actual, 0, &d, 1),
			 1);
	assert_string_equal(d.expected, "outside");
	assert_string_equal(d.actual, "inside");
	end_pair(&pair);
}

static void test_fields(void **state)
{
	struct packet a = make_udp(INSIDE_HOST, 1, PEER, 2, "abcdef");
	struct packet b = make_udp(INSIDE_HOST, 3, PEER, 2, "abcdxf");
	struct pair pair = new_pair();
	struct conf_difference d[8];
	size_t index;

	(void)state;
	put8(&b, 8, 9);
	fix_all(&b);
	add(&pair.expected, &a, CONF_OUTSIDE, 0, false);
	add(&pair.actual, &b, CONF_OUTSIDE, 0, false);
	assert_int_equal(compare(&pair, &index), CONF_DIFFERENT);
	check_fields(&pair, (const char *const[]){"ip.ttl", "ip.checksum",
						  "udp.source", "udp.checksum",
						  "udp.payload+4", NULL});
	assert_int_equal(conf_differences(&pair.rules, &pair.expected,
					  &pair.actual, 0, d, 8),
			 5);
	assert_string_equal(d[2].expected, "1");
	assert_string_equal(d[2].actual, "3");
	assert_string_equal(d[4].expected, "\"ef\" (6 octets)");
	assert_string_equal(d[4].actual, "\"xf\" (6 octets)");
	end_pair(&pair);
}

/* Fields that only one of the two packets has. */
static void test_other_kind(void **state)
{
	struct packet a = make_udp(INSIDE_HOST, 1, PEER, 2, "");
	struct packet b = make_icmp(INSIDE_HOST, PEER, 8, 0, 0, NULL, 0);
	struct pair pair = new_pair();

	(void)state;
	put16(&b, 10, 0x7ee7);
	put16(&a, 10, 0x7ee7);
	add(&pair.expected, &a, CONF_OUTSIDE, 0, false);
	add(&pair.actual, &b, CONF_OUTSIDE, 0, false);
	check_fields(&pair,
		     (const char *const[]){"ip.protocol", "udp.source",
					   "udp.destination", "udp.length",
					   "udp.checksum", "icmp.type",
					   "icmp.code", "icmp.checksum",
					   "icmp.id", "icmp.seq", NULL});
	end_pair(&pair);
}

/* Octets that belong to no field, and a payload that got longer. */
static void test_octets(void **state)
{
	struct packet a = make_tcp(INSIDE_HOST, 1, PEER, 2, 0, "");
	struct packet b = a;
	struct pair pair = new_pair();

	(void)state;
	a.len = b.len = 27;
	put8(&b, 26, 0xff);
	add(&pair.expected, &a, CONF_OUTSIDE, 0, false);
	add(&pair.actual, &b, CONF_OUTSIDE, 0, false);
	check_fields(&pair, (const char *const[]){"octets", NULL});
	end_pair(&pair);

	a = make_udp(INSIDE_HOST, 1, PEER, 2, "abc");
	b = a;
	b.len++;
	put8(&b, a.len, 0);
	pair = new_pair();
	add(&pair.expected, &a, CONF_OUTSIDE, 0, false);
	add(&pair.actual, &b, CONF_OUTSIDE, 0, false);
	check_fields(&pair, (const char *const[]){"padding", NULL});
	end_pair(&pair);
}

/* The router's own error about an inside packet, with some id. */
static struct packet own_error(uint16_t id, uint8_t tos, uint32_t source)
{
	struct packet quoted = make_udp(INSIDE_HOST, 1, PEER, 2, "x");
	struct packet p = make_icmp(source, INSIDE_HOST, 11, 0, 0, quoted.data,
				    quoted.len);

	put8(&p, 1, tos);
	put16(&p, 4, id);
	fix_all(&p);
	return p;
}

/* Compares one pair of errors under the given marks. */
static enum conf_verdict compare_errors(struct packet a, struct packet b,
					struct conf_rules rules, bool own)
{
	struct pair pair = new_pair();
	enum conf_verdict verdict;
	size_t index;

	memcpy(rules.router, pair.rules.router, sizeof(rules.router));
	pair.rules = rules;
	add(&pair.expected, &a, CONF_INSIDE, 0, false);
	add(&pair.actual, &b, CONF_INSIDE, 0, own);
	verdict = compare(&pair, &index);
	end_pair(&pair);
	return verdict;
}

static void test_unpredictable(void **state)
{
	const struct conf_rules by_looks = {.strict_ids = false};
	const struct conf_rules marked = {.actual_marks = true};
	const struct conf_rules strict = {.strict_ids = true,
					  .actual_marks = true};
	struct packet a = own_error(1, 0xc0, INSIDE_ADDR);
	struct packet b = own_error(7, 0xc0, INSIDE_ADDR);
	struct packet foreign_a = own_error(1, 0xc0, PEER);
	struct packet foreign_b = own_error(7, 0xc0, PEER);
	struct packet plain_a = own_error(1, 0, INSIDE_ADDR);
	struct packet plain_b = own_error(7, 0, INSIDE_ADDR);
	struct packet bad = b, other = b;

	(void)state;
	assert_int_equal(compare_errors(a, b, by_looks, false), CONF_SAME);
	assert_int_equal(compare_errors(a, b, marked, true), CONF_SAME);
	/* An engine that knows says that it is not its own. */
	assert_int_equal(compare_errors(a, b, marked, false), CONF_DIFFERENT);
	assert_int_equal(compare_errors(a, b, strict, true), CONF_DIFFERENT);
	/* Neither another's error nor an inside host's looks like one. */
	assert_int_equal(compare_errors(foreign_a, foreign_b, by_looks, false),
			 CONF_DIFFERENT);
	assert_int_equal(compare_errors(plain_a, plain_b, by_looks, false),
			 CONF_DIFFERENT);
	/* The checksum must be right on both sides, and all else the same. */
	put16(&bad, 10, 0x1234);
	assert_int_equal(compare_errors(a, bad, by_looks, false),
			 CONF_DIFFERENT);
	assert_int_equal(compare_errors(bad, a, by_looks, false),
			 CONF_DIFFERENT);
	put8(&other, 8, 3);
	fix_ip(&other);
	assert_int_equal(compare_errors(a, other, by_looks, false),
			 CONF_DIFFERENT);
}

/* Fields that are left out are not among the differences either. */
static void test_unpredictable_fields(void **state)
{
	struct packet a = own_error(1, 0xc0, INSIDE_ADDR);
	struct packet b = own_error(7, 0xc0, INSIDE_ADDR);
	struct pair pair = new_pair();

	(void)state;
	put8(&b, 8, 3);
	fix_ip(&b);
	add(&pair.expected, &a, CONF_INSIDE, 0, false);
	add(&pair.actual, &b, CONF_INSIDE, 0, false);
	check_fields(&pair, (const char *const[]){"ip.ttl", NULL});
	pair.rules.strict_ids = true;
	check_fields(&pair, (const char *const[]){"ip.id", "ip.ttl",
						  "ip.checksum", NULL});
	assert_int_equal(conf_num_unpredictable, 2);
	assert_string_equal(conf_unpredictable[0].field, "ip.id");
	end_pair(&pair);
}

static void test_texts(void **state)
{
	char time[CONF_TIME_SIZE];

	(void)state;
	assert_string_equal(conf_time_text(time, UINT64_C(1000000001)),
			    "1.000000001");
	assert_string_equal(conf_time_text(time, UINT64_MAX),
			    "18446744073.709551615");
	assert_string_equal(conf_side_name(CONF_INSIDE), "inside");
	assert_string_equal(conf_side_name(CONF_SIDE_NONE), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_side_and_time),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_other_kind),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_unpredictable),
		cmocka_unit_test(test_unpredictable_fields),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
