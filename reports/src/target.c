/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.c - where a report goes: all of it, or nothing
 *
 * The temporary name, .masqcheck-PID-N.tmp, does not depend on the target's,
 * which may be as long as names can be.
 */
#define _XOPEN_SOURCE 700 /* realpath(), strdup() */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "target.h"

/* Names to try until one is free. Files of dead processes may be left. */
#define MAX_TRIES 1000

/* Octets of ".masqcheck-PID-N.tmp", with room. */
#define TEMPORARY_SIZE 64

static enum rep_status fail_io(const char *name, const char *what, char *error)
{
	return rep_fail(error, REP_ERR_IO, "%s: %s: %s", rep_short_name(name),
			what, strerror(errno));
}

static enum rep_status write_stdout(const char *data, size_t len, char *error)
{
	if (fwrite(data, 1, len, stdout) == len && fflush(stdout) == 0)
		return REP_OK;
	return fail_io("standard output", "cannot be written", error);
}

/* Writes all of it to fd and closes that. */
static enum rep_status write_close(int fd, const char *name, const char *data,
				   size_t len, char *error)
{
	enum rep_status status = REP_OK;

	while (len > 0 && status == REP_OK) {
		ssize_t done = write(fd, data, len);

		if (done < 0 && errno != EINTR)
			status = fail_io(name, "cannot be written", error);
		if (done > 0) {
			data += done;
			len -= (size_t)done;
		}
	}
	if (close(fd) != 0 && status == REP_OK)
		status = fail_io(name, "cannot be finished", error);
	return status;
}

static enum rep_status write_directly(const char *path, const char *data,
				      size_t len, char *error)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return fail_io(path, "cannot be opened", error);
	return write_close(fd, path, data, len, error);
}

/* Opens a new file beside path; -1 and errno on failure. */
static int open_temporary(const char *path, char **out_name)
{
	const char *slash = strrchr(path, '/');
	size_t folder_len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	char *name = malloc(folder_len + TEMPORARY_SIZE);
	int fd = -1;

	*out_name = NULL;
	if (name == NULL)
		return -1;
	memcpy(name, path, folder_len);
	for (unsigned int i = 0; i < MAX_TRIES && fd < 0; i++) {
		snprintf(name + folder_len, TEMPORARY_SIZE,
			 ".masqcheck-%ld-%u.tmp", (long)getpid(), i);
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd >= 0)
		*out_name = name;
	else
		free(name);
	return fd;
}

/* path has no symbolic link at its end. */
static enum rep_status replace(const char *path, const char *data, size_t len,
			       char *error)
{
	char *temporary;
	int fd = open_temporary(path, &temporary);
	enum rep_status status;

	if (fd < 0)
		return fail_io(path, "cannot be created", error);
	status = write_close(fd, path, data, len, error);
	if (status == REP_OK && rename(temporary, path) != 0)
		status = fail_io(path, "cannot be finished", error);
	if (status != REP_OK)
		unlink(temporary);
	free(temporary);
	return status;
}

enum rep_status rep_target_write(const char *path, const char *data, size_t len,
				 char *error)
{
	enum rep_status status;
	struct stat st;
	char *real;

	if (strcmp(path, "-") == 0)
		return write_stdout(data, len, error);
	if (stat(path, &st) != 0)
		return replace(path, data, len, error);
	if (!S_ISREG(st.st_mode))
		return write_directly(path, data, len, error);
	/* Through symbolic links: it is their file that is replaced. */
	real = realpath(path, NULL);
	if (real == NULL)
		return fail_io(path, "cannot be found", error);
	status = replace(real, data, len, error);
	free(real);
	return status;
}
