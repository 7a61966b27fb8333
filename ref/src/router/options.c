/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - IP options in a router (RFC 791, CORE-PATH-40 to -42)
 *
 * On reception the options are checked; record route and timestamp get
 * their next slot filled, with the router's address on the side that the
 * packet came from. On departure the record-route slot is overwritten with
 * the address of the way out, and the header checksum, left stale so far,
 * is made new. Source routes are refused (CORE-CFG-07). A malformed option
 * earns its sender a parameter problem that points to the octet.
 */
#include "router/router.h"

enum {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_RR = 7,
	OPT_TS = 68,
	OPT_LSRR = 131,
	OPT_SSRR = 137,
	OPT_RA = 148,
};

/* Fields of an option, from its type octet. */
enum {
	OPT_O_LEN = 1,
	OPT_O_PTR = 2,
	OPT_O_TS_FLAGS = 3
};

/* The low four bits of a timestamp's flags. */
enum {
	TS_ONLY = 0,
	TS_ADDR = 1,
	TS_PRESPEC = 3
};

/* State of one parse. */
struct parse {
	struct router *r;
	struct masq_pkt *p;
	uint32_t own_addr; /* what goes into slots */
	bool has_source_route;
};

static uint8_t opt8(const struct parse *s, uint32_t at)
{
	return pkt_get8(s->p, at);
}

uint32_t router_day_ms(const struct router *r)
{
	return (uint32_t)(r->now / 1000000u % 86400000u);
}

/*
 * The parsers of single options get their offset and length (at least 2)
 * and return the offset of the octet that is wrong, 0 if none is.
 */
static uint32_t parse_record_route(struct parse *s, uint32_t at, uint32_t len)
{
	struct ip_options *o = &s->p->options;
	const uint32_t ptr = opt8(s, at + OPT_O_PTR);

	if (o->rr != 0)
		return at;
	if (len < 3)
		return at + OPT_O_LEN;
	if (ptr < 4)
		return at + OPT_O_PTR;
	if (ptr <= len) {
		if (ptr + 3 > len)
			return at + OPT_O_PTR;
		masq_put32(&s->p->buf, at + ptr - 1, s->own_addr);
		masq_put8(&s->p->buf, at + OPT_O_PTR, (uint8_t)(ptr + 4));
		o->changed = true;
		o->rr_filled = true;
	}
	o->rr = (uint8_t)at;
	return 0;
}

static uint32_t parse_source_route(struct parse *s, uint32_t at, uint32_t len)
{
	if (len < 3)
		return at + OPT_O_LEN;
	if (opt8(s, at + OPT_O_PTR) < 4)
		return at + OPT_O_PTR;
	if (s->has_source_route)
		return at;
	s->has_source_route = true;
	return 0;
}

/* No slot is left: counts the hop in the overflow field. */
static uint32_t count_overflow(struct parse *s, uint32_t at)
{
	const uint8_t flags = opt8(s, at + OPT_O_TS_FLAGS);

	if (flags >> 4 == 15)
		return at + OPT_O_TS_FLAGS;
	masq_put8(&s->p->buf, at + OPT_O_TS_FLAGS, (uint8_t)(flags + 0x10));
	s->p->options.changed = true;
	return 0;
}

/* Fills the slot at ptr (1-based) with address and time as asked. */
static uint32_t fill_timestamp(struct parse *s, uint32_t at, uint32_t len,
			       uint32_t ptr)
{
	struct ip_options *o = &s->p->options;
	const uint8_t kind = opt8(s, at + OPT_O_TS_FLAGS) & 0xf;
	const uint32_t slot = at + ptr - 1;
	const uint32_t size = kind == TS_ADDR || kind == TS_PRESPEC ? 8 : 4;

	if (ptr + 3 > len || (size == 8 && ptr + 7 > len))
		return at + OPT_O_PTR;
	switch (kind) {
	case TS_ONLY:
		break;
	case TS_ADDR:
		masq_put32(&s->p->buf, slot, s->own_addr);
		o->ts_addr = true;
		break;
	case TS_PRESPEC:
		/* Only for the router named there (RFC 1812, 5.3.13.6). */
		if (!router_is_own(s->r, pkt_get32(s->p, slot)))
			return 0;
		break;
	default: /* a kind unknown: carried along */
		return 0;
	}
	masq_put32(&s->p->buf, slot + size - 4, router_day_ms(s->r));
	masq_put8(&s->p->buf, at + OPT_O_PTR, (uint8_t)(ptr + size));
	o->ts_filled = true;
	o->changed = true;
	return 0;
}

static uint32_t parse_timestamp(struct parse *s, uint32_t at, uint32_t len)
{
	const uint32_t ptr = opt8(s, at + OPT_O_PTR);
	uint32_t bad;

	if (s->p->options.ts != 0)
		return at;
	if (len < 4)
		return at + OPT_O_LEN;
	if (ptr < 5)
		return at + OPT_O_PTR;
	if (ptr <= len)
		bad = fill_timestamp(s, at, len, ptr);
	else
		bad = count_overflow(s, at);
	s->p->options.ts = (uint8_t)at;
	return bad;
}

/* What follows the end of the options is padding: zeros (PATH-41). */
static void clear_padding(struct parse *s, uint32_t at)
{
	for (; at < s->p->hlen; at++) {
		if (opt8(s, at) != 0) {
			masq_put8(&s->p->buf, at, 0);
			s->p->options.changed = true;
		}
	}
}

static uint32_t parse_one(struct parse *s, uint32_t at, uint32_t len)
{
	switch (opt8(s, at)) {
	case OPT_RR:
		return parse_record_route(s, at, len);
	case OPT_TS:
		return parse_timestamp(s, at, len);
	case OPT_LSRR:
	case OPT_SSRR:
		return parse_source_route(s, at, len);
	case OPT_RA:
		return len < 4 ? at + OPT_O_LEN : 0;
	default: /* security, stream id, unknown: carried along */
		return 0;
	}
}

/* Returns the offset of the octet that is wrong, 0 if none is. */
static uint32_t parse_all(struct parse *s)
{
	uint32_t at = IP_HEADER_MIN;

	while (at < s->p->hlen) {
		uint32_t len, bad;

		if (opt8(s, at) == OPT_END) {
			clear_padding(s, at + 1);
			break;
		}
		if (opt8(s, at) == OPT_NOP) {
			at++;
			continue;
		}
		len = opt8(s, at + OPT_O_LEN);
		if (len < 2 || len > s->p->hlen - at)
			return at;
		bad = parse_one(s, at, len);
		if (bad != 0)
			return bad;
		at += len;
	}
	return 0;
}

bool options_receive(struct router *r, struct masq_pkt *p)
{
	struct parse s = {
		.r = r,
		.p = p,
		.own_addr = router_is_own(r, pkt_daddr(p))
				    ? pkt_daddr(p)
				    : router_interface(r, p->in)->addr,
	};
	const uint32_t bad = parse_all(&s);

	if (bad != 0) {
		p->options = (struct ip_options){0};
		router_error(r, p, ICMP_PARAMETER, 0, bad << 24);
		return false;
	}
	p->options.known = true;
	return !s.has_source_route;
}

void options_forward(struct router *r, struct masq_pkt *p, uint32_t source)
{
	const struct ip_options *o = &p->options;

	(void)r;
	if (!o->known || !o->changed)
		return;
	p->is_ip_summed = false;
	if (o->rr_filled)
		masq_put32(&p->buf, o->rr + pkt_get8(p, o->rr + OPT_O_PTR) - 5u,
			   source);
	pkt_finish_ip(p);
}

/* Appends an option of pkt; returns its offset in out. */
static uint32_t copy_option(const struct masq_pkt *p, uint32_t at,
			    struct masq_buf *out)
{
	const uint32_t start = out->len;
	const uint32_t room = out->cap - start;
	const struct masq_view v = masq_slice(pkt_view(p), at,
					      pkt_get8(p, at + OPT_O_LEN));
	const uint32_t len = v.len < room ? v.len : room;

	memcpy(out->data + start, v.data, len);
	out->len += len;
	return start;
}

/* The next slot of an echoed record route is for the answering router. */
static void echo_record_route(const struct masq_pkt *p, uint32_t source,
			      struct masq_buf *out)
{
	const uint32_t at = copy_option(p, p->options.rr, out);
	const uint32_t len = masq_get8(masq_view_of(out), at + OPT_O_LEN);
	const uint32_t ptr = masq_get8(masq_view_of(out), at + OPT_O_PTR);

	if (!p->options.rr_filled || ptr + 3 > len)
		return;
	masq_put32(out, at + ptr - 1, source);
	masq_put8(out, at + OPT_O_PTR, (uint8_t)(ptr + 4));
}

/* So is the next slot of an echoed timestamp. */
static void echo_timestamp(const struct router *r, const struct masq_pkt *p,
			   uint32_t source, struct masq_buf *out)
{
	const uint32_t at = copy_option(p, p->options.ts, out);
	const uint32_t len = masq_get8(masq_view_of(out), at + OPT_O_LEN);
	const uint32_t ptr = masq_get8(masq_view_of(out), at + OPT_O_PTR);
	const uint8_t kind = masq_get8(masq_view_of(out), at + OPT_O_TS_FLAGS) &
			     0xf;
	const uint32_t size = kind == TS_ONLY ? 4 : 8;

	if (!p->options.ts_filled || kind == TS_PRESPEC || ptr + size - 1 > len)
		return;
	if (p->options.ts_addr)
		masq_put32(out, at + ptr - 1, source);
	masq_put32(out, at + ptr + size - 5, router_day_ms(r));
	masq_put8(out, at + OPT_O_PTR, (uint8_t)(ptr + size));
}

uint32_t options_echo(const struct router *r, const struct masq_pkt *p,
		      uint32_t source, uint8_t octets[40])
{
	struct masq_buf out = {.data = octets, .cap = 40};

	memset(octets, OPT_END, 40);
	if (!p->options.known)
		return 0;
	if (p->options.rr != 0)
		echo_record_route(p, source, &out);
	if (p->options.ts != 0)
		echo_timestamp(r, p, source, &out);
	return (out.len + 3) & ~3u;
}
