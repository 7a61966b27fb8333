/* SPDX-License-Identifier: Apache-2.0 */
/* none.c - in place of the engine "netfilter" where it was not built */
#include <stdio.h>

#include "engines.h"
#include "netfilter.h"

static const char reason[] =
	"netfilter: this masqcheck was built without libnftables and libmnl "
	"(Debian: libnftables-dev, libmnl-dev; Linux only)";

static enum conf_status none_open(const struct conf_config *config,
				  void **out_engine, char *error,
				  size_t error_size)
{
	(void)config;
	*out_engine = NULL;
	snprintf(error, error_size, "%s", reason);
	return CONF_ERR_ENGINE;
}

static void none_close(void *engine)
{
	(void)engine;
}

enum conf_status conf_netfilter_available(char *why, size_t size)
{
	snprintf(why, size, "%s", reason);
	return CONF_ERR_UNSUPPORTED;
}

const struct conf_engine_ops conf_netfilter_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "netfilter",
	.open = none_open,
	.close = none_close,
};
