/* SPDX-License-Identifier: Apache-2.0 */
/* list.c - an input as a list of stimuli, and back */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

uint8_t *list_take(struct work *w, uint32_t len)
{
	uint8_t *data;

	if (len > w->arena_cap - w->arena_len)
		return NULL;
	data = w->arena + w->arena_len;
	w->arena_len += len;
	return data;
}

/* Copies what a packet points to. */
static bool keep(struct work *w, struct conf_packet *p)
{
	const uint8_t *from = p->data;
	uint8_t *to = list_take(w, p->len + 6);

	if (to == NULL)
		return false;
	if (p->len != 0)
		memcpy(to, from, p->len);
	p->data = to;
	if (p->src_mac != NULL) {
		memcpy(to + p->len, p->src_mac, 6);
		p->src_mac = to + p->len;
	}
	return true;
}

unsigned int list_read_more(struct work *w, const uint8_t *data, size_t len,
			    struct conf_packet *out, unsigned int max)
{
	struct fuzz_input input;
	unsigned int num = 0;

	if (!fuzz_input_open(&input, data, len))
		return 0;
	w->variant = input.variant;
	while (num < max && fuzz_input_next(&input, &out[num])) {
		if (out[num].len > MAX_PACKET)
			continue;
		if (!keep(w, &out[num]))
			break;
		num++;
	}
	return num;
}

void list_read(struct work *w, const uint8_t *data, size_t len)
{
	w->arena_len = 0;
	w->variant = 0;
	w->num = list_read_more(w, data, len, w->packets, FUZZ_MAX_PACKETS);
}

/* A packet that does not fit is left out; smaller ones behind it may fit. */
size_t list_write(const struct work *w, uint8_t *data, size_t max)
{
	size_t at = fuzz_output_header(data, max, w->variant);

	for (unsigned int i = 0; at != 0 && i < w->num; i++)
		at += fuzz_output_packet(data + at, max - at, &w->packets[i]);
	return at;
}

bool list_insert(struct work *w, unsigned int at,
		 const struct conf_packet *packet)
{
	struct conf_packet p = *packet;

	if (w->num == FUZZ_MAX_PACKETS || at > w->num || !keep(w, &p))
		return false;
	memmove(&w->packets[at + 1], &w->packets[at],
		(w->num - at) * sizeof(w->packets[0]));
	w->packets[at] = p;
	w->num++;
	return true;
}

void list_remove(struct work *w, unsigned int at)
{
	w->num--;
	memmove(&w->packets[at], &w->packets[at + 1],
		(w->num - at) * sizeof(w->packets[0]));
}

bool list_replace(struct work *w, unsigned int at, uint32_t len)
{
	uint8_t *data = list_take(w, len);

	if (data == NULL)
		return false;
	memcpy(data, w->scratch, len);
	w->packets[at].data = data;
	w->packets[at].len = len;
	return true;
}

uint32_t list_load(struct work *w, unsigned int at)
{
	const struct conf_packet *p = &w->packets[at];

	if (p->len != 0)
		memcpy(w->scratch, p->data, p->len);
	return p->len;
}

/* Times do not run backwards, and a capture's seconds have 32 bits. */
#define LATEST (UINT64_C(0xffffffff) * NS_PER_S)

void list_shift(struct work *w, unsigned int at, int64_t ns)
{
	const uint64_t least = at != 0 && at <= w->num ? w->packets[at - 1].now
						       : 0;

	for (unsigned int i = at; i < w->num; i++) {
		struct conf_packet *p = &w->packets[i];
		const uint64_t back = (uint64_t)-ns;

		if (ns >= 0)
			p->now = p->now + (uint64_t)ns;
		else
			p->now = p->now > back ? p->now - back : 0;
		if (p->now < least)
			p->now = least;
		if (p->now > LATEST)
			p->now = LATEST;
	}
}

unsigned int list_pick(struct work *w)
{
	return rng_below(&w->rng, w->num);
}

unsigned int list_pick_proto(struct work *w, uint8_t proto)
{
	const unsigned int from = list_pick(w);

	for (unsigned int i = 0; i < w->num; i++) {
		const unsigned int at = (from + i) % w->num;
		const struct conf_packet *p = &w->packets[at];
		const struct layout l = layout_of(p->data, p->len);

		if (l.is_whole && l.proto == proto && !l.is_fragment)
			return at;
	}
	return from;
}
