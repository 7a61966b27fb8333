/* SPDX-License-Identifier: Apache-2.0 */
/* hop.c - the Ethernet addresses of the next hops, by who was heard last */
#include <string.h>

#include "model.h"
#include "naive.h"

static struct hop *find(struct model *m, uint32_t addr)
{
	for (unsigned int i = 0; i < m->num_hops; i++)
		if (m->hops[i].addr == addr)
			return &m->hops[i];
	return NULL;
}

/* Who else is heard may take its place in a cache. */
static void learn(struct model *m, uint32_t addr, const uint8_t mac[6])
{
	struct hop *hop = find(m, addr);

	if (addr == 0)
		return;
	for (unsigned int i = 0; i < m->num_hops; i++)
		m->hops[i].is_sure = false;
	if (hop == NULL && m->num_hops == MAX_HOPS) {
		nv_lose(m, "too many neighbours");
		return;
	}
	if (hop == NULL)
		hop = &m->hops[m->num_hops++];
	hop->addr = addr;
	hop->is_sure = true;
	memcpy(hop->mac, mac, 6);
}

/* What is not from a neighbour came from the gateway. */
void nv_hear(struct model *m, const struct packet *p, const uint8_t *mac)
{
	const uint32_t source = nv_source_of(p);

	if (mac == NULL)
		return;
	m->is_ethernet = true;
	if (m->settings.gateway == 0 ||
	    nv_is_on_net(nv_interface_of(m, p->side), source))
		learn(m, source, mac);
	else if (p->side == CONF_OUTSIDE)
		learn(m, m->settings.gateway, mac);
}

enum known {
	NOBODY,
	PERHAPS, /* this one, or it is not known */
	SURE
};

static enum known next_hop(struct model *m, enum conf_side side, uint32_t dest,
			   uint8_t mac[6])
{
	const struct conf_settings *s = &m->settings;
	const struct hop *hop;

	if (!m->is_ethernet && s->num_neighbours == 0)
		return NOBODY;
	if (!nv_is_neighbour(m, side, dest))
		dest = s->gateway;
	for (unsigned int i = 0; i < s->num_neighbours; i++) {
		if (s->neighbours[i].addr != dest)
			continue;
		memcpy(mac, s->neighbours[i].mac, 6);
		return SURE;
	}
	hop = find(m, dest);
	if (hop == NULL)
		return NOBODY;
	memcpy(mac, hop->mac, 6);
	return hop->is_sure ? SURE : PERHAPS;
}

bool fuzz_naive_is_hop(void *engine, const struct conf_results *results,
		       const struct conf_result *r, uint8_t mac[6])
{
	const struct masq_view v = {.data = conf_result_data(results, r),
				    .len = r->len};
	enum known known;

	memset(mac, 0, 6);
	known = next_hop(engine, r->side, masq_get32(v, 16), mac);
	if (!r->has_dst_mac)
		return known != SURE;
	return known != NOBODY && memcmp(r->dst_mac, mac, 6) == 0;
}
