/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rate.c - how often the router complains to whom (CORE-RICMP-05)
 *
 * The table is a cache of fixed size: a set of a few slots for each hash
 * value, the one used longest ago is given up. A bucket that has rested as
 * long as it takes to fill is worth nothing, so what is forgotten matters
 * only when more destinations than slots complain within seconds.
 *
 * A flush makes all buckets void at once: they carry the number of the
 * flush that they belong to.
 */
#include <stdlib.h>
#include <string.h>

#include "router/rate.h"

#define ERROR_COST       100u  /* ticks a message costs */
#define ERROR_BURST      600u  /* ticks a bucket holds */
#define REDIRECT_MAX     9u    /* unheeded redirects before it falls silent */
#define REDIRECT_LOAD    2u    /* ticks; doubled by each one sent */
#define REDIRECT_SILENCE 2048u /* ticks of rest that make it speak again */

#define WAYS 4u

struct bucket {
	struct rate_key key;
	uint32_t epoch;  /* flush number; 0 = free */
	uint32_t tokens; /* errors: ticks saved; redirects: number sent */
	uint64_t last;   /* tick of the last attempt (redirect: sent) */
};

struct rate_table {
	uint32_t num_sets; /* power of two */
	uint32_t epoch;
	struct bucket buckets[];
};

struct rate_table *rate_new(uint32_t num_slots)
{
	uint32_t num_sets = 1;
	struct rate_table *t;

	while (num_sets * WAYS < num_slots)
		num_sets *= 2;
	t = calloc(1, sizeof(*t) + num_sets * WAYS * sizeof(t->buckets[0]));
	if (t == NULL)
		return NULL;
	t->num_sets = num_sets;
	t->epoch = 1;
	return t;
}

void rate_free(struct rate_table *t)
{
	free(t);
}

void rate_reset(struct rate_table *t)
{
	t->epoch++;
}

size_t rate_cost(const struct rate_table *t)
{
	return sizeof(*t) + t->num_sets * WAYS * sizeof(t->buckets[0]);
}

static bool is_key(const struct bucket *b, const struct rate_key *key)
{
	return b->key.daddr == key->daddr && b->key.saddr == key->saddr &&
	       b->key.tos == key->tos && b->key.in == key->in;
}

/* The bucket of key, a fresh one in place of the oldest if need be. */
static struct bucket *find(struct rate_table *t, const struct rate_key *key)
{
	uint32_t h = (key->daddr * 0x9e3779b1u) ^ (key->saddr * 0x85ebca6bu) ^
		     (uint32_t)(key->tos << 8 | key->in);
	struct bucket *set =
		&t->buckets[((h ^ h >> 15) & (t->num_sets - 1)) * WAYS];
	struct bucket *victim = set;

	for (uint32_t i = 0; i < WAYS; i++) {
		if (set[i].epoch == t->epoch && is_key(&set[i], key))
			return &set[i];
		if (set[i].epoch != t->epoch)
			victim = &set[i];
		else if (victim->epoch == t->epoch &&
			 set[i].last < victim->last)
			victim = &set[i];
	}
	memset(victim, 0, sizeof(*victim));
	victim->key = *key;
	victim->epoch = t->epoch;
	return victim;
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
