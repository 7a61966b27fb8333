/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.c - where a new file goes: all of it, or nothing
 *
 * The file is made under a temporary name in the folder where it belongs,
 * .masqcheck-PID-N.tmp, and gets its name by rename(2), which replaces an
 * old file in one step: who opens the name finds the old file or the whole
 * new one. The temporary name does not depend on the target's, which may be
 * as long as names can be.
 */
#define _XOPEN_SOURCE 700 /* for realpath(), strdup() */

#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "reader.h"

/* Names to try until one is free. Files of dead processes may be left. */
#define MAX_TRIES 1000

/* Octets of ".masqcheck-PID-N.tmp", with room. */
#define TEMPORARY_SIZE 64

static enum cap_status fail_open(const struct cap_target *target, char *error)
{
	return cap_fail(error, CAP_ERR_OPEN, "%s: cannot be created: %s",
			cap_short_name(target->name), strerror(errno));
}

/*
 * Creates the temporary file: target->temporary and fd, or errno. With the
 * mode of any new file, which mkstemp() would not give.
 */
static bool create_temporary(struct cap_target *target)
{
	const char *slash = strrchr(target->path, '/');
	size_t folder_len = slash ? (size_t)(slash - target->path) + 1 : 0;

	target->temporary = malloc(folder_len + TEMPORARY_SIZE);
	if (target->temporary == NULL)
		return false;
	memcpy(target->temporary, target->path, folder_len);
	for (unsigned int i = 0; i < MAX_TRIES; i++) {
		snprintf(target->temporary + folder_len, TEMPORARY_SIZE,
			 ".masqcheck-%ld-%u.tmp", (long)getpid(), i);
		target->fd = open(target->temporary,
				  O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				  0666);
		if (target->fd >= 0) {
			target->owns_fd = true;
			return true;
		}
		if (errno != EEXIST)
			break;
	}
	/* No file is there that discarding would have to remove. */
	free(target->temporary);
	target->temporary = NULL;
	return false;
}

/* Opens what is no regular file, to be written directly. */
static bool open_directly(struct cap_target *target, const char *path)
{
	target->fd = open(path, O_WRONLY | O_CLOEXEC);
	target->owns_fd = target->fd >= 0;
	return target->owns_fd;
}

/* As cap_target_open() of a path; exists: st is what is there. */
static bool open_path(struct cap_target *target, const char *path, bool exists,
		      const struct stat *st)
{
	if (path[0] == '\0' || (exists && S_ISDIR(st->st_mode))) {
		errno = exists ? EISDIR : ENOENT;
		return false;
	}
	if (exists && !S_ISREG(st->st_mode))
		return open_directly(target, path);
	/* Through symbolic links: it is their file that is replaced. */
	target->path = exists ? realpath(path, NULL) : strdup(path);
	return target->path != NULL && create_temporary(target);
}

enum cap_status cap_target_open(struct cap_target *target, const char *path,
				const struct cap_reader *reader, char *error)
{
	bool is_stdout = strcmp(path, "-") == 0;
	struct stat st;
	bool exists;
	enum cap_status status;

	if (is_stdout)
		status = cap_target_adopt(target, STDOUT_FILENO,
					  "standard output", error);
	else
		status = cap_target_adopt(target, -1, path, error);
	if (status != CAP_OK)
		return status;

	exists = (is_stdout ? fstat(STDOUT_FILENO, &st) : stat(path, &st)) == 0;
	if (reader != NULL && exists && cap_reader_reads(reader, &st))
		status = cap_fail(error, CAP_ERR_ARGUMENT,
				  "%s: is being read, and cannot be written "
				  "over; give another name",
				  cap_short_name(target->name));
	else if (!is_stdout && !open_path(target, path, exists, &st))
		status = fail_open(target, error);
	if (status != CAP_OK)
		cap_target_discard(target);
	return status;
}

enum cap_status cap_target_adopt(struct cap_target *target, int fd,
				 const char *name, char *error)
{
	*target = (struct cap_target){.fd = fd, .name = strdup(name)};
	if (target->name == NULL)
		return cap_fail(error, CAP_ERR_IO, "out of memory");
	return CAP_OK;
}

enum cap_status cap_target_write(struct cap_target *target, const uint8_t *data,
				 size_t len, char *error)
{
	const char *problem;

	if (target->put != NULL) {
		problem = target->put(target->ctx, data, len);
		if (problem == NULL)
			return CAP_OK;
		return cap_fail(error, CAP_ERR_IO, "%s: cannot be written: %s",
				cap_short_name(target->name), problem);
	}
	while (len > 0) {
		ssize_t done = write(target->fd, data, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cap_fail(
				error, CAP_ERR_IO, "%s: cannot be written: %s",
				cap_short_name(target->name), strerror(errno));
		data += done;
		len -= (size_t)done;
	}
	return CAP_OK;
}

/* Closes the descriptor if it is ours; errors of late writing come here. */
static bool close_fd(struct cap_target *target)
{
	bool was_owned = target->owns_fd;

	target->owns_fd = false;
	return !was_owned || close(target->fd) == 0;
}

enum cap_status cap_target_commit(struct cap_target *target, char *error)
{
	enum cap_status status = CAP_OK;

	if (!close_fd(target) ||
	    (target->temporary != NULL &&
	     rename(target->temporary, target->path) != 0)) {
		status = cap_fail(
			error, CAP_ERR_IO, "%s: cannot be finished: %s",
			cap_short_name(target->name), strerror(errno));
	} else {
		free(target->temporary);
		target->temporary = NULL;
	}
	cap_target_discard(target);
	return status;
}

void cap_target_discard(struct cap_target *target)
{
	close_fd(target);
	if (target->temporary != NULL)
		unlink(target->temporary);
	free(target->temporary);
	free(target->path);
	free(target->name);
	*target = (struct cap_target){.fd = -1};
}
