/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ddmin.c - delta debugging: which items of a list are needed?
 *
 * After Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
 * Input" (2002), by complements only: pieces are left out, from the last to
 * the first, since late items need early ones and not the other way round.
 * Pieces are halved until they are single items, and those are tried until
 * none goes any more.
 */
#include <stdlib.h>
#include <string.h>

#include "conformance/minimize.h"

/* Moves the items behind a piece over it. */
static size_t without(size_t *items, size_t num, size_t at, size_t len)
{
	memmove(items + at, items + at + len,
		(num - at - len) * sizeof(*items));
	return num - len;
}

/* One pass over all pieces of a size; *items shrinks. */
static size_t pass(size_t *items, size_t num, size_t size, size_t *kept,
		   conf_ddmin_fn *test, void *ctx)
{
	size_t end = num;

	while (end > 0) {
		size_t len = end < size ? end : size, rest;

		memcpy(kept, items, num * sizeof(*items));
		rest = without(kept, num, end - len, len);
		if (test(ctx, kept, rest)) {
			memcpy(items, kept, rest * sizeof(*items));
			num = rest;
		}
		end -= len;
	}
	return num;
}

size_t conf_ddmin(size_t *items, size_t num, conf_ddmin_fn *test, void *ctx)
{
	size_t *kept = malloc((num + 1) * sizeof(*kept));
	size_t size = (num + 1) / 2, before;

	if (kept == NULL)
		return num;
	while (num > 0) {
		before = num;
		num = pass(items, num, size, kept, test, ctx);
		if (size > num / 2 + 1)
			size = num / 2 + 1;
		if (size > 1)
			size = (size + 1) / 2;
		else if (num == before)
			break;
	}
	free(kept);
	return num;
}
