/* SPDX-License-Identifier: Apache-2.0 */
/* vdolive.c - VDO Live: the player's UDP port, told twice (VDO-01 to -07) */
#include "helper.h"

enum {
	PORT, /* announced, 0 = none yet */
	MPORT_WORD,
	SEEN, /* bits: tag 6, tag 1 */
	OVER, /* not VDO Live, or a segment was missed */
};

/* Where the announced port stands, 0 = no message. */
static uint32_t find_port(struct masq_view v, uint32_t *out_bit)
{
	const uint32_t tag = masq_get32(v, 4);

	*out_bit = tag == 6 ? 1 : 2;
	if (tag == 6 && v.len >= 36 && masq_equal(v, 24, "VDO Live", 8))
		return 34;
	if (tag == 1 && v.len >= 20 && masq_equal(v, 8, "VDO Live", 8))
		return 18;
	return 0;
}

static void show(struct hook *h)
{
	uint32_t *words = h->e->stream->words;
	uint32_t bit, at = find_port(h->data, &bit);
	const uint16_t port = masq_get16(h->data, at);
	struct entry *child;
	uint8_t text[2];

	if (!h->outward)
		return;
	if (!h->in_order || (!h->way->has_data && at == 0))
		words[OVER] = 1;
	if (words[OVER] != 0 || words[SEEN] == 3 || at == 0 || port < LOW_PORT)
		return;
	if (words[PORT] == 0) {
		child = nv_new_child(h, UDP, port, h->e->oa, 0, NO_DPORT);
		if (child == NULL)
			return;
		words[PORT] = port;
		words[MPORT_WORD] = child->mp;
	}
	if (words[PORT] != port)
		return;
	text[0] = (uint8_t)(words[MPORT_WORD] >> 8);
	text[1] = (uint8_t)words[MPORT_WORD];
	nv_edit(h, at, 2, text, 2);
	words[SEEN] |= bit;
}

const struct helper nv_vdolive = {
	.proto = TCP,
	.ports = {7000},
	.show = show,
};
