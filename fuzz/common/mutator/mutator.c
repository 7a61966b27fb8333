/* SPDX-License-Identifier: Apache-2.0 */
/* mutator.c - the mutations by weight, and the two calls of mutator.h */
#include "mutator.h"

#include <stdlib.h>
#include <string.h>

#include "mutator/work.h"

/* Inputs as long as libFuzzer's largest, and what is added to them. */
#define ARENA_SIZE (4u << 20)

const struct mutation fuzz_mutations[] = {
	{"delete", 4, false, mutate_delete},
	{"truncate", 2, false, mutate_truncate},
	{"duplicate", 3, false, mutate_duplicate},
	{"repeat", 1, false, mutate_repeat},
	{"swap", 3, false, mutate_swap},
	{"move", 2, false, mutate_move},
	{"frame", 1, false, mutate_frame},
	{"step", 4, false, mutate_step},
	{"variant", 3, false, mutate_variant},
	{"field", 6, false, mutate_field},
	{"bytes", 2, false, mutate_bytes},
	{"payload", 4, false, mutate_payload},
	{"repair", 1, false, mutate_repair},
	{"spoil", 2, false, mutate_spoil},
	{"split", 3, false, mutate_split},
	{"retransmit", 3, false, mutate_retransmit},
	{"fragment", 3, false, mutate_fragment},
	{"options", 2, false, mutate_options},
	{"size", 2, false, mutate_size},
	{"aim", 6, true, mutate_aim},
	{"reply", 3, true, mutate_reply},
	{"open", 5, true, mutate_open},
	{"follow", 4, true, mutate_follow},
	{"wait", 4, true, mutate_wait},
	{"error", 6, true, mutate_error},
	{"exchange", 5, true, mutate_exchange},
	{"close", 3, true, mutate_close},
	{"nag", 2, true, mutate_nag},
	{"speak", 8, true, mutate_speak},
};
const unsigned int fuzz_num_mutations = RNG_NUM(fuzz_mutations);

struct fuzz_mutator {
	struct work work;
	struct conf_packet other[FUZZ_MAX_PACKETS]; /* of fuzz_cross() */
	unsigned int weights[2]; /* of plain ones, of live ones */
};

struct work *fuzz_mutator_work(struct fuzz_mutator *mutator)
{
	return &mutator->work;
}

struct fuzz_mutator *fuzz_mutator_new(const char *helper)
{
	struct fuzz_mutator *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->work.helper = helper != NULL ? helper : "";
	m->work.arena_cap = ARENA_SIZE;
	m->work.arena = malloc(ARENA_SIZE);
	m->work.places = calloc(fuzz_num_variants, sizeof(*m->work.places));
	if (m->work.arena == NULL || m->work.places == NULL) {
		free(m->work.arena);
		free(m->work.places);
		free(m);
		return NULL;
	}
	for (unsigned int i = 0; i < fuzz_num_mutations; i++)
		m->weights[fuzz_mutations[i].is_live] +=
			fuzz_mutations[i].weight;
	return m;
}

void fuzz_mutator_free(struct fuzz_mutator *m)
{
	if (m == NULL)
		return;
	world_free(&m->work);
	free(m->work.arena);
	free(m->work.places);
	free(m);
}

static const struct mutation *choose(struct fuzz_mutator *m, bool is_live)
{
	uint32_t at = rng_below(&m->work.rng, m->weights[is_live]);

	for (unsigned int i = 0; i < fuzz_num_mutations; i++) {
		const struct mutation *mutation = &fuzz_mutations[i];

		if (mutation->is_live != is_live)
			continue;
		if (at < mutation->weight)
			return mutation;
		at -= mutation->weight;
	}
	return &fuzz_mutations[0];
}

/* A helper's target speaks more. */
static const struct mutation *choose_live(struct fuzz_mutator *m)
{
	const struct mutation *last = &fuzz_mutations[fuzz_num_mutations - 1];

	if (m->work.helper[0] != '\0' && rng_one_in(&m->work.rng, 3))
		return last;
	return choose(m, true);
}

/* At the end of the input most of the time, where all is played before. */
static void live(struct fuzz_mutator *m)
{
	struct work *w = &m->work;

	w->cut = w->num;
	if (w->num != 0 && rng_one_in(&w->rng, 3))
		w->cut = rng_below(&w->rng, w->num);
	/* A full list has no room: its end makes place. */
	if (w->num > FUZZ_MAX_PACKETS - 16) {
		w->num = FUZZ_MAX_PACKETS - 16;
		if (w->cut > w->num)
			w->cut = w->num;
	}
	if (!world_begin(w))
		return;
	for (uint32_t i = 1 + rng_below(&w->rng, 4); i != 0; i--)
		(void)choose_live(m)->run(w);
}

static void plain(struct fuzz_mutator *m)
{
	struct work *w = &m->work;

	for (uint32_t i = 1 + rng_below(&w->rng, 3); i != 0; i--) {
		if (!choose(m, false)->run(w))
			(void)choose(m, false)->run(w);
	}
}

/* At least a header, cut off if even that has no room. */
static size_t finish(struct work *w, uint8_t *data, size_t max)
{
	uint8_t header[FUZZ_FILE_HEADER];
	size_t len = list_write(w, data, max);

	if (len != 0 || max == 0)
		return len;
	len = fuzz_output_header(header, sizeof(header), w->variant);
	if (len > max)
		len = max;
	memcpy(data, header, len);
	return len;
}

/* Long inputs say little more, and cost: what is new is found in short ones. */
#define LONG 40u

static void shorten(struct work *w)
{
	unsigned int num, at;

	if (w->num <= LONG || !rng_one_in(&w->rng, 2))
		return;
	num = 1 + rng_below(&w->rng, w->num - LONG / 2);
	at = rng_below(&w->rng, w->num - num + 1);
	while (num-- != 0)
		list_remove(w, at);
}

size_t fuzz_mutate(struct fuzz_mutator *m, uint8_t *data, size_t len,
		   size_t max, uint32_t seed)
{
	struct work *w = &m->work;

	w->rng.state = seed;
	list_read(w, data, len);
	world_meet(w);
	shorten(w);
	if (w->num == 0 && w->helper[0] != '\0')
		(void)mutate_variant(w);
	if (w->num != 0 && rng_one_in(&w->rng, 2))
		plain(m);
	else
		live(m);
	/* Now and then both. */
	if (rng_one_in(&w->rng, 8))
		live(m);
	return finish(w, data, max);
}

size_t fuzz_cross(struct fuzz_mutator *m, const uint8_t *a, size_t a_len,
		  const uint8_t *b, size_t b_len, uint8_t *out, size_t max,
		  uint32_t seed)
{
	struct work *w = &m->work;
	unsigned int num, variant, from, to;
	uint64_t base;

	w->rng.state = seed;
	list_read(w, a, a_len);
	variant = w->variant;
	num = list_read_more(w, b, b_len, m->other, FUZZ_MAX_PACKETS);
	if (!rng_one_in(&w->rng, 4))
		w->variant = variant;
	if (num == 0)
		return finish(w, out, max);
	/* A run of b's packets comes at once behind one of a's. */
	from = rng_below(&w->rng, num);
	num = rng_one_in(&w->rng, 2) ? num - from
				     : 1 + rng_below(&w->rng, num - from);
	to = rng_one_in(&w->rng, 2) ? w->num : rng_below(&w->rng, w->num + 1);
	base = to != 0 ? w->packets[to - 1].now : 0;
	for (unsigned int i = 0; i < num; i++) {
		struct conf_packet p = m->other[from + i];

		p.now = base + (p.now - m->other[from].now);
		if (!list_insert(w, to + i, &p))
			break;
	}
	return finish(w, out, max);
}
