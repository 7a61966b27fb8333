/* SPDX-License-Identifier: Apache-2.0 */
/* map.c - from two endpoints to a number: open addressing, nothing removed */
#include <stdlib.h>

#include "minimize/map.h"

struct min_slot {
	bool used;
	struct min_key key;
	uint32_t value;
};

bool min_map_init(struct min_map *map, size_t num)
{
	size_t size = 64;

	while (size < num * 2)
		size *= 2;
	map->slots = calloc(size, sizeof(*map->slots));
	map->mask = size - 1;
	return map->slots != NULL;
}

void min_map_cleanup(struct min_map *map)
{
	free(map->slots);
	map->slots = NULL;
}

static bool same_end(const struct min_endpoint *a, const struct min_endpoint *b)
{
	return a->proto == b->proto && a->addr == b->addr && a->port == b->port;
}

static size_t hash(const struct min_key *key)
{
	uint64_t h = key->ends[0].proto;

	for (unsigned int i = 0; i < 2; i++) {
		h = (h ^ key->ends[i].addr) * UINT64_C(0x9e3779b97f4a7c15);
		h = (h ^ key->ends[i].port) * UINT64_C(0x9e3779b97f4a7c15);
	}
	return (size_t)(h ^ h >> 29);
}

uint32_t *min_map_at(struct min_map *map, const struct min_key *key)
{
	size_t at = hash(key);

	for (size_t i = 0; i <= map->mask; i++) {
		struct min_slot *slot = &map->slots[(at + i) & map->mask];

		if (!slot->used) {
			slot->used = true;
			slot->key = *key;
		}
		if (same_end(&slot->key.ends[0], &key->ends[0]) &&
		    same_end(&slot->key.ends[1], &key->ends[1]))
			return &slot->value;
	}
	return NULL;
}
