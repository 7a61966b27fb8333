/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec.c - "exec:COMMAND": any program that reads and writes captures
 *
 * The program gets router's-eye captures on its standard input: a stimulus
 * is a record that arrived. Behind each comes a barrier, a record of
 * EtherType 0x88B5 without payload, which the program sends back when it
 * has written all results before it. A barrier alone, with a later time,
 * is time passing. The first barrier comes before anything else; before it
 * is sent back the program may say what it can, in the payload of records
 * of the same EtherType. engines/README.md describes all of it.
 *
 * A program that dies, never sends the barrier back, or writes what is no
 * capture is a verdict that names the packet; then the engine is broken.
 */
#define _GNU_SOURCE /* strdup() */

#include "exec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engines.h"

static bool launch(struct exec *e)
{
	struct exec_answer a = {.now = 0};
	char error[CAP_ERROR_SIZE];

	e->greeted = false;
	e->can_reset = false;
	e->ops.capabilities = 0;
	if (!exec_start(&e->process, e->command, e->settings, e->seed))
		return exec_break(e, "it cannot be started: %s",
				  strerror(errno));
	if (cap_create_call(exec_put, &e->process, "the program",
			    CAP_FORMAT_SLL2, &e->writer, error) != CAP_OK)
		return exec_break(e, "%s", error);
	if (!exec_exchange(e, &a))
		return false;
	e->greeted = true;
	return true;
}

static void exec_close(void *engine)
{
	struct exec *e = engine;
	int status;

	if (e == NULL)
		return;
	exec_halt(e, &status);
	if (e->settings >= 0)
		close(e->settings);
	free(e->command);
	free(e);
}

/* A setting that a line of a file cannot hold. */
static bool has_line_break(const struct conf_config *config)
{
	for (size_t i = 0; i < config->num_settings; i++)
		if (strpbrk(config->settings[i].value, "\r\n") != NULL)
			return true;
	return false;
}

static enum conf_status exec_open(const struct conf_config *config,
				  void **out_engine, char *error,
				  size_t error_size)
{
	struct exec *e = calloc(1, sizeof(*e));
	enum conf_status status = CONF_ERR_ENGINE;

	*out_engine = NULL;
	if (e == NULL || (e->command = strdup(config->argument)) == NULL) {
		snprintf(error, error_size, "no memory for an engine");
		free(e);
		return CONF_ERR_ENGINE;
	}
	e->seed = config->seed;
	e->timeout = config->timeout > 0 ? config->timeout : WHERE_TIMEOUT;
	e->ops = conf_exec_ops;
	e->ops.name = e->name;
	snprintf(e->name, sizeof(e->name), "%s", config->argument);
	e->settings = has_line_break(config) ? -1 : exec_settings(config);
	if (e->settings < 0)
		snprintf(e->error, sizeof(e->error),
			 "its settings cannot be written down");
	else if (launch(e))
		status = CONF_OK;
	if (status == CONF_OK) {
		*out_engine = e;
		return CONF_OK;
	}
	if (e->is_config)
		status = CONF_ERR_CONFIG;
	snprintf(error, error_size, "exec:%.140s: %.340s", e->command,
		 e->error);
	exec_close(e);
	return status;
}

/* By a control record if it can, else by another process. */
static enum conf_status exec_reset(void *engine)
{
	struct exec_answer a = {.now = 0};
	struct exec *e = engine;
	int status;

	if (e->broken)
		return CONF_ERR_ENGINE;
	e->where.call = WHERE_RESET;
	if (e->can_reset) {
		if (!exec_put_control(e, 0, "reset") || !exec_exchange(e, &a))
			return CONF_ERR_ENGINE;
	} else {
		exec_halt(e, &status);
		if (!launch(e))
			return CONF_ERR_ENGINE;
	}
	e->where.num_packets = 0;
	e->clock = 0;
	return CONF_OK;
}

static enum conf_status exec_packet(void *engine,
				    const struct conf_packet *stimulus,
				    conf_emit_fn *emit, void *ctx)
{
	struct exec *e = engine;
	struct exec_answer a = {.emit = emit,
				.ctx = ctx,
				.from = e->clock,
				.now = stimulus->now};

	if (e->broken)
		return CONF_ERR_ENGINE;
	e->where.call = WHERE_PACKET;
	e->where.packet = stimulus;
	e->where.num_packets++;
	exec_arm(&e->process, e->timeout);
	return exec_put_stimulus(e, stimulus) && exec_exchange(e, &a)
		       ? CONF_OK
		       : CONF_ERR_ENGINE;
}

static enum conf_status exec_advance(void *engine, uint64_t now,
				     conf_emit_fn *emit, void *ctx)
{
	struct exec *e = engine;
	struct exec_answer a = {
		.emit = emit, .ctx = ctx, .from = e->clock, .now = now};

	if (e->broken)
		return CONF_ERR_ENGINE;
	if ((e->ops.capabilities & CONF_CAN_VIRTUAL_TIME) == 0 ||
	    now <= e->clock)
		return CONF_OK;
	e->where.call = WHERE_ADVANCE;
	e->where.now = now;
	return exec_exchange(e, &a) ? CONF_OK : CONF_ERR_ENGINE;
}

static enum conf_status exec_dump(void *engine, enum conf_dump what,
				  conf_text_fn *text, void *ctx)
{
	static const char *const names[] = {"dump table", "dump long",
					    "dump counters"};
	struct exec *e = engine;
	struct exec_answer a = {.text = text, .ctx = ctx, .now = e->clock};

	if (e->broken)
		return CONF_ERR_ENGINE;
	if ((e->ops.capabilities & CONF_CAN_DUMP) == 0 ||
	    (unsigned int)what >= sizeof(names) / sizeof(names[0]))
		return CONF_ERR_UNSUPPORTED;
	e->where.call = WHERE_DUMP;
	exec_arm(&e->process, e->timeout);
	return exec_put_control(e, e->clock, names[what]) &&
			       exec_exchange(e, &a)
		       ? CONF_OK
		       : CONF_ERR_ENGINE;
}

static const char *exec_error(void *engine)
{
	struct exec *e = engine;

	return e->error[0] != '\0' ? e->error : NULL;
}

const struct conf_engine_ops *conf_exec_ops_of(void *engine)
{
	struct exec *e = engine;

	return &e->ops;
}

bool conf_exec_available(char why[CONF_ERROR_SIZE])
{
	if (access("/bin/sh", X_OK) == 0)
		return true;
	snprintf(why, CONF_ERROR_SIZE, "there is no /bin/sh");
	return false;
}

const struct conf_engine_ops conf_exec_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "exec",
	.open = exec_open,
	.reset = exec_reset,
	.packet = exec_packet,
	.advance = exec_advance,
	.dump = exec_dump,
	.error = exec_error,
	.close = exec_close,
};
