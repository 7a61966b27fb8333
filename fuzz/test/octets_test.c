/* SPDX-License-Identifier: Apache-2.0 */
/* octets_test.c - what a receiver is given at a number stays what it was */
#include "octets.h"
#include "support.h"

#define SEQ   1000u
#define SHIFT 100u /* what leaves has numbers by so much greater */

static struct fuzz_octets *octets;

static int setup(void **state)
{
	(void)state;
	octets = fuzz_octets_new();
	return octets == NULL;
}

static int teardown(void **state)
{
	(void)state;
	free(octets);
	return 0;
}

static struct packet came(uint32_t seq, uint8_t flags, const char *text)
{
	struct packet p = make_tcp(INSIDE_HOST, 2000, PEER, 80, flags, text);

	put32(&p, 20 + 4, seq);
	fix_all(&p);
	return p;
}

static struct packet left(uint16_t port, uint32_t seq, uint8_t flags,
			  const char *text)
{
	struct packet p = make_tcp(OUTSIDE_ADDR, port, PEER, 80, flags, text);

	put32(&p, 20 + 4, seq);
	fix_all(&p);
	return p;
}

/* Is it said to be right, and if not, of which number is it said? */
static bool gives(const struct packet *p, const struct packet *q,
		  uint32_t *out_number)
{
	const struct conf_packet in = on_wire(p, CONF_INSIDE, 0);
	const struct conf_packet out = on_wire(q, CONF_OUTSIDE, 0);

	*out_number = 0;
	return fuzz_octets_pair(octets, &in, &out, out_number);
}

/* The same text at a number, or another one; port is that outside. */
static bool sends(uint16_t port, uint32_t seq, const char *before,
		  const char *after)
{
	const struct packet p = came(seq, 0x18, before);
	const struct packet q = left(port, seq + SHIFT, 0x18, after);
	uint32_t number;
	bool is_right = gives(&p, &q, &number);

	if (!is_right)
		assert_in_range(number, seq + SHIFT, seq + SHIFT + 99);
	return is_right;
}

static void test_repeated(void **state)
{
	struct packet p = came(SEQ + 2, 0x18, "cdef"), q;
	uint32_t number;

	(void)state;
	assert_true(sends(61000, SEQ, "abcd", "abcd"));
	/* Again, in part, and with more behind. */
	assert_true(sends(61000, SEQ, "abcd", "abcd"));
	assert_true(sends(61000, SEQ + 2, "cdef", "cdef"));
	/* The second octet of it is another one: 'd' was there. */
	q = left(61000, SEQ + 2 + SHIFT, 0x18, "cxef");
	assert_false(gives(&p, &q, &number));
	assert_int_equal(number, SEQ + 3 + SHIFT);
	/* Numbers that moved are noticed where octets differ. */
	q = left(61000, SEQ + 3 + SHIFT, 0x18, "cdef");
	assert_false(gives(&p, &q, &number));
	assert_int_equal(number, SEQ + 3 + SHIFT);
}

/* What a SYN carries lies behind its own number. */
static void test_syn(void **state)
{
	struct packet p = came(SEQ, 0x02, "ab");
	struct packet q = left(61000, SEQ + SHIFT, 0x02, "ab");
	uint32_t number;

	(void)state;
	assert_true(gives(&p, &q, &number));
	assert_true(sends(61000, SEQ + 1, "abc", "abc"));
	assert_false(sends(61000, SEQ + 1, "abc", "bbc"));
	/* Another connection of the same name: all may be other octets. */
	p = came(SEQ + 5000, 0x02, "");
	q = left(61000, SEQ + 5000, 0x02, "");
	assert_true(gives(&p, &q, &number));
	assert_true(sends(61000, SEQ + 1, "xyz", "xyz"));
	assert_true(sends(61000, SEQ + 1, "xyz", "abc"));
}

/* A sender that changes its mind: the router is not to blame, from then on. */
static void test_changed_mind(void **state)
{
	(void)state;
	assert_true(sends(61000, SEQ, "abcd", "abcd"));
	assert_true(sends(61000, SEQ, "abcx", "abcx"));
	assert_true(sends(61000, SEQ, "abcd", "zzzz"));
}

/* By another external endpoint it is another connection to the receiver. */
static void test_other_mapping(void **state)
{
	(void)state;
	assert_true(sends(61000, SEQ, "abcd", "abcd"));
	assert_true(sends(61001, SEQ, "abcd", "wxyz"));
	assert_false(sends(61001, SEQ, "abcd", "abcd"));
}

static void test_forget(void **state)
{
	(void)state;
	assert_true(sends(61000, SEQ, "abcd", "abcd"));
	fuzz_octets_forget(octets);
	assert_true(sends(61000, SEQ, "abcd", "wxyz"));
	assert_false(sends(61000, SEQ, "abcd", "abcd"));
	fuzz_octets_reset(octets);
	assert_true(sends(61000, SEQ, "abcd", "abcd"));
}

/* Too far from the first one: too little is known from then on. */
static void test_window(void **state)
{
	(void)state;
	assert_true(sends(61000, SEQ, "abcd", "abcd"));
	assert_true(sends(61000, SEQ + 8192, "abcd", "abcd"));
	assert_true(sends(61000, SEQ, "abcd", "wxyz"));
}

static void test_lose(void **state)
{
	struct packet p = came(SEQ + 50, 0x18, "lost");
	struct conf_packet in;

	(void)state;
	assert_true(sends(61000, SEQ, "abcd", "abcd"));
	/* With a bad checksum it went nowhere. */
	put16(&p, 20 + 16, 0x1234);
	in = on_wire(&p, CONF_INSIDE, 0);
	fuzz_octets_lose(octets, &in);
	assert_false(sends(61000, SEQ, "abcd", "wxyz"));
	/* A fragment may be of any: all is forgotten, and begins again. */
	p = came(SEQ, 0x18, "abcd");
	put16(&p, 6, 0x2000);
	fix_ip(&p);
	in = on_wire(&p, CONF_INSIDE, 0);
	fuzz_octets_lose(octets, &in);
	assert_true(sends(61000, SEQ, "abcd", "wxyz"));
	assert_false(sends(61000, SEQ, "abcd", "abcd"));
	/* One of the stream, whole: nothing is said of it any more. */
	p = came(SEQ + 50, 0x18, "lost");
	in = on_wire(&p, CONF_INSIDE, 0);
	fuzz_octets_lose(octets, &in);
	assert_true(sends(61000, SEQ, "abcd", "0123"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_repeated),     TEST(test_syn),
		TEST(test_changed_mind), TEST(test_other_mapping),
		TEST(test_forget),       TEST(test_window),
		TEST(test_lose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
