/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_held.c - packets that a fault keeps back */
#include "sabotage.h"

static const uint8_t *keep_mac(uint8_t out[6], const uint8_t *mac)
{
	if (mac == NULL)
		return NULL;
	memcpy(out, mac, 6);
	return out;
}

bool sab_hold(struct sabotage *s, const struct sab_packet *p)
{
	struct sab_held *held = &s->held;
	struct sab_held_packet *h = &held->packets[held->num];

	if (held->num == SAB_MAX_HELD || p->b.len > SAB_HELD_SIZE - held->used)
		return false;
	h->head = p->head;
	h->head.src_mac = keep_mac(h->src_mac, p->head.src_mac);
	h->head.dst_mac = keep_mac(h->dst_mac, p->head.dst_mac);
	h->at = held->used;
	h->len = p->b.len;
	memcpy(held->data + held->used, p->b.data, p->b.len);
	held->used += p->b.len;
	held->num++;
	return true;
}

void sab_release(struct sabotage *s, bool backwards)
{
	struct sab_held *held = &s->held;

	for (size_t i = 0; i < held->num; i++) {
		const struct sab_held_packet *h =
			&held->packets[backwards ? held->num - 1 - i : i];
		struct sab_packet p = {.head = h->head};

		p.head.now = s->now;
		p.b.data = held->data + h->at;
		p.b.len = h->len;
		p.b.cap = h->len;
		sab_send(s, &p);
	}
	held->num = 0;
	held->used = 0;
}
