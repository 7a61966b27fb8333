/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.h - many cases against one engine, in processes of their own
 *
 * A child plays cases one after the other and reports each; one that crashes
 * or hangs costs the case that it was playing, and another takes over.
 */
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include <signal.h>

#include "conformance/play.h"
#include "conformance/suite.h"

enum conf_keep {
	CONF_KEEP_FAILED = 0,
	CONF_KEEP_ALL,
	CONF_KEEP_NONE,
};

/* Names of the captures that are kept of a case, in its folder. */
#define CONF_NUM_EVIDENCE 3u
extern const char *const conf_evidence[CONF_NUM_EVIDENCE];

struct conf_run {
	const struct conf_suite_case *const *cases; /* in order of playing */
	size_t num_cases;
	const char *engine;               /* its address */
	const struct conf_setting *extra; /* behind those of the case */
	size_t num_extra;
	uint64_t seed;
	unsigned int jobs;    /* children at a time */
	unsigned int timeout; /* s, for a case */
	bool invariants;
	enum conf_keep keep;
	const char *out; /* folder for captures, or NULL */
	/* A case has ended; kept: its captures are there. True: go on. */
	bool (*done)(void *ctx, size_t index, const struct conf_outcome *o,
		     bool kept);
	void *ctx;
	volatile sig_atomic_t *interrupted; /* set by the caller's handler */
};

/*
 * Plays all of them. CONF_ERR_ENGINE: the harness broke (no process, a
 * capture that cannot be written); error says how.
 */
enum conf_status conf_run_cases(const struct conf_run *run,
				char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

/* The same for one case, in this process. */
struct conf_worker;
void conf_run_one(struct conf_worker *worker, const struct conf_run *run,
		  size_t index, struct conf_outcome *out, bool *out_kept,
		  char error[CONF_ERROR_SIZE]);
struct conf_worker *conf_worker_new(void);
void conf_worker_free(struct conf_worker *worker);

/* A number after another: for the order of cases. */
uint64_t conf_random(uint64_t *state);

/* Makes a folder and those above it; false: errno. */
bool conf_make_folder(const char *path);

#endif /* CONFORMANCE_RUN_H */
