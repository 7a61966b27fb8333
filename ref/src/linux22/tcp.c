/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp.c - states and how long they last (CORE-TCP)
 *
 * Only the flags of a segment are looked at, in the order RST, SYN, FIN,
 * ACK; sequence numbers and windows are not. Every packet sets the timeout
 * of the state that it leads to.
 */
#include "linux22/engine.h"

#define HZ 100u

/* CORE-TCP-02, in seconds. */
static const uint16_t default_seconds[MASQ_NUM_STATES] = {
	[MASQ_STATE_NONE] = 1800,    [MASQ_STATE_ESTABLISHED] = 900,
	[MASQ_STATE_SYN_SENT] = 120, [MASQ_STATE_SYN_RECV] = 60,
	[MASQ_STATE_FIN_WAIT] = 120, [MASQ_STATE_TIME_WAIT] = 120,
	[MASQ_STATE_CLOSE] = 10,     [MASQ_STATE_CLOSE_WAIT] = 60,
	[MASQ_STATE_LAST_ACK] = 30,  [MASQ_STATE_LISTEN] = 120,
	[MASQ_STATE_UDP] = 300,      [MASQ_STATE_ICMP] = 60,
};

static const char *const names[MASQ_NUM_STATES] = {
	[MASQ_STATE_NONE] = "NONE",
	[MASQ_STATE_ESTABLISHED] = "ESTABLISHED",
	[MASQ_STATE_SYN_SENT] = "SYN_SENT",
	[MASQ_STATE_SYN_RECV] = "SYN_RECV",
	[MASQ_STATE_FIN_WAIT] = "FIN_WAIT",
	[MASQ_STATE_TIME_WAIT] = "TIME_WAIT",
	[MASQ_STATE_CLOSE] = "CLOSE",
	[MASQ_STATE_CLOSE_WAIT] = "CLOSE_WAIT",
	[MASQ_STATE_LAST_ACK] = "LAST_ACK",
	[MASQ_STATE_LISTEN] = "LISTEN",
	[MASQ_STATE_UDP] = "UDP",
	[MASQ_STATE_ICMP] = "ICMP",
};

enum event {
	EVENT_SYN,
	EVENT_FIN,
	EVENT_ACK,
	EVENT_RST,
	NUM_EVENTS
};

#define NO MASQ_STATE_NONE
#define ES MASQ_STATE_ESTABLISHED
#define SS MASQ_STATE_SYN_SENT
#define SR MASQ_STATE_SYN_RECV
#define FW MASQ_STATE_FIN_WAIT
#define TW MASQ_STATE_TIME_WAIT
#define CL MASQ_STATE_CLOSE
#define CW MASQ_STATE_CLOSE_WAIT
#define LA MASQ_STATE_LAST_ACK
#define LI MASQ_STATE_LISTEN

/* CORE-TCP-03. Column: the present state, NONE to LISTEN. */
/* clang-format off */
static const uint8_t transitions[2][NUM_EVENTS][MASQ_STATE_LISTEN + 1] = {
	{ /* from outside  NO  ES  SS  SR  FW  TW  CL  CW  LA  LI */
		[EVENT_SYN] = {SR, ES, ES, SR, SR, SR, SR, SR, SR, SR},
		[EVENT_FIN] = {CL, CW, SS, TW, TW, TW, CL, CW, LA, LI},
		[EVENT_ACK] = {CL, ES, SS, SR, FW, TW, CL, CW, CL, LI},
		[EVENT_RST] = {CL, CL, CL, SR, CL, CL, CL, CL, LA, LI},
	},
	{ /* from inside   NO  ES  SS  SR  FW  TW  CL  CW  LA  LI */
		[EVENT_SYN] = {SS, ES, SS, ES, SS, SS, SS, SS, SS, LI},
		[EVENT_FIN] = {TW, FW, SS, TW, FW, TW, CL, TW, LA, LI},
		[EVENT_ACK] = {ES, ES, SS, SR, FW, TW, CL, CW, LA, ES},
		[EVENT_RST] = {CL, CL, SS, CL, CL, TW, CL, CL, CL, CL},
	},
};
/* clang-format on */

const char *masq_state_name(enum masq_state state)
{
	return (unsigned int)state < MASQ_NUM_STATES ? names[state] : "?";
}

static uint32_t seconds(uint32_t set, enum masq_state state)
{
	const uint64_t s = set != 0 ? set : default_seconds[state];

	/* Ticks are a signed 32-bit number in the original's call. */
	return (uint32_t)(s > INT32_MAX / HZ ? INT32_MAX / HZ : s) * HZ;
}

void state_reset(struct masq_engine *e)
{
	const struct masq_config *c = &e->router.config;

	for (unsigned int i = 0; i < MASQ_NUM_STATES; i++)
		e->timeouts[i] = default_seconds[i] * HZ;
	/* CORE-TMR-06: only these three can be set. */
	e->timeouts[ES] = seconds(c->timeout_tcp, ES);
	e->timeouts[FW] = seconds(c->timeout_tcp_fin, FW);
	e->timeouts[MASQ_STATE_UDP] = seconds(c->timeout_udp, MASQ_STATE_UDP);
}

void state_set(const struct masq_engine *e, struct masq_entry *entry,
	       enum masq_state state)
{
	entry->state = (uint8_t)state;
	entry->timeout = e->timeouts[state];
}

static enum masq_state next_tcp(const struct masq_engine *e,
				enum masq_state state, uint8_t flags,
				bool outbound)
{
	enum event event;

	if ((flags & TCP_RST) != 0)
		event = EVENT_RST;
	else if ((flags & TCP_SYN) != 0)
		event = EVENT_SYN;
	else if ((flags & TCP_FIN) != 0)
		event = EVENT_FIN;
	else if ((flags & TCP_ACK) != 0)
		event = EVENT_ACK;
	else if (has_quirk(e, MASQ_QUIRK(FLAGLESS_CLOSE)) || state == NO)
		return CL;
	else
		return state;
	return (enum masq_state)transitions[outbound][event][state];
}

void state_packet(const struct masq_engine *e, struct masq_entry *entry,
		  const struct masq_pkt *p, bool outbound)
{
	enum masq_state state = MASQ_STATE_ICMP;

	if (entry->proto == PROTO_UDP)
		state = MASQ_STATE_UDP;
	else if (entry->proto == PROTO_TCP)
		state = next_tcp(e, (enum masq_state)entry->state,
				 pkt_l4_get8(p, TCP_O_FLAGS), outbound);
	state_set(e, entry, state);
}
