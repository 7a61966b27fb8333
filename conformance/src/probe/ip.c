/* SPDX-License-Identifier: Apache-2.0 */
/* probe/ip.c - fragments, TTL, packets that are too big, other protocols */
#include <string.h>

#include "probe/probe.h"

#define PORT   5000u
#define PIECE  24u
#define PIECES 3u

/* ---- Fragments ---- */

/* Sends a datagram in three pieces; says what becomes of them. */
static const char *send_pieces(struct probe *p, bool outbound, bool backwards)
{
	static const char text[] = "0123456789012345678901234567890123456789"
				   "012345678901234567890123";
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;
	enum conf_side side = outbound ? CONF_INSIDE : CONF_OUTSIDE;
	enum conf_side other = outbound ? CONF_OUTSIDE : CONF_INSIDE;
	struct run_pkt whole, got;
	size_t early = 0, num = 0;

	if (!probe_fresh(p) || !probe_map(p, CONF_PROTO_UDP, from, to, &out))
		return "no mapping";
	whole = outbound ? probe_udp(from, to) : probe_udp(to, out);
	probe_payload(&whole, text);
	whole.id = 777;
	for (unsigned int i = 0; i < PIECES; i++) {
		unsigned int k = backwards ? PIECES - 1 - i : i;
		struct run_pkt piece = whole;

		piece.has_part = true;
		piece.part_at = k * PIECE;
		piece.part_len = PIECE;
		probe_send(p, side, &piece);
		num = probe_count(p, other);
		if (i + 1 < PIECES)
			early += num;
		if (probe_got(p, other, &got) && got.saddr == whole.saddr &&
		    got.daddr == whole.daddr)
			return "untranslated";
	}
	if (early > 0)
		return early + num >= PIECES ? "piecewise" : "partly";
	return num == 0   ? "dropped"
	       : num == 1 ? "reassembled"
			  : "reassembled, cut again";
}

static void ask_pieces(struct probe *p, bool outbound)
{
	const char *forth = send_pieces(p, outbound, false);
	const char *back = send_pieces(p, outbound, true);

	probe_say(p, "%s", forth);
	probe_add(p, "last one first: %s", back);
}

static void fragments_out(struct probe *p)
{
	ask_pieces(p, true);
}

static void fragments_in(struct probe *p)
{
	ask_pieces(p, false);
}

/* ---- TTL ---- */

static void ttl(struct probe *p)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;
	struct run_pkt got, back;

	if (!probe_map(p, CONF_PROTO_UDP, from, to, &out) ||
	    !probe_got(p, CONF_OUTSIDE, &got) ||
	    !probe_reaches(p, CONF_PROTO_UDP, to, out, from, 0) ||
	    !probe_got(p, CONF_INSIDE, &back))
		probe_say(p, "no mapping");
	else if (got.ttl == 63 && back.ttl == 63)
		probe_say(p, "one less, both ways");
	else
		probe_say(p, "of 64 outbound %u, inbound %u", got.ttl,
			  back.ttl);
}

static void expired_out(struct probe *p)
{
	struct run_pkt pkt = probe_udp(end_of(p->a, PORT), end_of(p->s1, 80));
	struct run_pkt got;
	char answer[64];

	pkt.ttl = 1;
	probe_send(p, CONF_INSIDE, &pkt);
	if (probe_passed(p, CONF_OUTSIDE, CONF_PROTO_UDP, &got))
		probe_say(p, "sent on");
	else
		probe_say(p, "%s", probe_answer(p, CONF_INSIDE, answer));
}

/* The router's error about a packet on its way in: which address has it? */
static void expired_in(struct probe *p)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;
	struct run_pkt pkt, got, q;
	char answer[64];

	if (!probe_map(p, CONF_PROTO_UDP, from, to, &out)) {
		probe_say(p, "no mapping");
		return;
	}
	pkt = probe_udp(to, out);
	pkt.ttl = 1;
	probe_send(p, CONF_OUTSIDE, &pkt);
	if (probe_passed(p, CONF_INSIDE, CONF_PROTO_UDP, &got)) {
		probe_say(p, "sent on");
		return;
	}
	probe_say(p, "%s", probe_answer(p, CONF_OUTSIDE, answer));
	if (probe_got(p, CONF_OUTSIDE, &got) &&
	    run_pkt_decode(&q, got.payload, got.payload_len))
		probe_add(p, "its quote shows the %s address",
			  q.daddr == p->a ? "inside" : "external");
}

/* ---- Size ---- */

static void big(struct probe *p, bool df)
{
	static uint8_t octets[1600];
	struct run_pkt pkt = probe_udp(end_of(p->a, PORT), end_of(p->s1, 80));
	struct run_pkt got;
	char answer[64];

	memset(octets, 'x', sizeof(octets));
	pkt.payload = octets;
	pkt.payload_len = sizeof(octets);
	pkt.df = df;
	probe_send(p, CONF_INSIDE, &pkt);
	if (probe_count(p, CONF_OUTSIDE) > 1)
		probe_say(p, "%zu fragments", probe_count(p, CONF_OUTSIDE));
	else if (probe_count(p, CONF_OUTSIDE) == 1)
		probe_say(p, "sent whole");
	else
		probe_say(p, "%s", probe_answer(p, CONF_INSIDE, answer));
	if (probe_got(p, CONF_INSIDE, &got) && got.type == 3 && got.code == 4)
		probe_add(p, "MTU %u", got.rest & 0xffff);
}

static void big_df(struct probe *p)
{
	big(p, true);
}

static void big_plain(struct probe *p)
{
	big(p, false);
}

/* ---- The rest ---- */

static void fields(struct probe *p)
{
	struct run_pkt pkt = probe_udp(end_of(p->a, PORT), end_of(p->s1, 80));
	struct run_pkt got;

	pkt.tos = 0x2b;
	pkt.id = 4711;
	pkt.df = true;
	probe_send(p, CONF_INSIDE, &pkt);
	if (!probe_passed(p, CONF_OUTSIDE, CONF_PROTO_UDP, &got)) {
		probe_say(p, "no mapping");
		return;
	}
	probe_say(p, "identification %s, TOS %s, DF %s",
		  got.id == pkt.id ? "kept" : "changed",
		  got.tos == pkt.tos ? "kept" : "changed",
		  got.df ? "kept" : "cleared");
}

static const char *send_protocol(struct probe *p, uint8_t proto)
{
	struct run_pkt pkt, got;

	run_pkt_init(&pkt, proto);
	pkt.saddr = p->a;
	pkt.daddr = p->s1;
	probe_payload(&pkt, "sixteen octets..");
	if (!probe_fresh(p))
		return "unknown";
	probe_send(p, CONF_INSIDE, &pkt);
	if (!probe_passed(p, CONF_OUTSIDE, proto, &got))
		return "dropped";
	return got.saddr == p->a ? "untranslated" : "address translated";
}

static void protocol(struct probe *p)
{
	const char *esp = send_protocol(p, 50);

	probe_say(p, "%s", send_protocol(p, 253));
	probe_add(p, "ESP: %s", esp);
}

static const struct probe_row rows[] = {
	{"fragments.out", "Fragments, outbound", "RFC4787-REQ-14.1",
	 fragments_out},
	{"fragments.in", "Fragments, inbound", "RFC4787-REQ-14.1",
	 fragments_in},
	{"ip.ttl", "TTL", "RFC1812 5.3.1", ttl},
	{"ip.ttl-out", "TTL 1 from inside gets", "RFC1812 5.3.1", expired_out},
	{"ip.ttl-in", "TTL 1 from outside gets", "RFC5508-REQ-5", expired_in},
	{"ip.big-df", "1628 octets with DF get", "RFC4787-REQ-13", big_df},
	{"ip.big", "1628 octets without DF get", "RFC4787-REQ-13a.1",
	 big_plain},
	{"ip.fields", "Other header fields", "RFC3022 4.1", fields},
	{"ip.protocol", "Protocol 253", "RFC3022 4.1", protocol},
};
const struct probe_table probe_packets = PROBE_TABLE(rows);
