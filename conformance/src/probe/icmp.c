/* SPDX-License-Identifier: Apache-2.0 */
/* probe/icmp.c - ICMP errors about translated packets, and queries */
#include <string.h>

#include "probe/probe.h"

#define PORT      5000u
#define MAX_QUOTE 128u

/* A packet that came out, to be quoted. */
struct quote {
	uint8_t data[MAX_QUOTE];
	uint32_t len;
};

static bool take(const struct probe *p, enum conf_side side, struct quote *q)
{
	for (size_t i = 0; i < p->results.num_items; i++) {
		const struct conf_result *r = &p->results.items[i];

		if (r->side != side || r->len > MAX_QUOTE)
			continue;
		memcpy(q->data, conf_result_data(&p->results, r), r->len);
		q->len = r->len;
		return true;
	}
	return false;
}

/* Is the quoted packet as it was on the other side, with its checksums? */
static void judge_quote(struct probe *p, const struct run_pkt *got, bool inward,
			struct end name)
{
	struct run_pkt q;
	uint32_t addr;
	uint16_t port;

	if (!run_pkt_decode(&q, got->payload, got->payload_len)) {
		probe_add(p, "the quote is broken");
		return;
	}
	addr = inward ? q.saddr : q.daddr;
	port = inward ? q.sport : q.dport;
	if (addr != name.addr || port != name.port)
		probe_add(p, "the quote is %s",
			  addr == name.addr ? "rewritten but for its port"
					    : "not rewritten");
	else
		probe_add(p, "quote rewritten, its checksums %s",
			  probe_sums_good(&q) ? "good" : "not all right");
	if (!probe_sums_good(got))
		probe_add(p, "bad checksum");
}

/* An error from the path about a packet that left. */
static void ask_error(struct probe *p, uint8_t type, uint8_t code,
		      uint32_t rest, bool bad)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;
	struct run_pkt pkt, got;
	struct quote quote;

	if (!probe_map(p, CONF_PROTO_UDP, from, to, &out) ||
	    !take(p, CONF_OUTSIDE, &quote)) {
		probe_say(p, "no mapping");
		return;
	}
	pkt = probe_icmp(p->router, out.addr, type, code, rest);
	pkt.payload = quote.data;
	pkt.payload_len = quote.len;
	pkt.csum.kind = bad ? CASE_SUM_BAD : CASE_SUM_GOOD;
	probe_send(p, CONF_OUTSIDE, &pkt);
	if (!probe_passed(p, CONF_INSIDE, CONF_PROTO_ICMP, &got) ||
	    got.daddr != p->a) {
		probe_say(p, "dropped");
		return;
	}
	probe_say(p, "translated");
	judge_quote(p, &got, true, from);
	if (got.saddr != p->router)
		probe_add(p, "the source is changed");
	if (got.type != type || got.code != code || got.rest != rest)
		probe_add(p, "the message is changed");
}

static void port_unreachable(struct probe *p)
{
	ask_error(p, 3, 3, 0, false);
}

static void host_unreachable(struct probe *p)
{
	ask_error(p, 3, 1, 0, false);
}

static void too_big(struct probe *p)
{
	ask_error(p, 3, 4, 1400, false);
}

static void source_quench(struct probe *p)
{
	ask_error(p, 4, 0, 0, false);
}

static void redirect(struct probe *p)
{
	ask_error(p, 5, 1, p->router, false);
}

static void time_exceeded(struct probe *p)
{
	ask_error(p, 11, 0, 0, false);
}

static void parameter_problem(struct probe *p)
{
	ask_error(p, 12, 0, 0, false);
}

static void bad_checksum(struct probe *p)
{
	ask_error(p, 3, 3, 0, true);
}

/* The inside host's error about a packet that came in. */
static void error_out(struct probe *p)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;
	struct run_pkt pkt, got;
	struct quote quote;

	if (!probe_map(p, CONF_PROTO_UDP, from, to, &out) ||
	    !probe_reaches(p, CONF_PROTO_UDP, to, out, from, 0) ||
	    !take(p, CONF_INSIDE, &quote)) {
		probe_say(p, "no mapping");
		return;
	}
	pkt = probe_icmp(p->a, p->s1, 3, 3, 0);
	pkt.payload = quote.data;
	pkt.payload_len = quote.len;
	probe_send(p, CONF_INSIDE, &pkt);
	if (!probe_passed(p, CONF_OUTSIDE, CONF_PROTO_ICMP, &got)) {
		probe_say(p, "dropped");
		return;
	}
	probe_say(p, "%s", got.saddr == p->a ? "untranslated" : "translated");
	judge_quote(p, &got, false, out);
}

static void query_id(struct probe *p)
{
	struct end one, two;

	if (probe_map(p, CONF_PROTO_ICMP, end_of(p->a, PORT), end_of(p->s1, 0),
		      &one) &&
	    probe_map(p, CONF_PROTO_ICMP, end_of(p->b, PORT), end_of(p->s1, 0),
		      &two)) {
		probe_say(p, "%s", one.port == PORT ? "kept" : "replaced");
		probe_add(p, "of a second host with the same one: %u",
			  two.port);
	} else {
		probe_say(p, "no mapping");
	}
}

static void query_types(struct probe *p)
{
	static const struct {
		uint8_t type, reply;
		const char *name;
	} kinds[] = {{8, 0, "echo"},
		     {13, 14, "timestamp"},
		     {15, 16, "information"},
		     {17, 18, "mask"}};
	unsigned int num = 0;

	for (unsigned int i = 0; i < 4; i++) {
		struct run_pkt pkt = probe_icmp(p->a, p->s1, kinds[i].type, 0,
						PORT << 16 | 1);
		struct run_pkt got;

		if (!probe_fresh(p))
			return;
		probe_send(p, CONF_INSIDE, &pkt);
		if (!probe_passed(p, CONF_OUTSIDE, CONF_PROTO_ICMP, &got) ||
		    got.saddr == p->a)
			continue;
		pkt = probe_icmp(p->s1, got.saddr, kinds[i].reply, 0, got.rest);
		probe_send(p, CONF_OUTSIDE, &pkt);
		if (probe_passed(p, CONF_INSIDE, CONF_PROTO_ICMP, &got) &&
		    got.rest == (PORT << 16 | 1))
			probe_say(p, "%s%s", num++ > 0 ? ", " : "",
				  kinds[i].name);
	}
	if (num == 0)
		probe_say(p, "none");
}

static void reply_out(struct probe *p)
{
	struct run_pkt pkt = probe_icmp(p->a, p->s1, 0, 0, PORT << 16 | 1);
	struct run_pkt got;

	probe_send(p, CONF_INSIDE, &pkt);
	if (!probe_passed(p, CONF_OUTSIDE, CONF_PROTO_ICMP, &got))
		probe_say(p, "dropped");
	else
		probe_say(p, "%s",
			  got.saddr == p->a ? "untranslated" : "translated");
}

static const struct probe_row rows[] = {
	{"icmp.port-unreachable", "Port unreachable from outside",
	 "RFC4787-REQ-12b", port_unreachable},
	{"icmp.host-unreachable", "Host unreachable from outside",
	 "RFC4787-REQ-12b", host_unreachable},
	{"icmp.too-big", "Fragmentation needed from outside", "RFC5382-REQ-9",
	 too_big},
	{"icmp.source-quench", "Source quench from outside", "RFC4787-S9a",
	 source_quench},
	{"icmp.redirect", "Redirect from outside", "RFC4787-S9a", redirect},
	{"icmp.time-exceeded", "Time exceeded from outside", "RFC4787-S9a",
	 time_exceeded},
	{"icmp.parameter-problem", "Parameter problem from outside",
	 "RFC4787-S9a", parameter_problem},
	{"icmp.bad-checksum", "Error with a bad checksum", "RFC5508-REQ-3",
	 bad_checksum},
	{"icmp.error-out", "Port unreachable from inside", "RFC4787-S9a",
	 error_out},
	{"icmp.query-id", "Identifier of queries", "RFC5508-S3.1", query_id},
	{"icmp.query-types", "Queries that are translated", "RFC5508-REQ-1",
	 query_types},
	{"icmp.reply-out", "Echo reply from inside, unasked", "RFC5508-REQ-1",
	 reply_out},
};
const struct probe_table probe_icmp_rows = PROBE_TABLE(rows);
