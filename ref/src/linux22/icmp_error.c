/* SPDX-License-Identifier: Apache-2.0 */
/*
 * icmp_error.c - ICMP errors about masqueraded packets (CORE-ICE), and the
 * restored look of what the router's own errors quote (CORE-RICMP-07)
 *
 * An error quotes a packet as it was where it failed. Outside that is the
 * masqueraded packet (quoted source M:mp), inside the de-masqueraded one
 * (quoted destination C:port). The quote names the entry; outer address,
 * quoted address and quoted port are translated. Entries are looked at,
 * never touched (CORE-ICE-31).
 */
#include "linux22/engine.h"

/* Where the quoted packet lies, offsets from the outer IP header. */
struct quote {
	uint32_t at;   /* quoted IP header */
	uint32_t l4;   /* quoted transport header */
	uint32_t hlen; /* quoted header length field x 4 */
	uint8_t proto;
	uint32_t saddr, daddr;
	uint16_t sport, dport; /* TCP, UDP */
	uint8_t type, code;    /* ICMP */
	uint16_t id;           /* ICMP */
};

/* CORE-ICE-01; the packet's drop reason tells why not. */
static bool parse_quote(const struct masq_engine *e, struct masq_pkt *p,
			struct quote *q)
{
	const uint32_t len = pkt_payload_len(p) - ICMP_HEADER;

	p->drop = MASQ_DROP_QUOTE;
	if (len < IP_HEADER_MIN)
		return false;
	q->at = p->hlen + ICMP_HEADER;
	q->hlen = (pkt_get8(p, q->at) & 0xfu) * 4;
	q->proto = pkt_get8(p, q->at + IP_O_PROTO);
	if (len < q->hlen)
		return false;
	if (q->hlen < IP_HEADER_MIN && !has_quirk(e, MASQ_QUIRK(QUOTE_IHL)))
		return false;
	if ((q->proto == PROTO_ICMP || q->proto == PROTO_TCP ||
	     q->proto == PROTO_UDP) &&
	    len < q->hlen + 8)
		return false;
	q->l4 = q->at + q->hlen;
	q->saddr = pkt_get32(p, q->at + IP_O_SADDR);
	q->daddr = pkt_get32(p, q->at + IP_O_DADDR);
	q->sport = pkt_get16(p, q->l4 + L4_O_SPORT);
	q->dport = pkt_get16(p, q->l4 + L4_O_DPORT);
	q->type = pkt_get8(p, q->l4 + ICMP_O_TYPE);
	q->code = pkt_get8(p, q->l4 + ICMP_O_CODE);
	q->id = pkt_get16(p, q->l4 + ICMP_O_ID);
	p->drop = MASQ_DROP_NONE;
	return true;
}

/*
 * A word in the quoted packet changes. The payload sum must follow, which
 * it does only at even offsets: where the quoted header is no multiple of
 * two from the start it is taken anew.
 */
static void put16(struct masq_pkt *p, uint32_t at, uint16_t value)
{
	pkt_l4_put16(p, at - p->hlen, value);
}

static void put32(struct masq_pkt *p, uint32_t at, uint32_t value)
{
	pkt_l4_put32(p, at - p->hlen, value);
}

/* The quoted header checksum, from scratch (CORE-ICE-30). */
static void finish_quoted_ip(struct masq_pkt *p, const struct quote *q)
{
	put16(p, q->at + IP_O_SUM, 0);
	if (q->hlen < IP_HEADER_MIN) {
		/* CORE-SUR-B21: what the original's loop leaves behind. */
		put16(p, q->at + IP_O_SUM, pkt_get16(p, q->at));
		return;
	}
	put16(p, q->at + IP_O_SUM,
	      (uint16_t)~masq_header_sum(
		      masq_slice(pkt_view(p), q->at, q->hlen)));
}

/*
 * With QUOTE_L4_SUM off the quoted transport checksum follows the change
 * of address and port (RFC 1624), as far as it is quoted.
 */
static void follow_quoted_l4(struct masq_pkt *p, const struct quote *q,
			     uint32_t old_addr, uint16_t old_port,
			     uint32_t addr, uint16_t port)
{
	uint32_t at = q->l4 + ICMP_O_SUM;
	uint64_t sum;
	uint16_t old_sum;

	if (q->proto == PROTO_TCP)
		at = q->l4 + TCP_O_SUM;
	else if (q->proto == PROTO_UDP)
		at = q->l4 + UDP_O_SUM;
	if (!masq_has(pkt_view(p), at, 2))
		return;
	old_sum = pkt_get16(p, at);
	if (q->proto == PROTO_UDP && old_sum == 0)
		return;
	sum = (uint16_t)~old_sum;
	sum += (uint16_t)~old_port;
	sum += port;
	if (q->proto != PROTO_ICMP)
		sum += masq_sum32(~old_addr) + masq_sum32(addr);
	old_sum = (uint16_t)~masq_fold(sum);
	if (q->proto == PROTO_UDP && old_sum == 0)
		old_sum = 0xffff;
	put16(p, at, old_sum);
}

/* Rewrites one end of the quoted packet: at addr_at and port_at. */
static void rewrite_quote(const struct masq_engine *e, struct masq_pkt *p,
			  const struct quote *q, uint32_t addr_at,
			  uint32_t port_at, uint32_t addr, uint16_t port)
{
	const uint32_t old_addr = pkt_get32(p, addr_at);
	const uint16_t old_port = pkt_get16(p, port_at);

	put32(p, addr_at, addr);
	finish_quoted_ip(p, q);
	put16(p, port_at, port);
	if (!has_quirk(e, MASQ_QUIRK(QUOTE_L4_SUM)))
		follow_quoted_l4(p, q, old_addr, old_port, addr, port);
	pkt_finish_ip(p);
	pkt_finish_icmp(p);
}

/* Must the outer checksum be good? (CORE-ICE-02) */
static bool is_sum_bad(const struct masq_engine *e, struct masq_pkt *p,
		       const struct quote *q)
{
	if (q->proto == PROTO_ICMP && has_quirk(e, MASQ_QUIRK(ICMP_REPAIR)))
		return false;
	return !pkt_icmp_good(p);
}

static enum nat_verdict drop_sum(struct masq_pkt *p)
{
	p->drop = MASQ_DROP_CHECKSUM;
	return NAT_DROP;
}

/* CORE-ICE-10: the quoted packet went to inside. */
static struct masq_entry *find_outbound(struct masq_engine *e,
					const struct quote *q)
{
	struct flow f = {
		.proto = q->proto,
		.saddr = q->daddr,
		.sport = q->dport,
		.daddr = q->saddr,
		.dport = q->sport,
	};

	if (q->proto == PROTO_ICMP) {
		f.sport = q->id;
		f.dport = icmp_reply_key(q->type, q->code);
	}
	return table_find_out(&e->table, &f);
}

/*
 * Would a host outside read of an inside one that it never met? An entry that
 * lets every peer in matches whatever is quoted.
 */
static bool tells_inside(const struct masq_engine *e, const struct masq_pkt *p,
			 const struct quote *q)
{
	const struct masq_interface *inside = &e->router.config.inside;
	const struct masq_net net = {.addr = inside->addr, .len = inside->len};

	return !has_quirk(e, MASQ_QUIRK(ICMP_LEAK)) &&
	       masq_net_has(net, q->saddr) && !masq_net_has(net, pkt_daddr(p));
}

enum nat_verdict icmp_error_outbound(struct masq_engine *e, struct masq_pkt *p)
{
	const bool transit = has_quirk(e, MASQ_QUIRK(TRANSIT_SUM));
	struct masq_entry *entry;
	struct quote q;

	if (!parse_quote(e, p, &q))
		return NAT_DROP;
	if (q.proto != PROTO_ICMP && q.proto != PROTO_TCP &&
	    q.proto != PROTO_UDP)
		return NAT_PASS;
	if (transit && is_sum_bad(e, p, &q))
		return drop_sum(p);
	entry = find_outbound(e, &q);
	if (entry == NULL || tells_inside(e, p, &q))
		return NAT_PASS;
	if (!transit && is_sum_bad(e, p, &q))
		return drop_sum(p);
	pkt_ip_put32(p, IP_O_SADDR, entry->ma);
	rewrite_quote(e, p, &q, q.at + IP_O_DADDR,
		      q.l4 + (q.proto == PROTO_ICMP ? (uint32_t)ICMP_O_ID
						    : (uint32_t)L4_O_DPORT),
		      entry->ma, entry->mp);
	e->stats.num_errors_translated++;
	return NAT_REWRITTEN;
}

/* Nothing left from there yet, so there is nothing to complain about. */
static bool is_portless(const struct masq_engine *e,
			const struct masq_entry *entry)
{
	return (entry->flags & MASQ_NO_SPORT) != 0 &&
	       !has_quirk(e, MASQ_QUIRK(PORT_ZERO));
}

/* CORE-ICE-20: the quoted packet went to outside. */
static struct masq_entry *find_inbound(struct masq_engine *e,
				       const struct quote *q)
{
	struct flow f = {
		.proto = q->proto,
		.saddr = q->daddr,
		.sport = q->dport,
		.daddr = q->saddr,
		.dport = q->sport,
	};

	if (q->proto == PROTO_ICMP) {
		f.sport = icmp_query_key(q->type, q->code);
		f.dport = q->id;
	}
	return table_find_in(&e->table, &f);
}

enum nat_verdict icmp_error_inbound(struct masq_engine *e, struct masq_pkt *p)
{
	struct masq_entry *entry;
	struct quote q;

	if (!parse_quote(e, p, &q))
		return NAT_DROP;
	if (q.proto == PROTO_TCP || q.proto == PROTO_UDP) {
		/* CORE-ICE-21: forwarded ports are out of range. */
		if (!pool_in_range(q.sport) &&
		    (has_quirk(e, MASQ_QUIRK(PFW_ERRORS)) ||
		     e->mport_count == 0))
			return NAT_PASS;
	} else if (q.proto != PROTO_ICMP) {
		return NAT_PASS;
	}
	if (is_sum_bad(e, p, &q))
		return drop_sum(p);
	entry = find_inbound(e, &q);
	if (entry == NULL || is_portless(e, entry))
		return NAT_PASS;
	pkt_ip_put32(p, IP_O_DADDR, entry->ia);
	rewrite_quote(e, p, &q, q.at + IP_O_SADDR,
		      q.l4 + (q.proto == PROTO_ICMP ? (uint32_t)ICMP_O_ID
						    : (uint32_t)L4_O_SPORT),
		      entry->ia, entry->ip);
	e->stats.num_errors_translated++;
	return NAT_REWRITTEN;
}

/* A whole packet to be quoted, seen as a quote that begins at 0. */
static struct quote whole(const struct masq_pkt *p)
{
	return (struct quote){
		.at = 0,
		.l4 = p->hlen,
		.hlen = p->hlen,
		.proto = pkt_proto(p),
		.saddr = pkt_saddr(p),
		.daddr = pkt_daddr(p),
		.sport = pkt_l4_get16(p, L4_O_SPORT),
		.dport = pkt_l4_get16(p, L4_O_DPORT),
		.type = pkt_l4_get8(p, ICMP_O_TYPE),
		.code = pkt_l4_get8(p, ICMP_O_CODE),
		.id = pkt_l4_get16(p, ICMP_O_ID),
	};
}

/* The original takes the first two words for ports, whatever they are. */
static void restore_stale(struct masq_engine *e, struct masq_pkt *p,
			  const struct quote *q)
{
	const struct flow f = {
		.proto = q->proto,
		.saddr = q->daddr,
		.sport = q->dport,
		.daddr = q->saddr,
		.dport = q->sport,
	};
	const struct masq_entry *entry = table_find_out(&e->table, &f);

	if (entry != NULL) {
		pkt_ip_put32(p, IP_O_DADDR, entry->ma);
		pkt_l4_put16(p, L4_O_DPORT, entry->mp);
		return;
	}
	entry = table_find_in(&e->table, &f);
	if (entry != NULL) {
		pkt_ip_put32(p, IP_O_SADDR, entry->ia);
		pkt_l4_put16(p, L4_O_SPORT, entry->ip);
	}
}

void icmp_restore(struct masq_engine *e, struct masq_pkt *p)
{
	const struct quote q = whole(p);
	const struct masq_entry *entry;
	uint32_t port_at = q.l4 + L4_O_DPORT;

	if (has_quirk(e, MASQ_QUIRK(QUOTE_STALE))) {
		restore_stale(e, p, &q);
		return;
	}
	entry = find_outbound(e, &q);
	if (entry == NULL)
		return;
	if (q.proto == PROTO_ICMP)
		port_at = q.l4 + ICMP_O_ID;
	pkt_ip_put32(p, IP_O_DADDR, entry->ma);
	masq_put16(&p->buf, port_at, entry->mp);
	follow_quoted_l4(p, &q, q.daddr, q.proto == PROTO_ICMP ? q.id : q.dport,
			 entry->ma, entry->mp);
	pkt_finish_ip(p);
}
