/* SPDX-License-Identifier: Apache-2.0 */
/* bench_engine.c - an engine alone: packets from memory, results to nowhere */
#include "bench.h"
#include "packet.h"

/* A conf_emit_fn: counts, and looks at one octet. */
static void swallow(void *ctx, const struct conf_packet *result)
{
	struct bench_engine *bench = ctx;

	bench->packets++;
	bench->sink += result->data[result->len - 1];
}

bool bench_engine_run(struct bench_engine *bench, const struct bench_work *work)
{
	const struct conf_engine_ops *ops = bench->engine->ops;
	void *state = bench->engine->state;

	bench->packets = 0;
	for (unsigned int pass = 0; pass < work->passes; pass++) {
		for (size_t i = 0; i < work->num_packets; i++) {
			const struct bench_packet *p = &work->packets[i];
			const struct conf_packet stimulus = {
				.side = p->side,
				.now = bench->now + p->now,
				.data = work->data + p->offset,
				.len = p->len,
			};

			if (ops->packet(state, &stimulus, swallow, bench) !=
			    CONF_OK)
				return false;
		}
		bench->now += work->span;
	}
	return true;
}

/* Where the address and port of a result go. */
struct learnt {
	bool found;
	uint32_t addr;
	uint16_t port;
};

/* A conf_emit_fn. */
static void learn(void *ctx, const struct conf_packet *result)
{
	struct learnt *learnt = ctx;
	struct conf_layout ip = conf_layout_of(result->data, result->len);

	if (result->side != CONF_OUTSIDE)
		return;
	learnt->found = true;
	learnt->addr = ip.saddr;
	learnt->port = masq_get16(ip.payload, 0);
}

bool bench_engine_open_flow(struct bench_engine *bench,
			    const struct bench_flow *flow, uint32_t *out_addr,
			    uint16_t *out_port)
{
	struct learnt learnt = {.found = false};
	uint8_t data[BENCH_MAX_PACKET];
	const struct conf_packet stimulus = {
		.side = CONF_INSIDE,
		.now = bench->now,
		.data = data,
		.len = bench_make(data, flow),
	};

	if (bench->engine->ops->packet(bench->engine->state, &stimulus, learn,
				       &learnt) != CONF_OK)
		return false;
	*out_addr = learnt.addr;
	*out_port = learnt.port;
	/* One that just passed was not masqueraded. */
	return learnt.found && learnt.addr != flow->saddr;
}
