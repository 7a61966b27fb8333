/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - the entries: look-ups from end to end, ports, life and death */
#include "model.h"

enum {
	FIRST_PORT = 61000,
	LAST_PORT = 65095,
	NUM_TRIALS = 4097,
};

static bool is_addr_open(const struct entry *e)
{
	return (e->flags & (NO_DADDR | DLOOSE)) != 0;
}

static bool is_port_open(const struct entry *e)
{
	return (e->flags & (NO_DPORT | DLOOSE)) != 0;
}

/* Is the peer of the entry this one, or anybody? */
static bool has_peer(const struct entry *e, uint32_t addr, uint16_t port)
{
	return (e->oa == addr || is_addr_open(e)) &&
	       (e->op == port || is_port_open(e));
}

/* Of two that match the one counts that entered the table last. */
static struct entry *newer(struct entry *a, struct entry *b)
{
	return a == NULL || b->hashed > a->hashed ? b : a;
}

/* CORE-LKP-01; an inside port that is not known is none (port-zero off). */
struct entry *nv_find_in(struct model *m, uint8_t proto, uint32_t source,
			 uint16_t sport, uint32_t dest, uint16_t dport)
{
	struct entry *strict = NULL, *open = NULL;

	for (unsigned int i = 0; i < m->num_entries; i++) {
		struct entry *e = &m->entries[i];

		if (!e->is_alive || e->proto != proto || e->ma != dest ||
		    e->mp != dport || !has_peer(e, source, sport))
			continue;
		if (is_addr_open(e) || is_port_open(e))
			open = newer(open, e);
		else
			strict = newer(strict, e);
	}
	return strict != NULL ? strict : open;
}

/* CORE-LKP-02 */
struct entry *nv_find_out(struct model *m, uint8_t proto, uint32_t source,
			  uint16_t sport, uint32_t dest, uint16_t dport)
{
	struct entry *strict = NULL, *open = NULL, *portless = NULL;

	for (unsigned int i = 0; i < m->num_entries; i++) {
		struct entry *e = &m->entries[i];

		if (!e->is_alive || e->proto != proto || e->ia != source ||
		    !has_peer(e, dest, dport))
			continue;
		if ((e->flags & NO_SPORT) != 0)
			portless = newer(portless, e);
		if (e->ip != sport)
			continue;
		if (is_addr_open(e) || is_port_open(e) ||
		    (e->flags & NO_SPORT) != 0)
			open = newer(open, e);
		else
			strict = newer(strict, e);
	}
	return strict != NULL ? strict : open != NULL ? open : portless;
}

void nv_rehash(struct model *m, struct entry *e)
{
	e->hashed = ++m->num_hashed;
}

static uint32_t *port_counter(struct model *m, uint8_t proto)
{
	return &m->free_ports[proto == UDP ? 0 : proto == TCP ? 1 : 2];
}

static struct entry *make(struct model *m, const struct spec *spec,
			  uint16_t port)
{
	unsigned int i = 0;
	struct entry *e;

	while (i < m->num_entries && m->entries[i].is_alive)
		i++;
	if (i == MAX_ENTRIES) {
		nv_lose(m, "too many entries");
		return NULL;
	}
	if (i == m->num_entries)
		m->num_entries++;
	m->num_alive++;
	e = &m->entries[i];
	*e = (struct entry){
		.is_alive = true,
		.proto = spec->proto,
		.ia = spec->ia,
		.ip = spec->ip,
		.ma = spec->ma,
		.mp = port,
		.oa = spec->oa,
		.op = spec->op,
		.flags = (uint16_t)(spec->flags | NO_REPLY),
	};
	nv_set_state(m, e, NONE);
	nv_rehash(m, e);
	nv_bind_helper(m, e);
	return e;
}

/* CORE-PORT-03: one rover for all, and no step back. */
struct entry *nv_new_entry(struct model *m, const struct spec *spec)
{
	uint32_t *num_free = port_counter(m, spec->proto);
	struct entry *e;

	if (m->num_alive >= m->max_alive || *num_free == 0)
		return NULL;
	for (unsigned int i = 0; i < NUM_TRIALS; i++) {
		uint16_t port = m->rover;

		m->rover = port == LAST_PORT ? FIRST_PORT
					     : (uint16_t)(port + 1);
		if (nv_find_in(m, spec->proto, spec->oa, spec->op, spec->ma,
			       port) != NULL)
			continue;
		e = make(m, spec, port);
		if (e != NULL)
			--*num_free;
		return e;
	}
	return NULL;
}

/* CORE-PORT-07 */
struct entry *nv_new_demanded(struct model *m, const struct spec *spec,
			      uint16_t port)
{
	struct entry *e;

	if (m->num_alive >= m->max_alive ||
	    nv_find_in(m, spec->proto, spec->oa, spec->op, spec->ma, port) !=
		    NULL)
		return NULL;
	e = make(m, spec, port);
	if (e == NULL)
		return NULL;
	e->flags |= MPORT;
	m->num_demanded++;
	return e;
}

void nv_set_state(struct model *m, struct entry *e, enum state state)
{
	e->state = state;
	e->timeout = m->timeouts[state];
}

void nv_start_timer(struct model *m, struct entry *e)
{
	e->expires = m->tick + e->timeout;
}

void nv_link_child(struct entry *parent, struct entry *child)
{
	if (child->parent != NULL)
		child->parent->num_children--;
	child->parent = parent;
	parent->num_children++;
}

static void end(struct model *m, struct entry *e)
{
	if (e->parent != NULL)
		e->parent->num_children--;
	if ((e->flags & MPORT) != 0)
		m->num_demanded--;
	else
		++*port_counter(m, e->proto);
	nv_unbind_helper(e);
	e->is_alive = false;
	m->num_alive--;
	while (m->num_entries > 0 && !m->entries[m->num_entries - 1].is_alive)
		m->num_entries--;
}

/* The next one that is due; of one tick those without children first. */
static struct entry *next_due(struct model *m)
{
	struct entry *due = NULL;

	for (unsigned int i = 0; i < m->num_entries; i++) {
		struct entry *e = &m->entries[i];

		if (!e->is_alive || e->expires > m->tick)
			continue;
		if (due == NULL || e->expires < due->expires ||
		    (e->expires == due->expires && e->num_children == 0 &&
		     due->num_children != 0))
			due = e;
	}
	return due;
}

/* CORE-TMR-04, -05 */
void nv_expire(struct model *m)
{
	struct entry *e;

	while ((e = next_due(m)) != NULL) {
		e->timeout = m->timeouts[TIME_WAIT];
		if (e->num_children > 0)
			e->expires += e->timeout;
		else
			end(m, e);
	}
}
