/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ref.h - the parts of the adapter to the reference engine
 *
 * The files ref*.c are the only ones that join the suite and the engine in
 * ref/: every other NAT gets exactly the same treatment.
 */
#ifndef CONFORMANCE_REF_H
#define CONFORMANCE_REF_H

#include "conformance/settings.h"
#include "masq/masq.h"

/*
 * From settings to the configuration of an engine; config->argument is the
 * profile of the engine's address, or NULL. *out_options must live as long
 * as the engine and is then given to free(), also after a failure.
 */
enum conf_status conf_ref_configure(struct masq_config *out,
				    const struct conf_config *config,
				    void **out_options,
				    char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

/* Adds the helpers that are to be loaded, in order. */
enum conf_status conf_ref_bind_helpers(
	struct masq_config *out, const struct conf_settings *settings,
	const struct conf_config *config, void **out_options,
	char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

/* "x.conf:3: helper.ftp: helper ftp is not built in" */
void conf_ref_refuse_helper(const struct conf_config *config,
			    const struct conf_load *load, const char *what,
			    char error[CONF_ERROR_SIZE]);

/* The three dumps. */
enum conf_status conf_ref_dump_table(struct masq_engine *engine,
				     conf_text_fn *text, void *ctx);
enum conf_status conf_ref_dump_long(struct masq_engine *engine, uint64_t quirks,
				    conf_text_fn *text, void *ctx);
enum conf_status conf_ref_dump_counters(struct masq_engine *engine,
					conf_text_fn *text, void *ctx);

/* The engine behind an open one, for those who look at its counters. */
struct masq_engine *conf_ref_engine(void *engine);

#endif /* CONFORMANCE_REF_H */
