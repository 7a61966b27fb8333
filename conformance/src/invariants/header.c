/* SPDX-License-Identifier: Apache-2.0 */
/* header.c - INV-08, 14, 16, 17, 18: the IP header, and every emission */
#include "checker.h"
#include "conformance/decode.h"

uint16_t inv_mtu_of(const struct conf_checker *c, enum conf_side side)
{
	return side == CONF_INSIDE ? c->settings.inside.mtu
				   : c->settings.outside.mtu;
}

/* INV-16 and 17, of anything that leaves. */
void inv_check_emission(struct conf_checker *c,
			const struct conf_result *result,
			const struct conf_layout *q)
{
	uint16_t fragment = masq_get16(q->all, 6);

	if (!q->has_header || masq_get8(q->all, 0) >> 4 != 4 ||
	    q->header_len < 20) {
		inv_fail(c, INV_17, "%u octets left that are no IPv4 header",
			 result->len);
		return;
	}
	if (!q->is_whole || q->total_len != result->len)
		inv_fail(c, INV_17,
			 "ip.length %u of %u octets, header length %u",
			 q->total_len, result->len, q->header_len);
	if ((fragment & 0x1fffu) * 8 + q->total_len > 65535u &&
	    !inv_excused(c, EX_17_IDLE))
		inv_fail(c, INV_17, "a fragment ends behind 65535");
	if (masq_header_sum(q->header) != 0xffff &&
	    !(inv_excused(c, EX_17_EXTRA) &&
	      inv_has_helper(c, CONF_HELPER_RAUDIO)))
		inv_fail(c, INV_17, "ip.checksum 0x%04x is bad",
			 masq_get16(q->all, 10));
	if (q->total_len > inv_mtu_of(c, result->side))
		inv_fail(c, INV_16, "ip.length %u, the MTU is %u", q->total_len,
			 inv_mtu_of(c, result->side));
	if (q->is_fragment && (fragment & 0x4000) != 0 && c->has_stimulus &&
	    !c->p.ip.is_fragment && !c->p.is_joined)
		inv_fail(c, INV_16, "a fragment made here has DF");
}

static void check_ttl(struct conf_checker *c, const struct inv_pair *pair)
{
	uint8_t ttl = masq_get8(pair->q.ip.all, 8);

	if (pair->p.max_ttl <= 1)
		inv_fail(c, INV_14, "a packet with ip.ttl %u was forwarded",
			 pair->p.max_ttl);
	else if (ttl + 1 < pair->p.min_ttl || ttl + 1 > pair->p.max_ttl)
		inv_fail(c, INV_14, "ip.ttl %u became %u", pair->p.max_ttl,
			 ttl);
}

static void check_marks(struct conf_checker *c, const struct inv_pair *pair)
{
	const struct conf_layout *p = &pair->p.ip, *q = &pair->q.ip;
	bool had_df = (masq_get16(p->all, 6) & 0x4000) != 0;
	bool has_df = (masq_get16(q->all, 6) & 0x4000) != 0;

	if (masq_get8(p->all, 1) != masq_get8(q->all, 1))
		inv_fail(c, INV_18, "ip.tos 0x%02x became 0x%02x",
			 masq_get8(p->all, 1), masq_get8(q->all, 1));
	if (had_df == has_df ||
	    (pair->p.is_joined && inv_excused(c, EX_18_JOINED)) ||
	    (pair->was_grown && pair->is_helped && inv_excused(c, EX_18_GROWN)))
		return;
	inv_fail(c, INV_18, "DF was %s, is %s", had_df ? "set" : "clear",
		 has_df ? "set" : "clear");
}

/* Routers fill options in; others must stay. */
static bool may_change(struct masq_view header)
{
	for (uint32_t at = 20; at < header.len;) {
		uint8_t kind = masq_get8(header, at);

		if (kind == 1) {
			at++;
			continue;
		}
		/* All behind the end may be cleared. */
		if (kind == 0 || kind == 7 || kind == 68 || kind == 131 ||
		    kind == 137 || masq_get8(header, at + 1) < 2)
			return true;
		at += masq_get8(header, at + 1);
	}
	return false;
}

static void check_endpoints(struct conf_checker *c, const struct inv_pair *pair)
{
	const struct conf_layout *p = &pair->p.ip, *q = &pair->q.ip;
	char from[CONF_ADDR_SIZE], to[CONF_ADDR_SIZE];

	if (pair->direction == INV_IN && !inv_is_external(c, p->daddr))
		inv_fail(c, INV_08, "ip.destination %s became %s",
			 conf_addr_text(from, p->daddr),
			 conf_addr_text(to, q->daddr));
	if (pair->direction == INV_IN && q->saddr != p->saddr &&
	    (pair->from != CONF_INSIDE || pair->is_error))
		inv_fail(c, INV_08, "ip.source %s became %s inbound",
			 conf_addr_text(from, p->saddr),
			 conf_addr_text(to, q->saddr));
}

/* Joined, it is gone (CORE-FRAG-05). */
static void check_reserved(struct conf_checker *c, const struct inv_pair *pair)
{
	bool was_set = (masq_get16(pair->p.ip.all, 6) & 0x8000) != 0;
	bool is_set = (masq_get16(pair->q.ip.all, 6) & 0x8000) != 0;

	if (pair->p.is_joined || was_set == is_set ||
	    (was_set && pair->was_grown && inv_excused(c, EX_08_CUT)))
		return;
	inv_fail(c, INV_08, "the reserved bit changed");
}

void inv_check_header(struct conf_checker *c, const struct inv_pair *pair)
{
	const struct conf_layout *p = &pair->p.ip, *q = &pair->q.ip;

	check_ttl(c, pair);
	check_marks(c, pair);
	check_endpoints(c, pair);
	if (masq_get16(p->all, 4) != masq_get16(q->all, 4))
		inv_fail(c, INV_08, "ip.id %u became %u", masq_get16(p->all, 4),
			 masq_get16(q->all, 4));
	check_reserved(c, pair);
	if (p->header.len != q->header.len)
		inv_fail(c, INV_08, "ip.ihl %u became %u", p->header.len / 4,
			 q->header.len / 4);
	else if (!may_change(p->header) &&
		 !masq_equal(q->header, 20, p->header.data + 20,
			     p->header.len - 20))
		inv_fail(c, INV_08, "ip.options changed");
}
