/* SPDX-License-Identifier: Apache-2.0 */
/* probe/transport.c - TCP and UDP: strangers, openings, resets, checksums */
#include "probe/probe.h"

#define PORT 5000u

/* What a stranger hears, at once and for ten seconds more. */
static void ask_stranger(struct probe *p, struct run_pkt *pkt)
{
	struct run_pkt got;
	char answer[64];

	probe_send(p, CONF_OUTSIDE, pkt);
	if (probe_passed(p, CONF_INSIDE, pkt->proto, &got)) {
		probe_say(p, "let in");
		return;
	}
	probe_say(p, "%s", probe_answer(p, CONF_OUTSIDE, answer));
	if (probe_count(p, CONF_OUTSIDE) > 0 || !probe_has_clock(p))
		return;
	probe_wait(p, 10);
	if (probe_count(p, CONF_OUTSIDE) > 0)
		probe_add(p, "later: %s",
			  probe_answer(p, CONF_OUTSIDE, answer));
}

static void stranger_tcp(struct probe *p, uint8_t flags)
{
	struct run_pkt pkt = probe_tcp(end_of(p->s1, 4000),
				       end_of(p->external, PORT), flags);

	ask_stranger(p, &pkt);
}

static void unsolicited_syn(struct probe *p)
{
	stranger_tcp(p, SYN);
}

static void unsolicited_ack(struct probe *p)
{
	stranger_tcp(p, ACK);
}

static void unsolicited_udp(struct probe *p)
{
	struct run_pkt pkt = probe_udp(end_of(p->s1, 4000),
				       end_of(p->external, PORT));

	ask_stranger(p, &pkt);
}

/* SYN, SYN, then SYN+ACK both ways. */
static void simultaneous_open(struct probe *p)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;
	char answer[64];

	if (!probe_map(p, CONF_PROTO_TCP, from, to, &out)) {
		probe_say(p, "no mapping");
		return;
	}
	if (!probe_segment(p, CONF_OUTSIDE, to, out, SYN, 0, 0, "")) {
		probe_say(p, "no");
		probe_add(p, "the crossing SYN gets %s",
			  probe_answer(p, CONF_OUTSIDE, answer));
		return;
	}
	probe_say(
		p, "%s",
		probe_segment(p, CONF_INSIDE, from, to, SYN | ACK, 0, 1, "") &&
				probe_segment(p, CONF_OUTSIDE, to, out,
					      SYN | ACK, 0, 1, "") &&
				probe_segment(p, CONF_INSIDE, from, to,
					      ACK | PSH, 1, 1, "data")
			? "yes"
			: "no");
}

/* Does a reset of the peer get in, and what does it leave? */
static void ask_reset(struct probe *p, uint32_t seq)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;
	bool passed, still;

	if (!probe_connect(p, from, to, &out)) {
		probe_say(p, "no connection");
		return;
	}
	passed = probe_segment(p, CONF_OUTSIDE, to, out, RST, seq, 0, "");
	still = probe_segment(p, CONF_OUTSIDE, to, out, ACK, 1, 1, "");
	probe_say(p, "%s", passed ? "passed on" : "dropped");
	probe_add(p, "the mapping %s",
		  still ? "is still there" : "is gone at once");
}

static void reset_exact(struct probe *p)
{
	ask_reset(p, 1);
}

static void reset_far(struct probe *p)
{
	ask_reset(p, 0x40000000);
}

/* A segment with ACK, of a connection that nobody has seen begin. */
static void midstream(struct probe *p)
{
	struct run_pkt pkt = probe_tcp(end_of(p->a, PORT), end_of(p->s1, 80),
				       ACK | PSH);
	struct run_pkt got;

	probe_payload(&pkt, "data");
	probe_send(p, CONF_INSIDE, &pkt);
	if (!probe_passed(p, CONF_OUTSIDE, CONF_PROTO_TCP, &got))
		probe_say(p, "dropped");
	else
		probe_say(p, "%s",
			  got.saddr == p->a ? "untranslated"
					    : "makes a mapping");
}

/* ---- Checksums ---- */

static const char *sum_text(const struct run_pkt *got)
{
	return got->csum.kind == CASE_SUM_NONE  ? "none"
	       : got->csum.kind == CASE_SUM_BAD ? "bad"
						: "good";
}

/* One packet with that checksum in a direction; "lost", or what it has. */
static const char *send_sum(struct probe *p, uint8_t proto, enum case_sum kind,
			    bool outbound)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;
	struct run_pkt pkt, got;
	bool tcp = proto == CONF_PROTO_TCP;

	if (!probe_fresh(p) || !probe_map(p, proto, from, to, &out))
		return "no mapping";
	if (outbound)
		pkt = tcp ? probe_tcp(from, to, SYN) : probe_udp(from, to);
	else
		pkt = tcp ? probe_tcp(to, out, SYN | ACK) : probe_udp(to, out);
	if (tcp && !outbound)
		pkt.ack = pkt.seq + 1;
	pkt.csum.kind = kind;
	probe_send(p, outbound ? CONF_INSIDE : CONF_OUTSIDE, &pkt);
	if (!probe_passed(p, outbound ? CONF_OUTSIDE : CONF_INSIDE, proto,
			  &got))
		return "dropped";
	if (got.saddr == pkt.saddr && got.daddr == pkt.daddr)
		return "untranslated";
	return sum_text(&got);
}

static void ask_sum(struct probe *p, uint8_t proto, enum case_sum kind)
{
	const char *out = send_sum(p, proto, kind, true);
	const char *in = send_sum(p, proto, kind, false);

	probe_say(p, "outbound %s, inbound %s", out, in);
}

static void zero_sum(struct probe *p)
{
	ask_sum(p, CONF_PROTO_UDP, CASE_SUM_NONE);
}

static void bad_sum_udp(struct probe *p)
{
	ask_sum(p, CONF_PROTO_UDP, CASE_SUM_BAD);
}

static void bad_sum_tcp(struct probe *p)
{
	ask_sum(p, CONF_PROTO_TCP, CASE_SUM_BAD);
}

static const struct probe_row rows[] = {
	{"tcp.unsolicited-syn", "Unsolicited SYN gets", "RFC5382-REQ-4.1",
	 unsolicited_syn},
	{"tcp.unsolicited-ack", "Unsolicited ACK gets", "RFC5382-S5-nosyn",
	 unsolicited_ack},
	{"tcp.simultaneous-open", "Simultaneous open", "RFC5382-REQ-2a",
	 simultaneous_open},
	{"tcp.rst", "RST from the peer", "RFC5382-S5-phases", reset_exact},
	{"tcp.rst-far", "RST out of the window", "RFC5382-S9-window",
	 reset_far},
	{"tcp.midstream", "ACK without a mapping, from inside",
	 "RFC5382-S5-nosyn", midstream},
	{"tcp.bad-checksum", "TCP with a bad checksum", "RFC3022 4.1",
	 bad_sum_tcp},
	{"udp.unsolicited", "Unsolicited UDP gets", "RFC4787-REQ-8.1",
	 unsolicited_udp},
	{"udp.zero-checksum", "UDP without a checksum leaves with",
	 "RFC3022 4.1", zero_sum},
	{"udp.bad-checksum", "UDP with a bad checksum", "RFC3022 4.1",
	 bad_sum_udp},
};
const struct probe_table probe_transport = PROBE_TABLE(rows);
