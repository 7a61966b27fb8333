/* SPDX-License-Identifier: Apache-2.0 */
/* plugin.h - the parent's half of an engine in a child */
#ifndef CONFORMANCE_PLUGIN_H
#define CONFORMANCE_PLUGIN_H

#include <sys/types.h>

#include "host.h"

struct plugin {
	struct host_shared *shared;
	uint8_t *stimulus; /* HOST_MAX_STIMULUS octets, then a page */
	size_t page, map_size;
	pid_t pid;        /* 0 = there is no child */
	uint32_t timeout; /* ms, for a call */
	struct host_spin spin;
	struct where where;
	uint32_t num_results; /* of this call */
	size_t num_text;      /* the same */
	bool broken;
	char error[CONF_ERROR_SIZE];
	char name[HOST_NAME];
	struct conf_engine_ops ops; /* with the capabilities of this one */
};

/* Where the results of a call go. */
struct plugin_sink {
	conf_emit_fn *emit; /* may be NULL */
	conf_text_fn *text; /* may be NULL */
	void *ctx;
};

/*
 * One call: p->where says which; the stimulus or the time is in the shared
 * memory. Gives what the engine returned, or CONF_ERR_ENGINE with p->error.
 */
enum conf_status plugin_call(struct plugin *p, const struct plugin_sink *sink,
			     uint32_t timeout) CONF_NODISCARD;

/* The engine is broken from now on, its child dead; what says how. */
enum conf_status plugin_break(struct plugin *p, const char *what);

#endif /* CONFORMANCE_PLUGIN_H */
