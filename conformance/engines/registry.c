/* SPDX-License-Identifier: Apache-2.0 */
/* registry.c - engines by their address */
#include <stdio.h>
#include <string.h>

#include "conformance/registry.h"
#include "engines.h"

const struct conf_kind conf_kinds[] = {
	{
		.name = "ref",
		.ops = &conf_ref_ops,
		.address = "ref[:PROFILE]",
		.help = "the reference engine (linux-2.2, linux-2.2-fixed)",
	},
	{
		.name = "capture",
		.ops = &conf_capture_ops,
		.needs_argument = true,
		.address = "capture:FILE",
		.help = "a recording: it answers as the capture FILE shows",
	},
	{
		.name = "netfilter",
		.ops = &conf_netfilter_ops,
		.address = "netfilter[:strict]",
		.help = "this machine's Linux kernel, in a namespace of its own",
	},
	{
		.name = "sabotage",
		.ops = &conf_sabotage_ops,
		.needs_argument = true,
		.address = "sabotage:FAULT[:PROFILE]",
		.help = "the reference engine with one known fault",
	},
};
const size_t conf_num_kinds = sizeof(conf_kinds) / sizeof(conf_kinds[0]);

/* The length of the name in an address. */
static size_t name_len(const char *address)
{
	return strcspn(address, ":");
}

static bool kind_is(const struct conf_kind *kind, const char *address)
{
	size_t len = name_len(address);

	return strlen(kind->name) == len &&
	       memcmp(kind->name, address, len) == 0;
}

const char *conf_capture_path(const char *address)
{
	size_t len = name_len(address);

	if (address[len] == '\0' || strncmp(address, "capture", len) != 0 ||
	    len != strlen("capture"))
		return NULL;
	return address + len + 1;
}

static enum conf_status refuse_address(const char *address,
				       char error[CONF_ERROR_SIZE])
{
	size_t at = (size_t)snprintf(error, CONF_ERROR_SIZE,
				     "there is no engine \"%.100s\"; there are",
				     address);

	for (size_t i = 0; i < conf_num_kinds && at < CONF_ERROR_SIZE; i++)
		at += (size_t)snprintf(error + at, CONF_ERROR_SIZE - at,
				       "%s %s", i > 0 ? "," : "",
				       conf_kinds[i].address);
	return CONF_ERR_CONFIG;
}

enum conf_status conf_engine_open(struct conf_engine *out, const char *address,
				  const struct conf_config *config,
				  char error[CONF_ERROR_SIZE])
{
	const struct conf_kind *kind = NULL;
	struct conf_config own = *config;
	size_t len = name_len(address);
	enum conf_status status;

	*out = (struct conf_engine){.address = address};
	for (size_t i = 0; i < conf_num_kinds; i++)
		if (kind_is(&conf_kinds[i], address))
			kind = &conf_kinds[i];
	if (kind == NULL)
		return refuse_address(address, error);
	own.argument = address[len] == ':' ? address + len + 1 : NULL;
	if (kind->needs_argument &&
	    (own.argument == NULL || own.argument[0] == '\0')) {
		snprintf(error, CONF_ERROR_SIZE, "\"%s\" needs more: %s",
			 address, kind->address);
		return CONF_ERR_CONFIG;
	}
	error[0] = '\0';
	status = kind->ops->open(&own, &out->state, error, CONF_ERROR_SIZE);
	if (status == CONF_OK)
		out->ops = kind->ops;
	return status;
}

const char *conf_engine_error(const struct conf_engine *engine)
{
	const char *text = engine->ops->error != NULL
				   ? engine->ops->error(engine->state)
				   : NULL;

	return text != NULL ? text : "the engine failed";
}

void conf_engine_close(struct conf_engine *engine)
{
	if (engine->ops != NULL)
		engine->ops->close(engine->state);
	engine->ops = NULL;
}
