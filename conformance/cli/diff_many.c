/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff_many.c - two engines, compared over many cases and captures
 *
 * The engines are opened once for each set of settings that comes up and
 * brought back to their beginning for each input. The stimuli of a case are
 * found by playing it against the engine that is expected: what a host
 * answers to depends on what it got.
 */
#define _GNU_SOURCE /* asprintf */

#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/play.h"
#include "diff_many.h"
#include "replay.h"

/* ---- one input ----------------------------------------------------------- */

static void note_json(struct many *m, const char *name, const char *verdict)
{
	struct cli_diff *d = &m->diff;

	if (m->json == NULL)
		return;
	(void)json_array_append_new(
		m->json, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o}",
				   "input", name, "verdict", verdict, "stimuli",
				   (json_int_t)d->num_stimuli, "results",
				   (json_int_t)d->num_results, "different",
				   (json_int_t)d->num_different, "waived",
				   (json_int_t)d->num_waived, "differences",
				   cli_diff_json_take(d)));
}

static void count_input(struct many *m, const char *name)
{
	const struct cli_diff *d = &m->diff;

	m->num_inputs++;
	m->num_stimuli += d->num_stimuli;
	if (d->num_different > 0) {
		m->num_different++;
		if (!d->json)
			printf("%s%s%s: different: %" PRIu64 " of %" PRIu64
			       " stimuli\n\n",
			       rep_begin(&d->term, REP_BAD), name,
			       rep_end(&d->term, REP_BAD), d->num_different,
			       d->num_stimuli);
		note_json(m, name, "different");
	} else if (d->num_waived > 0) {
		m->num_waived++;
		note_json(m, name, "waived");
	} else {
		m->num_equal++;
		note_json(m, name, "equal");
	}
}

/* The engines are ready; the stimuli are in played, or come by reader. */
static enum cli_exit compare(struct many *m, const char *name,
			     const struct conf_settings *settings,
			     const struct run_evidence *played,
			     struct cap_reader *reader)
{
	struct cli_diff *d = &m->diff;
	enum cli_exit code;

	d->played = played;
	d->reader = reader;
	d->input = name;
	d->at = 0;
	d->num_stimuli = d->num_results = d->num_different = 0;
	d->num_shown = d->first_number = d->num_waived = 0;
	code = cli_diff_begin(d, m->o, settings);
	if (code == CLI_OK) {
		rep_progress_clear(&m->progress);
		code = cli_diff_compare(d);
	}
	conf_equivalence_free(d->equivalence);
	d->equivalence = NULL;
	if (code != CLI_OK)
		cli_error("%s: the comparison ends here", name);
	else
		count_input(m, name);
	return code;
}

static bool add_sets(const struct many *m, const struct conf_config *own,
		     struct conf_config *out)
{
	const struct cap_sidecar *sets = &m->o->config.sets;
	struct conf_setting *all = calloc(
		own->num_settings + sets->num_settings + 1, sizeof(*all));

	*out = *own;
	out->settings = all;
	out->timeout = m->o->config.timeout;
	for (size_t i = 0; i < own->num_settings && all != NULL; i++)
		all[i] = own->settings[i];
	for (size_t i = 0; i < sets->num_settings && all != NULL; i++)
		all[out->num_settings++] = (struct conf_setting){
			.key = sets->settings[i].key,
			.value = sets->settings[i].value,
		};
	return all != NULL;
}

static enum cli_exit play_and_compare(struct many *m,
				      const struct conf_suite_case *sc,
				      const struct conf_config *config,
				      const struct conf_settings *settings)
{
	struct run_evidence played = {.num = 0};
	const struct conf_player player = {
		.engine = &m->diff.expected.engine,
		.seen = run_evidence_seen,
		.ctx = &played,
	};
	struct conf_outcome outcome;
	enum cli_exit code = CLI_OK;

	conf_play(&player, sc->c, &outcome);
	if (outcome.verdict == REP_ERROR || played.failed) {
		cli_error("%s:%u: %s", sc->id, outcome.line, outcome.reason);
		code = CLI_BROKEN;
	} else if (many_ready(m, config, sc->id, &code)) {
		code = compare(m, sc->id, settings, &played, NULL);
	}
	run_evidence_cleanup(&played);
	return code;
}

/* Can both do what the case needs? */
static bool can_play(const struct many *m, const struct conf_case *c)
{
	const struct cli_diff *d = &m->diff;

	return (conf_case_needs(c) & ~(d->expected.engine.ops->capabilities &
				       d->actual.engine.ops->capabilities)) ==
	       0;
}

static enum cli_exit do_case(struct many *m, const struct conf_suite_case *sc)
{
	char error[CONF_ERROR_SIZE];
	struct conf_settings *settings = malloc(sizeof(*settings));
	struct conf_config own, config = {.settings = NULL};
	enum cli_exit code = CLI_OK;

	conf_case_config(sc->c, &own);
	if (settings == NULL || !add_sets(m, &own, &config)) {
		cli_error("no memory for settings");
		code = CLI_BROKEN;
	} else if (conf_settings_read(settings, &config, error) != CONF_OK) {
		many_leave_out(m, error);
	} else if (many_ready(m, &config, sc->id, &code)) {
		if (!can_play(m, sc->c))
			many_leave_out(m,
				       "an engine lacks what the case needs");
		else
			code = play_and_compare(m, sc, &config, settings);
	}
	free((struct conf_setting *)(uintptr_t)config.settings);
	free(settings);
	return code;
}

static enum cli_exit do_capture(struct many *m, const char *path)
{
	struct cli_config *config = &m->o->config;
	enum cli_exit code = cli_config_load(config, path);
	struct cap_reader *reader = NULL;
	struct cap_options options;
	char error[CAP_ERROR_SIZE];

	if (code != CLI_OK || !many_ready(m, &config->config, path, &code))
		return code;
	conf_capture_options(&config->settings, &options);
	if (cap_open(path, NULL, &options, &reader, error) != CAP_OK) {
		cli_error("%s", error);
		return CLI_BROKEN;
	}
	code = compare(m, path, &config->settings, NULL, reader);
	cap_close(reader);
	return code;
}

/* ---- all inputs ---------------------------------------------------------- */

static enum cli_exit do_cases(struct many *m,
			      const struct conf_suite_case *const *cases,
			      size_t num)
{
	enum cli_exit code = CLI_OK;

	for (size_t i = 0; i < num && code == CLI_OK; i++) {
		rep_progress_step(&m->progress, i, num);
		code = do_case(m, cases[i]);
	}
	return code;
}

static enum cli_exit do_file(struct many *m, const char *path)
{
	char error[CONF_ERROR_SIZE];
	struct conf_suite suite;
	enum cli_exit code = CLI_OK;
	size_t len = strlen(path);

	if (len < 5 || strcmp(path + len - 5, ".case") != 0)
		return do_capture(m, path);
	if (conf_suite_load_file(&suite, path, error) != CONF_OK) {
		cli_error("%s", error);
		return CLI_BROKEN;
	}
	for (size_t i = 0; i < suite.num_cases && code == CLI_OK; i++)
		code = do_case(m, &suite.cases[i]);
	conf_suite_cleanup(&suite);
	return code;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A file, or all below a folder, by name. */
static enum cli_exit do_path(struct many *m, const char *path)
{
	char *const roots[] = {(char *)(uintptr_t)path, NULL};
	FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	enum cli_exit code = CLI_OK;
	FTSENT *entry;

	if (tree == NULL) {
		cli_error("%s: %s", path, strerror(errno));
		return CLI_BROKEN;
	}
	while (code == CLI_OK && (entry = fts_read(tree)) != NULL) {
		if (entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR ||
		    entry->fts_info == FTS_DNR) {
			cli_error("%s: %s", entry->fts_path,
				  strerror(entry->fts_errno));
			code = CLI_BROKEN;
		} else if (entry->fts_info == FTS_F &&
			   (entry->fts_level == 0 ||
			    cli_cases_is_file(entry->fts_name))) {
			code = do_file(m, entry->fts_path);
		}
	}
	fts_close(tree);
	return code;
}

static void print_summary(const struct many *m)
{
	const struct cli_diff *d = &m->diff;
	bool same = m->num_different == 0;
	enum rep_style style = same ? REP_GOOD : REP_BAD;
	const char *equal = m->o->exact ? "equal" : "equal up to renaming";

	printf("%s%s%s: %" PRIu64 " inputs, %" PRIu64 " stimuli: %" PRIu64
	       " %s, %" PRIu64 " but for what is waived, %" PRIu64
	       " different; %" PRIu64 " left out\n",
	       rep_begin(&d->term, style),
	       !same               ? "different"
	       : m->num_waived > 0 ? "nothing new"
				   : equal,
	       rep_end(&d->term, style), m->num_inputs, m->num_stimuli,
	       m->num_equal, equal, m->num_waived, m->num_different,
	       m->num_left_out);
	for (size_t i = 0; i < m->num_reasons; i++)
		printf("left out: %" PRIu64 ": %s\n", m->reasons[i].num,
		       m->reasons[i].text);
	cli_diff_waivers(d);
}

static bool print_json(struct many *m)
{
	json_t *o = json_pack(
		"{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:O, s:o}", "verdict",
		m->num_different > 0 ? "different" : "equal", "expected",
		m->o->address[0], "actual", m->o->address[1], "inputs_compared",
		(json_int_t)m->num_inputs, "equal", (json_int_t)m->num_equal,
		"waived", (json_int_t)m->num_waived, "different",
		(json_int_t)m->num_different, "left_out",
		(json_int_t)m->num_left_out, "inputs", m->json, "waivers",
		cli_diff_json_waivers(&m->diff));
	bool good = o != NULL && json_dumpf(o, stdout, JSON_INDENT(2)) == 0;

	putchar('\n');
	json_decref(o);
	if (!good)
		cli_error("no memory for the JSON object");
	return good;
}

/* Are there such engines, and settings as the command line has them? */
static enum cli_exit try_engines(struct many *m)
{
	enum cli_exit code = cli_config_load(&m->o->config, NULL);

	if (code == CLI_OK)
		code = cli_diff_open(&m->diff, m->o, &m->o->config.config,
				     &m->o->config.settings);
	conf_engine_close(&m->diff.expected.engine);
	conf_engine_close(&m->diff.actual.engine);
	return code;
}

static enum cli_exit do_all(struct many *m)
{
	struct diff_options *o = m->o;
	enum cli_exit code = try_engines(m);

	if (code == CLI_OK && o->cases.num_patterns > 0)
		code = cli_cases_load(&o->cases, false);
	if (code == CLI_OK && o->cases.num_patterns > 0 &&
	    o->cases.num_selected == 0) {
		cli_error("no such case: %s", o->cases.patterns[0]);
		return CLI_NOTHING;
	}
	if (code == CLI_OK)
		code = do_cases(m, o->cases.selected, o->cases.num_selected);
	for (size_t i = 0; i < o->num_files && code == CLI_OK; i++)
		code = do_path(m, o->files[i]);
	rep_progress_clear(&m->progress);
	if (code != CLI_OK)
		return code;
	if (m->num_inputs == 0) {
		cli_error("nothing was compared: %" PRIu64 " left out%s%s",
			  m->num_left_out, m->num_reasons > 0 ? ": " : "",
			  m->num_reasons > 0 ? m->reasons[0].text : "");
		return CLI_NOTHING;
	}
	if (o->json && !print_json(m))
		return CLI_BROKEN;
	if (!o->json)
		print_summary(m);
	return m->num_different > 0 ? CLI_DIFFERENT : CLI_OK;
}

enum cli_exit cli_diff_many(struct diff_options *o)
{
	struct many m = {
		.o = o,
		.diff = {.max_reports = o->max_reports,
			 .all = o->all,
			 .json = o->json,
			 .is_one_of_many = true},
		.json = o->json ? json_array() : NULL,
	};
	enum cli_exit code = cli_diff_read_waivers(&m.diff, o);

	rep_term_init(&m.diff.term, stdout, o->config.color);
	rep_progress_init(&m.progress, stderr, "diff");
	if (code == CLI_OK)
		code = do_all(&m);
	many_close(&m);
	cli_diff_cleanup(&m.diff);
	json_decref(m.json);
	free(m.reasons);
	return code;
}
