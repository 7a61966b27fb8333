/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c - a router's-eye capture as stimuli and their results */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/stream.h"

_Static_assert((int)CONF_ERROR_SIZE == (int)CAP_ERROR_SIZE,
	       "one buffer does for errors of both");

void conf_stream_init(struct conf_stream *stream, struct cap_reader *reader,
		      uint64_t lag)
{
	*stream = (struct conf_stream){.reader = reader, .lag = lag};
}

void conf_capture_options(const struct conf_settings *settings,
			  struct cap_options *out)
{
	cap_options_init(out);
	out->inside_if = settings->inside.ifindex;
	out->outside_if = settings->outside.ifindex;
	out->file_side = (enum cap_side)settings->wire;
	out->inside_addr = settings->inside.addr;
	out->inside_len = settings->inside.len;
	out->outside_addr = settings->outside.addr;
	out->outside_len = settings->outside.len;
	out->has_inside_mac = settings->inside.has_mac;
	out->has_outside_mac = settings->outside.has_mac;
	memcpy(out->inside_mac, settings->inside.mac, 6);
	memcpy(out->outside_mac, settings->outside.mac, 6);
}

/* Is it a packet that took part in what is looked at? Counts it if not. */
static bool is_relevant(struct conf_stream *s, const struct cap_record *r)
{
	if (r->ethertype != CAP_ETHERTYPE_IPV4) {
		s->counts.not_ipv4++;
		return false;
	}
	if (r->side == CAP_SIDE_NONE || r->dir == CAP_DIR_NONE) {
		s->counts.no_side++;
		return false;
	}
	return true;
}

/* What the record is, or NONE if it cannot be used. */
static enum conf_event_kind classify(struct conf_stream *s,
				     const struct cap_record *r)
{
	bool cut = cap_is_truncated(r);

	if (cut) {
		s->counts.truncated++;
		if (s->on_truncated != NULL)
			s->on_truncated(s->ctx, r);
	}
	if (r->dir == CAP_ARRIVED) {
		s->orphaned = cut;
		s->stimulus_time = r->time;
		s->started = true;
		return cut ? CONF_EVENT_NONE : CONF_EVENT_STIMULUS;
	}
	if (cut)
		return CONF_EVENT_NONE;
	if (s->started && r->time <= s->stimulus_time + s->lag) {
		s->counts.orphans += s->orphaned;
		return s->orphaned ? CONF_EVENT_NONE : CONF_EVENT_RESULT;
	}
	return CONF_EVENT_TIMED;
}

static void count(struct conf_stream *s, const struct conf_event *event)
{
	if (event->kind != CONF_EVENT_STIMULUS) {
		s->counts.results++;
		return;
	}
	s->counts.stimuli++;
	if (event->record.side == CAP_INSIDE)
		s->counts.inside_stimuli++;
}

enum cap_status conf_stream_next(struct conf_stream *s, struct conf_event *out)
{
	struct cap_record *r = &out->record;
	enum cap_status status;

	do {
		out->kind = CONF_EVENT_NONE;
		status = cap_next(s->reader, r);
		if (status != CAP_OK)
			return status;
		if (is_relevant(s, r))
			out->kind = classify(s, r);
	} while (out->kind == CONF_EVENT_NONE);
	count(s, out);
	s->last_time = r->time;
	out->packet = (struct conf_packet){
		.side = (enum conf_side)r->side,
		.cast = (enum conf_cast)r->cast,
		.now = r->time,
		.data = r->data,
		.len = r->len,
		.src_mac = r->is_ethernet ? r->src_mac : NULL,
		.dst_mac = r->has_dst_mac ? r->dst_mac : NULL,
	};
	return CAP_OK;
}

/* Where the second name of "INSIDE,OUTSIDE" begins, or NULL. */
static const char *second_file(const char *path)
{
	const char *comma = strchr(path, ',');
	FILE *whole;

	if (comma == NULL || comma == path || comma[1] == '\0')
		return NULL;
	whole = fopen(path, "rb");
	if (whole == NULL)
		return comma + 1;
	fclose(whole);
	return NULL;
}

char *conf_capture_first(const char *path)
{
	const char *second = second_file(path);
	size_t len = second != NULL ? (size_t)(second - path) - 1
				    : strlen(path);
	char *first = malloc(len + 1);

	if (first == NULL)
		return NULL;
	memcpy(first, path, len);
	first[len] = '\0';
	return first;
}

enum cap_status conf_capture_open(const char *path,
				  const struct cap_options *options,
				  struct cap_reader **out_reader,
				  char error[CAP_ERROR_SIZE])
{
	char *first = conf_capture_first(path);
	enum cap_status status;

	*out_reader = NULL;
	if (first == NULL) {
		snprintf(error, CAP_ERROR_SIZE, "no memory for a file name");
		return CAP_ERR_IO;
	}
	status = cap_open(first, second_file(path), options, out_reader, error);
	free(first);
	return status;
}
