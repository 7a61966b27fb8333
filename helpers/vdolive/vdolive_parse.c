/* SPDX-License-Identifier: Apache-2.0 */
/* vdolive_parse.c - the messages of VDO Live that name the player's port */
#include "vdolive/vdolive_parse.h"

enum {
	O_TAG = 4,
	O_SIGNATURE_6 = 24,
	O_SIGNATURE_1 = 8,
	PORT_BEHIND = 10 /* octets from the signature's start */
};

static const uint8_t signature[8] = {'V', 'D', 'O', ' ', 'L', 'i', 'v', 'e'};

struct vdolive_msg vdolive_parse(struct masq_view v)
{
	const uint32_t tag = masq_get32(v, O_TAG);
	const uint32_t at = tag == 6 ? O_SIGNATURE_6 : O_SIGNATURE_1;
	struct vdolive_msg msg = {.kind = VDOLIVE_OTHER};

	if (tag != 6 && tag != 1)
		return msg;
	if (!masq_equal(v, at, signature, sizeof(signature)) ||
	    !masq_has(v, at + PORT_BEHIND, 2))
		return msg;
	msg.kind = tag == 6 ? VDOLIVE_TAG_6 : VDOLIVE_TAG_1;
	msg.port_at = at + PORT_BEHIND;
	msg.port = masq_get16(v, msg.port_at);
	return msg;
}
