/* SPDX-License-Identifier: Apache-2.0 */
/* cuseeme.h - CU-SeeMe over UDP: addresses in each datagram (CUS-) */
#ifndef HELPERS_CUSEEME_CUSEEME_H
#define HELPERS_CUSEEME_CUSEEME_H

#include "helpers/registry.h"

extern const struct helper_module masq_cuseeme_module;

#endif /* HELPERS_CUSEEME_CUSEEME_H */
