/* SPDX-License-Identifier: Apache-2.0 */
/* raudio.h - RealAudio and RTSP over TCP: UDP ports for the media (RA-) */
#ifndef HELPERS_RAUDIO_RAUDIO_H
#define HELPERS_RAUDIO_RAUDIO_H

#include "helpers/registry.h"

extern const struct helper_module masq_raudio_module;

#endif /* HELPERS_RAUDIO_RAUDIO_H */
