/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c - the running Linux kernel behind the contract of engine.h
 *
 * A router of the kernel's own code in a private network namespace, seen as
 * two descriptors: a write to one is a packet that arrives there, and what
 * can be read from them is what the router sent.
 *
 * Synchrony. A packet that is written is received, routed, translated and
 * queued for reading before write() returns; so what can be read then is
 * all that the packet causes, and nothing more means dropped. That rests on
 * the kernel's doing no part of it later; a self-test at open() sees to it
 * that it does not, and the engine refuses to work otherwise.
 *
 * Time. Packets take no time; advance() brings the ends of the connections
 * nearer (conntrack.c), in whole seconds. Not moved by that are fragments
 * that wait (30 s of real time), and the 2 s after which a UDP connection
 * with traffic both ways gets the longer of its two timeouts.
 *
 * A fresh router costs about 3 ms, a reset much less: connections are
 * forgotten. Fragments that wait are not, so a reset after a fragment makes
 * a new router.
 *
 * What the kernel chooses at random it chooses here too: a port or ICMP id
 * in a conflict, the IP id of packets of its own. The seed does not reach it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conntrack.h"
#include "engines.h"
#include "netfilter.h"
#include "packet.h"

#define LINK_HEADER 14u
#define MAX_PACKET  65536u
#define NUM_PROBES  64u

struct netfilter {
	struct nf_plan plan;
	struct nf_router router;
	struct nf_conntrack conntrack;
	uint64_t clock;   /* ns, in steps of a second from the first time */
	bool has_clock;   /* a time was seen */
	bool has_stirred; /* a packet since the last reset */
	bool has_fragment;
	char error[CONF_ERROR_SIZE];
	uint8_t frame[LINK_HEADER + MAX_PACKET];
};

static enum conf_status broke(struct netfilter *nf, const char *what, int error)
{
	snprintf(nf->error, sizeof(nf->error), "netfilter: %s: %s", what,
		 strerror(error));
	return CONF_ERR_ENGINE;
}

static void nf_close(void *engine)
{
	struct netfilter *nf = engine;

	if (nf == NULL)
		return;
	nf_router_close(&nf->router);
	nf_conntrack_cleanup(&nf->conntrack);
	free(nf);
}

/* Reads all that was sent by one device. */
static enum conf_status read_side(struct netfilter *nf, unsigned int side,
				  uint64_t now, conf_emit_fn *emit, void *ctx)
{
	for (;;) {
		ssize_t n = read(nf->router.fd[side], nf->frame,
				 sizeof(nf->frame));
		const struct conf_packet packet = {
			.side = side == NF_IN ? CONF_INSIDE : CONF_OUTSIDE,
			.now = now,
			.data = nf->frame + LINK_HEADER,
			.len = n > (ssize_t)LINK_HEADER
				       ? (uint32_t)n - LINK_HEADER
				       : 0,
			.src_mac = nf->frame + 6,
		};
		const struct masq_view frame = {.data = nf->frame,
						.len = n > 0 ? (uint32_t)n : 0};

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? CONF_OK
					       : broke(nf, "read", errno);
		if (packet.len > 0 && masq_get16(frame, 12) == 0x0800)
			emit(ctx, &packet);
	}
}

static enum conf_status read_all(struct netfilter *nf, uint64_t now,
				 conf_emit_fn *emit, void *ctx)
{
	enum conf_status status = read_side(nf, NF_IN, now, emit, ctx);

	if (status == CONF_OK)
		status = read_side(nf, NF_OUT, now, emit, ctx);
	return status;
}

/* The link header as the cast says. */
static void put_link(uint8_t *frame, const uint8_t router[6],
		     const struct conf_packet *packet)
{
	static const uint8_t to[][6] = {
		[CONF_CAST_BROADCAST] = {255, 255, 255, 255, 255, 255},
		[CONF_CAST_MULTICAST] = {1, 0, 0x5e, 0, 0, 1},
		[CONF_CAST_OTHER] = {2, 0, 0, 0, 0, 0xee},
	};
	const uint8_t from[6] = {2, 0, 0, 0, 0, (uint8_t)(0x80 | packet->side)};

	memcpy(frame,
	       packet->cast == CONF_CAST_HOST ? router : to[packet->cast & 3],
	       6);
	memcpy(frame + 6, packet->src_mac != NULL ? packet->src_mac : from, 6);
	frame[12] = 0x08; /* IPv4, whatever the first octet says */
	frame[13] = 0x00;
}

/* What the kernel refuses to take from a device is a packet it drops. */
static enum conf_status write_packet(struct netfilter *nf,
				     const struct conf_packet *packet)
{
	unsigned int side = packet->side == CONF_INSIDE ? NF_IN : NF_OUT;
	ssize_t n;

	if (packet->len > MAX_PACKET)
		return CONF_OK;
	put_link(nf->frame, nf->plan.device[side].mac, packet);
	if (packet->len > 0)
		memcpy(nf->frame + LINK_HEADER, packet->data, packet->len);
	do
		n = write(nf->router.fd[side], nf->frame,
			  LINK_HEADER + packet->len);
	while (n < 0 && errno == EINTR);
	nf->has_stirred = true;
	if (n < 0 && errno != EINVAL)
		return broke(nf, "write", errno);
	return CONF_OK;
}

static void count(void *ctx, const struct conf_packet *result)
{
	unsigned int *num = ctx;

	(void)result;
	(*num)++;
}

/* A UDP packet of 28 octets from a neighbour inside to somewhere. */
static void make_probe(const struct nf_plan *plan, unsigned int number,
		       uint8_t out[28])
{
	const struct nf_device *inside = &plan->device[NF_IN];
	const uint32_t saddr = inside->addr ^ 3; /* .1 and .2 */
	const uint32_t daddr = 0xc6336400 | (number + 1);
	struct masq_buf buf = {.data = out, .len = 28, .cap = 28};
	uint16_t sum;

	memset(out, 0, 28);
	masq_put8(&buf, 0, 0x45);
	masq_put16(&buf, 2, 28);
	masq_put8(&buf, 8, 64);
	masq_put8(&buf, 9, CONF_PROTO_UDP);
	masq_put32(&buf, 12, saddr);
	masq_put32(&buf, 16, daddr);
	masq_put16(&buf, 20, 9);
	masq_put16(&buf, 22, 9);
	masq_put16(&buf, 24, 8);
	sum = masq_header_sum(masq_slice(masq_view_of(&buf), 0, 20));
	masq_put16(&buf, 10, (uint16_t)~sum);
}

/* Each probe must be there when its write returns. */
static enum conf_status test_synchrony(struct netfilter *nf)
{
	uint8_t probe[28];
	enum conf_status status = CONF_OK;

	for (unsigned int i = 0; i < NUM_PROBES && status == CONF_OK; i++) {
		const struct conf_packet packet = {
			.side = CONF_INSIDE, .data = probe, .len = 28};
		unsigned int num = 0;

		make_probe(&nf->plan, i, probe);
		status = write_packet(nf, &packet);
		if (status == CONF_OK)
			status = read_all(nf, 0, count, &num);
		if (status != CONF_OK || num == 1)
			continue;
		snprintf(nf->error, sizeof(nf->error),
			 "netfilter: probe %u of %u had %u results, expected "
			 "1: this kernel does not forward a packet within "
			 "the write that brings it",
			 i + 1, NUM_PROBES, num);
		status = CONF_ERR_ENGINE;
	}
	return status;
}

static void forget_result(void *ctx, const struct conf_packet *result)
{
	(void)ctx;
	(void)result;
}

/* No connection, no clock, nothing left to read. */
static enum conf_status start_over(struct netfilter *nf)
{
	enum conf_status status = read_all(nf, 0, forget_result, NULL);
	int error;

	if (status != CONF_OK)
		return status;
	error = nf_conntrack_flush(&nf->conntrack);
	if (error != 0)
		return broke(nf, "conntrack cannot be flushed", error);
	nf->has_clock = false;
	nf->has_stirred = false;
	return CONF_OK;
}

static enum conf_status make_router(struct netfilter *nf)
{
	enum conf_status status;

	nf_router_close(&nf->router);
	status = nf_router_open(&nf->router, &nf->plan, nf->error);
	if (status != CONF_OK)
		return status;
	nf->has_fragment = false;
	nf->conntrack.requests = nf->router.fd[NF_FD_CONNTRACK];
	nf->conntrack.events = nf->router.fd[NF_FD_EVENTS];
	nf->conntrack.timeouts[0] = nf->plan.timeout_tcp;
	nf->conntrack.timeouts[1] = nf->plan.timeout_tcp_fin;
	nf->conntrack.timeouts[2] = nf->plan.timeout_udp;
	nf->conntrack.has_helpers = strstr(nf->plan.rules, "ct helper") != NULL;
	status = test_synchrony(nf);
	return status == CONF_OK ? start_over(nf) : status;
}

static enum conf_status nf_open(const struct conf_config *config,
				void **out_engine, char *error,
				size_t error_size)
{
	struct netfilter *nf = calloc(1, sizeof(*nf));
	enum conf_status status;

	*out_engine = NULL;
	if (nf == NULL) {
		snprintf(error, error_size, "no memory for the engine");
		return CONF_ERR_ENGINE;
	}
	for (unsigned int i = 0; i < NF_NUM_FDS; i++)
		nf->router.fd[i] = -1;
	status = nf_plan_make(&nf->plan, config, nf->error);
	if (status == CONF_OK)
		status = make_router(nf);
	if (status == CONF_OK) {
		*out_engine = nf;
		return CONF_OK;
	}
	snprintf(error, error_size, "%s", nf->error);
	nf_close(nf);
	return status;
}

static enum conf_status nf_reset(void *engine)
{
	struct netfilter *nf = engine;

	if (nf->has_fragment)
		return make_router(nf);
	return nf->has_stirred || nf->has_clock ? start_over(nf) : CONF_OK;
}

/* Whole seconds that have passed; the rest of one is kept for later. */
static enum conf_status move_clock(struct netfilter *nf, uint64_t now)
{
	uint64_t seconds;
	int error;

	if (!nf->has_clock)
		nf->clock = now;
	nf->has_clock = true;
	seconds = now > nf->clock ? (now - nf->clock) / 1000000000 : 0;
	if (seconds == 0)
		return CONF_OK;
	nf->clock += seconds * 1000000000;
	error = nf_conntrack_shift(&nf->conntrack, seconds < INT32_MAX
							   ? (uint32_t)seconds
							   : INT32_MAX);
	return error == 0 ? CONF_OK : broke(nf, "conntrack's clock", error);
}

static enum conf_status nf_packet(void *engine,
				  const struct conf_packet *stimulus,
				  conf_emit_fn *emit, void *ctx)
{
	const struct conf_layout layout = conf_layout_of(stimulus->data,
							 stimulus->len);
	struct netfilter *nf = engine;
	enum conf_status status = move_clock(nf, stimulus->now);

	if (status != CONF_OK ||
	    (stimulus->side != CONF_INSIDE && stimulus->side != CONF_OUTSIDE))
		return status;
	nf->has_fragment |= layout.is_fragment;
	status = write_packet(nf, stimulus);
	if (status == CONF_OK)
		status = read_all(nf, stimulus->now, emit, ctx);
	nf->conntrack.quiet = nf_coarse_clock();
	return status;
}

static enum conf_status nf_advance(void *engine, uint64_t now,
				   conf_emit_fn *emit, void *ctx)
{
	struct netfilter *nf = engine;
	enum conf_status status = move_clock(nf, now);

	return status == CONF_OK ? read_all(nf, now, emit, ctx) : status;
}

static enum conf_status nf_dump(void *engine, enum conf_dump what,
				conf_text_fn *text, void *ctx)
{
	struct netfilter *nf = engine;
	int error;

	if (what == CONF_DUMP_COUNTERS)
		return CONF_ERR_UNSUPPORTED;
	error = nf_conntrack_dump(&nf->conntrack, text, ctx);
	return error == 0 ? CONF_OK : broke(nf, "conntrack's table", error);
}

static const char *nf_error(void *engine)
{
	struct netfilter *nf = engine;

	return nf->error;
}

enum conf_status conf_netfilter_available(char *why, size_t size)
{
	const struct conf_config config = {.settings = NULL};
	enum conf_status status;
	void *engine;

	status = nf_open(&config, &engine, why, size);
	nf_close(engine);
	return status == CONF_OK ? CONF_OK : CONF_ERR_UNSUPPORTED;
}

const struct conf_engine_ops conf_netfilter_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "netfilter",
	.capabilities = CONF_CAN_VIRTUAL_TIME | CONF_CAN_FRAGMENTS |
			CONF_CAN_DUMP | CONF_CAN_CONFIGURE,
	.open = nf_open,
	.reset = nf_reset,
	.packet = nf_packet,
	.advance = nf_advance,
	.dump = nf_dump,
	.error = nf_error,
	.close = nf_close,
};
