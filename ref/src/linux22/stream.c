/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c - byte streams that helpers edit, without quirk SEQ_PAIR
 *
 * See stream.h for the theory of operation. The sequence record of an entry
 * means something else here: init is the number after the newest octet
 * seen, delta the shift before the first edit kept, prev names that edit.
 */
#include <stdlib.h>
#include <string.h>

#include "linux22/stream.h"

struct edit {
	uint32_t next; /* by position; 0 = last */
	uint32_t pos;  /* sender's number of the first octet replaced */
	uint16_t old_len, new_len;
	uint8_t text[STREAM_TEXT_MAX];
};

struct stream_pool {
	uint32_t num;
	uint32_t num_used;   /* edits ever taken from the array */
	uint32_t num_held;   /* alive */
	uint32_t free_list;  /* given back */
	struct edit edits[]; /* [0] is not used */
};

/* Bits of masq_entry.gaps: the helper missed octets; some were seen; see
   settle_surplus(). */
enum {
	GAP_OUT = 1,
	GAP_IN = 2,
	SEEN_OUT = 4,
	SEEN_IN = 8,
	LOST_OUT = 16,
	LOST_IN = 32
};

struct stream_pool *stream_pool_new(uint32_t num)
{
	struct stream_pool *pool =
		malloc(sizeof(*pool) + (num + 1) * sizeof(pool->edits[0]));

	if (pool == NULL)
		return NULL;
	pool->num = num;
	stream_pool_reset(pool);
	return pool;
}

void stream_pool_free(struct stream_pool *pool)
{
	free(pool);
}

void stream_pool_reset(struct stream_pool *pool)
{
	pool->num_used = pool->num_held = pool->free_list = 0;
}

uint32_t stream_pool_held(const struct stream_pool *pool)
{
	return pool->num_held;
}

size_t stream_pool_cost(const struct stream_pool *pool)
{
	return sizeof(*pool) + (pool->num + 1) * sizeof(pool->edits[0]);
}

static struct seq_record *record_of(struct masq_entry *e, bool outbound)
{
	return outbound ? &e->out : &e->in;
}

static uint32_t first_edit(const struct seq_record *r)
{
	return (uint32_t)r->prev;
}

static int32_t diff_of(const struct edit *ed)
{
	return (int32_t)ed->new_len - (int32_t)ed->old_len;
}

/* RFC 793 arithmetic: is a before b? */
static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* ---- numbers --------------------------------------------------------- */

/* Where the receiver has the octet that the sender calls seq. */
static uint32_t to_receiver(const struct stream_pool *pool,
			    const struct seq_record *r, uint32_t seq)
{
	uint32_t shift = (uint32_t)r->delta;

	for (uint32_t i = first_edit(r); i != 0; i = pool->edits[i].next) {
		const struct edit *ed = &pool->edits[i];

		if (!before(ed->pos, seq))
			break;
		/* Inside the region: behind the new text. */
		if (before(seq, ed->pos + ed->old_len))
			return ed->pos + shift + ed->new_len;
		shift += (uint32_t)diff_of(ed);
	}
	return seq + shift;
}

/*
 * What the receiver's number says in the sender's. Inside a new text it is
 * the start of the region, or with round_up its end.
 */
static uint32_t to_sender(const struct stream_pool *pool,
			  const struct seq_record *r, uint32_t number,
			  bool round_up)
{
	uint32_t shift = (uint32_t)r->delta;

	for (uint32_t i = first_edit(r); i != 0; i = pool->edits[i].next) {
		const struct edit *ed = &pool->edits[i];
		const uint32_t start = ed->pos + shift;

		if (!before(start, number))
			break;
		if (before(number, start + ed->new_len))
			return round_up ? ed->pos + ed->old_len : ed->pos;
		shift += (uint32_t)diff_of(ed);
	}
	return number - shift;
}

int32_t stream_shift(const struct stream_pool *pool,
		     const struct masq_entry *entry, bool outbound)
{
	const struct seq_record *r = outbound ? &entry->out : &entry->in;
	int32_t shift = r->delta;

	for (uint32_t i = first_edit(r); i != 0; i = pool->edits[i].next)
		shift += diff_of(&pool->edits[i]);
	return shift;
}

static void adjust_sack(const struct stream_pool *pool,
			const struct seq_record *r, struct masq_pkt *p,
			uint32_t at, uint32_t len)
{
	for (uint32_t i = 2; i + 8 <= len; i += 8) {
		const uint32_t left = pkt_l4_get32(p, at + i);
		const uint32_t right = pkt_l4_get32(p, at + i + 4);

		masq_put32(&p->buf, p->hlen + at + i,
			   to_sender(pool, r, left, true));
		masq_put32(&p->buf, p->hlen + at + i + 4,
			   to_sender(pool, r, right, false));
	}
	p->is_summed = p->has_pseudo = false;
}

static void adjust_options(const struct stream_pool *pool,
			   const struct seq_record *r, struct masq_pkt *p)
{
	uint32_t at = TCP_HEADER_MIN, len;

	for (; (len = pkt_find_sack(p, &at)) != 0; at += len)
		adjust_sack(pool, r, p, at, len);
}

static void adjust_ack(const struct stream_pool *pool,
		       const struct seq_record *r, struct masq_pkt *p)
{
	if ((pkt_l4_get8(p, TCP_O_FLAGS) & TCP_ACK) == 0)
		return;
	pkt_l4_put32(p, TCP_O_ACK,
		     to_sender(pool, r, pkt_l4_get32(p, TCP_O_ACK), false));
	adjust_options(pool, r, p);
}

/* ---- old edits ------------------------------------------------------- */

/* An edit that nobody has; 0 if there is none. */
static uint32_t take_edit(struct stream_pool *pool)
{
	uint32_t i = pool->free_list;

	if (i != 0)
		pool->free_list = pool->edits[i].next;
	else if (pool->num_used < pool->num)
		i = ++pool->num_used;
	pool->num_held += i != 0;
	return i;
}

static void give_back(struct stream_pool *pool, uint32_t i)
{
	pool->num_held--;
	pool->edits[i].next = pool->free_list;
	pool->free_list = i;
}

/* Turns the oldest edit into a shift for everything after it. */
static void settle(struct stream_pool *pool, struct seq_record *r)
{
	const uint32_t oldest = first_edit(r);

	r->delta += diff_of(&pool->edits[oldest]);
	r->prev = (int32_t)pool->edits[oldest].next;
	give_back(pool, oldest);
}

/* A quarter of the number space: nobody sends again what is that old. */
#define EDIT_AGE_MAX 0x40000000u

/*
 * Before an edit is so old that it seems to lie ahead. newest: behind the
 * newest octet; no edit lies there, so distances to it never wrap.
 */
static void settle_old(struct stream_pool *pool, struct masq_entry *entry,
		       bool outbound, uint32_t newest)
{
	struct seq_record *r = record_of(entry, outbound);

	while (first_edit(r) != 0 &&
	       newest - pool->edits[first_edit(r)].pos > EDIT_AGE_MAX) {
		settle(pool, r);
		entry->gaps &= (uint8_t) ~(outbound ? LOST_OUT : LOST_IN);
	}
}

/*
 * Makes room for one more. False: all of them are of the segment that begins
 * at start, which may be sent again. Otherwise the oldest one is lost: it is
 * kept until the next one is, as it tells from where on nothing is.
 */
static bool settle_surplus(struct stream_pool *pool, struct masq_entry *entry,
			   bool outbound, uint32_t start)
{
	const uint8_t lost = outbound ? LOST_OUT : LOST_IN;
	struct seq_record *r = record_of(entry, outbound);
	uint32_t oldest = first_edit(r);
	unsigned int num = 0;

	if ((entry->gaps & lost) != 0)
		oldest = pool->edits[oldest].next;
	for (uint32_t i = oldest; i != 0; i = pool->edits[i].next)
		num++;
	if (num < STREAM_EDITS_MAX)
		return true;
	if (!before(pool->edits[oldest].pos, start))
		return false;
	if ((entry->gaps & lost) != 0)
		settle(pool, r);
	entry->gaps |= lost;
	return true;
}

/* Nobody knows any more what the receiver got of a segment from start on. */
static bool is_lost(const struct stream_pool *pool,
		    const struct masq_entry *entry, bool outbound,
		    uint32_t start)
{
	const struct seq_record *r = outbound ? &entry->out : &entry->in;
	const struct edit *oldest = &pool->edits[first_edit(r)];

	return (entry->gaps & (outbound ? LOST_OUT : LOST_IN)) != 0 &&
	       before(start, oldest->pos + oldest->old_len);
}

/*
 * Does the segment acknowledge what came before an edit that is lost? The
 * other direction's: first_edit() is that edit, see settle_surplus().
 */
static bool has_lost_number(const struct stream_pool *pool,
			    const struct masq_entry *entry, bool outbound,
			    const struct masq_pkt *p)
{
	const struct seq_record *r = outbound ? &entry->in : &entry->out;
	const uint32_t from = pool->edits[first_edit(r)].pos +
			      (uint32_t)r->delta;
	uint32_t at = TCP_HEADER_MIN, len;

	if ((entry->gaps & (outbound ? LOST_IN : LOST_OUT)) == 0 ||
	    (pkt_l4_get8(p, TCP_O_FLAGS) & TCP_ACK) == 0)
		return false;
	if (before(pkt_l4_get32(p, TCP_O_ACK), from))
		return true;
	for (; (len = pkt_find_sack(p, &at)) != 0; at += len)
		for (uint32_t i = 2; i + 8 <= len; i += 4)
			if (before(pkt_l4_get32(p, at + i), from) ||
			    before(pkt_l4_get32(p, at + i + 4), from))
				return true;
	return false;
}

/* ---- text ------------------------------------------------------------ */

/* Repeats one edit in the payload [start, end) that begins at offset at. */
static enum masq_status repeat_edit(struct masq_pkt *p, const struct edit *ed,
				    uint32_t start, uint32_t end, uint32_t at)
{
	const uint32_t region_end = ed->pos + ed->old_len;
	const bool has_first = !before(ed->pos, start);
	const uint32_t from = has_first ? ed->pos : start;
	const uint32_t to = before(region_end, end) ? region_end : end;
	const uint32_t len = has_first ? ed->new_len : 0;

	if (len != to - from)
		p->options.known = false; /* CORE-PATH-42 */
	return pkt_replace(p, at + (from - start), to - from, ed->text, len);
}

/* Makes the payload what the edits say; false if it gets too long. */
static bool repeat_edits(const struct stream_pool *pool,
			 const struct seq_record *r, struct masq_pkt *p,
			 uint32_t start, uint32_t len)
{
	const uint32_t at = p->hlen + (pkt_l4_get8(p, TCP_O_DOFF) >> 4) * 4u;
	const struct edit *touched[STREAM_EDITS_MAX];
	unsigned int num = 0;

	for (uint32_t i = first_edit(r); i != 0; i = pool->edits[i].next) {
		const struct edit *ed = &pool->edits[i];

		if (before(ed->pos, start + len) &&
		    before(start, ed->pos + ed->old_len) &&
		    num < STREAM_EDITS_MAX)
			touched[num++] = ed;
	}
	/* From the back, so that offsets before stay true. */
	while (num != 0) {
		if (repeat_edit(p, touched[--num], start, start + len, at) !=
		    MASQ_OK)
			return false;
	}
	return true;
}

/* Behind the newest octet of the stream, those of the segment included. */
static uint32_t newest_with(const struct seq_record *r, uint32_t start,
			    uint32_t len)
{
	const bool is_newer = !before(start, r->init) ||
			      before(r->init, start + len);

	return len != 0 && is_newer ? start + len : r->init;
}

/* Is the payload new to the helper? Moves the mark of what it has seen. */
static void look(struct masq_entry *entry, bool outbound,
		 struct stream_segment *s, uint32_t len, bool has_syn)
{
	struct seq_record *r = record_of(entry, outbound);
	const uint8_t gap = outbound ? GAP_OUT : GAP_IN;
	const uint8_t seen = outbound ? SEEN_OUT : SEEN_IN;
	const uint32_t end = s->start + len;

	s->is_new = s->in_order = false;
	if ((entry->gaps & seen) == 0) {
		/* Mid-stream nobody knows what came before. */
		entry->gaps |= has_syn ? seen : seen | gap;
		r->init = s->start;
	}
	if (len == 0)
		return;
	if (!before(s->start, r->init)) {
		s->is_new = true;
		s->in_order = s->start == r->init && (entry->gaps & gap) == 0;
		entry->gaps &= (uint8_t)~gap;
		r->init = end;
	} else if (before(r->init, end)) {
		entry->gaps |= gap;
		r->init = end;
	}
}

void stream_adjust_urgent(const struct stream_pool *pool,
			  const struct masq_entry *entry, struct masq_pkt *p,
			  bool outbound, uint32_t seq)
{
	const struct seq_record *r = outbound ? &entry->out : &entry->in;
	const uint32_t urgent = pkt_l4_get16(p, TCP_O_URGENT);

	if (first_edit(r) == 0 || (pkt_l4_get8(p, TCP_O_FLAGS) & TCP_URG) == 0)
		return;
	pkt_l4_put16(p, TCP_O_URGENT,
		     (uint16_t)(to_receiver(pool, r, seq + urgent) -
				to_receiver(pool, r, seq)));
}

bool stream_adjust(struct stream_pool *pool, struct masq_entry *entry,
		   struct masq_pkt *p, bool outbound, struct stream_segment *s)
{
	struct seq_record *mine = record_of(entry, outbound);
	const struct seq_record *theirs = record_of(entry, !outbound);
	const uint32_t seq = pkt_l4_get32(p, TCP_O_SEQ);
	const uint32_t doff = (pkt_l4_get8(p, TCP_O_DOFF) >> 4) * 4u;
	const bool has_syn = (pkt_l4_get8(p, TCP_O_FLAGS) & TCP_SYN) != 0;
	const uint32_t len = pkt_payload_len(p) - doff;

	s->start = seq + has_syn;
	if (first_edit(mine) != 0)
		settle_old(pool, entry, outbound,
			   newest_with(mine, s->start, len));
	if (is_lost(pool, entry, outbound, s->start) ||
	    has_lost_number(pool, entry, outbound, p))
		return false;
	if (first_edit(mine) != 0 || mine->delta != 0) {
		pkt_l4_put32(p, TCP_O_SEQ, to_receiver(pool, mine, seq));
		if (!repeat_edits(pool, mine, p, s->start, len))
			return false;
	}
	if (first_edit(theirs) != 0 || theirs->delta != 0)
		adjust_ack(pool, theirs, p);
	look(entry, outbound, s, len, has_syn);
	return true;
}

/* ---- the list -------------------------------------------------------- */

static void insert(struct stream_pool *pool, struct seq_record *r, uint32_t i)
{
	uint32_t after = 0, at = first_edit(r);

	while (at != 0 && before(pool->edits[at].pos, pool->edits[i].pos)) {
		after = at;
		at = pool->edits[at].next;
	}
	pool->edits[i].next = at;
	if (after != 0)
		pool->edits[after].next = i;
	else
		r->prev = (int32_t)i;
}

enum masq_status stream_edit(struct stream_pool *pool, struct masq_entry *entry,
			     bool outbound, const struct stream_segment *s,
			     uint32_t offset, uint32_t old_len,
			     const uint8_t *text, uint32_t len)
{
	struct seq_record *r = record_of(entry, outbound);
	struct edit *ed;
	uint32_t i;

	if (len > STREAM_TEXT_MAX || old_len > UINT16_MAX)
		return MASQ_ERR_SPACE;
	if (!settle_surplus(pool, entry, outbound, s->start))
		return MASQ_ERR_SPACE;
	i = take_edit(pool);
	if (i == 0)
		return MASQ_ERR_SPACE;
	ed = &pool->edits[i];
	ed->pos = to_sender(pool, r, to_receiver(pool, r, s->start) + offset,
			    false);
	ed->old_len = (uint16_t)old_len;
	ed->new_len = (uint16_t)len;
	if (len != 0)
		memcpy(ed->text, text, len);
	insert(pool, r, i);
	return MASQ_OK;
}

void stream_end(struct stream_pool *pool, struct masq_entry *entry)
{
	for (unsigned int side = 0; side < 2; side++) {
		struct seq_record *r = record_of(entry, side != 0);

		while (first_edit(r) != 0) {
			const uint32_t i = first_edit(r);

			r->prev = (int32_t)pool->edits[i].next;
			give_back(pool, i);
		}
	}
}
