/* SPDX-License-Identifier: Apache-2.0 */
/* fields.c - the ends and the fields of a packet that is made */
#include <inttypes.h>
#include <string.h>

#include "packet.h"
#include "run/play.h"

static bool get_addr(struct run_play *play, const struct run_making *m,
		     const struct case_expr *e, uint32_t seen, uint32_t *out)
{
	const struct run_seen there = {.there = m->expect, .value = seen};
	int64_t value;

	if (!run_bind(play, e, &there, &value))
		return false;
	*out = (uint32_t)value;
	return true;
}

static bool get_port(struct run_play *play, const struct run_making *m,
		     const struct case_expr *e, const struct run_pkt *pkt,
		     bool source, uint16_t *out)
{
	const struct run_seen there = {
		.there = m->expect && m->seen.proto == pkt->proto &&
			 (!m->seen.plain || (m->seen.mf && m->seen.frag == 0)),
		.missing = m->expect ? "such ports" : NULL,
		.value = source ? m->seen.sport : m->seen.dport,
		.is_endpoint = true,
		.proto = pkt->proto,
		.addr = source ? pkt->saddr : pkt->daddr,
	};
	int64_t value;

	if (!run_bind(play, e, &there, &value))
		return false;
	if (value < 0 || value > 65535)
		return run_error(play, e->pos,
				 "port %" PRId64 " is out of range", value);
	*out = (uint16_t)value;
	return true;
}

bool run_make_ends(struct run_play *play, struct run_making *m,
		   struct run_pkt *pkt)
{
	const struct case_packet *spec = m->spec;

	if (!get_addr(play, m, spec->saddr, m->seen.saddr, &pkt->saddr) ||
	    !get_addr(play, m, spec->daddr, m->seen.daddr, &pkt->daddr))
		return false;
	if (spec->sport == NULL)
		return true;
	return get_port(play, m, spec->sport, pkt, true, &pkt->sport) &&
	       get_port(play, m, spec->dport, pkt, false, &pkt->dport);
}

/* Which number of a packet a field is, and how large it may be. */
static int64_t number_of(const struct run_pkt *pkt, enum case_field_id id,
			 const uint32_t isn[2], int64_t *out_max)
{
	*out_max = 0xffff;
	switch (id) {
	case FIELD_TTL:
		*out_max = 255;
		return pkt->ttl;
	case FIELD_IPID:
		return pkt->id;
	case FIELD_TOS:
		*out_max = 255;
		return pkt->tos;
	case FIELD_FRAG:
		*out_max = 65528;
		return pkt->frag;
	case FIELD_PROTO:
		*out_max = 255;
		return pkt->proto;
	case FIELD_VERSION:
	case FIELD_IHL:
	case FIELD_DOFF:
		*out_max = 15;
		return 0;
	case FIELD_SEQ:
		*out_max = UINT32_MAX;
		return pkt->seq - isn[0];
	case FIELD_ACK:
		*out_max = UINT32_MAX;
		return pkt->ack - isn[1];
	case FIELD_ABSSEQ:
		*out_max = UINT32_MAX;
		return pkt->seq;
	case FIELD_ABSACK:
		*out_max = UINT32_MAX;
		return pkt->ack;
	case FIELD_WIN:
		return pkt->win;
	case FIELD_URG:
		return pkt->urg;
	case FIELD_ICMP_ID:
		return pkt->rest >> 16;
	case FIELD_ICMP_SEQ:
	case FIELD_MTU:
		return pkt->rest & 0xffff;
	case FIELD_REST:
	case FIELD_GATEWAY:
		*out_max = UINT32_MAX;
		return pkt->rest;
	case FIELD_POINTER:
		*out_max = 255;
		return pkt->rest >> 24;
	default:
		return 0;
	}
}

static void set_ip(struct run_pkt *pkt, enum case_field_id id, uint32_t v)
{
	switch (id) {
	case FIELD_TTL:
		pkt->ttl = (uint8_t)v;
		break;
	case FIELD_IPID:
		pkt->id = (uint16_t)v;
		break;
	case FIELD_TOS:
		pkt->tos = (uint8_t)v;
		break;
	case FIELD_DF:
		pkt->df = v != 0;
		break;
	case FIELD_MF:
		pkt->mf = v != 0;
		break;
	case FIELD_EVIL:
		pkt->evil = v != 0;
		break;
	case FIELD_FRAG:
		pkt->frag = v;
		break;
	case FIELD_PROTO:
		pkt->proto = (uint8_t)v;
		break;
	case FIELD_VERSION:
		pkt->version = v;
		break;
	case FIELD_IHL:
		pkt->ihl = v;
		break;
	case FIELD_LEN:
		pkt->len = v;
		break;
	case FIELD_TRUNC:
		pkt->trunc = v;
		break;
	case FIELD_WHOLE:
		pkt->has_part = false;
		break;
	default:
		break;
	}
}

static void set_transport(struct run_pkt *pkt, enum case_field_id id,
			  const uint32_t isn[2], uint32_t v)
{
	switch (id) {
	case FIELD_ULEN:
		pkt->ulen = v;
		break;
	case FIELD_DOFF:
		pkt->doff = v;
		break;
	case FIELD_SEQ:
	case FIELD_ABSSEQ:
		pkt->seq = v + (id == FIELD_SEQ ? isn[0] : 0);
		break;
	case FIELD_ACK:
	case FIELD_ABSACK:
		pkt->ack = v + (id == FIELD_ACK ? isn[1] : 0);
		break;
	case FIELD_WIN:
		pkt->win = (uint16_t)v;
		break;
	case FIELD_URG:
		pkt->urg = (uint16_t)v;
		break;
	case FIELD_ICMP_ID:
		pkt->rest = v << 16 | (pkt->rest & 0xffff);
		break;
	case FIELD_ICMP_SEQ:
	case FIELD_MTU:
		pkt->rest = (pkt->rest & 0xffff0000) | v;
		break;
	case FIELD_POINTER:
		pkt->rest = v << 24 | (pkt->rest & 0xffffff);
		break;
	case FIELD_REST:
	case FIELD_GATEWAY:
		pkt->rest = v;
		break;
	default:
		break;
	}
}

static void set_options(struct run_pkt *pkt, const struct case_field *f)
{
	uint32_t len = (f->bytes.len + 3) / 4 * 4;
	uint8_t *out = f->id == FIELD_IPOPT ? pkt->ipopt : pkt->tcpopt;

	memset(out, 0, 40);
	memcpy(out, f->bytes.data, f->bytes.len);
	if (f->id == FIELD_IPOPT)
		pkt->ipopt_len = len;
	else
		pkt->tcpopt_len = len;
}

/* One block: two NOPs, kind 5, length 10, the edges. */
static bool set_sack(struct run_play *play, const struct run_making *m,
		     struct run_pkt *pkt, const struct case_field *f)
{
	static const uint8_t head[4] = {1, 1, 5, 10};
	struct masq_buf b = {.data = pkt->tcpopt,
			     .len = sizeof(pkt->tcpopt),
			     .cap = sizeof(pkt->tcpopt)};
	int64_t left, right;

	if (!run_value(play, f->value, &left) ||
	    !run_value(play, f->length, &right))
		return false;
	memset(pkt->tcpopt, 0, sizeof(pkt->tcpopt));
	memcpy(pkt->tcpopt, head, sizeof(head));
	masq_put32(&b, 4, (uint32_t)left + m->isn[1]);
	masq_put32(&b, 8, (uint32_t)right + m->isn[1]);
	pkt->tcpopt_len = 12;
	return true;
}

static bool set_sum(struct run_play *play, struct run_sum *sum,
		    const struct case_field *f)
{
	int64_t value = 0;

	if (f->sum == CASE_SUM_VALUE && !run_value(play, f->value, &value))
		return false;
	*sum = (struct run_sum){.kind = f->sum, .value = (uint16_t)value};
	return true;
}

bool run_make_part(struct run_play *play, const struct case_packet *spec,
		   struct run_pkt *pkt)
{
	int64_t at, len = UINT32_MAX;

	for (const struct case_field *f = spec->fields; f != NULL;
	     f = f->next) {
		if (f->id != FIELD_PART)
			continue;
		if (!run_value(play, f->value, &at) ||
		    (f->length != NULL && !run_value(play, f->length, &len)))
			return false;
		if (at < 0 || at > 65528 || len < 0)
			return run_error(play, f->pos,
					 "there is no such part of a packet");
		pkt->has_part = true;
		pkt->part_at = (uint32_t)at;
		pkt->part_len = (uint32_t)len;
	}
	return true;
}

/* The endpoint that an ICMP id belongs to: the router's, if it is there. */
static uint32_t icmp_owner(const struct run_play *play,
			   const struct run_pkt *pkt)
{
	return pkt->daddr == play->nat ? pkt->daddr : pkt->saddr;
}

static bool make_number(struct run_play *play, struct run_making *m,
			struct run_pkt *pkt, const struct case_field *f)
{
	struct run_seen seen = {.there = m->expect};
	int64_t max, value;

	seen.value = number_of(&m->seen, f->id, m->isn, &max);
	if (f->id == FIELD_ICMP_ID) {
		seen.there = m->expect && !m->seen.plain &&
			     m->seen.proto == CONF_PROTO_ICMP;
		seen.missing = m->expect ? "such id" : NULL;
		seen.is_endpoint = true;
		seen.proto = CONF_PROTO_ICMP;
		seen.addr = icmp_owner(play, pkt);
	}
	if (!run_bind(play, f->value, &seen, &value))
		return false;
	if (f->id == FIELD_SEQ || f->id == FIELD_ACK)
		value &= UINT32_MAX;
	if (value < 0 || value > max)
		return run_error(play, f->pos,
				 "%" PRId64 " does not fit, expected 0 to "
				 "%" PRId64,
				 value, max);
	set_ip(pkt, f->id, (uint32_t)value);
	set_transport(pkt, f->id, m->isn, (uint32_t)value);
	return true;
}

bool run_make_fields(struct run_play *play, struct run_making *m,
		     struct run_pkt *pkt)
{
	for (const struct case_field *f = m->spec->fields; f != NULL;
	     f = f->next) {
		bool good = true;

		switch (f->id) {
		case FIELD_PART:
		case FIELD_PAD:
		case FIELD_CAST:
		case FIELD_MAC:
			break;
		case FIELD_IPOPT:
		case FIELD_TCPOPT:
			set_options(pkt, f);
			break;
		case FIELD_SACK:
			good = set_sack(play, m, pkt, f);
			break;
		case FIELD_IPSUM:
			good = set_sum(play, &pkt->ipsum, f);
			break;
		case FIELD_CSUM:
			good = set_sum(play, &pkt->csum, f);
			break;
		default:
			good = make_number(play, m, pkt, f);
			break;
		}
		if (!good)
			return false;
	}
	return run_make_part(play, m->spec, pkt);
}
