/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h - byte streams that helpers edit, without quirk SEQ_PAIR
 *
 * Theory of operation. Every edit of a stream is kept: where it was in the
 * sender's numbers, how long the old text was, and the new text. A segment,
 * sent for the first time or again, however it is cut, is made from the
 * list: whoever brings the first octet of an edited region brings the whole
 * new text, its other octets are nothing. So the receiver assembles the
 * sender's stream with each edited text substituted exactly once, whatever
 * is lost, repeated or reordered (INV-22, INV-23). Acknowledgments go the
 * other way through the list; one inside a new text counts up to the start
 * of the region only.
 *
 * Helpers see each octet once: what begins at or after the newest octet
 * seen. What they did not see, a tail behind repeated octets, is passed on
 * as it is, and the next segment counts as out of order.
 */
#ifndef MASQ_LINUX22_STREAM_H
#define MASQ_LINUX22_STREAM_H

#include "linux22/entry.h"
#include "wire/packet.h"

/* Octets of the longest new text. */
#define STREAM_TEXT_MAX 60u
/*
 * Edits kept for one direction of one entry. Older ones become a shift, and
 * what is sent again of the time before is dropped; those of the segment at
 * hand never do.
 */
#define STREAM_EDITS_MAX 32u

struct stream_pool;

/* num: edits in all. NULL without memory. */
struct stream_pool *stream_pool_new(uint32_t num);
void stream_pool_free(struct stream_pool *pool);
/* Forgets all edits; costs nothing. */
void stream_pool_reset(struct stream_pool *pool);
/* Edits that are kept. */
uint32_t stream_pool_held(const struct stream_pool *pool);
size_t stream_pool_cost(const struct stream_pool *pool);

/* One segment on its way through a stream. */
struct stream_segment {
	uint32_t start; /* sender's number of its first payload octet */
	bool is_new;    /* payload that the helper has not seen */
	bool in_order;  /* it follows directly what the helper saw */
};

/*
 * Gives the segment in pkt its new numbers and, where it repeats edited
 * text, the new text. False if it would get too long, or comes from
 * before an edit that is not kept any more, or acknowledges that: drop it.
 */
bool stream_adjust(struct stream_pool *pool, struct masq_entry *entry,
		   struct masq_pkt *pkt, bool outbound,
		   struct stream_segment *out_segment) MASQ_NODISCARD;

/*
 * Moves the urgent pointer with the octet that it points to, when all edits
 * of the segment are known. seq: as it came.
 */
void stream_adjust_urgent(const struct stream_pool *pool,
			  const struct masq_entry *entry, struct masq_pkt *pkt,
			  bool outbound, uint32_t seq);

/*
 * The payload of the segment, from offset on (octets of the payload as it
 * is now), is about to be changed: old_len octets become len of text.
 * Errors: MASQ_ERR_SPACE if the text is too long or no edit is free; then
 * the change must not be made.
 */
enum masq_status stream_edit(struct stream_pool *pool, struct masq_entry *entry,
			     bool outbound,
			     const struct stream_segment *segment,
			     uint32_t offset, uint32_t old_len,
			     const uint8_t *text, uint32_t len) MASQ_NODISCARD;

/* Forgets the streams of an entry that ends. */
void stream_end(struct stream_pool *pool, struct masq_entry *entry);

/* Sum of all edits of a direction, octets. */
int32_t stream_shift(const struct stream_pool *pool,
		     const struct masq_entry *entry, bool outbound);

#endif /* MASQ_LINUX22_STREAM_H */
