/* SPDX-License-Identifier: Apache-2.0 */
/* quake.c - Quake 1: the game moves to another port (QUAKE-01 to -07) */
#include "helper.h"

enum {
	ASKED_INSIDE = 1,
	ASKED_OUTSIDE = 2,
	DONE = 4,
};

/* The peer's game port becomes the entry's. */
static void accept_from_outside(struct hook *h, uint16_t port)
{
	h->e->op = port;
	nv_rehash(h->m, h->e);
	h->e->stream->words[0] = DONE;
}

/* A hole for the game of an inside server; asked again, the same one. */
static void accept_from_inside(struct hook *h, uint16_t port)
{
	struct entry *child = nv_find_out(h->m, UDP, h->e->ia, port, h->e->oa,
					  h->e->op);

	if (child != NULL)
		nv_start_timer(h->m, child);
	else if (h->e->parent == NULL && h->e->num_children < MAX_HOLES)
		child = nv_new_child(h, UDP, port, h->e->oa, h->e->op, 0);
	if (child != NULL)
		nv_put_payload16(h->p, 13,
				 (uint16_t)(child->mp >> 8 | child->mp << 8));
}

static void show(struct hook *h)
{
	const struct masq_view v = h->data;
	const uint32_t len = masq_get16(v, 2);
	const uint8_t operation = masq_get8(v, 4);
	const uint16_t port = (uint16_t)(masq_get8(v, 5) | masq_get8(v, 6)
								   << 8);
	uint32_t *word = &h->e->stream->words[0];

	if ((*word & DONE) != 0 || masq_get16(v, 0) != 0x8000 || len > v.len)
		return;
	if (operation == 1 && len >= 12 && masq_equal(v, 5, "QUAKE\0\3", 7))
		*word |= h->outward ? ASKED_INSIDE : ASKED_OUTSIDE;
	if (operation != 0x81 || len < 9 || masq_get16(v, 7) != 0 ||
	    port < LOW_PORT)
		return;
	if (!h->outward && (*word & ASKED_INSIDE) != 0)
		accept_from_outside(h, port);
	else if (h->outward && (*word & ASKED_OUTSIDE) != 0)
		accept_from_inside(h, port);
}

const struct helper nv_quake = {
	.proto = UDP,
	.ports = {26000, 27000},
	.show = show,
};
