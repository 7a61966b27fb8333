/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hole.c - ports that a helper wrote into a payload
 *
 * Nothing is known of protocols here: a port stands there as a decimal number
 * ("DCC SEND x 3405803777 61001"), as two ("PORT 203,0,113,1,238,73"), or as
 * 16 bits that the stimulus did not have. It is found again by its place.
 */
#include "masq/wire.h"
#include "minimize/hole.h"

#define MAX_NUMBERS 256u

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The decimal numbers of a text; those beyond 32 bits are clipped. */
static uint32_t numbers(struct masq_view v, uint32_t out[MAX_NUMBERS])
{
	uint32_t num = 0, at = 0;

	while (at < v.len && num < MAX_NUMBERS) {
		uint64_t value = 0;

		if (!is_digit(masq_get8(v, at))) {
			at++;
			continue;
		}
		for (; is_digit(masq_get8(v, at)); at++)
			if (value <= UINT32_MAX)
				value = value * 10 + masq_get8(v, at) - '0';
		out[num++] = value <= UINT32_MAX ? (uint32_t)value : UINT32_MAX;
	}
	return num;
}

static bool is_pair(const uint32_t *n, uint32_t i, uint16_t port)
{
	return n[i] < 256 && n[i + 1] < 256 && n[i] * 256 + n[i + 1] == port;
}

bool min_hole_find(struct min_hole *hole, struct masq_view before,
		   struct masq_view after, uint16_t port)
{
	uint32_t n[MAX_NUMBERS], num = numbers(after, n);

	*hole = (struct min_hole){.pair = true};
	for (uint32_t i = 4; i + 1 < num; i++)
		if (is_pair(n, i, port)) {
			hole->at = i;
			return true;
		}
	hole->pair = false;
	for (uint32_t i = 0; i < num; i++)
		if (n[i] == port) {
			hole->at = i;
			return true;
		}
	hole->binary = true;
	for (uint32_t at = 0; at + 2 <= after.len; at++)
		if (masq_get16(after, at) == port &&
		    masq_get16(before, at) != port) {
			hole->at = at;
			return true;
		}
	return false;
}

bool min_hole_read(const struct min_hole *hole, struct masq_view after,
		   uint16_t *port)
{
	uint32_t n[MAX_NUMBERS], num;

	if (hole->binary) {
		*port = masq_get16(after, hole->at);
		return masq_has(after, hole->at, 2);
	}
	num = numbers(after, n);
	if (hole->at + hole->pair >= num)
		return false;
	*port = (uint16_t)(hole->pair ? n[hole->at] * 256 + n[hole->at + 1]
				      : n[hole->at]);
	return true;
}
