/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c - engines whose table cannot be; TABLE says which of them this is
 */
#include <stdlib.h>

#include <conformance/engine.h>

/* One of: */
#define TABLE_VERSION    1
#define TABLE_SIZE       2
#define TABLE_FUNCTION   3
#define TABLE_NAME       4
#define TABLE_CAPABILITY 5
#define TABLE_DUMP       6
#define TABLE_NULL       7
#define TABLE_SYMBOL     8
#define TABLE_LARGER     9 /* of a later masqcheck with the same ABI */

static enum conf_status table_open(const struct conf_config *config,
				   void **out_engine, char *error, size_t size)
{
	(void)config, (void)error, (void)size;
	*out_engine = malloc(1);
	return *out_engine != NULL ? CONF_OK : CONF_ERR_ENGINE;
}

static enum conf_status table_reset(void *engine)
{
	(void)engine;
	return CONF_OK;
}

static enum conf_status table_packet(void *engine,
				     const struct conf_packet *stimulus,
				     conf_emit_fn *emit, void *ctx)
{
	(void)engine, (void)stimulus, (void)emit, (void)ctx;
	return CONF_OK;
}

static const struct conf_engine_ops ops = {
	.abi_version = CONF_ENGINE_ABI + (TABLE == TABLE_VERSION),
	.size = TABLE == TABLE_SIZE     ? 24
		: TABLE == TABLE_LARGER ? sizeof(ops) + 8
					: sizeof(ops),
	.name = TABLE == TABLE_NAME ? NULL : "table",
	.capabilities = TABLE == TABLE_CAPABILITY ? 1u << 30
			: TABLE == TABLE_DUMP     ? CONF_CAN_DUMP
						  : 0,
	.open = table_open,
	.reset = table_reset,
	.packet = TABLE == TABLE_FUNCTION ? NULL : table_packet,
	.close = free,
};

#if TABLE == TABLE_SYMBOL
const struct conf_engine_ops *no_engine(void);
#define conf_engine no_engine
#else
const struct conf_engine_ops *conf_engine(void);
#endif

const struct conf_engine_ops *conf_engine(void)
{
	return TABLE == TABLE_NULL ? NULL : &ops;
}
