/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c - one capture file, read through libpcap
 *
 * libpcap knows the formats (pcap and its variants, pcapng), their byte
 * orders, and bounds what a record may ask for: 256 KiB of the link types
 * that are supported here, 16 MiB for a block of pcapng. What is added: a
 * stream with a large buffer, offsets, times as one number, and errors
 * that name the place.
 */
#define _DEFAULT_SOURCE /* for the types in pcap.h; ftello(), fdopen() */

#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "fail.h"

/* Octets of the buffer of a stream: one read(2) for some hundred records. */
#define STREAM_BUFFER (256u * 1024)

#define NS_PER_S 1000000000

/* Latest second whose nanoseconds, two seconds more, 64 bits can hold. */
#define LAST_SECOND INT64_C(18446744071)

/* Octets before the first record of a pcap file. */
#define FILE_HEADER 24

/* Major version that libpcap gives for a pcap file; that of pcapng is 1. */
#define PCAP_MAJOR 2

/* "-" is a copy of the descriptor: closing leaves standard input alone. */
static FILE *open_stream(const char *path)
{
	FILE *stream;
	int fd;

	if (strcmp(path, "-") != 0)
		return fopen(path, "rbe");
	fd = dup(STDIN_FILENO);
	if (fd < 0)
		return NULL;
	stream = fdopen(fd, "rb");
	if (stream == NULL)
		close(fd);
	return stream;
}

enum cap_status cap_source_open(struct cap_source *source, const char *path,
				char *error)
{
	FILE *stream = open_stream(path);
	enum cap_status status;
	char *buffer;

	memset(source, 0, sizeof(*source));
	if (stream == NULL)
		return cap_fail(error, CAP_ERR_OPEN, "%s: cannot be opened: %s",
				cap_short_name(path), strerror(errno));
	/* Without memory for a buffer, the stream keeps its own. */
	buffer = malloc(STREAM_BUFFER);
	if (buffer != NULL)
		setvbuf(stream, buffer, _IOFBF, STREAM_BUFFER);
	status = cap_source_adopt(
		source, stream,
		strcmp(path, "-") == 0 ? "standard input" : path, error);
	if (status != CAP_OK)
		free(buffer);
	else
		source->buffer = buffer;
	return status;
}

/* What the system knows of the file, if it is one. */
static void look_at_file(struct cap_source *source)
{
	struct stat st;
	int fd = fileno(source->stream);
	off_t position = ftello(source->stream);

	source->is_seekable = position >= 0;
	source->position = position >= 0 ? (uint64_t)position : FILE_HEADER;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	source->is_regular = true;
	source->device = st.st_dev;
	source->inode = st.st_ino;
	source->size = (uint64_t)st.st_size;
}

/* Opens the capture in source->stream, leaving its closing to the caller. */
static enum cap_status start_pcap(struct cap_source *source, char *error)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	const char *dlt_name;
	char dlt_number[24];
	int dlt;

	source->pcap = pcap_fopen_offline_with_tstamp_precision(
		source->stream, PCAP_TSTAMP_PRECISION_NANO, reason);
	if (source->pcap == NULL) {
		if (ferror(source->stream))
			return cap_fail(error, CAP_ERR_IO, "%s: %s",
					cap_short_name(source->name), reason);
		return cap_fail(error, CAP_ERR_FORMAT,
				"%s: not a pcap or pcapng file: %s",
				cap_short_name(source->name), reason);
	}

	dlt = pcap_datalink(source->pcap);
	source->link = cap_link_find(dlt);
	if (source->link == NULL) {
		dlt_name = pcap_datalink_val_to_name(dlt);
		snprintf(dlt_number, sizeof(dlt_number), "number %d", dlt);
		return cap_fail(error, CAP_ERR_LINK,
				"%s: link type %s is not supported; "
				"supported are " CAP_LINKS_SUPPORTED,
				cap_short_name(source->name),
				dlt_name ? dlt_name : dlt_number);
	}
	return CAP_OK;
}

enum cap_status cap_source_adopt(struct cap_source *source, FILE *stream,
				 const char *name, char *error)
{
	enum cap_status status;

	memset(source, 0, sizeof(*source));
	source->stream = stream;
	source->name = strdup(name);
	if (source->name == NULL) {
		status = cap_fail(error, CAP_ERR_IO, "out of memory");
	} else {
		status = start_pcap(source, error);
		look_at_file(source);
	}
	if (status != CAP_OK)
		cap_source_close(source);
	return status;
}

/* False for pcapng, whose times are 64 bits and whose headers vary. */
static bool is_pcap(const struct cap_source *source)
{
	return pcap_major_version(source->pcap) == PCAP_MAJOR;
}

/*
 * Nanoseconds since 1970. A pcap file holds seconds as 32 bits; libpcap
 * gives them signed or unsigned, as it comes: unsigned is meant, until 2106.
 * A fraction of a whole second, which some tools round up to, is carried.
 * False: no time, or one past 2554, which 64 bits cannot hold.
 */
static bool take_time(const struct cap_source *source, const struct timeval *tv,
		      uint64_t *out)
{
	int64_t seconds = tv->tv_sec;
	int64_t fraction = tv->tv_usec; /* nanoseconds, as was asked for */

	if (is_pcap(source) && seconds < 0)
		seconds += INT64_C(1) << 32;
	if (seconds < 0 || seconds > LAST_SECOND)
		return false;
	if (fraction < 0 || fraction >= 2 * (int64_t)NS_PER_S)
		return false;
	*out = (uint64_t)seconds * NS_PER_S + (uint64_t)fraction;
	return true;
}

/*
 * Where the next record begins. ftello() costs as much as reading a record,
 * so it is asked only where it cannot be known: in pcapng, in a record that
 * may have been cut to the snapshot length, and once for the length of a
 * record header (16, or 24 in one variant of the format).
 */
static void advance(struct cap_source *source, uint32_t caplen)
{
	off_t position;
	bool is_whole = caplen < (uint32_t)pcap_snapshot(source->pcap);

	if (!source->is_seekable) {
		source->position += 16 + caplen;
		return;
	}
	if (source->header_len != 0 && is_whole) {
		source->position += source->header_len + caplen;
		return;
	}
	position = ftello(source->stream);
	if (position < 0)
		return;
	if (is_whole && is_pcap(source))
		source->header_len =
			(uint32_t)((uint64_t)position - source->position) -
			caplen;
	source->position = (uint64_t)position;
}

/* An error at the record after the last one that was read. */
static enum cap_status fail_at(const struct cap_source *source, char *error,
			       enum cap_status status, const char *reason)
{
	if (!source->is_seekable)
		return cap_fail(error, status, "%s: record %llu: %s",
				cap_short_name(source->name),
				(unsigned long long)source->number + 1, reason);
	return cap_fail(error, status, "%s: record %llu at offset %llu: %s",
			cap_short_name(source->name),
			(unsigned long long)source->number + 1,
			(unsigned long long)source->position, reason);
}

enum cap_status cap_source_next(struct cap_source *source,
				struct cap_record *out_record,
				struct cap_link_view *out_view, char *error)
{
	struct pcap_pkthdr *header;
	const u_char *frame;
	char reason[80];
	int got = pcap_next_ex(source->pcap, &header, &frame);

	if (got == PCAP_ERROR_BREAK)
		return CAP_END;
	if (got != 1)
		return fail_at(source, error,
			       ferror(source->stream) ? CAP_ERR_IO
						      : CAP_ERR_FORMAT,
			       pcap_geterr(source->pcap));

	memset(out_record, 0, sizeof(*out_record));
	memset(out_view, 0, sizeof(*out_view));
	if (!take_time(source, &header->ts, &out_record->time))
		return fail_at(source, error, CAP_ERR_FORMAT,
			       "its time is out of range");
	if (!cap_link_parse(source->link,
			    (struct cap_bytes){frame, header->caplen},
			    header->len, out_record, out_view)) {
		snprintf(reason, sizeof(reason),
			 "the %s header is cut off: %u octets in all",
			 source->link->name, (unsigned int)header->caplen);
		return fail_at(source, error, CAP_ERR_FORMAT, reason);
	}
	out_record->number = ++source->number;
	out_record->offset = source->is_seekable ? source->position : 0;
	advance(source, header->caplen);
	return CAP_OK;
}

void cap_source_close(struct cap_source *source)
{
	if (source->pcap != NULL)
		pcap_close(source->pcap); /* closes the stream */
	else if (source->stream != NULL)
		fclose(source->stream);
	free(source->buffer);
	free(source->name);
	memset(source, 0, sizeof(*source));
}
