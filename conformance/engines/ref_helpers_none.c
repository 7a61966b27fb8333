/* SPDX-License-Identifier: Apache-2.0 */
/* ref_helpers_none.c - what ref_helpers.c does where no helper is built */
#include "helper_quirks.h"
#include "ref.h"

const struct masq_quirk *const conf_helper_quirks = NULL;
const unsigned int conf_num_helper_quirks = 0;

enum conf_status conf_ref_bind_helpers(struct masq_config *out,
				       const struct conf_settings *settings,
				       const struct conf_config *config,
				       void **out_options,
				       char error[CONF_ERROR_SIZE])
{
	(void)out;
	*out_options = NULL;
	if (settings->num_loads == 0)
		return CONF_OK;
	conf_ref_refuse_helper(config, &settings->loads[0], "is not built in",
			       error);
	return CONF_ERR_CONFIG;
}
