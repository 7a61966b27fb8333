/* SPDX-License-Identifier: Apache-2.0 */
/* support.c - packets and captures for tests */
#include "support.h"

static struct masq_buf buf_of(struct packet *p)
{
	return (struct masq_buf){
		.data = p->data, .len = p->len, .cap = sizeof(p->data)};
}

void put8(struct packet *p, uint32_t at, uint8_t value)
{
	struct masq_buf b = buf_of(p);

	masq_put8(&b, at, value);
}

void put16(struct packet *p, uint32_t at, uint16_t value)
{
	struct masq_buf b = buf_of(p);

	masq_put16(&b, at, value);
}

void put32(struct packet *p, uint32_t at, uint32_t value)
{
	struct masq_buf b = buf_of(p);

	masq_put32(&b, at, value);
}

void fix_ip(struct packet *p)
{
	struct masq_buf b = buf_of(p);
	uint32_t len = (p->data[0] & 0xfu) * 4;

	put16(p, 10, 0);
	put16(p, 10,
	      (uint16_t)~masq_fold(
		      masq_sum(masq_slice(masq_view_of(&b), 0, len))));
}

void fix_all(struct packet *p)
{
	struct masq_buf b = buf_of(p);
	uint32_t l4 = (p->data[0] & 0xfu) * 4;
	struct masq_view segment = masq_from(masq_view_of(&b), l4);
	uint8_t proto = p->data[9];
	uint32_t at = l4 + (proto == 6 ? 16 : proto == 17 ? 6 : 2);
	uint64_t sum = 0;

	put16(p, at, 0);
	if (proto != 1)
		sum = masq_sum_pseudo(masq_get32(masq_view_of(&b), 12),
				      masq_get32(masq_view_of(&b), 16), proto,
				      segment.len);
	put16(p, at, (uint16_t)~masq_fold(sum + masq_sum(segment)));
	fix_ip(p);
}

/* An IP header for proto, and body_len octets behind it. */
static struct packet make_ip(uint32_t saddr, uint32_t daddr, uint8_t proto,
			     uint32_t body_len)
{
	struct packet p = {.len = 20 + body_len};

	put16(&p, 0, 0x4500);
	put16(&p, 2, (uint16_t)p.len);
	put16(&p, 4, 0x1001);
	put8(&p, 8, 64);
	put8(&p, 9, proto);
	put32(&p, 12, saddr);
	put32(&p, 16, daddr);
	return p;
}

struct packet make_udp(uint32_t saddr, uint16_t sport, uint32_t daddr,
		       uint16_t dport, const char *payload)
{
	uint32_t len = (uint32_t)strlen(payload);
	struct packet p = make_ip(saddr, daddr, 17, 8 + len);

	put16(&p, 20, sport);
	put16(&p, 22, dport);
	put16(&p, 24, (uint16_t)(8 + len));
	memcpy(p.data + 28, payload, len);
	fix_all(&p);
	return p;
}

struct packet make_tcp(uint32_t saddr, uint16_t sport, uint32_t daddr,
		       uint16_t dport, uint8_t flags, const char *payload)
{
	uint32_t len = (uint32_t)strlen(payload);
	struct packet p = make_ip(saddr, daddr, 6, 20 + len);

	put16(&p, 20, sport);
	put16(&p, 22, dport);
	put32(&p, 24, 1000);
	put32(&p, 28, 2000);
	put8(&p, 32, 0x50);
	put8(&p, 33, flags);
	put16(&p, 34, 5840);
	memcpy(p.data + 40, payload, len);
	fix_all(&p);
	return p;
}

struct packet make_icmp(uint32_t saddr, uint32_t daddr, uint8_t type,
			uint8_t code, uint32_t rest, const void *body,
			uint32_t body_len)
{
	struct packet p = make_ip(saddr, daddr, 1, 8 + body_len);

	put8(&p, 20, type);
	put8(&p, 21, code);
	put32(&p, 24, rest);
	if (body_len > 0)
		memcpy(p.data + 28, body, body_len);
	fix_all(&p);
	return p;
}

struct conf_packet on_wire(const struct packet *p, enum conf_side side,
			   uint64_t now)
{
	return (struct conf_packet){
		.side = side, .now = now, .data = p->data, .len = p->len};
}
