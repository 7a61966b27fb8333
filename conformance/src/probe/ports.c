/* SPDX-License-Identifier: Apache-2.0 */
/* probe/ports.c - which external ports, and in which order */
#include <stdlib.h>

#include "probe/probe.h"

#define FIRST    5000u
#define NUM_TRY  4200u /* flows that use up a small pool */
#define NUM_SEEN 16u

static bool map_udp(struct probe *p, uint32_t host, uint16_t port,
		    struct end to, uint16_t *out)
{
	struct end name;
	bool good = probe_map(p, CONF_PROTO_UDP, end_of(host, port), to, &name);

	*out = name.port;
	return good;
}

static void preservation(struct probe *p)
{
	static const uint16_t ports[] = {5000, 5001, 1023, 600, 40000};
	unsigned int kept = 0;
	uint16_t out;

	for (unsigned int i = 0; i < 5; i++)
		kept += map_udp(p, p->a, ports[i], end_of(p->s1, 53), &out) &&
			out == ports[i];
	probe_say(p, "%s", kept == 5 ? "yes" : kept == 0 ? "no" : "sometimes");
}

/* No port is left towards one peer: does another peer still get one? */
static bool shares_at_the_end(struct probe *p)
{
	uint16_t out;

	for (uint32_t i = 0; i < NUM_TRY; i++)
		if (!map_udp(p, p->a, (uint16_t)(10000 + i), end_of(p->s1, 53),
			     &out))
			return map_udp(p, p->b, FIRST, end_of(p->s2, 54), &out);
	return false;
}

/* Two hosts with the same port, and the same or another peer. */
static void overloading(struct probe *p)
{
	uint16_t one, other, conflict;

	if (!map_udp(p, p->a, FIRST, end_of(p->s1, 53), &one) ||
	    !map_udp(p, p->b, FIRST, end_of(p->s2, 54), &other) ||
	    !map_udp(p, p->b, FIRST, end_of(p->s1, 53), &conflict)) {
		probe_say(p, "no mapping");
		return;
	}
	if (one == other)
		probe_say(p, "yes");
	else
		probe_say(p, "%s",
			  shares_at_the_end(p) ? "when the ports run out"
					       : "no");
	if (one == conflict)
		probe_add(p, "even towards one peer: answers are ambiguous");
}

static void parity(struct probe *p)
{
	static const uint16_t ports[] = {5001, 5000, 5003, 5007, 5002, 5006};
	unsigned int kept = 0;
	uint16_t out;

	for (unsigned int i = 0; i < 6; i++)
		kept += map_udp(p, p->a, ports[i], end_of(p->s1, 53), &out) &&
			out % 2 == ports[i] % 2;
	probe_say(p, "%s", kept == 6 ? "yes" : "no");
}

/* A port and the next one, with another flow in between. */
static void contiguity(struct probe *p)
{
	uint16_t rtp, other, rtcp;

	if (map_udp(p, p->a, FIRST, end_of(p->s1, 53), &rtp) &&
	    map_udp(p, p->b, FIRST + 20, end_of(p->s1, 53), &other) &&
	    map_udp(p, p->a, FIRST + 1, end_of(p->s1, 54), &rtcp))
		probe_say(p, "%s", rtcp == rtp + 1 ? "yes" : "no");
	else
		probe_say(p, "no mapping");
}

static void order(struct probe *p)
{
	bool kept = true, up = true;
	uint16_t seen[NUM_SEEN];

	for (unsigned int i = 0; i < NUM_SEEN; i++) {
		uint16_t port = (uint16_t)(FIRST + (i * 37) % 101);

		if (!map_udp(p, p->a, port, end_of(p->s1, 53), &seen[i])) {
			probe_say(p, "no mapping");
			return;
		}
		kept = kept && seen[i] == port;
		up = up && (i == 0 || seen[i] == seen[i - 1] + 1);
	}
	probe_say(p, "%s",
		  kept ? "the inside port"
		  : up ? "sequential"
		       : "random");
	probe_add(p, "the first is %u", seen[0]);
}

/* Uses up the ports towards one peer; smallest, greatest, how many. */
static void range(struct probe *p)
{
	uint8_t *used = calloc(65536, 1);
	uint32_t num = 0, low = 65535, high = 0, refused = 0;
	uint16_t out;

	for (uint32_t i = 0; used != NULL && i < NUM_TRY && refused < 3; i++) {
		/* The same ports by turns: a kept port meets a conflict. */
		uint32_t host = i % 2 == 0 ? p->a : p->b;
		uint16_t port = (uint16_t)(2000 + i / 2);

		if (!map_udp(p, host, port, end_of(p->s1, 53), &out)) {
			refused++;
			continue;
		}
		num += used[out] == 0;
		used[out] = 1;
		low = out < low ? out : low;
		high = out > high ? out : high;
	}
	free(used);
	if (num == 0) {
		probe_say(p, "no mapping");
		return;
	}
	probe_say(p, "%u-%u", low, high);
	if (refused > 0)
		probe_add(p, "%u ports towards one peer, then packets are lost",
			  num);
	else
		probe_add(p, "%u ports seen, no end of them", num);
}

static const struct probe_row rows[] = {
	{"ports.preservation", "Port preservation", "RFC4787-REQ-3",
	 preservation},
	{"ports.overloading", "Port overloading", "RFC4787-REQ-3", overloading},
	{"ports.parity", "Port parity", "RFC4787-REQ-4", parity},
	{"ports.contiguity", "Port contiguity", "RFC4787-S4.2.3", contiguity},
	{"ports.order", "Order of allocation", "RFC4787-REQ-3", order},
	{"ports.range", "Range of external ports", "RFC4787-REQ-3a.2", range},
};
const struct probe_table probe_ports = PROBE_TABLE(rows);
