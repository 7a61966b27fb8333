/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy.c - a run or case with all its texts, in one block of memory
 *
 * Done twice by the same code: without a block, to learn its size, and with
 * it. The structure and the lists come first, for the alignment.
 */
#include <stdlib.h>
#include <string.h>

#include "copy.h"

struct block {
	char *base; /* NULL: only count */
	size_t used;
};

/* Room for size octets, or NULL while counting. */
static void *take(struct block *block, size_t size)
{
	void *room = block->base != NULL ? block->base + block->used : NULL;

	block->used += size;
	return room;
}

static const char *take_text(struct block *block, const char *text)
{
	size_t size = text != NULL ? strlen(text) + 1 : 0;
	char *room = take(block, size);

	if (text == NULL || room == NULL)
		return NULL;
	return memcpy(room, text, size);
}

static void take_texts(struct block *block, const char **to,
		       const char *const *from, size_t num)
{
	for (size_t i = 0; i < num; i++) {
		const char *text = take_text(block, from[i]);

		if (to != NULL)
			to[i] = text;
	}
}

static void take_fields(struct block *block, struct rep_field *to,
			const struct rep_case *from)
{
	for (size_t i = 0; i < from->num_fields; i++) {
		const struct rep_field *field = &from->fields[i];
		struct rep_field copy = {
			.name = take_text(block, field->name),
			.expected = take_text(block, field->expected),
			.actual = take_text(block, field->actual),
		};

		if (to != NULL)
			to[i] = copy;
	}
}

static struct rep_case *put_case(struct block *block, const struct rep_case *c)
{
	struct rep_case copy = *c, *out = take(block, sizeof(*out));
	struct rep_field *fields = take(block, c->num_fields * sizeof(*fields));
	const char **clauses = take(block, c->num_clauses * sizeof(char *));
	const char **invariants = take(block,
				       c->num_invariants * sizeof(char *));
	const char **captures = take(block, c->num_captures * sizeof(char *));

	take_fields(block, fields, c);
	take_texts(block, clauses, c->clauses, c->num_clauses);
	take_texts(block, invariants, c->invariants, c->num_invariants);
	take_texts(block, captures, c->captures, c->num_captures);
	copy.fields = fields;
	copy.clauses = clauses;
	copy.invariants = invariants;
	copy.captures = captures;
	copy.id = take_text(block, c->id);
	copy.title = take_text(block, c->title);
	copy.file = take_text(block, c->file);
	copy.reason = take_text(block, c->reason);
	copy.level = take_text(block, c->level);
	copy.sentence = take_text(block, c->sentence);
	copy.what = take_text(block, c->what);
	copy.expected = take_text(block, c->expected);
	copy.actual = take_text(block, c->actual);
	copy.repeat = take_text(block, c->repeat);
	if (out != NULL)
		*out = copy;
	return out;
}

static struct rep_run *put_run(struct block *block, const struct rep_run *run)
{
	struct rep_run copy = *run, *out = take(block, sizeof(*out));

	copy.engine = take_text(block, run->engine);
	copy.version = take_text(block, run->version);
	copy.command = take_text(block, run->command);
	copy.shard = take_text(block, run->shard);
	copy.started = take_text(block, run->started);
	if (out != NULL)
		*out = copy;
	return out;
}

struct rep_case *rep_case_copy(const struct rep_case *from)
{
	struct block block = {.base = NULL};

	put_case(&block, from);
	block.base = malloc(block.used);
	block.used = 0;
	return block.base != NULL ? put_case(&block, from) : NULL;
}

struct rep_run *rep_run_copy(const struct rep_run *from)
{
	struct block block = {.base = NULL};

	put_run(&block, from);
	block.base = malloc(block.used);
	block.used = 0;
	return block.base != NULL ? put_run(&block, from) : NULL;
}
