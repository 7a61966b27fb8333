/* SPDX-License-Identifier: Apache-2.0 */
/* probe/mapping.c - which external endpoint, and who may come in by it */
#include <string.h>

#include "probe/probe.h"

#define PORT 5000u

static bool same(struct end a, struct end b)
{
	return a.addr == b.addr && a.port == b.port;
}

/* RFC 4787 4.1, from the names that four destinations see. */
static const char *mapping_term(const struct end seen[4])
{
	bool port = same(seen[0], seen[1]); /* s1:53 and s1:54 */
	bool addr = same(seen[0], seen[2]); /* s1:53 and s2:53 */
	bool both = same(seen[0], seen[3]); /* s1:53 and s2:54 */

	if (port && addr && both)
		return "endpoint-independent";
	if (port && !addr && !both)
		return "address-dependent";
	if (addr && !port && !both)
		return "port-dependent";
	if (!port && !addr && !both)
		return "address-and-port-dependent";
	return "irregular";
}

static const char *map_four(struct probe *p, uint8_t proto, bool answered)
{
	struct end from = end_of(p->a, PORT), seen[4];

	if (!probe_fresh(p))
		return "unknown";
	for (unsigned int i = 0; i < 4; i++) {
		struct end to = end_of(i < 2 ? p->s1 : p->s2,
				       (uint16_t)(53 + i % 2));

		if (!probe_map(p, proto, from, to, &seen[i]))
			return "no mapping";
		if (i == 0 && answered)
			(void)probe_reaches(p, proto, to, seen[0], from,
					    SYN | ACK);
	}
	return mapping_term(seen);
}

static void ask_mapping(struct probe *p, uint8_t proto)
{
	const char *before = map_four(p, proto, false);
	const char *after = map_four(p, proto, true);

	probe_say(p, "%s", before);
	if (before != after)
		probe_add(p, "%s once a peer has answered", after);
}

static void mapping_udp(struct probe *p)
{
	ask_mapping(p, CONF_PROTO_UDP);
}

static void mapping_tcp(struct probe *p)
{
	ask_mapping(p, CONF_PROTO_TCP);
}

static void mapping_icmp(struct probe *p)
{
	struct end from = end_of(p->a, PORT), one, two;

	if (!probe_map(p, CONF_PROTO_ICMP, from, end_of(p->s1, 0), &one) ||
	    !probe_map(p, CONF_PROTO_ICMP, from, end_of(p->s2, 0), &two)) {
		probe_say(p, "no mapping");
		return;
	}
	probe_say(p, "%s",
		  same(one, two) ? "endpoint-independent"
				 : "address-dependent");
	probe_add(p, "identifier %s", one.port == PORT ? "kept" : "replaced");
}

/* Another host has a port towards s1 already: is a mapping still the same? */
static void determinism(struct probe *p)
{
	struct end a = end_of(p->a, PORT), b = end_of(p->b, PORT);
	struct end one, two, free_one, free_two, other;

	if (!probe_map(p, CONF_PROTO_UDP, a, end_of(p->s2, 54), &free_two) ||
	    !probe_map(p, CONF_PROTO_UDP, a, end_of(p->s1, 53), &free_one) ||
	    !probe_fresh(p) ||
	    !probe_map(p, CONF_PROTO_UDP, b, end_of(p->s1, 53), &other) ||
	    !probe_map(p, CONF_PROTO_UDP, a, end_of(p->s2, 54), &two) ||
	    !probe_map(p, CONF_PROTO_UDP, a, end_of(p->s1, 53), &one)) {
		probe_say(p, "no mapping");
		return;
	}
	probe_say(p, "%s",
		  same(one, two) == same(free_one, free_two) ? "yes" : "no");
	if (same(free_one, free_two) && !same(one, two))
		probe_add(p, "another name where the first is taken");
}

/* ---- Filtering ---- */

/* Does a peer that was never contacted get in by the mapping of s1:53? */
static bool gets_in(struct probe *p, uint8_t proto, struct end peer,
		    bool answered)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 53), out;

	if (!probe_fresh(p) || !probe_map(p, proto, from, to, &out))
		return false;
	if (answered)
		(void)probe_reaches(p, proto, to, out, from, SYN | ACK);
	return probe_reaches(p, proto, peer, out, from, SYN | ACK);
}

/* RFC 4787 5. */
static const char *filter(struct probe *p, uint8_t proto, bool answered)
{
	bool other_port = gets_in(p, proto, end_of(p->s1, 54), answered);
	bool other_addr = gets_in(p, proto, end_of(p->s2, 53), answered);
	bool other_both = gets_in(p, proto, end_of(p->s2, 54), answered);

	if (other_both && other_port && other_addr)
		return "endpoint-independent";
	if (other_port && !other_addr)
		return "address-dependent";
	if (other_addr && !other_port)
		return "port-dependent";
	if (!other_port && !other_addr)
		return "address-and-port-dependent";
	return "irregular";
}

static void ask_filter(struct probe *p, uint8_t proto)
{
	const char *before = filter(p, proto, false);
	const char *after = filter(p, proto, true);

	probe_say(p, "%s", before);
	if (before != after)
		probe_add(p, "%s once a peer has answered", after);
}

static void filtering_udp(struct probe *p)
{
	ask_filter(p, CONF_PROTO_UDP);
}

static void filtering_tcp(struct probe *p)
{
	ask_filter(p, CONF_PROTO_TCP);
}

/* ---- Hairpinning ---- */

/* What b gets when it sends from that port to the name of a. */
static const char *hairpin(struct probe *p, uint8_t proto, uint16_t port,
			   char answer[64])
{
	struct end a = end_of(p->a, PORT), b = end_of(p->b, port);
	struct end out, back;
	struct run_pkt pkt, got;

	if (!probe_fresh(p) ||
	    !probe_map(p, proto, a, end_of(p->s1, 53), &out) ||
	    !probe_map(p, proto, b, end_of(p->s1, 53), &back))
		return "no mapping";
	pkt = proto == CONF_PROTO_TCP ? probe_tcp(b, out, SYN)
				      : probe_udp(b, out);
	probe_send(p, CONF_INSIDE, &pkt);
	(void)probe_answer(p, CONF_INSIDE, answer);
	if (!probe_passed(p, CONF_INSIDE, proto, &got) || got.daddr != a.addr)
		return "no";
	return got.saddr == b.addr ? "internal source" : "external source";
}

static void ask_hairpin(struct probe *p, uint8_t proto)
{
	char answer[64];
	/* The filter of a lets the port of its peer in, perhaps. */
	const char *peer = hairpin(p, proto, 53, answer);
	const char *any = hairpin(p, proto, PORT + 1, answer);

	probe_say(p, "%s", any);
	if (any != peer)
		probe_add(p, "%s from the port of a peer", peer);
	else if (strcmp(any, "no") == 0)
		probe_add(p, "answer: %s", answer);
}

static void hairpin_udp(struct probe *p)
{
	ask_hairpin(p, CONF_PROTO_UDP);
}

static void hairpin_tcp(struct probe *p)
{
	ask_hairpin(p, CONF_PROTO_TCP);
}

static const struct probe_row rows[] = {
	{"mapping.udp", "UDP mapping", "RFC4787-REQ-1", mapping_udp},
	{"mapping.tcp", "TCP mapping", "RFC5382-REQ-1", mapping_tcp},
	{"mapping.icmp", "ICMP query mapping", "RFC5508-REQ-1a", mapping_icmp},
	{"mapping.determinism", "Mapping as ever under conflicts",
	 "RFC4787-REQ-11", determinism},
	{"filtering.udp", "UDP filtering", "RFC4787-REQ-8.1", filtering_udp},
	{"filtering.tcp", "TCP filtering", "RFC5382-REQ-3.1", filtering_tcp},
	{"hairpin.udp", "UDP hairpinning", "RFC4787-REQ-9", hairpin_udp},
	{"hairpin.tcp", "TCP hairpinning", "RFC5382-REQ-8", hairpin_tcp},
};
const struct probe_table probe_mapping = PROBE_TABLE(rows);
