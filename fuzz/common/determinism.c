/* SPDX-License-Identifier: Apache-2.0 */
/* determinism.c - the same input twice */
#include <inttypes.h>

#include "determinism.h"
#include "finding.h"
#include "masq/masq.h"
#include "state.h"

/* To play an input again costs as much; to print all there is, far more. */
#define TWICE_ONE_IN  128u
#define LISTED_ONE_IN 4096u

/* Octets that are looked at to choose. */
#define SAMPLES 32u

/* A number of 24 bits that an input has. */
static uint32_t number_of(const uint8_t *data, size_t len)
{
	const size_t step = len / SAMPLES + 1;
	uint32_t hash = (uint32_t)len;

	for (size_t at = 0; at < len; at += step)
		hash = (hash ^ data[at]) * 0x01000193u;
	hash ^= hash >> 15;
	return hash * 0x2c1b3c6du >> 8;
}

static bool is_replay;

void fuzz_play_all_twice(void)
{
	is_replay = true;
}

static bool is_one_in(uint32_t number, uint32_t many)
{
	return is_replay || number < (1u << 24) / many;
}

static void hash_text(void *ctx, const char *text, size_t len)
{
	uint64_t *hash = ctx;

	for (size_t i = 0; i < len; i++)
		*hash = fuzz_mix(*hash, (uint8_t)text[i]);
}

static void hash_entry(void *ctx, const struct masq_entry_info *e)
{
	uint64_t *hash = ctx, h;

	h = fuzz_mix(*hash, fuzz_entry_hash(e, UINT16_MAX));
	h = fuzz_mix(h, (uint64_t)e->armed << 32 | e->out_init);
	h = fuzz_mix(h, e->in_init);
	h = fuzz_mix(h, (uint64_t)(uint32_t)e->out_delta << 32 |
				(uint32_t)e->in_delta);
	*hash = fuzz_mix(h, (uint64_t)(uint32_t)e->out_prev << 32 |
				    (uint32_t)e->in_prev);
}

/*
 * What is in the tables is a result as well. Of the reference it is read as it
 * is, and printed now and then only: that costs more than to play most inputs.
 */
static void hash_tables(struct fuzz_player *p, bool is_listed)
{
	static const enum conf_dump dumps[] = {
		CONF_DUMP_TABLE,
		CONF_DUMP_LONG,
		CONF_DUMP_COUNTERS,
	};

	if (p->masq != NULL) {
		masq_table_each(p->masq, hash_entry, &p->hash);
		if (!is_listed)
			return;
	}
	if ((p->engine.ops->capabilities & CONF_CAN_DUMP) == 0)
		return;
	for (unsigned int i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++)
		(void)p->engine.ops->dump(p->engine.state, dumps[i], hash_text,
					  &p->hash);
}

void fuzz_play_twice(struct fuzz_player *players, const uint8_t *data,
		     size_t len)
{
	const uint32_t number = number_of(data, len);
	struct fuzz_input input;
	struct fuzz_player *p;
	uint64_t hash, num_results;
	bool is_sampled, is_listed;

	if (!fuzz_input_open(&input, data, len))
		return;
	p = fuzz_player_for(players, &input);
	if (p == NULL)
		return;
	p->is_hashing = is_one_in(number, TWICE_ONE_IN);
	is_listed = is_one_in(number, LISTED_ONE_IN);
	fuzz_player_input(p, &input);
	if (p->is_hashing)
		hash_tables(p, is_listed);
	fuzz_player_quiesce(p);
	hash = p->hash;
	num_results = p->num_results;
	is_sampled = p->is_hashing;
	fuzz_player_end(p);
	if (!is_sampled || !fuzz_input_open(&input, data, len))
		return;
	p->is_hashing = true;
	fuzz_player_input(p, &input);
	hash_tables(p, is_listed);
	fuzz_player_quiesce(p);
	if (p->hash != hash || p->num_results != num_results)
		fuzz_finding("determinism", "octets", 0,
			     "%" PRIu64 " results at first, then %" PRIu64
			     ": not the same octets",
			     num_results, p->num_results);
	fuzz_player_reset(p);
}
