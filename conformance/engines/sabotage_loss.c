/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_loss.c - faults that lose, double, damage and break */
#include <stdio.h>
#include <stdlib.h>

#include "sabotage.h"

static void flip(struct sabotage *s, struct sab_packet *p)
{
	uint32_t total = sab_total(p);

	if (sab_is_through(s, p) && total >= 1000 && !sab_is_fragment(p))
		sab_set8(p, total - 1, sab_get8(p, total - 1) ^ 0x20u);
	sab_send(s, p);
}

static void lose_long(struct sabotage *s, struct sab_packet *p)
{
	if (!sab_is_through(s, p) || sab_total(p) <= 1000)
		sab_send(s, p);
}

static void lose_empty(struct sabotage *s, struct sab_packet *p)
{
	if (!sab_is_through(s, p) || !sab_is(p, SAB_UDP) ||
	    sab_total(p) > sab_payload_at(p))
		sab_send(s, p);
}

static void send_padding(struct sabotage *s, struct sab_packet *p)
{
	/* The least that Ethernet carries; room is left behind. */
	while (sab_is_through(s, p) && p->b.len < 46 && p->b.len < p->b.cap) {
		p->b.len++;
		masq_put8(&p->b, p->b.len - 1, 0);
	}
	sab_send(s, p);
}

static void send_twice(struct sabotage *s, struct sab_packet *p)
{
	sab_send(s, p);
	if (sab_is_through(s, p) && ++s->count % 5 == 0)
		sab_send(s, p);
}

static void lose_some(struct sabotage *s, struct sab_packet *p)
{
	if (!sab_is_through(s, p) || ++s->count % 50 != 0)
		sab_send(s, p);
}

static void turn_round(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p) && ++s->count % 6 == 0)
		p->head.side = p->head.side == CONF_INSIDE ? CONF_OUTSIDE
							   : CONF_INSIDE;
	sab_send(s, p);
}

/* Every 4th packet waits for the next stimulus. */
static void keep(struct sabotage *s, struct sab_packet *p)
{
	if (!sab_is_through(s, p) || ++s->count % 4 != 0 || !sab_hold(s, p))
		sab_send(s, p);
}

static enum conf_status send_kept(struct sabotage *s, struct sab_packet *p)
{
	sab_release(s, false);
	return sab_feed(s, p);
}

static bool has_no_flags(const struct sab_packet *p)
{
	return sab_is(p, SAB_TCP) && (sab_flags(p) & 0x3fu) == 0;
}

static enum conf_status crash(struct sabotage *s, struct sab_packet *p)
{
	if (has_no_flags(p))
		abort();
	return sab_feed(s, p);
}

static enum conf_status hang(struct sabotage *s, struct sab_packet *p)
{
	volatile bool is_stuck = has_no_flags(p);

	while (is_stuck)
		;
	return sab_feed(s, p);
}

static enum conf_status give_up(struct sabotage *s, struct sab_packet *p)
{
	if (has_no_flags(p)) {
		snprintf(s->error, sizeof(s->error), "no flags: giving up");
		return CONF_ERR_ENGINE;
	}
	return sab_feed(s, p);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("payload-flipped", "RFC3022 4.1; INV-10",
		 "The last octet of packets from 1000 octets on is changed."),
	 .leave = flip},
	{SAB_ROW("long-lost", "RFC4787-REQ-13",
		 "Packets of more than 1000 octets are lost."),
	 .leave = lose_long},
	{SAB_ROW("empty-lost", "RFC768", "UDP without payload is lost."),
	 .leave = lose_empty},
	{SAB_ROW("padding-sent", "RFC1122; CORE-PATH",
		 "Packets below 46 octets have zeros behind them."),
	 .leave = send_padding},
	{SAB_ROW("sent-twice", "INV-05", "Every 5th packet is sent twice."),
	 .leave = send_twice},
	{SAB_ROW("every-50th-lost", "RFC4787-REQ-11",
		 "Every 50th packet is lost."),
	 .leave = lose_some},
	{SAB_ROW("wrong-side", "RFC3022 2.2",
		 "Every 6th packet is turned round at the router."),
	 .leave = turn_round},
	{SAB_ROW("late", "CORE-PATH",
		 "Every 4th packet waits until the next one comes."),
	 .arrive = send_kept, .leave = keep},
	{SAB_ROW("crash", "RFC5382-REQ-2",
		 "A TCP segment without flags crashes the engine."),
	 .arrive = crash},
	{SAB_ROW("hang", "RFC5382-REQ-2",
		 "A TCP segment without flags stops the engine for ever."),
	 .arrive = hang},
	{SAB_ROW("gives-up", "RFC5382-REQ-2",
		 "A TCP segment without flags makes the engine fail."),
	 .arrive = give_up},
};

const struct sab_table sab_loss = SAB_TABLE(faults);
