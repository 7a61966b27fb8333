/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vector.h - vectors of the specification as tables: one segment of a client
 * inside, as Linux 2.2.26 sends it on, and the entries that it makes
 */
#ifndef HELPERS_TEST_VECTOR_H
#define HELPERS_TEST_VECTOR_H

#include "kit.h"

struct vector_bytes {
	const void *data;
	uint32_t len;
};

/* A string, without the zero. */
#define VECTOR_BYTES(s)                                                        \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}

struct vector_row {
	const char *id;
	struct vector_bytes before[2]; /* sent first */
	bool has_options;              /* the segment has TCP options */
	struct vector_bytes stimulus;
	struct vector_bytes expected; /* if it changes */
	int32_t delta;                /* recorded afterwards */
	const char *made; /* by the stimulus, as text; NULL = nothing */
};

/* The helper, and the server that the rows' connections go to. */
struct vector_place {
	const struct helper_module *module;
	uint32_t server_addr;
	uint16_t server_port;
};

/* An engine with all quirks, the helper and that many entries. */
struct kit *vector_open(const struct vector_place *place, uint32_t max_entries);

/* A connection of the client to the server, on masquerade port 61000. */
struct kit_conn vector_connect(struct kit *kit,
			       const struct vector_place *place);

/* The change of lengths that the connection has on record. */
int32_t vector_delta(struct kit *kit);

/* Tries each row with an engine of its own. */
void vector_run(const struct vector_place *place, const struct vector_row *rows,
		size_t num_rows);

#endif /* HELPERS_TEST_VECTOR_H */
