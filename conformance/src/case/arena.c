/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c - memory that is freed all at once */
#include <stdlib.h>
#include <string.h>

#include "arena.h"

#define BLOCK_SIZE 4000u
#define ALIGNMENT  16u

struct case_block {
	struct case_block *next;
	size_t used, size;
	_Alignas(16) unsigned char data[];
};

static struct case_block *grow(struct case_arena *arena, size_t size)
{
	size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct case_block *block = calloc(1, sizeof(*block) + room);

	if (block == NULL)
		return NULL;
	block->size = room;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *case_alloc(struct case_arena *arena, size_t size)
{
	struct case_block *block = arena->blocks;
	void *out;

	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (block == NULL || block->size - block->used < size)
		block = grow(arena, size);
	if (block == NULL)
		return NULL;
	out = block->data + block->used;
	block->used += size;
	return out;
}

char *case_copy(struct case_arena *arena, const char *text, size_t len)
{
	char *out = case_alloc(arena, len + 1);

	if (out != NULL && len > 0)
		memcpy(out, text, len);
	return out;
}

void case_arena_cleanup(struct case_arena *arena)
{
	while (arena->blocks != NULL) {
		struct case_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
}
