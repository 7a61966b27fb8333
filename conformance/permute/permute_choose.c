/* SPDX-License-Identifier: Apache-2.0 */
/* permute_choose.c - which names a capture has, and others for them */
#include <stdlib.h>

#include "permute.h"

#define POOL_FIRST 61000u
#define POOL_LAST  65095u

static bool in_pool(uint32_t port)
{
	return port >= POOL_FIRST && port <= POOL_LAST;
}

/* Does a place in a text of this record name the router? */
bool permute_is_name(const struct permute *p, const struct cap_record *r,
		     const struct eqv_place *place)
{
	if (place->format == EQV_SIX || place->format == EQV_DCC)
		return place->end.addr == p->outside;
	if (r->side != CAP_OUTSIDE)
		return false;
	return place->format == EQV_RESUME || r->dir == CAP_SENT;
}

/* 1: may be renamed. 2: has to stay. */
static void mark(struct permute *p, uint8_t *state, uint32_t addr,
		 uint16_t port, bool shown)
{
	if (addr != p->outside)
		return;
	p->seen[port] = true;
	if (in_pool(port) && state[port] == 0)
		state[port] = shown ? 1 : 2;
}

static void survey_packet(struct permute *p, uint8_t *state,
			  const struct cap_record *r, struct masq_view v)
{
	bool sent = r->dir == CAP_SENT && r->side == CAP_OUTSIDE;
	struct eqv_parsed at, in;
	struct eqv_place places[EQV_MAX_PLACES];
	unsigned int num = 0;

	eqv_parse(&at, v, 0);
	if (at.src_at != 0)
		mark(p, state, at.src.addr, at.src.port, sent);
	if (at.dst_at != 0)
		mark(p, state, at.dst.addr, at.dst.port, false);
	if (at.quote != 0) {
		eqv_parse(&in, v, at.quote);
		if (in.src_at != 0)
			mark(p, state, in.src.addr, in.src.port, false);
		if (in.dst_at != 0)
			mark(p, state, in.dst.addr, in.dst.port, false);
	}
	if (at.text != 0)
		num = eqv_places(places, at.ip.proto,
				 masq_slice(v, at.text, at.text_len));
	for (unsigned int i = 0; i < num; i++) {
		uint16_t port = places[i].end.port;

		p->seen[port] = true;
		/* Texts in fragments stay as they are. */
		if (permute_is_name(p, r, &places[i]))
			mark(p, state, p->outside, port,
			     sent && !at.ip.is_fragment);
		if (at.ip.is_fragment && in_pool(port))
			state[port] = 2;
	}
}

static unsigned int digits(unsigned int n)
{
	return n < 10 ? 1 : n < 100 ? 2 : n < 1000 ? 3 : n < 10000 ? 4 : 5;
}

static bool same_digits(uint16_t a, uint16_t b)
{
	return digits(a) == digits(b) &&
	       digits(a >> 8) + digits(a & 255) ==
		       digits(b >> 8) + digits(b & 255);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

void permute_choose(struct permute *p, uint32_t seed, bool same_length)
{
	uint8_t *state = calloc(65536, 1);

	for (size_t i = 0; i < p->num; i++)
		if (p->records[i].record.ethertype == CAP_ETHERTYPE_IPV4)
			survey_packet(
				p, state, &p->records[i].record,
				(struct masq_view){p->records[i].data,
						   p->records[i].record.len});
	for (uint32_t port = POOL_FIRST; port <= POOL_LAST; port++) {
		uint32_t to = 0;

		p->num_fixed += state[port] == 2;
		if (state[port] != 1)
			continue;
		do {
			uint32_t n = next_random(&seed);

			to = n % 2 == 0 ? 1024 + (n >> 1) % 8976
					: 10000 + (n >> 1) % 55536;
			if (same_length &&
			    !same_digits((uint16_t)port, (uint16_t)to))
				to = 0;
		} while (to == 0 || p->seen[to]);
		p->seen[to] = true;
		p->map[port] = (uint16_t)to;
		p->num_names++;
	}
	free(state);
}
