/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoint.c - a small TCP endpoint at each end of every connection
 *
 * An end knows what it has sent and received, in the numbers that it sees.
 * Where a helper made a segment longer or shorter the two ends count
 * differently from there on: that is a list of edits, kept with the end that
 * sent the segment.
 */
#include <stdlib.h>
#include <string.h>

#include "packet.h"
#include "run/play.h"

#define FLAG_FIN 0x01u
#define FLAG_SYN 0x02u
#define FLAG_ACK 0x10u

/* Is a behind b, on the circle? */
static bool behind(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

size_t run_conn_named(const struct run_conns *conns, uint32_t name)
{
	for (size_t i = conns->num; i-- > 0;)
		if (conns->items[i].name == name)
			return i;
	return SIZE_MAX;
}

size_t run_conn_find(const struct run_conns *conns, enum conf_side side,
		     const struct run_pkt *pkt, unsigned int *out_from)
{
	for (size_t i = conns->num; i-- > 0;)
		for (unsigned int n = 0; n < 2; n++) {
			const struct run_end *end = &conns->items[i].end[n];

			if (end->known && end->side == side &&
			    end->laddr == pkt->saddr &&
			    end->lport == pkt->sport &&
			    end->raddr == pkt->daddr &&
			    end->rport == pkt->dport) {
				*out_from = n;
				return i;
			}
		}
	return SIZE_MAX;
}

size_t run_conn_add(struct run_conns *conns, uint32_t name)
{
	size_t i = conns->num;

	if (conns->num == conns->max) {
		size_t max = conns->max > 0 ? conns->max * 2 : 8;
		struct run_conn *items = realloc(conns->items,
						 max * sizeof(*items));

		if (items == NULL)
			return SIZE_MAX;
		conns->items = items;
		conns->max = max;
	}
	conns->items[i] = (struct run_conn){.name = name};
	for (unsigned int n = 0; n < 2; n++) {
		struct run_end *end = &conns->items[i].end[n];

		end->isn = (uint32_t)(1000000 * (2 * i + n + 1));
		end->snd_nxt = end->isn;
	}
	conns->num++;
	return i;
}

void run_conn_next(const struct run_conn *conn, unsigned int from,
		   uint8_t flags, uint32_t *out_seq, uint32_t *out_ack)
{
	const struct run_end *end = &conn->end[from];

	*out_seq = end->snd_nxt;
	if (!end->has_sent && !(flags & FLAG_SYN))
		*out_seq = end->isn + 1; /* picked up in the middle */
	*out_ack = 0;
	if (flags & FLAG_ACK)
		*out_ack = end->has_rcv ? end->rcv_nxt
					: conn->end[1 - from].isn + 1;
}

static uint32_t end_of(uint32_t seq, uint32_t len, uint8_t flags)
{
	return seq + len + (flags & FLAG_SYN ? 1 : 0) +
	       (flags & FLAG_FIN ? 1 : 0);
}

void run_conn_sent(struct run_conn *conn, const struct run_segment *segment)
{
	struct run_end *end = &conn->end[segment->from];
	uint32_t last = end_of(segment->seq, segment->len, segment->flags);

	if (!end->has_sent) {
		end->has_sent = true;
		if (segment->flags & FLAG_SYN)
			end->isn = segment->seq;
		end->snd_nxt = last;
		return;
	}
	if (!behind(segment->seq, end->snd_nxt) && behind(last, end->snd_nxt))
		end->snd_nxt = last;
}

/* How much more the other side counts at a position. */
static int32_t shift_at(const struct run_end *end, uint32_t pos)
{
	int32_t shift = 0;

	for (size_t i = 0; i < end->num_edits; i++)
		if (behind(pos, end->edits[i].pos))
			shift += end->edits[i].delta;
	return shift;
}

/* What is acknowledged was counted with the edits of the end that sent it. */
static uint32_t unshift(const struct run_end *sender, uint32_t ack)
{
	int32_t shift = 0;

	for (size_t i = 0; i < sender->num_edits; i++)
		if (behind(ack, sender->edits[i].pos + (uint32_t)shift))
			shift += sender->edits[i].delta;
	return ack - (uint32_t)shift;
}

/* RFC 2018: the edges of selective acknowledgments, kind 5. */
static void unshift_sack(const struct run_end *sender, struct run_pkt *pkt)
{
	struct masq_buf b = {.data = pkt->tcpopt,
			     .len = pkt->tcpopt_len,
			     .cap = sizeof(pkt->tcpopt)};
	struct masq_view v = masq_view_of(&b);
	uint32_t at = 0, len;

	while (masq_has(v, at, 2) && masq_get8(v, at) != 0) {
		len = masq_get8(v, at) == 1 ? 1 : masq_get8(v, at + 1);
		if (len == 0 || !masq_has(v, at, len))
			return;
		if (masq_get8(v, at) == 5)
			for (uint32_t i = 2; i + 4 <= len; i += 4)
				masq_put32(
					&b, at + i,
					unshift(sender, masq_get32(v, at + i)));
		at += len;
	}
}

void run_conn_through(const struct run_conn *conn,
		      const struct run_segment *segment, struct run_pkt *pkt)
{
	const struct run_end *from = &conn->end[segment->from];
	const struct run_end *to = &conn->end[1 - segment->from];

	pkt->seq = segment->seq + (uint32_t)shift_at(from, segment->seq);
	pkt->ack = segment->ack;
	if (!(segment->flags & FLAG_ACK))
		return;
	pkt->ack = unshift(to, segment->ack);
	if (to->num_edits > 0)
		unshift_sack(to, pkt);
}

/* Keeps the edits in the order of their positions. */
static bool add_edit(struct run_end *end, uint32_t pos, int32_t delta)
{
	size_t at = end->num_edits;
	struct run_edit *edits;

	for (size_t i = 0; i < end->num_edits; i++)
		if (end->edits[i].pos == pos)
			return true; /* sent again */
	edits = realloc(end->edits, (end->num_edits + 1) * sizeof(*edits));
	if (edits == NULL)
		return false;
	end->edits = edits;
	while (at > 0 && behind(edits[at - 1].pos, pos)) {
		edits[at] = edits[at - 1];
		at--;
	}
	edits[at] = (struct run_edit){.pos = pos, .delta = delta};
	end->num_edits++;
	return true;
}

bool run_conn_received(struct run_conn *conn, const struct run_segment *segment,
		       enum conf_side side, const struct run_pkt *pkt)
{
	struct run_end *end = &conn->end[1 - segment->from];
	uint32_t last = end_of(pkt->seq, pkt->payload_len, pkt->flags);

	end->side = side;
	end->known = true;
	end->laddr = pkt->daddr;
	end->lport = pkt->dport;
	end->raddr = pkt->saddr;
	end->rport = pkt->sport;
	if (!end->has_rcv) {
		end->has_rcv = true;
		end->rcv_nxt = last;
	} else if (!behind(pkt->seq, end->rcv_nxt) &&
		   behind(last, end->rcv_nxt)) {
		end->rcv_nxt = last;
	}
	if (pkt->payload_len == segment->len)
		return true;
	return add_edit(&conn->end[segment->from], segment->seq,
			(int32_t)(pkt->payload_len - segment->len));
}

void run_conns_cleanup(struct run_conns *conns)
{
	for (size_t i = 0; i < conns->num; i++) {
		free(conns->items[i].end[0].edits);
		free(conns->items[i].end[1].edits);
	}
	free(conns->items);
	*conns = (struct run_conns){.num = 0};
}
