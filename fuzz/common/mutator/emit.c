/* SPDX-License-Identifier: Apache-2.0 */
/* emit.c - new packets arrive at the cut and are played at once */
#include "mutator.h"
#include "mutator/work.h"

/* What comes later stays as far behind as it was. */
static void keep_behind(struct work *w, uint64_t now)
{
	if (w->cut < w->num && w->packets[w->cut].now < now)
		list_shift(w, w->cut, (int64_t)(now - w->packets[w->cut].now));
}

bool emit_now(struct work *w, enum conf_side side, uint32_t len)
{
	const struct conf_packet packet = {
		.side = side,
		.cast = CONF_CAST_HOST,
		.now = w->world.now,
		.data = w->scratch,
		.len = len,
		.src_mac = rng_one_in(&w->rng, 8) ? value_mac(w) : NULL,
	};

	keep_behind(w, packet.now);
	if (!list_insert(w, w->cut, &packet))
		return false;
	world_play(w, &w->packets[w->cut++]);
	return true;
}

bool emit(struct work *w, enum conf_side side, uint32_t len)
{
	const uint32_t more = rng_one_in(&w->rng, 24) ? options_add(w, len) : 0;

	if (more != 0)
		len = more;
	/* A tick or some milliseconds on, most of the time. */
	if (!rng_one_in(&w->rng, 4))
		world_reach(w,
			    w->world.now + rng_below(&w->rng, 20) * NS_PER_MS);
	if (rng_one_in(&w->rng, 24) && fragments_emit(w, side, len))
		return true;
	return emit_now(w, side, len);
}
