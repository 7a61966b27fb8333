/* SPDX-License-Identifier: Apache-2.0 */
/* minimize/minimize.h - what the parts of the minimiser share */
#ifndef MINIMIZE_MINIMIZE_H
#define MINIMIZE_MINIMIZE_H

#include "conformance/minimize.h"
#include "conformance/registry.h"
#include "masq/wire.h"

/* ---- names.c: what external endpoints are called -- */

/* Something that a helper wrote into a payload: the name of a hole. */
struct min_hole {
	size_t number; /* of the stimulus whose result shows it */
	bool binary;   /* 16 bits at offset; else decimal numbers */
	bool pair;     /* two of them, as FTP writes a port */
	uint32_t at;   /* offset, or how many numbers stand before */
};

struct min_names {
	uint32_t num_flows, num_sources, num_holes; /* numbers begin at 1 */
	struct min_hole *holes;                     /* hole 1 is holes[0] */
};

/*
 * Finds out, from a trace that was played, which flow each stimulus of trace
 * belongs to and at whose name it was aimed. False without memory.
 */
bool min_names_link(struct min_names *names, struct conf_trace *trace,
		    const struct conf_trace *played) CONF_NODISCARD;
void min_names_cleanup(struct min_names *names);

/* Names as one attempt shows them. */
struct min_name {
	bool known;
	uint32_t addr;
	uint16_t port;
};
struct min_table {
	const struct min_names *names;
	struct min_name *flows, *sources, *holes; /* by number */
};
bool min_table_init(struct min_table *table,
		    const struct min_names *names) CONF_NODISCARD;
void min_table_cleanup(struct min_table *table);

/* A result of a stimulus: what it shows is remembered. */
void min_table_learn(struct min_table *table,
		     const struct conf_stimulus *stimulus,
		     const struct conf_packet *result);
/* Aims data, a copy of the stimulus's octets. */
void min_table_aim(const struct min_table *table,
		   const struct conf_stimulus *stimulus, uint8_t *data);

/* ---- endpoint.c: endpoints in packets ---- */

struct min_endpoint {
	uint8_t proto;
	uint32_t addr;
	uint16_t port; /* or ICMP id */
};

/* Source and destination of a first fragment; false if there are none. */
bool min_ends(const uint8_t *data, uint32_t len, struct min_endpoint *source,
	      struct min_endpoint *destination);
/* The source of the packet that an ICMP error quotes. */
bool min_quoted_source(const uint8_t *data, uint32_t len,
		       struct min_endpoint *out);
/* Change them; a good checksum stays good, a bad one bad. */
void min_set_destination(uint8_t *data, uint32_t len, uint32_t addr,
			 uint16_t port);
void min_set_quoted(uint8_t *data, uint32_t len, uint32_t addr, uint16_t port);
/* Another number for a port or ICMP id, in quotes as well. */
void min_rename(uint8_t *data, uint32_t len, uint16_t from, uint16_t to);
/* The payload of TCP or UDP; empty if there is none. */
struct masq_view min_payload(const uint8_t *data, uint32_t len);

/* ---- trial.c: attempts ---- */

struct min_run {
	const struct conf_minimize *m;
	struct conf_minimized *out;
	struct min_names names;
	struct conf_config config; /* settings that are left */
	void *shared;              /* with the attempt's process */
	bool broken;               /* nothing can be tried any more */
	char *error;               /* CONF_ERROR_SIZE, says why */
	enum conf_status status;
	unsigned int timeout; /* ms, of an attempt */
	const char *part;
	size_t done, total; /* of the part */
};

/*
 * Plays a candidate in a process of its own. True if it shows the class that
 * is wanted (NULL: any); *finding is then filled in.
 */
bool min_try(struct min_run *run, const struct conf_trace *candidate,
	     const char *wanted, struct conf_finding *finding);
/* The candidate as it is aimed, with the results of the engine. */
bool min_play(struct min_run *run, const struct conf_trace *candidate,
	      struct conf_trace *played);

/* ---- simplify.c ---- */

/* Fields of each stimulus, then times; true if anything changed. */
bool min_simplify(struct min_run *run, struct conf_trace *trace);
bool min_simplify_times(struct min_run *run, struct conf_trace *trace);
/* Does the changed trace still show the class? Then it is kept. */
bool min_still(struct min_run *run, const struct conf_trace *candidate);

#endif /* MINIMIZE_MINIMIZE_H */
