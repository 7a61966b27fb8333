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

/* The event as the other side gets it. */
static struct conf_event translate(struct cli_diff *d,
				   const struct conf_event *event)
{
	struct conf_event theirs = *event;

	conf_equivalence_stimulus(d->equivalence, &event->packet,
				  &theirs.packet);
	return theirs;
}

static bool step_both(struct cli_diff *d, const struct conf_event *event)
{
	uint64_t now = d->stream.last_time;
	struct conf_event theirs;

	if (event == NULL || d->equivalence == NULL) {
		if (d->equivalence != NULL)
			conf_equivalence_time(d->equivalence, now);
		return step(&d->expected, event, now) &&
		       step(&d->actual, event, now);
	}
	theirs = translate(d, event);
	return step(&d->expected, event, now) && step(&d->actual, &theirs, now);
}

/* Are the results the same? If not, *out is what is to be shown. */
static bool compare(struct cli_diff *d, struct conf_divergence *divergence,
		    struct cli_difference *out)
{
	if (d->equivalence == NULL) {
		out->expected = &d->expected.results;
		out->actual = &d->actual.results;
		out->verdict = conf_compare(&d->rules, out->expected,
					    out->actual, &out->index);
		return out->verdict == CONF_SAME;
	}
	if (conf_equivalence_compare(d->equivalence, &d->expected.results,
				     &d->actual.results, divergence))
		return true;
	conf_equivalence_compared(d->equivalence, &out->expected, &out->actual);
	out->verdict = divergence->verdict;
	out->index = divergence->index;
	out->divergence = divergence;
	return false;
}

static bool is_waived(struct cli_diff *d, const struct cli_difference *found)
{
	const struct conf_waiver_scope scope = {
		.expected = d->expected.engine.address,
		.actual = d->actual.engine.address,
		.input = d->input,
	};

	return found->divergence != NULL &&
	       conf_waivers_match(&d->waivers, found->divergence, &scope) !=
		       NULL;
}

/* Is it to be shown? Counts it. */
static bool is_news(struct cli_diff *d, const struct cli_difference *found)
{
	if (is_waived(d, found)) {
		d->num_waived++;
		return false;
	}
	if (d->num_different++ == 0)
		d->first_number = found->event != NULL
					  ? found->event->record.number
					  : 0;
	if (d->num_shown >= d->max_reports)
		return false;
	return d->equivalence == NULL || d->all ||
	       !conf_equivalence_told(d->equivalence);
}

/* Both do the same step; a difference is counted, and printed if wanted. */
static enum cli_exit compare_step(struct cli_diff *d,
				  struct rep_progress *progress,
				  const struct conf_event *event)
{
	struct cli_difference found = {.event = event};
	struct conf_divergence divergence;
	bool same;

	if (!step_both(d, event))
		return CLI_BROKEN;
	d->num_results += d->expected.results.num_items;
	same = compare(d, &divergence, &found);
	if (d->equivalence != NULL && conf_equivalence_failed(d->equivalence)) {
		cli_error("no memory for the map of names");
		return CLI_BROKEN;
	}
	if (same || !is_news(d, &found))
		return CLI_OK;
	d->num_shown++;
	if (d->json)
		return cli_diff_json_add(d, &found) ? CLI_OK : CLI_BROKEN;
	rep_progress_clear(progress);
	cli_diff_print(d, &found);
	return CLI_OK;
}

/* The packets of a case that was played, in place of those of a capture. */
static enum cap_status next_played(struct cli_diff *d, struct conf_event *out)
{
	const struct run_evidence *played = d->played;

	while (d->at < played->num) {
		const struct run_packet *p = &played->packets[d->at++];

		d->stream.last_time = p->now;
		*out = (struct conf_event){
			.kind = p->kind == CONF_SEEN_STIMULUS
					? CONF_EVENT_STIMULUS
					: CONF_EVENT_RESULT,
			.record.number = d->at,
			.packet = {.side = p->side,
				   .cast = p->cast,
				   .now = p->now,
				   .data = played->data + p->offset,
				   .len = p->len,
				   .src_mac = p->has_mac ? p->mac : NULL},
		};
		d->stream.started |= out->kind == CONF_EVENT_STIMULUS;
		return CAP_OK;
	}
	return CAP_END;
}

static enum cap_status next_event(struct cli_diff *d, struct conf_event *out)
{
	return d->played != NULL ? next_played(d, out)
				 : conf_stream_next(&d->stream, out);
}

static void show_progress(const struct cli_diff *d,
			  struct rep_progress *progress)
{
	if (d->played == NULL && !d->is_one_of_many)
		rep_progress_step(progress, cap_reader_position(d->reader),
				  cap_reader_size(d->reader));
}

enum cli_exit cli_diff_compare(struct cli_diff *d)
{
	struct rep_progress progress;
	struct conf_event event;
	enum cli_exit code = CLI_OK;
	enum cap_status status = CAP_OK;

	if (d->played != NULL)
		conf_stream_init(&d->stream, NULL, 0);
	else
		cli_stream_init(&d->stream, d->reader, d->lag);
	rep_progress_init(&progress, stderr, "diff");
	while (code == CLI_OK) {
		status = next_event(d, &event);
		if (status != CAP_OK)
			break;
		if (event.kind == CONF_EVENT_STIMULUS) {
			d->num_stimuli++;
			code = compare_step(d, &progress, &event);
		}
		show_progress(d, &progress);
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
	const char *equal = d->equivalence != NULL ? "equal up to renaming"
						   : "equal";

	printf("%s%s%s: ", rep_begin(&d->term, style),
	       same ? equal : "different", rep_end(&d->term, style));
	printf("%" PRIu64 " stimuli, %" PRIu64 " results", d->num_stimuli,
	       d->num_results);
	if (d->num_different > 0)
		printf("; %" PRIu64 " stimuli answered differently",
		       d->num_different);
	if (d->num_different > 0 && d->first_number > 0)
		printf(", the first is packet %" PRIu64, d->first_number);
	if (d->num_waived > 0)
		printf("; %" PRIu64 " waived", d->num_waived);
	if (d->table_differs)
		printf("; the tables differ");
	putchar('\n');
	if (d->equivalence != NULL) {
		cli_diff_waivers(d);
		cli_diff_map(d);
	}
}

enum cli_exit cli_diff_run(struct cli_diff *d)
{
	enum cli_exit code = cli_diff_compare(d);

	if (code != CLI_OK)
		return code;
	if (d->compare_table && !cli_diff_table(d))
		return CLI_BROKEN;
	if (d->num_stimuli == 0) {
		cli_error("there was nothing to compare: no stimuli");
		cli_stream_notes(&d->stream.counts);
		return CLI_BROKEN;
	}
	if (d->json && !cli_diff_json_print(d))
		return CLI_BROKEN;
	if (!d->json)
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
	conf_equivalence_free(d->equivalence);
	conf_waivers_cleanup(&d->waivers);
	cli_diff_json_free(d);
}
