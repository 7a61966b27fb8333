/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer.c - records to a pcap file
 *
 * The files are made here and not by libpcap, which writes in the byte
 * order of the machine: ours are the same octets everywhere. A file header
 * (24 octets), then for each record a header (16), a link header and the
 * data; integers of the first two are little endian, times in nanoseconds.
 *
 * Records are gathered in one buffer, which is written when the next does
 * not fit.
 */
#include <stdlib.h>

#include "bytes.h"
#include "fail.h"
#include "frame.h"
#include "target.h"

#define FILE_HEADER   24
#define RECORD_HEADER 16

#define PCAP_MAGIC_NS 0xa1b23c4du
#define SNAPLEN       262144 /* longest record, with its link header */

#define NS_PER_S UINT64_C(1000000000)

/* Room for one record at least; some hundred in one write(2). */
#define BUFFER_SIZE (512u * 1024)

struct cap_writer {
	struct cap_target target;
	enum cap_format format;
	enum cap_status status; /* other than CAP_OK: for ever */
	char error[CAP_ERROR_SIZE];
	size_t used; /* octets of buffer */
	uint8_t buffer[BUFFER_SIZE];
};

_Static_assert(BUFFER_SIZE >= RECORD_HEADER + SNAPLEN, "one record fits");

static void put_file_header(struct cap_writer *writer)
{
	uint8_t *out = writer->buffer;

	memset(out, 0, FILE_HEADER);
	cap_put_le32(out, PCAP_MAGIC_NS);
	cap_put_le16(out + 4, 2); /* version 2.4 */
	cap_put_le16(out + 6, 4);
	cap_put_le32(out + 16, SNAPLEN);
	cap_put_le32(out + 20, writer->format == CAP_FORMAT_ETHERNET
				       ? CAP_LINKTYPE_ETHERNET
				       : CAP_LINKTYPE_SLL2);
	writer->used = FILE_HEADER;
}

/* A writer that has no target yet, or NULL. */
static struct cap_writer *new_writer(enum cap_format format, char *error)
{
	struct cap_writer *writer = malloc(sizeof(*writer));

	if (writer == NULL) {
		cap_fail(error, CAP_ERR_IO, "out of memory");
		return NULL;
	}
	writer->format = format;
	writer->status = CAP_OK;
	writer->error[0] = '\0';
	put_file_header(writer);
	return writer;
}

/* Ends a creation: the writer to the caller, or, if it failed, none. */
static enum cap_status finish_create(struct cap_writer *writer,
				     enum cap_status status,
				     struct cap_writer **out_writer)
{
	if (status != CAP_OK) {
		free(writer);
		writer = NULL;
	}
	*out_writer = writer;
	return status;
}

enum cap_status cap_create_from(const struct cap_reader *reader,
				const char *path, enum cap_format format,
				struct cap_writer **out_writer,
				char error[CAP_ERROR_SIZE])
{
	enum cap_status status = CAP_ERR_IO;
	struct cap_writer *writer = new_writer(format, error);

	if (writer != NULL)
		status = cap_target_open(&writer->target, path, reader, error);
	return finish_create(writer, status, out_writer);
}

enum cap_status cap_create(const char *path, enum cap_format format,
			   struct cap_writer **out_writer,
			   char error[CAP_ERROR_SIZE])
{
	return cap_create_from(NULL, path, format, out_writer, error);
}

enum cap_status cap_create_fd(int fd, const char *name, enum cap_format format,
			      struct cap_writer **out_writer,
			      char error[CAP_ERROR_SIZE])
{
	enum cap_status status = CAP_ERR_IO;
	struct cap_writer *writer = new_writer(format, error);

	if (writer != NULL)
		status = cap_target_adopt(&writer->target, fd, name, error);
	return finish_create(writer, status, out_writer);
}

enum cap_status cap_create_call(cap_put_fn *put, void *ctx, const char *name,
				enum cap_format format,
				struct cap_writer **out_writer,
				char error[CAP_ERROR_SIZE])
{
	enum cap_status status = cap_create_fd(-1, name, format, out_writer,
					       error);

	if (status != CAP_OK)
		return status;
	(*out_writer)->target.put = put;
	(*out_writer)->target.ctx = ctx;
	return CAP_OK;
}

enum cap_status cap_flush(struct cap_writer *writer)
{
	if (writer->status == CAP_OK)
		writer->status = cap_target_write(&writer->target,
						  writer->buffer, writer->used,
						  writer->error);
	writer->used = 0;
	return writer->status;
}

/* CAP_ERR_ARGUMENT and the reason if the format cannot hold the record. */
static enum cap_status check_record(struct cap_writer *writer,
				    const struct cap_record *record)
{
	const char *reason = NULL;

	if (record->dir != CAP_ARRIVED && record->dir != CAP_SENT)
		reason = "it neither arrived nor was sent";
	else if ((unsigned int)record->side > CAP_OUTSIDE ||
		 (unsigned int)record->cast > CAP_CAST_OTHER)
		reason = "no such side or packet type";
	else if (record->time / NS_PER_S > UINT32_MAX)
		reason = "its time is after 2106-02-07 06:28:15 UTC";
	else if (record->len > SNAPLEN - CAP_SLL2_HEADER)
		reason = "it is longer than 262144 octets";
	if (reason == NULL)
		return CAP_OK;
	return cap_fail(writer->error, CAP_ERR_ARGUMENT,
			"%s: a record cannot be written: %s",
			cap_short_name(writer->target.name), reason);
}

/* The frame's length on the wire; a broken record may claim 4 GiB. */
static uint32_t full_length(const struct cap_record *record,
			    uint32_t header_len)
{
	uint32_t len = record->wire_len > record->len ? record->wire_len
						      : record->len;

	return len > UINT32_MAX - header_len ? UINT32_MAX : len + header_len;
}

enum cap_status cap_write(struct cap_writer *writer,
			  const struct cap_record *record)
{
	bool is_ethernet = writer->format == CAP_FORMAT_ETHERNET;
	uint32_t header_len = is_ethernet ? CAP_ETHERNET_HEADER
					  : CAP_SLL2_HEADER;
	uint32_t len = header_len + record->len;
	uint32_t wire_len;
	enum cap_status status;
	uint8_t *out;

	if (writer->status != CAP_OK)
		return writer->status;
	status = check_record(writer, record);
	if (status != CAP_OK)
		return status;
	if (BUFFER_SIZE - writer->used < RECORD_HEADER + len &&
	    cap_flush(writer) != CAP_OK)
		return writer->status;

	wire_len = full_length(record, header_len);
	out = writer->buffer + writer->used;
	cap_put_le32(out, (uint32_t)(record->time / NS_PER_S));
	cap_put_le32(out + 4, (uint32_t)(record->time % NS_PER_S));
	cap_put_le32(out + 8, len);
	cap_put_le32(out + 12, wire_len);
	out += RECORD_HEADER;
	if (is_ethernet)
		cap_frame_ethernet(record, out);
	else
		cap_frame_sll2(record, out);
	if (record->len > 0)
		memcpy(out + header_len, record->data, record->len);
	writer->used += RECORD_HEADER + len;
	return CAP_OK;
}

const char *cap_writer_error(const struct cap_writer *writer)
{
	return writer->error;
}

enum cap_status cap_commit(struct cap_writer *writer,
			   char error[CAP_ERROR_SIZE])
{
	enum cap_status status = cap_flush(writer);

	if (status == CAP_OK) {
		status = cap_target_commit(&writer->target, error);
	} else {
		cap_fail(error, status, "%s", writer->error);
		cap_target_discard(&writer->target);
	}
	free(writer);
	return status;
}

void cap_discard(struct cap_writer *writer)
{
	if (writer == NULL)
		return;
	cap_target_discard(&writer->target);
	free(writer);
}
