/* SPDX-License-Identifier: Apache-2.0 */
/* results.c - the packets that came of one stimulus, or of time passing */
#include <stdlib.h>
#include <string.h>

#include "conformance/results.h"

void conf_results_init(struct conf_results *results)
{
	*results = (struct conf_results){.num_items = 0};
}

void conf_results_cleanup(struct conf_results *results)
{
	free(results->items);
	free(results->data);
	conf_results_init(results);
}

void conf_results_clear(struct conf_results *results)
{
	results->num_items = 0;
	results->data_len = 0;
	results->failed = false;
}

/* Room for one more item. */
static bool grow_items(struct conf_results *r)
{
	size_t max = r->max_items > 0 ? r->max_items * 2 : 16;
	struct conf_result *grown;

	if (r->num_items < r->max_items)
		return true;
	grown = realloc(r->items, max * sizeof(*grown));
	if (grown == NULL)
		return false;
	r->items = grown;
	r->max_items = max;
	return true;
}

/* Room for len more octets. */
static bool grow_data(struct conf_results *r, size_t len)
{
	size_t cap = r->data_cap > 0 ? r->data_cap : 16384;
	uint8_t *grown;

	while (cap - r->data_len < len)
		cap *= 2;
	if (cap == r->data_cap)
		return true;
	grown = realloc(r->data, cap);
	if (grown == NULL)
		return false;
	r->data = grown;
	r->data_cap = cap;
	return true;
}

void conf_results_emit(void *ctx, const struct conf_packet *result)
{
	struct conf_results *r = ctx;
	struct conf_result *item;

	if (!grow_items(r) || !grow_data(r, result->len)) {
		r->failed = true;
		return;
	}
	item = &r->items[r->num_items++];
	*item = (struct conf_result){
		.side = result->side,
		.now = result->now,
		.offset = r->data_len,
		.len = result->len,
		.own_error = result->own_error,
		.has_src_mac = result->src_mac != NULL,
		.has_dst_mac = result->dst_mac != NULL,
	};
	if (item->has_src_mac)
		memcpy(item->src_mac, result->src_mac, 6);
	if (item->has_dst_mac)
		memcpy(item->dst_mac, result->dst_mac, 6);
	if (result->len > 0)
		memcpy(r->data + r->data_len, result->data, result->len);
	r->data_len += result->len;
}
