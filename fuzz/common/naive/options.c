/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - IP options (CORE-PATH-40 to -42; RFC 791, 3.1)
 *
 * A record of the route is written twice: on reception with the address of
 * the side that the packet came from, and when it leaves with that of the
 * side where it does. Timestamps are written on reception only.
 *
 * Whatever is wrong with an option is said by its place in the header.
 */
#include "model.h"

enum {
	END = 0,
	NOP = 1,
	RECORD_ROUTE = 7,
	TIMESTAMP = 68,
	LOOSE_ROUTE = 131,
	STRICT_ROUTE = 137,
	ROUTER_ALERT = 148,
	COPIED = 0x80,
	TIME_ONLY = 0, /* flags of a timestamp */
	TIME_AND_ADDR = 1,
	TIME_OF_NAMED = 3,
	FULL_COUNT = 15,
};

/* One option: all places are from the begin of the IP header. */
struct option {
	uint32_t at, len;
	uint8_t type;
};

static uint8_t octet(const struct packet *p, uint32_t at)
{
	return (uint8_t)masq_get8(nv_view_of(p), at);
}

/*
 * The option at *at, which moves behind it. False: there is none. One whose
 * length cannot be has length 0.
 */
static bool next_option(const struct packet *p, uint32_t *at,
			struct option *out)
{
	while (*at < p->hlen && octet(p, *at) == NOP)
		(*at)++;
	if (*at >= p->hlen || octet(p, *at) == END)
		return false;
	*out = (struct option){.at = *at, .type = octet(p, *at)};
	if (p->hlen - *at >= 2)
		out->len = octet(p, *at + 1);
	if (out->len < 2 || out->len > p->hlen - *at)
		out->len = 0;
	*at += out->len;
	return true;
}

/* The first one of a type; len 0: there is none. */
static struct option find(const struct packet *p, uint8_t type)
{
	struct option o;
	uint32_t at = 20;

	while (next_option(p, &at, &o) && o.len > 0)
		if (o.type == type)
			return o;
	return (struct option){0};
}

/* Where its next slot is, for so many octets; 0: no slot is free. */
static uint32_t slot_of(const struct packet *p, const struct option *o)
{
	const uint8_t pointer = octet(p, o->at + 2);

	return pointer <= o->len ? o->at + pointer - 1 : 0;
}

static void move_pointer(struct packet *p, const struct option *o, uint8_t by)
{
	masq_put8(&p->buf, o->at + 2, (uint8_t)(octet(p, o->at + 2) + by));
}

static bool has_room(const struct option *o, uint32_t slot, uint32_t octets)
{
	return slot + octets <= o->at + o->len;
}

/* ---- received -------------------------------------------------------- */

/* What the readers of options return: where it is wrong, or FINE. */
#define FINE 0u

static uint32_t milliseconds(const struct model *m)
{
	return (uint32_t)(m->now / 1000000 % 86400000);
}

/* What it was sent to, or the address of the side that it came from. */
static uint32_t address_for(const struct model *m, const struct packet *p)
{
	if (nv_is_router(m, nv_dest_of(p)))
		return nv_dest_of(p);
	return nv_interface_of(m, p->side)->addr;
}

/* The next slot of a record; 0: it is full. */
static bool write_record(struct packet *p, const struct option *o,
			 uint32_t addr)
{
	const uint32_t slot = slot_of(p, o);

	if (slot == 0)
		return true;
	if (!has_room(o, slot, 4))
		return false;
	masq_put32(&p->buf, slot, addr);
	move_pointer(p, o, 4);
	p->record_slot = slot;
	return true;
}

/* The same of timestamps. */
static bool write_timestamp(struct model *m, struct packet *p,
			    const struct option *o, uint32_t addr)
{
	const uint8_t flags = octet(p, o->at + 3) & 15;
	const bool has_addr = flags == TIME_AND_ADDR || flags == TIME_OF_NAMED;
	const uint32_t slot = slot_of(p, o), len = has_addr ? 8 : 4;

	if (slot == 0)
		return true;
	if (!has_room(o, slot, len))
		return false;
	if (flags == TIME_AND_ADDR)
		masq_put32(&p->buf, slot, addr);
	/* Flags that nobody knows: nothing is written. */
	if ((flags != TIME_ONLY && !has_addr) ||
	    (flags == TIME_OF_NAMED &&
	     !nv_is_router(m, masq_get32(nv_view_of(p), slot))))
		return true;
	masq_put32(&p->buf, slot + len - 4, milliseconds(m));
	move_pointer(p, o, (uint8_t)len);
	return true;
}

static uint32_t read_record(struct model *m, struct packet *p,
			    const struct option *o)
{
	if (o->len < 3)
		return o->at + 1;
	if (octet(p, o->at + 2) < 4 || !write_record(p, o, address_for(m, p)))
		return o->at + 2;
	return FINE;
}

/* Nowhere to write: that is counted, up to fifteen. */
static uint32_t count_missed(struct packet *p, const struct option *o)
{
	const uint8_t word = octet(p, o->at + 3);

	if (word >> 4 == FULL_COUNT)
		return o->at + 3;
	masq_put8(&p->buf, o->at + 3, (uint8_t)(word + 0x10));
	return FINE;
}

static uint32_t read_timestamp(struct model *m, struct packet *p,
			       const struct option *o)
{
	if (o->len < 4)
		return o->at + 1;
	if (octet(p, o->at + 2) < 5)
		return o->at + 2;
	if (slot_of(p, o) == 0)
		return count_missed(p, o);
	if (!write_timestamp(m, p, o, address_for(m, p)))
		return o->at + 2;
	return FINE;
}

static uint32_t read_source_route(struct packet *p, const struct option *o)
{
	if (o->len < 3)
		return o->at + 1;
	if (octet(p, o->at + 2) < 4)
		return o->at + 2;
	/* One, of either kind. */
	if (p->is_source_routed)
		return o->at;
	p->is_source_routed = true;
	return FINE;
}

static uint32_t read_option(struct model *m, struct packet *p,
			    const struct option *o)
{
	if (o->len == 0)
		return o->at;
	/* Each may be there once (RFC 791). */
	if (o->type == RECORD_ROUTE || o->type == TIMESTAMP)
		if (find(p, o->type).at != o->at)
			return o->at;
	switch (o->type) {
	case RECORD_ROUTE:
		return read_record(m, p, o);
	case TIMESTAMP:
		return read_timestamp(m, p, o);
	case LOOSE_ROUTE:
	case STRICT_ROUTE:
		return read_source_route(p, o);
	case ROUTER_ALERT:
		return o->len < 4 ? o->at + 1 : FINE;
	default:
		return FINE;
	}
}

bool nv_read_options(struct model *m, struct packet *p)
{
	struct option o;
	uint32_t at = 20, wrong = FINE;

	while (wrong == FINE && next_option(p, &at, &o))
		wrong = read_option(m, p, &o);
	if (wrong != FINE) {
		nv_own_error(m, p, 12, 0, wrong << 24);
		return false;
	}
	/* CORE-PATH-41: nobody is to read what stands behind the end. */
	memset(p->buf.data + at, 0, p->hlen - at);
	p->has_record = true;
	return !p->is_source_routed;
}

/* ---- sent ------------------------------------------------------------ */

void nv_finish_options(struct model *m, struct packet *p, enum conf_side side)
{
	if (p->has_record && p->record_slot != 0)
		masq_put32(&p->buf, p->record_slot,
			   nv_interface_of(m, side)->addr);
	nv_make_header_sum(p);
}

void nv_blank_options(struct packet *p)
{
	struct option o;
	uint32_t at = 20;

	while (next_option(p, &at, &o) && o.len > 0)
		if ((o.type & COPIED) == 0)
			memset(p->buf.data + o.at, NOP, o.len);
}

/* ---- echoed ---------------------------------------------------------- */

uint32_t nv_echo_len(const struct packet *p)
{
	if (!p->has_record)
		return 20;
	return 20 +
	       ((find(p, RECORD_ROUTE).len + find(p, TIMESTAMP).len + 3) & ~3u);
}

/* Copies an option behind the header that there is so far. */
static struct option copy(struct packet *to, const struct packet *from,
			  struct option o)
{
	memcpy(to->buf.data + to->hlen, from->buf.data + o.at, o.len);
	o.at = to->hlen;
	to->hlen += o.len;
	to->buf.len = to->hlen;
	return o;
}

void nv_echo_options(struct model *m, struct packet *to,
		     const struct packet *from, uint32_t source)
{
	struct option record = find(from, RECORD_ROUTE);
	struct option times = find(from, TIMESTAMP);

	to->has_record = true;
	if (record.len > 0) {
		record = copy(to, from, record);
		write_record(to, &record, source);
	}
	if (times.len > 0) {
		times = copy(to, from, times);
		if ((octet(to, times.at + 3) & 15) != TIME_OF_NAMED)
			write_timestamp(m, to, &times, source);
	}
	while (to->hlen % 4 != 0)
		to->buf.data[to->hlen++] = END;
	/* Its source it is known by, wherever it leaves. */
	to->record_slot = 0;
}
