/* SPDX-License-Identifier: Apache-2.0 */
/* permute.h - the same capture with other names */
#ifndef CONFORMANCE_PERMUTE_H
#define CONFORMANCE_PERMUTE_H

#include "conformance/stream.h"
#include "equivalence/eqv.h"
#include "pcaps/capture.h"

/* A capture in memory. */
struct permute_record {
	struct cap_record record; /* data is owned */
	uint8_t *data;
};

struct permute {
	struct permute_record *records;
	size_t num, max;
	uint32_t outside;         /* the router's address */
	uint16_t map[65536];      /* of port or id; 0 = stays */
	bool seen[65536];         /* with that address, anywhere */
	unsigned int num_names;   /* that got another number */
	unsigned int num_fixed;   /* of the pool, that could not */
	unsigned int num_changed; /* records */
	unsigned int num_resized; /* records of another length */
	/*
	 * A number lies in octets that are not there any more: in a text
	 * that got shorter. No capture can say it; try another seed.
	 */
	bool is_ambiguous;
};

/* Reads all of it; false: error says why. */
bool permute_read(struct permute *p, const char *path,
		  const struct conf_settings *settings,
		  char error[CAP_ERROR_SIZE]);

/*
 * Gives every name of the pool (61000 to 65095) that a result shows before
 * any stimulus does another number, by chance: half of them of four digits,
 * half of five, odd or even as it comes. same_length: as many digits, in
 * all forms. Payloads, checksums and TCP numbers follow.
 */
void permute_all(struct permute *p, uint32_t seed, bool same_length);

/* The two halves of that: the choice, and whether a text says a name. */
void permute_choose(struct permute *p, uint32_t seed, bool same_length);
bool permute_is_name(const struct permute *p, const struct cap_record *r,
		     const struct eqv_place *place);

/* Writes it. */
bool permute_write(const struct permute *p, const char *path,
		   char error[CAP_ERROR_SIZE]);
void permute_cleanup(struct permute *p);

#endif /* CONFORMANCE_PERMUTE_H */
