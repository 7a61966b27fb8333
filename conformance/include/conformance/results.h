/* SPDX-License-Identifier: Apache-2.0 */
/* results.h - the packets that came of one stimulus, or of time passing */
#ifndef CONFORMANCE_RESULTS_H
#define CONFORMANCE_RESULTS_H

#include "conformance/engine.h"

struct conf_result {
	enum conf_side side; /* leaves by */
	uint64_t now;        /* ns */
	size_t offset;       /* of its octets in data */
	uint32_t len;        /* octets */
	bool own_error;      /* as the engine said */
	bool has_src_mac;
	bool has_dst_mac;
	uint8_t src_mac[6];
	uint8_t dst_mac[6];
};

/* Grows as needed and keeps its memory when cleared. */
struct conf_results {
	struct conf_result *items; /* in the order of sending */
	size_t num_items, max_items;
	uint8_t *data; /* the octets of all of them */
	size_t data_len, data_cap;
	bool failed; /* no memory: results are missing */
};

/* All zero octets are a good start as well. */
void conf_results_init(struct conf_results *results);
void conf_results_cleanup(struct conf_results *results);

/* Forgets the packets and the failure. */
void conf_results_clear(struct conf_results *results);

/* A conf_emit_fn: ctx is a struct conf_results, the packet is copied. */
void conf_results_emit(void *ctx, const struct conf_packet *result);

/* The octets of a result; valid until the next emit. */
static inline const uint8_t *conf_result_data(
	const struct conf_results *results, const struct conf_result *result)
{
	return results->data + result->offset;
}

#endif /* CONFORMANCE_RESULTS_H */
