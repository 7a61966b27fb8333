/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sums.c - INV-09 and 52: good stays good, bad stays bad
 */
#include "checker.h"

enum verdict {
	NO_SUM = 0, /* none is there, or it cannot be judged */
	GOOD,
	BAD,
};

/* Where the checksum stands behind the IP header. */
static uint32_t place_of(uint8_t proto)
{
	return proto == CONF_PROTO_TCP ? 16 : proto == CONF_PROTO_UDP ? 6 : 2;
}

/* The transport checksum, over the length that a receiver takes. */
static enum verdict judge(const struct conf_checker *c,
			  const struct conf_layout *ip)
{
	struct masq_view v = ip->payload;
	uint32_t min = ip->proto == CONF_PROTO_TCP ? 20 : 8, len = v.len;
	uint64_t sum;

	if ((ip->proto != CONF_PROTO_TCP && ip->proto != CONF_PROTO_UDP &&
	     ip->proto != CONF_PROTO_ICMP) ||
	    ip->is_fragment || v.len < min)
		return NO_SUM;
	if (ip->proto == CONF_PROTO_UDP) {
		len = masq_get16(v, 4);
		if (masq_get16(v, 6) == 0)
			return NO_SUM;
		if (len < 8 || len > v.len ||
		    (len != v.len && inv_excused(c, EX_09_PADDING)))
			return NO_SUM;
	}
	if (ip->proto == CONF_PROTO_TCP && (masq_get8(v, 12) >> 4) < 5)
		return NO_SUM;
	sum = masq_sum(masq_slice(v, 0, len));
	if (ip->proto != CONF_PROTO_ICMP)
		sum += masq_sum_pseudo(ip->saddr, ip->daddr, ip->proto, len);
	return masq_fold(sum) == 0xffff ? GOOD : BAD;
}

static bool is_edited(const struct conf_checker *c, const struct inv_pair *pair)
{
	return pair->is_helped && inv_excused(c, EX_09_EXTRA) &&
	       inv_has_helper(c, CONF_HELPER_RAUDIO);
}

/* All zero but for the ICMP checksum: 0xffff is what a full sum gives. */
static bool is_empty(struct masq_view v)
{
	for (uint32_t at = 0; at < v.len; at++)
		if (at != 2 && at != 3 && masq_get8(v, at) != 0)
			return false;
	return true;
}

static void check_transport(struct conf_checker *c, const struct inv_pair *pair)
{
	enum verdict before = judge(c, &pair->p.ip);
	enum verdict after = judge(c, &pair->q.ip);
	uint32_t at = place_of(pair->p.ip.proto);
	uint16_t was = masq_get16(pair->p.ip.payload, at);
	uint16_t is = masq_get16(pair->q.ip.payload, at);
	bool is_icmp = pair->p.ip.proto == CONF_PROTO_ICMP;

	if (before == GOOD && after == BAD && !is_edited(c, pair))
		inv_fail(c, INV_09,
			 "the transport checksum 0x%04x was good, is bad "
			 "(0x%04x)",
			 was, is);
	if (before == BAD && after == GOOD &&
	    !(is_icmp && inv_excused(c, EX_09_ICMP)))
		inv_fail(c, INV_09,
			 "the transport checksum 0x%04x was bad, is good "
			 "(0x%04x)",
			 was, is);
	if (pair->p.ip.proto == CONF_PROTO_UDP && pair->p.ip.payload.len >= 8 &&
	    !pair->q.is_piece) {
		if (was == 0 && is != 0 && !inv_excused(c, EX_09_FILL))
			inv_fail(c, INV_09, "udp.checksum 0 became 0x%04x", is);
		if (was != 0 && is == 0)
			inv_fail(c, INV_09, "udp.checksum 0x%04x became 0",
				 was);
	} else if (after == GOOD && before == GOOD && is == 0xffff &&
		   was != 0xffff && !is_empty(pair->q.ip.payload)) {
		inv_fail(c, INV_52, "a transport checksum of 0 left as 0xffff");
	}
}

/* Does the quote hold all of the datagram, so that it can be summed? */
static enum verdict judge_quote(const struct conf_checker *c,
				struct masq_view quote)
{
	struct conf_layout ip = conf_layout_of(quote.data, quote.len);

	return ip.is_whole ? judge(c, &ip) : NO_SUM;
}

static enum verdict judge_quoted_header(struct masq_view quote)
{
	struct conf_layout ip = conf_layout_of(quote.data, quote.len);

	if (!masq_has(quote, 0, 20) || ip.header_len < 20 ||
	    !masq_has(quote, 0, ip.header_len))
		return NO_SUM;
	return masq_header_sum(masq_slice(quote, 0, ip.header_len)) == 0xffff
		       ? GOOD
		       : BAD;
}

static void check_quote_sums(struct conf_checker *c,
			     const struct inv_pair *pair)
{
	struct masq_view before = masq_from(pair->p.ip.payload, 8);
	struct masq_view after = masq_from(pair->q.ip.payload, 8);

	if (judge_quoted_header(before) == GOOD &&
	    judge_quoted_header(after) == BAD)
		inv_fail(c, INV_09,
			 "quote.ip.checksum was good, is bad (0x%04x)",
			 masq_get16(after, 10));
	if (judge_quote(c, before) == GOOD && judge_quote(c, after) == BAD &&
	    !inv_excused(c, EX_09_QUOTE))
		inv_fail(c, INV_09,
			 "the quoted transport checksum was good, is bad");
}

void inv_check_sums(struct conf_checker *c, const struct inv_pair *pair)
{
	uint16_t sum = masq_get16(pair->q.ip.all, 10);

	if (sum == 0xffff && masq_get16(pair->p.ip.all, 10) != 0xffff)
		inv_fail(c, INV_09, "ip.checksum left as 0xffff");
	if (pair->q.is_piece)
		return;
	/* CORE-SUR-A08: a sum of that kind means nothing. */
	if (pair->p.ip.proto == CONF_PROTO_TCP &&
	    (masq_get8(pair->p.ip.payload, 12) >> 4) < 5 &&
	    inv_excused(c, EX_09_DOFF))
		return;
	check_transport(c, pair);
	if (pair->is_error)
		check_quote_sums(c, pair);
}
