/* SPDX-License-Identifier: Apache-2.0 */
/* engines.h - the engines that are built in */
#ifndef CONFORMANCE_ENGINES_H
#define CONFORMANCE_ENGINES_H

#include "conformance/registry.h"

extern const struct conf_engine_ops conf_ref_ops;       /* ref.c */
extern const struct conf_engine_ops conf_capture_ops;   /* capture.c */
extern const struct conf_engine_ops conf_live_ops;      /* live.c */
extern const struct conf_engine_ops conf_netfilter_ops; /* netfilter/ */
extern const struct conf_engine_ops conf_sabotage_ops;  /* sabotage.c */

/* exec.c */
extern const struct conf_engine_ops conf_exec_ops;
bool conf_exec_available(char why[CONF_ERROR_SIZE]);
const struct conf_engine_ops *conf_exec_ops_of(void *engine);

/* plugin.c */
extern const struct conf_engine_ops conf_plugin_ops;
bool conf_plugin_claims(const char *address);
const struct conf_engine_ops *conf_plugin_ops_of(void *engine);
/* Can this machine run it? If not, why says what is missing. */
enum conf_status conf_netfilter_available(char *why, size_t size);

#endif /* CONFORMANCE_ENGINES_H */
