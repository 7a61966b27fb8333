/* SPDX-License-Identifier: Apache-2.0 */
/* life.h - how long mappings live, and what helpers may have announced */
#ifndef INVARIANTS_LIFE_H
#define INVARIANTS_LIFE_H

#include "checker.h"

/* CORE-PORT-01 */
#define INV_FIRST_PORT 61000u
#define INV_LAST_PORT  65095u

/* A packet of the pair refreshed the map. */
void inv_live(struct conf_checker *c, const struct inv_pair *pair,
	      struct shadow_map *m);

/* GEN-S1: a helper may have read what announces ports of that host. */
void inv_taint(struct conf_checker *c, uint32_t addr, uint8_t proto);

/* Has that host had a chance to announce ports to a helper? */
bool inv_is_tainted(struct conf_checker *c, uint32_t addr);

/* Alive, whatever peers may have claimed meanwhile? */
bool inv_surely_alive(struct conf_checker *c, const struct shadow_map *m,
		      uint64_t now);

/* May it have been made by what nobody could put together? */
bool inv_is_older(struct conf_checker *c, const struct shadow_map *m);

/* ns that any mapping of a protocol lives after a packet. */
uint64_t inv_least_floor(const struct conf_checker *c, uint8_t proto);

/*
 * May a helper have announced a port of that host? If it may have, but
 * must have forgotten it by now, out_expired is set.
 */
bool inv_may_expect(struct conf_checker *c, uint32_t host, bool *out_expired);

#endif /* INVARIANTS_LIFE_H */
