/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_text.c - the shortest text, or any octets, that fail the same way
 *
 * Lines are left out first, then octets.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/minimize.h"
#include "fuzz.h"

/* A piece of the text that is left out or not. */
struct piece {
	size_t at, len;
};

struct text {
	struct fuzz_small *small;
	const uint8_t *data;
	struct piece *pieces;
	uint8_t *some; /* the octets of a candidate */
	size_t some_len;
	char path[2300];
	uint64_t deadline;
};

static void choose(struct text *t, const size_t *items, size_t num)
{
	t->some_len = 0;
	for (size_t i = 0; i < num; i++) {
		const struct piece *p = &t->pieces[items[i]];

		memcpy(t->some + t->some_len, t->data + p->at, p->len);
		t->some_len += p->len;
	}
}

/* A conf_ddmin_fn. */
static bool try_items(void *ctx, const size_t *items, size_t num)
{
	struct text *t = ctx;
	struct fuzz_verdict verdict;
	char error[CONF_ERROR_SIZE];

	if (fuzz_now_ms() > t->deadline || fuzz_interrupted > 1)
		return false;
	choose(t, items, num);
	t->small->num_attempts++;
	return fuzz_store(t->path, t->some, t->some_len) &&
	       fuzz_replay(&t->small->replay, t->path, &verdict, NULL, error) &&
	       strcmp(verdict.class, t->small->class) == 0;
}

/* Parts the text behind each line, or at each octet; returns the pieces. */
static size_t cut(struct text *t, size_t len, bool lines)
{
	size_t num = 0, start = 0;

	for (size_t i = 0; i < len; i++)
		if (!lines || t->data[i] == '\n' || i + 1 == len) {
			t->pieces[num++] = (struct piece){start, i + 1 - start};
			start = i + 1;
		}
	return num;
}

/* Takes away what is not needed; the text is then shorter. */
static size_t reduce(struct text *t, uint8_t *data, size_t len, bool lines)
{
	size_t num = cut(t, len, lines);
	size_t *items = malloc((num + 1) * sizeof(*items));

	if (items == NULL)
		return len;
	for (size_t i = 0; i < num; i++)
		items[i] = i;
	num = conf_ddmin(items, num, try_items, t);
	choose(t, items, num);
	free(items);
	memcpy(data, t->some, t->some_len);
	return t->some_len;
}

bool fuzz_small_text(struct fuzz_small *s, const char *in, const char *out)
{
	size_t len;
	uint8_t *data = fuzz_load(in, &len);
	struct text t = {
		.small = s,
		.data = data,
		.deadline = fuzz_now_ms() + s->effort * UINT64_C(1000),
	};
	bool good = false;

	if (data == NULL) {
		cli_error("%s: %s", in, strerror(errno));
		return false;
	}
	s->num_before = s->num_after = len;
	t.pieces = calloc(len + 1, sizeof(*t.pieces));
	t.some = malloc(len + 1);
	snprintf(t.path, sizeof(t.path), "%s/attempt", s->work);
	if (t.pieces != NULL && t.some != NULL) {
		len = reduce(&t, data, len, true);
		len = reduce(&t, data, len, false);
		s->num_after = len;
		good = fuzz_store(out, data, len);
		(void)unlink(t.path);
	}
	free(t.pieces);
	free(t.some);
	free(data);
	return good;
}
