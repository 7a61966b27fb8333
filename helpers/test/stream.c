/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c - two ends of a TCP connection with a bad network between them */
#include "stream.h"

enum {
	MAX_STEPS = 400000,
	MAX_SEGMENT = 160 /* octets */
};

bool stream_say(struct stream_end *end, const char *text)
{
	const size_t len = strlen(text);

	if (len > STREAM_SIZE - end->num_sent)
		return false;
	memcpy(end->sent + end->num_sent, text, len);
	end->num_sent += (uint32_t)len;
	return true;
}

static void enqueue(struct stream_end *end, uint32_t start, uint32_t len)
{
	if (end->num_queued == STREAM_QUEUE)
		return; /* lost */
	end->queue[end->num_queued++] = (struct stream_packet){
		.start = start,
		.len = len,
		.ack = end->num_got,
	};
}

/* Sends new octets, some again, or an acknowledgment alone. */
static void speak(struct stream_end *end, uint64_t *seed)
{
	uint32_t start = end->next, limit, len;

	if (kit_below(seed, 4) == 0 && end->acked < end->next)
		start = end->acked + kit_below(seed, end->next - end->acked);
	limit = end->acked + STREAM_WINDOW;
	if (limit > end->num_sent)
		limit = end->num_sent;
	if (start >= limit || kit_below(seed, 8) == 0) {
		/* The oldest again, so that it gets on when all is sent. */
		start = end->acked;
		limit = end->next;
	}
	len = kit_below(seed, 3) == 0 ? kit_below(seed, 4)
				      : kit_below(seed, MAX_SEGMENT);
	if (len > limit - start)
		len = limit - start;
	if (start + len > end->next)
		end->next = start + len;
	enqueue(end, start, len);
}

/* An octet of the other end's stream as it came out of the router. */
static void take_octet(struct stream_end *end, uint32_t at, uint8_t octet)
{
	if (at >= sizeof(end->got))
		fail_msg("an octet at %u, beyond all that was sent", at);
	if (end->has[at] && end->got[at] != octet)
		fail_msg("octet %u was %02x and becomes %02x", at, end->got[at],
			 octet);
	end->has[at] = true;
	end->got[at] = octet;
}

/* What the router sent on, at the end it reaches. */
static void hear(struct stream_end *end, const struct stream_end *from,
		 const struct kit_result *r)
{
	const uint32_t at = r->seq - (from->isn + 1);
	const uint32_t ack = r->ack - (end->isn + 1);

	assert_int_equal(r->side, end->side);
	if (ack > end->next)
		fail_msg("%u is acknowledged, %u were sent", ack, end->next);
	if (ack > end->acked)
		end->acked = ack;
	for (uint32_t i = 0; i < r->payload_len; i++)
		take_octet(end, at + i, r->payload[i]);
	while (end->has[end->num_got])
		end->num_got++;
}

/* Any of the queued segments goes through the router, or is lost. */
static void carry(struct stream_pair *pair, unsigned int from)
{
	struct stream_end *end = &pair->ends[from];
	struct stream_end *other = &pair->ends[1 - from];
	const uint32_t i = kit_below(pair->seed, end->num_queued);
	const struct stream_packet p = end->queue[i];
	const struct kit_result *r;

	if (kit_below(pair->seed, 8) != 0) /* else it comes again */
		end->queue[i] = end->queue[--end->num_queued];
	if (kit_below(pair->seed, 64) < pair->loss)
		return;
	r = kit_conn_at(pair->kit, &pair->conn, end->side,
			end->isn + 1 + p.start, other->isn + 1 + p.ack,
			KIT_PSH | KIT_ACK, end->sent + p.start, p.len);
	if (r != NULL && kit_below(pair->seed, 64) >= pair->loss)
		hear(other, end, r);
}

static bool is_done(const struct stream_pair *pair)
{
	return pair->ends[0].acked == pair->ends[0].num_sent &&
	       pair->ends[1].acked == pair->ends[1].num_sent;
}

void stream_run(struct stream_pair *pair)
{
	for (unsigned int i = 0; i < MAX_STEPS && !is_done(pair); i++) {
		const unsigned int from = kit_below(pair->seed, 2);
		struct stream_end *end = &pair->ends[from];

		if (kit_below(pair->seed, 2) == 0)
			speak(end, pair->seed);
		else if (end->num_queued != 0)
			carry(pair, from);
	}
	if (!is_done(pair))
		fail_msg("stalled: %u of %u and %u of %u acknowledged",
			 pair->ends[0].acked, pair->ends[0].num_sent,
			 pair->ends[1].acked, pair->ends[1].num_sent);
}
