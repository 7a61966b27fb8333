/* SPDX-License-Identifier: Apache-2.0 */
/*
 * portfw.c - static port forwarding (CORE-PFW)
 *
 * Rules are tried newest first. A rule that has been used as often as its
 * preference says goes to the end of the list, so rules for the same port
 * share the load. There are few rules; the list is an array.
 */
#include <string.h>

#include "linux22/engine.h"

/* The rule for the same port and target, or NULL. */
static struct portfw_rule *find_same(struct masq_engine *e,
				     const struct masq_portfw *rule)
{
	for (unsigned int i = 0; i < e->num_portfw; i++) {
		const struct masq_portfw *r = &e->portfw[i].rule;

		if (r->proto == rule->proto &&
		    r->local_addr == rule->local_addr &&
		    r->local_port == rule->local_port &&
		    r->real_addr == rule->real_addr &&
		    r->real_port == rule->real_port)
			return &e->portfw[i];
	}
	return NULL;
}

/* CORE-PFW-01: a new rule comes first, a known one gets its preference. */
static void add(struct masq_engine *e, const struct masq_portfw *rule)
{
	struct portfw_rule *r = find_same(e, rule);

	if (r == NULL) {
		memmove(&e->portfw[1], &e->portfw[0],
			e->num_portfw * sizeof(e->portfw[0]));
		e->num_portfw++;
		r = &e->portfw[0];
	}
	*r = (struct portfw_rule){.rule = *rule, .left = rule->preference};
}

void portfw_reset(struct masq_engine *e)
{
	const struct masq_config *c = &e->router.config;

	e->num_portfw = 0;
	for (unsigned int i = 0; i < c->num_portfw; i++)
		add(e, &c->portfw[i]);
}

static unsigned int find(const struct masq_engine *e, const struct flow *f)
{
	unsigned int i;

	for (i = 0; i < e->num_portfw; i++) {
		const struct masq_portfw *r = &e->portfw[i].rule;

		if (r->proto == f->proto && r->local_port == f->dport &&
		    r->local_addr == f->daddr)
			break;
	}
	return i;
}

bool portfw_claims(const struct masq_engine *e, const struct flow *f)
{
	return find(e, f) < e->num_portfw;
}

/* CORE-PFW-04 */
static void take_turn(struct masq_engine *e, unsigned int i)
{
	struct portfw_rule used = e->portfw[i];

	if (e->num_portfw < 2)
		return;
	if (--e->portfw[i].left != 0)
		return;
	used.left = used.rule.preference;
	memmove(&e->portfw[i], &e->portfw[i + 1],
		(e->num_portfw - 1 - i) * sizeof(e->portfw[0]));
	e->portfw[e->num_portfw - 1] = used;
}

static bool opens(const struct masq_engine *e, const struct masq_pkt *p)
{
	const uint8_t flags = pkt_l4_get8(p, TCP_O_FLAGS);

	return pkt_proto(p) != PROTO_TCP ||
	       has_quirk(e, MASQ_QUIRK(PFW_ANY_FLAG)) ||
	       (flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) == TCP_SYN;
}

struct masq_entry *portfw_create(struct masq_engine *e, const struct flow *f,
				 const struct masq_pkt *p)
{
	const unsigned int i = find(e, f);
	struct entry_spec spec = {
		.proto = f->proto,
		.ma = f->daddr,
		.mp = f->dport,
		.oa = f->saddr,
		.op = f->sport,
		.flags = MASQ_MPORT,
	};
	struct masq_entry *entry;

	if (i == e->num_portfw || !opens(e, p))
		return NULL;
	spec.ia = e->portfw[i].rule.real_addr;
	spec.ip = e->portfw[i].rule.real_port;
	entry = life_new(e, &spec);
	/* CORE-PFW-03: LISTEN only where the load may be shared. */
	if (entry != NULL && e->num_portfw > 1)
		state_set(e, entry, MASQ_STATE_LISTEN);
	if (entry != NULL)
		take_turn(e, i);
	return entry;
}
