/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - payloads, with numbers that may have to be read from what came */
#include <stdio.h>
#include <string.h>

#include "run/play.h"

static bool append(struct run_play *play, const struct run_making *m,
		   const uint8_t *data, uint32_t len)
{
	if (len > play->payload.cap - play->used)
		return run_error(play, m->spec->pos, "the payload is too long");
	if (len > 0)
		memcpy(play->payload.data + play->used, data, len);
	play->used += len;
	return true;
}

static bool append_fill(struct run_play *play, const struct run_making *m,
			const struct case_part *part)
{
	int64_t len;

	if (!run_value(play, part->value, &len))
		return false;
	if (len < 0 || len > (int64_t)(play->payload.cap - play->used))
		return run_error(play, m->spec->pos, "the payload is too long");
	for (int64_t i = 0; i < len; i++)
		play->payload.data[play->used++] = (uint8_t)i;
	return true;
}

/* Decimal digits at *at, up to max. */
static bool read_decimal(struct masq_view v, uint32_t *at, int64_t max,
			 int64_t *out)
{
	uint32_t start = *at;

	*out = 0;
	while (*at < v.len && masq_get8(v, *at) >= '0' &&
	       masq_get8(v, *at) <= '9') {
		*out = *out * 10 + (masq_get8(v, *at) - '0');
		if (*out > max)
			return false;
		(*at)++;
	}
	return *at > start;
}

/* num numbers below 256 with marks between, as one. */
static bool read_octets(struct masq_view v, char mark, unsigned int num,
			int64_t *out)
{
	uint32_t at = 0;

	*out = 0;
	for (unsigned int i = 0; i < num; i++) {
		int64_t octet;

		if (i > 0 && masq_get8(v, at++) != (uint8_t)mark)
			return false;
		if (!read_decimal(v, &at, 255, &octet))
			return false;
		*out = *out * 256 + octet;
	}
	return true;
}

/* The number at the beginning of v. */
static bool read_number(struct masq_view v, enum case_format format,
			int64_t *out)
{
	uint32_t at = 0;

	switch (format) {
	case FORMAT_DECIMAL:
		return read_decimal(v, &at, UINT32_MAX, out);
	case FORMAT_DOTS:
		return read_octets(v, '.', 4, out);
	case FORMAT_PORT_FTP:
		return read_octets(v, ',', 2, out);
	case FORMAT_ADDR_FTP:
		return read_octets(v, ',', 4, out);
	case FORMAT_BE16:
		*out = masq_get16(v, 0);
		return v.len >= 2;
	case FORMAT_BE32:
		*out = masq_get32(v, 0);
		return v.len >= 4;
	case FORMAT_LE16:
		*out = masq_get8(v, 0) | masq_get8(v, 1) << 8;
		return v.len >= 2;
	case FORMAT_U8:
		*out = masq_get8(v, 0);
		return v.len >= 1;
	}
	return false;
}

static uint32_t write_number(char out[32], enum case_format format, uint32_t v)
{
	switch (format) {
	case FORMAT_DECIMAL:
		return (uint32_t)snprintf(out, 32, "%u", v);
	case FORMAT_DOTS:
		return (uint32_t)snprintf(out, 32, "%u.%u.%u.%u", v >> 24,
					  v >> 16 & 255, v >> 8 & 255, v & 255);
	case FORMAT_PORT_FTP:
		return (uint32_t)snprintf(out, 32, "%u,%u", v >> 8 & 255,
					  v & 255);
	case FORMAT_ADDR_FTP:
		return (uint32_t)snprintf(out, 32, "%u,%u,%u,%u", v >> 24,
					  v >> 16 & 255, v >> 8 & 255, v & 255);
	case FORMAT_BE32:
		out[0] = (char)(v >> 24);
		out[1] = (char)(v >> 16);
		out[2] = (char)(v >> 8);
		out[3] = (char)v;
		return 4;
	case FORMAT_BE16:
		out[0] = (char)(v >> 8);
		out[1] = (char)v;
		return 2;
	case FORMAT_LE16:
		out[0] = (char)v;
		out[1] = (char)(v >> 8);
		return 2;
	case FORMAT_U8:
		out[0] = (char)v;
		return 1;
	}
	return 0;
}

static bool append_number(struct run_play *play, const struct run_making *m,
			  const struct case_part *part, uint32_t start)
{
	struct masq_view payload = {.data = m->seen.payload,
				    .len = m->seen.payload_len};
	struct run_seen seen = {.there = false};
	char text[32];
	uint32_t len;
	int64_t value;

	if (m->expect)
		seen.there = read_number(masq_from(payload, play->used - start),
					 part->format, &seen.value);
	if (m->expect && !seen.there &&
	    run_eval(play, part->value, &value) != RUN_EVAL_OK)
		return run_fail(play, part->value->pos,
				"the payload that came has no number here");
	if (!run_bind(play, part->value, &seen, &value))
		return false;
	len = write_number(text, part->format, (uint32_t)value);
	return append(play, m, (const uint8_t *)text, len);
}

bool run_make_payload(struct run_play *play, struct run_making *m,
		      struct run_pkt *pkt)
{
	uint32_t start = play->used;

	if (!m->spec->has_payload)
		return true;
	for (const struct case_part *part = m->spec->parts; part != NULL;
	     part = part->next) {
		bool good = true;

		switch (part->kind) {
		case PART_BYTES:
			good = append(play, m, part->bytes.data,
				      part->bytes.len);
			break;
		case PART_FILL:
			good = append_fill(play, m, part);
			break;
		case PART_NUMBER:
			good = append_number(play, m, part, start);
			break;
		}
		if (!good)
			return false;
	}
	pkt->payload = play->payload.data + start;
	pkt->payload_len = play->used - start;
	return true;
}
