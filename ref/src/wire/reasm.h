/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reasm.h - reassembly of datagrams, as Linux 2.2 does it (CORE-FRAG-05)
 */
#ifndef MASQ_WIRE_REASM_H
#define MASQ_WIRE_REASM_H

#include "wire/packet.h"

struct reasm;

enum reasm_result {
	REASM_HELD = 0, /* kept, or thrown away with a reason in pkt->drop */
	REASM_COMPLETE, /* the packet is now the whole datagram */
};

/* NULL without memory. */
struct reasm *reasm_new(void);
void reasm_free(struct reasm *r);
/* Forgets all; costs the same whatever was held. */
void reasm_reset(struct reasm *r);
size_t reasm_cost(void);

struct reasm_held {
	uint32_t octets;    /* that the fragments are charged with */
	uint32_t datagrams; /* that wait for the rest of them */
};
struct reasm_held reasm_held(const struct reasm *r);

/*
 * Takes the fragment in pkt at tick now. On REASM_COMPLETE pkt holds the
 * datagram: fragment field 0, length and header checksum new.
 */
enum reasm_result reasm_add(struct reasm *r, struct masq_pkt *pkt,
			    uint64_t now);

/* Tick at which the oldest queue expires; UINT64_MAX if there is none. */
uint64_t reasm_next(const struct reasm *r);

/*
 * Removes one queue that expires at tick now or before. Returns false if
 * there is none. If the fragment of offset 0 is there and was routed
 * before it was held, *out_first is true and pkt holds it: an ICMP time
 * exceeded is due (CORE-FRAG-06).
 */
bool reasm_expire(struct reasm *r, uint64_t now, struct masq_pkt *pkt,
		  bool *out_first);

#endif /* MASQ_WIRE_REASM_H */
