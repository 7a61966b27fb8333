/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin.c - "./x.so", "./x.so:ARGUMENT": an engine of a shared object
 *
 * It lives in a child (host.h); its crash, its silence and its nonsense are
 * verdicts that name the packet. After a verdict the engine is broken.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */

#include "plugin.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "engines.h"

#define SUFFIX ".so"

/* Looks at the turn before sleeping: some 10 us. */
#define SPIN 200u

/* ms that an engine has for its close(). */
#define CLOSE_TIMEOUT 1000u

/* The length of the path in an address; 0: it is none of a plugin. */
static size_t path_len(const char *address)
{
	const char *at = address;

	while ((at = strstr(at, SUFFIX)) != NULL) {
		at += strlen(SUFFIX);
		if ((*at == '\0' || *at == ':') &&
		    memchr(address, '/', (size_t)(at - address)) != NULL)
			return (size_t)(at - address);
	}
	return 0;
}

bool conf_plugin_claims(const char *address)
{
	return path_len(address) > 0;
}

static void plugin_close(void *engine)
{
	const struct plugin_sink sink = {.ctx = NULL};
	struct plugin *p = engine;

	if (p == NULL)
		return;
	if (p->pid > 0) {
		p->where.call = WHERE_CLOSE;
		if (plugin_call(p, &sink, CLOSE_TIMEOUT) == CONF_OK)
			plugin_break(p, "");
	}
	if (p->shared != NULL)
		munmap(p->shared, p->map_size);
	free(p);
}

/* The shared memory, then the stimulus, then a page. */
static bool map(struct plugin *p)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t head = (sizeof(*p->shared) + page - 1) / page * page;
	uint8_t *at;

	p->page = page;
	p->map_size = head + HOST_MAX_STIMULUS + page;
	at = mmap(NULL, p->map_size, PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return false;
	p->shared = (void *)at;
	p->stimulus = at + head;
	return sem_init(&p->shared->waiters[0].wake, 1, 0) == 0 &&
	       sem_init(&p->shared->waiters[1].wake, 1, 0) == 0;
}

static bool start(struct plugin *p, const char *path,
		  const struct conf_config *config)
{
	const struct host_job job = {
		.shared = p->shared,
		.stimulus = p->stimulus,
		.page = p->page,
		.spin = p->spin.max,
		.path = path,
		.config = config,
	};
	pid_t parent = getpid();

	fflush(NULL);
	p->pid = fork();
	if (p->pid == 0) {
		/* It must not live on when the parent is killed. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
		    getppid() != parent)
			_exit(3);
		host_child(&job);
	}
	if (p->pid > 0)
		return true;
	p->pid = 0;
	return false;
}

static enum conf_status open_child(struct plugin *p, const char *path,
				   const struct conf_config *config)
{
	const struct plugin_sink sink = {.ctx = NULL};
	enum conf_status status;

	if (!map(p) || !start(p, path, config)) {
		snprintf(p->error, sizeof(p->error), "no process for it: %s",
			 strerror(errno));
		return CONF_ERR_ENGINE;
	}
	status = plugin_call(p, &sink, p->timeout);
	if (status != CONF_OK)
		return status;
	p->ops = conf_plugin_ops;
	p->ops.capabilities = p->shared->capabilities;
	memcpy(p->name, p->shared->name, sizeof(p->name));
	p->name[sizeof(p->name) - 1] = '\0';
	p->ops.name = p->name;
	return CONF_OK;
}

static enum conf_status plugin_open(const struct conf_config *config,
				    void **out_engine, char *error,
				    size_t error_size)
{
	const char *address = config->argument;
	size_t len = path_len(address);
	struct plugin *p = calloc(1, sizeof(*p));
	char *path = strndup(address, len);
	struct conf_config own = *config;
	enum conf_status status = CONF_ERR_ENGINE;

	*out_engine = NULL;
	own.argument = address[len] == ':' ? address + len + 1 : NULL;
	if (p == NULL || path == NULL) {
		snprintf(error, error_size, "no memory for an engine");
	} else {
		p->timeout = config->timeout > 0 ? config->timeout
						 : WHERE_TIMEOUT;
		p->spin.max = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? SPIN : 0;
		status = open_child(p, path, &own);
		if (status != CONF_OK)
			snprintf(error, error_size, "%.150s: %.340s", address,
				 p->error);
	}
	free(path);
	if (status == CONF_OK) {
		*out_engine = p;
		return status;
	}
	plugin_close(p);
	return status;
}

static enum conf_status plugin_reset(void *engine)
{
	const struct plugin_sink sink = {.ctx = NULL};
	struct plugin *p = engine;
	enum conf_status status;

	if (p->broken)
		return CONF_ERR_ENGINE;
	p->where.call = WHERE_RESET;
	status = plugin_call(p, &sink, p->timeout);
	if (status == CONF_OK)
		p->where.num_packets = 0;
	return status;
}

static enum conf_status plugin_packet(void *engine,
				      const struct conf_packet *stimulus,
				      conf_emit_fn *emit, void *ctx)
{
	const struct plugin_sink sink = {.emit = emit, .ctx = ctx};
	struct plugin *p = engine;
	struct host_shared *s = p->shared;

	if (p->broken)
		return CONF_ERR_ENGINE;
	p->where.call = WHERE_PACKET;
	p->where.packet = stimulus;
	p->where.num_packets++;
	if (stimulus->len > HOST_MAX_STIMULUS)
		return plugin_break(p, "a packet of more than 256 KiB");
	s->side = stimulus->side;
	s->cast = stimulus->cast;
	s->now = stimulus->now;
	s->len = stimulus->len;
	s->has_src_mac = stimulus->src_mac != NULL;
	if (stimulus->src_mac != NULL)
		memcpy(s->src_mac, stimulus->src_mac, 6);
	if (stimulus->len > 0)
		memcpy(host_place(p->stimulus, stimulus->len), stimulus->data,
		       stimulus->len);
	return plugin_call(p, &sink, p->timeout);
}

static enum conf_status plugin_advance(void *engine, uint64_t now,
				       conf_emit_fn *emit, void *ctx)
{
	const struct plugin_sink sink = {.emit = emit, .ctx = ctx};
	struct plugin *p = engine;

	if (p->broken)
		return CONF_ERR_ENGINE;
	p->where.call = WHERE_ADVANCE;
	p->where.now = now;
	p->shared->now = now;
	return plugin_call(p, &sink, p->timeout);
}

static enum conf_status plugin_dump(void *engine, enum conf_dump what,
				    conf_text_fn *text, void *ctx)
{
	const struct plugin_sink sink = {.text = text, .ctx = ctx};
	struct plugin *p = engine;

	if (p->broken)
		return CONF_ERR_ENGINE;
	p->where.call = WHERE_DUMP;
	p->shared->what = what;
	return plugin_call(p, &sink, p->timeout);
}

static const char *plugin_error(void *engine)
{
	struct plugin *p = engine;

	return p->error[0] != '\0' ? p->error : NULL;
}

const struct conf_engine_ops *conf_plugin_ops_of(void *engine)
{
	struct plugin *p = engine;

	return &p->ops;
}

const struct conf_engine_ops conf_plugin_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "plugin",
	.open = plugin_open,
	.reset = plugin_reset,
	.packet = plugin_packet,
	.advance = plugin_advance,
	.dump = plugin_dump,
	.error = plugin_error,
	.close = plugin_close,
};
