/* SPDX-License-Identifier: Apache-2.0 */
/* own.c - the router's own ICMP errors (CORE-RICMP), and how often */
#include "model.h"

enum {
	COST = 100, /* ticks, of an error */
	BURST = 6,
	FLUSH = 60000, /* ticks, from flush to flush of the route cache */
	MOST = 576,    /* octets, of a message */
	REDIRECT = 1,
};

/*
 * What is remembered of a route: that towards a host which is complained to,
 * or that of a packet which was redirected. A new one, or one from before
 * the last flush, has spent nothing since the router was started.
 */
static struct rate *rate_of(struct model *m, const struct rate *key)
{
	const uint64_t epoch = (m->tick - m->boot) / FLUSH;
	struct rate *r = m->rates;

	for (unsigned int i = 0; i < m->num_rates; i++, r++) {
		if (r->dest != key->dest || r->source != key->source ||
		    r->tos != key->tos || r->kind != key->kind)
			continue;
		if (r->epoch != epoch) {
			r->epoch = epoch;
			r->tokens = 0;
			r->last = m->boot;
		}
		return r;
	}
	if (m->num_rates == MAX_RATES) {
		nv_lose(m, "too many routes");
		return &m->rates[0];
	}
	m->num_rates++;
	*r = *key;
	r->epoch = epoch;
	r->tokens = 0;
	r->last = m->boot;
	return r;
}

/* CORE-RICMP-05 */
static bool may_complain(struct model *m, uint32_t dest, uint32_t source,
			 uint8_t tos)
{
	const struct rate key = {
		.dest = dest, .source = source, .tos = tos & 0x1e};
	struct rate *r = rate_of(m, &key);

	r->tokens += m->tick - r->last;
	r->last = m->tick;
	if (r->tokens > BURST * COST)
		r->tokens = BURST * COST;
	if (r->tokens < COST)
		return false;
	r->tokens -= COST;
	return true;
}

/* CORE-VER-15: an echo reply leaves nothing for errors. */
void nv_spend_all(struct model *m, uint32_t dest, uint32_t source, uint8_t tos)
{
	const struct rate key = {
		.dest = dest, .source = source, .tos = tos & 0x1e};
	struct rate *r = rate_of(m, &key);

	r->tokens = 0;
	r->last = m->tick;
}

/*
 * Redirects: each one sent doubles the rest before the next, after nine
 * there are none until the sender has been silent for a while.
 */
bool nv_may_redirect(struct model *m, const struct packet *p)
{
	const struct rate key = {
		.dest = nv_dest_of(p),
		.source = nv_source_of(p),
		.tos = masq_get8(nv_view_of(p), 1) & 0x1e,
		.kind = (uint8_t)(REDIRECT + p->side),
	};
	struct rate *r = rate_of(m, &key);

	if (m->tick - r->last > 2048)
		r->tokens = 0;
	if (r->tokens >= 9) {
		r->last = m->tick;
		return false;
	}
	if (m->tick - r->last <= UINT64_C(2) << r->tokens)
		return false;
	r->last = m->tick;
	r->tokens++;
	return true;
}

/* CORE-RICMP-01: nothing is said about what is itself a complaint. */
static bool is_complaint(const struct packet *p)
{
	const uint8_t type = masq_get8(nv_payload_of(p), 0);

	return p->proto == ICMP && type != 0 && type != 8 &&
	       (type < 13 || type > 18);
}

/* The packet as its sender knows it, but for the TTL (SUR-B01, -B02). */
static struct packet as_sent(const struct packet *p)
{
	struct packet q = *p;

	if (!p->is_restored)
		return q;
	q.buf.data = p->before;
	q.buf.len = p->before_len;
	masq_put8(&q.buf, 8, masq_get8(nv_view_of(p), 8));
	nv_make_header_sum(&q);
	return q;
}

void nv_own_error(struct model *m, const struct packet *p, uint8_t type,
		  uint8_t code, uint32_t rest)
{
	const uint8_t tos = masq_get8(nv_view_of(p), 1);
	const struct packet quoted = as_sent(p);
	const bool to_router = nv_is_router(m, nv_dest_of(p));
	const enum conf_side side = nv_way_to(m, nv_source_of(p));
	const struct conf_interface *way = nv_interface_of(m, side);
	const struct origin o = {
		.cause = p,
		.source = to_router ? nv_dest_of(p) : way->addr,
		.dest = nv_source_of(p),
		.proto = ICMP,
		.tos = (uint8_t)((tos & 0x1e) | 0xc0),
		.ttl = 255,
		.is_error = true,
	};
	struct masq_buf message = {m->own + 20, MAX_DATAGRAM - 20,
				   MAX_DATAGRAM - 20};
	struct masq_view data;

	if (p->cast != CONF_CAST_HOST || is_complaint(p) ||
	    nv_is_broadcast(m, nv_dest_of(p)))
		return;
	if (type != 5 && (type != 3 || code != 4) &&
	    !may_complain(m, o.dest, to_router ? o.source : 0, tos))
		return;
	data = masq_slice(nv_view_of(&quoted), 0,
			  (way->mtu < MOST ? way->mtu : MOST) - 8 -
				  nv_echo_len(p));
	masq_put16(&message, 0, (uint16_t)(type << 8 | code));
	masq_put16(&message, 2, 0);
	masq_put32(&message, 4, rest);
	memcpy(message.data + 8, data.data, data.len);
	nv_originate(m, &o, 8 + data.len);
}
