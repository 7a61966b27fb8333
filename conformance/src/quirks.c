/* SPDX-License-Identifier: Apache-2.0 */
/* quirks.c - all named quirks, the engine's and the helpers' */
#include "conformance/settings.h"
#include "helper_quirks.h"

unsigned int conf_num_quirks(void)
{
	return MASQ_NUM_QUIRKS + conf_num_helper_quirks;
}

const struct masq_quirk *conf_quirk_at(unsigned int index)
{
	return index < MASQ_NUM_QUIRKS
		       ? &masq_quirks[index]
		       : &conf_helper_quirks[index - MASQ_NUM_QUIRKS];
}

uint64_t conf_quirk_bit(unsigned int index)
{
	return UINT64_C(1) << (index < MASQ_NUM_QUIRKS
				       ? index
				       : index - MASQ_NUM_QUIRKS +
						 MASQ_QUIRK_HELPER_FIRST);
}
