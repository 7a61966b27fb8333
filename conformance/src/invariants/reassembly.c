/* SPDX-License-Identifier: Apache-2.0 */
/* reassembly.c - a strict reassembler (RFC 815) */
#include <stdlib.h>

#include "reassembly.h"

#define SECOND     UINT64_C(1000000000)
#define LATE       (10 * SECOND)  /* some routers may have given up */
#define FORGOTTEN  (120 * SECOND) /* all have (RFC 791) */
#define BITMAP_LEN (8192u / 8)

void inv_reassembly_clear(struct inv_reassembly *r)
{
	memset(r->used, 0, sizeof(r->used));
}

void inv_reassembly_cleanup(struct inv_reassembly *r)
{
	for (unsigned int i = 0; i < INV_MAX_QUEUES; i++) {
		free(r->queues[i].payload);
		free(r->queues[i].there);
	}
	free(r->joined);
	*r = (struct inv_reassembly){0};
}

static bool is_same(const struct inv_queue *q, const struct conf_layout *ip)
{
	return q->saddr == ip->saddr && q->daddr == ip->daddr &&
	       q->proto == ip->proto && q->id == masq_get16(ip->all, 4);
}

/* The fragment's queue: its own, a free one, or the one unused longest. */
static unsigned int find_queue(struct inv_reassembly *r,
			       const struct conf_layout *ip, uint64_t now)
{
	unsigned int best = 0;

	for (unsigned int i = 0; i < INV_MAX_QUEUES; i++) {
		const struct inv_queue *q = &r->queues[i];

		if (r->used[i] && is_same(q, ip)) {
			r->used[i] = now - q->last <= FORGOTTEN;
			return i;
		}
		if (r->used[best] &&
		    (!r->used[i] || q->last < r->queues[best].last))
			best = i;
	}
	r->used[best] = false;
	return best;
}

static bool prepare(struct inv_queue *q, const struct conf_layout *ip)
{
	uint8_t *payload = q->payload, *there = q->there;

	if (payload == NULL)
		payload = malloc(INV_MAX_OCTETS + 1);
	if (there == NULL)
		there = malloc(BITMAP_LEN);
	*q = (struct inv_queue){
		.saddr = ip->saddr,
		.daddr = ip->daddr,
		.id = masq_get16(ip->all, 4),
		.proto = ip->proto,
		.min_ttl = 255,
		.payload = payload,
		.there = there,
	};
	if (payload == NULL || there == NULL)
		return false;
	memset(there, 0, BITMAP_LEN);
	return true;
}

/* Copies octets to offset; false if they contradict what is there. */
static bool copy(struct inv_queue *q, struct masq_view data, uint32_t offset)
{
	for (uint32_t at = 0; at < data.len; at += 8) {
		uint32_t block = (offset + at) / 8;
		uint32_t len = data.len - at < 8 ? data.len - at : 8;
		uint8_t bit = (uint8_t)(1u << (block % 8));

		if ((q->there[block / 8] & bit) != 0) {
			if (!masq_equal(data, at, q->payload + offset + at,
					len))
				return false;
			continue;
		}
		memcpy(q->payload + offset + at, data.data + at, len);
		q->there[block / 8] |= bit;
		q->num_octets += len;
	}
	return true;
}

/* The router may refuse one of them for its options, and take the other. */
static bool has_other_options(const struct inv_queue *q,
			      const struct conf_layout *ip)
{
	return q->header_len != ip->header.len ||
	       !masq_equal(masq_from(ip->header, 20), 0, q->header + 20,
			   q->header_len - 20u);
}

static void take_header(struct inv_queue *q, const struct conf_layout *ip)
{
	uint8_t ttl = masq_get8(ip->all, 8);

	q->min_ttl = ttl < q->min_ttl ? ttl : q->min_ttl;
	q->max_ttl = ttl > q->max_ttl ? ttl : q->max_ttl;
	if (!ip->is_first)
		return;
	q->unknown |= q->has_first && has_other_options(q, ip);
	q->has_first = true;
	q->header_len = ip->header.len;
	memcpy(q->header, ip->header.data, ip->header.len);
}

static void add(struct inv_queue *q, const struct conf_layout *ip)
{
	uint16_t fragment = masq_get16(ip->all, 6);
	uint32_t offset = (fragment & 0x1fffu) * 8;
	uint32_t end = offset + ip->payload.len;
	bool more = (fragment & 0x2000) != 0;

	if (end + ip->header_len > INV_MAX_OCTETS || ip->payload.len == 0 ||
	    (more && ip->payload.len % 8 != 0) ||
	    (q->has_last && (end > q->end || (!more && end != q->end)))) {
		q->unknown = true;
		return;
	}
	if (!more) {
		q->has_last = true;
		q->end = end;
	}
	take_header(q, ip);
	if (!copy(q, ip->payload, offset))
		q->unknown = true;
}

/* Builds the datagram of a complete queue. */
static bool join(struct inv_reassembly *r, struct inv_queue *q,
		 struct inv_joined *out)
{
	struct masq_buf b;

	if (r->joined == NULL)
		r->joined = malloc(INV_MAX_OCTETS + 1);
	if (r->joined == NULL || q->num_octets > INV_MAX_OCTETS - q->header_len)
		return false;
	b = (struct masq_buf){.data = r->joined,
			      .len = q->header_len + q->num_octets,
			      .cap = INV_MAX_OCTETS};
	memcpy(b.data, q->header, q->header_len);
	memcpy(b.data + q->header_len, q->payload, q->num_octets);
	masq_put16(&b, 2, (uint16_t)b.len);
	masq_put16(&b, 6, (uint16_t)(masq_get16(masq_view_of(&b), 6) & 0xc000));
	masq_put16(&b, 10, 0);
	masq_put16(&b, 10,
		   (uint16_t)~masq_header_sum(
			   masq_slice(masq_view_of(&b), 0, q->header_len)));
	*out = (struct inv_joined){
		.octets = masq_view_of(&b),
		.min_ttl = q->min_ttl,
		.max_ttl = q->max_ttl,
	};
	return true;
}

bool inv_reassembly_add(struct inv_reassembly *r, const struct conf_layout *ip,
			uint64_t now, struct inv_joined *out_joined)
{
	const unsigned int i = find_queue(r, ip, now);
	struct inv_queue *q = &r->queues[i];

	if (!r->used[i] && !prepare(q, ip))
		return false;
	r->used[i] = true;
	if (q->num_octets > 0 && now - q->last > LATE)
		q->unknown = true;
	q->last = now;
	if (!q->unknown)
		add(q, ip);
	if (q->unknown || !q->has_first || !q->has_last ||
	    q->num_octets != q->end)
		return false;
	r->used[i] = false;
	return join(r, q, out_joined);
}
