/* SPDX-License-Identifier: Apache-2.0 */
/* vdolive.h - VDO Live over TCP: one UDP port for the media (VDO-) */
#ifndef HELPERS_VDOLIVE_VDOLIVE_H
#define HELPERS_VDOLIVE_VDOLIVE_H

#include "helpers/registry.h"

extern const struct helper_module masq_vdolive_module;

#endif /* HELPERS_VDOLIVE_VDOLIVE_H */
