/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h - two ends of a TCP connection with a bad network between them
 *
 * Each end has a stream to send and a window. Segments are cut anywhere,
 * lost, repeated, reordered and sent again in other pieces, on the way to
 * the router and behind it; acknowledgments come back through the router.
 * While it runs it is checked that an octet once received never changes and
 * that nothing is acknowledged that was not sent (INV-22, INV-23).
 */
#ifndef HELPERS_TEST_STREAM_H
#define HELPERS_TEST_STREAM_H

#include "kit.h"

enum {
	STREAM_SIZE = 16384,
	STREAM_WINDOW = 600, /* octets sent and not acknowledged */
	STREAM_QUEUE = 8     /* segments on their way to the router */
};

/* A segment before the router; numbers are offsets in its stream. */
struct stream_packet {
	uint32_t start, len; /* of the sender's stream */
	uint32_t ack;        /* of what it has received */
};

struct stream_end {
	enum masq_side side;
	uint32_t isn; /* its first number */
	uint8_t sent[STREAM_SIZE];
	uint32_t num_sent; /* octets to send in all */
	uint32_t next;     /* first never sent */
	uint32_t acked;    /* */
	uint8_t got[2 * STREAM_SIZE];
	bool has[2 * STREAM_SIZE];
	uint32_t num_got; /* without a gap */
	struct stream_packet queue[STREAM_QUEUE];
	uint32_t num_queued;
};

struct stream_pair {
	struct kit *kit;
	struct kit_conn conn; /* connected */
	struct stream_end ends[2];
	uint64_t *seed;
	uint32_t loss; /* in 64 */
};

/* Adds text to what an end will send; false if there is no room. */
bool stream_say(struct stream_end *end, const char *text);

/* Until both streams are delivered and acknowledged; fails if they stall. */
void stream_run(struct stream_pair *pair);

#endif /* HELPERS_TEST_STREAM_H */
