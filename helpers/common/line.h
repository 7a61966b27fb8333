/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line.h - the lines of a stream that comes in segments
 *
 * A command counts where a line begins, and only if its end is in the same
 * segment. What must be known for that from one segment to the next is
 * whether the latter begins in the middle of a line: one bit, kept in a
 * word of the entry. After a gap (masq_hook.in_order) nothing is known and
 * everything up to the next LF is taken for the rest of a line.
 */
#ifndef HELPERS_COMMON_LINE_H
#define HELPERS_COMMON_LINE_H

#include "masq/helper.h"

/* Bits of the word; those from LINE_FIRST_FREE on are the helper's. */
enum line_bits {
	LINE_STARTED = 0x1, /* something was seen */
	LINE_MID = 0x2,     /* the latest octet was not a LF */
	LINE_FOREIGN = 0x4, /* the stream began as a request of HTTP */
	LINE_FIRST_FREE = 0x8
};

/* A walk over the payload of one call. */
struct line_walk {
	struct masq_hook *hook; /* not owned */
	uint32_t *word;         /* of the entry */
	uint32_t next;          /* where the next line begins, in the payload */
};

/* One line whose beginning is in the payload. */
struct line {
	struct masq_view text; /* its LF included */
	uint32_t offset;       /* of its first octet in the hook's segment */
	bool is_whole;         /* it ends in LF */
};

void line_walk_init(struct line_walk *walk, struct masq_hook *hook,
		    uint32_t *word);

/* The next line; false at the end. */
bool line_next(struct line_walk *walk, struct line *out_line);

/* Tells that an edit changed the length of the latest line. */
void line_edited(struct line_walk *walk, int32_t diff);

#endif /* HELPERS_COMMON_LINE_H */
