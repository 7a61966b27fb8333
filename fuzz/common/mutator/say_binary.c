/* SPDX-License-Identifier: Apache-2.0 */
/* say_binary.c - VDO Live, Quake, CU-SeeMe: messages at fixed offsets */
#include <string.h>

#include "mutator.h"
#include "mutator/phrase.h"

static void zeros(struct phrase *t, uint32_t num)
{
	while (num-- != 0)
		phrase_put8(t, 0);
}

/* Ends early, or an octet is wrong. */
static void damage(struct phrase *t)
{
	if (t->is_plain || t->len == 0)
		return;
	if (rng_one_in(&t->w->rng, 10))
		t->len -= rng_below(&t->w->rng, t->len);
	if (rng_one_in(&t->w->rng, 12) && t->len != 0)
		t->data[rng_below(&t->w->rng, t->len)] =
			(uint8_t)value_number(t->w, 1);
}

void say_vdolive(struct talk *talk)
{
	struct phrase *t = &talk->text;
	const bool is_first = talk->step % 2 == 0 || rng_one_in(&t->w->rng, 4);

	talk->from_inside = !rng_one_in(&t->w->rng, 12);
	phrase_put32(t, is_first ? 45 : 20);
	phrase_put32(t, is_first ? 6 : 1);
	if (is_first)
		zeros(t, 16);
	phrase_plain(t, "VDO Live");
	phrase_put16(t, 0);
	phrase_put16(t,
		     (uint16_t)(talk->has_hole && !is_first ? talk->hole_inside
							    : talk_port(talk)));
	if (rng_one_in(&t->w->rng, 2))
		phrase_plain(t, "intro.vdo");
	damage(t);
}

static void quake_accept(struct talk *talk)
{
	struct phrase *t = &talk->text;
	const uint32_t port = talk_port(talk);

	phrase_put8(t, (uint8_t)port);
	phrase_put8(t, (uint8_t)(port >> 8));
	phrase_put8(t, (uint8_t)(port >> 16));
	phrase_put8(t, (uint8_t)(port >> 24));
}

void say_quake(struct talk *talk)
{
	static const uint16_t lengths[] = {0, 8, 9, 11, 12, 13, 0xffff};
	struct phrase *t = &talk->text;
	const uint32_t what = talk->step == 0 ? 0 : rng_below(&t->w->rng, 8);
	const bool is_connect = what < 2;
	uint16_t length = is_connect ? 12 : 9;

	/* The server is outside, or inside every other time. */
	talk->is_inbound = (talk->inside_port & 1) != 0;
	talk->from_inside = is_connect != talk->is_inbound;
	if (!t->is_plain && rng_one_in(&t->w->rng, 12))
		talk->from_inside = !talk->from_inside;
	if (!t->is_plain && rng_one_in(&t->w->rng, 10))
		length = RNG_PICK(&t->w->rng, lengths);
	if (what == 7) { /* of the game */
		phrase_plain(t, "\1\1\1\1move");
		return;
	}
	phrase_put16(t, 0x8000);
	phrase_put16(t, length);
	phrase_put8(t, is_connect ? 0x01 : 0x81);
	if (is_connect)
		phrase_octets(t, "QUAKE\0\3", 7);
	else
		quake_accept(talk);
	damage(t);
}

/* The one whose address the receiver looks for, or others. */
static uint32_t client(struct talk *talk)
{
	struct work *w = talk->text.w;

	switch (rng_below(&w->rng, 4)) {
	case 0:
		return talk->inside;
	case 1:
		return talk->masq;
	default:
		return value_any_addr(w);
	}
}

void say_cuseeme(struct talk *talk)
{
	struct phrase *t = &talk->text;
	const uint32_t num = rng_below(&t->w->rng, 5);
	uint32_t count = num;
	bool has_list;

	talk->from_inside = rng_one_in(&t->w->rng, 2);
	has_list = rng_one_in(&t->w->rng, 2);
	if (!t->is_plain && rng_one_in(&t->w->rng, 6))
		count = value_number(t->w, 2);
	phrase_put16(t, 1);
	phrase_put16(t, 7648);
	phrase_put32(t, talk_addr(talk,
				  talk->from_inside ? talk->peer : talk->masq));
	phrase_put32(t, 7648);
	phrase_put32(t, talk_addr(talk, talk->from_inside ? talk->inside
							  : talk->peer));
	zeros(t, 6);
	phrase_put16(t, has_list ? 101 : (uint16_t)rng_below(&t->w->rng, 103));
	phrase_put16(t, 0);
	if (has_list) {
		/* Some senders write the count the other way round. */
		if (rng_one_in(&t->w->rng, 3))
			count = (count >> 8 | count << 8) & 0xffff;
		phrase_put16(t, (uint16_t)count);
		zeros(t, 28);
		for (uint32_t i = 0; i < num; i++) {
			phrase_put32(t, client(talk));
			zeros(t, 8);
		}
	}
	damage(t);
}
