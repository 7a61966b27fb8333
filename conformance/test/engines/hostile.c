/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostile.c - an engine that does what no engine may: "hostile.so:WHAT"
 *
 * Each row of the table is one misdeed, done at a call of its kind; up to
 * there, and in all other calls, it is a router that passes packets on.
 */
#define _GNU_SOURCE /* close_range() */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <conformance/engine.h>

enum when {
	OPEN,
	RESET,
	PACKET,
	ADVANCE,
	DUMP,
	CLOSE,
	NUM_WHEN
};

struct hostile {
	const struct deed *deed;
	unsigned int num_packets;
	conf_emit_fn *emit; /* of the current call, or the one before */
	void *ctx;
	const struct conf_packet *stimulus;
	enum conf_status status;
};

struct deed {
	const char *name;
	enum when when;
	void (*run)(struct hostile *h);
	bool quiet; /* the packet itself is not passed on */
};

/* Kept from the optimiser, which might see what is coming. */
static volatile uintptr_t nowhere = 16;
static volatile int sink;

static void crash(struct hostile *h)
{
	(void)h;
	*(volatile int *)nowhere = 1;
}

/* Not at once: an engine may well work for a while. */
static void crash_third(struct hostile *h)
{
	if (h->num_packets == 3)
		crash(h);
}

/* Recurses; the optimiser must not make a loop of it. */
static int dig(volatile char *above)
{
	volatile char here[4096];

	here[0] = above[0];
	if (sink == 12345)
		return 0;
	return dig(here) + here[1];
}

static void overflow(struct hostile *h)
{
	volatile char here[1] = {0};

	(void)h;
	sink = dig(here);
}

static void loop(struct hostile *h)
{
	(void)h;
	for (;;)
		sink = 0;
}

static void leave(struct hostile *h)
{
	(void)h;
	exit(7);
}

static void leave_at_once(struct hostile *h)
{
	(void)h;
	_exit(0);
}

static void give_up(struct hostile *h)
{
	(void)h;
	abort();
}

static void emit(struct hostile *h, struct conf_packet result)
{
	h->emit(h->ctx, &result);
}

/* What a good result would be. */
static struct conf_packet good(const struct hostile *h)
{
	struct conf_packet result = *h->stimulus;

	result.side = result.side == CONF_INSIDE ? CONF_OUTSIDE : CONF_INSIDE;
	return result;
}

static void flood(struct hostile *h)
{
	for (int i = 0; i < 10000; i++)
		emit(h, good(h));
}

static void endless(struct hostile *h)
{
	for (;;)
		emit(h, good(h));
}

static void many(struct hostile *h)
{
	for (int i = 0; i < 3000; i++)
		emit(h, good(h));
}

static void null_data(struct hostile *h)
{
	struct conf_packet result = good(h);

	result.data = NULL;
	emit(h, result);
}

static void bad_data(struct hostile *h)
{
	struct conf_packet result = good(h);

	result.data = (const uint8_t *)nowhere;
	emit(h, result);
}

static void long_data(struct hostile *h)
{
	static const uint8_t octets[70000];
	struct conf_packet result = good(h);

	result.data = octets;
	result.len = sizeof(octets);
	emit(h, result);
}

static void empty(struct hostile *h)
{
	struct conf_packet result = good(h);

	result.len = 0;
	emit(h, result);
}

static void third_side(struct hostile *h)
{
	struct conf_packet result = good(h);

	result.side = (enum conf_side)3;
	emit(h, result);
}

static void tomorrow(struct hostile *h)
{
	struct conf_packet result = good(h);

	result.now += UINT64_C(86400000000000);
	emit(h, result);
}

static void no_result(struct hostile *h)
{
	h->emit(h->ctx, NULL);
}

static void emit_late(struct hostile *h)
{
	static const uint8_t octets[20] = {0x45};
	const struct conf_packet result = {
		.side = CONF_OUTSIDE, .data = octets, .len = sizeof(octets)};

	if (h->emit != NULL)
		h->emit(h->ctx, &result);
}

static void write_stimulus(struct hostile *h)
{
	*(volatile uint8_t *)(uintptr_t)h->stimulus->data = 0;
}

static void read_behind(struct hostile *h)
{
	sink = ((const volatile uint8_t *)
			h->stimulus->data)[h->stimulus->len + 3];
}

static void close_files(struct hostile *h)
{
	(void)h;
	close_range(0, ~0u, 0);
}

static void print(struct hostile *h)
{
	static const char text[] = "an engine on standard output\n";

	(void)h;
	fputs(text, stdout);
	fflush(stdout);
	if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
		abort();
}

static void bad_status(struct hostile *h)
{
	h->status = (enum conf_status)99;
}

static void fail(struct hostile *h)
{
	h->status = CONF_ERR_ENGINE;
}

static void *volatile block;

static void free_twice(struct hostile *h)
{
	(void)h;
	block = malloc(100);
	free(block);
	free(block);
}

static const struct deed deeds[] = {
	{"none", NUM_WHEN, NULL, false},
	{"crash-open", OPEN, crash, false},
	{"crash-reset", RESET, crash, false},
	{"crash-packet", PACKET, crash_third, false},
	{"crash-advance", ADVANCE, crash, false},
	{"crash-dump", DUMP, crash, false},
	{"crash-close", CLOSE, crash, false},
	{"loop-open", OPEN, loop, false},
	{"loop-reset", RESET, loop, false},
	{"loop-packet", PACKET, loop, false},
	{"loop-close", CLOSE, loop, false},
	{"overflow", PACKET, overflow, false},
	{"exit", PACKET, leave, false},
	{"_exit", PACKET, leave_at_once, false},
	{"abort", PACKET, give_up, false},
	{"free-twice", PACKET, free_twice, false},
	{"flood", PACKET, flood, true},
	{"endless", PACKET, endless, true},
	{"many", PACKET, many, true},
	{"null-data", PACKET, null_data, false},
	{"bad-data", PACKET, bad_data, false},
	{"long-data", PACKET, long_data, false},
	{"empty", PACKET, empty, false},
	{"third-side", PACKET, third_side, false},
	{"tomorrow", PACKET, tomorrow, false},
	{"no-result", PACKET, no_result, false},
	{"emit-late", RESET, emit_late, false},
	{"write-stimulus", PACKET, write_stimulus, false},
	{"read-behind", PACKET, read_behind, false},
	{"close-files", PACKET, close_files, false},
	{"print", PACKET, print, false},
	{"bad-status", PACKET, bad_status, false},
	{"fail", PACKET, fail, false},
};

static enum conf_status now_is(struct hostile *h, enum when when)
{
	h->status = CONF_OK;
	if (h->deed->when == when)
		h->deed->run(h);
	return h->status;
}

static enum conf_status hostile_open(const struct conf_config *config,
				     void **out_engine, char *error,
				     size_t error_size)
{
	const char *name = config->argument != NULL ? config->argument : "none";
	struct hostile *h = calloc(1, sizeof(*h));

	for (size_t i = 0; h != NULL && i < sizeof(deeds) / sizeof(*deeds); i++)
		if (strcmp(deeds[i].name, name) == 0)
			h->deed = &deeds[i];
	*out_engine = h;
	if (h != NULL && h->deed != NULL)
		return now_is(h, OPEN);
	snprintf(error, error_size, "there is no deed %s", name);
	free(h);
	*out_engine = NULL;
	return CONF_ERR_CONFIG;
}

static enum conf_status hostile_reset(void *engine)
{
	struct hostile *h = engine;

	h->num_packets = 0;
	return now_is(h, RESET);
}

static enum conf_status hostile_packet(void *engine,
				       const struct conf_packet *stimulus,
				       conf_emit_fn *emit_fn, void *ctx)
{
	struct hostile *h = engine;
	enum conf_status status;

	h->num_packets++;
	h->emit = emit_fn;
	h->ctx = ctx;
	h->stimulus = stimulus;
	status = now_is(h, PACKET);
	if (!h->deed->quiet && stimulus->len > 0)
		emit(h, good(h));
	return status;
}

static enum conf_status hostile_advance(void *engine, uint64_t now,
					conf_emit_fn *emit_fn, void *ctx)
{
	(void)now, (void)emit_fn, (void)ctx;
	return now_is(engine, ADVANCE);
}

static enum conf_status hostile_dump(void *engine, enum conf_dump what,
				     conf_text_fn *text, void *ctx)
{
	struct hostile *h = engine;

	(void)what;
	text(ctx, "packets 1\n", 10);
	return now_is(h, DUMP);
}

static const char *hostile_error(void *engine)
{
	(void)engine;
	return "no will to go on";
}

static void hostile_close(void *engine)
{
	if (engine != NULL)
		(void)now_is(engine, CLOSE);
	free(engine);
}

static const struct conf_engine_ops ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(ops),
	.name = "hostile",
	.capabilities = CONF_CAN_VIRTUAL_TIME | CONF_CAN_DUMP,
	.open = hostile_open,
	.reset = hostile_reset,
	.packet = hostile_packet,
	.advance = hostile_advance,
	.dump = hostile_dump,
	.error = hostile_error,
	.close = hostile_close,
};

const struct conf_engine_ops *conf_engine(void)
{
	return &ops;
}
