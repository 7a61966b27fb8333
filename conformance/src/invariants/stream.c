/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c - INV-22: sequence numbers of connections that a helper edits
 *
 * An edit is a segment whose payload was changed: all that follows it is
 * shifted by what it grew. What lies inside has no exact place in the other
 * numbering; nothing is said of it.
 *
 * Numbers wrap: an edit that half the number space has passed would seem to
 * lie ahead. When it is a quarter old it becomes a shift of all that follows,
 * and nothing is said of numbers that are as old, or as far ahead: no window
 * reaches there (RFC 7323 section 2.3).
 */
#include <stdlib.h>
#include <string.h>

#include "checker.h"

#define OLD 0x40000000u /* a quarter of all numbers */

enum {
	OUTBOUND = 0,
	INBOUND = 1
};

static bool is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* Octets behind the TCP header. */
static uint32_t payload_len(const struct conf_layout *ip)
{
	uint32_t offset = (masq_get8(ip->payload, 12) >> 4) * 4u;

	return offset <= ip->payload.len ? ip->payload.len - offset : 0;
}

/* Can nobody tell whether that is before an edit or behind it? */
static bool is_too_far(const struct shadow_stream *s, uint32_t seq)
{
	return (s->num_edits > 0 || s->has_old) && s->has_newest &&
	       seq - s->newest > OLD && s->newest - seq > OLD;
}

/*
 * No edit lies behind the newest octet: the distance to it never wraps. What
 * the engine counts from may be any octet of an edit, so all of it must be old.
 */
static void settle_old(struct shadow_stream *s)
{
	while (s->num_edits > 0 &&
	       s->newest - s->edits[0].at - s->edits[0].len > OLD) {
		s->shift += s->edits[0].diff;
		s->has_old = true;
		s->num_edits--;
		memmove(s->edits, s->edits + 1,
			s->num_edits * sizeof(s->edits[0]));
	}
}

/* A segment was seen, len octets from at on. */
static void note_octets(struct shadow_stream *s, uint32_t at, uint32_t len)
{
	if (len == 0 ||
	    (s->has_newest && at != s->newest && !is_after(at, s->newest) &&
	     !is_after(at + len, s->newest)))
		return;
	s->has_newest = true;
	s->newest = at + len;
	settle_old(s);
}

/* The shift at a position as it comes; false if nobody can know. */
static bool shift_at(const struct shadow_stream *s, uint32_t seq,
		     int32_t *out_shift)
{
	int32_t shift = s->shift;

	if (is_too_far(s, seq))
		return false;
	for (unsigned int i = 0; i < s->num_edits; i++) {
		const struct shadow_edit *e = &s->edits[i];

		if (!is_after(seq, e->at))
			break;
		if (is_after(e->at + e->len, seq))
			return false;
		shift += e->diff;
	}
	*out_shift = shift;
	return true;
}

/* Of what lies behind all edits. */
static int32_t whole_shift(const struct shadow_stream *s)
{
	int32_t shift = s->shift;

	for (unsigned int i = 0; i < s->num_edits; i++)
		shift += s->edits[i].diff;
	return shift;
}

/* The shift to be taken back from a number that has it. */
static bool shift_of(const struct shadow_stream *s, uint32_t ack,
		     int32_t *out_shift)
{
	int32_t shift = s->shift;

	/* How far ahead it is counts what lies between. */
	if (is_too_far(s, ack - (uint32_t)shift) ||
	    is_too_far(s, ack - (uint32_t)whole_shift(s)))
		return false;
	for (unsigned int i = 0; i < s->num_edits; i++) {
		const struct shadow_edit *e = &s->edits[i];
		uint32_t at = e->at + (uint32_t)shift;

		if (!is_after(ack, at))
			break;
		if (is_after(at + e->len + (uint32_t)e->diff, ack))
			return false;
		shift += e->diff;
	}
	*out_shift = shift;
	return true;
}

static void note_edit(struct shadow_stream *s, uint32_t at, uint32_t len,
		      int32_t diff, bool is_changed)
{
	/* Without octets it says nothing of those there. */
	if (len == 0 && !is_changed)
		return;
	for (unsigned int i = 0; i < s->num_edits; i++) {
		struct shadow_edit *e = &s->edits[i];

		if (e->at == at && e->len == len && e->diff == diff)
			return;
		/* The same octets were changed another way before. */
		if (is_after(e->at + e->len, at) && is_after(at + len, e->at)) {
			s->unknown = true;
			return;
		}
	}
	if (!is_changed)
		return;
	if (s->num_edits == 0 && !s->has_old) {
		/* Until now all numbers were alike: they count from here. */
		s->has_newest = true;
		s->newest = at + len;
	}
	if (is_too_far(s, at) || s->num_edits == SHADOW_MAX_EDITS ||
	    (s->num_edits > 0 && is_after(s->edits[s->num_edits - 1].at, at))) {
		s->unknown = true;
		return;
	}
	s->edits[s->num_edits++] = (struct shadow_edit){
		.at = at,
		.len = len,
		.diff = diff,
	};
}

static void check_seq(struct conf_checker *c, const struct shadow_stream *s,
		      struct masq_view p, struct masq_view q)
{
	uint32_t was = masq_get32(p, 4), is = masq_get32(q, 4);
	int32_t shift;

	if (s->unknown || !shift_at(s, was, &shift))
		return;
	if (is != was + (uint32_t)shift)
		inv_fail(c, INV_22,
			 "tcp.seq %u became %u; the edits before it add up "
			 "to %d",
			 was, is, shift);
}

static void check_number(struct conf_checker *c, const struct shadow_stream *s,
			 const char *name, uint32_t was, uint32_t is)
{
	int32_t shift;

	if (s->unknown || !shift_of(s, was, &shift))
		return;
	if (is != was - (uint32_t)shift)
		inv_fail(c, INV_22,
			 "%s %u became %u; the edits before it add up to %d",
			 name, was, is, shift);
}

static void check_sack(struct conf_checker *c, const struct shadow_stream *s,
		       struct masq_view p, struct masq_view q)
{
	uint32_t end = (masq_get8(p, 12) >> 4) * 4u;

	for (uint32_t at = 20; at < end;) {
		uint8_t kind = masq_get8(p, at);
		uint32_t len = kind <= 1 ? 1 : masq_get8(p, at + 1);

		if (kind == 0 || len == 0 || (kind > 1 && len < 2) ||
		    len > end - at)
			return;
		/* Two edges each; what is left over is no block (RFC 2018). */
		for (uint32_t i = 2;
		     kind == 5 && i + 4 <= 2 + (len - 2) / 8 * 8; i += 4)
			check_number(c, s, "tcp.sack", masq_get32(p, at + i),
				     masq_get32(q, at + i));
		at += len;
	}
}

static void check_ack(struct conf_checker *c, const struct shadow_stream *s,
		      struct masq_view p, struct masq_view q)
{
	uint32_t was = masq_get32(p, 8), is = masq_get32(q, 8);

	if ((masq_get8(p, 13) & FLAG_ACK) == 0) {
		if (was != is && !inv_excused(c, EX_22_FLAG))
			inv_fail(c, INV_22,
				 "tcp.ack %u without the flag became %u", was,
				 is);
		return;
	}
	check_number(c, s, "tcp.ack", was, is);
	if (!inv_excused(c, EX_22_SACK))
		check_sack(c, s, p, q);
}

/* The urgent octet moves with the edits in front of it. */
static void check_urgent(struct conf_checker *c, const struct shadow_stream *s,
			 struct masq_view p, struct masq_view q)
{
	uint32_t seq = masq_get32(p, 4);
	uint16_t was = masq_get16(p, 18), is = masq_get16(q, 18);
	int32_t before, after;

	if ((masq_get8(p, 13) & FLAG_URG) == 0 || s->unknown ||
	    !shift_at(s, seq, &before) || !shift_at(s, seq + was, &after))
		return;
	if (is != (uint16_t)(was + (uint32_t)(after - before)))
		inv_fail(c, INV_22,
			 "tcp.urgent %u became %u; the edits in between add "
			 "up to %d",
			 was, is, after - before);
}

void inv_forget_stream(const struct conf_checker *c, struct shadow_map *map)
{
	if (map->in.proto != CONF_PROTO_TCP || c->settings.num_loads == 0)
		return;
	if (map->streams == NULL)
		map->streams = calloc(2, sizeof(*map->streams));
	if (map->streams != NULL)
		map->streams[0].unknown = map->streams[1].unknown = true;
}

/* It is to be sent again, with numbers that tell of an edit nobody saw. */
void inv_doubt_stream(const struct conf_checker *c, struct shadow_map *map)
{
	if (map->in.proto == CONF_PROTO_TCP &&
	    inv_transport_len(&c->p.ip) != 0 && payload_len(&c->p.ip) != 0)
		inv_forget_stream(c, map);
}

void inv_check_stream(struct conf_checker *c, const struct inv_pair *pair,
		      struct shadow_map *map)
{
	struct masq_view p = pair->p.ip.payload, q = pair->q.ip.payload;
	unsigned int way = pair->direction == INV_OUT ? OUTBOUND : INBOUND;
	uint32_t len = payload_len(&pair->p.ip);
	int32_t diff = (int32_t)q.len - (int32_t)p.len;
	uint32_t at;

	if (!pair->is_helped || inv_excused(c, EX_22_PAIR) ||
	    (inv_excused(c, EX_22_EXTRA) &&
	     inv_has_helper(c, CONF_HELPER_RAUDIO)) ||
	    !masq_has(p, 0, 20) || !masq_has(q, 0, 20))
		return;
	if (map->streams == NULL)
		map->streams = calloc(2, sizeof(*map->streams));
	if (map->streams == NULL)
		return;
	/* A connection that begins again has new numbers. */
	if ((masq_get8(p, 13) & FLAG_SYN) != 0 &&
	    (map->streams[way].num_edits > 0 || map->streams[way].has_old))
		map->streams[0].unknown = map->streams[1].unknown = true;
	check_seq(c, &map->streams[way], p, q);
	check_ack(c, &map->streams[1 - way], p, q);
	/* A SYN has a number, and octets with it come behind (RFC 793). */
	at = masq_get32(p, 4) + ((masq_get8(p, 13) & FLAG_SYN) != 0);
	note_edit(&map->streams[way], at, len, diff,
		  p.len != q.len || !masq_equal(q, q.len - len,
						p.data + p.len - len, len));
	check_urgent(c, &map->streams[way], p, q);
	note_octets(&map->streams[way], at, len);
}
