/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - the options that say how the router was configured
 *
 * --config, --set and their short forms, shared by several commands as a
 * child parser. The order, later wins: what was learnt from the capture,
 * the file, the command line.
 */
#ifndef MASQCHECK_CONFIG_H
#define MASQCHECK_CONFIG_H

#include "cli.h"
#include "conformance/settings.h"
#include "pcaps/sidecar.h"
#include "reports/term.h"

struct cli_config {
	/* From the command line. */
	const char *path;        /* --config, or NULL */
	struct cap_sidecar sets; /* --set and its short forms */
	enum rep_when color;     /* --color */
	uint32_t timeout;        /* --timeout, ms; 0 = the default */
	/* Filled in by cli_config_load(). */
	struct cap_sidecar learnt; /* for the caller to fill */
	struct cap_sidecar file;
	struct conf_setting *all; /* of all three, in order */
	struct conf_config config;
	struct conf_settings settings;
};

/* For struct argp_child; its input is a struct cli_config. */
extern const struct argp cli_config_argp;

void cli_config_init(struct cli_config *config);
void cli_config_cleanup(struct cli_config *config);

/*
 * Reads --config, or the sidecar of capture_path (may be NULL) if there is
 * one, and checks everything. Prints what is wrong. May be called again
 * after a change of learnt.
 */
enum cli_exit cli_config_load(struct cli_config *config,
			      const char *capture_path);

/*
 * The exit code for a configuration that was refused with error: broken input
 * if the error names the file of settings, else wrong usage.
 */
enum cli_exit cli_config_exit(const struct cli_config *config,
			      enum conf_status status, const char *error);

#endif /* MASQCHECK_CONFIG_H */
