/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_header.c - faults of the IP header */
#include "sabotage.h"

static void keep_ttl(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p))
		sab_set8(p, 8, sab_get8(&s->seen, 8));
	sab_send(s, p);
}

static void count_ttl_twice(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p) && sab_get8(p, 8) > 1)
		sab_set8(p, 8, (uint8_t)(sab_get8(p, 8) - 1));
	sab_send(s, p);
}

/* The engine sees a packet that may still be sent on. */
static enum conf_status raise_ttl(struct sabotage *s, struct sab_packet *p)
{
	if (sab_get8(p, 8) == 1)
		sab_set8(p, 8, 2);
	return sab_feed(s, p);
}

static void lower_ttl(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p) && sab_get8(&s->seen, 8) == 1)
		sab_set8(p, 8, 0);
	sab_send(s, p);
}

static void clear_tos(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p))
		sab_set8(p, 1, 0);
	sab_send(s, p);
}

/* The two bits of ECN belong to the ends (RFC 3168). */
static void clear_ecn(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p))
		sab_set8(p, 1, sab_get8(p, 1) & 0xfcu);
	sab_send(s, p);
}

static void change_id(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p))
		sab_set16(p, SAB_IP_ID,
			  (uint16_t)(sab_get16(p, SAB_IP_ID) + 1));
	sab_send(s, p);
}

static void clear_df(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p))
		sab_set16(p, SAB_IP_FRAG,
			  sab_get16(p, SAB_IP_FRAG) & (uint16_t)~SAB_DF);
	sab_send(s, p);
}

static void set_df(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p) && !sab_is_fragment(p))
		sab_set16(p, SAB_IP_FRAG,
			  (uint16_t)(sab_get16(p, SAB_IP_FRAG) | SAB_DF));
	sab_send(s, p);
}

static void drop_options(struct sabotage *s, struct sab_packet *p)
{
	uint32_t ihl = sab_ihl(p);

	if (sab_is_through(s, p) && ihl > 20 && p->b.len >= ihl) {
		memmove(p->b.data + 20, p->b.data + ihl, p->b.len - ihl);
		p->b.len -= ihl - 20;
		sab_set8(p, 0, 0x45);
		sab_recount(p);
	}
	sab_send(s, p);
}

static void keep_options(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p) && sab_ihl(p) == sab_ihl(&s->seen))
		for (uint32_t at = 20; at < sab_ihl(p); at += 2)
			sab_set16(p, at, sab_get16(&s->seen, at));
	sab_send(s, p);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("ttl-kept", "RFC1812 5.3.1; CORE-PATH",
		 "The TTL of what is sent on stays as it was."),
	 .leave = keep_ttl},
	{SAB_ROW("ttl-twice", "RFC1812 5.3.1",
		 "The TTL of what is sent on falls by two."),
	 .leave = count_ttl_twice},
	{SAB_ROW("ttl-one-forwarded", "RFC1812 5.3.1",
		 "A packet with TTL 1 is sent on, with TTL 0."),
	 .arrive = raise_ttl, .leave = lower_ttl},
	{SAB_ROW("tos-cleared", "RFC1812 5.3.2", "The octet TOS is cleared."),
	 .leave = clear_tos},
	{SAB_ROW("ecn-cleared", "RFC3168 5", "The bits of ECN are cleared."),
	 .leave = clear_ecn},
	{SAB_ROW("ip-id-changed", "RFC791; RFC6864",
		 "The IP identification is one greater."),
	 .leave = change_id},
	{SAB_ROW("df-cleared", "RFC791; RFC1191",
		 "DF is cleared in what is sent on."),
	 .leave = clear_df},
	{SAB_ROW("df-set", "RFC791", "DF is set in what is sent on whole."),
	 .leave = set_df},
	{SAB_ROW("ip-options-dropped", "RFC1812 4.2.2.1",
		 "IP options are taken out."),
	 .leave = drop_options},
	{SAB_ROW("record-route-empty", "RFC1812 4.2.2.1; CORE-PATH",
		 "The router does not enter itself in IP options."),
	 .leave = keep_options},
};

const struct sab_table sab_header = SAB_TABLE(faults);
