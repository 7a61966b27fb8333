/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forward.c - the forwarding path, step by step (CORE-PATH-30)
 */
#include "router/router.h"
#include "wire/fragment.h"

struct sending {
	struct router *r;
	const struct route *route;
	bool own_error;
};

static void send_piece(void *ctx, const uint8_t *data, uint32_t len)
{
	const struct sending *s = ctx;
	struct router *r = s->r;
	struct masq_result result = {
		.side = s->route->out,
		.now = r->now,
		.data = data,
		.len = len,
		.own_error = s->own_error,
	};

	if (r->ethernet)
		result.dst_mac = neighbours_find(&r->neighbours, &r->config,
						 s->route->next_hop);
	r->stats->num_results++;
	r->emit(r->emit_ctx, &result);
}

void router_send(struct router *r, const struct masq_pkt *p,
		 const struct route *route, bool own_error)
{
	const uint32_t mtu = router_interface(r, route->out)->mtu;
	struct sending s = {.r = r, .route = route, .own_error = own_error};

	if (p->buf.len <= mtu)
		send_piece(&s, p->buf.data, p->buf.len);
	else
		fragment_split(p, mtu, r->piece_octets, send_piece, &s);
}

/*
 * Step 8 (CORE-CSUM-07 as corrected for 2.2.26): C + 0x0100 with the carry
 * put back, and 0xFFFF written as 0x0000.
 */
static void decrement_ttl(struct masq_pkt *p)
{
	uint32_t sum = pkt_get16(p, IP_O_SUM) + 0x0100u;

	sum = (sum & 0xffff) + (sum >> 16);
	if (sum == 0xffff)
		sum = 0;
	masq_put16(&p->buf, IP_O_SUM, (uint16_t)sum);
	pkt_ip_put16(p, IP_O_TTL, (uint16_t)(pkt_get16(p, IP_O_TTL) - 0x0100));
}

/* Step 7: tells an on-link sender about the better way. */
static void send_redirect(struct router *r, const struct masq_pkt *p,
			  const struct route *route)
{
	const struct rate_key key = {
		.daddr = pkt_daddr(p),
		.saddr = pkt_saddr(p),
		.tos = pkt_get8(p, IP_O_TOS) & 0x1e,
		.in = (uint8_t)p->in,
	};

	if (rate_allow_redirect(r->rate, &key, r->tick))
		router_error(r, p, ICMP_REDIRECT, 1, route->next_hop);
}

static bool is_masqueraded(const struct router *r, const struct masq_pkt *p,
			   const struct route *route)
{
	const struct masq_rule *rule = &r->config.rule;

	if (route->out != MASQ_OUTSIDE ||
	    !masq_net_has(rule->dest, pkt_daddr(p)))
		return false;
	for (unsigned int i = 0; i < rule->num_sources; i++)
		if (masq_net_has(rule->source[i], pkt_saddr(p)))
			return true;
	return false;
}

static bool is_icmp_error(const struct masq_pkt *p)
{
	uint8_t type = pkt_l4_get8(p, ICMP_O_TYPE);

	return pkt_proto(p) == PROTO_ICMP &&
	       (type == ICMP_UNREACHABLE || type == ICMP_QUENCH ||
		type == ICMP_TIME_EXCEEDED);
}

/* Steps 10 to 12; false if the packet is to be dropped. */
static bool translate(struct router *r, struct masq_pkt *p,
		      const struct route *route)
{
	enum nat_verdict verdict = NAT_PASS;

	if (p->demasqueraded)
		return true;
	if (is_icmp_error(p))
		verdict = r->nat->error(r->nat_ctx, p);
	if (verdict == NAT_PASS && is_masqueraded(r, p, route))
		verdict = r->nat->outbound(r->nat_ctx, p,
					   router_preferred(r, pkt_daddr(p)));
	return verdict != NAT_DROP;
}

void router_forward(struct router *r, struct masq_pkt *p,
		    const struct route *route)
{
	const uint32_t mtu = router_interface(r, route->out)->mtu;

	if (p->cast != MASQ_CAST_HOST) {
		p->drop = MASQ_DROP_NOT_UNICAST;
		return;
	}
	if (pkt_get8(p, IP_O_TTL) <= 1) {
		p->drop = MASQ_DROP_TTL;
		router_error(r, p, ICMP_TIME_EXCEEDED, 0, 0);
		return;
	}
	if (route->redirect)
		send_redirect(r, p, route);
	decrement_ttl(p);
	if (p->buf.len > mtu && (pkt_frag(p) & IP_DF) != 0) {
		p->drop = MASQ_DROP_TOO_BIG;
		router_error(r, p, ICMP_UNREACHABLE, 4, mtu);
		return;
	}
	if (!translate(r, p, route))
		return;
	options_forward(r, p, router_preferred(r, pkt_daddr(p)));
	router_send(r, p, route, false);
}
