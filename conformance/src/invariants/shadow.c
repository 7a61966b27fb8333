/* SPDX-License-Identifier: Apache-2.0 */
/* shadow.c - the mappings, rebuilt from what was translated */
#include <stdlib.h>
#include <string.h>

#include "shadow.h"

#define FIRST_SIZE 64u
#define KEPT_SIZE  4096u

static uint32_t mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ b * UINT64_C(0x9e3779b97f4a7c15)) *
		     UINT64_C(0xff51afd7ed558ccd);

	return (uint32_t)(h >> 32 ^ h >> 8);
}

static uint32_t hash_key(const struct shadow_key *k)
{
	return mix((uint64_t)k->addr << 32 | k->peer,
		   (uint64_t)k->proto << 32 | (uint64_t)k->port << 16 |
			   k->peer_port);
}

static uint32_t hash_endpoint(bool is_inside, uint8_t proto, uint32_t addr,
			      uint16_t port)
{
	return mix(addr,
		   (uint64_t)is_inside << 32 | (uint64_t)proto << 16 | port);
}

static struct shadow_key out_key(const struct shadow_map *m)
{
	struct shadow_key key = m->in;

	key.addr = m->addr;
	key.port = m->port;
	return key;
}

static bool is_equal(const struct shadow_key *a, const struct shadow_key *b)
{
	return a->addr == b->addr && a->peer == b->peer && a->port == b->port &&
	       a->peer_port == b->peer_port && a->proto == b->proto;
}

static void drop_streams(struct shadow *s)
{
	for (uint32_t i = 1; i <= s->num_maps; i++)
		free(s->maps[i].streams);
}

void shadow_cleanup(struct shadow *s)
{
	if (s->maps != NULL)
		drop_streams(s);
	free(s->maps);
	free(s->in_heads);
	free(s->out_heads);
	free(s->endpoints);
	free(s->endpoint_heads);
	free(s->hosts);
	free(s->host_heads);
	*s = (struct shadow){0};
}

static void clear_heads(uint32_t *heads, uint32_t max, uint32_t num)
{
	if (num > 0)
		memset(heads, 0, max * sizeof(*heads));
}

void shadow_clear(struct shadow *s)
{
	/* What one long input needed, a million short ones need not keep. */
	if (s->max_maps > KEPT_SIZE || s->max_endpoints > KEPT_SIZE ||
	    s->max_hosts > KEPT_SIZE) {
		shadow_cleanup(s);
		return;
	}
	drop_streams(s);
	clear_heads(s->in_heads, s->max_maps, s->num_maps);
	clear_heads(s->out_heads, s->max_maps, s->num_maps);
	clear_heads(s->endpoint_heads, s->max_endpoints, s->num_endpoints);
	clear_heads(s->host_heads, s->max_hosts, s->num_hosts);
	s->num_maps = s->num_endpoints = s->num_hosts = 0;
	s->overflowed = false;
}

/*
 * Doubles an array of num items of size octets and its num_heads lists of
 * heads; false at the cap or without memory.
 */
static bool grow(void **items, uint32_t *max, size_t size, uint32_t *heads[],
		 unsigned int num_heads)
{
	uint32_t wanted = *max == 0 ? FIRST_SIZE : *max * 2;
	void *bigger;

	if (wanted > SHADOW_MAX_MAPS)
		return false;
	bigger = realloc(*items, (wanted + 1) * size);
	if (bigger == NULL)
		return false;
	*items = bigger;
	for (unsigned int i = 0; i < num_heads; i++) {
		uint32_t *list = realloc(heads[i], wanted * sizeof(*list));

		if (list == NULL)
			return false;
		heads[i] = list;
	}
	for (unsigned int i = 0; i < num_heads; i++)
		memset(heads[i], 0, wanted * sizeof(*heads[i]));
	*max = wanted;
	return true;
}

static void link_map(struct shadow *s, uint32_t index)
{
	struct shadow_map *m = &s->maps[index];
	struct shadow_key external = out_key(m);
	uint32_t *in = &s->in_heads[hash_key(&m->in) & (s->max_maps - 1)];
	uint32_t *out = &s->out_heads[hash_key(&external) & (s->max_maps - 1)];

	m->in_next = *in;
	*in = index;
	m->out_next = *out;
	*out = index;
}

/* Throws out what died long ago; the order of age is kept. */
static void purge(struct shadow *s, uint64_t now)
{
	uint32_t kept = 0;

	for (uint32_t i = 1; i <= s->num_maps; i++) {
		struct shadow_map *m = &s->maps[i];

		if (shadow_dead(m->touch, m->ceiling, now))
			free(m->streams);
		else
			s->maps[++kept] = *m;
	}
	s->num_maps = kept;
	memset(s->in_heads, 0, s->max_maps * sizeof(*s->in_heads));
	memset(s->out_heads, 0, s->max_maps * sizeof(*s->out_heads));
	for (uint32_t i = 1; i <= kept; i++)
		link_map(s, i);
}

static bool make_room(struct shadow *s, uint64_t now)
{
	uint32_t *heads[] = {s->in_heads, s->out_heads};
	void *items = s->maps;
	bool grown;

	if (s->num_maps < s->max_maps)
		return true;
	grown = grow(&items, &s->max_maps, sizeof(*s->maps), heads, 2);
	s->maps = items;
	s->in_heads = heads[0];
	s->out_heads = heads[1];
	if (grown) {
		for (uint32_t i = 1; i <= s->num_maps; i++)
			link_map(s, i);
		return true;
	}
	if (!s->overflowed && s->max_maps > 0)
		purge(s, now);
	/* Purging again and again would cost too much. */
	s->overflowed |= s->num_maps > s->max_maps / 2;
	return s->num_maps < s->max_maps;
}

struct shadow_map *shadow_find_in(struct shadow *s,
				  const struct shadow_key *inside)
{
	uint32_t i =
		s->max_maps == 0
			? 0
			: s->in_heads[hash_key(inside) & (s->max_maps - 1)];

	for (; i != 0; i = s->maps[i].in_next)
		if (is_equal(&s->maps[i].in, inside))
			return &s->maps[i];
	return NULL;
}

static struct shadow_map *search_out(struct shadow *s, uint32_t i,
				     const struct shadow_key *external)
{
	for (; i != 0; i = s->maps[i].out_next) {
		struct shadow_key key = out_key(&s->maps[i]);

		if (is_equal(&key, external))
			return &s->maps[i];
	}
	return NULL;
}

struct shadow_map *shadow_find_out(struct shadow *s,
				   const struct shadow_key *external)
{
	if (s->max_maps == 0)
		return NULL;
	return search_out(s,
			  s->out_heads[hash_key(external) & (s->max_maps - 1)],
			  external);
}

struct shadow_map *shadow_next_out(struct shadow *s,
				   const struct shadow_map *map,
				   const struct shadow_key *external)
{
	return search_out(s, map->out_next, external);
}

struct shadow_map *shadow_add(struct shadow *s, const struct shadow_key *inside,
			      uint32_t addr, uint16_t port, uint64_t now)
{
	struct shadow_map *m;

	if (!make_room(s, now)) {
		s->overflowed = true;
		return NULL;
	}
	m = &s->maps[++s->num_maps];
	*m = (struct shadow_map){
		.in = *inside,
		.addr = addr,
		.port = port,
		.last = now,
		.touch = now,
	};
	link_map(s, s->num_maps);
	return m;
}

static void link_endpoint(struct shadow *s, uint32_t index)
{
	struct shadow_endpoint *e = &s->endpoints[index];
	uint32_t *head =
		&s->endpoint_heads[hash_endpoint(e->is_inside, e->proto,
						 e->addr, e->port) &
				   (s->max_endpoints - 1)];

	e->next = *head;
	*head = index;
}

static bool room_for_endpoint(struct shadow *s)
{
	uint32_t *heads[] = {s->endpoint_heads};
	void *items = s->endpoints;
	bool grown;

	if (s->num_endpoints < s->max_endpoints)
		return true;
	grown = grow(&items, &s->max_endpoints, sizeof(*s->endpoints), heads,
		     1);
	s->endpoints = items;
	s->endpoint_heads = heads[0];
	for (uint32_t i = 1; grown && i <= s->num_endpoints; i++)
		link_endpoint(s, i);
	s->overflowed |= !grown;
	return grown;
}

struct shadow_endpoint *shadow_endpoint(struct shadow *s, bool is_inside,
					uint8_t proto, uint32_t addr,
					uint16_t port, bool make)
{
	uint32_t i = s->max_endpoints == 0
			     ? 0
			     : s->endpoint_heads[hash_endpoint(is_inside, proto,
							       addr, port) &
						 (s->max_endpoints - 1)];

	for (; i != 0; i = s->endpoints[i].next) {
		struct shadow_endpoint *e = &s->endpoints[i];

		if (e->addr == addr && e->port == port && e->proto == proto &&
		    e->is_inside == is_inside)
			return e;
	}
	if (!make || !room_for_endpoint(s))
		return NULL;
	i = ++s->num_endpoints;
	s->endpoints[i] = (struct shadow_endpoint){
		.is_inside = is_inside,
		.proto = proto,
		.addr = addr,
		.port = port,
	};
	link_endpoint(s, i);
	return &s->endpoints[i];
}

static void link_host(struct shadow *s, uint32_t index)
{
	struct shadow_host *h = &s->hosts[index];
	uint32_t *head = &s->host_heads[mix(h->addr, 0) & (s->max_hosts - 1)];

	h->next = *head;
	*head = index;
}

struct shadow_host *shadow_host(struct shadow *s, uint32_t addr, bool make)
{
	uint32_t i = s->max_hosts == 0
			     ? 0
			     : s->host_heads[mix(addr, 0) & (s->max_hosts - 1)];

	for (; i != 0; i = s->hosts[i].next)
		if (s->hosts[i].addr == addr)
			return &s->hosts[i];
	if (!make)
		return NULL;
	if (s->num_hosts == s->max_hosts) {
		uint32_t *heads[] = {s->host_heads};
		void *items = s->hosts;
		bool grown = grow(&items, &s->max_hosts, sizeof(*s->hosts),
				  heads, 1);

		s->hosts = items;
		s->host_heads = heads[0];
		s->overflowed |= !grown;
		if (!grown)
			return NULL;
		for (i = 1; i <= s->num_hosts; i++)
			link_host(s, i);
	}
	i = ++s->num_hosts;
	s->hosts[i] = (struct shadow_host){.addr = addr};
	link_host(s, i);
	return &s->hosts[i];
}
