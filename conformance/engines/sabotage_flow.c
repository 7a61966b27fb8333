/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_flow.c - what a fault remembers of the mappings */
#include "sabotage.h"

/* The newest that fits; port 0 and host 0 fit all. */
static struct sab_flow *find(struct sabotage *s, uint8_t proto, uint32_t host,
			     uint16_t host_port, uint16_t port)
{
	for (size_t i = 0; i < s->num_flows; i++) {
		size_t age = (s->next_flow + SAB_MAX_FLOWS - 1 - i) %
			     SAB_MAX_FLOWS;
		struct sab_flow *f = &s->flows[age];

		if (f->proto == proto && (port == 0 || f->port == port) &&
		    (host == 0 ||
		     (f->host == host && f->host_port == host_port)))
			return f;
	}
	return NULL;
}

struct sab_flow *sab_flow_outside(struct sabotage *s,
				  const struct sab_packet *p, uint32_t off)
{
	if (off == 0 || sab_get16(p, off) == 0)
		return NULL;
	return find(s, sab_proto(p), 0, 0, sab_get16(p, off));
}

struct sab_flow *sab_flow_inside(struct sabotage *s, const struct sab_packet *p)
{
	uint32_t off = sab_source_at(p);

	if (off == 0 || sab_get32(p, SAB_IP_SRC) == 0)
		return NULL;
	return find(s, sab_proto(p), sab_get32(p, SAB_IP_SRC),
		    sab_get16(p, off), 0);
}

/* A new place; when all are taken, that of the oldest. */
static struct sab_flow *take(struct sabotage *s)
{
	struct sab_flow *f = &s->flows[s->next_flow];

	s->next_flow = (s->next_flow + 1) % SAB_MAX_FLOWS;
	if (s->num_flows < SAB_MAX_FLOWS)
		s->num_flows++;
	*f = (struct sab_flow){.proto = 0};
	return f;
}

static void learn_out(struct sabotage *s, const struct sab_packet *result)
{
	const struct sab_packet *p = &s->seen;
	uint32_t host = sab_get32(p, SAB_IP_SRC);
	uint16_t host_port = sab_get16(p, sab_source_at(p));
	uint16_t port = sab_get16(result, sab_source_at(result));
	struct sab_flow *f = find(s, sab_proto(p), host, host_port, port);

	if (host == sab_get32(result, SAB_IP_SRC))
		return; /* not masqueraded */
	if (f == NULL) {
		f = take(s);
		f->proto = sab_proto(p);
		f->host = host;
		f->host_port = host_port;
		f->port = port;
		f->peer = sab_get32(p, SAB_IP_DST);
		f->peer_port = sab_get16(p, sab_dest_at(p));
	}
	f->num_out++;
	if (sab_flags(p) & SAB_FIN)
		f->fins |= 1;
}

void sab_learn(struct sabotage *s, const struct sab_packet *result)
{
	const struct sab_packet *p = &s->seen;
	struct sab_flow *f;

	if (!sab_is_through(s, result) || sab_source_at(p) == 0 ||
	    sab_source_at(result) == 0)
		return;
	if (p->head.side == CONF_INSIDE) {
		learn_out(s, result);
		return;
	}
	f = sab_flow_outside(s, p, sab_dest_at(p));
	if (f == NULL)
		return;
	f->num_in++;
	if (sab_flags(p) & SAB_FIN)
		f->fins |= 2;
}
