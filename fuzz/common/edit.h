/* SPDX-License-Identifier: Apache-2.0 */
/* edit.h - a packet changed in a copy, its sums as good as before */
#ifndef FUZZ_EDIT_H
#define FUZZ_EDIT_H

#include "masq/wire.h"

#define FUZZ_MAX_PACKET 70000u

/*
 * Replaces 16 bits at offset at, which a sum at sum_at covers (0 = none):
 * what was good stays good, what was bad stays bad by as much (RFC 1624).
 */
void fuzz_put16(struct masq_buf *b, uint32_t at, uint16_t value,
		uint32_t sum_at);

/* Sums of an IPv4 packet without options or fragments, from scratch. */
void fuzz_make_sums(struct masq_buf *b);

#endif /* FUZZ_EDIT_H */
