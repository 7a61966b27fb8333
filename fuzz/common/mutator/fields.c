/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields.c - one field of a packet, by its name, gets another value
 *
 * Which fields there are says the decoder that everybody reads packets with;
 * what is worth trying says the name.
 */
#include <string.h>

#include "conformance/decode.h"
#include "mutator.h"
#include "mutator/work.h"

static const char *last_word(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL ? dot + 1 : name;
}

static bool ends_with(const char *name, const char *end)
{
	const size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

static void put(struct masq_buf *b, const struct conf_field *f, uint32_t value)
{
	if (f->len == 1)
		masq_put8(b, f->offset, (uint8_t)value);
	else if (f->len == 2)
		masq_put16(b, f->offset, (uint16_t)value);
	else
		masq_put32(b, f->offset, value);
}

static uint32_t get(const struct masq_buf *b, const struct conf_field *f)
{
	const struct masq_view v = masq_view_of(b);

	if (f->len == 1)
		return masq_get8(v, f->offset);
	return f->len == 2 ? masq_get16(v, f->offset)
			   : masq_get32(v, f->offset);
}

/* A part of an octet: the other part stays. */
static uint32_t half_octet(struct work *w, uint32_t old, bool is_upper)
{
	const uint32_t value = rng_below(&w->rng, 16);

	return is_upper ? (old & 0x0f) | value << 4 : (old & 0xf0) | value;
}

static uint32_t address_or_port(struct work *w, const struct conf_field *f)
{
	if (f->len == 4)
		return value_any_addr(w);
	return rng_one_in(&w->rng, 2) ? value_odd_port(w) : value_port(w);
}

static uint32_t new_value(struct work *w, const struct masq_buf *b,
			  const struct conf_field *f)
{
	static const uint8_t protocols[] = {1, 6, 17, 2, 47, 255, 0};
	static const uint8_t types[] = {0,  3,  4,  5,  8,  9,  10, 11,
					12, 13, 14, 15, 16, 17, 18, 30};
	static const uint8_t ttls[] = {0, 1, 2, 64, 255};
	static const uint8_t flags[] = {0, 1, 2, 4, 16, 17, 18, 20, 24, 63, 41};
	const char *word = last_word(f->name);
	const uint32_t old = get(b, f);

	if (strcmp(word, "source") == 0 || strcmp(word, "destination") == 0 ||
	    strcmp(word, "gateway") == 0)
		return address_or_port(w, f);
	if (strcmp(word, "protocol") == 0)
		return RNG_PICK(&w->rng, protocols);
	if (ends_with(f->name, "icmp.type"))
		return RNG_PICK(&w->rng, types);
	if (ends_with(f->name, "icmp.code"))
		return rng_below(&w->rng, 17);
	if (strcmp(word, "ttl") == 0)
		return RNG_PICK(&w->rng, ttls);
	if (ends_with(f->name, "tcp.flags"))
		return RNG_PICK(&w->rng, flags);
	if (strcmp(word, "version") == 0 || strcmp(word, "doff") == 0)
		return half_octet(w, old, true);
	if (strcmp(word, "ihl") == 0)
		return half_octet(w, old, false);
	/* Lengths and numbers: near to what they are, or at an edge. */
	if (rng_one_in(&w->rng, 2))
		return old + rng_below(&w->rng, 17) - 8;
	return value_number(w, f->len);
}

static void change_octets(struct work *w, struct masq_buf *b,
			  const struct conf_field *f)
{
	const uint32_t at = f->offset + rng_below(&w->rng, f->len);

	masq_put8(b, at, (uint8_t)value_number(w, 1));
}

bool mutate_field(struct work *w)
{
	struct conf_decoded decoded;
	struct masq_buf b;
	unsigned int at;

	if (w->num == 0)
		return false;
	at = list_pick(w);
	b = (struct masq_buf){.data = w->scratch, .len = list_load(w, at)};
	conf_decode(&decoded, b.data, b.len);
	if (decoded.num_fields == 0)
		return false;
	for (uint32_t i = 1 + rng_below(&w->rng, 2); i != 0; i--) {
		const struct conf_field *f =
			&decoded.fields[rng_below(&w->rng, decoded.num_fields)];

		if (f->len == 1 || f->len == 2 || f->len == 4)
			put(&b, f, new_value(w, &b, f));
		else if (f->len != 0)
			change_octets(w, &b, f);
	}
	if (!rng_one_in(&w->rng, 8))
		sums_repair(b.data, b.len);
	return list_replace(w, at, b.len);
}
