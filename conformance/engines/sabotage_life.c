/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_life.c - faults of time, and of how long mappings live */
#include "sabotage.h"

static uint64_t run_fast(uint64_t elapsed)
{
	return elapsed > UINT64_MAX / 40 ? UINT64_MAX / 4 : elapsed * 10;
}

static uint64_t run_slow(uint64_t elapsed)
{
	return elapsed / 10;
}

static enum conf_status forget_all(struct sabotage *s, struct sab_packet *p)
{
	enum conf_status status = CONF_OK;

	if (++s->count == 40)
		status = conf_ref_ops.reset(s->ref);
	return status == CONF_OK ? sab_feed(s, p) : status;
}

static enum conf_status let_in_once(struct sabotage *s, struct sab_packet *p)
{
	struct sab_flow *f = sab_flow_outside(s, p, sab_dest_at(p));

	if (p->head.side == CONF_OUTSIDE && f != NULL && f->num_in > 0)
		return CONF_OK;
	return sab_feed(s, p);
}

static void lose_first(struct sabotage *s, struct sab_packet *p)
{
	struct sab_flow *f = sab_flow_outside(s, p, sab_source_at(p));

	if (sab_is_through(s, p) && s->seen.head.side == CONF_INSIDE &&
	    f != NULL && f->num_out == 1)
		return;
	sab_send(s, p);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("clock-fast", "RFC4787-REQ-5; RFC5382-REQ-5; CORE-TMR",
		 "Time runs ten times as fast."),
	 .time = run_fast},
	{SAB_ROW("clock-slow", "CORE-TMR",
		 "Time runs at a tenth of its speed."),
	 .time = run_slow},
	{SAB_ROW("udp-timer-119", "RFC4787-REQ-5", "UDP mappings live 119 s."),
	 .setting = {"timeout.udp", "119", 0}},
	{SAB_ROW("udp-timer-short", "RFC4787-REQ-5c; CORE-TMR",
		 "UDP mappings live 299 s."),
	 .setting = {"timeout.udp", "299", 0}},
	{SAB_ROW("udp-timer-long", "CORE-TMR", "UDP mappings live 301 s."),
	 .setting = {"timeout.udp", "301", 0}},
	{SAB_ROW("tcp-timer-short", "RFC5382-REQ-5; CORE-TMR",
		 "Established connections live 899 s."),
	 .setting = {"timeout.tcp", "899", 0}},
	{SAB_ROW("fin-timer-short", "RFC5382-REQ-5; CORE-TMR",
		 "Half-closed connections live 119 s."),
	 .setting = {"timeout.tcp-fin", "119", 0}},
	{SAB_ROW("table-small", "RFC4787-REQ-11; CORE-ENT",
		 "There is room for 16 mappings."),
	 .setting = {"max-entries", "16", 0}},
	{SAB_ROW("forgets-all", "RFC4787-REQ-11",
		 "With the 40th packet all mappings are forgotten."),
	 .arrive = forget_all},
	{SAB_ROW("inbound-once", "RFC4787-REQ-5; CORE-INB",
		 "A mapping lets one packet in."),
	 .arrive = let_in_once},
	{SAB_ROW("first-packet-lost", "RFC4787-REQ-11",
		 "The packet that makes a mapping is lost."),
	 .leave = lose_first},
	{SAB_ROW_FIXED("wild-peer", "CORE-SUR-B05",
		       "Any outside address may claim a fresh UDP mapping."),
	 .setting = {"quirk.wild-peer", "on", 0}},
};

const struct sab_table sab_life = SAB_TABLE(faults);
