/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rate.c - how often the router complains to whom (CORE-RICMP-05)
 *
 * The table is a cache of fixed size: a hash of chains, and a ring by age.
 * Only when all of it is in use is a bucket given up, the one used longest
 * ago. One that has rested as long as it takes to fill is worth nothing, so
 * what is forgotten matters only when more destinations than slots complain
 * within seconds. It must not matter before: whoever could drive a bucket
 * out with a few neighbours in the hash would get a full one in its place,
 * again and again.
 *
 * Slots are taken in order, and given back all at once by a flush.
 */
#include <stdlib.h>
#include <string.h>

#include "router/rate.h"

#define ERROR_COST       100u  /* ticks a message costs */
#define ERROR_BURST      600u  /* ticks a bucket holds */
#define REDIRECT_MAX     9u    /* unheeded redirects before it falls silent */
#define REDIRECT_LOAD    2u    /* ticks; doubled by each one sent */
#define REDIRECT_SILENCE 2048u /* ticks of rest that make it speak again */

/* Other buckets are named by their index; 0 = none. */
struct bucket {
	struct rate_key key;
	uint32_t tokens; /* errors: ticks saved; redirects: number sent */
	uint64_t last;   /* tick of the last attempt (redirect: sent) */
	uint32_t next;   /* in its chain */
	uint32_t older, newer;
};

struct rate_table {
	uint32_t num; /* power of two: slots, and chains */
	uint32_t num_used;
	uint32_t *heads;         /* of the chains */
	struct bucket buckets[]; /* [0] closes the ring: older is the newest */
};

struct rate_table *rate_new(uint32_t num_slots)
{
	uint32_t num = 1;
	struct rate_table *t;

	while (num < num_slots)
		num *= 2;
	t = calloc(1, sizeof(*t) + (num + 1) * sizeof(t->buckets[0]));
	if (t == NULL)
		return NULL;
	t->num = num;
	t->heads = calloc(num, sizeof(t->heads[0]));
	if (t->heads == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

void rate_free(struct rate_table *t)
{
	if (t == NULL)
		return;
	free(t->heads);
	free(t);
}

size_t rate_cost(const struct rate_table *t)
{
	return sizeof(*t) + (t->num + 1) * sizeof(t->buckets[0]) +
	       t->num * sizeof(t->heads[0]);
}

static uint32_t *head_of(struct rate_table *t, const struct rate_key *key)
{
	const uint64_t addrs = (uint64_t)key->daddr << 32 | key->saddr;
	const uint32_t rest = (uint32_t)key->tos << 8 | key->in;
	uint64_t h = addrs * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 32;
	h = (h ^ rest) * UINT64_C(0xd6e8feb86659fd93);
	return &t->heads[h >> 32 & (t->num - 1)];
}

void rate_reset(struct rate_table *t)
{
	for (uint32_t i = 1; i <= t->num_used; i++)
		*head_of(t, &t->buckets[i].key) = 0;
	t->num_used = 0;
	t->buckets[0].older = t->buckets[0].newer = 0;
}

static bool is_key(const struct bucket *b, const struct rate_key *key)
{
	return b->key.daddr == key->daddr && b->key.saddr == key->saddr &&
	       b->key.tos == key->tos && b->key.in == key->in;
}

static void unlink_age(struct rate_table *t, const struct bucket *b)
{
	t->buckets[b->older].newer = b->newer;
	t->buckets[b->newer].older = b->older;
}

/* Makes it the one used last. */
static void link_age(struct rate_table *t, uint32_t i)
{
	struct bucket *anchor = &t->buckets[0];

	t->buckets[i].newer = 0;
	t->buckets[i].older = anchor->older;
	t->buckets[anchor->older].newer = i;
	anchor->older = i;
}

/* Gives up the one used longest ago. */
static uint32_t evict(struct rate_table *t)
{
	const uint32_t oldest = t->buckets[0].newer;
	uint32_t *link = head_of(t, &t->buckets[oldest].key);

	unlink_age(t, &t->buckets[oldest]);
	while (*link != oldest)
		link = &t->buckets[*link].next;
	*link = t->buckets[oldest].next;
	return oldest;
}

/* The bucket of key, a fresh one if there is none. */
static struct bucket *find(struct rate_table *t, const struct rate_key *key)
{
	uint32_t *const head = head_of(t, key);
	uint32_t i = *head;

	while (i != 0 && !is_key(&t->buckets[i], key))
		i = t->buckets[i].next;
	if (i != 0) {
		unlink_age(t, &t->buckets[i]);
	} else {
		i = t->num_used < t->num ? ++t->num_used : evict(t);
		t->buckets[i] = (struct bucket){.key = *key, .next = *head};
		*head = i;
	}
	link_age(t, i);
	return &t->buckets[i];
}

bool rate_allow_error(struct rate_table *t, const struct rate_key *key,
		      uint64_t tick)
{
	struct bucket *b = find(t, key);
	uint64_t tokens = b->tokens + (tick - b->last);
	bool allowed;

	if (tokens > ERROR_BURST)
		tokens = ERROR_BURST;
	allowed = tokens >= ERROR_COST;
	if (allowed)
		tokens -= ERROR_COST;
	b->tokens = (uint32_t)tokens;
	b->last = tick;
	return allowed;
}

void rate_drain(struct rate_table *t, const struct rate_key *key, uint64_t tick)
{
	struct bucket *b = find(t, key);

	b->tokens = 0;
	b->last = tick;
}

bool rate_allow_redirect(struct rate_table *t, const struct rate_key *key,
			 uint64_t tick)
{
	struct bucket *b = find(t, key);

	if (tick - b->last > REDIRECT_SILENCE)
		b->tokens = 0;
	if (b->tokens >= REDIRECT_MAX) {
		b->last = tick;
		return false;
	}
	if (tick - b->last <= (uint64_t)REDIRECT_LOAD << b->tokens)
		return false;
	b->last = tick;
	b->tokens++;
	return true;
}
