/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fragment.h - splitting a datagram for a small MTU (CORE-FRAG-10)
 */
#ifndef MASQ_WIRE_FRAGMENT_H
#define MASQ_WIRE_FRAGMENT_H

#include "wire/packet.h"

/* Called for each piece; the piece is valid during the call. */
typedef void fragment_fn(void *ctx, const uint8_t *data, uint32_t len);

/*
 * Calls out() for each piece of pkt, none longer than mtu (at least 68),
 * using scratch (of at least mtu octets) for their octets.
 */
void fragment_split(const struct masq_pkt *pkt, uint32_t mtu, uint8_t *scratch,
		    fragment_fn *out, void *ctx);

#endif /* MASQ_WIRE_FRAGMENT_H */
