/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_helper.c - faults of helpers, and of what follows their edits */
#include "sabotage.h"

#define SEQ 4u /* in the TCP header */
#define ACK 8u

static bool is_tcp(const struct sabotage *s, const struct sab_packet *p)
{
	return sab_is_through(s, p) && sab_is(p, SAB_TCP) &&
	       sab_is(&s->seen, SAB_TCP);
}

/* Has the payload been changed on the way? */
static bool is_edited(const struct sabotage *s, const struct sab_packet *p)
{
	uint32_t at = sab_payload_at(&s->seen), to = sab_payload_at(p);
	uint32_t len = sab_total(&s->seen);

	len = len > at ? len - at : 0;
	return sab_is_through(s, p) && sab_source_at(p) != 0 &&
	       !sab_is_fragment(&s->seen) && len > 0 &&
	       (sab_total(p) != to + len ||
		!masq_equal(masq_view_of(&p->b), to, s->seen.b.data + at, len));
}

static void keep_field(struct sabotage *s, struct sab_packet *p, uint32_t at)
{
	if (is_tcp(s, p))
		sab_set32(p, sab_ihl(p) + at,
			  sab_get32(&s->seen, sab_ihl(&s->seen) + at));
	sab_send(s, p);
}

static void keep_seq(struct sabotage *s, struct sab_packet *p)
{
	keep_field(s, p, SEQ);
}

static void keep_ack(struct sabotage *s, struct sab_packet *p)
{
	keep_field(s, p, ACK);
}

static void shift_more(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_ihl(p) + SEQ;
	uint32_t was = sab_get32(&s->seen, sab_ihl(&s->seen) + SEQ);

	if (is_tcp(s, p) && sab_get32(p, at) != was)
		sab_set32(p, at, sab_get32(p, at) + 1);
	sab_send(s, p);
}

/* Of the options, an edit shifts nothing else. */
static void keep_sack(struct sabotage *s, struct sab_packet *p)
{
	if (is_tcp(s, p) && sab_payload_at(p) == sab_payload_at(&s->seen))
		for (uint32_t at = sab_ihl(p) + 20; at < sab_payload_at(p);
		     at += 2)
			sab_set16(p, at, sab_get16(&s->seen, at));
	sab_send(s, p);
}

/* Where a helper's command begins; 0 = there is none. */
static uint32_t find_command(const struct sab_packet *p)
{
	struct masq_view all = masq_view_of(&p->b);
	uint32_t at = sab_payload_at(p), total = sab_total(p);

	if (!sab_is(p, SAB_TCP))
		return 0;
	if (masq_equal(all, at, "PORT ", 5) || masq_equal(all, at, "227 ", 4))
		return at;
	for (; at < total; at++)
		if (masq_equal(all, at, "DCC ", 4))
			return at;
	return 0;
}

/* The engine reads a word that it does not know. */
static enum conf_status hide_command(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = find_command(p);

	if (at != 0)
		sab_set8(p, at, sab_get8(p, at) ^ 0x80u);
	return sab_feed(s, p);
}

static void show_command(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = find_command(&s->seen);

	if (is_tcp(s, p) && at != 0) {
		uint8_t was = sab_get8(&s->seen, at);

		at += sab_payload_at(p) - sab_payload_at(&s->seen);
		sab_set8(p, at, was);
	}
	sab_send(s, p);
}

static void write_wrong_port(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_total(p);

	if (is_tcp(s, p) && is_edited(s, p)) {
		while (at > sab_payload_at(p) &&
		       (sab_get8(p, at - 1) < '0' || sab_get8(p, at - 1) > '9'))
			at--;
		if (at > sab_payload_at(p))
			sab_set8(p, at - 1, sab_get8(p, at - 1) ^ 1u);
	}
	sab_send(s, p);
}

static void cut_edited(struct sabotage *s, struct sab_packet *p)
{
	if (is_tcp(s, p) && is_edited(s, p)) {
		p->b.len--;
		sab_recount(p);
	}
	sab_send(s, p);
}

/* From outside for a port from which nothing has left yet. */
static bool is_for_child(struct sabotage *s, const struct sab_packet *p)
{
	if (!sab_is_through(s, p) || s->seen.head.side != CONF_OUTSIDE ||
	    (!sab_is(p, SAB_TCP) && !sab_is(p, SAB_UDP)) ||
	    sab_flow_outside(s, &s->seen, sab_dest_at(&s->seen)) != NULL)
		return false;
	for (unsigned int i = 0; i < s->settings.num_portfw; i++)
		if (s->settings.portfw[i].local_port ==
		    sab_get16(&s->seen, sab_dest_at(&s->seen)))
			return false;
	return true;
}

static void refuse_child(struct sabotage *s, struct sab_packet *p)
{
	if (!is_for_child(s, p))
		sab_send(s, p);
}

static void misdirect_child(struct sabotage *s, struct sab_packet *p)
{
	if (is_for_child(s, p))
		sab_set32(p, SAB_IP_DST, sab_get32(p, SAB_IP_DST) + 1);
	sab_send(s, p);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("seq-stale", "CORE-SEQ; GEN-10",
		 "Sequence numbers are not shifted after an edit."),
	 .leave = keep_seq},
	{SAB_ROW("ack-stale", "CORE-SEQ; GEN-10",
		 "Acknowledgments are not shifted after an edit."),
	 .leave = keep_ack},
	{SAB_ROW("seq-shift-long", "CORE-SEQ; GEN-10",
		 "Sequence numbers are shifted by one too many."),
	 .leave = shift_more},
	{SAB_ROW_FIXED("sack-stale", "CORE-SUR-A14",
		       "SACK blocks are not shifted after an edit."),
	 .leave = keep_sack},
	{SAB_ROW("command-missed", "FTP-04; IRC-04",
		 "PORT, 227 and DCC are taken for text."),
	 .arrive = hide_command, .leave = show_command},
	{SAB_ROW("command-wrong-port", "FTP-06",
		 "An edited command names the port beside the right one."),
	 .leave = write_wrong_port},
	{SAB_ROW("command-cut", "FTP-06; GEN-17",
		 "An edited command loses its last octet."),
	 .leave = cut_edited},
	{SAB_ROW("child-refused", "FTP-05; CORE-CTL",
		 "The connection that a command announces is not let in."),
	 .leave = refuse_child},
	{SAB_ROW("child-to-neighbour", "FTP-05; CORE-CTL",
		 "The connection that a command announces goes to the next "
		 "address inside."),
	 .leave = misdirect_child},
	{SAB_ROW_FIXED("ftp-any-host", "CORE-SUR; FTP-04",
		       "PORT may name another host than the one that speaks."),
	 .setting = {"quirk.ftp-any-host", "on", 0}},
	{SAB_ROW_FIXED("ftp-anywhere", "CORE-SUR; FTP-11",
		       "A command is taken wherever its text stands."),
	 .setting = {"quirk.ftp-anywhere", "on", 0}},
	{SAB_ROW("irc-insecure", "IRC-08",
		 "DCC may name other hosts and low ports."),
	 .setting = {"irc.insecure", "1", 0}},
};

const struct sab_table sab_helper = SAB_TABLE(faults);
