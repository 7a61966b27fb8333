/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vdolive_parse.h - the two messages of VDO Live that name the player's port
 *
 *	octets  tag 6   tag 1
 *	         0..3    0..3   length, not examined
 *	         4..7    4..7   tag, big endian
 *	         8..23     -    version and the like, not examined
 *	        24..31   8..15  "VDO Live"
 *	        32..33  16..17  zero, not examined
 *	        34..35  18..19  UDP port, big endian
 */
#ifndef HELPERS_VDOLIVE_VDOLIVE_PARSE_H
#define HELPERS_VDOLIVE_VDOLIVE_PARSE_H

#include "masq/wire.h"

/* The values are the bits that a connection remembers (VDO-05). */
enum vdolive_kind {
	VDOLIVE_OTHER = 0,
	VDOLIVE_TAG_6 = 1,
	VDOLIVE_TAG_1 = 2,
	VDOLIVE_BOTH = 3
};

struct vdolive_msg {
	enum vdolive_kind kind; /* never BOTH */
	uint32_t port_at;       /* offset of the port's two octets */
	uint16_t port;          /* 0 unless kind is a tag */
};

/* What the data begins with (VDO-01 to -03); cut messages are OTHER. */
struct vdolive_msg vdolive_parse(struct masq_view data);

#endif /* HELPERS_VDOLIVE_VDOLIVE_PARSE_H */
