/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h - memory that is freed all at once */
#ifndef CASE_ARENA_H
#define CASE_ARENA_H

#include <stddef.h>

struct case_arena {
	struct case_block *blocks;
};

/* Zeroed memory, or NULL. */
void *case_alloc(struct case_arena *arena, size_t size);
/* A terminated copy of text, or NULL. */
char *case_copy(struct case_arena *arena, const char *text, size_t len);
void case_arena_cleanup(struct case_arena *arena);

#endif /* CASE_ARENA_H */
