/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h - a router's-eye capture as stimuli and their results
 *
 * A record that arrived is a stimulus. A record that was sent is a result:
 * of the stimulus before it, or, if it is later than that by more than the
 * allowed lag, of time alone. What cannot be either is left out and counted.
 *
 * A truncated record is never used, nor are the results of a truncated
 * stimulus: nobody knows what they were the answer to.
 */
#ifndef CONFORMANCE_STREAM_H
#define CONFORMANCE_STREAM_H

#include "conformance/settings.h"
#include "pcaps/capture.h"

enum conf_event_kind {
	CONF_EVENT_NONE = 0,
	CONF_EVENT_STIMULUS,
	CONF_EVENT_RESULT, /* of the last stimulus */
	CONF_EVENT_TIMED,  /* a result of time alone */
};

struct conf_event {
	enum conf_event_kind kind;
	struct cap_record record; /* where it stands in the capture */
	struct conf_packet packet;
};

/* What has been read, and what was left out. */
struct conf_stream_counts {
	uint64_t stimuli;
	uint64_t inside_stimuli; /* those from the inside */
	uint64_t results;        /* timed ones too */
	uint64_t not_ipv4;
	uint64_t no_side;   /* neither inside nor outside, no direction */
	uint64_t truncated; /* records cut short by the capture's limit */
	uint64_t orphans;   /* results of truncated stimuli */
};

/* Told of each truncated record. */
typedef void conf_truncated_fn(void *ctx, const struct cap_record *record);

struct conf_stream {
	struct cap_reader *reader;       /* the caller's */
	uint64_t lag;                    /* ns that a result may be late */
	conf_truncated_fn *on_truncated; /* NULL: just count */
	void *ctx;
	struct conf_stream_counts counts;
	uint64_t last_time;     /* ns, of the last event */
	uint64_t stimulus_time; /* ns, of the last stimulus */
	bool started;           /* a stimulus was seen */
	bool orphaned;          /* the last stimulus was truncated */
};

void conf_stream_init(struct conf_stream *stream, struct cap_reader *reader,
		      uint64_t lag);

/*
 * The next event; its pointers are valid until the next call. CAP_OK,
 * CAP_END, or what cap_next() said.
 */
enum cap_status conf_stream_next(struct conf_stream *stream,
				 struct conf_event *out_event) CONF_NODISCARD;

/* How captures of a router with these settings are to be read. */
void conf_capture_options(const struct conf_settings *settings,
			  struct cap_options *out_options);

/*
 * Opens the recording "FILE", or "INSIDE,OUTSIDE": one file for each wire, if
 * there is no file of the whole name.
 */
enum cap_status conf_capture_open(const char *path,
				  const struct cap_options *options,
				  struct cap_reader **out_reader,
				  char error[CAP_ERROR_SIZE]) CAP_NODISCARD;
/* The first file of it, which has the sidecar: heap; NULL without memory. */
char *conf_capture_first(const char *path);

#endif /* CONFORMANCE_STREAM_H */
