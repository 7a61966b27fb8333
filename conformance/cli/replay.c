/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - feeding the stimuli of a capture to an engine */
#include <inttypes.h>
#include <string.h>

#include "replay.h"
#include "reports/progress.h"
#include "reports/table.h"

/* Truncated records that are told of one by one. */
#define MAX_TRUNCATED 10u

static void on_truncated(void *ctx, const struct cap_record *record)
{
	const struct conf_stream *stream = ctx;

	if (stream->counts.truncated > MAX_TRUNCATED)
		return;
	cli_error("record %" PRIu64 " is truncated (%" PRIu32 " of %" PRIu32
		  " octets): left out%s",
		  record->number, record->len, record->wire_len,
		  stream->counts.truncated == MAX_TRUNCATED
			  ? "; further ones are only counted"
			  : "");
}

void cli_stream_init(struct conf_stream *stream, struct cap_reader *reader,
		     uint64_t lag)
{
	conf_stream_init(stream, reader, lag);
	stream->on_truncated = on_truncated;
	stream->ctx = stream;
}

void cli_stream_notes(const struct conf_stream_counts *counts)
{
	if (counts->truncated > 0)
		cli_error("%" PRIu64 " truncated records left out (and %" PRIu64
			  " results of theirs): capture whole packets, as "
			  "tcpdump -s 0 does",
			  counts->truncated, counts->orphans);
	if (counts->not_ipv4 > 0)
		cli_error("%" PRIu64 " records that are not IPv4 left out",
			  counts->not_ipv4);
	if (counts->no_side > 0)
		cli_error("%" PRIu64 " records of other interfaces left out; "
			  "see --inside-if, --outside-if",
			  counts->no_side);
	if (counts->inside_stimuli == 0)
		cli_error("nothing arrived from the inside: check "
			  "--inside-if, --outside-if, --wire and --set "
			  "inside.address=A.B.C.D/LEN");
}

/* Writes the results that are of time (before), or all the others. */
static bool write_results(struct cli_replay *r, bool timed, uint64_t time)
{
	for (size_t i = 0; i < r->results.num_items; i++) {
		const struct conf_result *result = &r->results.items[i];

		if ((result->now < time) == timed &&
		    !cli_output_result(r->output, &r->results, result))
			return false;
	}
	return true;
}

static enum cli_exit feed(struct cli_replay *r, const struct conf_event *event)
{
	uint64_t now = event->packet.now;
	size_t num = 0;

	conf_results_clear(&r->results);
	if (r->engine->ops->packet(r->engine->state, &event->packet,
				   conf_results_emit, &r->results) != CONF_OK) {
		cli_error("%s: %s", r->engine->address,
			  conf_engine_error(r->engine));
		return CLI_BROKEN;
	}
	if (r->results.failed) {
		cli_error("no memory for results");
		return CLI_BROKEN;
	}
	for (size_t i = 0; i < r->results.num_items; i++)
		num += r->results.items[i].now >= now;
	r->num_unanswered += num == 0;
	r->num_results += r->results.num_items;
	cli_check_step(&r->check, event, now, &r->results);
	if (write_results(r, true, now) &&
	    cli_output_stimulus(r->output, event) &&
	    write_results(r, false, now))
		return CLI_OK;
	cli_error("%s", r->output->error);
	return CLI_BROKEN;
}

enum cli_exit cli_replay_run(struct cli_replay *r)
{
	struct rep_progress progress;
	struct conf_event event;
	enum cli_exit code = CLI_OK;
	enum cap_status status = CAP_OK;

	cli_stream_init(&r->stream, r->reader, 0);
	rep_progress_init(&progress, stderr, "replay");
	while (code == CLI_OK) {
		status = conf_stream_next(&r->stream, &event);
		if (status != CAP_OK)
			break;
		if (event.kind == CONF_EVENT_STIMULUS)
			code = feed(r, &event);
		rep_progress_step(&progress, cap_reader_position(r->reader),
				  cap_reader_size(r->reader));
	}
	rep_progress_clear(&progress);
	if (status != CAP_OK && status != CAP_END) {
		cli_error("%s", cap_reader_error(r->reader));
		code = CLI_BROKEN;
	}
	return code;
}

void cli_replay_cleanup(struct cli_replay *r)
{
	cli_check_close(&r->check);
	conf_results_cleanup(&r->results);
}

static void add_count(struct rep_table *table, const char *name, uint64_t n)
{
	char text[24];
	const char *cells[] = {name, text};

	snprintf(text, sizeof(text), "%" PRIu64, n);
	rep_table_row(table, cells);
}

/* A conf_text_fn: lines "name value" become rows. */
static void add_counter(void *ctx, const char *text, size_t len)
{
	struct rep_table *table = ctx;
	char name[64], value[32];
	char line[128];
	const char *cells[] = {name, value};

	snprintf(line, sizeof(line), "%.*s", (int)len, text);
	if (sscanf(line, "%63s %31s", name, value) == 2)
		rep_table_row(table, cells);
}

bool cli_replay_print(const struct cli_replay *r)
{
	const struct conf_engine_ops *ops = r->engine->ops;
	struct rep_table table;
	bool done;

	rep_table_init(&table, "lr");
	add_count(&table, "stimuli", r->stream.counts.stimuli);
	add_count(&table, "stimuli.inside", r->stream.counts.inside_stimuli);
	add_count(&table, "stimuli.unanswered", r->num_unanswered);
	add_count(&table, "results", r->num_results);
	/* Not every engine counts. */
	if (ops->dump(r->engine->state, CONF_DUMP_COUNTERS, add_counter,
		      &table) == CONF_ERR_ENGINE) {
		cli_error("%s: %s", r->engine->address,
			  conf_engine_error(r->engine));
		table.failed = true;
	}
	done = rep_table_print(&table, stdout, 0);
	rep_table_cleanup(&table);
	return done;
}
