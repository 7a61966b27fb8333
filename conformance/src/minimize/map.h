/* SPDX-License-Identifier: Apache-2.0 */
/* map.h - from two endpoints to a number */
#ifndef MINIMIZE_MAP_H
#define MINIMIZE_MAP_H

#include "minimize/minimize.h"

struct min_key {
	struct min_endpoint ends[2]; /* both of the same protocol */
};
struct min_map {
	struct min_slot *slots;
	size_t mask; /* slots less one */
};

/* Room for num keys. */
bool min_map_init(struct min_map *map, size_t num) CONF_NODISCARD;
void min_map_cleanup(struct min_map *map);
/* Where the number of a key stands: 0 for a new one. NULL: it is full. */
uint32_t *min_map_at(struct min_map *map, const struct min_key *key);

#endif /* MINIMIZE_MAP_H */
