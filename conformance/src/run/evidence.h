/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.h - the packets of a case, and the captures made of them */
#ifndef RUN_EVIDENCE_H
#define RUN_EVIDENCE_H

#include "conformance/run.h"

struct run_packet {
	enum conf_seen_kind kind;
	enum conf_side side;
	enum conf_cast cast;
	uint64_t now;
	size_t offset; /* in data */
	uint32_t len;
	bool has_mac;
	uint8_t mac[6];
};

struct run_evidence {
	struct run_packet *packets;
	size_t num, max;
	uint8_t *data;
	size_t data_len, data_cap;
	bool failed; /* no memory */
};

/* A conf_seen_fn. */
void run_evidence_seen(void *ctx, enum conf_seen_kind kind,
		       const struct conf_packet *packet);
/* DIR/ID/stimuli.pcap, actual.pcap, expected.pcap; false: error. */
bool run_evidence_write(const struct run_evidence *evidence, const char *dir,
			const char *id, char error[CONF_ERROR_SIZE]);
/* One capture: the stimuli, and the results of a kind. */
bool run_evidence_capture(const struct run_evidence *evidence, const char *path,
			  enum conf_seen_kind results, char *error);
void run_evidence_cleanup(struct run_evidence *evidence);

#endif /* RUN_EVIDENCE_H */
