/* SPDX-License-Identifier: Apache-2.0 */
/* portfw.c - forwarded ports (CORE-PFW); newest rule first in the list */
#include "model.h"

static bool is_same_target(const struct conf_portfw *a,
			   const struct conf_portfw *b)
{
	return a->proto == b->proto && a->local_addr == b->local_addr &&
	       a->local_port == b->local_port && a->real_addr == b->real_addr &&
	       a->real_port == b->real_port;
}

static void add(struct model *m, const struct conf_portfw *rule)
{
	for (unsigned int i = 0; i < m->num_portfw; i++)
		if (is_same_target(&m->portfw[i].rule, rule)) {
			m->portfw[i].rule.preference = rule->preference;
			m->portfw[i].left = rule->preference;
			return;
		}
	memmove(&m->portfw[1], &m->portfw[0],
		m->num_portfw * sizeof(m->portfw[0]));
	m->portfw[0].rule = *rule;
	m->portfw[0].left = rule->preference;
	m->num_portfw++;
}

void nv_portfw_reset(struct model *m)
{
	m->num_portfw = 0;
	for (unsigned int i = 0; i < m->settings.num_portfw; i++)
		add(m, &m->settings.portfw[i]);
}

/* Index of the first rule for it, or num_portfw. */
static unsigned int find_rule(const struct model *m, uint8_t proto,
			      uint32_t addr, uint16_t port)
{
	unsigned int i = 0;

	while (i < m->num_portfw && (m->portfw[i].rule.proto != proto ||
				     m->portfw[i].rule.local_addr != addr ||
				     m->portfw[i].rule.local_port != port))
		i++;
	return i;
}

bool nv_portfw_claims(const struct model *m, uint8_t proto, uint32_t addr,
		      uint16_t port)
{
	return find_rule(m, proto, addr, port) < m->num_portfw;
}

/* CORE-PFW-04: who has had his share goes to the end. */
static void take_turn(struct model *m, unsigned int i)
{
	struct portfw used = m->portfw[i];

	if (m->num_portfw < 2)
		return;
	if (--m->portfw[i].left > 0)
		return;
	used.left = used.rule.preference;
	m->num_portfw--;
	memmove(&m->portfw[i], &m->portfw[i + 1],
		(m->num_portfw - i) * sizeof(m->portfw[0]));
	m->portfw[m->num_portfw++] = used;
}

/* CORE-PFW-02; a connection begins with a SYN alone (B10). */
struct entry *nv_portfw_create(struct model *m, const struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const uint16_t port = masq_get16(v, 2);
	const unsigned int i = find_rule(m, p->proto, nv_dest_of(p), port);
	struct spec spec = {
		.proto = p->proto,
		.ma = nv_dest_of(p),
		.oa = nv_source_of(p),
		.op = masq_get16(v, 0),
	};
	struct entry *e;

	if (i == m->num_portfw)
		return NULL;
	if (p->proto == TCP && (masq_get8(v, 13) & 0x17) != 2)
		return NULL;
	spec.ia = m->portfw[i].rule.real_addr;
	spec.ip = m->portfw[i].rule.real_port;
	e = nv_new_demanded(m, &spec, port);
	if (e == NULL)
		return NULL;
	if (m->num_portfw > 1)
		nv_set_state(m, e, LISTEN);
	take_turn(m, i);
	return e;
}
