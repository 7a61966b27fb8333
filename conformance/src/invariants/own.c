/* SPDX-License-Identifier: Apache-2.0 */
/* own.c - INV-01, 03, 04, 53, 54: what the router says itself */
#include "checker.h"
#include "conformance/decode.h"

#define ERROR_MAX 576u /* octets of a whole error, RFC 1812 4.3.2.3 */

/* The rate of Linux 2.2: one a second, six at once (CORE-RICMP-05). */
#define BURST 6u
/* Its buckets are filled up again every 600 s, with the route cache. */
#define FLUSH_INTERVAL 600u

void inv_own_clear(struct own_rate *rate)
{
	for (unsigned int i = 0; i < rate->num_used; i++)
		rate->buckets[rate->in_use[i]].used = false;
	rate->num_used = 0;
	rate->overflowed = false;
}

static struct own_bucket *find_bucket(struct own_rate *rate,
				      const struct own_bucket *wanted)
{
	uint32_t at = (wanted->daddr * 2654435761u) >> 16;

	if (rate->num_used >= OWN_NUM_BUCKETS / 2) {
		rate->overflowed = true;
		return NULL;
	}
	for (;; at++) {
		struct own_bucket *b =
			&rate->buckets[at & (OWN_NUM_BUCKETS - 1)];

		if (!b->used) {
			*b = *wanted;
			b->used = true;
			rate->in_use[rate->num_used++] =
				(uint16_t)(at & (OWN_NUM_BUCKETS - 1));
			return b;
		}
		if (b->daddr == wanted->daddr && b->saddr == wanted->saddr &&
		    b->tos == wanted->tos && b->is_local == wanted->is_local)
			return b;
	}
}

/* Is it said of what was to be sent on, not of what was for the router? */
static bool is_forwarders(const struct conf_layout *q)
{
	uint8_t type = masq_get8(q->payload, 0);
	uint8_t code = masq_get8(q->payload, 1);

	return (type == 11 && code == 0) || (type == 3 && code <= 1);
}

static void check_rate(struct conf_checker *c, const struct conf_layout *q)
{
	const uint64_t room = 2 * BURST * SECOND;
	struct own_bucket wanted = {
		.daddr = q->daddr,
		.saddr = q->saddr,
		.tos = masq_get8(q->all, 1) & 0x1e,
		/* What came to a mapping goes on, by another route. */
		.is_local = inv_is_own(c, c->p.ip.daddr) && !is_forwarders(q),
		.last = c->stimulus.now,
		.tokens = room,
	};
	struct own_bucket *b;
	uint64_t passed;

	if (c->rate.overflowed)
		return;
	b = find_bucket(&c->rate, &wanted);
	if (b == NULL)
		return;
	passed = c->stimulus.now > b->last ? c->stimulus.now - b->last : 0;
	b->last = c->stimulus.now;
	passed += passed / (FLUSH_INTERVAL / BURST);
	b->tokens = passed > room - b->tokens ? room : b->tokens + passed;
	if (b->tokens < SECOND) {
		inv_fail(c, INV_53,
			 "more errors than %u and one a second to one host",
			 2 * BURST);
		return;
	}
	b->tokens -= SECOND;
}

/* RFC 1812 4.3.2.7: what no error may be about. */
static const char *unlawful(const struct conf_checker *c)
{
	const struct conf_layout *p = &c->p.ip;

	if (inv_is_icmp_error(p))
		return "an ICMP error";
	if ((masq_get16(p->all, 6) & 0x1fff) != 0)
		return "a later fragment";
	if (c->stimulus.cast == CONF_CAST_BROADCAST ||
	    c->stimulus.cast == CONF_CAST_MULTICAST || p->daddr >> 28 == 0xe ||
	    p->daddr == UINT32_MAX)
		return "a broadcast or multicast";
	if (p->saddr == 0 || p->saddr >> 24 == 127 || p->saddr >> 28 >= 0xe)
		return "a packet from nobody";
	return NULL;
}

static bool is_listed(uint8_t type, uint8_t code)
{
	return (type == 3 && code <= 15 && code != 8) ||
	       (type == 5 && code <= 3) || (type == 11 && code <= 1) ||
	       (type == 12 && code <= 1);
}

/* The second word of the ICMP header. */
static void check_rest(struct conf_checker *c, const struct conf_layout *q,
		       uint8_t type, uint8_t code)
{
	uint32_t rest = masq_get32(q->payload, 4);
	char addr[CONF_ADDR_SIZE];

	if (type == 3 && code == 4) {
		if (rest != c->settings.inside.mtu &&
		    rest != c->settings.outside.mtu)
			inv_fail(c, INV_54, "icmp.mtu %u is no MTU here", rest);
	} else if (type == 5) {
		if (c->stimulus.side == CONF_OUTSIDE &&
		    inv_is_inside(c, rest) && c->p.ip.daddr != rest &&
		    !inv_excused(c, EX_03_OWN))
			inv_fail(c, INV_03, "icmp.gateway %s left outside",
				 conf_addr_text(addr, rest));
	} else if (type != 12 && rest != 0) {
		inv_fail(c, INV_54, "unused octets are 0x%08x, not zero", rest);
	}
}

/* Is that octet of a quoted packet one that may differ, be value? */
static bool is_free(const struct conf_checker *c, uint32_t at, uint8_t value,
		    bool is_helped)
{
	bool is_sum = at == 10 || at == 11;

	/* Behind the ports. */
	if (is_helped && at >= c->p.ip.header.len + 4)
		return true;
	/* Put together, it has no flags any more. */
	if (c->p.is_joined && inv_excused(c, EX_18_JOINED) &&
	    (is_sum || (at == 6 && value == 0)))
		return true;
	/* Options are filled in on the way. */
	if (at >= 20 && at < c->p.ip.header.len)
		return true;
	if (c->p.ip.header.len > 20 && is_sum)
		return true;
	return inv_excused(c, EX_54_TTL) && (at == 8 || is_sum);
}

static void check_own_quote(struct conf_checker *c, enum conf_side side,
			    const struct conf_layout *q, bool is_stale)
{
	struct masq_view quote = masq_from(q->payload, 8);
	struct masq_view p = masq_slice(c->p.ip.all, 0, c->p.ip.total_len);
	uint32_t least = c->p.ip.header_len + 8;
	struct inv_flow flow = inv_flow_of(&c->p.ip);
	bool is_helped = inv_excused(c, EX_54_SHIFT) &&
			 inv_is_helped(c, INV_IN, &flow, &flow);

	/* Less only where the link takes no more. */
	if (quote.len < least && quote.len < p.len &&
	    q->total_len < inv_mtu_of(c, side))
		inv_fail(c, INV_54, "only %u octets are quoted", quote.len);
	if (quote.len > p.len)
		inv_fail(c, INV_54, "%u octets are quoted of %u", quote.len,
			 p.len);
	if (is_stale)
		return;
	for (uint32_t at = 0; at < quote.len && at < p.len; at++)
		if (masq_get8(quote, at) != masq_get8(p, at) &&
		    !is_free(c, at, masq_get8(quote, at), is_helped)) {
			inv_fail(c, INV_54,
				 "octet %u of the quote is 0x%02x, was 0x%02x",
				 at, masq_get8(quote, at), masq_get8(p, at));
			return;
		}
}

/* INV-03 of a quote: an inside address that did not come in with p. */
static void check_leak(struct conf_checker *c, const struct conf_layout *q,
		       bool is_stale)
{
	struct masq_view quote = masq_from(q->payload, 8);
	char addr[CONF_ADDR_SIZE];

	if (is_stale || !masq_has(quote, 0, 20))
		return;
	for (uint32_t at = 12; at <= 16; at += 4) {
		uint32_t value = masq_get32(quote, at);

		if (inv_is_inside(c, value) &&
		    value != masq_get32(c->p.ip.all, at))
			inv_fail(c, INV_03, "quote.ip.%s %s left outside",
				 at == 12 ? "source" : "destination",
				 conf_addr_text(addr, value));
	}
}

static void check_own_source(struct conf_checker *c,
			     const struct conf_result *result,
			     const struct conf_layout *q)
{
	bool was_asked = c->p.ip.daddr == q->saddr;
	char addr[CONF_ADDR_SIZE];

	if (!inv_is_external(c, q->saddr))
		inv_fail(c, INV_04,
			 "ip.source %s of the router's own message is none "
			 "of its addresses",
			 conf_addr_text(addr, q->saddr));
	if (result->side == CONF_OUTSIDE && inv_is_inside(c, q->saddr) &&
	    !(was_asked && inv_excused(c, EX_01_ASKED)))
		inv_fail(c, INV_01, "ip.source %s left outside",
			 conf_addr_text(addr, q->saddr));
}

void inv_check_own(struct conf_checker *c, const struct conf_result *result,
		   const struct conf_layout *q)
{
	uint8_t type = masq_get8(q->payload, 0);
	uint8_t code = masq_get8(q->payload, 1);
	bool is_unreachable = type == 3;
	const char *why = unlawful(c);

	check_own_source(c, result, q);
	/* It is about a datagram of which only the last fragment is known. */
	if (!c->p_known &&
	    (masq_get16(masq_from(q->payload, 8), 6) & 0x3fff) == 0)
		return;
	if (why != NULL)
		inv_fail(c, INV_54, "an ICMP error %u/%u about %s", type, code,
			 why);
	if (!is_listed(type, code))
		inv_fail(c, INV_54, "ICMP %u/%u is no error of a router", type,
			 code);
	if (q->total_len > ERROR_MAX)
		inv_fail(c, INV_15, "an ICMP error of %u octets", q->total_len);
	if (!conf_transport_sum_good(q))
		inv_fail(c, INV_09, "icmp.checksum of an own error is bad");
	check_rest(c, q, type, code);
	check_own_quote(
		c, result->side, q,
		inv_excused(c, is_unreachable ? EX_54_STALE : EX_54_QUOTE));
	if (result->side == CONF_OUTSIDE && c->stimulus.side == CONF_OUTSIDE)
		check_leak(c, q,
			   inv_excused(c, is_unreachable ? EX_03_STALE
							 : EX_03_OWN));
	if (type == 11 || type == 12 || (type == 3 && code != 4))
		check_rate(c, q);
}

/* RFC 793 page 36: the numbers of a reset. */
static void check_reset(struct conf_checker *c, const struct conf_layout *q)
{
	struct masq_view p = c->p.ip.payload, r = q->payload;
	uint8_t flags = masq_get8(p, 13), answer = masq_get8(r, 13);
	uint32_t offset = (masq_get8(p, 12) >> 4) * 4u;
	uint32_t len;

	/* Of a datagram in fragments it may be the last one only. */
	if (!c->p_known || !masq_has(p, 0, 20) || !masq_has(r, 0, 20) ||
	    offset < 20 || offset > p.len || (answer & 4) == 0)
		return;
	len = p.len - offset + (flags & 1) + (flags >> 1 & 1);
	if (flags & 4)
		inv_fail(c, INV_54, "a reset was answered by a reset");
	else if (flags & 0x10 && masq_get32(r, 4) != masq_get32(p, 8))
		inv_fail(c, INV_54, "tcp.seq %u of a reset is not the ack %u",
			 masq_get32(r, 4), masq_get32(p, 8));
	else if (!(flags & 0x10) &&
		 (masq_get32(r, 4) != 0 ||
		  masq_get32(r, 8) != masq_get32(p, 4) + len))
		inv_fail(c, INV_54, "tcp.ack %u of a reset, expected %u",
			 masq_get32(r, 8), masq_get32(p, 4) + len);
}

void inv_check_answer(struct conf_checker *c, const struct conf_layout *q)
{
	if (q->is_fragment)
		return;
	if (q->proto == CONF_PROTO_TCP && c->p.ip.proto == CONF_PROTO_TCP)
		check_reset(c, q);
	if ((q->proto == CONF_PROTO_TCP || q->proto == CONF_PROTO_ICMP) &&
	    !conf_transport_sum_good(q))
		inv_fail(c, INV_09, "the checksum of an own answer is bad");
	if (q->total_len > c->p.ip.total_len + ERROR_MAX)
		inv_fail(c, INV_15, "an answer of %u octets to %u",
			 q->total_len, c->p.ip.total_len);
}
