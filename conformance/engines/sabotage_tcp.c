/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_tcp.c - faults of TCP */
#include "sabotage.h"

static bool is_tcp(const struct sabotage *s, const struct sab_packet *p)
{
	return sab_is_through(s, p) && sab_is(p, SAB_TCP) &&
	       sab_is(&s->seen, SAB_TCP);
}

static void set_flags(struct sab_packet *p, unsigned int flags)
{
	sab_set8(p, sab_ihl(p) + 13, (uint8_t)flags);
}

static uint32_t payload_len(const struct sab_packet *p)
{
	uint32_t at = sab_payload_at(p), total = sab_total(p);

	return at < total ? total - at : 0;
}

static struct sab_flow *flow_of(struct sabotage *s, const struct sab_packet *p)
{
	return p->head.side == CONF_INSIDE
		       ? sab_flow_inside(s, p)
		       : sab_flow_outside(s, p, sab_dest_at(p));
}

/* The engine sees an acknowledgment where there is one of these flags. */
static enum conf_status hide(struct sabotage *s, struct sab_packet *p,
			     unsigned int flags)
{
	if (sab_flags(p) & flags && flow_of(s, p) != NULL)
		set_flags(p, (sab_flags(p) & ~flags) | SAB_ACK);
	return sab_feed(s, p);
}

static enum conf_status hide_fin(struct sabotage *s, struct sab_packet *p)
{
	return hide(s, p, SAB_FIN);
}

static enum conf_status hide_rst(struct sabotage *s, struct sab_packet *p)
{
	return hide(s, p, SAB_RST);
}

static void show_flags(struct sabotage *s, struct sab_packet *p)
{
	if (is_tcp(s, p))
		set_flags(p, sab_flags(&s->seen));
	sab_send(s, p);
}

static void lose_rst(struct sabotage *s, struct sab_packet *p)
{
	if (!is_tcp(s, p) || !(sab_flags(p) & SAB_RST))
		sab_send(s, p);
}

static void lose_syn_flag(struct sabotage *s, struct sab_packet *p)
{
	if (is_tcp(s, p) && sab_flags(p) == SAB_SYN)
		set_flags(p, 0);
	sab_send(s, p);
}

static void lose_syn_data(struct sabotage *s, struct sab_packet *p)
{
	if (is_tcp(s, p) && sab_flags(p) & SAB_SYN && payload_len(p) > 0) {
		p->b.len = sab_payload_at(p);
		sab_recount(p);
	}
	sab_send(s, p);
}

static enum conf_status lose_second_syn(struct sabotage *s,
					struct sab_packet *p)
{
	if (p->head.side == CONF_INSIDE && sab_flags(p) == SAB_SYN &&
	    flow_of(s, p) != NULL)
		return CONF_OK;
	return sab_feed(s, p);
}

static enum conf_status refuse_crossing(struct sabotage *s,
					struct sab_packet *p)
{
	if (p->head.side == CONF_OUTSIDE && sab_flags(p) == SAB_SYN &&
	    flow_of(s, p) != NULL)
		return CONF_OK;
	return sab_feed(s, p);
}

static void cut_half_closed(struct sabotage *s, struct sab_packet *p)
{
	const struct sab_flow *f = flow_of(s, &s->seen);
	unsigned int other = s->seen.head.side == CONF_INSIDE ? 2 : 1;

	if (!is_tcp(s, p) || f == NULL || !(f->fins & other) ||
	    payload_len(p) == 0)
		sab_send(s, p);
}

static void lose_options(struct sabotage *s, struct sab_packet *p)
{
	if (is_tcp(s, p))
		for (uint32_t at = sab_ihl(p) + 20; at < sab_payload_at(p);
		     at += 2)
			sab_set16(p, at, 0x0101);
	sab_send(s, p);
}

static void lower_mss(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_ihl(p) + 20;

	if (is_tcp(s, p) && sab_flags(p) & SAB_SYN &&
	    sab_payload_at(p) >= at + 4 && sab_get16(p, at) == 0x0204)
		sab_set16(p, at + 2, (uint16_t)(sab_get16(p, at + 2) - 40));
	sab_send(s, p);
}

static void lose_urgent(struct sabotage *s, struct sab_packet *p)
{
	if (is_tcp(s, p) && sab_flags(p) & SAB_URG) {
		set_flags(p, sab_flags(p) & ~SAB_URG);
		sab_set16(p, sab_ihl(p) + 18, 0);
	}
	sab_send(s, p);
}

static void lose_ecn(struct sabotage *s, struct sab_packet *p)
{
	if (is_tcp(s, p))
		set_flags(p, sab_flags(p) & 0x3fu);
	sab_send(s, p);
}

static void change_window(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_ihl(p) + 14;

	if (is_tcp(s, p) && sab_get16(p, at) > 0 && ++s->count % 3 == 0)
		sab_set16(p, at, (uint16_t)(sab_get16(p, at) - 1));
	sab_send(s, p);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("fin-ignored", "CORE-TCP; RFC5382-REQ-5",
		 "A FIN does not shorten the life of a mapping."),
	 .arrive = hide_fin, .leave = show_flags},
	{SAB_ROW("rst-ignored", "CORE-TCP",
		 "A RST does not shorten the life of a mapping."),
	 .arrive = hide_rst, .leave = show_flags},
	{SAB_ROW("rst-lost", "RFC5382-REQ-2", "RST segments are not sent on."),
	 .leave = lose_rst},
	{SAB_ROW("syn-flag-lost", "RFC5382-REQ-2", "A SYN loses its flag."),
	 .leave = lose_syn_flag},
	{SAB_ROW("syn-data-lost", "RFC5382-REQ-2; RFC9293 3.4",
		 "A SYN loses its payload."),
	 .leave = lose_syn_data},
	{SAB_ROW("syn-again-lost", "RFC5382-REQ-2",
		 "A SYN that is sent again is lost."),
	 .arrive = lose_second_syn},
	{SAB_ROW("crossing-syn-refused", "RFC5382-REQ-2a",
		 "A SYN from outside for a mapping is dropped."),
	 .arrive = refuse_crossing},
	{SAB_ROW("half-closed-cut", "RFC5382-REQ-2.d1",
		 "Data for a side that has sent a FIN is dropped."),
	 .leave = cut_half_closed},
	{SAB_ROW("tcp-options-lost", "RFC5382-REQ-2; RFC9293 3.1",
		 "TCP options become no-operations."),
	 .leave = lose_options},
	{SAB_ROW("mss-lowered", "RFC9293 3.7.1", "The MSS is 40 too small."),
	 .leave = lower_mss},
	{SAB_ROW("urgent-lost", "RFC9293 3.8.5",
		 "Urgent data is not urgent any more."),
	 .leave = lose_urgent},
	{SAB_ROW("tcp-ecn-lost", "RFC3168 6.1",
		 "The flags ECE and CWR are cleared."),
	 .leave = lose_ecn},
	{SAB_ROW("window-changed", "RFC9293 3.1",
		 "The window of every 3rd segment is one too small."),
	 .leave = change_window},
	{SAB_ROW_FIXED("flagless-closes", "CORE-SUR-A20",
		       "A segment without flags closes its mapping."),
	 .setting = {"quirk.flagless-close", "on", 0}},
};

const struct sab_table sab_tcp = SAB_TABLE(faults);
