/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route.c - where a packet goes, and whether its addresses make sense
 *
 * Two attached networks and a default route outside. Source addresses are
 * checked for what can never be a sender; where they came from is not
 * checked (rp_filter is off, CORE-CFG-07). Routes never change, so those of
 * the last packets are kept.
 */
#include "router/router.h"

const struct masq_interface *router_interface(const struct router *r,
					      enum masq_side side)
{
	return side == MASQ_INSIDE ? &r->config.inside : &r->config.outside;
}

static struct attached attach(const struct masq_interface *i)
{
	const uint32_t mask = ~(UINT32_MAX >> i->len);

	return (struct attached){
		.addr = i->addr,
		.net = i->addr & mask,
		.mask = mask,
	};
}

void router_attach(struct router *r)
{
	r->nets[MASQ_INSIDE] = attach(&r->config.inside);
	r->nets[MASQ_OUTSIDE] = attach(&r->config.outside);
}

static inline bool is_on_link(const struct router *r, enum masq_side side,
			      uint32_t addr)
{
	return (addr & r->nets[side].mask) == r->nets[side].net;
}

/* No router between: without a gateway so is everybody outside. */
static inline bool is_neighbour(const struct router *r, enum masq_side side,
				uint32_t addr)
{
	return is_on_link(r, side, addr) ||
	       (side == MASQ_OUTSIDE && r->config.gateway == 0 &&
		!is_on_link(r, MASQ_INSIDE, addr));
}

bool router_is_own(const struct router *r, uint32_t addr)
{
	return addr == r->nets[MASQ_INSIDE].addr ||
	       addr == r->nets[MASQ_OUTSIDE].addr;
}

/* All host bits 1 or all 0 (RFC 1812 5.3.5.2). */
static inline bool is_net_broadcast(const struct router *r, enum masq_side side,
				    uint32_t addr)
{
	const uint32_t host = ~r->nets[side].mask;

	return is_on_link(r, side, addr) &&
	       ((addr & host) == host || (addr & host) == 0);
}

static inline bool is_broadcast(const struct router *r, uint32_t addr)
{
	return addr == UINT32_MAX || is_net_broadcast(r, MASQ_INSIDE, addr) ||
	       is_net_broadcast(r, MASQ_OUTSIDE, addr);
}

static inline bool is_multicast(uint32_t addr)
{
	return addr >> 28 == 0xe;
}

/* Class E, 0/8, 127/8: never on the wire as a destination. */
static inline bool is_impossible(uint32_t addr)
{
	return (addr >> 28 == 0xf && addr != UINT32_MAX) || addr >> 24 == 0 ||
	       addr >> 24 == 127;
}

static bool is_unicast_elsewhere(const struct router *r, uint32_t addr)
{
	return !router_is_own(r, addr) && !is_broadcast(r, addr) &&
	       !is_multicast(addr) && !is_impossible(addr);
}

struct route router_route(const struct router *r, uint32_t daddr)
{
	struct route route = {.kind = ROUTE_FORWARD};

	if (router_is_own(r, daddr)) {
		route.kind = ROUTE_LOCAL;
	} else if (is_broadcast(r, daddr)) {
		route.kind = ROUTE_BROADCAST;
	} else if (is_impossible(daddr)) {
		route.kind = ROUTE_NONE;
		route.drop = MASQ_DROP_MARTIAN;
	} else if (is_multicast(daddr)) {
		route.kind = ROUTE_NONE;
		route.drop = MASQ_DROP_NO_ROUTE;
	} else if (is_on_link(r, MASQ_INSIDE, daddr)) {
		route.out = MASQ_INSIDE;
		route.next_hop = daddr;
	} else {
		route.out = MASQ_OUTSIDE;
		route.next_hop = daddr;
		if (!is_neighbour(r, MASQ_OUTSIDE, daddr))
			route.next_hop = r->config.gateway;
	}
	return route;
}

static struct route route_in(const struct router *r, uint32_t saddr,
			     uint32_t daddr, enum masq_side in)
{
	struct route route = router_route(r, daddr);

	/* 0.0.0.0 may ask everybody (DHCP), nobody else may be 0/8. */
	if (saddr == 0 && route.kind == ROUTE_BROADCAST)
		return route;
	if (!is_unicast_elsewhere(r, saddr)) {
		route.kind = ROUTE_NONE;
		route.drop = MASQ_DROP_MARTIAN;
		return route;
	}
	route.redirect = route.kind == ROUTE_FORWARD && route.out == in &&
			 is_neighbour(r, in, saddr);
	return route;
}

const struct route *router_route_in(struct router *r, uint32_t saddr,
				    uint32_t daddr, enum masq_side in)
{
	const uint32_t h = (saddr + daddr * 5) * 0x9e3779b1u;
	struct cached_route *c = &r->routes[h >> 26];

	if (c->saddr != saddr || c->daddr != daddr || c->in != in)
		*c = (struct cached_route){
			.saddr = saddr,
			.daddr = daddr,
			.in = in,
			.route = route_in(r, saddr, daddr, in),
		};
	return &c->route;
}

uint32_t router_preferred(const struct router *r, uint32_t daddr)
{
	if (is_on_link(r, MASQ_INSIDE, daddr))
		return r->config.inside.addr;
	return r->config.outside.addr;
}
