/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin.c - a stranger's engine in this process
 *
 * "masqcheck run" plays a shared object in a child, which survives it. Here
 * it is to be seen by the fuzzer: what it covers, and how it crashes.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "play.h"

/* "./x.so" or "./x.so:ARGUMENT": the length of the path, 0 = neither. */
static size_t path_len(const char *address)
{
	const char *end = strstr(address, ".so");

	while (end != NULL && end[3] != '\0' && end[3] != ':')
		end = strstr(end + 1, ".so");
	if (end == NULL ||
	    memchr(address, '/', (size_t)(end - address)) == NULL)
		return 0;
	return (size_t)(end - address) + 3;
}

bool fuzz_plugin_claims(const char *address)
{
	return path_len(address) != 0;
}

static enum conf_status refuse(char error[CONF_ERROR_SIZE], const char *what,
			       const char *why)
{
	snprintf(error, CONF_ERROR_SIZE, "%.200s: %.250s", what, why);
	return CONF_ERR_ENGINE;
}

/* dlsym() gives a pointer to an object; POSIX says it may be a function. */
static conf_engine_fn *function_of(void *library)
{
	void *symbol = dlsym(library, CONF_ENGINE_SYMBOL);
	conf_engine_fn *fn;

	_Static_assert(sizeof(fn) == sizeof(symbol), "POSIX");
	memcpy(&fn, &symbol, sizeof(fn));
	return fn;
}

enum conf_status fuzz_plugin_open(struct conf_engine *out, const char *address,
				  const struct conf_config *config,
				  char error[CONF_ERROR_SIZE])
{
	const size_t len = path_len(address);
	struct conf_config own = *config;
	enum conf_status status;
	conf_engine_fn *fn;
	char path[4096];
	void *library;

	*out = (struct conf_engine){.address = address};
	if (len >= sizeof(path))
		return refuse(error, address, "the name is too long");
	memcpy(path, address, len);
	path[len] = '\0';
	own.argument = address[len] == ':' ? address + len + 1 : NULL;
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
		return refuse(error, path, dlerror());
	fn = function_of(library);
	if (fn == NULL)
		return refuse(error, path, "has no function conf_engine()");
	out->ops = fn();
	if (out->ops == NULL || out->ops->abi_version != CONF_ENGINE_ABI ||
	    out->ops->size < sizeof(struct conf_engine_ops)) {
		out->ops = NULL;
		return refuse(error, path,
			      "is of another version of the contract");
	}
	error[0] = '\0';
	status = out->ops->open(&own, &out->state, error, CONF_ERROR_SIZE);
	if (status != CONF_OK)
		out->ops = NULL;
	return status;
}
