/* SPDX-License-Identifier: Apache-2.0 */
/* registry.c - engines by their address */
#include <stdio.h>
#include <string.h>

#include "conformance/registry.h"
#include "engines.h"

static bool netfilter_available(char why[CONF_ERROR_SIZE])
{
	return conf_netfilter_available(why, CONF_ERROR_SIZE) == CONF_OK;
}

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
		.help = "a recording: it answers as FILE shows; IN,OUT: one "
			"file a wire",
	},
	{
		.name = "exec",
		.ops = &conf_exec_ops,
		.needs_argument = true,
		.is_foreign = true,
		.address = "exec:COMMAND",
		.help = "a program: captures on standard input and output",
		.more = "conformance/engines/template/nat.pl",
		.available = conf_exec_available,
		.ops_of = conf_exec_ops_of,
	},
	{
		.name = "plugin",
		.ops = &conf_plugin_ops,
		.is_foreign = true,
		.address = "./ENGINE.so[:ARGUMENT]",
		.help = "a shared object that exports conf_engine()",
		.more = "conformance/engines/template/README.md",
		.claims = conf_plugin_claims,
		.ops_of = conf_plugin_ops_of,
	},
	{
		.name = "live",
		.ops = &conf_live_ops,
		.needs_argument = true,
		.is_foreign = true,
		.address = "live:IN,OUT",
		.help = "a device between two Ethernet interfaces, in real time",
	},
	{
		.name = "netfilter",
		.ops = &conf_netfilter_ops,
		.is_foreign = true,
		.available = netfilter_available,
		.address = "netfilter[:strict][,tftp][,sip]",
		.clock_note =
			"its clock leaves out what the kernel times by real "
			"seconds",
		.help = "this machine's Linux kernel, in a namespace of its own",
	},
	{
		.name = "sabotage",
		.ops = &conf_sabotage_ops,
		.needs_argument = true,
		.address = "sabotage:FAULT[:PROFILE]",
		.help = "the reference engine with one known fault",
		.more = "masqcheck help sabotage",
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

	if (kind->claims != NULL)
		return kind->claims(address);
	return strlen(kind->name) == len &&
	       memcmp(kind->name, address, len) == 0;
}

const struct conf_kind *conf_kind_find(const char *address)
{
	for (size_t i = 0; i < conf_num_kinds; i++)
		if (kind_is(&conf_kinds[i], address))
			return &conf_kinds[i];
	return NULL;
}

bool conf_is_foreign(const char *address)
{
	const struct conf_kind *kind = conf_kind_find(address);

	return kind != NULL && kind->is_foreign;
}

const struct conf_capability_name conf_capability_names[] = {
	{CONF_CAN_VIRTUAL_TIME, "clock", "its time is that of the packets"},
	{CONF_CAN_FRAGMENTS, "fragments", "it translates fragments"},
	{CONF_CAN_DUMP, "dump", "it lists its mappings"},
	{CONF_CAN_CONFIGURE, "config", "it obeys the settings of a router"},
	{CONF_CAN_ETHERNET, "ethernet", "its packets have next-hop addresses"},
	{CONF_CAN_MARK_ERRORS, "marks", "it marks ICMP errors of its own"},
	{0, NULL, NULL},
};

const char *conf_capture_path(const char *address)
{
	size_t len = name_len(address);

	if (address[len] == '\0' || strncmp(address, "capture", len) != 0 ||
	    len != strlen("capture"))
		return NULL;
	return address + len + 1;
}

/* What was meant, if it looks like the name of a file. */
static const char *hint(const char *address)
{
	if (strchr(address, ':') != NULL)
		return "";
	if (strstr(address, ".so") != NULL)
		return strchr(address, '/') == NULL
			       ? "; a shared object is named with a slash: "
				 "./NAME.so"
			       : "; the name of a shared object ends in .so";
	return strstr(address, ".pcap") != NULL
		       ? "; a recording is capture:NAME.pcap"
		       : "";
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
	if (at < CONF_ERROR_SIZE)
		snprintf(error + at, CONF_ERROR_SIZE - at, "%s", hint(address));
	return CONF_ERR_CONFIG;
}

enum conf_status conf_engine_open(struct conf_engine *out, const char *address,
				  const struct conf_config *config,
				  char error[CONF_ERROR_SIZE])
{
	const struct conf_kind *kind = conf_kind_find(address);
	struct conf_config own = *config;
	size_t len = name_len(address);
	enum conf_status status;
	char why[CONF_ERROR_SIZE] = "";

	*out = (struct conf_engine){.address = address};
	if (kind == NULL)
		return refuse_address(address, error);
	own.argument = kind->claims != NULL  ? address
		       : address[len] == ':' ? address + len + 1
					     : NULL;
	if (kind->needs_argument &&
	    (own.argument == NULL || own.argument[0] == '\0')) {
		snprintf(error, CONF_ERROR_SIZE, "\"%s\" needs more: %s",
			 address, kind->address);
		return CONF_ERR_CONFIG;
	}
	error[0] = '\0';
	status = kind->ops->open(&own, &out->state, error, CONF_ERROR_SIZE);
	if (status == CONF_OK)
		out->ops = kind->ops_of != NULL ? kind->ops_of(out->state)
						: kind->ops;
	else if (status == CONF_ERR_ENGINE && kind->available != NULL &&
		 !kind->available(why)) {
		memcpy(error, why, CONF_ERROR_SIZE);
		status = CONF_ERR_UNAVAILABLE;
	}
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
