/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.c - a recording as an engine: it answers as the file shows
 *
 * It can be asked only what it was asked then: stimulus k must be the k-th
 * one of the recording, octet for octet. One record is read ahead, so a
 * recording may have any length.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/stream.h"
#include "engines.h"

struct recording {
	char *path; /* owned */
	struct cap_options options;
	uint64_t lag; /* ns */
	struct cap_reader *reader;
	struct conf_stream stream;
	struct conf_event next; /* read but not used; NONE at the end */
	char error[CAP_ERROR_SIZE];
};

static void capture_close(void *engine)
{
	struct recording *rec = engine;

	if (rec == NULL)
		return;
	cap_close(rec->reader);
	free(rec->path);
	free(rec);
}

/* A recording with holes cannot be held against anything. */
static void on_truncated(void *ctx, const struct cap_record *record)
{
	struct recording *rec = ctx;

	snprintf(rec->error, sizeof(rec->error),
		 "%s: record %" PRIu64 " is truncated (%" PRIu32 " of %" PRIu32
		 " octets): expected whole packets",
		 rec->path, record->number, record->len, record->wire_len);
}

/* Reads ahead. At the end next.kind is NONE. */
static enum conf_status read_next(struct recording *rec)
{
	enum cap_status status = conf_stream_next(&rec->stream, &rec->next);

	if (rec->error[0] != '\0')
		return CONF_ERR_ENGINE;
	if (status == CAP_OK || status == CAP_END)
		return CONF_OK;
	snprintf(rec->error, sizeof(rec->error), "%s",
		 cap_reader_error(rec->reader));
	return CONF_ERR_ENGINE;
}

/* From the start of the file. */
static enum conf_status start(struct recording *rec)
{
	rec->error[0] = '\0';
	if (conf_capture_open(rec->path, &rec->options, &rec->reader,
			      rec->error) != CAP_OK)
		return CONF_ERR_ENGINE;
	conf_stream_init(&rec->stream, rec->reader, rec->lag);
	rec->stream.on_truncated = on_truncated;
	rec->stream.ctx = rec;
	return read_next(rec);
}

static enum conf_status read_options(struct recording *rec,
				     const struct conf_config *config)
{
	struct conf_settings *settings = malloc(sizeof(*settings));
	enum conf_status status;

	if (settings == NULL) {
		snprintf(rec->error, sizeof(rec->error), "no memory");
		return CONF_ERR_ENGINE;
	}
	status = conf_settings_read(settings, config, rec->error);
	if (status == CONF_OK) {
		conf_capture_options(settings, &rec->options);
		rec->lag = settings->lag;
	}
	free(settings);
	return status;
}

static enum conf_status capture_open(const struct conf_config *config,
				     void **out_engine, char *error,
				     size_t error_size)
{
	struct recording *rec = calloc(1, sizeof(*rec));
	size_t size = strlen(config->argument) + 1;
	enum conf_status status;

	*out_engine = NULL;
	if (rec == NULL || (rec->path = malloc(size)) == NULL) {
		free(rec);
		snprintf(error, error_size, "no memory for a recording");
		return CONF_ERR_ENGINE;
	}
	memcpy(rec->path, config->argument, size);
	status = read_options(rec, config);
	if (status == CONF_OK)
		status = start(rec);
	if (status != CONF_OK) {
		snprintf(error, error_size, "%s", rec->error);
		capture_close(rec);
		return status;
	}
	*out_engine = rec;
	return CONF_OK;
}

static enum conf_status capture_reset(void *engine)
{
	struct recording *rec = engine;

	cap_close(rec->reader);
	rec->reader = NULL;
	return start(rec);
}

/* Is the stimulus the recorded one? Says what is not, or NULL. */
static const char *find_difference(const struct conf_packet *given,
				   const struct conf_packet *recorded)
{
	if (given->side != recorded->side)
		return "arrived on the other side";
	if (given->cast != recorded->cast)
		return "was addressed differently by the link layer";
	if (given->now != recorded->now)
		return "arrived at another time";
	if (given->len != recorded->len)
		return "had another length";
	if (given->len > 0 &&
	    memcmp(given->data, recorded->data, given->len) != 0)
		return "had other octets";
	return NULL;
}

/* The recording must hold the stimulus next. */
static enum conf_status check_stimulus(struct recording *rec,
				       const struct conf_packet *stimulus)
{
	const char *what;

	if (rec->next.kind == CONF_EVENT_NONE) {
		snprintf(rec->error, sizeof(rec->error),
			 "%s: the recording ends after %" PRIu64 " stimuli, "
			 "expected one more",
			 rec->path, rec->stream.counts.stimuli);
		return CONF_ERR_ENGINE;
	}
	what = find_difference(stimulus, &rec->next.packet);
	if (what == NULL)
		return CONF_OK;
	snprintf(rec->error, sizeof(rec->error),
		 "%s: record %" PRIu64 " is not the stimulus it is to answer: "
		 "that one %s",
		 rec->path, rec->next.record.number, what);
	return CONF_ERR_ENGINE;
}

/* Emits what is next as long as it is of that kind and not after until. */
static enum conf_status emit_while(struct recording *rec,
				   enum conf_event_kind kind, uint64_t until,
				   conf_emit_fn *emit, void *ctx)
{
	while (rec->next.kind == kind && rec->next.packet.now <= until) {
		enum conf_status status;

		emit(ctx, &rec->next.packet);
		status = read_next(rec);
		if (status != CONF_OK)
			return status;
	}
	return CONF_OK;
}

static enum conf_status capture_packet(void *engine,
				       const struct conf_packet *stimulus,
				       conf_emit_fn *emit, void *ctx)
{
	struct recording *rec = engine;
	enum conf_status status;

	if (rec->error[0] != '\0')
		return CONF_ERR_ENGINE;
	status = emit_while(rec, CONF_EVENT_TIMED, UINT64_MAX, emit, ctx);
	if (status == CONF_OK)
		status = check_stimulus(rec, stimulus);
	if (status == CONF_OK)
		status = read_next(rec);
	if (status == CONF_OK)
		status = emit_while(rec, CONF_EVENT_RESULT, UINT64_MAX, emit,
				    ctx);
	return status;
}

static enum conf_status capture_advance(void *engine, uint64_t now,
					conf_emit_fn *emit, void *ctx)
{
	struct recording *rec = engine;

	if (rec->error[0] != '\0')
		return CONF_ERR_ENGINE;
	return emit_while(rec, CONF_EVENT_TIMED, now, emit, ctx);
}

/* NAME.table for NAME.pcap, of two files the first; heap, or NULL. */
static char *table_name(const char *path)
{
	char *first = conf_capture_first(path), *name, *dot;
	const char *slash;

	if (first == NULL)
		return NULL;
	slash = strrchr(first, '/');
	dot = strrchr(slash != NULL ? slash : first, '.');
	if (dot != NULL)
		*dot = '\0';
	name = realloc(first, strlen(first) + sizeof(".table"));
	if (name == NULL)
		free(first);
	else
		strcat(name, ".table");
	return name;
}

/* The table that was recorded at the end, if one was. */
static enum conf_status capture_dump(void *engine, enum conf_dump what,
				     conf_text_fn *text, void *ctx)
{
	struct recording *rec = engine;
	enum conf_status status = CONF_ERR_UNSUPPORTED;
	char piece[4096];
	char *name;
	FILE *file;
	size_t n;

	if (what != CONF_DUMP_TABLE)
		return CONF_ERR_UNSUPPORTED;
	name = table_name(rec->path);
	file = name != NULL ? fopen(name, "rb") : NULL;
	if (file != NULL) {
		while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
			text(ctx, piece, n);
		status = ferror(file) ? CONF_ERR_ENGINE : CONF_OK;
		if (status != CONF_OK)
			snprintf(rec->error, sizeof(rec->error),
				 "%.400s: cannot be read", name);
		fclose(file);
	}
	free(name);
	return status;
}

static const char *capture_error(void *engine)
{
	struct recording *rec = engine;

	return rec->error;
}

const struct conf_engine_ops conf_capture_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "capture",
	.capabilities = CONF_CAN_DUMP | CONF_CAN_FRAGMENTS,
	.open = capture_open,
	.reset = capture_reset,
	.packet = capture_packet,
	.advance = capture_advance,
	.dump = capture_dump,
	.error = capture_error,
	.close = capture_close,
};
