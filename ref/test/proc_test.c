/* SPDX-License-Identifier: Apache-2.0 */
/* proc_test.c - /proc/net/ip_masquerade (CORE-PROC): V140, V141 */
#include "kit.h"
#include "linux22/engine.h"

enum {
	LINE = 128,
	MAX_LINES = 16
};

/* The listing's line is this text, padded, with a newline. */
static void check_line(const char *listing, unsigned int line, const char *text)
{
	const char *at = listing + line * LINE;

	assert_memory_equal(at, text, strlen(text));
	for (size_t i = strlen(text); i < LINE - 1; i++)
		assert_int_equal(at[i], ' ');
	assert_int_equal(at[LINE - 1], '\n');
}

/* The whole listing; returns its lines. */
static unsigned int list(struct kit *k, char out[MAX_LINES * LINE])
{
	const size_t len = masq_proc_format(k->engine, out, MAX_LINES * LINE);

	assert_true(len <= MAX_LINES * LINE);
	assert_int_equal(len % LINE, 0);
	return (unsigned int)(len / LINE);
}

#define HEADER                                                                 \
	"Prc FromIP   FPrt ToIP     TPrt Masq Init-seq  Delta PDelta Expires "

static void test_V140(void **state)
{
	struct kit *k = kit_new();
	char out[MAX_LINES * LINE];

	(void)state;
	assert_int_equal(list(k, out), 1);
	check_line(out, 0, HEADER "(free=40960,40960,40960)");
	expect(k, "C:1025 > S:80 tcp S", "M:61000 > S:80 tcp S");
	expect(k, "C:5000 > S:53 udp", "M:61001 > S:53 udp");
	assert_int_equal(list(k, out), 3);
	check_line(out, 0, HEADER "(free=40959,40959,40960)");
	check_line(out, 1,
		   "TCP C0A8010A:0401 C6336407:0050 EE48 00000000      0      "
		   "0   12000");
	check_line(out, 2,
		   "UDP C0A8010A:1388 C6336407:0035 EE49 00000000      0      "
		   "0   30000");
	kit_close(k);
}

static void test_V141(void **state)
{
	struct kit *k = kit_new();
	char out[MAX_LINES * LINE];

	(void)state;
	kit_send(k, "C:1025 > S:80 tcp S");
	kit_send(k, "C:5000 > S:53 udp");
	kit_send(k, "C > S icmp 8/0 id 77");
	assert_int_equal(list(k, out), 4);
	assert_memory_equal(out + LINE, "TCP ", 4);
	/* One longer: the line is shifted. */
	check_line(out, 2,
		   "ICMP C0A8010A:004D C6336407:0008 EE4A 00000000      0     "
		   " 0    6000");
	assert_memory_equal(out + 3 * LINE, "UDP ", 4);
	kit_close(k);
}

/* Within a bucket the newest comes first. */
static void test_order_in_bucket(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	/* mp + 1 against op + 1 in the last octet: the same bucket. */
	expect(k, "C:1 > S:72 tcp A", "M:61000 > S:72 tcp A");
	expect(k, "C:2 > S:73 tcp A", "M:61001 > S:73 tcp A");
	expect_table(k, "tcp C:2 M:61001 S:73 ESTABLISHED 90000; "
			"tcp C:1 M:61000 S:72 ESTABLISHED 90000");
	/* HASH-02: put in anew, one comes to the front. */
	life_rehash(k->engine, &k->engine->table.entries[1]);
	expect_table(k, "tcp C:1 M:61000 S:72 ESTABLISHED 90000; "
			"tcp C:2 M:61001 S:73 ESTABLISHED 90000");
	kit_close(k);
}

/* Each field at its limits. */
static void test_fields(void **state)
{
	struct kit *k = kit_new();
	struct masq_entry *e = &k->engine->table.entries[1];
	char out[MAX_LINES * LINE];

	(void)state;
	kit_send(k, "C:1025 > S:80 tcp S");
	e->out = (struct seq_record){0xdeadbeef, -32768, 32767};
	assert_int_equal(list(k, out), 2);
	check_line(out, 1,
		   "TCP C0A8010A:0401 C6336407:0050 EE48 DEADBEEF -32768  "
		   "32767   12000");
	e->out = (struct seq_record){0, -5, 70000};
	e->expires += 9999999 - 12000;
	list(k, out);
	check_line(out, 1,
		   "TCP C0A8010A:0401 C6336407:0050 EE48 00000000     -5  "
		   "70000 9999999");
	/* A stopped timer has passed: unsigned, as printed by the kernel. */
	e->expires = k->engine->router.tick - 1;
	list(k, out);
	check_line(out, 1,
		   "TCP C0A8010A:0401 C6336407:0050 EE48 00000000     -5  "
		   "70000 4294967295");
	e->out.delta = INT32_MIN;
	list(k, out);
	assert_memory_equal(out + LINE + 46, "-2147483648", 11);
	kit_close(k);
}

/* Only whole lines that fit; the length is that of all. */
static void test_capacity(void **state)
{
	static const size_t caps[] = {0, 1, 127, 128, 129, 255, 256, 383, 384};
	struct kit *k = kit_new();
	char whole[MAX_LINES * LINE], out[MAX_LINES * LINE];

	(void)state;
	kit_send(k, "C:1025 > S:80 tcp S");
	kit_send(k, "C:5000 > S:53 udp");
	assert_int_equal(list(k, whole), 3);
	for (size_t i = 0; i < COUNT(caps); i++) {
		const size_t fits = caps[i] / LINE * LINE;

		memset(out, '#', sizeof(out));
		assert_int_equal(masq_proc_format(k->engine, out, caps[i]),
				 3 * LINE);
		assert_memory_equal(out, whole, fits);
		for (size_t n = fits; n < sizeof(out); n++)
			assert_int_equal(out[n], '#');
	}
	assert_int_equal(masq_proc_format(k->engine, NULL, 0), 3 * LINE);
	kit_close(k);
}

struct order {
	unsigned int count, last_bucket;
};

static void check_bucket(void *ctx, const struct masq_entry_info *info)
{
	struct order *o = ctx;
	const unsigned int bucket = (info->proto ^ info->masq_addr ^
				     info->peer_addr ^ info->masq_port ^
				     info->peer_port) &
				    255;

	assert_true(o->count == 0 || bucket >= o->last_bucket);
	o->last_bucket = bucket;
	o->count++;
}

/* Hundreds of strict entries come sorted by bucket, each once. */
static void test_many(void **state)
{
	struct kit *k = kit_new();
	struct order o = {0};
	uint64_t seed = 16;

	(void)state;
	for (unsigned int i = 0; i < 1000; i++) {
		const struct kit_packet p = {
			.src = ADDR_C,
			.dst = ADDR_S + kit_below(&seed, 200),
			.proto = 6,
			.sport = (uint16_t)i,
			.dport = (uint16_t)kit_random(&seed),
			.flags = F_SYN,
		};

		assert_non_null(kit_packet(k, MASQ_INSIDE, &p));
	}
	masq_table_each(k->engine, check_bucket, &o);
	assert_int_equal(o.count, 1000);
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V140),
		cmocka_unit_test(test_V141),
		cmocka_unit_test(test_order_in_bucket),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_capacity),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
