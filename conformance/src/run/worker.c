/* SPDX-License-Identifier: Apache-2.0 */
/* worker.c - one case after the other, each with a fresh engine */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/model.h"
#include "conformance/run.h"
#include "run/evidence.h"

struct conf_worker {
	struct conf_engine engine;
	const struct conf_case *opened_for; /* its settings */
};

struct conf_worker *conf_worker_new(void)
{
	return calloc(1, sizeof(struct conf_worker));
}

void conf_worker_free(struct conf_worker *worker)
{
	if (worker == NULL)
		return;
	conf_engine_close(&worker->engine);
	free(worker);
}

static void give_up(struct conf_outcome *out, enum rep_verdict verdict,
		    const char *reason)
{
	*out = (struct conf_outcome){.verdict = verdict};
	snprintf(out->reason, sizeof(out->reason), "%s", reason);
}

/* The settings of the case, and those behind them. */
static enum conf_status open_engine(struct conf_worker *w,
				    const struct conf_run *run,
				    const struct conf_case *c,
				    char error[CONF_ERROR_SIZE])
{
	struct conf_config config;
	struct conf_setting *all;
	enum conf_status status;

	conf_case_config(c, &config);
	config.seed = run->seed;
	/* The engine is to say itself that it hung: it knows the packet. */
	config.timeout = run->timeout * 900u;
	all = calloc(config.num_settings + run->num_extra + 1, sizeof(*all));
	if (all == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for settings");
		return CONF_ERR_ENGINE;
	}
	for (size_t i = 0; i < config.num_settings; i++)
		all[i] = config.settings[i];
	for (size_t i = 0; i < run->num_extra; i++)
		all[config.num_settings + i] = run->extra[i];
	config.settings = all;
	config.num_settings += run->num_extra;
	conf_engine_close(&w->engine);
	status = conf_engine_open(&w->engine, run->engine, &config, error);
	w->opened_for = status == CONF_OK ? c : NULL;
	free(all);
	return status;
}

/* A fresh engine: reset is enough where the settings are the same. */
static bool prepare(struct conf_worker *w, const struct conf_run *run,
		    const struct conf_case *c, struct conf_outcome *out)
{
	char error[CONF_ERROR_SIZE] = "";
	enum conf_status status;
	uint32_t missing;

	if (w->opened_for != NULL && conf_case_same_config(w->opened_for, c) &&
	    w->engine.ops->reset(w->engine.state) == CONF_OK)
		status = CONF_OK;
	else
		status = open_engine(w, run, c, error);
	if (status == CONF_ERR_CONFIG || status == CONF_ERR_UNSUPPORTED) {
		give_up(out, REP_UNIMPLEMENTED, error);
		return false;
	}
	if (status == CONF_ERR_UNAVAILABLE) {
		give_up(out, REP_SKIP, error);
		return false;
	}
	if (status != CONF_OK) {
		give_up(out, REP_ERROR, error);
		return false;
	}
	missing = conf_case_needs(c) & ~w->engine.ops->capabilities;
	if (missing == 0)
		return true;
	give_up(out, REP_UNIMPLEMENTED,
		missing & CONF_CAN_CONFIGURE ? "the engine has no settings"
		: missing & CONF_CAN_VIRTUAL_TIME
			? "the engine has no virtual clock"
		: missing & CONF_CAN_FRAGMENTS ? "the engine has no fragments"
					       : "the engine lacks a need of "
						 "the case");
	return false;
}

void conf_run_one(struct conf_worker *w, const struct conf_run *run,
		  size_t index, struct conf_outcome *out, bool *out_kept,
		  char error[CONF_ERROR_SIZE])
{
	const struct conf_suite_case *sc = run->cases[index];
	struct conf_player player = {
		.engine = &w->engine,
		.invariants = run->invariants,
		.extra = run->extra,
		.num_extra = run->num_extra,
	};
	struct run_evidence evidence = {.num = 0};
	bool keep = run->out != NULL && run->keep != CONF_KEEP_NONE;

	*out_kept = false;
	error[0] = '\0';
	if (!prepare(w, run, sc->c, out))
		return;
	if (keep) {
		player.seen = run_evidence_seen;
		player.ctx = &evidence;
	}
	conf_play(&player, sc->c, out);
	if (out->verdict == REP_ERROR)
		w->opened_for = NULL; /* who knows what state that left */
	if (keep && (run->keep == CONF_KEEP_ALL || out->verdict != REP_PASS))
		*out_kept = run_evidence_write(&evidence, run->out, sc->id,
					       error);
	run_evidence_cleanup(&evidence);
}
