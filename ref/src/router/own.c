/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own.c - what the router sends itself: ICMP errors (CORE-RICMP)
 */
#include "router/router.h"

#define OWN_TTL 255

/* CORE-RICMP-01: an ICMP message that must not be answered by another. */
static bool is_unanswerable(const struct masq_pkt *p)
{
	const uint8_t type = pkt_l4_get8(p, ICMP_O_TYPE);

	if (pkt_proto(p) != PROTO_ICMP)
		return false;
	switch (type) {
	case ICMP_ECHO_REPLY:
	case ICMP_ECHO:
	case ICMP_TIMESTAMP:
	case ICMP_TIMESTAMP_REPLY:
	case ICMP_INFO:
	case ICMP_INFO_REPLY:
	case ICMP_MASK:
	case ICMP_MASK_REPLY:
		return false;
	default:
		return true;
	}
}

/* CORE-RICMP-01: was it meant for more than one host? */
static bool is_to_many(const struct router *r, const struct masq_pkt *p)
{
	const enum route_kind kind = router_route(r, pkt_daddr(p)).kind;

	return kind == ROUTE_BROADCAST || kind == ROUTE_NONE;
}

struct masq_pkt *router_own_begin(struct router *r, const struct masq_pkt *p,
				  const struct own_header *h)
{
	struct masq_pkt *own = &r->own;
	uint8_t options[40];
	const uint32_t options_len = options_echo(r, p, h->source, options);

	*own = (struct masq_pkt){
		.buf = {.data = r->own_octets, .cap = IP_MAX_LEN},
		.hlen = IP_HEADER_MIN + options_len,
		.options.known = true, /* to whoever cuts it: RFC 791, 3.1 */
	};
	own->buf.len = own->hlen + h->payload_len;
	memset(own->buf.data, 0, own->hlen);
	masq_put8(&own->buf, IP_O_VERSION, (uint8_t)(0x40 | own->hlen / 4));
	masq_put8(&own->buf, IP_O_TOS, h->tos);
	masq_put16(&own->buf, IP_O_LEN, (uint16_t)own->buf.len);
	masq_put8(&own->buf, IP_O_TTL, OWN_TTL);
	masq_put8(&own->buf, IP_O_PROTO, h->proto);
	masq_put32(&own->buf, IP_O_SADDR, h->source);
	masq_put32(&own->buf, IP_O_DADDR, h->dest);
	pkt_parse(own, pkt_view(own));
	memcpy(own->buf.data + IP_HEADER_MIN, options, options_len);
	return own;
}

void router_own_send(struct router *r, bool own_error)
{
	struct masq_pkt *own = &r->own;
	struct route route = router_route(r, pkt_daddr(own));

	masq_put16(&own->buf, IP_O_ID, r->ip_id++);
	pkt_finish_ip(own);
	/* To itself: over loopback, where nobody listens (RICMP-10). */
	if (route.kind != ROUTE_FORWARD)
		return;
	if (own_error)
		r->stats->num_own_errors++;
	router_send(r, own, &route, own_error);
}

void router_remember(struct router *r, const struct masq_pkt *p)
{
	const struct masq_view v = masq_slice(pkt_view(p), 0,
					      sizeof(r->before));

	memcpy(r->before, v.data, v.len);
	r->before_len = v.len;
}

/* The quoted packet as its sender knows it. */
static void restore_quote(struct router *r, struct masq_pkt *q)
{
	const uint8_t ttl = masq_get8(masq_view_of(&q->buf), IP_O_TTL);

	if (r->before_len == 0) {
		r->nat->restore(r->nat_ctx, q);
		return;
	}
	q->buf.len = r->before_len;
	memcpy(q->buf.data, r->before, q->buf.len);
	masq_put8(&q->buf, IP_O_TTL, ttl);
	pkt_finish_ip(q);
}

/*
 * Copies the offending packet, cut to room, behind the ICMP header. It is
 * restored before, as room may end within its header.
 */
static void quote(struct router *r, const struct masq_pkt *p, bool restore,
		  uint32_t room)
{
	struct masq_pkt *own = &r->own;
	const uint32_t at = own->hlen + ICMP_HEADER;
	struct masq_pkt q = *p;

	if (q.buf.len > ROUTER_ERROR_MAX)
		q.buf.len = ROUTER_ERROR_MAX;
	q.buf.data = own->buf.data + at;
	q.is_summed = q.has_pseudo = q.is_ip_summed = false;
	memcpy(q.buf.data, p->buf.data, q.buf.len);
	if (restore)
		restore_quote(r, &q);
	if (q.buf.len > room)
		q.buf.len = room;
	own->buf.len = at + q.buf.len;
	masq_put16(&own->buf, IP_O_LEN, (uint16_t)own->buf.len);
}

/* CORE-RICMP-05, a bucket for each route. */
static bool is_allowed(struct router *r, uint8_t type, uint8_t code,
		       const struct own_header *h, uint32_t asked_source)
{
	const struct rate_key key = {
		.daddr = h->dest,
		.saddr = asked_source,
		.tos = h->tos & 0x1e,
	};

	if (type == ICMP_REDIRECT || (type == ICMP_UNREACHABLE && code == 4))
		return true;
	return rate_allow_error(r->rate, &key, r->tick);
}

void router_error(struct router *r, const struct masq_pkt *p, uint8_t type,
		  uint8_t code, uint32_t rest)
{
	const bool is_local = router_is_own(r, pkt_daddr(p));
	struct own_header h = {
		.dest = pkt_saddr(p),
		.tos = (pkt_get8(p, IP_O_TOS) & 0x1e) | 0xc0,
		.proto = PROTO_ICMP,
		.payload_len = ICMP_HEADER,
	};
	struct route route;
	struct masq_pkt *own;
	uint32_t room;

	if (p->cast != MASQ_CAST_HOST || (pkt_frag(p) & IP_OFFSET) != 0 ||
	    is_unanswerable(p) || is_to_many(r, p))
		return;
	route = router_route(r, h.dest);
	if (route.kind != ROUTE_FORWARD)
		return;
	h.source = is_local ? pkt_daddr(p) : router_preferred(r, h.dest);
	if (!is_allowed(r, type, code, &h, is_local ? h.source : 0))
		return;
	own = router_own_begin(r, p, &h);
	room = router_interface(r, route.out)->mtu;
	if (room > ROUTER_ERROR_MAX)
		room = ROUTER_ERROR_MAX;
	room -= own->hlen + ICMP_HEADER;
	masq_put8(&own->buf, own->hlen + ICMP_O_TYPE, type);
	masq_put8(&own->buf, own->hlen + ICMP_O_CODE, code);
	masq_put32(&own->buf, own->hlen + 4, rest);
	quote(r, p,
	      p->demasqueraded &&
		      (type == ICMP_UNREACHABLE ||
		       (r->config.quirks & MASQ_QUIRK(TTL_QUOTE)) == 0),
	      room);
	pkt_finish_icmp(own);
	router_own_send(r, true);
}
