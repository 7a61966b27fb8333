/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reassembly.h - a strict reassembler: what a datagram was, or nothing
 *
 * Fragments that overlap with other content, come late, or find no room
 * make the datagram unknown; it is then never said to be complete.
 */
#ifndef INVARIANTS_REASSEMBLY_H
#define INVARIANTS_REASSEMBLY_H

#include "packet.h"

#define INV_MAX_QUEUES 32
#define INV_MAX_OCTETS 65535u

struct inv_queue {
	bool unknown, has_first, has_last;
	uint32_t saddr, daddr;
	uint16_t id;
	uint8_t proto, min_ttl, max_ttl;
	uint32_t header_len; /* of the first fragment */
	uint32_t end;        /* octets of payload, once has_last */
	uint32_t num_octets; /* of payload there */
	uint64_t last;       /* ns, of the last fragment */
	uint8_t header[60];
	uint8_t *payload; /* INV_MAX_OCTETS */
	uint8_t *there;   /* a bit for each 8 octets */
};

struct inv_reassembly {
	bool used[INV_MAX_QUEUES]; /* apart: reset for each input of a fuzzer */
	struct inv_queue queues[INV_MAX_QUEUES];
	uint8_t *joined; /* the last datagram that was completed */
};

struct inv_joined {
	struct masq_view octets; /* header and payload, no fragment fields */
	uint8_t min_ttl, max_ttl;
};

void inv_reassembly_cleanup(struct inv_reassembly *r);
void inv_reassembly_clear(struct inv_reassembly *r);

/*
 * Adds a fragment. True if that completes its datagram; out_joined is valid
 * until the next call.
 */
bool inv_reassembly_add(struct inv_reassembly *r, const struct conf_layout *ip,
			uint64_t now, struct inv_joined *out_joined);

#endif /* INVARIANTS_REASSEMBLY_H */
