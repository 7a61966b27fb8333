/* SPDX-License-Identifier: Apache-2.0 */
/*
 * direction.h - on which side a record was seen, and which way it went
 */
#ifndef PCAPS_DIRECTION_H
#define PCAPS_DIRECTION_H

#include "link.h"

/* One side of the router, as its records are judged. */
struct cap_wire {
	enum cap_side side;
	uint32_t addr; /* the router's, host order */
	uint32_t mask; /* of the net, host order */
	bool has_mac;
	uint8_t mac[6]; /* the router's */
};

/* The options of a reader, checked and ready for use. */
struct cap_rules {
	uint32_t inside_if;
	uint32_t outside_if;
	struct cap_wire wire[2]; /* of the files: one of one, or both */
};

/* num_files is 1 or 2; options NULL: the defaults. */
enum cap_status cap_rules_init(struct cap_rules *rules,
			       const struct cap_options *options,
			       unsigned int num_files, char *error);

/* Sets side, dir and cast of a record whose other fields are complete. */
void cap_rules_apply(const struct cap_rules *rules,
		     const struct cap_link_view *view,
		     struct cap_record *record);

#endif /* PCAPS_DIRECTION_H */
