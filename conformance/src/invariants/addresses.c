/* SPDX-License-Identifier: Apache-2.0 */
/* addresses.c - INV-01 to 04 and 07: which addresses go where */
#include "checker.h"
#include "conformance/decode.h"

static void check_source(struct conf_checker *c, const struct inv_pair *pair)
{
	const struct conf_layout *p = &pair->p.ip, *q = &pair->q.ip;
	bool is_icmp = p->proto == CONF_PROTO_ICMP;
	char addr[CONF_ADDR_SIZE];

	/* What the rules do not cover is routed as it is. */
	if (!inv_is_masked(c, p->saddr, p->daddr) ||
	    pair->from != CONF_INSIDE || pair->direction == INV_IN)
		return;
	if (inv_is_inside(c, q->saddr) && !inv_is_own(c, q->saddr) &&
	    !(is_icmp && inv_excused(c, EX_01_ICMP)))
		inv_fail(c, INV_01, "ip.source %s of an inside host left",
			 conf_addr_text(addr, q->saddr));
	if (q->saddr != c->settings.outside.addr &&
	    inv_portfw(c, p->proto, q->saddr, pair->after.sport) == NULL &&
	    !(is_icmp && inv_excused(c, EX_04_ICMP)))
		inv_fail(c, INV_04, "ip.source %s is none of the router's",
			 conf_addr_text(addr, q->saddr));
}

/* Does the quote of a forwarded error tell an inside address? */
static void check_quote(struct conf_checker *c, const struct inv_pair *pair)
{
	struct masq_view quote = masq_from(pair->q.ip.payload, 8);
	char addr[CONF_ADDR_SIZE];

	if (!pair->is_error || pair->from != CONF_INSIDE ||
	    !masq_has(quote, 0, 20) || inv_excused(c, EX_03_ICMP) ||
	    !inv_is_masked(c, pair->p.ip.saddr, pair->p.ip.daddr))
		return;
	for (uint32_t at = 12; at <= 16; at += 4) {
		uint32_t value = masq_get32(quote, at);

		if (inv_is_inside(c, value))
			inv_fail(c, INV_03, "quote.ip.%s %s left outside",
				 at == 12 ? "source" : "destination",
				 conf_addr_text(addr, value));
	}
}

/* Addresses that routers recorded on the way. */
static void check_options(struct conf_checker *c, const struct inv_pair *pair)
{
	struct masq_view header = pair->q.ip.header;
	char addr[CONF_ADDR_SIZE];

	if (inv_excused(c, EX_03_OPTIONS) || pair->from != CONF_INSIDE)
		return;
	for (uint32_t at = 20; at < header.len;) {
		uint8_t kind = masq_get8(header, at);
		uint32_t len = masq_get8(header, at + 1);

		if (kind == 0)
			return;
		if (kind == 1) {
			at++;
			continue;
		}
		if (len < 3 || len > header.len - at)
			return;
		for (uint32_t i = 3;
		     (kind == 7 || kind == 131 || kind == 137) && i + 4 <= len;
		     i += 4)
			if (inv_is_inside(c, masq_get32(header, at + i)))
				inv_fail(c, INV_03,
					 "ip.options tell %s outside",
					 conf_addr_text(
						 addr,
						 masq_get32(header, at + i)));
		at += len;
	}
}

static void check_interface(struct conf_checker *c, const struct inv_pair *pair)
{
	const struct conf_layout *p = &pair->p.ip;
	char addr[CONF_ADDR_SIZE];

	if (inv_is_own(c, p->saddr))
		inv_fail(c, INV_07,
			 "a packet from %s, the router's own address, was "
			 "forwarded",
			 conf_addr_text(addr, p->saddr));
	else if (pair->from == CONF_OUTSIDE && inv_is_inside(c, p->saddr) &&
		 !inv_excused(c, EX_07_SPOOF))
		inv_fail(c, INV_07,
			 "a packet from %s arrived outside and was forwarded",
			 conf_addr_text(addr, p->saddr));
	if (pair->from == CONF_OUTSIDE && pair->direction == INV_PLAIN &&
	    inv_is_inside(c, p->daddr) && !inv_excused(c, EX_05_ROUTED))
		inv_fail(c, INV_05,
			 "a packet addressed to %s was routed inside",
			 conf_addr_text(addr, p->daddr));
	if (pair->to == pair->from && !inv_is_external(c, p->daddr) &&
	    !inv_excused(c, EX_07_BACK))
		inv_fail(c, INV_07, "a packet left where it had arrived");
}

void inv_check_addresses(struct conf_checker *c, const struct inv_pair *pair)
{
	char addr[CONF_ADDR_SIZE];

	check_interface(c, pair);
	if (pair->to != CONF_OUTSIDE)
		return;
	check_source(c, pair);
	check_quote(c, pair);
	check_options(c, pair);
	if (inv_is_inside(c, pair->q.ip.daddr) &&
	    !inv_is_own(c, pair->q.ip.daddr))
		inv_fail(c, INV_02, "ip.destination %s left outside",
			 conf_addr_text(addr, pair->q.ip.daddr));
}
