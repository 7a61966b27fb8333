/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h - one capture file, read through libpcap
 */
#ifndef PCAPS_SOURCE_H
#define PCAPS_SOURCE_H

#include <sys/types.h>

#include "link.h"

struct cap_source {
	struct pcap *pcap; /* owns the stream */
	FILE *stream;
	char *buffer; /* of the stream, or NULL: its own */
	char *name;   /* for errors */
	const struct cap_link *link;
	uint64_t number; /* records read */

	bool is_regular; /* device, inode and size are a file's */
	dev_t device;
	ino_t inode;
	uint64_t size; /* octets; 0 = unknown */

	bool is_seekable;
	uint64_t position;   /* octets read: where the next record begins */
	uint32_t header_len; /* of a record; 0 = not known, or not fixed */
};

/*
 * Open path ("-": standard input), or take over a stream. On failure there
 * is nothing to close: the stream is closed.
 */
enum cap_status cap_source_open(struct cap_source *source, const char *path,
				char *error);
enum cap_status cap_source_adopt(struct cap_source *source, FILE *stream,
				 const char *name, char *error);

/*
 * The next record: all but file, side, dir and cast, and what decides these.
 * CAP_END, or an error, are final.
 */
enum cap_status cap_source_next(struct cap_source *source,
				struct cap_record *out_record,
				struct cap_link_view *out_view, char *error);

/* Harmless on a source that is zero. */
void cap_source_close(struct cap_source *source);

#endif /* PCAPS_SOURCE_H */
