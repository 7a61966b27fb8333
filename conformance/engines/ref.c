/* SPDX-License-Identifier: Apache-2.0 */
/* ref.c - the reference engine behind the contract of engine.h */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "ref.h"

struct ref {
	struct masq_engine *engine;
	void *options; /* of the helpers */
	uint64_t quirks;
	uint8_t inside_mac[6]; /* source of what leaves inside */
	uint8_t outside_mac[6];
};

/* Where results go on to. */
struct exit {
	const struct ref *ref;
	conf_emit_fn *emit;
	void *ctx;
};

static void ref_close(void *engine)
{
	struct ref *ref = engine;

	if (ref == NULL)
		return;
	masq_engine_free(ref->engine);
	free(ref->options);
	free(ref);
}

static enum conf_status ref_open(const struct conf_config *config,
				 void **out_engine, char *error,
				 size_t error_size)
{
	char text[CONF_ERROR_SIZE] = "no memory for the engine";
	enum conf_status status = CONF_ERR_ENGINE;
	enum masq_status masq = MASQ_ERR_NOMEM;
	struct masq_config *masq_config = malloc(sizeof(*masq_config));
	struct ref *ref = calloc(1, sizeof(*ref));

	*out_engine = NULL;
	if (masq_config == NULL || ref == NULL)
		goto fail;
	status = conf_ref_configure(masq_config, config, &ref->options, text);
	if (status != CONF_OK)
		goto fail;
	masq = masq_engine_new(masq_config, &ref->engine);
	if (masq != MASQ_OK) {
		status = masq == MASQ_ERR_CONFIG ? CONF_ERR_CONFIG
						 : CONF_ERR_ENGINE;
		snprintf(text, sizeof(text), "the engine cannot be made: %s",
			 masq_status_name(masq));
		goto fail;
	}
	ref->quirks = masq_config->quirks;
	memcpy(ref->inside_mac, masq_config->inside.mac, 6);
	memcpy(ref->outside_mac, masq_config->outside.mac, 6);
	free(masq_config);
	*out_engine = ref;
	return CONF_OK;
fail:
	snprintf(error, error_size, "%s", text);
	free(masq_config);
	ref_close(ref);
	return status;
}

struct masq_engine *conf_ref_engine(void *engine)
{
	struct ref *ref = engine;

	return ref->engine;
}

static enum conf_status ref_reset(void *engine)
{
	struct ref *ref = engine;

	masq_engine_reset(ref->engine);
	return CONF_OK;
}

static void on_result(void *ctx, const struct masq_result *result)
{
	const struct exit *out = ctx;
	const struct conf_packet packet = {
		.side = (enum conf_side)result->side,
		.now = result->now,
		.data = result->data,
		.len = result->len,
		.src_mac = result->side == MASQ_INSIDE ? out->ref->inside_mac
						       : out->ref->outside_mac,
		.dst_mac = result->dst_mac,
		.own_error = result->own_error,
	};

	out->emit(out->ctx, &packet);
}

static enum conf_status ref_packet(void *engine,
				   const struct conf_packet *stimulus,
				   conf_emit_fn *emit, void *ctx)
{
	struct ref *ref = engine;
	struct exit out = {.ref = ref, .emit = emit, .ctx = ctx};
	const struct masq_frame frame = {
		.side = (enum masq_side)stimulus->side,
		.cast = (enum masq_cast)stimulus->cast,
		.now = stimulus->now,
		.data = stimulus->data,
		.len = stimulus->len,
		.src_mac = stimulus->src_mac,
	};

	/* Why a packet was dropped is in the counters. */
	(void)masq_packet(ref->engine, &frame, on_result, &out);
	return CONF_OK;
}

static enum conf_status ref_advance(void *engine, uint64_t now,
				    conf_emit_fn *emit, void *ctx)
{
	struct ref *ref = engine;
	struct exit out = {.ref = ref, .emit = emit, .ctx = ctx};

	masq_advance(ref->engine, now, on_result, &out);
	return CONF_OK;
}

static enum conf_status ref_dump(void *engine, enum conf_dump what,
				 conf_text_fn *text, void *ctx)
{
	struct ref *ref = engine;

	switch (what) {
	case CONF_DUMP_TABLE:
		return conf_ref_dump_table(ref->engine, text, ctx);
	case CONF_DUMP_LONG:
		return conf_ref_dump_long(ref->engine, ref->quirks, text, ctx);
	case CONF_DUMP_COUNTERS:
		return conf_ref_dump_counters(ref->engine, text, ctx);
	}
	return CONF_ERR_UNSUPPORTED;
}

const struct conf_engine_ops conf_ref_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "ref",
	.capabilities = CONF_CAN_VIRTUAL_TIME | CONF_CAN_FRAGMENTS |
			CONF_CAN_DUMP | CONF_CAN_CONFIGURE | CONF_CAN_ETHERNET |
			CONF_CAN_MARK_ERRORS,
	.open = ref_open,
	.reset = ref_reset,
	.packet = ref_packet,
	.advance = ref_advance,
	.dump = ref_dump,
	.close = ref_close,
};
