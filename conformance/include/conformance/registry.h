/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.h - engines by their address: "ref", "ref:PROFILE", "./x.so", ...
 *
 * What stands behind the first colon is handed to the engine as
 * config->argument.
 */
#ifndef CONFORMANCE_REGISTRY_H
#define CONFORMANCE_REGISTRY_H

#include "conformance/settings.h"

/* A kind of engine. */
struct conf_kind {
	const char *name; /* before the colon */
	const struct conf_engine_ops *ops;
	bool needs_argument;
	bool is_foreign; /* a NAT of which nothing is known: not its ports */
	const char *address; /* as shown: "ref[:PROFILE]" */
	const char *help;    /* one line */
	const char *more;    /* where to read on; may be NULL */
	/*
	 * Is it an address of this kind? Then all of it is the argument. NULL:
	 * it is if the name stands before the colon, or alone.
	 */
	bool (*claims)(const char *address);
	/* What a clock that is not wholly virtual leaves out, or NULL. */
	const char *clock_note;
	/* Can it run here? Else why not. NULL: it can everywhere. */
	bool (*available)(char why[CONF_ERROR_SIZE]);
	/*
	 * The table of an open engine, where each of the kind has its own
	 * capabilities. NULL: ops is that of all.
	 */
	const struct conf_engine_ops *(*ops_of)(void *state);
};
extern const struct conf_kind conf_kinds[];
extern const size_t conf_num_kinds;

/* An engine that is open. */
struct conf_engine {
	const struct conf_engine_ops *ops; /* NULL: not open */
	void *state;
	const char *address; /* the caller's */
};

/* What stands behind "capture:" in an address, or NULL. */
const char *conf_capture_path(const char *address);

/*
 * Opens the engine at address. On failure error holds a line of text:
 * CONF_ERR_CONFIG for an address or a setting that cannot be,
 * CONF_ERR_UNAVAILABLE for a kind that cannot run on this machine, else what
 * open() said. config->argument is not used.
 */
enum conf_status conf_engine_open(struct conf_engine *out_engine,
				  const char *address,
				  const struct conf_config *config,
				  char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

/* The text of the engine's last failure; never NULL. */
const char *conf_engine_error(const struct conf_engine *engine);

/* The kind that an address is of, or NULL. */
const struct conf_kind *conf_kind_find(const char *address);
bool conf_is_foreign(const char *address);

/* The words for capabilities: "clock", ...; NULL at the end of the list. */
struct conf_capability_name {
	uint32_t bit; /* enum conf_capability */
	const char *name;
	const char *help;
};
extern const struct conf_capability_name conf_capability_names[];

/* Harmless on one that is not open. */
void conf_engine_close(struct conf_engine *engine);

#endif /* CONFORMANCE_REGISTRY_H */
