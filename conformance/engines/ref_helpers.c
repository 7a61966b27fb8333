/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ref_helpers.c - from the helper settings to bindings
 *
 * The engine knows helpers only as rows of masq_config.bindings; this file
 * is where names of settings become such rows, in the order of loading.
 */
#include <stdio.h>
#include <stdlib.h>

#include "helpers/registry.h"
#include "helper_quirks.h"
#include "ref.h"

const struct masq_quirk *const conf_helper_quirks = helper_quirks;
const unsigned int conf_num_helper_quirks = HELPER_NUM_QUIRKS;

/* A list as the registry takes it; returns its length. */
static unsigned int widen(int32_t out[CONF_MAX_LIST],
			  const struct conf_list *list)
{
	for (unsigned int i = 0; i < list->num_values; i++)
		out[i] = list->values[i];
	return list->num_values;
}

static void set_options(struct helper_options *out,
			const struct conf_settings *settings)
{
	helper_options_init(out);
	for (unsigned int i = 0; i < settings->ftp_noport.num_values; i++)
		out->ftp_noport[i] = settings->ftp_noport.values[i];
	out->irc_insecure = settings->irc_insecure != 0;
}

/* Appends the bindings of one helper; says what is wrong, or NULL. */
static const char *load(struct masq_config *out,
			const struct conf_settings *settings,
			const struct conf_load *helper,
			const struct helper_options *options)
{
	const struct helper_module *module =
		helper_find(conf_helper_names[helper->helper]);
	int32_t ports[CONF_MAX_LIST], in_ports[CONF_MAX_LIST];
	unsigned int num_ports, num_in_ports = 0;

	if (module == NULL)
		return "is not built in";
	num_ports = widen(ports, &helper->ports);
	if (module->has_in_ports)
		num_in_ports = widen(in_ports, &settings->ftp_in_ports);
	switch (helper_load(out, module, ports, num_ports, in_ports,
			    num_in_ports, options)) {
	case MASQ_OK:
		return NULL;
	case MASQ_ERR_CONFIG:
		return "takes fewer ports (GEN-02)";
	default:
		return "does not fit in with the others";
	}
}

enum conf_status conf_ref_bind_helpers(struct masq_config *out,
				       const struct conf_settings *settings,
				       const struct conf_config *config,
				       void **out_options,
				       char error[CONF_ERROR_SIZE])
{
	struct helper_options *options = malloc(sizeof(*options));

	*out_options = options;
	if (options == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for helpers");
		return CONF_ERR_ENGINE;
	}
	set_options(options, settings);
	for (unsigned int i = 0; i < settings->num_loads; i++) {
		const struct conf_load *helper = &settings->loads[i];
		const char *what = load(out, settings, helper, options);

		if (what == NULL)
			continue;
		conf_ref_refuse_helper(config, helper, what, error);
		return CONF_ERR_CONFIG;
	}
	return CONF_OK;
}
