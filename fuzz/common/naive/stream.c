/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c - TCP segments of connections with a helper
 *
 * Each octet is shown to the helper once. A segment that leaves is made of
 * what arrived and the edits known by then, so a repetition is changed as the
 * first was, however it is cut.
 */
#include "helper.h"

/* Is a before b? Numbers wrap. */
static bool is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * Where the octet that the sender counts as number is for the receiver. The
 * octets of an edit stay together: all of the text stands for the first one,
 * nothing for the others.
 */
static uint32_t moved(const struct way *w, uint32_t number)
{
	uint32_t to = number + w->shift;

	for (unsigned int i = 0; i < w->num_edits; i++) {
		const struct edit *d = &w->edits[i];

		if (!is_before(d->at, number))
			break;
		to += d->len - smaller(number - d->at, d->old_len);
	}
	return to;
}

/*
 * The reverse, for acknowledgments: what the sender may believe arrived. Of
 * an edit that is nothing until all of it is there. The left end of a SACK
 * block errs to the other side.
 */
static uint32_t moved_back(const struct way *w, uint32_t number, bool is_left)
{
	uint32_t shift = w->shift;

	for (unsigned int i = 0; i < w->num_edits; i++) {
		const struct edit *d = &w->edits[i];
		const uint32_t at = d->at + shift;

		if (!is_before(at, number))
			break;
		if (is_before(number, at + d->len))
			return d->at + (is_left ? d->old_len : 0);
		shift += d->len - d->old_len;
	}
	return number - shift;
}

/*
 * Is the receiver's number of before an edit that is forgotten? Nobody knows
 * inside it, nor so far away that it is before its one end and behind the
 * other.
 */
static bool is_forgotten(struct model *m, const struct way *w, uint32_t number)
{
	const bool is_it = w->has_lost && is_before(number, w->lost_start);

	if (w->has_lost && is_it != is_before(number, w->lost_end + w->shift))
		nv_lose(m, "what an edit made of this number is forgotten");
	return is_it;
}

/* What nobody will send again becomes a shift of all that follows. */
static void settle(struct way *w)
{
	w->shift += w->edits[0].len - w->edits[0].old_len;
	w->num_edits--;
	memmove(&w->edits[0], &w->edits[1], w->num_edits * sizeof(w->edits[0]));
}

/* Edits are of octets before newest: that far back nothing wraps. */
static void settle_old(struct way *w, uint32_t newest)
{
	while (w->num_edits > 0 && newest - w->edits[0].at > 0x40000000)
		settle(w);
	if (w->has_lost && newest - w->lost_at > 0x40000000)
		w->has_lost = false;
}

void nv_edit(struct hook *h, uint32_t offset, uint32_t old_len,
	     const uint8_t *text, uint32_t len)
{
	struct way *w = h->way;
	struct edit *d;

	if (old_len == len && masq_equal(h->data, offset, text, len))
		return;
	if (w->num_edits == MAX_EDITS) {
		/* One of this segment would be forgotten. */
		if (!is_before(w->edits[0].at, h->at))
			nv_lose(h->m, "too many edits of one segment");
		w->lost_at = w->edits[0].at;
		w->lost_start = w->lost_at + w->shift;
		w->lost_end = w->lost_at + w->edits[0].old_len;
		w->has_lost = true;
		settle(w);
	}
	d = &w->edits[w->num_edits];
	*d = (struct edit){
		.at = h->at + offset, .old_len = old_len, .len = len};
	memcpy(d->text, text, len);
	w->num_edits++;
}

/* The edit that an octet belongs to, or NULL. */
static const struct edit *edit_at(const struct way *w, uint32_t number)
{
	for (unsigned int i = 0; i < w->num_edits; i++)
		if (number - w->edits[i].at < w->edits[i].old_len)
			return &w->edits[i];
	return NULL;
}

/* Octets of a segment from number on, as the receiver is to get them. */
static uint32_t rewrite(const struct way *w, uint32_t number,
			struct masq_view data, uint8_t *out)
{
	uint32_t len = 0;

	for (uint32_t i = 0; i < data.len; i++) {
		const struct edit *d = edit_at(w, number + i);

		if (d == NULL) {
			out[len++] = masq_get8(data, i);
		} else if (d->at == number + i) {
			memcpy(out + len, d->text, d->len);
			len += d->len;
		}
	}
	return len;
}

/* CORE-PATH-42: has an edit changed the size of a segment? */
static bool is_resized(const struct way *w, uint32_t number, uint32_t len)
{
	for (unsigned int i = 0; i < w->num_edits; i++) {
		const struct edit *d = &w->edits[i];
		uint32_t old = 0, new = 0;

		for (uint32_t k = 0; k < d->old_len; k++) {
			if (d->at + k - number >= len)
				continue;
			old++;
			new += k == 0 ? d->len : 0;
		}
		if (old != new)
			return true;
	}
	return false;
}

/*
 * What begins behind all that was seen goes to the helper. It never sees a
 * tail behind octets that are repeated, and so misses something.
 */
static void show(struct hook *h, uint32_t at, struct masq_view data)
{
	struct way *w = h->way;
	const uint32_t end = at + data.len;

	if (!is_before(at, w->next)) {
		h->in_order = w->is_followed && at == w->next;
		h->data = data;
		h->at = at;
		h->e->helper->show(h);
		w->has_data = true;
		w->is_followed = true;
		w->next = end;
	} else if (is_before(w->next, end)) {
		w->is_followed = false;
		w->next = end;
	}
}

/* What came before is not known, unless this is a SYN. */
static void begin(struct way *w, uint32_t next, bool is_syn)
{
	*w = (struct way){
		.is_begun = true, .is_followed = is_syn, .next = next};
}

/* The length of the next SACK option, at moves there; 0: there is none. */
static uint32_t next_sack(struct masq_view options, uint32_t *at)
{
	while (*at < options.len) {
		const uint8_t kind = masq_get8(options, *at);
		const uint8_t len = masq_get8(options, *at + 1);

		if (kind == 1) {
			(*at)++;
			continue;
		}
		if (kind == 0 || len < 2 || len > options.len - *at)
			return 0;
		if (kind == 5)
			return len;
		*at += len;
	}
	return 0;
}

/* The numbers speak of the other direction's octets. */
static bool is_any_forgotten(struct model *m, const struct way *w,
			     struct masq_view header)
{
	uint32_t at = 20, len;

	if (is_forgotten(m, w, masq_get32(header, 8)))
		return true;
	for (; (len = next_sack(header, &at)) > 0; at += len)
		for (uint32_t i = 2; i + 8 <= len; i += 4)
			if (is_forgotten(m, w, masq_get32(header, at + i)) ||
			    is_forgotten(m, w, masq_get32(header, at + i + 4)))
				return true;
	return false;
}

static void move_sack(struct packet *p, const struct way *w,
		      struct masq_view header)
{
	uint32_t at = 20, len;

	for (; (len = next_sack(header, &at)) > 0; at += len)
		for (uint32_t i = at + 2; i + 8 <= at + len; i += 8) {
			nv_put_payload32(
				p, i,
				moved_back(w, masq_get32(header, i), true));
			nv_put_payload32(p, i + 4,
					 moved_back(w,
						    masq_get32(header, i + 4),
						    false));
		}
}

bool nv_stream(struct model *m, struct entry *e, struct packet *p, bool outward,
	       uint32_t masq_addr)
{
	const struct masq_view v = nv_payload_of(p);
	const uint32_t offset = (masq_get8(v, 12) >> 4) * 4u;
	const uint8_t flags = masq_get8(v, 13);
	const uint32_t number = masq_get32(v, 4);
	const struct masq_view data = masq_from(v, offset);
	struct way *w = &e->stream->ways[outward ? 0 : 1];
	struct way *other = &e->stream->ways[outward ? 1 : 0];
	const uint32_t at = number + (flags >> 1 & 1);
	const uint32_t end = at + data.len;
	const bool is_newer = data.len > 0 && (!is_before(at, w->next) ||
					       is_before(w->next, end));
	struct hook h = {
		.m = m,
		.e = e,
		.outward = outward,
		.masq_addr = masq_addr,
		.way = w,
	};
	uint32_t len;

	settle_old(w, is_newer ? end : w->next);
	if ((w->has_lost && is_before(at, w->lost_end)) ||
	    ((flags & 0x10) != 0 &&
	     is_any_forgotten(m, other, masq_slice(v, 0, offset))))
		return false;
	if (!w->is_begun)
		begin(w, at, (flags & 2) != 0);
	if (data.len > 0)
		show(&h, at, data);
	len = rewrite(w, at, data, m->text);
	if (p->hlen + offset + len > MAX_DATAGRAM) {
		nv_lose(m, "datagram grown too long");
		return false;
	}
	nv_put_payload32(p, 4, moved(w, number));
	if ((flags & 0x20) != 0)
		nv_put_payload16(
			p, 18,
			(uint16_t)(moved(w, number + masq_get16(v, 18)) -
				   moved(w, number)));
	if ((flags & 0x10) != 0) {
		nv_put_payload32(p, 8,
				 moved_back(other, masq_get32(v, 8), false));
		move_sack(p, other, masq_slice(v, 0, offset));
	}
	if (is_resized(w, at, data.len))
		p->has_record = false;
	memcpy(p->buf.data + p->hlen + offset, m->text, len);
	p->buf.len = p->hlen + offset + len;
	masq_put16(&p->buf, 2, (uint16_t)p->buf.len);
	return true;
}
