/* SPDX-License-Identifier: Apache-2.0 */
/* phrase.c - words, numbers and line ends, some of them hostile */
#include <stdio.h>
#include <string.h>

#include "mutator.h"
#include "mutator/phrase.h"

void phrase_octets(struct phrase *t, const void *data, uint32_t len)
{
	if (len > t->cap - t->len)
		len = t->cap - t->len;
	if (len != 0)
		memcpy(t->data + t->len, data, len);
	t->len += len;
}

void phrase_put8(struct phrase *t, uint8_t value)
{
	phrase_octets(t, &value, 1);
}

void phrase_put16(struct phrase *t, uint16_t value)
{
	phrase_put8(t, (uint8_t)(value >> 8));
	phrase_put8(t, (uint8_t)value);
}

void phrase_put32(struct phrase *t, uint32_t value)
{
	phrase_put16(t, (uint16_t)(value >> 16));
	phrase_put16(t, (uint16_t)value);
}

/* Is this the place where something is wrong? */
static bool slips(struct phrase *t, uint32_t n)
{
	return !t->is_plain && rng_one_in(&t->w->rng, n);
}

void phrase_plain(struct phrase *t, const char *word)
{
	phrase_octets(t, word, (uint32_t)strlen(word));
}

void phrase_word(struct phrase *t, const char *word)
{
	const uint32_t from = t->len;

	phrase_plain(t, word);
	if (!slips(t, 12))
		return;
	for (uint32_t i = from; i < t->len; i++) {
		const uint8_t lower = t->data[i] | 0x20;

		if (lower >= 'a' && lower <= 'z' && rng_one_in(&t->w->rng, 2))
			t->data[i] ^= 0x20;
	}
}

void phrase_number(struct phrase *t, uint32_t value)
{
	static const char *const odd[] = {
		"",      "-1",         "+1",         "0",
		"00",    "256",        "65536",      "65535",
		"99999", "4294967295", "4294967296", "18446744073709551616",
		" 1",    "1 ",         "0x10",       "1.",
		"a",
	};
	/* With zeros in front a text shrinks when it is replaced. */
	static const int widths[] = {1, 1, 3, 6, 12};
	char digits[24];

	if (slips(t, 40)) {
		phrase_plain(t, RNG_PICK(&t->w->rng, odd));
		return;
	}
	snprintf(digits, sizeof(digits), "%0*u",
		 slips(t, 12) ? RNG_PICK(&t->w->rng, widths) : 1, value);
	phrase_plain(t, digits);
}

void phrase_blank(struct phrase *t)
{
	static const char *const odd[] = {"",     "  ",    "\t",
					  " \t ", "\r\n ", "\n"};

	phrase_plain(t, slips(t, 24) ? RNG_PICK(&t->w->rng, odd) : " ");
}

void phrase_end(struct phrase *t)
{
	static const char *const odd[] = {"\n",       "\r",    "",   "\n\r",
					  "\r\n\r\n", " \r\n", "\0", "\r\r\n"};

	phrase_plain(t, slips(t, 10) ? RNG_PICK(&t->w->rng, odd) : "\r\n");
}

uint32_t talk_port(struct talk *talk)
{
	struct work *w = talk->text.w;

	if (talk->count != 0)
		return talk->count++;
	if (talk->has_hole && rng_one_in(&w->rng, 4))
		return rng_one_in(&w->rng, 4) ? talk->hole_masq
					      : talk->hole_inside;
	if (!talk->text.is_plain && rng_one_in(&w->rng, 8))
		return value_odd_port(w);
	if (!talk->text.is_plain && rng_one_in(&w->rng, 32))
		return value_number(w, 4);
	/* Texts of four and five digits, even and odd. */
	return (rng_one_in(&w->rng, 2) ? 4000 : 40000) + rng_below(&w->rng, 6);
}

uint32_t talk_addr(struct talk *talk, uint32_t own)
{
	struct work *w = talk->text.w;

	if (talk->text.is_plain || !rng_one_in(&w->rng, 16))
		return own;
	return value_any_addr(w);
}
