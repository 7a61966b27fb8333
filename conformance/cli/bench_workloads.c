/* SPDX-License-Identifier: Apache-2.0 */
/* bench_workloads.c - the workloads that are built in */
#include "bench.h"
#include "packet.h"

#define MS UINT64_C(1000000) /* ns */

#define INSIDE_HOST   0xc0a8010au /* 192.168.1.10 */
#define PEER          0xc6336407u /* 198.51.100.7 */
#define HOSTS         200u        /* inside hosts that flows come from */
#define PEERS         32u         /* hosts outside that they go to */
#define PEER_PORT     9000u       /* of the first; no helper is there */
#define FIRST_PORT    1024u
#define TCP_SYN       0x02
#define TCP_ACK       0x10
#define SMALL         60u /* octets of a small UDP packet */
#define SINGLE_PASSES 100000u

#define LIVE_FLOWS  20000u
#define MOST_FLOWS  65536u /* no NAT has more ports for an address */
#define UDP_TIMEOUT (300000 * MS)

/* Fixed sequence of numbers (xorshift32). */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/*
 * The i-th of many flows: its host and its port are its own. Peers take
 * turns: the pool of Linux 2.2 has 4096 ports for each of their ports.
 */
struct bench_flow bench_many(uint32_t i)
{
	return (struct bench_flow){
		.proto = CONF_PROTO_UDP,
		.saddr = INSIDE_HOST + i % HOSTS,
		.daddr = PEER + i % PEERS,
		.sport = (uint16_t)(FIRST_PORT + i / HOSTS),
		.dport = (uint16_t)(PEER_PORT + i % PEERS),
		.len = SMALL,
	};
}

static void add_packet(struct bench_work *work, enum conf_side side,
		       uint64_t now, const struct bench_flow *flow)
{
	uint8_t data[BENCH_MAX_PACKET];

	bench_work_add(work, side, now, data, bench_make(data, flow));
}

/* The packet that answers flow, sent to where the NAT put it. */
static struct bench_flow answer_to(const struct bench_flow *flow, uint32_t addr,
				   uint16_t port)
{
	struct bench_flow answer = *flow;

	answer.saddr = flow->daddr;
	answer.sport = flow->dport;
	answer.daddr = addr;
	answer.dport = port;
	return answer;
}

/* Opens a flow; both directions go to the loop's table. */
static bool open_flow(struct bench_engine *bench, struct bench_loop *loop,
		      const struct bench_flow *flow,
		      struct bench_flow *out_answer)
{
	uint32_t addr;
	uint16_t port;

	if (!bench_engine_open_flow(bench, flow, &addr, &port))
		return false;
	*out_answer = answer_to(flow, addr, port);
	bench_loop_add(loop, flow, true, addr, port);
	bench_loop_add(loop, out_answer, false, flow->saddr, flow->sport);
	return true;
}

/* One established TCP connection, packets of len octets in turn. */
static bool single_flow(struct bench_engine *bench, struct bench_work *work,
			struct bench_loop *loop, uint32_t len)
{
	struct bench_flow flow = {
		.proto = CONF_PROTO_TCP,
		.tcp_flags = TCP_SYN,
		.saddr = INSIDE_HOST,
		.daddr = PEER,
		.sport = FIRST_PORT,
		.dport = 80,
		.len = 40,
	};
	struct bench_flow answer;

	if (!bench_loop_init(loop, 2) ||
	    !open_flow(bench, loop, &flow, &answer))
		return false;
	/* The handshake, then what is measured. */
	answer.tcp_flags = TCP_SYN | TCP_ACK;
	add_packet(work, CONF_OUTSIDE, 0, &answer);
	flow.tcp_flags = TCP_ACK;
	add_packet(work, CONF_INSIDE, 0, &flow);
	work->passes = 1;
	if (work->failed || !bench_engine_run(bench, work))
		return false;
	bench_work_cleanup(work);
	flow.len = len;
	answer.len = len;
	answer.tcp_flags = TCP_ACK;
	add_packet(work, CONF_INSIDE, 0, &flow);
	add_packet(work, CONF_OUTSIDE, 1000, &answer);
	work->passes = SINGLE_PASSES;
	work->span = 2000;
	return true;
}

static bool tcp_64(struct bench_engine *bench, struct bench_work *work,
		   struct bench_loop *loop)
{
	return single_flow(bench, work, loop, 64);
}

static bool tcp_1400(struct bench_engine *bench, struct bench_work *work,
		     struct bench_loop *loop)
{
	return single_flow(bench, work, loop, 1400);
}

/* Exchanges packets at random; times stay where they are. */
static void shuffle(struct bench_work *work)
{
	uint32_t state = 20260226;

	for (size_t i = work->num_packets; i > 1; i--) {
		size_t j = next_random(&state) % i;
		struct bench_packet a = work->packets[i - 1];
		struct bench_packet b = work->packets[j];
		uint64_t now = a.now;

		a.now = b.now;
		b.now = now;
		work->packets[i - 1] = b;
		work->packets[j] = a;
	}
}

static bool udp_10000(struct bench_engine *bench, struct bench_work *work,
		      struct bench_loop *loop)
{
	if (!bench_loop_init(loop, (size_t)BENCH_SHUFFLED_FLOWS * 2))
		return false;
	for (uint32_t i = 0; i < BENCH_SHUFFLED_FLOWS; i++) {
		struct bench_flow flow = bench_many(i), answer;

		if (!open_flow(bench, loop, &flow, &answer))
			return false;
		add_packet(work, CONF_INSIDE, i * 2000u, &flow);
		add_packet(work, CONF_OUTSIDE, i * 2000u + 1000, &answer);
	}
	shuffle(work);
	work->passes = 10;
	work->span = BENCH_SHUFFLED_FLOWS * UINT64_C(2000);
	return true;
}

/* Each packet is a flow's first; the oldest expires as it comes. */
static bool new_flows(struct bench_engine *bench, struct bench_work *work,
		      struct bench_loop *loop)
{
	const uint64_t gap = UDP_TIMEOUT / LIVE_FLOWS;
	const uint32_t num = LIVE_FLOWS * 2;

	if (!bench_loop_init(loop, num))
		return false;
	for (uint32_t i = 0; i < num; i++) {
		struct bench_flow flow = bench_many(i);

		bench_loop_add(loop, &flow, true, 0xcb007101,
			       (uint16_t)(61000 + i % 4096));
		add_packet(work, CONF_INSIDE, i * gap, &flow);
	}
	work->passes = 1;
	work->span = num * gap;
	/* One pass, and as many flows are alive as will be from now on. */
	if (work->failed || !bench_engine_run(bench, work))
		return false;
	work->passes = 5;
	return true;
}

/* No port is left: live flows in turn with new ones, which are refused. */
static bool full_table(struct bench_engine *bench, struct bench_work *work,
		       struct bench_loop *loop)
{
	struct bench_flow flow, answer;
	uint32_t num = 0;

	if (!bench_loop_init(loop, (size_t)MOST_FLOWS * 2))
		return false;
	while (num < MOST_FLOWS) {
		flow = bench_many(num);
		if (!open_flow(bench, loop, &flow, &answer))
			break;
		num++;
	}
	for (uint32_t i = 0; i < num; i++) {
		/* A step that is no divisor visits all in a mixed order. */
		flow = bench_many((uint32_t)((uint64_t)i * 7919 % num));
		add_packet(work, CONF_INSIDE, i * UINT64_C(2000), &flow);
		flow = bench_many(num + i);
		add_packet(work, CONF_INSIDE, i * UINT64_C(2000) + 1000, &flow);
	}
	work->passes = 2;
	work->span = num * UINT64_C(2000);
	return num > 0 && num < MOST_FLOWS;
}

const struct bench_workload bench_workloads[] = {
	{"tcp-64", "one TCP connection, 64 octets both ways", tcp_64, false},
	{"tcp-1400", "one TCP connection, 1400 octets both ways", tcp_1400,
	 false},
	{"udp-10000", "10,000 UDP flows both ways, in shuffled order",
	 udp_10000, false},
	{"new-flows", "a new UDP flow each packet, 20,000 alive", new_flows,
	 true},
	{"full-table", "no port left: live flows and refused ones in turn",
	 full_table, true},
};
const size_t bench_num_workloads = sizeof(bench_workloads) /
				   sizeof(bench_workloads[0]);
