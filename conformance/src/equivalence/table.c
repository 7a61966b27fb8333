/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - items found by either of two hashes */
#include <stdlib.h>

#include "equivalence/eqv.h"

#define FIRST_SIZE 256u
#define MAX_ITEMS  (1u << 28)

void eqv_table_init(struct eqv_table *t, size_t size)
{
	*t = (struct eqv_table){.size = size};
}

void eqv_table_cleanup(struct eqv_table *t)
{
	free(t->items);
	free(t->heads[0]);
	free(t->heads[1]);
	eqv_table_init(t, t->size);
}

static uint32_t index_of(const struct eqv_table *t, const void *item)
{
	return (uint32_t)((size_t)((const uint8_t *)item - t->items) / t->size);
}

void eqv_table_link(struct eqv_table *t, void *item)
{
	struct eqv_item *i = item;

	for (unsigned int key = 0; key < 2; key++) {
		uint32_t *head = &t->heads[key][i->hash[key] & (t->max - 1)];

		i->next[key] = *head;
		*head = index_of(t, item);
	}
}

void eqv_table_unlink(struct eqv_table *t, void *item)
{
	struct eqv_item *i = item;
	uint32_t index = index_of(t, item);

	for (unsigned int key = 0; key < 2; key++) {
		uint32_t *at = &t->heads[key][i->hash[key] & (t->max - 1)];

		while (*at != 0 && *at != index)
			at = &((struct eqv_item *)eqv_at(t, *at))->next[key];
		if (*at == index)
			*at = i->next[key];
	}
}

static void relink(struct eqv_table *t)
{
	for (unsigned int key = 0; key < 2; key++)
		memset(t->heads[key], 0, t->max * sizeof(*t->heads[key]));
	for (uint32_t i = 1; i <= t->num; i++)
		eqv_table_link(t, eqv_at(t, i));
}

/* Throws out what nobody needs; the order of age is kept. */
static void purge(const struct conf_equivalence *eq, struct eqv_table *t,
		  eqv_drop_fn *drop)
{
	uint32_t kept = 0;

	for (uint32_t i = 1; i <= t->num; i++) {
		if (drop(eq, eqv_at(t, i)))
			continue;
		if (++kept != i)
			memcpy(eqv_at(t, kept), eqv_at(t, i), t->size);
	}
	t->num = kept;
	relink(t);
}

static bool grow(struct eqv_table *t)
{
	uint32_t max = t->max == 0 ? FIRST_SIZE : t->max * 2;
	uint8_t *items;

	if (max > MAX_ITEMS)
		return false;
	items = realloc(t->items, ((size_t)max + 1) * t->size);
	if (items == NULL)
		return false;
	t->items = items;
	for (unsigned int key = 0; key < 2; key++) {
		uint32_t *heads = realloc(t->heads[key], max * sizeof(*heads));

		if (heads == NULL)
			return false;
		t->heads[key] = heads;
	}
	t->max = max;
	relink(t);
	return true;
}

void *eqv_table_add(const struct conf_equivalence *eq, struct eqv_table *t,
		    uint32_t hash0, uint32_t hash1, eqv_drop_fn *drop)
{
	struct eqv_item *item;

	/* Purging must be worth it: half of the room, or it grows. */
	if (t->num == t->max) {
		if (t->max > 0)
			purge(eq, t, drop);
		if (t->num >= t->max / 2 && !grow(t))
			return NULL;
	}
	t->num++;
	item = eqv_at(t, t->num);
	memset(item, 0, t->size);
	item->hash[0] = hash0;
	item->hash[1] = hash1;
	eqv_table_link(t, item);
	return item;
}
