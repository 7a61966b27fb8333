/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_packet.c - packets as faults read and change them */
#include "sabotage.h"

static struct masq_view view(const struct sab_packet *p)
{
	return masq_view_of(&p->b);
}

uint8_t sab_get8(const struct sab_packet *p, uint32_t off)
{
	return masq_get8(view(p), off);
}

uint16_t sab_get16(const struct sab_packet *p, uint32_t off)
{
	return masq_get16(view(p), off);
}

uint32_t sab_get32(const struct sab_packet *p, uint32_t off)
{
	return masq_get32(view(p), off);
}

uint32_t sab_ihl(const struct sab_packet *p)
{
	return (sab_get8(p, 0) & 0xfu) * 4u;
}

uint32_t sab_total(const struct sab_packet *p)
{
	uint32_t total = sab_get16(p, SAB_IP_LEN);

	return total < p->b.len ? total : p->b.len;
}

uint8_t sab_proto(const struct sab_packet *p)
{
	return sab_get8(p, 9);
}

bool sab_is_fragment(const struct sab_packet *p)
{
	return (sab_get16(p, SAB_IP_FRAG) & (SAB_MF | SAB_FRAG_OFF)) != 0;
}

bool sab_is_first(const struct sab_packet *p)
{
	return (sab_get16(p, SAB_IP_FRAG) & SAB_FRAG_OFF) == 0;
}

bool sab_is(const struct sab_packet *p, unsigned int proto)
{
	uint32_t need = proto == SAB_TCP ? 20 : 8;

	return sab_get8(p, 0) >> 4 == 4 && sab_ihl(p) >= 20 &&
	       sab_proto(p) == proto && sab_is_first(p) &&
	       sab_total(p) >= sab_ihl(p) + need;
}

bool sab_is_query(const struct sab_packet *p)
{
	uint8_t type = sab_get8(p, sab_ihl(p));

	return sab_is(p, SAB_ICMP) &&
	       (type == 0 || type == 8 || (type >= 13 && type <= 18));
}

bool sab_is_error(const struct sab_packet *p)
{
	uint8_t type = sab_get8(p, sab_ihl(p));

	return sab_is(p, SAB_ICMP) && sab_total(p) >= sab_ihl(p) + 8 + 20 &&
	       (type == 3 || type == 4 || type == 5 || type == 11 ||
		type == 12);
}

uint32_t sab_source_at(const struct sab_packet *p)
{
	if (sab_is(p, SAB_TCP) || sab_is(p, SAB_UDP))
		return sab_ihl(p);
	return sab_is_query(p) ? sab_ihl(p) + 4 : 0;
}

uint32_t sab_dest_at(const struct sab_packet *p)
{
	if (sab_is(p, SAB_TCP) || sab_is(p, SAB_UDP))
		return sab_ihl(p) + 2;
	return sab_is_query(p) ? sab_ihl(p) + 4 : 0;
}

uint32_t sab_payload_at(const struct sab_packet *p)
{
	uint32_t l4 = sab_ihl(p);

	if (sab_is(p, SAB_TCP))
		return l4 + (sab_get8(p, l4 + 12) >> 4) * 4u;
	return sab_is_first(p) ? l4 + 8 : l4;
}

uint8_t sab_flags(const struct sab_packet *p)
{
	return sab_is(p, SAB_TCP) ? sab_get8(p, sab_ihl(p) + 13) : 0;
}

uint32_t sab_quote_at(const struct sab_packet *p)
{
	return sab_is_error(p) ? sab_ihl(p) + 8 : 0;
}

uint32_t sab_quote_l4(const struct sab_packet *p)
{
	uint32_t quote = sab_quote_at(p);

	return quote + (sab_get8(p, quote) & 0xfu) * 4u;
}

uint32_t sab_sum_at(const struct sab_packet *p)
{
	if (sab_is(p, SAB_TCP))
		return sab_ihl(p) + 16;
	if (sab_is(p, SAB_UDP))
		return sab_ihl(p) + 6;
	return sab_is(p, SAB_ICMP) ? sab_ihl(p) + 2 : 0;
}

void sab_raw16(struct sab_packet *p, uint32_t off, uint16_t value)
{
	masq_put16(&p->b, off, value);
}

/* A word that the checksum at off covers has changed (RFC 1624). */
static void carry(struct sab_packet *p, uint32_t off, uint16_t before,
		  uint16_t after)
{
	uint16_t sum = sab_get16(p, off);
	bool is_udp = off != SAB_IP_SUM && sab_proto(p) == SAB_UDP;

	if (is_udp && sum == 0)
		return; /* there is none */
	sum = (uint16_t)~masq_fold((uint64_t)(uint16_t)~sum +
				   (uint16_t)~before + after);
	if (is_udp && sum == 0)
		sum = 0xffff;
	sab_raw16(p, off, sum);
}

void sab_set16(struct sab_packet *p, uint32_t off, uint16_t value)
{
	uint16_t before = sab_get16(p, off);
	uint32_t sum = sab_sum_at(p);
	bool is_header = off < sab_ihl(p);
	bool is_pseudo = off >= SAB_IP_SRC && off < SAB_IP_DST + 4 &&
			 sab_proto(p) != SAB_ICMP;

	sab_raw16(p, off, value);
	value = sab_get16(p, off);
	if (before == value || off == SAB_IP_SUM || off == sum)
		return;
	if (is_header)
		carry(p, SAB_IP_SUM, before, value);
	if (sum != 0 && (!is_header || is_pseudo))
		carry(p, sum, before, value);
}

void sab_set8(struct sab_packet *p, uint32_t off, uint8_t value)
{
	uint16_t word = sab_get16(p, off & ~1u);

	if (off % 2 == 0)
		word = (uint16_t)((word & 0xffu) | value << 8);
	else
		word = (uint16_t)((word & 0xff00u) | value);
	sab_set16(p, off & ~1u, word);
}

void sab_set32(struct sab_packet *p, uint32_t off, uint32_t value)
{
	sab_set16(p, off, (uint16_t)(value >> 16));
	sab_set16(p, off + 2, (uint16_t)value);
}

uint16_t sab_transport_sum(const struct sab_packet *p)
{
	uint32_t l4 = sab_ihl(p), len = sab_total(p) - l4;
	uint64_t sum = masq_sum(masq_slice(view(p), l4, len));
	uint16_t old = sab_get16(p, sab_sum_at(p)), now;

	sum += (uint16_t)~old;
	if (sab_proto(p) != SAB_ICMP)
		sum += masq_sum_pseudo(sab_get32(p, SAB_IP_SRC),
				       sab_get32(p, SAB_IP_DST), sab_proto(p),
				       len);
	now = (uint16_t)~masq_fold(sum);
	return now == 0 && sab_proto(p) == SAB_UDP ? 0xffff : now;
}

void sab_recount(struct sab_packet *p)
{
	sab_raw16(p, SAB_IP_LEN, (uint16_t)p->b.len);
	sab_raw16(p, SAB_IP_SUM, 0);
	sab_raw16(p, SAB_IP_SUM,
		  (uint16_t)~masq_fold(
			  masq_sum(masq_slice(view(p), 0, sab_ihl(p)))));
	if (sab_is(p, SAB_UDP))
		sab_raw16(p, sab_ihl(p) + 4, (uint16_t)(p->b.len - sab_ihl(p)));
	if (sab_sum_at(p) != 0 && !sab_is_fragment(p) &&
	    (sab_proto(p) != SAB_UDP || sab_get16(p, sab_sum_at(p)) != 0))
		sab_raw16(p, sab_sum_at(p), sab_transport_sum(p));
}
