/* SPDX-License-Identifier: Apache-2.0 */
/* build.c - whole packets with good checksums, now and then an odd header */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

/* Most packets are ordinary; the rest has one odd thing. */
static uint8_t ttl(struct work *w)
{
	static const uint8_t odd[] = {0, 1, 2, 3, 127, 128, 254, 255};

	return rng_one_in(&w->rng, 12) ? RNG_PICK(&w->rng, odd) : 64;
}

static struct masq_buf begin(struct work *w, uint8_t proto, uint32_t src,
			     uint32_t dst, uint32_t len)
{
	struct masq_buf b = {.data = w->scratch, .cap = MAX_PACKET};
	uint16_t frag = 0;

	b.len = IP_HEADER + len;
	memset(b.data, 0, IP_HEADER);
	if (rng_one_in(&w->rng, 8))
		frag = 0x4000;
	masq_put8(&b, 0, 0x45);
	if (rng_one_in(&w->rng, 16))
		masq_put8(&b, 1, (uint8_t)rng_next(&w->rng));
	masq_put16(&b, 2, (uint16_t)b.len);
	masq_put16(&b, 4, (uint16_t)(1 + rng_below(&w->rng, 4095)));
	masq_put16(&b, 6, frag);
	masq_put8(&b, 8, ttl(w));
	masq_put8(&b, 9, proto);
	masq_put32(&b, 12, src);
	masq_put32(&b, 16, dst);
	return b;
}

/* The payload may lie anywhere but in scratch. */
static void put_data(struct masq_buf *b, uint32_t at, const uint8_t *data,
		     uint32_t len)
{
	if (len != 0)
		memcpy(b->data + at, data, len);
}

#define MAX_PAYLOAD (MAX_PACKET - IP_HEADER - 60u)

static uint32_t cut(uint32_t len)
{
	return len < MAX_PAYLOAD ? len : MAX_PAYLOAD;
}

uint32_t build_udp(struct work *w, const struct ends *ends, const uint8_t *data,
		   uint32_t len)
{
	const uint32_t size = UDP_HEADER_LEN + cut(len);
	struct masq_buf b = begin(w, IPP_UDP, ends->src, ends->dst, size);

	masq_put16(&b, IP_HEADER, ends->sport);
	masq_put16(&b, IP_HEADER + 2, ends->dport);
	masq_put16(&b, IP_HEADER + 4, (uint16_t)size);
	/* Not 0: it has a checksum, most of the time. */
	masq_put16(&b, IP_HEADER + 6, !rng_one_in(&w->rng, 8));
	put_data(&b, IP_HEADER + UDP_HEADER_LEN, data, cut(len));
	if (rng_one_in(&w->rng, 24))
		masq_put16(&b, IP_HEADER + 4,
			   (uint16_t)(size + rng_below(&w->rng, 5) - 2));
	sums_repair(b.data, b.len);
	return b.len;
}

/* One to three blocks that lie ahead of what is acknowledged, or do not. */
static uint32_t put_sack(struct work *w, struct masq_buf *b, uint32_t at,
			 uint32_t ack)
{
	const uint32_t num = 1 + rng_below(&w->rng, 3);
	uint32_t number = ack + rng_below(&w->rng, 64) - 16;

	masq_put32(b, at, 0x01010500 | (2 + 8 * num));
	for (uint32_t i = 0; i < 2 * num; i++) {
		masq_put32(b, at + 4 + 4 * i, number);
		number += 1 + rng_below(&w->rng, 64);
	}
	return 4 + 8 * num;
}

/* Options worth having: MSS, timestamps, SACK of the given number. */
static uint32_t put_options(struct work *w, struct masq_buf *b, uint32_t at,
			    uint8_t flags, uint32_t ack)
{
	switch (rng_below(&w->rng, (flags & F_SYN) != 0 ? 4 : 6)) {
	case 0:
		masq_put32(b, at, 0x020405b4);
		return 4;
	case 1:
		masq_put32(b, at, 0x0101080a);
		masq_put32(b, at + 4, (uint32_t)rng_next(&w->rng));
		masq_put32(b, at + 8, (uint32_t)rng_next(&w->rng));
		return 12;
	case 2:
		masq_put32(b, at, 0x01010402);
		return 4;
	case 3: /* a length that cannot be */
		masq_put32(b, at, 0x05000000 | rng_below(&w->rng, 0x10000));
		return 4;
	default:
		return put_sack(w, b, at, ack);
	}
}

uint32_t build_tcp(struct work *w, const struct ends *ends, uint8_t flags,
		   uint32_t seq, uint32_t ack, const uint8_t *data,
		   uint32_t len)
{
	const uint32_t at = IP_HEADER + TCP_HEADER;
	struct masq_buf b = begin(w, IPP_TCP, ends->src, ends->dst,
				  TCP_HEADER + 40);
	uint32_t options = 0;

	memset(b.data + IP_HEADER, 0, TCP_HEADER + 40);
	masq_put16(&b, IP_HEADER, ends->sport);
	masq_put16(&b, IP_HEADER + 2, ends->dport);
	masq_put32(&b, IP_HEADER + 4, seq);
	masq_put32(&b, IP_HEADER + 8, ack);
	if (rng_one_in(&w->rng, 8))
		options = put_options(w, &b, at, flags, ack);
	if (rng_one_in(&w->rng, 24)) {
		flags |= F_URG;
		masq_put16(&b, IP_HEADER + 18,
			   (uint16_t)rng_below(&w->rng, len + 2));
	}
	masq_put8(&b, IP_HEADER + 12,
		  (uint8_t)((TCP_HEADER + options) / 4 << 4));
	masq_put8(&b, IP_HEADER + 13, flags);
	masq_put16(&b, IP_HEADER + 14, 8760);
	put_data(&b, at + options, data, cut(len));
	b.len = at + options + cut(len);
	masq_put16(&b, 2, (uint16_t)b.len);
	sums_repair(b.data, b.len);
	return b.len;
}

uint32_t build_icmp(struct work *w, uint32_t src, uint32_t dst, uint8_t type,
		    uint8_t code, uint32_t rest, const uint8_t *data,
		    uint32_t len)
{
	struct masq_buf b = begin(w, IPP_ICMP, src, dst,
				  ICMP_HEADER_LEN + cut(len));

	masq_put8(&b, IP_HEADER, type);
	masq_put8(&b, IP_HEADER + 1, code);
	masq_put16(&b, IP_HEADER + 2, 0);
	masq_put32(&b, IP_HEADER + 4, rest);
	put_data(&b, IP_HEADER + ICMP_HEADER_LEN, data, cut(len));
	sums_repair(b.data, b.len);
	return b.len;
}
