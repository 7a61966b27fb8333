/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bytes.c - octets changed without knowing what they are
 *
 * Under libFuzzer its own mutations do that, with its dictionary and what it
 * learnt of comparisons. Elsewhere a few simple ones.
 */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

/* There under libFuzzer, else NULL. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t max)
	__attribute__((weak));

static size_t insert(struct work *w, uint8_t *data, size_t len, size_t max)
{
	const size_t at = rng_below(&w->rng, (uint32_t)len + 1);
	size_t more = 1 + rng_below(&w->rng, 8);

	if (more > max - len)
		more = max - len;
	memmove(data + at + more, data + at, len - at);
	memset(data + at, (int)(rng_next(&w->rng) & 0xff), more);
	return len + more;
}

static size_t cut_out(struct work *w, uint8_t *data, size_t len)
{
	const size_t at = rng_below(&w->rng, (uint32_t)len);
	size_t less = 1 + rng_below(&w->rng, 8);

	if (less > len - at)
		less = len - at;
	if (less == len)
		less = len - 1;
	memmove(data + at, data + at + less, len - at - less);
	return len - less;
}

static void copy_part(struct work *w, uint8_t *data, size_t len)
{
	const size_t from = rng_below(&w->rng, (uint32_t)len);
	const size_t to = rng_below(&w->rng, (uint32_t)len);
	size_t num = 1 + rng_below(&w->rng, 32);

	if (num > len - from)
		num = len - from;
	if (num > len - to)
		num = len - to;
	memmove(data + to, data + from, num);
}

static size_t own(struct work *w, uint8_t *data, size_t len, size_t max)
{
	const size_t at = rng_below(&w->rng, (uint32_t)len);

	switch (rng_below(&w->rng, 6)) {
	case 0:
		data[at] ^= (uint8_t)(1u << rng_below(&w->rng, 8));
		return len;
	case 1:
		data[at] = (uint8_t)value_number(w, 1);
		return len;
	case 2:
		data[at] = (uint8_t)(data[at] + rng_below(&w->rng, 71) - 35);
		return len;
	case 3:
		return insert(w, data, len, max);
	case 4:
		return cut_out(w, data, len);
	default:
		copy_part(w, data, len);
		return len;
	}
}

size_t bytes_mutate(struct work *w, uint8_t *data, size_t len, size_t max)
{
	if (len == 0) {
		data[0] = (uint8_t)rng_next(&w->rng);
		return 1;
	}
	if (LLVMFuzzerMutate != NULL && !rng_one_in(&w->rng, 4)) {
		const size_t got = LLVMFuzzerMutate(data, len, max);

		return got != 0 ? got : len;
	}
	for (uint32_t i = rng_below(&w->rng, 4) + 1; i != 0; i--)
		len = own(w, data, len, max);
	return len;
}

bool mutate_bytes(struct work *w)
{
	unsigned int at;
	size_t len;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	len = list_load(w, at);
	len = bytes_mutate(w, w->scratch, len, MAX_PACKET);
	if (!rng_one_in(&w->rng, 4))
		sums_repair(w->scratch, (uint32_t)len);
	return list_replace(w, at, (uint32_t)len);
}

/* The payload only; lengths and checksums follow. */
bool mutate_payload(struct work *w)
{
	struct masq_buf b;
	struct layout l;
	unsigned int at;
	size_t len;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	b = (struct masq_buf){.data = w->scratch, .len = list_load(w, at)};
	l = layout_of(b.data, b.len);
	if (!l.is_whole || l.payload > l.total || l.payload >= MAX_PACKET)
		return false;
	/* More than a kilobyte would drown what it says. */
	len = l.payload_len + 1024u;
	if (len > MAX_PACKET - l.payload)
		len = MAX_PACKET - l.payload;
	len = bytes_mutate(w, b.data + l.payload, l.payload_len, len);
	b.len = l.payload + (uint32_t)len;
	masq_put16(&b, 2, (uint16_t)b.len);
	if (l.proto == IPP_UDP && !l.is_fragment)
		masq_put16(&b, l.hlen + 4, (uint16_t)(b.len - l.hlen));
	sums_repair(b.data, b.len);
	return list_replace(w, at, b.len);
}
