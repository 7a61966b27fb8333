/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe/timers.c - how long a mapping lives without packets
 *
 * A trial makes a mapping, waits, and asks whether the peer still gets in. The
 * timer is the shortest wait, in whole seconds, after which it does not; it
 * is found by doubling, then by halves, each on a fresh engine.
 */
#include "probe/probe.h"

#define PORT       5000u
#define MAX_TIMER  (86400u * 30u) /* s */
#define REAL_TIMER 600u           /* s that are waited for at most */

/* Makes a mapping and brings it into a state; *out is its name. */
typedef bool state_fn(struct probe *p, struct end from, struct end to,
		      struct end *out);

struct timer {
	uint8_t proto;
	uint8_t flags; /* of the packet that asks, TCP */
	uint32_t seq;  /* whose number is so far behind the first */
	state_fn *make;
};

static bool alive(struct probe *p, const struct timer *t, uint64_t seconds)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out;

	if (!probe_fresh(p) || !t->make(p, from, to, &out))
		return false;
	probe_wait(p, seconds);
	if (t->proto == CONF_PROTO_TCP && (t->flags & SYN) == 0)
		return probe_segment(p, CONF_OUTSIDE, to, out, t->flags, t->seq,
				     1, "");
	return probe_reaches(p, t->proto, to, out, from, t->flags);
}

/* 0: it is dead at once; UINT64_MAX: it lives longer than is looked. */
static uint64_t measure(struct probe *p, const struct timer *t)
{
	uint64_t low = 0, high = 1, max = MAX_TIMER;

	if ((p->engine.ops->capabilities & CONF_CAN_VIRTUAL_TIME) == 0)
		max = REAL_TIMER;
	if (!alive(p, t, 0))
		return 0;
	while (alive(p, t, high)) {
		low = high;
		high *= 2;
		if (low >= max)
			return UINT64_MAX;
	}
	while (high - low > 1 && p->status == CONF_OK) {
		uint64_t middle = low + (high - low) / 2;

		if (alive(p, t, middle))
			low = middle;
		else
			high = middle;
	}
	return high;
}

static uint64_t ask_timer(struct probe *p, const struct timer *t)
{
	uint64_t seconds;

	if (!probe_has_clock(p)) {
		probe_add(p, "no virtual clock; --real-time waits for it");
		return 0;
	}
	seconds = measure(p, t);
	if (seconds == 0)
		probe_say(p, "none");
	else if (seconds == UINT64_MAX)
		probe_say(p, "endless");
	else
		probe_say(p, "%llu s", (unsigned long long)seconds);
	return seconds == UINT64_MAX ? 0 : seconds;
}

/* ---- States ---- */

static bool make_udp(struct probe *p, struct end from, struct end to,
		     struct end *out)
{
	return probe_map(p, CONF_PROTO_UDP, from, to, out);
}

static bool make_udp_assured(struct probe *p, struct end from, struct end to,
			     struct end *out)
{
	bool good = true;

	for (unsigned int i = 0; i < 4 && good; i++) {
		good = probe_map(p, CONF_PROTO_UDP, from, to, out) &&
		       probe_reaches(p, CONF_PROTO_UDP, to, *out, from, 0);
		probe_wait(p, 1);
	}
	return good && probe_map(p, CONF_PROTO_UDP, from, to, out);
}

static bool make_icmp(struct probe *p, struct end from, struct end to,
		      struct end *out)
{
	return probe_map(p, CONF_PROTO_ICMP, from, to, out);
}

static bool make_syn_sent(struct probe *p, struct end from, struct end to,
			  struct end *out)
{
	return probe_map(p, CONF_PROTO_TCP, from, to, out);
}

static bool make_syn_recv(struct probe *p, struct end from, struct end to,
			  struct end *out)
{
	return probe_map(p, CONF_PROTO_TCP, from, to, out) &&
	       probe_segment(p, CONF_OUTSIDE, to, *out, SYN | ACK, 0, 1, "");
}

static bool make_fin(struct probe *p, struct end from, struct end to,
		     struct end *out)
{
	return probe_connect(p, from, to, out) &&
	       probe_segment(p, CONF_INSIDE, from, to, FIN | ACK, 1, 1, "") &&
	       probe_segment(p, CONF_OUTSIDE, to, *out, ACK, 1, 2, "");
}

/* The server closes first. */
static bool make_close_wait(struct probe *p, struct end from, struct end to,
			    struct end *out)
{
	return probe_connect(p, from, to, out) &&
	       probe_segment(p, CONF_OUTSIDE, to, *out, FIN | ACK, 1, 1, "") &&
	       probe_segment(p, CONF_INSIDE, from, to, ACK, 1, 2, "");
}

static bool make_time_wait(struct probe *p, struct end from, struct end to,
			   struct end *out)
{
	return make_fin(p, from, to, out) &&
	       probe_segment(p, CONF_OUTSIDE, to, *out, FIN | ACK, 1, 2, "") &&
	       probe_segment(p, CONF_INSIDE, from, to, ACK, 2, 2, "");
}

static bool make_close(struct probe *p, struct end from, struct end to,
		       struct end *out)
{
	return probe_connect(p, from, to, out) &&
	       probe_segment(p, CONF_INSIDE, from, to, RST, 1, 0, "");
}

static void udp_fresh(struct probe *p)
{
	p->udp_timer =
		ask_timer(p, &(struct timer){CONF_PROTO_UDP, 0, 0, make_udp});
}

/* What is long-lived may be a matter of real seconds. */
static void udp_assured(struct probe *p)
{
	const struct conf_kind *kind = conf_kind_find(p->engine.address);

	(void)ask_timer(
		p, &(struct timer){CONF_PROTO_UDP, 0, 0, make_udp_assured});
	if (kind != NULL && kind->clock_note != NULL)
		probe_add(p, "%s", kind->clock_note);
}

static void icmp_query(struct probe *p)
{
	(void)ask_timer(p, &(struct timer){CONF_PROTO_ICMP, 0, 0, make_icmp});
}

static void tcp_syn_sent(struct probe *p)
{
	(void)ask_timer(p, &(struct timer){CONF_PROTO_TCP, SYN | ACK, 0,
					   make_syn_sent});
}

static void tcp_syn_recv(struct probe *p)
{
	(void)ask_timer(p, &(struct timer){CONF_PROTO_TCP, SYN | ACK, 0,
					   make_syn_recv});
}

static void tcp_established(struct probe *p)
{
	(void)ask_timer(p,
			&(struct timer){CONF_PROTO_TCP, ACK, 1, probe_connect});
}

static void tcp_fin_wait(struct probe *p)
{
	(void)ask_timer(p, &(struct timer){CONF_PROTO_TCP, ACK, 1, make_fin});
}

static void tcp_close_wait(struct probe *p)
{
	(void)ask_timer(
		p, &(struct timer){CONF_PROTO_TCP, ACK, 2, make_close_wait});
}

static void tcp_time_wait(struct probe *p)
{
	(void)ask_timer(
		p, &(struct timer){CONF_PROTO_TCP, ACK, 2, make_time_wait});
}

static void tcp_close(struct probe *p)
{
	(void)ask_timer(p, &(struct timer){CONF_PROTO_TCP, ACK, 1, make_close});
}

/* ---- Refresh ---- */

static void ask_refresh(struct probe *p, bool outbound)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 80), out,
		   again;
	uint64_t wait;

	if (p->udp_timer == 0 && probe_has_clock(p)) {
		p->udp_timer = measure(
			p, &(struct timer){CONF_PROTO_UDP, 0, 0, make_udp});
		(void)probe_fresh(p);
	}
	if (p->udp_timer < 4 || p->udp_timer == UINT64_MAX) {
		probe_add(p, "the UDP timer is not known");
		return;
	}
	wait = p->udp_timer - p->udp_timer / 4;
	if (!probe_map(p, CONF_PROTO_UDP, from, to, &out)) {
		probe_say(p, "no mapping");
		return;
	}
	probe_wait(p, wait);
	if (outbound)
		(void)probe_map(p, CONF_PROTO_UDP, from, to, &again);
	else
		(void)probe_reaches(p, CONF_PROTO_UDP, to, out, from, 0);
	probe_wait(p, wait);
	probe_say(p, "%s",
		  probe_reaches(p, CONF_PROTO_UDP, to, out, from, 0) ? "yes"
								     : "no");
}

static void refresh_out(struct probe *p)
{
	ask_refresh(p, true);
}

static void refresh_in(struct probe *p)
{
	ask_refresh(p, false);
}

static const struct probe_row rows[] = {
	{"timers.udp", "UDP, no answer yet", "RFC4787-REQ-5", udp_fresh},
	{"timers.udp-assured", "UDP, answered", "RFC4787-REQ-5", udp_assured},
	{"timers.udp-refresh-out", "Outbound UDP refreshes", "RFC4787-REQ-6",
	 refresh_out},
	{"timers.udp-refresh-in", "Inbound UDP refreshes", "RFC4787-REQ-6a",
	 refresh_in},
	{"timers.tcp-syn-sent", "TCP, SYN sent", "RFC5382-REQ-5.3a",
	 tcp_syn_sent},
	{"timers.tcp-syn-recv", "TCP, SYN answered", "RFC5382-REQ-5.3a",
	 tcp_syn_recv},
	{"timers.tcp-established", "TCP, established", "RFC5382-REQ-5.2",
	 tcp_established},
	{"timers.tcp-fin-wait", "TCP, FIN from inside", "RFC5382-REQ-5.3b",
	 tcp_fin_wait},
	{"timers.tcp-close-wait", "TCP, FIN from outside", "RFC5382-REQ-5.3b",
	 tcp_close_wait},
	{"timers.tcp-time-wait", "TCP, FIN from both", "RFC5382-REQ-5.3b",
	 tcp_time_wait},
	{"timers.tcp-close", "TCP, after RST", "RFC5382-REQ-5.1", tcp_close},
	{"timers.icmp", "ICMP query", "RFC5508-REQ-2", icmp_query},
};
const struct probe_table probe_timers = PROBE_TABLE(rows);
