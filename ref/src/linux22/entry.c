/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry.c - the table of masqueraded associations and its two indexes
 *
 * See entry.h for the theory of operation.
 */
#include <stdlib.h>
#include <string.h>

#include "linux22/entry.h"

#define CACHE_LINE 64u

/* Heads in use at first; a power of two. */
#define HEADS_MIN 1024u

/* Most lookups of new flows should end at an empty head. */
#define HEADS_PER_ENTRY 4u

enum masq_status table_init(struct table *t, uint32_t max)
{
	uint32_t heads = HEADS_MIN;
	size_t size = ((size_t)max + 1) * sizeof(struct masq_entry);

	while (heads < max)
		heads *= 2;
	memset(t, 0, sizeof(*t));
	t->max = max;
	t->heads_max = heads;
	t->mask = HEADS_MIN - 1;
	size = (size + CACHE_LINE - 1) & ~(size_t)(CACHE_LINE - 1);
	t->entries = aligned_alloc(CACHE_LINE, size);
	t->m_heads = calloc(heads, sizeof(*t->m_heads));
	t->s_heads = calloc(heads, sizeof(*t->s_heads));
	if (t->entries == NULL || t->m_heads == NULL || t->s_heads == NULL) {
		table_cleanup(t);
		return MASQ_ERR_NOMEM;
	}
	return MASQ_OK;
}

void table_cleanup(struct table *t)
{
	free(t->entries);
	free(t->m_heads);
	free(t->s_heads);
	t->entries = NULL;
	t->m_heads = t->s_heads = NULL;
}

struct masq_entry *table_alloc(struct table *t)
{
	struct masq_entry *e;

	if (t->free_list != 0) {
		e = &t->entries[t->free_list];
		t->free_list = e->m_next;
	} else if (t->num_used < t->max) {
		e = &t->entries[++t->num_used];
	} else {
		return NULL;
	}
	memset(e, 0, sizeof(*e));
	return e;
}

void table_release(struct table *t, struct masq_entry *e)
{
	e->flags = 0;
	e->m_next = t->free_list;
	t->free_list = table_index(t, e);
}

/* ---- hashing --------------------------------------------------------- */

/* CORE-HASH-01: key(p, A, P). */
static uint8_t bucket(uint8_t proto, uint32_t addr, uint16_t port)
{
	return (uint8_t)(proto ^ addr ^ port);
}

/* What an index is asked for: the parts that a kind ignores are zero. */
struct key {
	uint32_t near_addr, far_addr;
	uint16_t near_port, far_port;
	uint8_t proto;
	uint8_t kind; /* enum entry_kind, + NUM_KINDS without inside port */
};

static inline uint32_t hash(const struct key *k)
{
	uint64_t a = (uint64_t)k->near_addr << 32 | k->far_addr;
	uint64_t b = (uint64_t)k->near_port << 32 |
		     (uint32_t)k->far_port << 16 | (uint32_t)k->proto << 8 |
		     k->kind;
	uint64_t h = (a ^ b << 13) * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 32;
	h = (h ^ b) * UINT64_C(0xd6e8feb86659fd93);
	return (uint32_t)(h >> 32);
}

static struct key make_key(uint8_t kind, uint8_t proto, uint32_t near_addr,
			   uint16_t near_port, uint32_t far_addr,
			   uint16_t far_port)
{
	const uint8_t strict = kind % NUM_KINDS;

	if (strict == KIND_ANY_ADDR || strict == KIND_ANY)
		far_addr = 0;
	if (strict == KIND_ANY_PORT || strict == KIND_ANY)
		far_port = 0;
	return (struct key){.near_addr = near_addr,
			    .far_addr = far_addr,
			    .near_port = near_port,
			    .far_port = far_port,
			    .proto = proto,
			    .kind = kind};
}

static struct key m_key_of(const struct masq_entry *e)
{
	return make_key(e->m_kind, e->proto, e->ma, e->mp, e->oa, e->op);
}

static uint8_t s_index_kind(const struct masq_entry *e)
{
	return (uint8_t)(e->s_kind + (e->s_no_sport ? NUM_KINDS : 0));
}

static struct key s_key_of(const struct masq_entry *e)
{
	return make_key(s_index_kind(e), e->proto, e->ia,
			e->s_no_sport ? 0 : e->ip, e->oa, e->op);
}

static enum entry_kind kind_of(uint16_t flags)
{
	const bool any_addr = (flags & (MASQ_NO_DADDR | MASQ_DLOOSE)) != 0;
	const bool any_port = (flags & (MASQ_NO_DPORT | MASQ_DLOOSE)) != 0;

	if (any_addr)
		return any_port ? KIND_ANY : KIND_ANY_ADDR;
	return any_port ? KIND_ANY_PORT : KIND_STRICT;
}

/*
 * Chains are kept newest first: an entry goes in front, but one that keeps
 * its stamp goes back to its place.
 */
static void insert_m(struct table *t, struct masq_entry *e)
{
	const struct key k = m_key_of(e);
	uint32_t *link = &t->m_heads[hash(&k) & t->mask];

	while (*link != 0 && t->entries[*link].stamp > e->stamp)
		link = &t->entries[*link].m_next;
	e->m_next = *link;
	*link = table_index(t, e);
	t->m_count[e->m_kind]++;
}

static void insert_s(struct table *t, struct masq_entry *e)
{
	const struct key k = s_key_of(e);
	uint32_t *link = &t->s_heads[hash(&k) & t->mask];

	while (*link != 0 && t->entries[*link].stamp > e->stamp)
		link = &t->entries[*link].s_next;
	e->s_next = *link;
	*link = table_index(t, e);
	if (e->s_no_sport)
		t->no_sport_count++;
	else
		t->s_count[e->s_kind]++;
}

static void remove_both(struct table *t, struct masq_entry *e)
{
	const uint32_t number = table_index(t, e);
	const struct key m = m_key_of(e), s = s_key_of(e);
	uint32_t *m_link = &t->m_heads[hash(&m) & t->mask];
	uint32_t *s_link = &t->s_heads[hash(&s) & t->mask];

	/* Both heads are cold when an entry expires: fetch them together. */
	__builtin_prefetch(s_link, 1);
	while (*m_link != number)
		m_link = &t->entries[*m_link].m_next;
	*m_link = e->m_next;
	t->m_count[e->m_kind]--;
	while (*s_link != number)
		s_link = &t->entries[*s_link].s_next;
	*s_link = e->s_next;
	if (e->s_no_sport)
		t->no_sport_count--;
	else
		t->s_count[e->s_kind]--;
}

/*
 * A few entries in a small index stay in the cache: the index doubles when
 * its heads get few for its entries. What an entry pays for that is constant.
 */
static void grow(struct table *t)
{
	const uint32_t heads = 2 * (t->mask + 1);

	memset(t->m_heads, 0, heads * sizeof(*t->m_heads));
	memset(t->s_heads, 0, heads * sizeof(*t->s_heads));
	memset(t->m_count, 0, sizeof(t->m_count));
	memset(t->s_count, 0, sizeof(t->s_count));
	t->no_sport_count = 0;
	t->mask = heads - 1;
	for (uint32_t i = 1; i <= t->num_used; i++) {
		struct masq_entry *e = &t->entries[i];

		if ((e->flags & MASQ_HASHED) != 0) {
			insert_m(t, e);
			insert_s(t, e);
		}
	}
}

void table_hash(struct table *t, struct masq_entry *e)
{
	t->last_in = t->last_out = NULL;
	e->m_kind = e->s_kind = (uint8_t)kind_of(e->flags);
	e->s_no_sport = (e->flags & MASQ_NO_SPORT) != 0;
	if (e->m_kind == KIND_STRICT)
		e->m_bucket = bucket(e->proto, e->ma ^ e->oa, e->mp ^ e->op);
	else
		e->m_bucket = bucket(e->proto, e->ma, e->mp);
	if (e->s_kind == KIND_STRICT && !e->s_no_sport)
		e->s_bucket = bucket(e->proto, e->ia ^ e->oa, e->ip ^ e->op);
	else
		e->s_bucket = bucket(e->proto, e->ia, e->ip);
	if (++t->num_hashed > t->mask / HEADS_PER_ENTRY &&
	    t->mask + 1 < t->heads_max)
		grow(t);
	e->stamp = ++t->stamp;
	e->flags |= MASQ_HASHED;
	insert_m(t, e);
	insert_s(t, e);
}

void table_unhash(struct table *t, struct masq_entry *e)
{
	if ((e->flags & MASQ_HASHED) == 0)
		return;
	remove_both(t, e);
	t->num_hashed--;
	t->last_in = t->last_out = NULL;
	t->removals++;
	e->flags &= (uint16_t)~MASQ_HASHED;
}

void table_set_port_stale(struct table *t, struct masq_entry *e, uint16_t port)
{
	if ((e->flags & MASQ_HASHED) == 0) {
		e->op = port;
		return;
	}
	t->has_stale = true;
	t->last_in = t->last_out = NULL;
	t->removals++;
	remove_both(t, e);
	e->op = port;
	insert_m(t, e);
	insert_s(t, e);
}

/* ---- lookups --------------------------------------------------------- */

static bool is_far(const struct masq_entry *e, const struct key *k)
{
	const uint8_t strict = k->kind % NUM_KINDS;

	return (strict == KIND_ANY_ADDR || strict == KIND_ANY ||
		e->oa == k->far_addr) &&
	       (strict == KIND_ANY_PORT || strict == KIND_ANY ||
		e->op == k->far_port);
}

/*
 * The usual case, a strict entry, has searches of its own: everything is
 * compared and nothing is asked about kinds.
 */
static inline bool is_strict_m(const struct masq_entry *e, const struct flow *f)
{
	return e->oa == f->saddr && e->op == f->sport && e->mp == f->dport &&
	       e->ma == f->daddr && e->proto == f->proto &&
	       e->m_kind == KIND_STRICT;
}

static inline bool is_strict_s(const struct masq_entry *e, const struct flow *f)
{
	return e->oa == f->daddr && e->op == f->dport && e->ip == f->sport &&
	       e->ia == f->saddr && e->proto == f->proto &&
	       e->s_kind == KIND_STRICT && !e->s_no_sport;
}

static struct masq_entry *strict_m(const struct table *t, const struct flow *f,
				   uint8_t bucket_no)
{
	const struct key k = {.near_addr = f->daddr,
			      .far_addr = f->saddr,
			      .near_port = f->dport,
			      .far_port = f->sport,
			      .proto = f->proto,
			      .kind = KIND_STRICT};
	uint32_t at = t->m_heads[hash(&k) & t->mask];

	for (; at != 0; at = t->entries[at].m_next) {
		struct masq_entry *e = &t->entries[at];

		if (is_strict_m(e, f) && e->m_bucket == bucket_no)
			return e;
	}
	return NULL;
}

static struct masq_entry *strict_s(const struct table *t, const struct flow *f,
				   uint8_t bucket_no)
{
	const struct key k = {.near_addr = f->saddr,
			      .far_addr = f->daddr,
			      .near_port = f->sport,
			      .far_port = f->dport,
			      .proto = f->proto,
			      .kind = KIND_STRICT};
	uint32_t at = t->s_heads[hash(&k) & t->mask];

	for (; at != 0; at = t->entries[at].s_next) {
		struct masq_entry *e = &t->entries[at];

		if (is_strict_s(e, f) && e->s_bucket == bucket_no)
			return e;
	}
	return NULL;
}

/*
 * The newest entry of the m index that has key k and lies in this
 * bucket of the original.
 */
static struct masq_entry *search_m(const struct table *t, const struct key *k,
				   uint8_t bucket_no)
{
	uint32_t at = t->m_heads[hash(k) & t->mask];

	for (; at != 0; at = t->entries[at].m_next) {
		struct masq_entry *e = &t->entries[at];

		if (e->mp == k->near_port && e->ma == k->near_addr &&
		    e->proto == k->proto && e->m_kind == k->kind &&
		    is_far(e, k) && e->m_bucket == bucket_no)
			return e;
	}
	return NULL;
}

static struct masq_entry *search_s(const struct table *t, const struct key *k,
				   uint8_t bucket_no)
{
	uint32_t at = t->s_heads[hash(k) & t->mask];

	for (; at != 0; at = t->entries[at].s_next) {
		struct masq_entry *e = &t->entries[at];

		if ((e->s_no_sport || e->ip == k->near_port) &&
		    e->ia == k->near_addr && e->proto == k->proto &&
		    s_index_kind(e) == k->kind && is_far(e, k) &&
		    e->s_bucket == bucket_no)
			return e;
	}
	return NULL;
}

static struct masq_entry *newer(struct masq_entry *a, struct masq_entry *b)
{
	if (a == NULL || (b != NULL && b->stamp > a->stamp))
		return b;
	return a;
}

struct masq_entry *table_find_in(struct table *t, const struct flow *f)
{
	const uint8_t strict_at = bucket(f->proto, f->daddr ^ f->saddr,
					 f->dport ^ f->sport);
	const uint8_t wild_at = bucket(f->proto, f->daddr, f->dport);
	struct masq_entry *best = NULL;

	if (t->last_in != NULL && is_strict_m(t->last_in, f))
		return t->last_in;
	if (t->m_count[KIND_STRICT] != 0) {
		best = strict_m(t, f, strict_at);
		if (best != NULL) {
			t->last_in = best;
			return best;
		}
		if (t->has_stale)
			best = strict_m(t, f, wild_at);
	}
	for (uint8_t kind = KIND_ANY_ADDR; kind < NUM_KINDS; kind++) {
		struct key k;

		if (t->m_count[kind] == 0)
			continue;
		k = make_key(kind, f->proto, f->daddr, f->dport, f->saddr,
			     f->sport);
		best = newer(best, search_m(t, &k, wild_at));
	}
	return best;
}

/* Entries without inside port, in the bucket of port 0 (step 3). */
static struct masq_entry *find_no_sport(const struct table *t,
					const struct flow *f)
{
	const uint8_t at = bucket(f->proto, f->saddr, 0);
	struct masq_entry *best = NULL;

	if (t->no_sport_count == 0)
		return NULL;
	for (uint8_t kind = KIND_STRICT; kind < NUM_KINDS; kind++) {
		struct key k = make_key((uint8_t)(kind + NUM_KINDS), f->proto,
					f->saddr, 0, f->daddr, f->dport);

		best = newer(best, search_s(t, &k, at));
	}
	return best;
}

struct masq_entry *table_find_out(struct table *t, const struct flow *f)
{
	const uint8_t strict_at = bucket(f->proto, f->saddr ^ f->daddr,
					 f->sport ^ f->dport);
	const uint8_t wild_at = bucket(f->proto, f->saddr, f->sport);
	struct masq_entry *best = NULL;

	if (t->last_out != NULL && is_strict_s(t->last_out, f))
		return t->last_out;
	if (t->s_count[KIND_STRICT] != 0) {
		best = strict_s(t, f, strict_at);
		if (best != NULL) {
			t->last_out = best;
			return best;
		}
		if (t->has_stale)
			best = strict_s(t, f, wild_at);
	}
	for (uint8_t kind = KIND_ANY_ADDR; kind < NUM_KINDS; kind++) {
		struct key k;

		if (t->s_count[kind] == 0)
			continue;
		k = make_key(kind, f->proto, f->saddr, f->sport, f->daddr,
			     f->dport);
		best = newer(best, search_s(t, &k, wild_at));
	}
	/* Their stored inside port is 0: port 0 meets them in step 2. */
	if (f->sport == 0)
		best = newer(best, find_no_sport(t, f));
	return best != NULL ? best : find_no_sport(t, f);
}

void table_clear(struct table *t)
{
	for (uint32_t i = 1; i <= t->num_used; i++)
		table_unhash(t, &t->entries[i]);
	/* Whatever was wrong with it: what fails must fail alone. */
	t->last_in = t->last_out = NULL;
	t->num_used = t->free_list = 0;
	t->mask = HEADS_MIN - 1;
	t->has_stale = false;
}

size_t table_cost(const struct table *t)
{
	const size_t heads = t->heads_max;

	return t->max * sizeof(t->entries[0]) +
	       2 * heads * sizeof(t->m_heads[0]);
}
