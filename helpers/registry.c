/* SPDX-License-Identifier: Apache-2.0 */
/* registry.c - the list of all protocol helpers, and how they are loaded */
#include <string.h>

#include "cuseeme/cuseeme.h"
#include "ftp/ftp.h"
#include "helpers/registry.h"
#include "irc/irc.h"
#include "quake/quake.h"
#include "raudio/raudio.h"
#include "vdolive/vdolive.h"

const struct helper_module *const helper_modules[] = {
	&masq_cuseeme_module, &masq_ftp_module,    &masq_irc_module,
	&masq_quake_module,   &masq_raudio_module, &masq_vdolive_module,
};
const unsigned int helper_num_modules = sizeof(helper_modules) /
					sizeof(helper_modules[0]);

const struct masq_quirk helper_quirks[HELPER_NUM_QUIRKS] = {
#define X(id, name, rule, what) {name, rule, what},
	HELPER_QUIRK_LIST(X)
#undef X
};

void helper_options_init(struct helper_options *options)
{
	*options = (struct helper_options){.ftp_noport = {6000}};
}

const struct helper_module *helper_find(const char *name)
{
	for (unsigned int i = 0; i < helper_num_modules; i++) {
		if (strcmp(helper_modules[i]->name, name) == 0)
			return helper_modules[i];
	}
	return NULL;
}

/* GEN-01: what is given replaces the slots from the first one on. */
static void fill_slots(uint16_t slots[HELPER_MAX_PORTS],
		       const uint16_t *defaults, const int32_t *ports,
		       unsigned int num_ports)
{
	for (unsigned int i = 0; i < HELPER_MAX_PORTS; i++)
		slots[i] = defaults == NULL ? 0 : defaults[i];
	for (unsigned int i = 0; i < num_ports; i++)
		slots[i] = (uint16_t)((uint32_t)ports[i] & 0xffff); /* GEN-03 */
}

/* Registers the used slots; GEN-03: a hole in the list does not end it. */
static enum masq_status bind_slots(struct masq_config *config,
				   const struct helper_module *module,
				   const uint16_t slots[HELPER_MAX_PORTS],
				   bool inbound,
				   const struct helper_options *options)
{
	const bool is_fixed = module->max_ports == 0;

	for (unsigned int i = 0; i < HELPER_MAX_PORTS; i++) {
		if (slots[i] == 0)
			continue;
		if (config->num_bindings == MASQ_MAX_BINDINGS)
			return MASQ_ERR_SPACE;
		config->bindings[config->num_bindings++] =
			(struct masq_binding){
				.ops = module->ops[is_fixed ? i : 0],
				.options = options,
				.port = slots[i],
				.inbound = inbound,
			};
	}
	return MASQ_OK;
}

enum masq_status helper_load(struct masq_config *config,
			     const struct helper_module *module,
			     const int32_t *ports, unsigned int num_ports,
			     const int32_t *in_ports, unsigned int num_in_ports,
			     const struct helper_options *options)
{
	const unsigned int max_in = module->has_in_ports ? HELPER_MAX_PORTS : 0;
	const unsigned int before = config->num_bindings;
	uint16_t slots[HELPER_MAX_PORTS];
	enum masq_status status;

	if (num_ports > module->max_ports || num_in_ports > max_in)
		return MASQ_ERR_CONFIG; /* GEN-02 */
	fill_slots(slots, module->default_ports, ports, num_ports);
	status = bind_slots(config, module, slots, false, options);
	if (status == MASQ_OK) {
		fill_slots(slots, NULL, in_ports, num_in_ports);
		status = bind_slots(config, module, slots, true, options);
	}
	if (status != MASQ_OK)
		config->num_bindings = before; /* GEN-04 */
	return status;
}
