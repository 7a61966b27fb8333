/* SPDX-License-Identifier: Apache-2.0 */
/* router.c - the way of a packet: received, routed, delivered, forwarded */
#include "model.h"

static bool is_in(uint32_t addr, uint32_t net, unsigned int len)
{
	return len == 0 || (addr ^ net) >> (32 - len) == 0;
}

const struct conf_interface *nv_interface_of(const struct model *m,
					     enum conf_side side)
{
	return side == CONF_INSIDE ? &m->settings.inside : &m->settings.outside;
}

bool nv_is_on_net(const struct conf_interface *i, uint32_t addr)
{
	return is_in(addr, i->addr, i->len);
}

bool nv_is_router(const struct model *m, uint32_t addr)
{
	return addr == m->settings.inside.addr ||
	       addr == m->settings.outside.addr;
}

/* The highest and the lowest address of a net are nobody's. */
static bool is_broadcast_of(const struct conf_interface *i, uint32_t addr)
{
	const uint32_t host = UINT32_MAX >> i->len;

	return nv_is_on_net(i, addr) &&
	       ((addr & host) == host || (addr & host) == 0);
}

bool nv_is_broadcast(const struct model *m, uint32_t addr)
{
	return addr == UINT32_MAX ||
	       is_broadcast_of(&m->settings.inside, addr) ||
	       is_broadcast_of(&m->settings.outside, addr);
}

static bool is_nonsense(uint32_t addr)
{
	return addr >> 24 == 0 || addr >> 24 == 127;
}

/* Can a packet from source to dest be? */
static bool is_martian(const struct model *m, uint32_t source, uint32_t dest)
{
	if (source >> 29 == 7 || is_nonsense(source) ||
	    nv_is_router(m, source) || nv_is_broadcast(m, source))
		return true;
	return (dest >> 29 == 7 && dest != UINT32_MAX) || is_nonsense(dest);
}

enum conf_side nv_way_to(const struct model *m, uint32_t addr)
{
	return nv_is_on_net(&m->settings.inside, addr) ? CONF_INSIDE
						       : CONF_OUTSIDE;
}

bool nv_is_neighbour(const struct model *m, enum conf_side side, uint32_t addr)
{
	return nv_is_on_net(nv_interface_of(m, side), addr) ||
	       (side == CONF_OUTSIDE && m->settings.gateway == 0 &&
		!nv_is_on_net(&m->settings.inside, addr));
}

static void emit(struct model *m, const struct packet *p, enum conf_side side,
		 bool own_error)
{
	const struct conf_packet result = {
		.side = side,
		.now = m->now,
		.data = p->buf.data,
		.len = p->buf.len,
		.own_error = own_error,
	};

	if (m->loss == NULL && m->emit != NULL)
		m->emit(m->ctx, &result);
}

/* CORE-FRAG-10: cut for the link, without DF. */
void nv_send_out(struct model *m, struct packet *p, enum conf_side side,
		 bool own_error)
{
	const uint32_t mtu = nv_interface_of(m, side)->mtu;
	const uint32_t step = (mtu - p->hlen) & ~7u;
	const struct masq_view payload = nv_payload_of(p);
	struct packet slice = *p;

	nv_finish_options(m, p, side);
	if (p->buf.len <= mtu) {
		emit(m, p, side, own_error);
		return;
	}
	slice.buf.data = m->slice;
	for (uint32_t at = 0; at < payload.len; at += step) {
		const struct masq_view part = masq_slice(payload, at, step);
		const bool more = at + part.len < payload.len;

		memcpy(m->slice, p->buf.data, p->hlen);
		memcpy(m->slice + p->hlen, part.data, part.len);
		slice.buf.len = p->hlen + part.len;
		masq_put16(&slice.buf, 2, (uint16_t)slice.buf.len);
		masq_put16(&slice.buf, 6,
			   (uint16_t)(at / 8 | (more ? 0x2000u : 0)));
		if (at > 0 && p->has_record)
			nv_blank_options(&slice);
		nv_make_header_sum(&slice);
		emit(m, &slice, side, own_error);
	}
}

void nv_originate(struct model *m, const struct origin *o, uint32_t payload_len)
{
	struct packet p = {
		.buf = {m->own, 20 + payload_len, MAX_DATAGRAM},
		.side = CONF_SIDE_NONE,
		.hlen = 20,
		.proto = o->proto,
	};
	const enum conf_side side = nv_way_to(m, o->dest);
	const uint32_t hlen = o->cause != NULL ? nv_echo_len(o->cause) : 20;

	memmove(m->own + hlen, m->own + 20, payload_len);
	if (hlen > 20)
		nv_echo_options(m, &p, o->cause, o->source);
	p.buf.len = hlen + payload_len;
	masq_put16(&p.buf, 0, (uint16_t)(hlen << 6 | 0x4000u | o->tos));
	masq_put16(&p.buf, 2, (uint16_t)p.buf.len);
	masq_put16(&p.buf, 4, m->ip_id++);
	masq_put16(&p.buf, 6, 0);
	masq_put16(&p.buf, 8, (uint16_t)(o->ttl << 8 | o->proto));
	nv_put_source(&p, o->source);
	nv_put_dest(&p, o->dest);
	nv_make_sum(&p);
	nv_make_header_sum(&p);
	nv_send_out(m, &p, side, o->is_error);
}

/* ---- forwarded ------------------------------------------------------- */

/* The masquerading rule. */
static bool is_masqueraded(const struct model *m, const struct packet *p)
{
	const struct conf_settings *s = &m->settings;

	if (!is_in(nv_dest_of(p), s->dest.addr, s->dest.len))
		return false;
	for (unsigned int i = 0; i < s->num_sources; i++)
		if (is_in(nv_source_of(p), s->sources[i].addr,
			  s->sources[i].len))
			return true;
	return false;
}

/* Step 7: there is a shorter way. */
static void redirect(struct model *m, const struct packet *p,
		     enum conf_side out)
{
	uint32_t hop = nv_dest_of(p);

	if (out != p->side || !nv_is_neighbour(m, out, nv_source_of(p)))
		return;
	if (!nv_is_neighbour(m, out, hop))
		hop = m->settings.gateway;
	if (nv_may_redirect(m, p))
		nv_own_error(m, p, 5, 1, hop);
}

/* Steps 10 to 12. */
static enum fate translate(struct model *m, struct packet *p,
			   enum conf_side out)
{
	enum fate fate = PASS;

	if (p->is_restored)
		return PASS;
	if (p->proto == ICMP)
		fate = nv_error_out(m, p);
	if (fate != PASS || out != CONF_OUTSIDE || !is_masqueraded(m, p))
		return fate;
	return p->proto == ICMP ? nv_query_out(m, p) : nv_flow_out(m, p);
}

/* The sum of a header whose options were written is made as it leaves. */
static void step_ttl(struct packet *p)
{
	const uint16_t word = masq_get16(nv_view_of(p), 8);

	masq_put16(&p->buf, 10,
		   nv_moved_sum(masq_get16(nv_view_of(p), 10), word,
				(uint16_t)(word - 0x100)));
	masq_put16(&p->buf, 8, (uint16_t)(word - 0x100));
}

/* CORE-PATH-30 */
static void forward(struct model *m, struct packet *p)
{
	const enum conf_side out = nv_way_to(m, nv_dest_of(p));
	const uint16_t mtu = nv_interface_of(m, out)->mtu;
	const uint16_t ttl = masq_get8(nv_view_of(p), 8);

	if (p->cast != CONF_CAST_HOST)
		return;
	if (ttl <= 1) {
		nv_own_error(m, p, 11, 0, 0);
		return;
	}
	redirect(m, p, out);
	step_ttl(p);
	if (p->buf.len > mtu && (masq_get16(nv_view_of(p), 6) & 0x4000) != 0) {
		nv_own_error(m, p, 3, 4, mtu);
		return;
	}
	if (translate(m, p, out) != DROP)
		nv_send_out(m, p, out, false);
}

/* ---- received -------------------------------------------------------- */

static void route(struct model *m, struct packet *p);

/* CORE-PATH-20 */
static void deliver(struct model *m, struct packet *p)
{
	enum fate fate;

	if (p->cast != CONF_CAST_HOST || p->is_restored ||
	    nv_is_broadcast(m, nv_dest_of(p)))
		return;
	memcpy(m->before, p->buf.data, p->buf.len);
	p->before = m->before;
	p->before_len = p->buf.len;
	fate = p->proto == ICMP ? nv_icmp_in(m, p) : nv_flow_in(m, p);
	if (fate == PASS)
		nv_answer(m, p);
	if (fate != REWRITTEN)
		return;
	p->is_restored = true;
	route(m, p);
}

static void route(struct model *m, struct packet *p)
{
	const uint32_t dest = nv_dest_of(p);

	if (is_martian(m, nv_source_of(p), dest))
		return;
	if (p->hlen > 20 && !p->is_restored && !nv_read_options(m, p))
		return;
	if (nv_is_router(m, dest) || nv_is_broadcast(m, dest))
		deliver(m, p);
	else
		forward(m, p);
}

/* CORE-PATH-10 step 2, -12 */
static bool is_sound(struct masq_view v)
{
	const uint32_t hlen = (masq_get8(v, 0) & 15) * 4u;
	const uint32_t len = masq_get16(v, 2);

	return v.len >= 20 && masq_get8(v, 0) >> 4 == 4 && hlen >= 20 &&
	       v.len >= hlen && nv_sum_of(masq_slice(v, 0, hlen)) == 0xffff &&
	       v.len >= len && len >= hlen;
}

void nv_receive(struct model *m, const struct conf_packet *stimulus)
{
	const struct masq_view v = {stimulus->data, stimulus->len};
	struct packet p = {
		.buf = {m->work, masq_get16(v, 2), MAX_DATAGRAM},
		.side = stimulus->side,
		.cast = stimulus->cast,
		.hlen = (masq_get8(v, 0) & 15) * 4u,
		.proto = masq_get8(v, 9),
	};

	if (stimulus->cast >= CONF_CAST_OTHER ||
	    (p.side != CONF_INSIDE && p.side != CONF_OUTSIDE) || !is_sound(v))
		return;
	memcpy(m->work, v.data, p.buf.len);
	nv_hear(m, &p, stimulus->src_mac);
	if ((masq_get16(v, 6) & 0x3fff) != 0 && !nv_reassemble(m, &p))
		return;
	route(m, &p);
}
