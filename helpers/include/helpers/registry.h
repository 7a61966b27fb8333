/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.h - all protocol helpers, by name, and how they are loaded
 *
 * Loading follows the modules of Linux 2.2 (GEN-01 to GEN-04): a list of
 * port slots with defaults, overwritten from the first one on.
 */
#ifndef HELPERS_REGISTRY_H
#define HELPERS_REGISTRY_H

#include "helpers/quirk.h"
#include "masq/helper.h"

#define HELPER_MAX_PORTS 12

/* Parameters of modules that are not port lists of their own. */
struct helper_options {
	/* ftp.noport: ports that PORT may not name; ends at the first 0. */
	uint16_t ftp_noport[HELPER_MAX_PORTS];
	/* irc.insecure: other hosts and low ports are accepted. */
	bool irc_insecure;
};

/* Sets the defaults: noport 6000, insecure off. */
void helper_options_init(struct helper_options *options);

/* One helper as it can be loaded. */
struct helper_module {
	const char *name; /* in settings: "ftp" for key helper.ftp */
	/*
	 * One row for each kind of object it registers; a module with fixed
	 * ports (Quake) has one for each port.
	 */
	const struct masq_helper_ops *const *ops; /* ends with NULL */
	uint16_t default_ports[HELPER_MAX_PORTS]; /* 0 = empty slot */
	unsigned int max_ports; /* slots that may be given; 0 = fixed ports */
	bool has_in_ports;      /* can be bound by the masquerade port (FTP) */
};

/* NULL if there is no such helper. */
const struct helper_module *helper_find(const char *name);

/* All of them, in alphabetical order. */
extern const struct helper_module *const helper_modules[];
extern const unsigned int helper_num_modules;

/*
 * helper_load() appends the bindings that loading module with the given
 * slots makes to config, in the order of registration. ports: num_ports
 * values that overwrite the default slots from the first on; values are cut
 * to 16 bits, 0 is an empty slot that is skipped. in_ports: likewise, for
 * has_in_ports. options must outlive the engine. Errors: MASQ_ERR_CONFIG
 * (more values than the module has slots for), MASQ_ERR_SPACE (more than
 * MASQ_MAX_BINDINGS in all); then config is as before.
 */
enum masq_status helper_load(
	struct masq_config *config, const struct helper_module *module,
	const int32_t *ports, unsigned int num_ports, const int32_t *in_ports,
	unsigned int num_in_ports,
	const struct helper_options *options) MASQ_NODISCARD;

#endif /* HELPERS_REGISTRY_H */
