/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c - a file of results, line by line
 *
 * The file has its final name from the start, because what is there when a
 * run is killed is worth keeping. A line goes out in one write(2).
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "json.h"

struct rep_store {
	int fd;
	bool owns_fd;
	char *name;             /* for errors */
	off_t whole;            /* octets of whole lines */
	size_t cases;           /* added */
	enum rep_status status; /* other than REP_OK: for ever */
	char error[REP_ERROR_SIZE];
};

static enum rep_status fail_io(struct rep_store *store, const char *what)
{
	store->status = rep_fail(store->error, REP_ERR_IO, "%s: %s: %s",
				 rep_short_name(store->name), what,
				 strerror(errno));
	return store->status;
}

static enum rep_status fail_nomem(struct rep_store *store)
{
	store->status = rep_fail_nomem(store->error);
	return store->status;
}

static enum rep_status write_all(struct rep_store *store, const char *data,
				 size_t len)
{
	const char *at = data;
	size_t left = len;

	while (left > 0) {
		ssize_t done = write(store->fd, at, left);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			fail_io(store, "cannot be written");
			/* Half a line is no use; left, it is the last. */
			if (store->owns_fd && at != data &&
			    ftruncate(store->fd, store->whole) == 0)
				lseek(store->fd, store->whole, SEEK_SET);
			return store->status;
		}
		at += done;
		left -= (size_t)done;
	}
	store->whole += (off_t)len;
	return REP_OK;
}

/*
 * Writes an object as a line, and frees it. Not by json_dumps(), which, short
 * of memory, leaves out keys.
 */
static enum rep_status write_line(struct rep_store *store, json_t *object)
{
	size_t len = json_dumpb(object, NULL, 0, JSON_COMPACT);
	char *line = len > 0 ? malloc(len + 1) : NULL;
	enum rep_status status;

	if (line == NULL ||
	    json_dumpb(object, line, len, JSON_COMPACT) != len) {
		status = fail_nomem(store);
	} else {
		line[len] = '\n';
		status = write_all(store, line, len + 1);
	}
	json_decref(object);
	free(line);
	return status;
}

/* A new object of a type; NULL: no memory. */
static json_t *new_object(const char *type)
{
	json_t *object = json_object();

	if (rep_json_set_text(object, "type", type))
		return object;
	json_decref(object);
	return NULL;
}

static enum rep_status write_run(struct rep_store *store,
				 const struct rep_run *run)
{
	json_t *object = new_object("run");

	if (object != NULL &&
	    rep_json_set(object, "format", json_integer(REP_FORMAT_VERSION)) &&
	    rep_json_put_run(object, run))
		return write_line(store, object);
	json_decref(object);
	return fail_nomem(store);
}

static enum rep_status open_file(struct rep_store *store, const char *path)
{
	if (strcmp(path, "-") == 0) {
		store->fd = STDOUT_FILENO;
		store->name = strdup("standard output");
		return store->name != NULL ? REP_OK : fail_nomem(store);
	}
	store->name = strdup(path);
	if (store->name == NULL)
		return fail_nomem(store);
	store->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	store->owns_fd = store->fd >= 0;
	return store->owns_fd ? REP_OK : fail_io(store, "cannot be created");
}

static void free_store(struct rep_store *store)
{
	if (store->owns_fd)
		close(store->fd);
	free(store->name);
	free(store);
}

enum rep_status rep_store_create(const char *path, const struct rep_run *run,
				 struct rep_store **out_store,
				 char error[REP_ERROR_SIZE])
{
	struct rep_store *store = calloc(1, sizeof(*store));
	enum rep_status status;

	*out_store = NULL;
	if (store == NULL)
		return rep_fail_nomem(error);
	store->fd = -1;
	status = open_file(store, path);
	if (status == REP_OK)
		status = write_run(store, run);
	if (status == REP_OK) {
		*out_store = store;
		return REP_OK;
	}
	memcpy(error, store->error, REP_ERROR_SIZE);
	free_store(store);
	return status;
}

enum rep_status rep_store_add(struct rep_store *store,
			      const struct rep_case *result)
{
	json_t *object;

	if (store->status != REP_OK)
		return store->status;
	if (result->id == NULL || *result->id == '\0' ||
	    result->verdict <= REP_NONE || result->verdict >= REP_NUM_VERDICTS)
		return REP_ERR_FORMAT;
	object = new_object("case");
	if (object == NULL || !rep_json_put_case(object, result)) {
		json_decref(object);
		return fail_nomem(store);
	}
	store->cases++;
	return write_line(store, object);
}

static enum rep_status write_end(struct rep_store *store, bool interrupted)
{
	json_t *object = new_object("end");

	if (object != NULL &&
	    rep_json_set(object, "cases",
			 json_integer((json_int_t)store->cases)) &&
	    rep_json_set(object, "interrupted", json_boolean(interrupted)))
		return write_line(store, object);
	json_decref(object);
	return fail_nomem(store);
}

enum rep_status rep_store_close(struct rep_store *store, bool interrupted,
				char error[REP_ERROR_SIZE])
{
	enum rep_status status;

	if (store == NULL)
		return REP_OK;
	status = store->status;
	if (status == REP_OK)
		status = write_end(store, interrupted);
	if (store->owns_fd) {
		store->owns_fd = false;
		if (close(store->fd) != 0 && status == REP_OK)
			status = fail_io(store, "cannot be finished");
	}
	if (status != REP_OK)
		memcpy(error, store->error, REP_ERROR_SIZE);
	free_store(store);
	return status;
}
