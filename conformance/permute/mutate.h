/* SPDX-License-Identifier: Apache-2.0 */
/* mutate.h - one field of a packet changed, for those who must notice it */
#ifndef CONFORMANCE_MUTATE_H
#define CONFORMANCE_MUTATE_H

#include "conformance/compare.h"
#include "conformance/decode.h"
#include "equivalence/eqv.h"

/* Numbers by chance, the same ones from the same seed. */
uint32_t mutation_draw(uint32_t *seed, uint32_t below);

struct mutation {
	uint32_t *seed;
	/*
	 * Sums follow, so that they are as good or bad as before. Taken back
	 * where that cannot be done.
	 */
	bool carry;
	char field[CONF_FIELD_NAME]; /* that was changed */
};

/* Where the packet stands in what is compared. */
struct mutation_place {
	bool grows;   /* a name or flow is shown first, in this step */
	bool has_own; /* the router's own errors are among the results */
};

/* Can a change of that field be told at all? */
bool mutation_is_telling(const struct mutation *m,
			 const struct mutation_place *place,
			 const struct eqv_parsed *packet,
			 const struct conf_field *field);
/* Changes one bit of it. */
void mutation_apply(struct mutation *m, uint8_t *data, uint32_t len,
		    const struct conf_field *field,
		    const struct eqv_parsed *packet);

#endif /* CONFORMANCE_MUTATE_H */
