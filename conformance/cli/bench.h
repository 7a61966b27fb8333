/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench.h - how fast is an engine, next to a loop that does the least?
 *
 * A workload is a row of packets in memory, gone through several times a
 * round. The engine and the loop take turns, round by round, so that what
 * else the machine does hits both; medians are reported. Everything is
 * deterministic but the clock.
 */
#ifndef MASQCHECK_BENCH_H
#define MASQCHECK_BENCH_H

#include "cli.h"
#include "config.h"
#include "conformance/registry.h"
#include "masq/wire.h"

/* ---- packets in memory (bench_work.c) -------------------------------- */

struct bench_packet {
	size_t offset; /* in the data of the workload */
	uint32_t len;
	enum conf_side side; /* where it arrives */
	uint64_t now;        /* ns after the start of a pass */
};

struct bench_work {
	struct bench_packet *packets;
	size_t num_packets, max_packets;
	uint8_t *data;
	size_t data_len, data_cap;
	unsigned int passes; /* times that a round goes through them */
	uint64_t span;       /* ns, from one pass to the next */
	bool failed;         /* no memory */
};

void bench_work_cleanup(struct bench_work *work);

/* Appends a packet; octets are copied. */
void bench_work_add(struct bench_work *work, enum conf_side side, uint64_t now,
		    const uint8_t *data, uint32_t len);

static inline struct masq_view bench_octets(const struct bench_work *work,
					    const struct bench_packet *packet)
{
	return (struct masq_view){.data = work->data + packet->offset,
				  .len = packet->len};
}

/* A TCP or UDP packet to be made; host order. */
struct bench_flow {
	uint8_t proto;
	uint8_t tcp_flags;
	uint32_t saddr, daddr;
	uint16_t sport, dport;
	uint32_t len; /* octets of IP datagram; room for the headers */
};
#define BENCH_MAX_PACKET 1500u

/* Writes the packet, checksums right; returns its length. */
uint32_t bench_make(uint8_t out[BENCH_MAX_PACKET],
		    const struct bench_flow *flow);

/* ---- the least (bench_loop.c) ---------------------------------------- */

/* A hash table of flows, open addressing; prefilled. */
struct bench_slot {
	uint32_t saddr, daddr;
	uint16_t sport, dport;
	uint8_t proto; /* 0 = free */
	bool source;   /* the source is rewritten, else the destination */
	uint16_t new_port;
	uint32_t new_addr;
};
struct bench_loop {
	struct bench_slot *slots;
	size_t mask;   /* number of slots - 1 */
	uint64_t sink; /* so that no work can be left out */
};

/* Room for num flows; false without memory. */
bool bench_loop_init(struct bench_loop *loop, size_t num);
void bench_loop_cleanup(struct bench_loop *loop);
void bench_loop_add(struct bench_loop *loop, const struct bench_flow *flow,
		    bool source, uint32_t new_addr, uint16_t new_port);

/* One round over the workload. */
void bench_loop_run(struct bench_loop *loop, const struct bench_work *work);

/*
 * Changes the source (or the destination) of a packet in place, checksums
 * by RFC 1624. False if it is no TCP or UDP packet.
 */
bool bench_rewrite(struct masq_buf *packet, bool source, uint32_t addr,
		   uint16_t port);

/* ---- the engine (bench_engine.c) ------------------------------------- */

struct bench_engine {
	struct conf_engine *engine;
	uint64_t now;     /* ns; start of the next pass */
	uint64_t packets; /* results of the last round */
	uint64_t sink;
};

/* One round over the workload; false if the engine failed. */
bool bench_engine_run(struct bench_engine *bench,
		      const struct bench_work *work);

/*
 * Sends one packet from inside and reads from the result the address and
 * port that it was given. False if there was no result.
 */
bool bench_engine_open_flow(struct bench_engine *bench,
			    const struct bench_flow *flow, uint32_t *out_addr,
			    uint16_t *out_port);

/* ---- the workloads (bench_workloads.c) ------------------------------- */

/* The i-th of many flows, each from a host and port of its own. */
struct bench_flow bench_many(uint32_t i);

#define BENCH_SHUFFLED_FLOWS 10000u /* of workload udp-10000 */

struct bench_workload {
	const char *name;
	const char *help;
	/* Fills work and loop, and brings the engine to its state. */
	bool (*prepare)(struct bench_engine *bench, struct bench_work *work,
			struct bench_loop *loop);
	bool of_reference; /* its size: not for others, unless asked for */
};
extern const struct bench_workload bench_workloads[];
extern const size_t bench_num_workloads;

/* Prepares the workload of that name; prints what goes wrong. */
bool bench_prepare(const char *name, struct bench_engine *bench,
		   struct bench_work *work, struct bench_loop *loop);

/* ---- measuring (bench_time.c) ---------------------------------------- */

#define BENCH_MAX_ROUNDS 101u

/* Nanoseconds a packet, round by round. */
struct bench_times {
	double ns[BENCH_MAX_ROUNDS];
	unsigned int num;
};

double bench_now(void); /* seconds */
void bench_times_add(struct bench_times *times, double seconds,
		     uint64_t packets);
double bench_median(const struct bench_times *times);

/* ---- fresh engines (bench_life.c) ------------------------------------ */

enum cli_exit bench_life(const struct cli_config *config, const char *address,
			 unsigned int rounds);

/* ---- whole files (bench_replay.c) ------------------------------------ */

/* Measures replay of path, or of a generated capture if path is NULL. */
enum cli_exit bench_replay(struct cli_config *config, const char *engine,
			   const char *path, unsigned int rounds,
			   uint64_t num_packets);

#endif /* MASQCHECK_BENCH_H */
