/* SPDX-License-Identifier: Apache-2.0 */
/* irc.h - the IRC helper: DCC offers in messages of RFC 1459 */
#ifndef HELPERS_IRC_H
#define HELPERS_IRC_H

#include "helpers/registry.h"

extern const struct helper_module masq_irc_module;

#endif /* HELPERS_IRC_H */
