/* SPDX-License-Identifier: Apache-2.0 */
/* quake.h - Quake 1 over UDP: the game moves to another port (QUAKE-) */
#ifndef HELPERS_QUAKE_QUAKE_H
#define HELPERS_QUAKE_QUAKE_H

#include "helpers/registry.h"

extern const struct helper_module masq_quake_module;

#endif /* HELPERS_QUAKE_QUAKE_H */
