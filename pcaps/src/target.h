/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.h - where a new file goes: all of it, or nothing
 */
#ifndef PCAPS_TARGET_H
#define PCAPS_TARGET_H

#include "pcaps/capture.h"

struct cap_target {
	int fd;
	bool owns_fd;
	cap_put_fn *put; /* in place of fd; or NULL */
	void *ctx;       /* its argument */
	char *name;      /* for errors */
	char *path;      /* where it belongs; NULL: written directly */
	char *temporary; /* where it is until then; NULL: written directly */
};

/*
 * cap_target_open() opens a temporary file beside path. What is not a file
 * ("-", devices, named pipes) is opened itself. reader may be NULL, else a
 * file that it reads is refused. On failure there is nothing to discard.
 */
enum cap_status cap_target_open(struct cap_target *target, const char *path,
				const struct cap_reader *reader, char *error);

/* A descriptor that stays the caller's. */
enum cap_status cap_target_adopt(struct cap_target *target, int fd,
				 const char *name, char *error);

/* Writes all of it, or fails. */
enum cap_status cap_target_write(struct cap_target *target, const uint8_t *data,
				 size_t len, char *error);

/* Puts the file in its place; on failure there is none. Ends the target. */
enum cap_status cap_target_commit(struct cap_target *target, char *error);

/* Removes what there is. Ends the target. */
void cap_target_discard(struct cap_target *target);

#endif /* PCAPS_TARGET_H */
