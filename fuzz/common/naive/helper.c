/* SPDX-License-Identifier: Apache-2.0 */
/* helper.c - which helper an entry gets (CORE-APP-02), and its children */
#include <stdio.h>
#include <stdlib.h>

#include "helper.h"

static const struct helper *const helpers[CONF_NUM_HELPERS] = {
	[CONF_HELPER_FTP] = &nv_ftp,
	[CONF_HELPER_IRC] = &nv_irc,
	[CONF_HELPER_QUAKE] = &nv_quake,
	[CONF_HELPER_RAUDIO] = &nv_raudio,
	[CONF_HELPER_VDOLIVE] = &nv_vdolive,
	[CONF_HELPER_CUSEEME] = &nv_cuseeme,
};

/* GEN-01: a list overwrites the slots from the first one on. */
static bool has_port(const struct conf_load *load, uint16_t port)
{
	const struct conf_list *list = &load->ports;

	for (unsigned int i = 0; i < list->num_values; i++)
		if (list->values[i] == port)
			return true;
	for (unsigned int i = list->num_values; i < 2; i++)
		if (helpers[load->helper]->ports[i] == port)
			return true;
	return false;
}

static bool is_in_list(const struct conf_list *list, uint16_t port)
{
	for (unsigned int i = 0; i < list->num_values; i++)
		if (list->values[i] == port)
			return true;
	return false;
}

struct stream *nv_streams_new(void)
{
	return calloc(MAX_STREAMS, sizeof(struct stream));
}

uint32_t nv_next_number(const struct entry *e)
{
	const struct way *out = e->stream != NULL ? &e->stream->ways[0] : NULL;

	return out != NULL && out->is_begun ? out->next : 0;
}

int32_t nv_shift(const struct entry *e)
{
	uint32_t shift;

	if (e->stream == NULL || !e->stream->ways[0].is_begun)
		return 0;
	shift = e->stream->ways[0].shift;
	for (unsigned int i = 0; i < e->stream->ways[0].num_edits; i++)
		shift += e->stream->ways[0].edits[i].len -
			 e->stream->ways[0].edits[i].old_len;
	return (int32_t)shift;
}

void nv_streams_reset(struct model *m)
{
	for (unsigned int i = 0; i < m->num_streams; i++)
		m->streams[i].is_used = false;
	m->num_streams = 0;
}

/* Nothing of it was seen; the rest of it is not looked at until then. */
static void forget(struct way *w)
{
	w->is_begun = w->has_lost = false;
	w->num_edits = w->shift = 0;
}

static struct stream *new_stream(struct model *m)
{
	for (unsigned int i = 0; i < MAX_STREAMS; i++)
		if (!m->streams[i].is_used) {
			if (i >= m->num_streams)
				m->num_streams = i + 1;
			m->streams[i].is_used = true;
			forget(&m->streams[i].ways[0]);
			forget(&m->streams[i].ways[1]);
			memset(m->streams[i].words, 0,
			       sizeof(m->streams[i].words));
			return &m->streams[i];
		}
	nv_lose(m, "too many connections with a helper");
	return NULL;
}

void nv_unbind_helper(struct entry *e)
{
	if (e->stream != NULL)
		e->stream->is_used = false;
}

/* Of several for one port the one loaded last. */
void nv_bind_helper(struct model *m, struct entry *e)
{
	const struct conf_settings *s = &m->settings;

	if (e->proto == ICMP)
		return;
	for (unsigned int i = 0; i < s->num_loads && e->op != 0; i++)
		if (helpers[s->loads[i].helper]->proto == e->proto &&
		    has_port(&s->loads[i], e->op))
			e->helper = helpers[s->loads[i].helper];
	for (unsigned int i = 0; i < s->num_loads && e->helper == NULL; i++)
		if (s->loads[i].helper == CONF_HELPER_FTP && e->proto == TCP &&
		    e->mp != 0 && is_in_list(&s->ftp_in_ports, e->mp)) {
			e->helper = &nv_ftp;
			e->is_inbound = true;
		}
	if (e->helper != NULL)
		e->stream = new_stream(m);
}

/* A child is unused until its peer has shown himself, or it has a port. */
bool nv_has_room(const struct hook *h)
{
	const struct model *m = h->m;
	unsigned int num = 0;

	for (unsigned int i = 0; i < m->num_entries; i++)
		num += m->entries[i].is_alive && m->entries[i].parent == h->e &&
		       (m->entries[i].flags & (NO_DPORT | NO_SPORT)) != 0;
	return num < MAX_HOLES;
}

uint32_t nv_format_target(uint8_t out[MAX_TEXT], uint32_t addr, uint16_t port)
{
	return (uint32_t)snprintf((char *)out, MAX_TEXT, "%u,%u,%u,%u,%u,%u",
				  addr >> 24, addr >> 16 & 255, addr >> 8 & 255,
				  addr & 255, port >> 8, port & 255u);
}

struct entry *nv_new_child(struct hook *h, uint8_t proto, uint16_t inside_port,
			   uint32_t peer, uint16_t peer_port, uint16_t flags)
{
	const struct spec spec = {
		.proto = proto,
		.ia = h->e->ia,
		.ip = inside_port,
		.ma = h->masq_addr,
		.oa = peer,
		.op = peer_port,
		.flags = (uint16_t)(flags |
				    (proto == UDP
					     ? nv_udp_flags(h->m, inside_port)
					     : 0)),
	};
	struct entry *child;

	child = nv_new_entry(h->m, &spec);
	if (child == NULL)
		return NULL;
	nv_link_child(h->e, child);
	nv_set_state(h->m, child, LISTEN);
	nv_start_timer(h->m, child);
	return child;
}

bool nv_call_helper(struct model *m, struct entry *e, struct packet *p,
		    bool outward, uint32_t masq_addr)
{
	struct hook h = {
		.m = m,
		.e = e,
		.outward = outward,
		.masq_addr = masq_addr,
		.data = masq_from(nv_covered(p), 8),
		.p = p,
	};

	if (e->helper == NULL || e->stream == NULL)
		return true;
	if (p->proto == TCP)
		return nv_stream(m, e, p, outward, masq_addr);
	e->helper->show(&h);
	return true;
}
