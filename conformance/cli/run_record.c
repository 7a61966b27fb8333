/* SPDX-License-Identifier: Apache-2.0 */
/* run_record.c - from outcomes to results: baseline, store, reports */
#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "run.h"

static bool fail(struct run_record *record, const char *text)
{
	rep_progress_clear(&record->progress);
	if (!record->failed)
		cli_error("%s", text);
	record->failed = true;
	return false;
}

static char *store_path(const struct run_options *o)
{
	size_t size = strlen(o->out) + 20;
	char *path = malloc(size);

	if (path != NULL)
		snprintf(path, size, "%s/results.jsonl", o->out);
	return path;
}

bool run_record_open(struct run_record *record, char *command)
{
	const struct run_options *o = record->options;
	char error[REP_ERROR_SIZE], started[32] = "", shard[32];
	time_t now = time(NULL);
	struct tm tm;
	struct rep_run run = {
		.engine = o->engine,
		.version = MASQCHECK_VERSION,
		.command = command,
		.seed = o->seed,
	};
	char *path;
	bool good;

	if (gmtime_r(&now, &tm) != NULL &&
	    strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		run.started = started;
	snprintf(shard, sizeof(shard), "%u/%u", o->shard, o->num_shards);
	if (o->num_shards > 0)
		run.shard = shard;
	record->results = rep_results_new();
	if (record->results == NULL ||
	    rep_results_set_run(record->results, &run) != REP_OK)
		return fail(record, "no memory for results");
	rep_progress_init(&record->progress, stderr, "cases");
	if (o->out == NULL)
		return true;
	if (!conf_make_folder(o->out)) {
		snprintf(error, sizeof(error), "%.300s: %s", o->out,
			 strerror(errno));
		return fail(record, error);
	}
	path = store_path(o);
	if (path == NULL)
		return fail(record, "no memory for a file name");
	good = rep_store_create(path, &run, &record->store, error) == REP_OK;
	free(path);
	return good || fail(record, error);
}

/* The command that repeats one case. */
static char *repeat_command(const struct run_record *record, const char *id)
{
	const struct run_options *o = record->options;
	size_t size = strlen(id) + strlen(o->engine) + 100;
	char *text;

	for (size_t i = 0; i < o->num_sets; i++)
		size += strlen(o->sets[i].key) + strlen(o->sets[i].value) + 20;
	if (o->cases.dir != NULL)
		size += strlen(o->cases.dir) + 20;
	text = malloc(size);
	if (text == NULL)
		return NULL;
	snprintf(text, size, "masqcheck run --engine '%s'", o->engine);
	if (o->cases.dir != NULL) {
		strcat(text, " --cases '");
		strcat(text, o->cases.dir);
		strcat(text, "'");
	}
	for (size_t i = 0; i < o->num_sets; i++) {
		strcat(text, " --set '");
		strcat(text, o->sets[i].key);
		strcat(text, "=");
		strcat(text, o->sets[i].value);
		strcat(text, "'");
	}
	strcat(text, " ");
	strcat(text, id);
	return text;
}

/* The verdict, seen against the baseline. */
static enum rep_verdict judge(struct run_record *record, const char *id,
			      const struct conf_outcome *o, const char **reason)
{
	const struct conf_expectation *e =
		conf_baseline_match(&record->baseline, id);

	*reason = o->reason[0] != '\0' ? o->reason : NULL;
	if (e == NULL)
		return o->verdict;
	if (o->verdict == REP_FAIL || o->verdict == REP_PASS)
		*reason = e->reason;
	return o->verdict == REP_FAIL   ? REP_XFAIL
	       : o->verdict == REP_PASS ? REP_XPASS
					: o->verdict;
}

/* The captures that were kept, as paths; freed by the caller. */
static void list_captures(const struct run_record *record, const char *id,
			  char *paths[CONF_NUM_EVIDENCE])
{
	const char *out = record->options->out;

	for (unsigned int i = 0; i < CONF_NUM_EVIDENCE; i++) {
		size_t size = strlen(out) + strlen(id) + 32;

		paths[i] = malloc(size);
		if (paths[i] != NULL)
			snprintf(paths[i], size, "%s/%s/%s", out, id,
				 conf_evidence[i]);
	}
}

static void set_failure(struct rep_case *c, const struct conf_outcome *o,
			struct rep_field fields[CONF_MAX_FIELD_DIFFS],
			const char *violations[CONF_MAX_VIOLATIONS])
{
	for (size_t i = 0; i < o->num_fields; i++)
		fields[i] = (struct rep_field){
			.name = o->fields[i].field,
			.expected = o->fields[i].expected,
			.actual = o->fields[i].actual,
		};
	for (size_t i = 0; i < o->num_violations; i++)
		violations[i] = o->violations[i];
	c->line = o->line;
	c->what = o->what[0] != '\0' ? o->what : NULL;
	c->expected = o->expected[0] != '\0' ? o->expected : NULL;
	c->actual = o->actual[0] != '\0' ? o->actual : NULL;
	c->fields = fields;
	c->num_fields = o->num_fields;
	c->invariants = violations;
	c->num_invariants = o->num_violations;
}

static bool add_result(struct run_record *record, const struct rep_case *c)
{
	char error[REP_ERROR_SIZE];

	if (rep_results_add(record->results, c) != REP_OK)
		return fail(record, "no memory for results");
	if (record->store == NULL || rep_store_add(record->store, c) == REP_OK)
		return true;
	if (rep_store_close(record->store, true, error) == REP_OK)
		snprintf(error, sizeof(error), "a result without a verdict");
	record->store = NULL;
	return fail(record, error);
}

bool run_record_done(void *ctx, size_t index, const struct conf_outcome *o,
		     bool kept)
{
	struct run_record *record = ctx;
	const struct conf_suite_case *sc = record->order[index];
	struct rep_field fields[CONF_MAX_FIELD_DIFFS];
	const char *violations[CONF_MAX_VIOLATIONS];
	const char *clauses[CONF_MAX_CLAUSE];
	char *paths[CONF_NUM_EVIDENCE] = {NULL};
	const struct conf_cited *cited;
	struct rep_case c = {
		.id = sc->id,
		.title = conf_case_title(sc->c),
		.file = conf_case_file(sc->c),
		.level = sc->level,
		.sentence = sc->sentence,
		.duration = o->duration,
	};
	char *repeat = repeat_command(record, sc->id);
	bool good;

	c.num_clauses = conf_case_clauses(sc->c, &cited);
	for (size_t i = 0; i < c.num_clauses; i++)
		clauses[i] = cited[i].id;
	c.clauses = clauses;
	c.verdict = judge(record, sc->id, o, &c.reason);
	if (o->verdict != REP_PASS) {
		set_failure(&c, o, fields, violations);
		c.repeat = repeat;
	}
	if (kept) {
		list_captures(record, sc->id, paths);
		c.captures = (const char *const *)paths;
		c.num_captures = CONF_NUM_EVIDENCE;
	}
	if (c.verdict != REP_UNIMPLEMENTED && c.verdict != REP_SKIP)
		record->num_played++;
	if (c.verdict == REP_SKIP && record->skipped[0] == '\0')
		snprintf(record->skipped, sizeof(record->skipped), "%s",
			 o->reason);
	if (rep_verdict_is_bad(c.verdict))
		record->bad = true;
	good = add_result(record, &c);
	for (unsigned int i = 0; i < CONF_NUM_EVIDENCE; i++)
		free(paths[i]);
	free(repeat);
	rep_progress_step(&record->progress, ++record->num_done,
			  record->num_all);
	return good && !(record->bad && record->options->fail_fast);
}

/* Lines of the baseline that no case of the suite matches. */
static void find_stale(struct run_record *record)
{
	const struct conf_suite *suite = &record->options->cases.suite;

	for (size_t i = 0; i < record->baseline.num; i++) {
		const struct conf_expectation *e = &record->baseline.items[i];
		bool found = false;

		for (size_t k = 0; k < suite->num_cases && !found; k++)
			found = conf_glob(e->glob, suite->cases[k].id);
		if (found)
			continue;
		record->bad = true;
		cli_error("%s:%u: \"%s\" matches no case",
			  record->baseline.path, e->line, e->glob);
	}
}

static bool render(struct run_record *record, enum rep_format format,
		   const char *path)
{
	char error[REP_ERROR_SIZE];

	if (rep_render(record->results, NULL, format, path,
		       record->options->colour, error) == REP_OK)
		return true;
	return fail(record, error);
}

enum cli_exit run_record_close(struct run_record *record, bool interrupted)
{
	const struct run_options *o = record->options;
	char error[REP_ERROR_SIZE];

	rep_progress_clear(&record->progress);
	if (record->store != NULL &&
	    rep_store_close(record->store, interrupted, error) != REP_OK)
		(void)fail(record, error);
	record->store = NULL;
	if (!interrupted)
		find_stale(record);
	(void)render(record, REP_TEXT, "-");
	for (unsigned int i = 0; i < REP_NUM_FORMATS; i++)
		if (o->reports[i] != NULL)
			(void)render(record, (enum rep_format)i, o->reports[i]);
	if (record->failed)
		return CLI_BROKEN;
	if (interrupted)
		return (enum cli_exit)RUN_INTERRUPTED;
	if (record->bad)
		return CLI_DIFFERENT;
	if (record->num_played > 0)
		return CLI_OK;
	cli_error("nothing ran: %s", record->skipped[0] != '\0'
					     ? record->skipped
					     : "the engine can do none of it");
	return (enum cli_exit)RUN_NOTHING;
}

void run_record_cleanup(struct run_record *record)
{
	char error[REP_ERROR_SIZE];

	if (record->store != NULL &&
	    rep_store_close(record->store, true, error) != REP_OK)
		(void)fail(record, error);
	rep_results_free(record->results);
	conf_baseline_cleanup(&record->baseline);
}
