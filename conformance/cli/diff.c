/* SPDX-License-Identifier: Apache-2.0 */
/* diff.c - two engines, fed the same stimuli and compared */
#include <inttypes.h>

#include "diff.h"
#include "replay.h"
#include "reports/progress.h"

static bool report(const struct cli_party *party, enum conf_status status)
{
	if (status == CONF_OK && !party->results.failed)
		return true;
	cli_error("%s: %s", party->engine.address,
		  status != CONF_OK ? conf_engine_error(&party->engine)
				    : "no memory for results");
	return false;
}

/* The party's results of a stimulus, or of time up to now. */
static bool step(struct cli_party *p, const struct conf_event *event,
		 uint64_t now)
{
	const struct conf_engine_ops *ops = p->engine.ops;
	enum conf_status status;

	conf_results_clear(&p->results);
	if (event != NULL)
		status = ops->packet(p->engine.state, &event->packet,
				     conf_results_emit, &p->results);
	else
		status = ops->advance(p->engine.state, now, conf_results_emit,
				      &p->results);
	if (!report(p, status))
		return false;
	cli_check_step(&p->check, event, now, &p->results);
	return true;
}

/* Both do the same step; a difference is counted, and printed if wanted. */
static enum cli_exit compare_step(struct cli_diff *d,
				  struct rep_progress *progress,
				  const struct conf_event *event)
{
	enum conf_verdict verdict;
	size_t index;

	if (!step(&d->expected, event, d->stream.last_time) ||
	    !step(&d->actual, event, d->stream.last_time))
		return CLI_BROKEN;
	d->num_results += d->expected.results.num_items;
	verdict = conf_compare(&d->rules, &d->expected.results,
			       &d->actual.results, &index);
	if (verdict == CONF_SAME)
		return CLI_OK;
	if (d->num_different++ == 0)
		d->first_number = event != NULL ? event->record.number : 0;
	if (d->num_different <= d->max_reports) {
		rep_progress_clear(progress);
		cli_diff_print(d, event, verdict, index);
	}
	return CLI_OK;
}

static enum cli_exit compare_all(struct cli_diff *d)
{
	struct rep_progress progress;
	struct conf_event event;
	enum cli_exit code = CLI_OK;
	enum cap_status status = CAP_OK;

	cli_stream_init(&d->stream, d->reader, 0);
	rep_progress_init(&progress, stderr, "diff");
	while (code == CLI_OK) {
		status = conf_stream_next(&d->stream, &event);
		if (status != CAP_OK)
			break;
		if (event.kind == CONF_EVENT_STIMULUS) {
			d->num_stimuli++;
			code = compare_step(d, &progress, &event);
		}
		rep_progress_step(&progress, cap_reader_position(d->reader),
				  cap_reader_size(d->reader));
	}
	if (status != CAP_OK && status != CAP_END) {
		rep_progress_clear(&progress);
		cli_error("%s", cap_reader_error(d->reader));
		return CLI_BROKEN;
	}
	/* What time alone does until the input ends. */
	if (code == CLI_OK && d->stream.started)
		code = compare_step(d, &progress, NULL);
	rep_progress_clear(&progress);
	return code;
}

static void print_verdict(const struct cli_diff *d)
{
	bool same = d->num_different == 0 && !d->table_differs;
	enum rep_style style = same ? REP_GOOD : REP_BAD;

	printf("%s%s%s: ", rep_begin(&d->term, style),
	       same ? "equal" : "different", rep_end(&d->term, style));
	printf("%" PRIu64 " stimuli, %" PRIu64 " results", d->num_stimuli,
	       d->num_results);
	if (d->num_different > 0)
		printf("; %" PRIu64 " stimuli answered differently",
		       d->num_different);
	if (d->num_different > 0 && d->first_number > 0)
		printf(", the first is packet %" PRIu64, d->first_number);
	if (d->table_differs)
		printf("; the tables differ");
	putchar('\n');
}

enum cli_exit cli_diff_run(struct cli_diff *d)
{
	enum cli_exit code = compare_all(d);

	if (code != CLI_OK)
		return code;
	if (d->compare_table && !cli_diff_table(d))
		return CLI_BROKEN;
	if (d->num_stimuli == 0) {
		cli_error("there was nothing to compare: no stimuli");
		cli_stream_notes(&d->stream.counts);
		return CLI_BROKEN;
	}
	print_verdict(d);
	if (cli_check_finish(&d->expected.check) != CLI_OK)
		code = CLI_DIFFERENT;
	if (cli_check_finish(&d->actual.check) != CLI_OK)
		code = CLI_DIFFERENT;
	return d->num_different > 0 || d->table_differs ? CLI_DIFFERENT : code;
}

void cli_diff_cleanup(struct cli_diff *d)
{
	cli_check_close(&d->expected.check);
	cli_check_close(&d->actual.check);
	conf_engine_close(&d->expected.engine);
	conf_engine_close(&d->actual.engine);
	conf_results_cleanup(&d->expected.results);
	conf_results_cleanup(&d->actual.results);
}
