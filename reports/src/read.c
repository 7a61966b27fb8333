/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read.c - a file of results, line by line
 *
 * A run is a line "run", lines "case", a line "end". Files may be put
 * together with cat(1): several runs follow each other. A run without its
 * end was killed.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "json.h"
#include "results.h"

/* A longer line is none of ours. */
#define MAX_LINE ((size_t)16 * 1024 * 1024)

struct reader {
	FILE *file;
	const char *name; /* for errors */
	char *line;       /* without its end */
	size_t len, size;
	unsigned long number; /* of the line, from 1 */
	bool is_whole;        /* it had its end */
	bool in_run;
	size_t cases; /* of this run */
	struct rep_batch batch;
	bool partial; /* the last line is cut off */
};

/* Puts file and line before what error says. */
static enum rep_status at_line(const struct reader *reader,
			       enum rep_status status, char *error)
{
	char text[REP_ERROR_SIZE];

	if (status != REP_ERR_FORMAT)
		return status;
	snprintf(text, sizeof(text), "%s", error);
	return rep_fail(error, status, "%s:%lu: %.200s",
			rep_short_name(reader->name), reader->number, text);
}

static enum rep_status fail_read(const struct reader *reader, const char *what,
				 char *error)
{
	return rep_fail(error, REP_ERR_IO, "%s: %s: %s",
			rep_short_name(reader->name), what, strerror(errno));
}

static bool push(struct reader *reader, char c)
{
	if (reader->len == reader->size) {
		size_t size = 2 * reader->size + 4096;
		char *grown = realloc(reader->line, size);

		if (grown == NULL)
			return false;
		reader->line = grown;
		reader->size = size;
	}
	reader->line[reader->len++] = c;
	return true;
}

/* Reads a line; *out_any = false: there is none. */
static enum rep_status read_line(struct reader *reader, bool *out_any,
				 char *error)
{
	int c;

	reader->len = 0;
	reader->number++;
	while ((c = getc_unlocked(reader->file)) != EOF && c != '\n') {
		if (reader->len >= MAX_LINE)
			return rep_fail(error, REP_ERR_FORMAT,
					"the line is too long for results");
		if (!push(reader, (char)c))
			return rep_fail_nomem(error);
	}
	if (ferror(reader->file))
		return fail_read(reader, "cannot be read", error);
	reader->is_whole = c == '\n';
	*out_any = reader->is_whole || reader->len > 0;
	return REP_OK;
}

/* The end of a run that did not say so itself. */
static void end_run(struct reader *reader, bool interrupted)
{
	reader->batch.num_unfinished += interrupted;
	reader->in_run = false;
}

static enum rep_status on_run(struct reader *reader, const json_t *object,
			      char *error)
{
	uint64_t version;
	struct rep_run run;
	enum rep_status status = rep_json_get_number(
		object, "format", UINT64_MAX, &version, error);

	if (status != REP_OK)
		return status;
	if (version != REP_FORMAT_VERSION)
		return rep_fail(error, REP_ERR_FORMAT,
				"format %" PRIu64 " of results, expected %d",
				version, REP_FORMAT_VERSION);
	status = rep_json_get_run(object, &run, error);
	if (status != REP_OK)
		return status;
	if (reader->in_run)
		end_run(reader, true);
	reader->in_run = true;
	reader->cases = 0;
	return rep_batch_add_run(&reader->batch, &run) ? REP_OK
						       : rep_fail_nomem(error);
}

static enum rep_status on_case(struct reader *reader, const json_t *object,
			       char *error)
{
	struct rep_case result;
	enum rep_status status = rep_json_get_case(object, &result, error);

	if (status != REP_OK)
		return status;
	if (!rep_batch_add(&reader->batch, &result))
		status = rep_fail_nomem(error);
	rep_json_free_lists(&result);
	reader->cases++;
	return status;
}

static enum rep_status on_end(struct reader *reader, const json_t *object,
			      char *error)
{
	const json_t *interrupted = json_object_get(object, "interrupted");
	uint64_t cases;
	enum rep_status status = rep_json_get_number(object, "cases", SIZE_MAX,
						     &cases, error);

	if (status != REP_OK)
		return status;
	if (cases != reader->cases)
		return rep_fail(error, REP_ERR_FORMAT,
				"the run ends after %zu cases, expected the "
				"%" PRIu64 " of \"cases\"",
				reader->cases, cases);
	if (!json_is_boolean(interrupted))
		return rep_fail(error, REP_ERR_FORMAT,
				"no \"interrupted\": expected true or false");
	end_run(reader, json_is_true(interrupted));
	return REP_OK;
}

static enum rep_status on_object(struct reader *reader, const json_t *object,
				 char *error)
{
	const char *type;
	enum rep_status status = rep_json_get_text(object, "type", &type,
						   error);

	if (status != REP_OK)
		return status;
	if (type == NULL)
		return rep_fail(error, REP_ERR_FORMAT,
				"no \"type\": expected run, case or end");
	if (strcmp(type, "run") == 0)
		return on_run(reader, object, error);
	if (!reader->in_run)
		return rep_fail(error, REP_ERR_FORMAT,
				"\"type\" is \"%.40s\", expected a run first",
				type);
	if (strcmp(type, "case") == 0)
		return on_case(reader, object, error);
	if (strcmp(type, "end") == 0)
		return on_end(reader, object, error);
	return rep_fail(error, REP_ERR_FORMAT,
			"\"type\" is \"%.40s\", expected run, case or end",
			type);
}

static enum rep_status on_line(struct reader *reader, char *error)
{
	json_error_t json_error;
	json_t *object = json_loadb(reader->line, reader->len,
				    JSON_REJECT_DUPLICATES, &json_error);
	enum rep_status status;

	if (json_is_object(object)) {
		status = on_object(reader, object, error);
	} else if (object == NULL && !reader->is_whole &&
		   reader->line[0] == '{') {
		reader->partial = true;
		status = REP_OK;
	} else if (object == NULL &&
		   json_error_code(&json_error) == json_error_out_of_memory) {
		status = rep_fail_nomem(error);
	} else if (object == NULL) {
		status = rep_fail(error, REP_ERR_FORMAT,
				  "expected a JSON object: %s",
				  json_error.text);
	} else {
		status = rep_fail(error, REP_ERR_FORMAT,
				  "expected a JSON object");
	}
	json_decref(object);
	return status;
}

static enum rep_status read_all(struct reader *reader, char *error)
{
	enum rep_status status;
	bool any = true;

	for (;;) {
		status = read_line(reader, &any, error);
		if (status == REP_OK && any)
			status = on_line(reader, error);
		if (status != REP_OK)
			return at_line(reader, status, error);
		if (!any)
			break;
	}
	/* Killed in the midst, or before its first line was out. */
	if (reader->in_run || reader->partial || reader->batch.num_runs == 0)
		end_run(reader, true);
	return REP_OK;
}

enum rep_status rep_results_read(struct rep_results *results, const char *path,
				 bool *out_partial, char error[REP_ERROR_SIZE])
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct reader reader = {
		.file = is_stdin ? stdin : fopen(path, "re"),
		.name = is_stdin ? "standard input" : path,
	};
	enum rep_status status;

	*out_partial = false;
	if (reader.file == NULL)
		return fail_read(&reader, "cannot be opened", error);
	status = read_all(&reader, error);
	if (status == REP_OK) {
		status = rep_results_take(results, &reader.batch);
		if (status != REP_OK)
			rep_fail_nomem(error);
	}
	if (status == REP_OK)
		*out_partial = reader.partial;
	rep_batch_cleanup(&reader.batch);
	free(reader.line);
	if (!is_stdin)
		fclose(reader.file);
	return status;
}
