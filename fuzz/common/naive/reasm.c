/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reasm.c - fragments put together (CORE-FRAG-05)
 *
 * A datagram that is being collected has room for all its octets, each
 * fragment is a range of it. Ranges are kept in order of their begin and cut
 * so that no two share an octet; one that a part before it covers becomes a
 * range that ends before it begins, and spoils the datagram.
 */
#include <stdlib.h>

#include "model.h"

enum {
	MAX_QUEUES = 64,
	MAX_RANGES = 260,
	LIFETIME = 3000,
	/* Below what makes the reference forget (256 KiB, with overhead). */
	MOST_HELD = 180000,
	OVERHEAD = 512,
};

struct range {
	int32_t at, end;
};

struct queue {
	bool is_used;
	uint16_t id;
	uint32_t source, dest;
	uint8_t proto;
	uint64_t expires; /* tick */
	uint32_t hlen;    /* of its header */
	uint8_t header[60];
	int32_t len; /* of the payload; 0 = the last part is not here */
	struct range ranges[MAX_RANGES];
	unsigned int num_ranges;
	uint32_t held; /* octets, and something for each fragment */
	uint8_t *data; /* MAX_DATAGRAM + 1, once it was used; or NULL */
};

struct reasm {
	struct queue queues[MAX_QUEUES];
	unsigned int num; /* highest ever used since the reset + 1 */
};

struct reasm *nv_reasm_new(void)
{
	return calloc(1, sizeof(struct reasm));
}

void nv_reasm_free(struct reasm *r)
{
	for (unsigned int i = 0; r != NULL && i < MAX_QUEUES; i++)
		free(r->queues[i].data);
	free(r);
}

void nv_reasm_reset(struct reasm *r)
{
	for (unsigned int i = 0; i < r->num; i++)
		r->queues[i].is_used = false;
	r->num = 0;
}

uint32_t nv_reasm_num(const struct model *m)
{
	uint32_t num = 0;

	for (unsigned int i = 0; i < m->reasm->num; i++)
		num += m->reasm->queues[i].is_used &&
		       m->reasm->queues[i].expires > m->tick;
	return num;
}

static void keep_header(struct queue *q, const struct packet *p)
{
	q->hlen = p->hlen;
	memcpy(q->header, p->buf.data, p->hlen);
}

/* The queue of a fragment, a new one if need be; the old ones go first. */
static struct queue *queue_of(struct model *m, const struct packet *p)
{
	const struct masq_view v = nv_view_of(p);
	struct reasm *r = m->reasm;
	struct queue *unused = r->num < MAX_QUEUES ? &r->queues[r->num] : NULL;
	uint32_t held = 0;

	for (unsigned int i = 0; i < r->num; i++) {
		struct queue *q = &r->queues[i];

		if (q->is_used && q->expires <= m->tick)
			q->is_used = false;
		if (!q->is_used) {
			unused = q;
			continue;
		}
		held += q->held;
		if (q->id == masq_get16(v, 4) && q->source == nv_source_of(p) &&
		    q->dest == nv_dest_of(p) && q->proto == p->proto)
			return q;
	}
	if (unused == NULL || held > MOST_HELD) {
		nv_lose(m, "too many fragments");
		return NULL;
	}
	if (unused->data == NULL)
		unused->data = malloc(MAX_DATAGRAM + 1);
	if (unused->data == NULL) {
		nv_lose(m, "no memory");
		return NULL;
	}
	if (unused == &r->queues[r->num])
		r->num++;
	unused->is_used = true;
	unused->id = masq_get16(v, 4);
	unused->source = nv_source_of(p);
	unused->dest = nv_dest_of(p);
	unused->proto = p->proto;
	unused->len = 0;
	unused->num_ranges = 0;
	unused->held = 0;
	keep_header(unused, p);
	return unused;
}

static void remove_range(struct queue *q, unsigned int i)
{
	q->num_ranges--;
	memmove(&q->ranges[i], &q->ranges[i + 1],
		(q->num_ranges - i) * sizeof(q->ranges[0]));
}

/* Old octets win before it, new ones behind it. */
static void add_range(struct queue *q, struct range new, struct masq_view data)
{
	unsigned int i = 0;
	int32_t cut = 0;

	while (i < q->num_ranges && q->ranges[i].at < new.at)
		i++;
	if (i > 0 && new.at < q->ranges[i - 1].end)
		cut = q->ranges[i - 1].end - new.at;
	new.at += cut;
	while (i < q->num_ranges && q->ranges[i].at < new.end) {
		q->ranges[i].at = new.end;
		if (q->ranges[i].at < q->ranges[i].end)
			break;
		remove_range(q, i);
	}
	memmove(&q->ranges[i + 1], &q->ranges[i],
		(q->num_ranges - i) * sizeof(q->ranges[0]));
	q->ranges[i] = new;
	q->num_ranges++;
	if (new.at < new.end)
		memcpy(q->data + new.at, data.data + cut,
		       (size_t)(new.end - new.at));
}

static bool is_whole(const struct queue *q)
{
	int32_t at = 0;

	if (q->len == 0)
		return false;
	for (unsigned int i = 0; i < q->num_ranges; i++) {
		if (q->ranges[i].at > at)
			return false;
		at = q->ranges[i].end;
	}
	return true;
}

/* The datagram in p, with the header of its first fragment. */
static bool take(const struct queue *q, struct packet *p)
{
	if (q->len + (int32_t)q->hlen > MAX_DATAGRAM)
		return false;
	for (unsigned int i = 0; i < q->num_ranges; i++)
		if (q->ranges[i].at >= q->ranges[i].end ||
		    q->ranges[i].end > q->len)
			return false;
	memcpy(p->buf.data, q->header, q->hlen);
	memcpy(p->buf.data + q->hlen, q->data, (size_t)q->len);
	p->buf.len = q->hlen + (uint32_t)q->len;
	p->hlen = q->hlen;
	masq_put16(&p->buf, 2, (uint16_t)p->buf.len);
	masq_put16(&p->buf, 6, 0);
	nv_make_header_sum(p);
	return true;
}

bool nv_reassemble(struct model *m, struct packet *p)
{
	struct masq_view v = nv_view_of(p);
	uint32_t field = masq_get16(v, 6), at = (field & 0x1fff) * 8;
	struct queue *q = queue_of(m, p);
	struct range new = {(int32_t)at, (int32_t)(at + v.len - p->hlen)};

	if (q == NULL)
		return false;
	q->expires = m->tick + LIFETIME;
	if (at == 0)
		keep_header(q, p);
	if (at + v.len > MAX_DATAGRAM)
		return false;
	if ((field & 0x2000) == 0)
		q->len = new.end;
	if (q->num_ranges == MAX_RANGES) {
		nv_lose(m, "too many fragments");
		return false;
	}
	q->held += v.len + OVERHEAD;
	add_range(q, new, nv_payload_of(p));
	if (!is_whole(q))
		return false;
	q->is_used = false;
	return take(q, p);
}
