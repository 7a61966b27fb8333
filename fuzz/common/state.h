/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - what two engines of one mind hold between packets
 *
 * A timer that was set wrongly, a state not taken or a port not given back
 * shows in the tables long before it shows on a wire.
 */
#ifndef FUZZ_STATE_H
#define FUZZ_STATE_H

#include "masq/masq.h"
#include "play.h"

/*
 * A hash of what an entry is and does: ends, state, kinship, ticks to go, and
 * those of its flags that are in mask. Not of its sequence numbers.
 */
uint64_t fuzz_entry_hash(const struct masq_entry_info *e, uint16_t mask);

/* Can the tables of a player be read? Of the reference and of the model. */
bool fuzz_state_is_known(const struct fuzz_player *p);

/*
 * Both are known. Different: ended by fuzz_finding(), oracle "state:WHAT"; or
 * false, where that is known. Costs the entries of both.
 */
bool fuzz_state_compare(const struct fuzz_player *expected,
			const struct fuzz_player *actual);

#endif /* FUZZ_STATE_H */
