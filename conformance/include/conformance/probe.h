/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h - what kind of NAT is it? Found out through the contract alone
 *
 * Each row of a table asks an engine one question, with packets, on a fresh
 * engine, and says the answer in the terms of RFC 4787, 5382 and 5508. Nothing
 * is known of the engine but what it sends.
 */
#ifndef CONFORMANCE_PROBE_H
#define CONFORMANCE_PROBE_H

#include <signal.h>

#include "conformance/registry.h"

#define CONF_PROBE_EVIDENCE 48u /* packets that are kept of a fact */

/* A packet that the answer rests on; those of the last trial. */
struct conf_probe_packet {
	bool is_result;
	enum conf_side side;
	uint64_t now; /* ns since the trial began */
	uint8_t *data;
	uint32_t len;
};

struct conf_fact {
	const char *id;     /* "filtering.udp" */
	const char *title;  /* */
	const char *clause; /* that the question comes from */
	char value[96];     /* the answer, in few words; "" = not asked */
	char detail[160];   /* more of it, or why it was not asked */
	struct conf_probe_packet evidence[CONF_PROBE_EVIDENCE];
	size_t num_evidence;
};

struct conf_probe {
	const char *engine; /* its address */
	const struct conf_config *config;
	bool real_time;      /* wait, where there is no virtual clock */
	const char *pattern; /* ids that are asked, as conf_glob(); NULL: all */
	volatile sig_atomic_t *interrupted; /* may be NULL */
	/* Called for each fact as it is found; the fact is valid meanwhile. */
	void (*found)(void *ctx, const struct conf_fact *fact);
	void *ctx;
};

/* How many questions there are, and the id and title of each. */
size_t conf_probe_num(void);
const char *conf_probe_id(size_t index);

/*
 * Asks. CONF_ERR_CONFIG, CONF_ERR_ENGINE: error says what could not be opened
 * or what broke; facts up to there were given.
 */
enum conf_status conf_probe_run(const struct conf_probe *probe,
				char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

#endif /* CONFORMANCE_PROBE_H */
