/* SPDX-License-Identifier: Apache-2.0 */
/* raudio_hole.h - children for the UDP ports that a player announces */
#ifndef HELPERS_RAUDIO_RAUDIO_HOLE_H
#define HELPERS_RAUDIO_RAUDIO_HOLE_H

#include "masq/helper.h"

/*
 * Opens an announced port of the inside host to the server, for 120 s until
 * it is used (RA-06, RA-12). Returns the masquerade port; 0 if the port is
 * refused or there is no room. Where quirks are off, a port that is open
 * already and not used yet is returned again, ports below 1024 are refused,
 * and so is more than a small number of ports not used yet.
 */
uint16_t raudio_open(struct masq_hook *hook, uint32_t port);

/*
 * Likewise for two ports. Returns false if one of them is missing; the
 * first may be open then (RA-12). Where quirks are off, the masquerade
 * ports are consecutive and the first is even if the announced one is, as
 * RTP likes it (RFC 3550 11), if the pool has such a pair next.
 */
bool raudio_open_pair(struct masq_hook *hook, uint32_t first, uint32_t second,
		      uint16_t out_ports[2]);

#endif /* HELPERS_RAUDIO_RAUDIO_HOLE_H */
