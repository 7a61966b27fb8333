/* SPDX-License-Identifier: Apache-2.0 */
/*
 * local.c - packets for the router itself (CORE-PATH-20)
 *
 * The NAT looks first (L1). What it passes is for the router's own stack,
 * which is silent by default; told to answer, it has no open ports: echo
 * and timestamp are answered, UDP gets a port unreachable, TCP a reset and
 * any other protocol a protocol unreachable.
 */
#include "router/router.h"

static void answer_echo(struct router *r, const struct masq_pkt *p,
			const struct own_header *h, uint8_t type)
{
	const struct rate_key key = {
		.daddr = h->dest,
		.saddr = h->source,
		.tos = h->tos & 0x1e,
	};
	struct masq_pkt *own = router_own_begin(r, p, h);

	memcpy(own->buf.data + own->hlen, pkt_payload(p).data, h->payload_len);
	masq_put8(&own->buf, own->hlen + ICMP_O_TYPE, type);
	masq_put8(&own->buf, own->hlen + ICMP_O_CODE, 0);
	if (type == ICMP_TIMESTAMP_REPLY) {
		masq_put32(&own->buf, own->hlen + 12, router_day_ms(r));
		masq_put32(&own->buf, own->hlen + 16, router_day_ms(r));
	}
	pkt_finish_icmp(own);
	if (type == ICMP_ECHO_REPLY)
		rate_drain(r->rate, &key, r->tick);
	router_own_send(r, false);
}

#define TIMESTAMP_LEN 20u /* octets of the whole ICMP message, RFC 792 */

static void answer_icmp(struct router *r, struct masq_pkt *p,
			struct own_header *h)
{
	const uint8_t type = pkt_l4_get8(p, ICMP_O_TYPE);

	if (h->payload_len < ICMP_HEADER || !pkt_icmp_good(p))
		return;
	if (type == ICMP_ECHO) {
		answer_echo(r, p, h, ICMP_ECHO_REPLY);
	} else if (type == ICMP_TIMESTAMP && h->payload_len >= TIMESTAMP_LEN) {
		h->payload_len = TIMESTAMP_LEN;
		answer_echo(r, p, h, ICMP_TIMESTAMP_REPLY);
	}
}

static void answer_udp(struct router *r, struct masq_pkt *p)
{
	const uint32_t len = pkt_l4_get16(p, UDP_O_LEN);

	if (len < UDP_HEADER || len > pkt_payload_len(p))
		return;
	if (pkt_l4_get16(p, UDP_O_SUM) != 0 && !pkt_l4_good(p, len))
		return;
	router_error(r, p, ICMP_UNREACHABLE, 3, 0);
}

/* RFC 793 page 36: a segment for a connection that does not exist. */
static void answer_tcp(struct router *r, struct masq_pkt *p,
		       struct own_header *h)
{
	const uint32_t len = pkt_payload_len(p);
	const uint32_t doff = (pkt_l4_get8(p, TCP_O_DOFF) >> 4) * 4u;
	const uint8_t flags = pkt_l4_get8(p, TCP_O_FLAGS);
	uint32_t seq = 0, ack = 0;
	uint8_t answer = TCP_RST;
	struct masq_pkt *own;

	if (len < TCP_HEADER_MIN || doff < TCP_HEADER_MIN || doff > len ||
	    !pkt_l4_good(p, len) || (flags & TCP_RST) != 0)
		return;
	if ((flags & TCP_ACK) != 0) {
		seq = pkt_l4_get32(p, TCP_O_ACK);
	} else {
		answer |= TCP_ACK;
		ack = pkt_l4_get32(p, TCP_O_SEQ) + (len - doff) +
		      ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
	}
	h->payload_len = TCP_HEADER_MIN;
	own = router_own_begin(r, p, h);
	memset(own->buf.data + own->hlen, 0, TCP_HEADER_MIN);
	pkt_l4_put16(own, L4_O_SPORT, pkt_l4_get16(p, L4_O_DPORT));
	pkt_l4_put16(own, L4_O_DPORT, pkt_l4_get16(p, L4_O_SPORT));
	pkt_l4_put32(own, TCP_O_SEQ, seq);
	pkt_l4_put32(own, TCP_O_ACK, ack);
	pkt_l4_put16(own, TCP_O_DOFF, (uint16_t)(0x5000 | answer));
	pkt_finish_l4(own, TCP_HEADER_MIN);
	router_own_send(r, false);
}

static void answer(struct router *r, struct masq_pkt *p)
{
	const bool is_unicast = p->cast == MASQ_CAST_HOST &&
				router_is_own(r, pkt_daddr(p));
	struct own_header h = {
		.source = pkt_daddr(p),
		.dest = pkt_saddr(p),
		.tos = pkt_get8(p, IP_O_TOS),
		.proto = pkt_proto(p),
		.payload_len = pkt_payload_len(p),
	};

	if (!is_unicast)
		return;
	if (h.proto == PROTO_ICMP)
		answer_icmp(r, p, &h);
	else if (h.proto == PROTO_UDP)
		answer_udp(r, p);
	else if (h.proto == PROTO_TCP)
		answer_tcp(r, p, &h);
	else
		router_error(r, p, ICMP_UNREACHABLE, 2, 0);
}

/* After L1 rewrote the destination: where to now? */
static void route_again(struct router *r, struct masq_pkt *p)
{
	const struct route *route = router_route_in(r, pkt_saddr(p),
						    pkt_daddr(p), p->in);

	p->demasqueraded = true;
	if (route->kind == ROUTE_FORWARD)
		router_forward(r, p, route);
	else if (route->kind == ROUTE_NONE)
		p->drop = route->drop;
	else
		p->drop = MASQ_DROP_TWICE; /* CORE-VER-07 */
}

void router_deliver(struct router *r, struct masq_pkt *p,
		    const struct route *route)
{
	enum nat_verdict verdict = NAT_PASS;

	if (pkt_is_fragment(p)) {
		if (reasm_add(r->reasm, p, r->tick) == REASM_HELD)
			return;
		r->stats->num_joined++;
		p->options = (struct ip_options){0};
	}
	r->before_len = 0;
	if (p->cast == MASQ_CAST_HOST && route->kind == ROUTE_LOCAL)
		verdict = r->nat->local(r->nat_ctx, p);
	if (verdict == NAT_DROP)
		return;
	if (verdict == NAT_REWRITTEN) {
		route_again(r, p);
		return;
	}
	p->drop = MASQ_DROP_LOCAL;
	if (r->config.local_answer)
		answer(r, p);
}
