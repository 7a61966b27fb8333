/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c - what external endpoints are called, then and now
 *
 * A packet that leaves shows which external endpoint stands for the flow of
 * its stimulus. So the original, played once, says for each stimulus that is
 * addressed to an external endpoint whose name it uses: that of a flow, or one
 * that a helper wrote into a payload. An attempt is played with the same rule:
 * it says what those are called now.
 *
 * A stimulus is linked only to a flow that has that name at that moment, so
 * that the unchanged trace is aimed as it was.
 */
#include <stdlib.h>

#include "minimize/hole.h"
#include "minimize/map.h"
#include "packet.h"

#define MAX_REWRITES 64u /* payloads in which a port is looked for */

/* A payload that a helper changed. */
struct rewrite {
	size_t number; /* of the stimulus */
	uint32_t flow;
	struct masq_view before, after;
	uint32_t addr;
};

struct linker {
	struct min_names *names;
	struct min_table now; /* as the original shows them */
	struct min_map flows, sources, externals;
	struct rewrite rewrites[MAX_REWRITES];
	size_t num_rewrites; /* ever */
	struct min_hole *holes;
	bool failed;
};

/* Does the result show how the stimulus's source is called outside? */
static bool shows(const struct conf_stimulus *s, const struct conf_packet *r,
		  struct min_endpoint *out)
{
	struct min_endpoint from, to, peer;

	return r->side == CONF_OUTSIDE && !r->own_error &&
	       min_ends(s->data, s->len, &from, &to) &&
	       min_ends(r->data, r->len, out, &peer) &&
	       from.proto == out->proto && from.addr != out->addr &&
	       to.addr == peer.addr && to.port == peer.port;
}

static void set_name(struct min_name *name, const struct min_endpoint *end)
{
	*name = (struct min_name){
		.known = true, .addr = end->addr, .port = end->port};
}

static bool is_name(const struct min_name *name, const struct min_endpoint *end)
{
	return name->known && name->addr == end->addr &&
	       name->port == end->port;
}

bool min_table_init(struct min_table *table, const struct min_names *names)
{
	table->names = names;
	table->flows = calloc(names->num_flows + 1, sizeof(*table->flows));
	table->sources = calloc(names->num_sources + 1, sizeof(*table->flows));
	table->holes = calloc(names->num_holes + 1, sizeof(*table->flows));
	if (table->flows != NULL && table->sources != NULL &&
	    table->holes != NULL)
		return true;
	min_table_cleanup(table);
	return false;
}

void min_table_cleanup(struct min_table *table)
{
	free(table->flows);
	free(table->sources);
	free(table->holes);
	*table = (struct min_table){.names = NULL};
}

void min_table_learn(struct min_table *table, const struct conf_stimulus *s,
		     const struct conf_packet *result)
{
	const struct min_names *names = table->names;
	struct min_endpoint name;

	if (s->flow == 0 || !shows(s, result, &name))
		return;
	set_name(&table->flows[s->flow], &name);
	set_name(&table->sources[s->source], &name);
	for (uint32_t i = 0; i < names->num_holes; i++) {
		const struct min_hole *hole = &names->holes[i];

		if (hole->number == s->number &&
		    min_hole_read(hole, min_payload(result->data, result->len),
				  &name.port))
			set_name(&table->holes[i + 1], &name);
	}
}

void min_table_aim(const struct min_table *table, const struct conf_stimulus *s,
		   uint8_t *data)
{
	const struct conf_aim *aim = &s->aim;
	const struct min_name *name = &table->holes[aim->hole];

	if (aim->where == CONF_AIM_NONE)
		return;
	if (aim->hole == 0)
		name = &table->flows[aim->flow];
	if (aim->hole == 0 && !name->known)
		name = &table->sources[aim->source];
	if (!name->known)
		return;
	if (aim->where == CONF_AIM_DESTINATION)
		min_set_destination(data, s->len, name->addr, name->port);
	else
		min_set_quoted(data, s->len, name->addr, name->port);
}

/* The number of a key; a new one gets *last + 1. */
static uint32_t number_of(struct linker *l, struct min_map *map,
			  const struct min_endpoint *from,
			  const struct min_endpoint *to, uint32_t *last)
{
	struct min_key key = {.ends = {*from}};
	uint32_t *at;

	if (to != NULL)
		key.ends[1] = *to;
	at = min_map_at(map, &key);
	if (at == NULL) {
		l->failed = true;
		return 0;
	}
	if (*at == 0 && last != NULL)
		*at = ++*last;
	return *at;
}

static void set_external(struct linker *l, const struct min_endpoint *name,
			 const struct min_endpoint *peer, uint32_t flow)
{
	struct min_key key = {.ends = {*name}};
	uint32_t *at;

	if (peer != NULL)
		key.ends[1] = *peer;
	at = min_map_at(&l->externals, &key);
	if (at != NULL)
		*at = flow;
	else
		l->failed = true;
}

/* A result of the original. */
static void learn(struct linker *l, struct conf_stimulus *s,
		  const struct conf_stimulus *result)
{
	struct conf_packet r = conf_stimulus_packet(result);
	struct min_endpoint from, to, name;
	struct masq_view before, after;

	if (!shows(s, &r, &name) || !min_ends(s->data, s->len, &from, &to))
		return;
	set_name(&l->now.flows[s->flow], &name);
	set_external(l, &name, &to, s->flow);
	set_external(l, &name, NULL, s->flow);
	before = min_payload(s->data, s->len);
	after = min_payload(r.data, r.len);
	if (before.len == after.len &&
	    masq_equal(after, 0, before.data, before.len))
		return;
	l->rewrites[l->num_rewrites++ % MAX_REWRITES] =
		(struct rewrite){.number = s->number,
				 .flow = s->flow,
				 .before = before,
				 .after = after,
				 .addr = name.addr};
}

/* Was it a helper that told the peer of this endpoint? The latest one. */
static uint32_t find_hole(struct linker *l, const struct min_endpoint *end)
{
	size_t num = l->num_rewrites;
	struct min_hole hole, *holes;

	for (size_t i = num; i > 0 && num - i < MAX_REWRITES; i--) {
		const struct rewrite *w = &l->rewrites[(i - 1) % MAX_REWRITES];

		if (w->addr != end->addr ||
		    !min_hole_find(&hole, w->before, w->after, end->port))
			continue;
		holes = realloc(l->holes,
				(l->names->num_holes + 1) * sizeof(*holes));
		if (holes == NULL) {
			l->failed = true;
			return 0;
		}
		hole.number = w->number;
		l->holes = holes;
		holes[l->names->num_holes] = hole;
		return ++l->names->num_holes;
	}
	return 0;
}

/* Whose name is it? Sets the aim. */
static void aim_at(struct linker *l, struct conf_stimulus *s,
		   const struct min_endpoint *end,
		   const struct min_endpoint *peer, enum conf_aim_where where)
{
	uint32_t flow = peer != NULL
				? number_of(l, &l->externals, end, peer, NULL)
				: 0;

	if (flow == 0)
		flow = number_of(l, &l->externals, end, NULL, NULL);
	s->aim = (struct conf_aim){.where = where, .flow = flow};
	if (flow == 0 &&
	    (end->proto == CONF_PROTO_TCP || end->proto == CONF_PROTO_UDP))
		s->aim.hole = find_hole(l, end);
	if (s->aim.hole == 0 &&
	    (flow == 0 || !is_name(&l->now.flows[flow], end)))
		s->aim.where = CONF_AIM_NONE;
}

/* Finds the flow of a stimulus, and at whose name it is aimed. */
static void look_at(struct linker *l, struct conf_stimulus *s)
{
	struct min_endpoint from, to;

	if (min_ends(s->data, s->len, &from, &to)) {
		s->flow = number_of(l, &l->flows, &from, &to,
				    &l->names->num_flows);
		s->source = number_of(l, &l->sources, &from, NULL,
				      &l->names->num_sources);
		aim_at(l, s, &to, &from, CONF_AIM_DESTINATION);
	} else if (min_quoted_source(s->data, s->len, &from)) {
		aim_at(l, s, &from, NULL, CONF_AIM_QUOTE);
	}
}

static void link_all(struct linker *l, struct conf_trace *trace,
		     const struct conf_trace *played)
{
	struct conf_stimulus *s = NULL;
	uint32_t *source_of = NULL;
	size_t next = 0;

	for (size_t i = 0; i < played->num && !l->failed; i++) {
		if (played->items[i].is_result) {
			if (s != NULL)
				learn(l, s, &played->items[i]);
		} else if (next < trace->num) {
			s = &trace->items[next++];
			look_at(l, s);
		}
	}
	/* The source of each flow that was aimed at. */
	source_of = calloc(l->names->num_flows + 1, sizeof(*source_of));
	if (source_of == NULL) {
		l->failed = true;
		return;
	}
	for (size_t i = 0; i < trace->num; i++)
		source_of[trace->items[i].flow] = trace->items[i].source;
	for (size_t i = 0; i < trace->num; i++)
		trace->items[i].aim.source =
			source_of[trace->items[i].aim.flow];
	free(source_of);
}

bool min_names_link(struct min_names *names, struct conf_trace *trace,
		    const struct conf_trace *played)
{
	/* As many flows as stimuli at most; two keys for each result. */
	struct min_names most = {.num_flows = (uint32_t)trace->num,
				 .num_sources = (uint32_t)trace->num};
	struct linker l = {.names = names};

	*names = (struct min_names){.num_flows = 0};
	l.failed = !min_table_init(&l.now, &most) ||
		   !min_map_init(&l.flows, trace->num) ||
		   !min_map_init(&l.sources, trace->num) ||
		   !min_map_init(&l.externals, 2 * (trace->num + played->num));
	if (!l.failed)
		link_all(&l, trace, played);
	names->holes = l.holes;
	min_table_cleanup(&l.now);
	min_map_cleanup(&l.flows);
	min_map_cleanup(&l.sources);
	min_map_cleanup(&l.externals);
	return !l.failed;
}

void min_names_cleanup(struct min_names *names)
{
	free(names->holes);
	*names = (struct min_names){.num_flows = 0};
}
