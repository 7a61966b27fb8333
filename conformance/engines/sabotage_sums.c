/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_sums.c - faults of checksums */
#include "sabotage.h"

static void keep_ip_sum(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p))
		sab_raw16(p, SAB_IP_SUM, sab_get16(&s->seen, SAB_IP_SUM));
	sab_send(s, p);
}

/* Puts the transport checksum of the stimulus in. */
static void keep_sum(struct sabotage *s, struct sab_packet *p,
		     unsigned int proto)
{
	if (sab_is_through(s, p) && sab_is(p, proto) && sab_is(&s->seen, proto))
		sab_raw16(p, sab_sum_at(p),
			  sab_get16(&s->seen, sab_sum_at(&s->seen)));
	sab_send(s, p);
}

static void keep_tcp_sum(struct sabotage *s, struct sab_packet *p)
{
	keep_sum(s, p, SAB_TCP);
}

static void keep_udp_sum(struct sabotage *s, struct sab_packet *p)
{
	keep_sum(s, p, SAB_UDP);
}

static void keep_icmp_sum(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_query(p))
		keep_sum(s, p, SAB_ICMP);
	else
		sab_send(s, p);
}

static void send_zero(struct sabotage *s, struct sab_packet *p)
{
	uint32_t sum = sab_sum_at(p);

	if (sab_is(p, SAB_UDP) && sab_get16(p, sum) == 0xffff)
		sab_raw16(p, sum, 0);
	sab_send(s, p);
}

static void drop_udp_sum(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is(p, SAB_UDP))
		sab_raw16(p, sab_sum_at(p), 0);
	sab_send(s, p);
}

static void fill_udp_sum(struct sabotage *s, struct sab_packet *p)
{
	uint32_t sum = sab_sum_at(p);

	if (sab_is(p, SAB_UDP) && !sab_is_fragment(p) && sab_get16(p, sum) == 0)
		sab_raw16(p, sum, sab_transport_sum(p));
	sab_send(s, p);
}

/* The engine sees a good checksum where there was a bad one. */
static enum conf_status repair(struct sabotage *s, struct sab_packet *p)
{
	uint32_t sum = sab_sum_at(p);

	if ((sab_is(p, SAB_TCP) || sab_is(p, SAB_UDP)) && !sab_is_fragment(p) &&
	    (sab_proto(p) == SAB_TCP || sab_get16(p, sum) != 0))
		sab_raw16(p, sum, sab_transport_sum(p));
	return sab_feed(s, p);
}

/* One too much, as without the end-around carry. */
static void lose_carry(struct sabotage *s, struct sab_packet *p)
{
	uint32_t sum = sab_sum_at(p);

	if (sab_is_through(s, p) && sab_is(p, SAB_TCP) &&
	    sab_get16(p, sum) < sab_get16(&s->seen, sab_sum_at(&s->seen)))
		sab_raw16(p, sum, (uint16_t)(sab_get16(p, sum) + 1));
	sab_send(s, p);
}

/* The last octet is taken for the lower half of its word. */
static void sum_odd(struct sabotage *s, struct sab_packet *p)
{
	uint32_t total = sab_total(p), sum = sab_sum_at(p);

	if (sab_is_through(s, p) && !sab_is_fragment(p) && total % 2 != 0 &&
	    (sab_is(p, SAB_TCP) || sab_is(p, SAB_UDP)) &&
	    sab_get16(p, sum) != 0) {
		uint8_t last = sab_get8(p, total - 1);
		uint64_t wrong = (uint16_t)~sab_get16(p, sum);

		wrong += (uint16_t) ~(last << 8) + (uint64_t)last;
		sab_raw16(p, sum, (uint16_t)~masq_fold(wrong));
	}
	sab_send(s, p);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("ip-sum-stale", "RFC1624; CORE-CSUM",
		 "The header checksum stays as it came."),
	 .leave = keep_ip_sum},
	{SAB_ROW("tcp-sum-stale", "RFC1624; RFC3022 4.1",
		 "The TCP checksum stays as it came."),
	 .leave = keep_tcp_sum},
	{SAB_ROW("udp-sum-stale", "RFC1624; RFC3022 4.1",
		 "The UDP checksum stays as it came."),
	 .leave = keep_udp_sum},
	{SAB_ROW("icmp-sum-stale", "RFC5508-REQ-1",
		 "The checksum of ICMP queries stays as it came."),
	 .leave = keep_icmp_sum},
	{SAB_ROW("tcp-sum-carry", "RFC1071; RFC1624",
		 "A TCP checksum that gets smaller is one too great."),
	 .leave = lose_carry},
	{SAB_ROW("odd-sum", "RFC1071",
		 "The last octet of an odd payload is summed as a low half."),
	 .leave = sum_odd},
	{SAB_ROW("udp-zero-as-zero", "RFC768",
		 "A UDP checksum that comes to 0 is sent as 0."),
	 .leave = send_zero},
	{SAB_ROW("udp-sum-dropped", "RFC768; RFC3022 4.1",
		 "UDP leaves without a checksum."),
	 .leave = drop_udp_sum},
	{SAB_ROW_FIXED("udp-none-filled", "RFC3022 4.1; CORE-SUR-A01",
		       "UDP that had no checksum gets one."),
	 .leave = fill_udp_sum},
	{SAB_ROW("bad-sum-repaired", "CORE-CSUM; INV-09",
		 "A bad TCP or UDP checksum is made good."),
	 .arrive = repair},
};

const struct sab_table sab_sums = SAB_TABLE(faults);
