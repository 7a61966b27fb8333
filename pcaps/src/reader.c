/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.c - one capture, or two merged by time, as one stream of records
 *
 * Each file has a slot for one record. A slot is filled only when its
 * record is needed: the record given last stays valid until the next call,
 * and a reader of one pipe never waits for more than it gives.
 */
#define _POSIX_C_SOURCE 200809L /* for S_ISREG, st_ino */

#include "reader.h"

#include <stdlib.h>

#include "direction.h"
#include "fail.h"
#include "source.h"

#define MAX_SOURCES 2

struct cap_slot {
	struct cap_source source;
	struct cap_record record;
	bool full;  /* record has not been given yet */
	bool ended; /* the file has */
};

struct cap_reader {
	struct cap_rules rules;
	struct cap_slot slots[MAX_SOURCES];
	unsigned int num_slots;
	enum cap_status status; /* other than CAP_OK: for ever */
	char error[CAP_ERROR_SIZE];
};

/* A reader without its files, for num_slots of them; NULL: see *status. */
static struct cap_reader *new_reader(const struct cap_options *options,
				     unsigned int num_slots,
				     enum cap_status *status, char *error)
{
	struct cap_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL) {
		*status = cap_fail(error, CAP_ERR_IO, "out of memory");
		return NULL;
	}
	reader->num_slots = num_slots;
	*status = cap_rules_init(&reader->rules, options, num_slots, error);
	if (*status != CAP_OK) {
		free(reader);
		return NULL;
	}
	return reader;
}

/* Ends an opening: the reader to the caller, or, if it failed, none. */
static enum cap_status finish_open(struct cap_reader *reader,
				   enum cap_status status,
				   struct cap_reader **out_reader)
{
	if (status != CAP_OK) {
		cap_close(reader);
		reader = NULL;
	}
	*out_reader = reader;
	return status;
}

enum cap_status cap_open(const char *path, const char *outside_path,
			 const struct cap_options *options,
			 struct cap_reader **out_reader,
			 char error[CAP_ERROR_SIZE])
{
	const char *paths[MAX_SOURCES] = {path, outside_path};
	unsigned int num_slots = outside_path ? 2 : 1;
	enum cap_status status;
	struct cap_reader *reader;

	reader = new_reader(options, num_slots, &status, error);
	if (reader != NULL && outside_path != NULL && strcmp(path, "-") == 0 &&
	    strcmp(outside_path, "-") == 0)
		status = cap_fail(error, CAP_ERR_ARGUMENT,
				  "standard input cannot be both the inside "
				  "and the outside file");
	for (unsigned int i = 0; i < num_slots && status == CAP_OK; i++)
		status = cap_source_open(&reader->slots[i].source, paths[i],
					 error);
	return finish_open(reader, status, out_reader);
}

enum cap_status cap_open_stream(FILE *stream, const char *name,
				const struct cap_options *options,
				struct cap_reader **out_reader,
				char error[CAP_ERROR_SIZE])
{
	enum cap_status status;
	struct cap_reader *reader = new_reader(options, 1, &status, error);

	if (reader != NULL)
		status = cap_source_adopt(&reader->slots[0].source, stream,
					  name, error);
	else
		fclose(stream);
	return finish_open(reader, status, out_reader);
}

/* Fills a slot, unless it is full, or its file at the end. */
static enum cap_status fill(struct cap_reader *reader, unsigned int file)
{
	struct cap_slot *slot = &reader->slots[file];
	struct cap_link_view view;
	enum cap_status status;

	if (slot->full || slot->ended)
		return CAP_OK;
	status = cap_source_next(&slot->source, &slot->record, &view,
				 reader->error);
	if (status == CAP_END) {
		slot->ended = true;
		return CAP_OK;
	}
	if (status != CAP_OK)
		return status;
	slot->record.file = file;
	cap_rules_apply(&reader->rules, &view, &slot->record);
	slot->full = true;
	return CAP_OK;
}

/*
 * Of two records of the same time what arrived comes first: in a capture in
 * virtual time the results of a stimulus carry its time.
 */
static bool is_earlier(const struct cap_record *a, const struct cap_record *b)
{
	if (a->time != b->time)
		return a->time < b->time;
	return a->dir == CAP_ARRIVED && b->dir != CAP_ARRIVED;
}

/* The full slot with the earliest record, the first of equals; or NULL. */
static struct cap_slot *earliest(struct cap_reader *reader)
{
	struct cap_slot *first = NULL;

	for (unsigned int i = 0; i < reader->num_slots; i++) {
		struct cap_slot *slot = &reader->slots[i];

		if (slot->full && (first == NULL ||
				   is_earlier(&slot->record, &first->record)))
			first = slot;
	}
	return first;
}

enum cap_status cap_next(struct cap_reader *reader,
			 struct cap_record *out_record)
{
	struct cap_slot *slot;

	for (unsigned int i = 0; i < reader->num_slots; i++) {
		if (reader->status == CAP_OK)
			reader->status = fill(reader, i);
	}
	if (reader->status != CAP_OK)
		return reader->status;
	slot = earliest(reader);
	if (slot == NULL) {
		reader->status = CAP_END;
		return CAP_END;
	}
	slot->full = false;
	*out_record = slot->record;
	return CAP_OK;
}

const char *cap_reader_error(const struct cap_reader *reader)
{
	return reader->error;
}

uint64_t cap_reader_position(const struct cap_reader *reader)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < reader->num_slots; i++)
		sum += reader->slots[i].source.position;
	return sum;
}

uint64_t cap_reader_size(const struct cap_reader *reader)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < reader->num_slots; i++) {
		if (!reader->slots[i].source.is_regular)
			return 0;
		sum += reader->slots[i].source.size;
	}
	return sum;
}

bool cap_reader_is_ethernet(const struct cap_reader *reader)
{
	for (unsigned int i = 0; i < reader->num_slots; i++) {
		if (!cap_link_is_ethernet(reader->slots[i].source.link))
			return false;
	}
	return true;
}

bool cap_reader_reads(const struct cap_reader *reader, const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return false;
	for (unsigned int i = 0; i < reader->num_slots; i++) {
		const struct cap_source *source = &reader->slots[i].source;

		if (source->is_regular && source->device == st->st_dev &&
		    source->inode == st->st_ino)
			return true;
	}
	return false;
}

void cap_close(struct cap_reader *reader)
{
	if (reader == NULL)
		return;
	for (unsigned int i = 0; i < reader->num_slots; i++)
		cap_source_close(&reader->slots[i].source);
	free(reader);
}
