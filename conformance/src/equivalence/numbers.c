/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbers.c - how far their TCP numbers are ahead of ours
 *
 * Where a name is written as text, its length differs between the sides, and
 * so do all numbers of that direction behind it, on that wire. An edit is the
 * segment that holds the text; what follows its first octet is shifted by
 * the sum of all edits so far. A segment that is sent again is no edit of
 * its own.
 */
#include <stdlib.h>

#include "equivalence/eqv.h"

static bool is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

int32_t eqv_shift(const struct eqv_numbers *n, uint32_t ours)
{
	if (n == NULL)
		return 0;
	for (uint32_t i = n->num; i > 0; i--)
		if (is_after(ours, n->edits[i - 1].at))
			return n->edits[i - 1].shift;
	return n->base;
}

static unsigned int index_of(enum conf_side wire, enum eqv_dir dir)
{
	return (wire == CONF_OUTSIDE ? 2u : 0u) + dir;
}

const struct eqv_numbers *eqv_numbers_of(const struct eqv_flow *flow,
					 enum conf_side wire, enum eqv_dir dir)
{
	return flow == NULL || flow->numbers == NULL
		       ? NULL
		       : &flow->numbers[index_of(wire, dir)];
}

static bool has_room(struct eqv_numbers *n)
{
	uint32_t max = n->max == 0 ? 8 : n->max * 2;
	struct eqv_edit *edits;

	if (n->num < n->max)
		return true;
	if (n->num == EQV_MAX_EDITS) {
		n->base = n->edits[0].shift;
		n->num--;
		memmove(n->edits, n->edits + 1, n->num * sizeof(*n->edits));
		return true;
	}
	edits = realloc(n->edits, max * sizeof(*edits));
	if (edits == NULL)
		return false;
	n->edits = edits;
	n->max = max;
	return true;
}

void eqv_note_edit(struct conf_equivalence *eq, struct eqv_flow *flow,
		   enum conf_side wire, enum eqv_dir dir, uint32_t at,
		   int32_t diff)
{
	struct eqv_numbers *n;
	int32_t shift;

	if (flow == NULL || diff == 0)
		return;
	if (flow->numbers == NULL)
		flow->numbers = calloc(4, sizeof(*flow->numbers));
	if (flow->numbers == NULL) {
		eq->failed = true;
		return;
	}
	n = &flow->numbers[index_of(wire, dir)];
	if (n->num > 0 && !is_after(at, n->edits[n->num - 1].at))
		return;
	shift = n->num > 0 ? n->edits[n->num - 1].shift : n->base;
	if (!has_room(n)) {
		eq->failed = true;
		return;
	}
	eq->has_numbers = true;
	n->edits[n->num++] = (struct eqv_edit){
		.at = at,
		.shift = (int32_t)((uint32_t)shift + (uint32_t)diff),
	};
}

void eqv_numbers_free(struct eqv_flow *flow)
{
	for (unsigned int i = 0; flow->numbers != NULL && i < 4; i++)
		free(flow->numbers[i].edits);
	free(flow->numbers);
	flow->numbers = NULL;
}
