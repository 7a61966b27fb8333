/* SPDX-License-Identifier: Apache-2.0 */
/* octets.c - streams of TCP as sender and receiver see them */
#include <stdlib.h>
#include <string.h>

#include "octets.h"
#include "packet.h"

#define STREAMS 32u
#define WINDOW  8192u /* octets of a stream; a power of two */
#define SYN     0x02u

/* One side of a stream: the octets in a ring by number. */
struct side {
	uint32_t first; /* number of the first segment */
	uint8_t octets[WINDOW];
	uint8_t there[WINDOW];
};

struct name {
	uint32_t saddr, daddr;
	uint16_t sport, dport;
};

struct stream {
	struct name before, after; /* on arrival, and as the receiver sees it */
	bool is_lost;              /* nothing is said of it any more */
	unsigned int age; /* of octets.age, when its octets were noted */
	struct side in, out;
};

struct fuzz_octets {
	unsigned int num, age;
	struct stream streams[STREAMS];
};

struct fuzz_octets *fuzz_octets_new(void)
{
	return calloc(1, sizeof(struct fuzz_octets));
}

void fuzz_octets_reset(struct fuzz_octets *octets)
{
	octets->num = 0;
}

void fuzz_octets_forget(struct fuzz_octets *octets)
{
	octets->age++;
}

static void begin(const struct fuzz_octets *o, struct stream *t)
{
	t->age = o->age;
	memset(t->in.there, 0, sizeof(t->in.there));
	memset(t->out.there, 0, sizeof(t->out.there));
}

struct segment {
	uint32_t seq;
	uint8_t flags;
	uint16_t sport, dport;
	struct masq_view text;
};

static bool parse(const struct conf_packet *packet, struct conf_layout *ip,
		  struct segment *out)
{
	uint32_t doff;

	*ip = conf_layout_of(packet->data, packet->len);
	if (!ip->is_whole || ip->is_fragment || ip->proto != CONF_PROTO_TCP ||
	    ip->payload.len < 20)
		return false;
	doff = (masq_get8(ip->payload, 12) >> 4) * 4u;
	if (doff < 20 || doff > ip->payload.len)
		return false;
	*out = (struct segment){
		/* A SYN has a number, and octets with it come behind. */
		.seq = masq_get32(ip->payload, 4) +
		       ((masq_get8(ip->payload, 13) & SYN) != 0),
		.flags = masq_get8(ip->payload, 13),
		.sport = masq_get16(ip->payload, 0),
		.dport = masq_get16(ip->payload, 2),
		.text = masq_from(ip->payload, doff),
	};
	return true;
}

static struct name name_of(const struct conf_layout *ip,
			   const struct segment *s)
{
	return (struct name){
		.saddr = ip->saddr,
		.daddr = ip->daddr,
		.sport = s->sport,
		.dport = s->dport,
	};
}

static bool is_same(const struct name *a, const struct name *b)
{
	return a->saddr == b->saddr && a->daddr == b->daddr &&
	       a->sport == b->sport && a->dport == b->dport;
}

/* NULL = none. To the receiver, another mapping is another connection. */
static struct stream *find(struct fuzz_octets *o, const struct name *before,
			   const struct name *after)
{
	for (unsigned int i = 0; i < o->num; i++) {
		struct stream *t = &o->streams[i];

		if (is_same(&t->before, before) && is_same(&t->after, after))
			return t;
	}
	return NULL;
}

static struct stream *make(struct fuzz_octets *o, const struct name *before,
			   const struct name *after, uint32_t seq,
			   uint32_t out_seq)
{
	struct stream *t;

	if (o->num == STREAMS)
		return NULL;
	t = &o->streams[o->num++];
	t->before = *before;
	t->after = *after;
	t->is_lost = false;
	t->in.first = seq - WINDOW / 2;
	t->out.first = out_seq - WINDOW / 2;
	begin(o, t);
	return t;
}

/* Notes the octets; false if one is another than before. */
static bool note(struct side *side, uint32_t seq, struct masq_view text,
		 uint32_t *out_number)
{
	for (uint32_t i = 0; i < text.len; i++) {
		const uint32_t at = seq + i - side->first;
		const uint8_t octet = masq_get8(text, i);

		if (at >= WINDOW)
			continue;
		if (side->there[at] != 0 && side->octets[at] != octet) {
			*out_number = seq + i;
			return false;
		}
		side->there[at] = 1;
		side->octets[at] = octet;
	}
	return true;
}

/* Does a text hold all its octets in the window? Else too little is known. */
static bool is_in_window(const struct side *side, uint32_t seq, uint32_t len)
{
	const uint32_t at = seq - side->first;

	return at < WINDOW && len <= WINDOW - at;
}

void fuzz_octets_lose(struct fuzz_octets *octets,
		      const struct conf_packet *stimulus)
{
	struct conf_layout ip;
	struct segment s;
	struct name name;

	if (!parse(stimulus, &ip, &s)) {
		if (ip.is_fragment && ip.proto == CONF_PROTO_TCP)
			fuzz_octets_forget(octets);
		return;
	}
	/* With a bad checksum it went nowhere. */
	if (!conf_transport_sum_good(&ip))
		return;
	name = name_of(&ip, &s);
	for (unsigned int i = 0; i < octets->num; i++)
		if (is_same(&octets->streams[i].before, &name))
			octets->streams[i].is_lost = true;
}

bool fuzz_octets_pair(struct fuzz_octets *octets,
		      const struct conf_packet *stimulus,
		      const struct conf_packet *result, uint32_t *out_number)
{
	struct conf_layout before, after;
	struct segment in, out;
	struct name came, left;
	struct stream *t;

	if (!parse(stimulus, &before, &in) || !parse(result, &after, &out)) {
		fuzz_octets_lose(octets, stimulus);
		return true;
	}
	if (in.text.len == 0 && (in.flags & SYN) == 0)
		return true;
	came = name_of(&before, &in);
	left = name_of(&after, &out);
	t = find(octets, &came, &left);
	if (t == NULL)
		t = make(octets, &came, &left, in.seq, out.seq);
	if (t != NULL && t->age != octets->age)
		begin(octets, t);
	/* Another connection of the same name: numbers begin anew. */
	if (t != NULL && (in.flags & SYN) != 0 &&
	    in.seq != t->in.first + WINDOW / 2)
		t->is_lost = true;
	if (t == NULL || t->is_lost)
		return true;
	if (!is_in_window(&t->in, in.seq, in.text.len) ||
	    !is_in_window(&t->out, out.seq, out.text.len) ||
	    !note(&t->in, in.seq, in.text, out_number)) {
		t->is_lost = true;
		return true;
	}
	return note(&t->out, out.seq, out.text, out_number);
}
