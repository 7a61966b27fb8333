/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receive.c - what happens to every frame (CORE-PATH-10 to -12)
 *
 * Link layer, IP header, trim, reassembly, input chain, routing, options;
 * then local delivery or forwarding.
 */
#include "router/router.h"

/*
 * Steps 1 and 2: is this a packet for us, and a sane one? *out_sum is the
 * folded sum of its header.
 */
static enum masq_drop check_header(const struct masq_frame *frame,
				   uint64_t *out_sum)
{
	const struct masq_view v = {.data = frame->data, .len = frame->len};
	const uint32_t hlen = (masq_get8(v, IP_O_VERSION) & 0xfu) * 4;
	const uint32_t total = masq_get16(v, IP_O_LEN);

	if (frame->cast == MASQ_CAST_OTHER ||
	    (frame->side != MASQ_INSIDE && frame->side != MASQ_OUTSIDE))
		return MASQ_DROP_NOT_UNICAST;
	if (v.len < IP_HEADER_MIN || masq_get8(v, IP_O_VERSION) >> 4 != 4 ||
	    hlen < IP_HEADER_MIN || v.len < hlen || v.len < total ||
	    total < hlen)
		return MASQ_DROP_IP_HEADER;
	*out_sum = masq_header_sum(masq_slice(v, 0, hlen));
	if (*out_sum != 0xffff)
		return MASQ_DROP_IP_HEADER;
	return MASQ_DROP_NONE;
}

/*
 * Payloads up to this are summed while they are copied: nearly all of them
 * are verified later, and what is copied fits the registers. Longer ones are
 * faster copied and summed one after the other, if at all.
 */
#define SUM_WHILE_COPYING 256u

/* Step 3: a copy of exactly the datagram, without link padding. */
static void take(struct router *r, const struct masq_frame *frame,
		 uint64_t header_sum)
{
	const struct masq_view v = {.data = frame->data, .len = frame->len};
	struct masq_pkt *p = &r->pkt;
	const uint32_t total = masq_get16(v, IP_O_LEN);

	p->buf.data = r->pkt_octets;
	p->buf.len = total;
	p->buf.cap = IP_MAX_LEN;
	pkt_parse(p, v);
	p->in = frame->side;
	p->cast = frame->cast;
	p->demasqueraded = false;
	p->routed = false;
	p->has_pseudo = false;
	p->is_summed = total - p->hlen <= SUM_WHILE_COPYING;
	if (p->is_summed) {
		memcpy(p->buf.data, v.data, IP_HEADER_MIN);
		if (p->hlen > IP_HEADER_MIN)
			memcpy(p->buf.data + IP_HEADER_MIN,
			       v.data + IP_HEADER_MIN, p->hlen - IP_HEADER_MIN);
		p->sum = masq_copy_sum(p->buf.data + p->hlen,
				       masq_slice(v, p->hlen, total - p->hlen));
	} else {
		memcpy(p->buf.data, v.data, total);
	}
	/* Options are written past the sum: they have it taken anew. */
	p->is_ip_summed = p->hlen == IP_HEADER_MIN;
	p->ip_sum = header_sum + (uint16_t)~masq_get16(v, IP_O_SUM);
	p->options = (struct ip_options){0};
	p->drop = MASQ_DROP_NONE;
}

/*
 * The firewall's view of fragments (CORE-FRAG-12): a first one too short
 * to hold what rules look at, and a TCP one that would overwrite it, are
 * denied.
 */
static bool is_denied_fragment(const struct masq_pkt *p)
{
	const uint16_t frag = pkt_frag(p);
	const uint8_t proto = pkt_proto(p);
	uint32_t need = 0;

	if ((frag & IP_OFFSET) == 1)
		return proto == PROTO_TCP;
	if ((frag & IP_OFFSET) != 0 || (frag & IP_MF) == 0)
		return false;
	if (proto == PROTO_TCP)
		need = 16;
	else if (proto == PROTO_UDP || proto == PROTO_ICMP)
		need = 8;
	return pkt_payload_len(p) < need;
}

/* CORE-FRAG-03; without the quirk there is no idle router. */
static bool reassembles_all(const struct router *r)
{
	return r->always_defrag != 0 ||
	       (r->config.quirks & MASQ_QUIRK(IDLE_FRAGMENT)) == 0;
}

static void learn(struct router *r, const struct masq_frame *frame)
{
	const struct masq_interface *i = router_interface(r, frame->side);
	const struct masq_net net = {.addr = i->addr, .len = i->len};
	const uint32_t saddr = pkt_saddr(&r->pkt);

	r->ethernet = true;
	if (masq_net_has(net, saddr) || r->config.gateway == 0)
		neighbours_learn(&r->neighbours, saddr, frame->src_mac);
	else if (frame->side == MASQ_OUTSIDE)
		neighbours_learn(&r->neighbours, r->config.gateway,
				 frame->src_mac);
}

enum masq_drop router_receive(struct router *r, const struct masq_frame *frame)
{
	struct masq_pkt *p = &r->pkt;
	uint64_t header_sum;
	enum masq_drop drop = check_header(frame, &header_sum);
	const struct route *route;

	if (drop != MASQ_DROP_NONE)
		return drop;
	take(r, frame, header_sum);
	if (frame->src_mac != NULL)
		learn(r, frame);
	if (pkt_is_fragment(p)) {
		if (reassembles_all(r)) {
			if (reasm_add(r->reasm, p, r->tick) == REASM_HELD)
				return p->drop;
			r->stats->num_joined++;
		} else if (is_denied_fragment(p)) {
			return MASQ_DROP_FRAGMENT;
		}
	}
	route = router_route_in(r, pkt_saddr(p), pkt_daddr(p), p->in);
	if (route->kind == ROUTE_NONE)
		return route->drop;
	p->routed = true;
	if (p->hlen > IP_HEADER_MIN && !options_receive(r, p))
		return MASQ_DROP_IP_OPTION;
	if (route->kind == ROUTE_FORWARD)
		router_forward(r, p, route);
	else
		router_deliver(r, p, route);
	return p->drop;
}
