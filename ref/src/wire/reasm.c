/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reasm.c - reassembly of datagrams, as Linux 2.2 does it (CORE-FRAG-05)
 *
 * Theory of operation. A queue collects the fragments of one datagram: IP
 * id, source, destination, protocol. Its fragments form a list ordered by
 * offset. A new one loses its front to what lies before it (old data wins)
 * and cuts the front off what lies behind it (new data wins); what is left
 * with no octets is removed, except that the new one itself is kept even
 * when nothing of it is left, which spoils the datagram. Every fragment
 * restarts the queue's 30 s.
 *
 * Limits. Data lies in blocks of one pool, sized so that the memory limit
 * of the original (HIGH, then the oldest queues go until LOW) is reached
 * before the pool is empty. Queues are in a small hash, and linked by age.
 */
#include <stdlib.h>

#include "wire/reasm.h"

#define REASM_TICKS 3000u         /* 30 s: sysctl ipfrag_time */
#define REASM_HIGH  (256u * 1024) /* octets: sysctl ipfrag_high_thresh */
#define REASM_LOW   (192u * 1024) /* octets: sysctl ipfrag_low_thresh */

/* Besides the octets: a buffer descriptor and a list element. */
#define FRAGMENT_COST 256u
#define QUEUE_COST    128u

#define BLOCK_SIZE 256u
/* Room for HIGH and one more datagram, plus one partial block each. */
#define MAX_FRAGMENTS ((REASM_HIGH + 65536u) / FRAGMENT_COST + 2)
#define NUM_BLOCKS    ((REASM_HIGH + 65536u) / BLOCK_SIZE + MAX_FRAGMENTS)
/* A queue may be empty: its only fragment was refused. */
#define MAX_QUEUES  ((REASM_HIGH + 65536u) / QUEUE_COST + 2)
#define NUM_BUCKETS 256u
#define NONE        UINT16_MAX

struct fragment {
	int32_t offset;  /* of the first octet that counts */
	int32_t end;     /* one past the last; end <= offset: spoilt */
	uint16_t skip;   /* octets cut off its front */
	uint16_t blocks; /* first block of its payload */
	uint16_t next;   /* by offset */
	uint16_t size;   /* octets stored */
	bool routed;
};

struct queue {
	uint64_t expires; /* tick */
	uint32_t saddr, daddr;
	uint32_t mem;  /* octets charged */
	int32_t total; /* payload octets; 0 = last one not seen */
	uint16_t id;
	uint16_t fragments; /* first, by offset */
	uint16_t hash_next;
	uint16_t older, newer;
	uint8_t proto;
	uint8_t hlen;
	enum masq_side in;   /* of the fragment whose header is kept */
	enum masq_cast cast; /* likewise */
	uint8_t header[IP_HEADER_MAX];
};

struct block {
	uint16_t next;
	uint8_t data[BLOCK_SIZE];
};

struct reasm {
	uint32_t mem; /* octets charged in all */
	uint32_t num; /* queues */
	uint16_t oldest, newest;
	uint16_t free_queue, free_fragment, free_block;
	uint16_t used_queues, used_fragments, used_blocks; /* see after() */
	uint16_t buckets[NUM_BUCKETS];
	struct queue queues[MAX_QUEUES];
	struct fragment fragments[MAX_FRAGMENTS];
	struct block blocks[NUM_BLOCKS];
};

_Static_assert(NUM_BLOCKS < NONE && MAX_QUEUES < NONE,
	       "block indexes fit 16 bits");

void reasm_reset(struct reasm *r)
{
	r->mem = r->num = 0;
	r->oldest = r->newest = NONE;
	memset(r->buckets, 0xff, sizeof(r->buckets)); /* NONE */
	r->free_queue = r->free_fragment = r->free_block = 0;
	r->used_queues = r->used_fragments = r->used_blocks = 0;
}

struct reasm *reasm_new(void)
{
	struct reasm *r = calloc(1, sizeof(*r));

	if (r != NULL)
		reasm_reset(r);
	return r;
}

void reasm_free(struct reasm *r)
{
	free(r);
}

size_t reasm_cost(void)
{
	return sizeof(struct reasm);
}

struct reasm_held reasm_held(const struct reasm *r)
{
	return (struct reasm_held){.octets = r->mem, .datagrams = r->num};
}

/* Behind i, the first that is free. Those never used come last, in order. */
static uint16_t after(uint16_t i, uint16_t linked, uint16_t *used, uint32_t max)
{
	if (i < *used)
		return linked;
	*used = (uint16_t)(i + 1);
	return *used < max ? *used : NONE;
}

/* ---- data ------------------------------------------------------------ */

static void free_data(struct reasm *r, uint16_t first)
{
	while (first != NONE) {
		uint16_t next = r->blocks[first].next;

		r->blocks[first].next = r->free_block;
		r->free_block = first;
		first = next;
	}
}

/* Stores octets; false if the pool is empty. */
static bool store_data(struct reasm *r, struct masq_view v, uint16_t *out_first)
{
	uint16_t *link = out_first;
	uint32_t done = 0;

	*out_first = NONE;
	while (done < v.len) {
		struct masq_view part = masq_slice(v, done, BLOCK_SIZE);
		uint16_t b = r->free_block;

		if (b == NONE) {
			*link = NONE;
			free_data(r, *out_first);
			*out_first = NONE;
			return false;
		}
		r->free_block = after(b, r->blocks[b].next, &r->used_blocks,
				      NUM_BLOCKS);
		memcpy(r->blocks[b].data, part.data, part.len);
		*link = b;
		link = &r->blocks[b].next;
		done += part.len;
	}
	*link = NONE;
	return true;
}

/* Copies n octets, from the one at skip on, to out. */
static void load_data(const struct reasm *r, uint16_t block, uint32_t skip,
		      uint32_t n, uint8_t *out)
{
	while (n != 0 && block != NONE) {
		if (skip < BLOCK_SIZE) {
			uint32_t part = BLOCK_SIZE - skip;

			if (part > n)
				part = n;
			memcpy(out, r->blocks[block].data + skip, part);
			out += part;
			n -= part;
			skip = 0;
		} else {
			skip -= BLOCK_SIZE;
		}
		block = r->blocks[block].next;
	}
}

/* ---- queues ---------------------------------------------------------- */

static uint32_t bucket_of(uint16_t id, uint32_t saddr, uint32_t daddr,
			  uint8_t proto)
{
	uint32_t h = (id * 0x9e3779b1u) ^ (saddr * 0x85ebca6bu) ^
		     (daddr * 0xc2b2ae35u) ^ proto;

	return (h >> 16 ^ h) % NUM_BUCKETS;
}

static void unlink_age(struct reasm *r, uint16_t q)
{
	struct queue *it = &r->queues[q];

	if (it->older != NONE)
		r->queues[it->older].newer = it->newer;
	else
		r->oldest = it->newer;
	if (it->newer != NONE)
		r->queues[it->newer].older = it->older;
	else
		r->newest = it->older;
}

static void append_age(struct reasm *r, uint16_t q)
{
	struct queue *it = &r->queues[q];

	it->older = r->newest;
	it->newer = NONE;
	if (r->newest != NONE)
		r->queues[r->newest].newer = q;
	else
		r->oldest = q;
	r->newest = q;
}

static void free_fragment(struct reasm *r, struct queue *it, uint16_t f)
{
	struct fragment *fr = &r->fragments[f];
	uint32_t cost = FRAGMENT_COST + fr->size;

	it->mem -= cost;
	r->mem -= cost;
	free_data(r, fr->blocks);
	fr->next = r->free_fragment;
	r->free_fragment = f;
}

static void drop_queue(struct reasm *r, uint16_t q)
{
	struct queue *it = &r->queues[q];
	uint16_t *link =
		&r->buckets[bucket_of(it->id, it->saddr, it->daddr, it->proto)];

	while (*link != q)
		link = &r->queues[*link].hash_next;
	*link = it->hash_next;
	unlink_age(r, q);
	for (uint16_t f = it->fragments, next; f != NONE; f = next) {
		next = r->fragments[f].next;
		free_fragment(r, it, f);
	}
	r->mem -= it->mem;
	r->num--;
	it->hash_next = r->free_queue;
	r->free_queue = q;
}

static uint16_t find_queue(const struct reasm *r, const struct masq_pkt *p)
{
	uint16_t id = pkt_get16(p, IP_O_ID);
	uint32_t saddr = pkt_saddr(p), daddr = pkt_daddr(p);
	uint8_t proto = pkt_proto(p);
	uint16_t q = r->buckets[bucket_of(id, saddr, daddr, proto)];

	for (; q != NONE; q = r->queues[q].hash_next) {
		const struct queue *it = &r->queues[q];

		if (it->id == id && it->saddr == saddr && it->daddr == daddr &&
		    it->proto == proto)
			break;
	}
	return q;
}

static void keep_header(struct queue *it, const struct masq_pkt *p)
{
	it->hlen = (uint8_t)p->hlen;
	it->in = p->in;
	it->cast = p->cast;
	memcpy(it->header, p->buf.data, p->hlen);
}

static uint16_t new_queue(struct reasm *r, const struct masq_pkt *p)
{
	uint16_t q = r->free_queue;
	struct queue *it;
	uint32_t b;

	if (q == NONE)
		return NONE;
	it = &r->queues[q];
	r->free_queue = after(q, it->hash_next, &r->used_queues, MAX_QUEUES);
	it->id = pkt_get16(p, IP_O_ID);
	it->saddr = pkt_saddr(p);
	it->daddr = pkt_daddr(p);
	it->proto = pkt_proto(p);
	it->fragments = NONE;
	it->total = 0;
	it->mem = QUEUE_COST;
	r->mem += QUEUE_COST;
	r->num++;
	keep_header(it, p);
	b = bucket_of(it->id, it->saddr, it->daddr, it->proto);
	it->hash_next = r->buckets[b];
	r->buckets[b] = q;
	append_age(r, q);
	return q;
}

/* ---- fragments ------------------------------------------------------- */

/* Makes a list element of pkt's payload; NONE if the pool is empty. */
static uint16_t new_fragment(struct reasm *r, struct queue *it,
			     const struct masq_pkt *p)
{
	struct masq_view data = pkt_payload(p);
	uint16_t f = r->free_fragment;
	struct fragment *fr;

	if (f == NONE)
		return NONE;
	fr = &r->fragments[f];
	if (!store_data(r, data, &fr->blocks))
		return NONE;
	r->free_fragment = after(f, fr->next, &r->used_fragments,
				 MAX_FRAGMENTS);
	fr->offset = (pkt_frag(p) & IP_OFFSET) * 8;
	fr->end = fr->offset + (int32_t)data.len;
	fr->skip = 0;
	fr->size = (uint16_t)data.len;
	fr->routed = p->routed;
	it->mem += FRAGMENT_COST + fr->size;
	r->mem += FRAGMENT_COST + fr->size;
	return f;
}

/* Puts the fragment in its place; see the theory of operation. */
static void insert_fragment(struct reasm *r, struct queue *it, uint16_t f)
{
	struct fragment *fr = &r->fragments[f];
	uint16_t *link = &it->fragments;
	struct fragment *prev = NULL;

	while (*link != NONE && r->fragments[*link].offset < fr->offset) {
		prev = &r->fragments[*link];
		link = &prev->next;
	}
	if (prev != NULL && fr->offset < prev->end) {
		fr->skip = (uint16_t)(prev->end - fr->offset);
		fr->offset = prev->end;
	}
	while (*link != NONE) {
		uint16_t g = *link;
		struct fragment *next = &r->fragments[g];
		int32_t over = fr->end - next->offset;

		if (over <= 0)
			break;
		next->offset += over;
		next->skip = (uint16_t)(next->skip + over);
		if (next->offset < next->end)
			break;
		*link = next->next;
		free_fragment(r, it, g);
	}
	fr->next = *link;
	*link = f;
}

/* Is every octet up to the end of the list there? */
static bool is_complete(const struct reasm *r, const struct queue *it)
{
	int32_t end = 0;

	if (it->total == 0)
		return false;
	for (uint16_t f = it->fragments; f != NONE; f = r->fragments[f].next) {
		if (r->fragments[f].offset > end)
			return false;
		end = r->fragments[f].end;
	}
	return true;
}

/* Writes the datagram into pkt; false if its parts do not fit together. */
static bool glue(const struct reasm *r, const struct queue *it,
		 struct masq_pkt *p)
{
	const uint32_t total = it->hlen + (uint32_t)it->total;
	uint32_t count = it->hlen;

	if (total > IP_MAX_LEN)
		return false;
	for (uint16_t f = it->fragments; f != NONE; f = r->fragments[f].next) {
		const struct fragment *fr = &r->fragments[f];
		int32_t len = fr->end - fr->offset;

		if (len <= 0 || count + (uint32_t)len > total)
			return false;
		count += (uint32_t)len;
	}
	memcpy(p->buf.data, it->header, it->hlen);
	for (uint16_t f = it->fragments; f != NONE; f = r->fragments[f].next) {
		const struct fragment *fr = &r->fragments[f];

		load_data(r, fr->blocks, fr->skip,
			  (uint32_t)(fr->end - fr->offset),
			  p->buf.data + it->hlen + fr->offset);
	}
	p->buf.len = total;
	pkt_parse(p, pkt_view(p));
	p->is_summed = p->has_pseudo = p->is_ip_summed = false;
	masq_put16(&p->buf, IP_O_LEN, (uint16_t)total);
	masq_put16(&p->buf, IP_O_FRAG, 0);
	pkt_finish_ip(p);
	return true;
}

/* The original makes room before it looks at the fragment. */
static void make_room(struct reasm *r)
{
	if (r->mem <= REASM_HIGH)
		return;
	while (r->oldest != NONE && r->mem > REASM_LOW)
		drop_queue(r, r->oldest);
}

enum reasm_result reasm_add(struct reasm *r, struct masq_pkt *p, uint64_t now)
{
	const uint16_t frag = pkt_frag(p);
	const uint32_t offset = (frag & IP_OFFSET) * 8u;
	uint16_t q, f;
	struct queue *it;
	bool done;

	make_room(r);
	q = find_queue(r, p);
	if (q == NONE) {
		q = new_queue(r, p);
	} else {
		unlink_age(r, q);
		append_age(r, q);
		if (offset == 0)
			keep_header(&r->queues[q], p);
	}
	p->drop = MASQ_DROP_FRAGMENT;
	if (q == NONE)
		return REASM_HELD;
	it = &r->queues[q];
	it->expires = now + REASM_TICKS;
	if (offset + p->buf.len > IP_MAX_LEN)
		return REASM_HELD;
	f = new_fragment(r, it, p);
	if (f == NONE)
		return REASM_HELD;
	if ((frag & IP_MF) == 0)
		it->total = r->fragments[f].end;
	insert_fragment(r, it, f);
	p->drop = MASQ_DROP_HELD;
	if (!is_complete(r, it))
		return REASM_HELD;
	done = glue(r, it, p);
	drop_queue(r, q);
	p->drop = done ? MASQ_DROP_NONE : MASQ_DROP_FRAGMENT;
	return done ? REASM_COMPLETE : REASM_HELD;
}

uint64_t reasm_next(const struct reasm *r)
{
	return r->oldest == NONE ? UINT64_MAX : r->queues[r->oldest].expires;
}

bool reasm_expire(struct reasm *r, uint64_t now, struct masq_pkt *p,
		  bool *out_first)
{
	struct queue *it;
	const struct fragment *fr;

	if (r->oldest == NONE || reasm_next(r) > now)
		return false;
	it = &r->queues[r->oldest];
	*out_first = false;
	if (it->fragments != NONE) {
		fr = &r->fragments[it->fragments];
		if (fr->offset == 0 && fr->skip == 0 && fr->routed) {
			memcpy(p->buf.data, it->header, it->hlen);
			load_data(r, fr->blocks, 0, fr->size,
				  p->buf.data + it->hlen);
			p->buf.len = it->hlen + (uint32_t)fr->size;
			pkt_parse(p, pkt_view(p));
			p->in = it->in;
			p->cast = it->cast;
			p->is_summed = p->has_pseudo = p->is_ip_summed = false;
			*out_first = true;
		}
	}
	drop_queue(r, r->oldest);
	return true;
}
