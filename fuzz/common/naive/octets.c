/* SPDX-License-Identifier: Apache-2.0 */
/* octets.c - packets and checksums, always made from all octets */
#include "model.h"

struct masq_view nv_view_of(const struct packet *p)
{
	return masq_view_of(&p->buf);
}

struct masq_view nv_payload_of(const struct packet *p)
{
	return masq_from(nv_view_of(p), p->hlen);
}

uint32_t nv_source_of(const struct packet *p)
{
	return masq_get32(nv_view_of(p), 12);
}

uint32_t nv_dest_of(const struct packet *p)
{
	return masq_get32(nv_view_of(p), 16);
}

void nv_put_source(struct packet *p, uint32_t addr)
{
	masq_put32(&p->buf, 12, addr);
}

void nv_put_dest(struct packet *p, uint32_t addr)
{
	masq_put32(&p->buf, 16, addr);
}

void nv_put_payload16(struct packet *p, uint32_t offset, uint16_t value)
{
	masq_put16(&p->buf, p->hlen + offset, value);
}

void nv_put_payload32(struct packet *p, uint32_t offset, uint32_t value)
{
	masq_put32(&p->buf, p->hlen + offset, value);
}

static uint16_t fold(uint64_t sum)
{
	while (sum > 0xffff)
		sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)sum;
}

/* Behind the end there is zero, so an odd octet is an upper half. */
static uint64_t add_up(struct masq_view v)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < v.len; i += 2)
		sum += masq_get16(v, i);
	return sum;
}

uint16_t nv_sum_of(struct masq_view v)
{
	return fold(add_up(v));
}

uint16_t nv_segment_sum(uint32_t source, uint32_t dest, uint8_t proto,
			struct masq_view segment)
{
	return fold(add_up(segment) + (source >> 16) + (source & 0xffff) +
		    (dest >> 16) + (dest & 0xffff) + proto + segment.len);
}

void nv_make_header_sum(struct packet *p)
{
	masq_put16(&p->buf, 10, 0);
	masq_put16(&p->buf, 10,
		   (uint16_t)~nv_sum_of(masq_slice(nv_view_of(p), 0, p->hlen)));
}

/* UDP says itself how long it is (quirk udp-padding off). */
struct masq_view nv_covered(const struct packet *p)
{
	struct masq_view v = nv_payload_of(p);

	if (p->proto == UDP)
		v = masq_slice(v, 0, masq_get16(v, 4));
	return v;
}

static uint16_t sum_with_pseudo(const struct packet *p)
{
	if (p->proto == ICMP)
		return nv_sum_of(nv_payload_of(p));
	return nv_segment_sum(nv_source_of(p), nv_dest_of(p), p->proto,
			      nv_covered(p));
}

static uint32_t sum_offset(const struct packet *p)
{
	return p->proto == TCP ? 16 : p->proto == UDP ? 6 : 2;
}

bool nv_is_sum_good(const struct packet *p)
{
	if (p->proto == UDP && masq_get16(nv_payload_of(p), 6) == 0)
		return true;
	return sum_with_pseudo(p) == 0xffff;
}

void nv_make_sum(struct packet *p)
{
	uint32_t offset = sum_offset(p);
	uint16_t sum;

	if (p->proto == UDP && masq_get16(nv_payload_of(p), 6) == 0)
		return;
	nv_put_payload16(p, offset, 0);
	sum = (uint16_t)~sum_with_pseudo(p);
	if (p->proto == UDP && sum == 0)
		sum = 0xffff;
	nv_put_payload16(p, offset, sum);
}

uint16_t nv_moved_sum(uint16_t sum, uint16_t was, uint16_t is)
{
	return (uint16_t)~fold((uint64_t)(uint16_t)~sum + (uint16_t)~was + is);
}
