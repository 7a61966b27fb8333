/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table_test.c - the index of entries against the definition
 *
 * The naive table is what CORE-HASH and CORE-LKP say: two times 256 chains,
 * newest first, searched from front to back. Addresses, ports and flags are
 * drawn from few values, chosen to fall into the same buckets, so that
 * lookups meet many entries that nearly match.
 */
#include <stdlib.h>

#include "kit.h"
#include "linux22/entry.h"

enum {
	NUM = 400
};

/* A chain of entry numbers, front first. */
struct chain {
	unsigned int count;
	uint32_t at[NUM];
};

struct bench {
	struct table t;
	struct masq_entry *live[NUM + 1]; /* by number; NULL = not hashed */
	struct chain m[256], s[256];
	struct flow last; /* looked up */
};

/* CORE-HASH-01: key(p, A, P). */
static unsigned int key(uint8_t proto, uint32_t addr, uint32_t port)
{
	return (proto ^ addr ^ port) & 255;
}

static bool is_addr_pass(const struct masq_entry *e)
{
	return (e->flags & (MASQ_NO_DADDR | MASQ_DLOOSE)) != 0;
}

static bool is_port_pass(const struct masq_entry *e)
{
	return (e->flags & (MASQ_NO_DPORT | MASQ_DLOOSE)) != 0;
}

static struct chain *m_chain(struct bench *b, const struct masq_entry *e)
{
	if (is_addr_pass(e) || is_port_pass(e))
		return &b->m[key(e->proto, e->ma, e->mp)];
	return &b->m[key(e->proto, e->ma ^ e->oa, e->mp ^ e->op)];
}

static struct chain *s_chain(struct bench *b, const struct masq_entry *e)
{
	if (is_addr_pass(e) || is_port_pass(e) ||
	    (e->flags & MASQ_NO_SPORT) != 0)
		return &b->s[key(e->proto, e->ia, e->ip)];
	return &b->s[key(e->proto, e->ia ^ e->oa, e->ip ^ e->op)];
}

static void push(struct chain *c, uint32_t number)
{
	memmove(c->at + 1, c->at, c->count * sizeof(c->at[0]));
	c->at[0] = number;
	c->count++;
}

/* Takes the number out of whichever chain it is in. */
static void take_out(struct chain chains[256], uint32_t number)
{
	for (unsigned int i = 0; i < 256; i++) {
		struct chain *c = &chains[i];

		for (unsigned int n = 0; n < c->count; n++)
			if (c->at[n] == number) {
				memmove(c->at + n, c->at + n + 1,
					(c->count - n - 1) * sizeof(c->at[0]));
				c->count--;
				return;
			}
	}
	fail();
}

/* ---- lookups --------------------------------------------------------- */

static bool is_peer(const struct masq_entry *e, uint32_t addr, uint16_t port)
{
	return (e->oa == addr || is_addr_pass(e)) &&
	       (e->op == port || is_port_pass(e));
}

static bool is_strict(const struct masq_entry *e)
{
	return !is_addr_pass(e) && !is_port_pass(e);
}

/* CORE-LKP-01 [>=2.2.11] */
static struct masq_entry *naive_in(const struct bench *b, const struct flow *f)
{
	const struct chain *c =
		&b->m[key(f->proto, f->daddr ^ f->saddr, f->dport ^ f->sport)];

	for (int pass = 0; pass < 2; pass++) {
		for (unsigned int n = 0; n < c->count; n++) {
			struct masq_entry *e = b->live[c->at[n]];

			if (e->proto == f->proto && e->ma == f->daddr &&
			    e->mp == f->dport &&
			    is_peer(e, f->saddr, f->sport) &&
			    (pass == 1 || is_strict(e)))
				return e;
		}
		c = &b->m[key(f->proto, f->daddr, f->dport)];
	}
	return NULL;
}

/* CORE-LKP-02 [>=2.2.11] */
static struct masq_entry *naive_out(const struct bench *b, const struct flow *f)
{
	const struct chain *const chains[3] = {
		&b->s[key(f->proto, f->saddr ^ f->daddr, f->sport ^ f->dport)],
		&b->s[key(f->proto, f->saddr, f->sport)],
		&b->s[key(f->proto, f->saddr, 0)],
	};

	for (int step = 0; step < 3; step++) {
		const struct chain *c = chains[step];

		for (unsigned int n = 0; n < c->count; n++) {
			struct masq_entry *e = b->live[c->at[n]];
			const bool no_sport = (e->flags & MASQ_NO_SPORT) != 0;

			if (e->proto != f->proto || e->ia != f->saddr ||
			    !is_peer(e, f->daddr, f->dport))
				continue;
			if (step == 0 && (!is_strict(e) || no_sport))
				continue;
			if (step < 2 ? e->ip == f->sport : no_sport)
				return e;
		}
	}
	return NULL;
}

/* ---- operations ------------------------------------------------------ */

/* Few values, most of which share the low octet with another one. */
static uint32_t some_addr(uint64_t *seed)
{
	static const uint32_t addrs[] = {ADDR_S, ADDR_S2, ADDR_S + 256, ADDR_C,
					 0};

	return addrs[kit_below(seed, COUNT(addrs))];
}

static uint16_t some_port(uint64_t *seed)
{
	static const uint16_t ports[] = {0, 1, 256, 257, 512, 61000, 80};

	return ports[kit_below(seed, COUNT(ports))];
}

static uint8_t some_proto(uint64_t *seed)
{
	return kit_below(seed, 4) == 0 ? 17 : 6;
}

static void hash(struct bench *b, struct masq_entry *e)
{
	const uint32_t number = table_index(&b->t, e);

	table_hash(&b->t, e);
	b->live[number] = e;
	push(m_chain(b, e), number);
	push(s_chain(b, e), number);
}

static void unhash(struct bench *b, struct masq_entry *e)
{
	const uint32_t number = table_index(&b->t, e);

	table_unhash(&b->t, e);
	take_out(b->m, number);
	take_out(b->s, number);
	b->live[number] = NULL;
}

static void make(struct bench *b, uint64_t *seed)
{
	static const uint16_t flags[] = {
		0,
		0,
		0,
		MASQ_NO_DADDR,
		MASQ_NO_DPORT,
		MASQ_NO_DADDR | MASQ_NO_DPORT,
		MASQ_DLOOSE,
		MASQ_NO_SPORT,
		MASQ_NO_SPORT | MASQ_NO_DADDR,
		MASQ_NO_SPORT | MASQ_NO_DPORT,
	};
	struct masq_entry *e = table_alloc(&b->t);

	if (e == NULL)
		return;
	e->proto = some_proto(seed);
	e->flags = flags[kit_below(seed, COUNT(flags))];
	e->ia = some_addr(seed);
	e->ip = some_port(seed);
	if ((e->flags & MASQ_NO_SPORT) != 0)
		e->ip = 0;
	e->ma = some_addr(seed);
	e->mp = some_port(seed);
	e->oa = some_addr(seed);
	e->op = some_port(seed);
	hash(b, e);
}

/* A live entry, NULL if the number drawn is not one. */
static struct masq_entry *some_entry(struct bench *b, uint64_t *seed)
{
	return b->live[1 + kit_below(seed, NUM)];
}

static void operate(struct bench *b, uint64_t *seed, bool with_stale)
{
	struct masq_entry *e = some_entry(b, seed);

	switch (kit_below(seed, 6)) {
	case 0:
	case 1:
		make(b, seed);
		break;
	case 2:
		if (e != NULL) {
			unhash(b, e);
			table_release(&b->t, e);
		}
		break;
	case 3: /* what the first inbound packet does */
		if (e != NULL) {
			unhash(b, e);
			e->flags &= (uint16_t) ~(MASQ_NO_DADDR | MASQ_NO_DPORT);
			e->oa = some_addr(seed);
			e->op = some_port(seed);
			hash(b, e);
		}
		break;
	case 4: /* HASH-02: updates of a loose peer do not re-hash */
		if (e != NULL && (e->flags & MASQ_DLOOSE) != 0) {
			e->oa = some_addr(seed);
			e->op = some_port(seed);
		}
		break;
	default: /* QUAKE-07: a port changed without re-hashing */
		if (e != NULL && with_stale)
			table_set_port_stale(&b->t, e, some_port(seed));
		break;
	}
}

/* Some flow: often the last one again, often that of a live entry. */
static struct flow some_flow(struct bench *b, uint64_t *seed)
{
	const struct masq_entry *e = some_entry(b, seed);
	const uint32_t choice = kit_below(seed, 4);

	if (choice == 0)
		return b->last;
	if (choice == 1 && e != NULL)
		return (struct flow){e->proto, e->oa, e->ma, e->op, e->mp};
	if (choice == 2 && e != NULL)
		return (struct flow){e->proto, e->ia, e->oa, e->ip, e->op};
	return (struct flow){
		.proto = some_proto(seed),
		.saddr = some_addr(seed),
		.daddr = some_addr(seed),
		.sport = some_port(seed),
		.dport = some_port(seed),
	};
}

static void compare(struct bench *b, uint64_t *seed)
{
	const struct flow f = some_flow(b, seed);

	assert_ptr_equal(table_find_in(&b->t, &f), naive_in(b, &f));
	assert_ptr_equal(table_find_out(&b->t, &f), naive_out(b, &f));
	b->last = f;
}

static void run(uint64_t seed, int operations, bool with_stale, uint32_t max)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	assert_int_equal(table_init(&b->t, max), MASQ_OK);
	for (int i = 0; i < operations; i++) {
		operate(b, &seed, with_stale);
		for (int n = 0; n < 8; n++)
			compare(b, &seed);
	}
	table_cleanup(&b->t);
	free(b);
}

static void test_few(void **state)
{
	(void)state;
	for (uint64_t seed = 100; seed < 200; seed++)
		run(seed, 200, false, 8);
}

static void test_many(void **state)
{
	(void)state;
	run(12, 20000, false, NUM);
}

static void test_stale(void **state)
{
	(void)state;
	for (uint64_t seed = 300; seed < 400; seed++)
		run(seed, 200, true, 8);
	run(13, 20000, true, NUM);
}

/* The index grows while entries with old buckets are in it. */
static void test_growth(void **state)
{
	enum {
		MANY = 5000
	};
	struct table t;
	struct flow f = {.proto = 6, .saddr = ADDR_S, .daddr = ADDR_M};

	(void)state;
	assert_int_equal(table_init(&t, MANY), MASQ_OK);
	for (uint32_t i = 0; i < MANY; i++) {
		struct masq_entry *e = table_alloc(&t);

		assert_non_null(e);
		e->proto = 6;
		e->ia = ADDR_C;
		e->ip = (uint16_t)i;
		e->ma = ADDR_M;
		e->mp = (uint16_t)(10000 + i);
		e->oa = ADDR_S;
		e->op = 80;
		table_hash(&t, e);
		if (i % 3 == 0)
			table_set_port_stale(&t, e, 336); /* 80 + 256 */
	}
	assert_null(table_alloc(&t));
	for (uint32_t i = 0; i < MANY; i++) {
		f.dport = (uint16_t)(10000 + i);
		f.sport = i % 3 == 0 ? 336 : 80;
		assert_ptr_equal(table_find_in(&t, &f), &t.entries[i + 1]);
		f.sport = i % 3 == 0 ? 80 : 336;
		assert_null(table_find_in(&t, &f));
	}
	table_clear(&t);
	assert_null(table_find_in(&t, &f));
	assert_ptr_equal(table_alloc(&t), &t.entries[1]);
	assert_true(table_cost(&t) > MANY * sizeof(struct masq_entry));
	table_cleanup(&t);
}

/* An entry that is in no index yet just gets its port. */
static void test_stale_outside(void **state)
{
	struct table t;
	struct masq_entry *e;

	(void)state;
	assert_int_equal(table_init(&t, 4), MASQ_OK);
	e = table_alloc(&t);
	table_set_port_stale(&t, e, 99);
	assert_int_equal(e->op, 99);
	table_unhash(&t, e); /* harmless */
	table_cleanup(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_stale_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
