/* SPDX-License-Identifier: Apache-2.0 */
/* flow.c - TCP and UDP, out and in (CORE-OUT, CORE-INB, CORE-TCP) */
#include "model.h"

/* A header that is there, and lengths that are no lies. */
static bool is_segment(const struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const uint32_t offset = (masq_get8(v, 12) >> 4) * 4u;
	const uint32_t udp_len = masq_get16(v, 4);

	if (p->proto == TCP)
		return v.len >= 20 && offset >= 20 && offset <= v.len;
	return v.len >= 8 && udp_len >= 8 && udp_len <= v.len;
}

#define NO NONE
#define ES ESTABLISHED
#define SS SYN_SENT
#define SR SYN_RECV
#define FW FIN_WAIT
#define TW TIME_WAIT
#define CL CLOSE
#define CW CLOSE_WAIT
#define LA LAST_ACK
#define LI LISTEN

/* CORE-TCP-03: rows SYN, FIN, ACK, RST; columns the present state. */
static const uint8_t inward[4][10] = {
	{SR, ES, ES, SR, SR, SR, SR, SR, SR, SR},
	{CL, CW, SS, TW, TW, TW, CL, CW, LA, LI},
	{CL, ES, SS, SR, FW, TW, CL, CW, CL, LI},
	{CL, CL, CL, SR, CL, CL, CL, CL, LA, LI},
};
static const uint8_t outward[4][10] = {
	{SS, ES, SS, ES, SS, SS, SS, SS, SS, LI},
	{TW, FW, SS, TW, FW, TW, CL, TW, LA, LI},
	{ES, ES, SS, SR, FW, TW, CL, CW, LA, ES},
	{CL, CL, SS, CL, CL, TW, CL, CL, CL, CL},
};

static void advance_state(struct model *m, struct entry *e,
			  const struct packet *p, const uint8_t table[4][10])
{
	const uint8_t flags = masq_get8(nv_payload_of(p), 13);
	enum state next = e->state;

	if (p->proto == UDP)
		next = STATE_UDP;
	else if ((flags & 4) != 0)
		next = (enum state)table[3][e->state];
	else if ((flags & 2) != 0)
		next = (enum state)table[0][e->state];
	else if ((flags & 1) != 0)
		next = (enum state)table[1][e->state];
	else if ((flags & 0x10) != 0)
		next = (enum state)table[2][e->state];
	else if (e->state == NONE)
		next = CLOSE; /* nothing begins like that */
	nv_set_state(m, e, next);
	nv_start_timer(m, e);
}

/* CORE-ENT-03; without DLOOSE the peer is who was sent to (B05). */
uint16_t nv_udp_flags(const struct model *m, uint16_t inside_port)
{
	const int32_t loose = m->settings.udp_dloose;

	if (loose == 2 || (loose == 1 && inside_port >= 1024))
		return DLOOSE;
	return 0;
}

static struct entry *entry_for(struct model *m, const struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const struct spec spec = {
		.proto = p->proto,
		.ia = nv_source_of(p),
		.ip = masq_get16(v, 0),
		.ma = m->settings.outside.addr,
		.oa = nv_dest_of(p),
		.op = masq_get16(v, 2),
		.flags = p->proto == UDP ? nv_udp_flags(m, masq_get16(v, 0))
					 : 0,
	};
	struct entry *e = nv_find_out(m, p->proto, spec.ia, spec.ip, spec.oa,
				      spec.op);

	if (e == NULL)
		return nv_new_entry(m, &spec);
	if ((e->flags & NO_SPORT) != 0 && p->proto == TCP) {
		e->flags &= (uint16_t)~NO_SPORT;
		e->ip = spec.ip;
		nv_rehash(m, e);
	}
	if ((e->flags & DLOOSE) != 0) {
		e->oa = spec.oa;
		e->op = spec.op;
	}
	return e;
}

/* CORE-OUT-01 to -12 */
enum fate nv_flow_out(struct model *m, struct packet *p)
{
	struct entry *e;
	bool is_right;

	if ((p->proto != TCP && p->proto != UDP) || !is_segment(p) ||
	    !nv_is_sum_good(p))
		return DROP;
	e = entry_for(m, p);
	if (e == NULL)
		return DROP;
	nv_put_source(p, e->ma);
	nv_put_payload16(p, 0, e->mp);
	is_right = nv_call_helper(m, e, p, true, m->settings.outside.addr);
	nv_make_sum(p);
	nv_make_header_sum(p);
	advance_state(m, e, p, outward);
	return is_right ? REWRITTEN : DROP;
}

/* CORE-INB-04: is the packet looked at? */
static bool is_ours(const struct model *m, const struct packet *p)
{
	const uint16_t port = masq_get16(nv_payload_of(p), 2);

	return (port >= 61000 && port <= 65096) || m->num_demanded > 0 ||
	       nv_portfw_claims(m, p->proto, nv_dest_of(p), port);
}

/* CORE-INB-07, 2: who comes is who it is. */
static void learn_peer(struct model *m, struct entry *e, uint32_t addr,
		       uint16_t port)
{
	if ((e->flags & DLOOSE) != 0) {
		e->oa = addr;
		e->op = port;
		return;
	}
	if ((e->flags & NO_DPORT) != 0) {
		e->flags &= (uint16_t)~NO_DPORT;
		e->op = port;
		nv_rehash(m, e);
	}
	if ((e->flags & NO_DADDR) != 0) {
		e->flags &= (uint16_t)~NO_DADDR;
		e->oa = addr;
		nv_rehash(m, e);
	}
}

/* CORE-INB-01 to -08 */
enum fate nv_flow_in(struct model *m, struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const uint16_t sport = masq_get16(v, 0);
	const uint32_t to = nv_dest_of(p);
	struct entry *e;
	bool is_right;

	if (p->proto != TCP && p->proto != UDP)
		return PASS;
	if (v.len < (p->proto == TCP ? 20u : 8u) ||
	    (p->proto == TCP && (masq_get8(v, 12) >> 4) * 4u > v.len))
		return DROP;
	if (!is_ours(m, p))
		return PASS;
	if (!is_segment(p) || !nv_is_sum_good(p))
		return DROP;
	e = nv_find_in(m, p->proto, nv_source_of(p), sport, nv_dest_of(p),
		       masq_get16(v, 2));
	if (e == NULL)
		e = nv_portfw_create(m, p);
	if (e == NULL || (e->flags & NO_SPORT) != 0)
		return PASS;
	e->flags &= (uint16_t)~NO_REPLY;
	learn_peer(m, e, nv_source_of(p), sport);
	nv_put_dest(p, e->ia);
	nv_put_payload16(p, 2, e->ip);
	is_right = nv_call_helper(m, e, p, false, to);
	nv_make_sum(p);
	nv_make_header_sum(p);
	advance_state(m, e, p, inward);
	return is_right ? REWRITTEN : DROP;
}
