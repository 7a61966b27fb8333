/* SPDX-License-Identifier: Apache-2.0 */
/* world.c - the reference engines that inputs are played on */
#include <stdlib.h>
#include <string.h>

#include "ref.h"
#include "mutator.h"
#include "mutator/work.h"

/* More than 256 packets can make; the default is for routers. */
#define ENOUGH_ENTRIES 4096u

/* Makes the engine of a variant; it stays NULL if that cannot be. */
static void make(struct place *place, const struct fuzz_variant *variant)
{
	const struct conf_config config = {
		.settings = variant->settings,
		.num_settings = variant->num_settings,
	};
	char error[CONF_ERROR_SIZE];

	place->tried = true;
	place->config = malloc(sizeof(*place->config));
	if (place->config == NULL ||
	    conf_ref_configure(place->config, &config, &place->options,
			       error) != CONF_OK)
		return;
	if (place->config->max_entries > ENOUGH_ENTRIES)
		place->config->max_entries = ENOUGH_ENTRIES;
	if (masq_engine_new(place->config, &place->engine) != MASQ_OK)
		place->engine = NULL;
}

/* The place of the work's variant; NULL if there is no engine. */
static struct place *find_place(struct work *w)
{
	struct place *place = &w->places[w->variant % fuzz_num_variants];

	if (!place->tried)
		make(place, &fuzz_variants[w->variant % fuzz_num_variants]);
	return place->engine != NULL ? place : NULL;
}

void world_meet(struct work *w)
{
	w->world.place = find_place(w);
}

void world_free(struct work *w)
{
	for (unsigned int i = 0; i < fuzz_num_variants; i++) {
		masq_engine_free(w->places[i].engine);
		free(w->places[i].config);
		free(w->places[i].options);
	}
}

static void on_result(void *ctx, const struct masq_result *result)
{
	struct world *world = ctx;
	struct seen *seen = &world->seen[world->num_seen++ % MAX_SEEN];

	world->num_results++;
	seen->side = (enum conf_side)result->side;
	seen->len = result->len < sizeof(seen->data)
			    ? result->len
			    : (uint32_t)sizeof(seen->data);
	memcpy(seen->data, result->data, seen->len);
	conns_result(world, seen->side, result->data, result->len);
}

void world_play(struct work *w, const struct conf_packet *packet)
{
	struct world *world = &w->world;
	const struct masq_frame frame = {
		.side = (enum masq_side)packet->side,
		.cast = (enum masq_cast)packet->cast,
		.now = packet->now,
		.data = packet->data,
		.len = packet->len,
		.src_mac = packet->src_mac,
	};

	if (packet->now > world->now)
		world->now = packet->now;
	world->has_entries = false;
	world->num_results = 0;
	conns_stimulus(world, packet);
	(void)masq_packet(world->place->engine, &frame, on_result, world);
}

void world_reach(struct work *w, uint64_t now)
{
	struct world *world = &w->world;

	if (now <= world->now)
		return;
	world->now = now;
	world->has_entries = false;
	world->active = NULL;
	masq_advance(world->place->engine, now, on_result, world);
}

bool world_begin(struct work *w)
{
	struct world *world = &w->world;

	world_meet(w);
	if (world->place == NULL)
		return false;
	masq_engine_reset(world->place->engine);
	world->now = 0;
	world->num_conns = 0;
	world->num_seen = 0;
	world->has_entries = false;
	world->active = NULL;
	for (unsigned int i = 0; i < w->cut; i++)
		world_play(w, &w->packets[i]);
	return true;
}

static void on_entry(void *ctx, const struct masq_entry_info *info)
{
	struct world *world = ctx;

	if (world->num_entries < MAX_ENTRIES)
		world->entries[world->num_entries++] = *info;
}

void world_look(struct work *w)
{
	struct world *world = &w->world;

	if (world->has_entries)
		return;
	world->num_entries = 0;
	masq_table_each(world->place->engine, on_entry, world);
	world->has_entries = true;
}

const struct masq_entry_info *world_pick(struct work *w)
{
	struct world *world = &w->world;

	world_look(w);
	if (world->num_entries == 0)
		return NULL;
	return &world->entries[rng_below(&w->rng, world->num_entries)];
}

const struct masq_entry_info *world_pick_child(struct work *w)
{
	struct world *world = &w->world;
	unsigned int from;

	world_look(w);
	if (world->num_entries == 0)
		return NULL;
	from = rng_below(&w->rng, world->num_entries);
	for (unsigned int i = 0; i < world->num_entries; i++) {
		const struct masq_entry_info *e =
			&world->entries[(from + i) % world->num_entries];

		if (e->is_child ||
		    (e->flags & (MASQ_NO_DPORT | MASQ_NO_SPORT)) != 0 ||
		    e->state == MASQ_STATE_LISTEN)
			return e;
	}
	return NULL;
}
