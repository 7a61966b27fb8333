/* SPDX-License-Identifier: Apache-2.0 */
/* kit.c - an engine, what it sent and what it remembers */
#include <stdlib.h>

#include "kit.h"

enum {
	STORE_SIZE = 1 << 20 /* octets, for the results of one packet */
};

/* ---- life ------------------------------------------------------------ */

void kit_config(struct masq_config *config)
{
	masq_config_init(config);
	config->max_entries = 1024;
	config->max_destinations = 64;
}

struct kit *kit_open(const struct masq_config *config)
{
	struct kit *k = calloc(1, sizeof(*k));

	assert_non_null(k);
	k->store = malloc(STORE_SIZE);
	assert_non_null(k->store);
	k->config = *config;
	k->now = UINT64_C(1000000000);
	assert_int_equal(masq_engine_new(config, &k->engine), MASQ_OK);
	return k;
}

struct kit *kit_new(void)
{
	struct masq_config config;

	kit_config(&config);
	return kit_open(&config);
}

struct kit *kit_new_without(uint64_t quirks)
{
	struct masq_config config;

	kit_config(&config);
	config.quirks &= ~quirks;
	return kit_open(&config);
}

struct kit *kit_new_answering(void)
{
	struct masq_config config;

	kit_config(&config);
	config.local_answer = true;
	return kit_open(&config);
}

void kit_close(struct kit *k)
{
	masq_engine_free(k->engine);
	free(k->store);
	free(k);
}

/* ---- results --------------------------------------------------------- */

static void check_sums(const struct kit_result *r)
{
	uint64_t sum = masq_sum(masq_slice(r->packet, 0, r->hlen));

	assert_int_equal(masq_get16(r->packet, 2), r->packet.len);
	if ((r->frag & 0x3fff) != 0)
		return;
	/* 0x0000 for 0xFFFF is CSUM-07's: both fold to it. */
	assert_int_equal(masq_fold(sum), 0xffff);
	sum = masq_sum(r->segment);
	if (r->proto == 17 && masq_get16(r->segment, 6) == 0)
		return;
	if (r->proto == 6 || r->proto == 17)
		sum += masq_sum_pseudo(r->src, r->dst, r->proto,
				       r->segment.len);
	else if (r->proto != 1)
		return;
	assert_int_equal(masq_fold(sum), 0xffff);
}

static void take_apart(struct kit_result *r)
{
	const struct masq_view v = r->packet;
	uint32_t header = 8;

	r->hlen = (masq_get8(v, 0) & 15) * 4u;
	r->tos = masq_get8(v, 1);
	r->ip_id = masq_get16(v, 4);
	r->frag = masq_get16(v, 6);
	r->ttl = masq_get8(v, 8);
	r->proto = masq_get8(v, 9);
	r->src = masq_get32(v, 12);
	r->dst = masq_get32(v, 16);
	r->segment = masq_from(v, r->hlen);
	r->sport = masq_get16(r->segment, 0);
	r->dport = masq_get16(r->segment, 2);
	r->type = masq_get8(r->segment, 0);
	r->code = masq_get8(r->segment, 1);
	r->id = masq_get16(r->segment, 4);
	r->rest = masq_get32(r->segment, 4);
	if (r->proto == 6) {
		r->seq = masq_get32(r->segment, 4);
		r->ack = masq_get32(r->segment, 8);
		r->flags = masq_get8(r->segment, 13) & 0x3f;
		header = (masq_get8(r->segment, 12) >> 4) * 4u;
	}
	r->payload = masq_from(r->segment, header);
}

static void emit(void *ctx, const struct masq_result *result)
{
	struct kit *k = ctx;
	struct kit_result *r;

	if (k->num_results == KIT_MAX_RESULTS ||
	    result->len > STORE_SIZE - k->stored)
		fail_msg("the kit has no room for more results");
	r = &k->results[k->num_results++];
	memset(r, 0, sizeof(*r));
	r->side = result->side;
	r->now = result->now;
	r->own_error = result->own_error;
	r->packet.data = k->store + k->stored;
	r->packet.len = result->len;
	memcpy(k->store + k->stored, result->data, result->len);
	k->stored += result->len;
	if (result->dst_mac != NULL) {
		r->has_mac = true;
		memcpy(r->mac, result->dst_mac, 6);
	}
	take_apart(r);
	if (!k->lax)
		check_sums(r);
}

static void forget_results(struct kit *k)
{
	k->num_results = 0;
	k->stored = 0;
}

void kit_wait(struct kit *k, uint64_t ms)
{
	forget_results(k);
	k->now += ms * UINT64_C(1000000);
	masq_advance(k->engine, k->now, emit, k);
}

const struct kit_result *kit_raw(struct kit *k, enum masq_side side,
				 enum masq_cast cast, const uint8_t *data,
				 uint32_t len)
{
	/* Of its own, so that sanitizers see a read beyond the end. */
	uint8_t *copy = malloc(len == 0 ? 1 : len);
	struct masq_frame frame = {
		.side = side,
		.cast = cast,
		.now = k->now,
		.data = copy,
		.len = len,
		.src_mac = k->src_mac,
	};

	assert_non_null(copy);
	if (len != 0)
		memcpy(copy, data, len);
	forget_results(k);
	k->drop = masq_packet(k->engine, &frame, emit, k);
	free(copy);
	return k->num_results != 0 ? &k->results[0] : NULL;
}

const struct kit_result *kit_packet(struct kit *k, enum masq_side side,
				    const struct kit_packet *p)
{
	uint8_t data[KIT_MAX_PACKET];
	const uint32_t len = kit_build(p, data);

	return kit_raw(k, side, MASQ_CAST_HOST, data, len);
}

/* ---- entries --------------------------------------------------------- */

struct wanted {
	uint8_t proto;
	uint16_t masq_port;
	struct masq_entry_info *out;
	bool found;
};

static void match(void *ctx, const struct masq_entry_info *info)
{
	struct wanted *w = ctx;

	if (w->found || info->proto != w->proto ||
	    info->masq_port != w->masq_port)
		return;
	*w->out = *info;
	w->found = true;
}

bool kit_entry(struct kit *k, uint8_t proto, uint16_t masq_port,
	       struct masq_entry_info *out)
{
	struct wanted w = {.proto = proto, .masq_port = masq_port, .out = out};

	memset(out, 0, sizeof(*out));
	masq_table_each(k->engine, match, &w);
	return w.found;
}

struct masq_stats kit_stats(const struct kit *k)
{
	struct masq_stats stats;

	masq_stats_get(k->engine, &stats);
	return stats;
}

unsigned int kit_num_entries(struct kit *k)
{
	return kit_stats(k).num_entries;
}

/* ---- chance ---------------------------------------------------------- */

/* Steele, Lea, Flood: SplitMix64 (2014). */
uint64_t kit_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t kit_below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)((kit_random(state) >> 32) * limit >> 32);
}
