/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.h - the contract between masqcheck and a NAT
 *
 * An engine is a table of functions. Packets and the time go in, packets
 * come out; behind it are no sockets, threads, clocks or random numbers:
 * time is a parameter, and so is the seed. A shared object is an engine if
 * it exports
 *
 *     const struct conf_engine_ops *conf_engine(void);
 *
 * Packets begin at the IP header. Times are nanoseconds. Everything that a
 * function gets is valid during the call only.
 */
#ifndef CONFORMANCE_ENGINE_H
#define CONFORMANCE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONF_NODISCARD __attribute__((warn_unused_result))

/* Grows when a field or function changes its meaning. */
#define CONF_ENGINE_ABI 1u

enum conf_side {
	CONF_SIDE_NONE = 0,
	CONF_INSIDE = 1,
	CONF_OUTSIDE = 2,
};

enum conf_cast {
	CONF_CAST_HOST = 0, /* unicast to the router */
	CONF_CAST_BROADCAST = 1,
	CONF_CAST_MULTICAST = 2,
	CONF_CAST_OTHER = 3, /* unicast to somebody else */
};

/* What an engine can do. What it cannot makes a case UNIMPLEMENTED. */
enum conf_capability {
	CONF_CAN_VIRTUAL_TIME = 1u << 0, /* advance() moves its timers */
	CONF_CAN_FRAGMENTS = 1u << 1,
	CONF_CAN_DUMP = 1u << 2,        /* dump() lists the mappings */
	CONF_CAN_CONFIGURE = 1u << 3,   /* settings are obeyed */
	CONF_CAN_ETHERNET = 1u << 4,    /* results carry next-hop addresses */
	CONF_CAN_MARK_ERRORS = 1u << 5, /* own_error of results is right */
};

/* A packet on its way in (stimulus) or out (result). */
struct conf_packet {
	enum conf_side side;    /* where it arrived, or by which it leaves */
	enum conf_cast cast;    /* stimuli only */
	uint64_t now;           /* ns; results: of the stimulus or the timer */
	const uint8_t *data;    /* from the IP header on; link padding may
				follow a stimulus */
	uint32_t len;           /* octets */
	const uint8_t *src_mac; /* 6 octets; NULL = not Ethernet */
	const uint8_t *dst_mac; /* 6 octets, results; NULL = not known */
	bool own_error; /* results: an ICMP error the engine made itself */
};

/* One setting of the router: keys and values as in a capture's sidecar. */
struct conf_setting {
	const char *key;
	const char *value;
	unsigned int line; /* in the file; 0 = not from a file */
};

struct conf_config {
	const struct conf_setting *settings;
	size_t num_settings;
	const char *origin;   /* name of the file, for errors; may be NULL */
	const char *argument; /* what stood behind the colon of the engine's
				 address ("ref:ARGUMENT"); NULL = nothing */
	uint64_t seed;        /* for engines that choose at random */
	uint32_t timeout; /* ms that a call may take, where the engine runs in
				 a process of its own; 0 = 10000 */
};

/* Called for each result, in the order of sending. */
typedef void conf_emit_fn(void *ctx, const struct conf_packet *result);

/* Called for each piece of a dump, in order. */
typedef void conf_text_fn(void *ctx, const char *text, size_t len);

enum conf_status {
	CONF_OK = 0,
	CONF_ERR_CONFIG, /* a setting is unknown or out of range */
	CONF_ERR_ENGINE, /* the engine broke */
	CONF_ERR_UNSUPPORTED,
	CONF_ERR_UNAVAILABLE, /* masqcheck's own: it cannot run here */
};

enum conf_dump {
	CONF_DUMP_TABLE = 0, /* the engine's own format; for ref that of
				/proc/net/ip_masquerade */
	CONF_DUMP_LONG,      /* for people */
	CONF_DUMP_COUNTERS,  /* what has happened: lines "name value", names
				of letters, digits, '.' and '-' */
};

struct conf_engine_ops {
	uint32_t abi_version; /* CONF_ENGINE_ABI */
	uint32_t size;        /* sizeof(struct conf_engine_ops) */
	const char *name;
	uint32_t capabilities; /* enum conf_capability */

	/*
	 * Makes an engine. On failure *out_engine is NULL and error (of
	 * error_size octets) holds a line of text.
	 */
	enum conf_status (*open)(const struct conf_config *config,
				 void **out_engine, char *error,
				 size_t error_size);
	/* Back to the state after open(). */
	enum conf_status (*reset)(void *engine);
	/* A packet arrived. */
	enum conf_status (*packet)(void *engine,
				   const struct conf_packet *stimulus,
				   conf_emit_fn *emit, void *ctx);
	/* Time passes up to and including now. A shared object may leave it
	   NULL: nothing comes of time alone. */
	enum conf_status (*advance)(void *engine, uint64_t now,
				    conf_emit_fn *emit, void *ctx);
	/* The mapping table; CONF_ERR_UNSUPPORTED without CAN_DUMP, where a
	   shared object may leave it NULL. */
	enum conf_status (*dump)(void *engine, enum conf_dump what,
				 conf_text_fn *text, void *ctx);
	/*
	 * What went wrong when a function above returned CONF_ERR_ENGINE:
	 * a line of text, valid until the next call. May be NULL.
	 */
	const char *(*error)(void *engine);
	/* Frees it. Harmless on NULL. */
	void (*close)(void *engine);
};

/* What a shared object exports, under this name. */
typedef const struct conf_engine_ops *conf_engine_fn(void);
conf_engine_fn conf_engine __attribute__((visibility("default")));
#define CONF_ENGINE_SYMBOL "conf_engine"

#endif /* CONFORMANCE_ENGINE_H */
