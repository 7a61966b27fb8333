/* SPDX-License-Identifier: Apache-2.0 */
/* helper_quirks.h - the quirks of the helpers that are built in */
#ifndef CONFORMANCE_HELPER_QUIRKS_H
#define CONFORMANCE_HELPER_QUIRKS_H

#include "masq/quirk.h"

/* Row i has bit MASQ_QUIRK_HELPER_FIRST + i. NULL, 0: no helpers. */
extern const struct masq_quirk *const conf_helper_quirks;
extern const unsigned int conf_num_helper_quirks;

#endif /* CONFORMANCE_HELPER_QUIRKS_H */
