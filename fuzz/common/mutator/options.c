/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - IP options: good ones, full ones, and lengths that lie */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

#define MAX_OPTIONS 40u

/* Type, and how long it is with how many octets before its slots. */
static uint32_t put_option(struct work *w, uint8_t *out, uint32_t room)
{
	static const uint8_t types[] = {7, 7, 7, 68, 68, 131, 137, 148, 130, 9};
	const uint8_t type = RNG_PICK(&w->rng, types);
	const uint32_t slots = 1 + rng_below(&w->rng, 3);
	uint32_t len = 3 + 4 * slots, pointer = 4;

	if (type == 68) {
		len = 4 + 8 * slots;
		pointer = 5;
	}
	if (type == 148)
		len = 4;
	if (len > room)
		len = room;
	if (len < 4)
		return 0;
	memset(out, 0, len);
	/* Some slots are filled, or all. */
	if (rng_one_in(&w->rng, 3))
		pointer += 4 * rng_below(&w->rng, slots + 2);
	if (rng_one_in(&w->rng, 8))
		pointer = (uint32_t)rng_below(&w->rng, 12);
	out[0] = type;
	out[1] = (uint8_t)len;
	out[2] = (uint8_t)pointer;
	if (type == 68) {
		static const uint8_t flags[] = {0, 1, 3, 0xf0, 0xf1, 2, 0xe1};

		out[3] = RNG_PICK(&w->rng, flags);
	}
	if (rng_one_in(&w->rng, 8))
		out[1] = (uint8_t)value_number(w, 1);
	return len;
}

/* Multiples of four octets: No Operation before, End of List behind. */
static uint32_t make(struct work *w, uint8_t out[MAX_OPTIONS])
{
	uint32_t len = 0;

	memset(out, 0, MAX_OPTIONS);
	while (len < MAX_OPTIONS && rng_one_in(&w->rng, 3))
		out[len++] = 1;
	for (uint32_t i = 1 + rng_below(&w->rng, 2); i != 0; i--)
		len += put_option(w, out + len, MAX_OPTIONS - len);
	return (len + 3) & ~3u;
}

uint32_t options_add(struct work *w, uint32_t len)
{
	struct masq_buf b = {.data = w->scratch, .len = len, .cap = MAX_PACKET};
	const struct layout l = layout_of(b.data, b.len);
	uint8_t options[MAX_OPTIONS];
	uint32_t hlen, rest;

	if (l.hlen < IP_HEADER || l.hlen > l.total)
		return 0;
	hlen = IP_HEADER + make(w, options);
	rest = l.total - l.hlen;
	if (hlen + rest > MAX_PACKET)
		return 0;
	/* Those that were there go, and link padding too. */
	memmove(b.data + hlen, b.data + l.hlen, rest);
	memcpy(b.data + IP_HEADER, options, hlen - IP_HEADER);
	b.len = hlen + rest;
	masq_put8(&b, 0, (uint8_t)(0x40 | hlen / 4));
	masq_put16(&b, 2, (uint16_t)b.len);
	sums_repair(b.data, b.len);
	return b.len;
}

bool mutate_options(struct work *w)
{
	unsigned int at;
	uint32_t len;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	len = options_add(w, list_load(w, at));
	return len != 0 && list_replace(w, at, len);
}
