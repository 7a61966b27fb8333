/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.c - the readers of captures and of their sidecars
 *
 * Property: any octets are read without a crash; every record lies in
 * memory; what is broken is said in a text; what can be read and written
 * again is read back the same.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/finding.h"
#include "common/reach.h"
#include "common/target.h"
#include "conformance/stream.h"
#include "pcaps/sidecar.h"

/* What was written, and is to be read again. */
#define ROOM (1u << 22)
static struct {
	uint8_t *data;
	size_t len;
} written;

static bool begin(void)
{
	written.data = malloc(ROOM);
	return written.data != NULL;
}

static const char *put(void *ctx, const uint8_t *data, size_t len)
{
	(void)ctx;
	if (len > ROOM - written.len)
		return "no room";
	memcpy(written.data + written.len, data, len);
	written.len += len;
	return NULL;
}

/* An error says something, on one line. */
static void must_say(const char *error)
{
	if (error[0] == '\0' || strchr(error, '\n') != NULL)
		fuzz_finding("error-text", "-", 0, "\"%s\"", error);
}

static struct cap_reader *open_memory(const uint8_t *data, size_t len)
{
	char error[CAP_ERROR_SIZE] = "";
	struct cap_reader *reader = NULL;
	FILE *file;

	/* fmemopen() wants to write, but not with this mode. */
	file = len > 0 ? fmemopen((void *)(uintptr_t)data, len, "rb") : NULL;
	if (file != NULL &&
	    cap_open_stream(file, "input", NULL, &reader, error) != CAP_OK)
		must_say(error);
	return reader;
}

/* Touches every octet, so that a sanitizer sees where they are. */
static uint64_t digest(uint64_t hash, const struct cap_record *r)
{
	hash = hash * 31 + r->time;
	hash = hash * 31 + (uint64_t)r->side * 4 + r->dir;
	hash = hash * 31 + r->len;
	for (uint32_t i = 0; i < r->len; i++)
		hash = hash * 31 + r->data[i];
	return hash;
}

struct sum {
	uint64_t hash, num;
	bool whole; /* all of it went into the writer */
};

static struct sum read_all(struct cap_reader *reader, struct cap_writer *writer)
{
	struct sum sum = {.whole = true};
	struct cap_record r;
	enum cap_status status;

	while ((status = cap_next(reader, &r)) == CAP_OK) {
		if (r.wire_len < r.len)
			fuzz_finding("record", "wire-len", r.number,
				     "%u octets of %u", (unsigned int)r.len,
				     (unsigned int)r.wire_len);
		/* The writer holds times up to 2106 and known directions. */
		if (writer != NULL && cap_write(writer, &r) == CAP_OK) {
			sum.hash = digest(sum.hash, &r);
			sum.num++;
		} else if (writer == NULL) {
			sum.hash = digest(sum.hash, &r);
			sum.num++;
		}
	}
	if (status != CAP_END)
		must_say(cap_reader_error(reader));
	/* After the end or an error it only repeats it. */
	if (cap_next(reader, &r) != status)
		fuzz_finding("record", "repeat", sum.num, "the end changes");
	return sum;
}

static void run_capture(const uint8_t *data, size_t len)
{
	struct cap_reader *reader = open_memory(data, len);
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	struct sum before, after;

	if (reader == NULL)
		return;
	written.len = 0;
	if (cap_create_call(put, NULL, "copy", CAP_FORMAT_SLL2, &writer,
			    error) != CAP_OK) {
		fuzz_finding("writer", "open", 0, "%s", error);
		cap_close(reader);
		return;
	}
	before = read_all(reader, writer);
	cap_close(reader);
	if (cap_commit(writer, error) != CAP_OK) {
		must_say(error);
		return;
	}
	fuzz_reach_add(FUZZ_REACH_STIMULI, before.num);
	reader = open_memory(written.data, written.len);
	if (reader == NULL) {
		fuzz_finding("writer", "header", 0, "cannot be read again");
		return;
	}
	after = read_all(reader, NULL);
	cap_close(reader);
	if (after.num != before.num || after.hash != before.hash)
		fuzz_finding("writer", "same", after.num,
			     "what was written is not read again");
}

/* Stimuli and results, as the engines get them. */
static void run_stream(const uint8_t *data, size_t len)
{
	struct cap_reader *reader = open_memory(data, len);
	struct conf_stream stream;
	struct conf_event event;
	uint64_t num = 0;

	if (reader == NULL)
		return;
	conf_stream_init(&stream, reader, 0);
	while (conf_stream_next(&stream, &event) == CAP_OK)
		num++;
	if (num != stream.counts.stimuli + stream.counts.results)
		fuzz_finding("stream", "counts", num, "%u stimuli, %u results",
			     (unsigned int)stream.counts.stimuli,
			     (unsigned int)stream.counts.results);
	fuzz_reach_add(FUZZ_REACH_RESULTS, stream.counts.results);
	cap_close(reader);
}

static void run_sidecar(const uint8_t *data, size_t len)
{
	char error[CAP_ERROR_SIZE] = "";
	struct conf_setting list[64];
	struct conf_config config = {.settings = list, .origin = "input.conf"};
	struct conf_settings settings;
	struct cap_sidecar sidecar;

	cap_sidecar_init(&sidecar);
	if (cap_sidecar_parse(&sidecar, (const char *)data, len, "input.conf",
			      error) != CAP_OK) {
		must_say(error);
		cap_sidecar_cleanup(&sidecar);
		return;
	}
	for (size_t i = 0; i < sidecar.num_settings && i < 64; i++)
		list[config.num_settings++] = (struct conf_setting){
			.key = sidecar.settings[i].key,
			.value = sidecar.settings[i].value,
			.line = sidecar.settings[i].line,
		};
	if (conf_settings_read(&settings, &config, error) != CONF_OK)
		must_say(error);
	cap_sidecar_cleanup(&sidecar);
}

static void run(const uint8_t *data, size_t len)
{
	fuzz_reach_add(FUZZ_REACH_EXECUTIONS, 1);
	run_capture(data, len);
	run_stream(data, len);
	run_sidecar(data, len);
	fuzz_reach_tick();
}

const struct fuzz_target fuzz_target = {
	.name = "capture",
	.property = "readers of captures and sidecars survive any octets",
	.helper = "",
	.is_text = true,
	.begin = begin,
	.run = run,
};
