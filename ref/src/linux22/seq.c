/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seq.c - sequence numbers of streams whose payload changed length
 *
 * Linux 2.2 keeps one record for each direction (CORE-SEQ-01): where the
 * youngest edit is, the sum of all edits and the sum before the youngest.
 * Numbers after the youngest edit move by the one, others by the other.
 */
#include "linux22/engine.h"

/* RFC 793 arithmetic: is a later than b? */
static bool after(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a) < 0;
}

static bool is_active(const struct seq_record *r)
{
	return r->delta != 0 || r->prev != 0;
}

/* CORE-SEQ-02 step 1: the sender's number as the receiver knows it. */
static int32_t shift_of_seq(const struct seq_record *r, uint32_t seq)
{
	return after(seq, r->init) ? r->delta : r->prev;
}

/* CORE-SEQ-04: the other way round, ack is in the receiver's numbers. */
static int32_t shift_of_ack(const struct seq_record *r, uint32_t ack)
{
	return after(ack, r->init + (uint32_t)r->delta) ? r->delta : r->prev;
}

/* A 32-bit number at any offset; the payload's sum is taken anew. */
static void put_unaligned(struct masq_pkt *p, uint32_t off, uint32_t value)
{
	masq_put32(&p->buf, p->hlen + off, value);
	p->is_summed = p->has_pseudo = false;
}

static void adjust_sack(const struct seq_record *r, struct masq_pkt *p)
{
	uint32_t at = TCP_HEADER_MIN, len;

	for (; (len = pkt_find_sack(p, &at)) != 0; at += len) {
		for (uint32_t i = 2; i + 4 <= len; i += 4) {
			uint32_t v = pkt_l4_get32(p, at + i);

			v -= (uint32_t)shift_of_ack(r, v);
			put_unaligned(p, at + i, v);
		}
	}
}

void seq_adjust(const struct masq_engine *e, struct masq_entry *entry,
		struct masq_pkt *p, bool outbound)
{
	const struct seq_record *seq_rec = outbound ? &entry->out : &entry->in;
	const struct seq_record *ack_rec = outbound ? &entry->in : &entry->out;
	const uint16_t seq_flag = outbound ? MASQ_OUT_SEQ : MASQ_IN_SEQ;
	const uint16_t ack_flag = outbound ? MASQ_IN_SEQ : MASQ_OUT_SEQ;
	uint32_t v;

	if ((entry->flags & seq_flag) != 0 && is_active(seq_rec)) {
		v = pkt_l4_get32(p, TCP_O_SEQ);
		pkt_l4_put32(p, TCP_O_SEQ,
			     v + (uint32_t)shift_of_seq(seq_rec, v));
	}
	if ((entry->flags & ack_flag) == 0 || !is_active(ack_rec))
		return;
	if ((pkt_l4_get8(p, TCP_O_FLAGS) & TCP_ACK) == 0 &&
	    !has_quirk(e, MASQ_QUIRK(ACK_UNFLAGGED)))
		return;
	v = pkt_l4_get32(p, TCP_O_ACK);
	pkt_l4_put32(p, TCP_O_ACK, v - (uint32_t)shift_of_ack(ack_rec, v));
	if (!has_quirk(e, MASQ_QUIRK(SACK_STALE)))
		adjust_sack(ack_rec, p);
}

/* CORE-SEQ-03 */
void seq_update(const struct masq_engine *e, struct masq_entry *entry,
		uint32_t seq, int32_t diff, bool outbound)
{
	struct seq_record *r = outbound ? &entry->out : &entry->in;
	const uint16_t flag = outbound ? MASQ_OUT_SEQ : MASQ_IN_SEQ;

	if (diff == 0)
		return;
	if ((entry->flags & flag) != 0 && !after(seq, r->init))
		return;
	r->prev = r->delta;
	r->delta = (int32_t)((uint32_t)r->delta + (uint32_t)diff);
	if (has_quirk(e, MASQ_QUIRK(SEQ_PAIR)))
		r->delta = (int16_t)(uint16_t)r->delta;
	r->init = seq;
	entry->flags |= flag;
}
