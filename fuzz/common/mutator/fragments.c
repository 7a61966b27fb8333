/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fragments.c - a datagram comes in pieces: in any order, one missing, some
 * overlapping with the same octets or others
 */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

#define MAX_PIECES 6u

struct piece {
	uint32_t from, len; /* of the payload */
	bool is_more;
};

/* Cuts at multiples of eight octets. */
static unsigned int plan(struct work *w, uint32_t payload_len,
			 struct piece pieces[MAX_PIECES])
{
	const unsigned int want = 2 + rng_below(&w->rng, MAX_PIECES - 3);
	uint32_t from = 0;
	unsigned int num = 0;

	while (from < payload_len && num < MAX_PIECES - 1) {
		const uint32_t units = (payload_len - from + 7) / 8;
		uint32_t len = (1 + rng_below(&w->rng, units)) * 8;

		/* The least that fragments are: tiny firsts. */
		if (rng_one_in(&w->rng, 4))
			len = 8 * (1 + rng_below(&w->rng, 3));
		if (num + 1 >= want || from + len >= payload_len)
			len = payload_len - from;
		pieces[num++] = (struct piece){
			.from = from,
			.len = len,
			.is_more = from + len < payload_len,
		};
		from += len;
	}
	return num;
}

/* What a sender should not do: one of these, now and then. */
static unsigned int disturb(struct work *w, struct piece pieces[MAX_PIECES],
			    unsigned int num, uint32_t payload_len)
{
	const unsigned int i = rng_below(&w->rng, num);
	const unsigned int j = rng_below(&w->rng, num);
	struct piece t;

	switch (rng_below(&w->rng, 10)) {
	case 0: /* missing */
		pieces[i] = pieces[num - 1];
		return num - 1;
	case 1: /* twice */
		if (num < MAX_PIECES)
			pieces[num++] = pieces[i];
		return num;
	case 2: /* begins within the one before */
		if (pieces[i].from >= 8) {
			pieces[i].from -= 8;
			pieces[i].len += 8;
		}
		return num;
	case 3: /* reaches into the next */
		if (pieces[i].from + pieces[i].len + 8 <= payload_len)
			pieces[i].len += 8;
		return num;
	case 4: /* contained in another */
		if (num < MAX_PIECES)
			pieces[num++] = (struct piece){
				.from = pieces[i].from + 8,
				.len = 8,
				.is_more = true,
			};
		return num;
	case 5: /* the last one says that there is more, or an inner one not */
		pieces[i].is_more = !pieces[i].is_more;
		return num;
	case 6: /* its front once more, in two bites */
		if (num + 2 > MAX_PIECES || pieces[i].len < 24)
			return num;
		memmove(&pieces[i + 3], &pieces[i + 1],
			(num - i - 1) * sizeof(pieces[0]));
		for (unsigned int k = 0; k < 2; k++)
			pieces[i + 1 + k] = (struct piece){
				.from = pieces[i].from + 8 * k,
				.len = 8,
				.is_more = true,
			};
		return num + 2;
	default: /* another order */
		t = pieces[i];
		pieces[i] = pieces[j];
		pieces[j] = t;
		return num;
	}
}

/* Builds a piece in scratch from the datagram; returns its length. */
static uint32_t build(struct work *w, const uint8_t *data,
		      const struct layout *l, const struct piece *piece)
{
	struct masq_buf b = {.data = w->scratch, .cap = MAX_PACKET};
	const uint16_t frag = masq_get16(
		(struct masq_view){.data = data, .len = l->total}, 6);
	uint32_t have = l->total - l->hlen;
	uint32_t len = piece->len;

	have = piece->from < have ? have - piece->from : 0;
	if (len > have)
		len = have;
	memcpy(b.data, data, l->hlen);
	memcpy(b.data + l->hlen, data + l->hlen + (have ? piece->from : 0),
	       len);
	b.len = l->hlen + len;
	/* Overlapping octets may differ. */
	if (len != 0 && rng_one_in(&w->rng, 16))
		masq_put8(&b, l->hlen + rng_below(&w->rng, len),
			  (uint8_t)rng_next(&w->rng));
	masq_put16(&b, 2, (uint16_t)b.len);
	masq_put16(&b, 6,
		   (uint16_t)((((frag & 0x1fffu) + piece->from / 8) & 0x1fffu) |
			      (piece->is_more || (frag & 0x2000) != 0 ? 0x2000u
								      : 0)));
	sums_repair(b.data, b.len);
	return b.len;
}

/* Pieces of the packet at at of the list. Returns how many, 0: none. */
static unsigned int insert(struct work *w, unsigned int at,
			   const struct conf_packet *original)
{
	const struct layout l = layout_of(original->data, original->len);
	struct piece pieces[MAX_PIECES];
	struct conf_packet p = *original;
	unsigned int num, done = 0;

	if (l.hlen < IP_HEADER || l.total < l.hlen + 16)
		return 0;
	num = plan(w, l.total - l.hlen, pieces);
	for (uint32_t i = rng_below(&w->rng, 3); i != 0 && num != 0; i--)
		num = disturb(w, pieces, num, l.total - l.hlen);
	for (unsigned int i = 0; i < num; i++) {
		if (rng_one_in(&w->rng, 24))
			p.now += 30 * NS_PER_S +
				 rng_below(&w->rng, 3) * NS_PER_TICK -
				 NS_PER_TICK;
		p.len = build(w, original->data, &l, &pieces[i]);
		p.data = w->scratch;
		if (!list_insert(w, at + done, &p))
			break;
		done++;
	}
	return done;
}

bool mutate_fragment(struct work *w)
{
	struct conf_packet original;
	unsigned int at, num;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	original = w->packets[at];
	num = insert(w, at + 1, &original);
	if (num == 0)
		return false;
	list_remove(w, at);
	return true;
}

bool fragments_emit(struct work *w, enum conf_side side, uint32_t len)
{
	uint8_t *data = list_take(w, len);
	const struct conf_packet packet = {
		.side = side,
		.now = w->world.now,
		.data = data,
		.len = len,
	};
	unsigned int num;

	if (data == NULL)
		return false;
	memcpy(data, w->scratch, len);
	num = insert(w, w->cut, &packet);
	for (unsigned int i = 0; i < num; i++)
		world_play(w, &w->packets[w->cut++]);
	if (w->cut < w->num && w->packets[w->cut].now < w->world.now)
		list_shift(w, w->cut,
			   (int64_t)(w->world.now - w->packets[w->cut].now));
	return num != 0;
}
