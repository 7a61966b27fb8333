/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_record.c - masqcheck record: what an engine answers, as captures
 *
 * A scenario is a case, named by its id or its file, or a capture whose
 * stimuli are given to the engine. Each becomes a router's-eye capture with
 * a sidecar, which "capture:FILE" then answers from.
 */
#define _GNU_SOURCE /* argp */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "config.h"
#include "conformance/play.h"
#include "conformance/run.h"
#include "conformance/stream.h"
#include "record.h"
#include "replay.h"

enum {
	OPT_ENGINE = 'e',
	OPT_OUT = 'o',
};

struct record_options {
	struct cli_cases cases;
	const char *engine;
	const char **files; /* scenarios that are files */
	size_t num_files;
	struct record_folder folder;
	size_t num_left_out;
};

static const struct argp_option argp_options[] = {
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "E",
	 .doc = "What is recorded, default ref; \"masqcheck help engines\""},
	{.name = "out",
	 .key = OPT_OUT,
	 .arg = "DIR",
	 .doc = "Where the captures, their sidecars and MANIFEST.tsv go"},
	{0},
};

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len > n && strcmp(text + len - n, end) == 0;
}

static bool take(struct record_options *o, const char *arg)
{
	const char **files;

	if (!cli_cases_is_file(arg))
		return cli_cases_pattern(&o->cases, arg);
	files = realloc(o->files, (o->num_files + 1) * sizeof(*files));
	if (files == NULL)
		return false;
	o->files = files;
	files[o->num_files++] = arg;
	return true;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct record_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->cases;
		break;
	case OPT_ENGINE:
		o->engine = arg;
		break;
	case OPT_OUT:
		o->folder.path = arg;
		break;
	case ARGP_KEY_ARG:
		if (!take(o, arg))
			argp_failure(state, CLI_BROKEN, 0, "no memory");
		break;
	case ARGP_KEY_END:
		if (o->num_files + o->cases.num_patterns == 0)
			argp_error(state, "expected a SCENARIO: the id of a "
					  "case, a pattern of ids, a file that "
					  "ends in .case or .pcap");
		if (o->folder.path == NULL)
			argp_error(state, "expected -o DIR");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The engine for a scenario; false if it cannot have these settings. */
static bool open_engine(struct record_options *o, const char *name,
			const struct conf_config *config,
			struct conf_engine *engine, enum cli_exit *out_code)
{
	char error[CONF_ERROR_SIZE];
	enum conf_status status;

	status = conf_engine_open(engine, o->engine, config, error);
	if (status == CONF_OK)
		return true;
	cli_error("%s: %s%s", name, error,
		  status == CONF_ERR_UNSUPPORTED ? ": left out" : "");
	*out_code = status == CONF_ERR_UNSUPPORTED ? CLI_OK
		    : status == CONF_ERR_CONFIG    ? CLI_USAGE
						   : CLI_BROKEN;
	o->num_left_out++;
	return false;
}

/* "RULE RULE": heap. */
static char *clauses_of(const struct conf_case *c)
{
	const struct conf_cited *cited;
	size_t num = conf_case_clauses(c, &cited), len = 1, at = 0;
	char *text;

	for (size_t i = 0; i < num; i++)
		len += strlen(cited[i].id) + 1;
	text = calloc(1, len);
	for (size_t i = 0; i < num && text != NULL; i++)
		at += (size_t)snprintf(text + at, len - at, "%s%s",
				       i > 0 ? " " : "", cited[i].id);
	return text;
}

static enum cli_exit record_case(struct record_options *o,
				 const struct conf_suite_case *sc)
{
	struct run_evidence evidence = {.num = 0};
	struct conf_engine engine;
	struct conf_player player = {
		.engine = &engine,
		.seen = run_evidence_seen,
		.ctx = &evidence,
	};
	struct conf_outcome outcome;
	struct conf_config config;
	struct record_of of = {.name = sc->id, .title = conf_case_title(sc->c)};
	enum cli_exit code = CLI_OK;
	char *clauses;

	conf_case_config(sc->c, &config);
	of.settings = config.settings;
	of.num_settings = config.num_settings;
	if (!open_engine(o, sc->id, &config, &engine, &code))
		return code;
	conf_play(&player, sc->c, &outcome);
	conf_engine_close(&engine);
	if (outcome.verdict == REP_ERROR) {
		cli_error("%s:%u: %s", sc->id, outcome.line, outcome.reason);
		run_evidence_cleanup(&evidence);
		return CLI_BROKEN;
	}
	if (outcome.verdict != REP_PASS)
		cli_error("%s:%u: %s: the recording ends there", sc->id,
			  outcome.line, outcome.reason);
	clauses = clauses_of(sc->c);
	of.clauses = clauses;
	if (clauses == NULL || !record_add(&o->folder, &of, &evidence))
		code = CLI_BROKEN;
	free(clauses);
	run_evidence_cleanup(&evidence);
	return code;
}

static enum cli_exit record_cases(struct record_options *o,
				  const struct conf_suite_case *const *cases,
				  size_t num)
{
	enum cli_exit code = CLI_OK;

	for (size_t i = 0; i < num && code == CLI_OK; i++)
		code = record_case(o, cases[i]);
	return code;
}

static enum cli_exit record_case_file(struct record_options *o,
				      const char *path)
{
	char error[CONF_ERROR_SIZE];
	struct conf_suite suite;
	enum cli_exit code = CLI_OK;

	if (conf_suite_load_file(&suite, path, error) != CONF_OK) {
		cli_error("%s", error);
		return CLI_BROKEN;
	}
	for (size_t i = 0; i < suite.num_cases && code == CLI_OK; i++)
		code = record_case(o, &suite.cases[i]);
	conf_suite_cleanup(&suite);
	return code;
}

static void on_result(void *ctx, const struct conf_packet *result)
{
	run_evidence_seen(ctx, CONF_SEEN_RESULT, result);
}

/* The stimuli of a capture, as they are. */
static enum cli_exit feed(struct conf_engine *engine, struct cap_reader *reader,
			  struct run_evidence *evidence)
{
	enum conf_status status = CONF_OK;
	enum cap_status read = CAP_OK;
	struct conf_stream stream;
	struct conf_event event;

	cli_stream_init(&stream, reader, 0);
	while (status == CONF_OK) {
		read = conf_stream_next(&stream, &event);
		if (read != CAP_OK)
			break;
		if (event.kind != CONF_EVENT_STIMULUS)
			continue;
		status = engine->ops->advance(engine->state, event.packet.now,
					      on_result, evidence);
		run_evidence_seen(evidence, CONF_SEEN_STIMULUS, &event.packet);
		if (status == CONF_OK)
			status = engine->ops->packet(engine->state,
						     &event.packet, on_result,
						     evidence);
	}
	cli_stream_notes(&stream.counts);
	if (status != CONF_OK)
		cli_error("%s: %s", engine->address, conf_engine_error(engine));
	else if (read != CAP_END)
		cli_error("%s", cap_reader_error(reader));
	return status == CONF_OK && read == CAP_END ? CLI_OK : CLI_BROKEN;
}

/* The last component of a path without its ending; heap. */
static char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = strdup(slash != NULL ? slash + 1 : path);
	char *dot = name != NULL ? strrchr(name, '.') : NULL;

	if (dot != NULL)
		*dot = '\0';
	return name;
}

static enum cli_exit record_capture_as(struct record_options *o,
				       struct cli_config *config,
				       const char *path, const char *name)
{
	const char *title = config->file.title;
	const struct record_of of = {
		.name = name,
		.title = title != NULL ? title : "the stimuli of a capture",
		.clauses = "CAPTURE",
		.settings = config->config.settings,
		.num_settings = config->config.num_settings,
	};
	struct run_evidence evidence = {.num = 0};
	struct cap_reader *reader = NULL;
	struct cap_options options;
	struct conf_engine engine;
	char error[CONF_ERROR_SIZE];
	enum cli_exit code = CLI_OK;

	if (!open_engine(o, path, &config->config, &engine, &code))
		return code;
	conf_capture_options(&config->settings, &options);
	if (cap_open(path, NULL, &options, &reader, error) != CAP_OK) {
		cli_error("%s", error);
		code = CLI_BROKEN;
	}
	if (code == CLI_OK)
		code = feed(&engine, reader, &evidence);
	if (code == CLI_OK && !record_add(&o->folder, &of, &evidence))
		code = CLI_BROKEN;
	cap_close(reader);
	conf_engine_close(&engine);
	run_evidence_cleanup(&evidence);
	return code;
}

static enum cli_exit record_capture(struct record_options *o, const char *path)
{
	struct cli_config config;
	char *name = name_of(path);
	enum cli_exit code;

	cli_config_init(&config);
	code = name != NULL ? cli_config_load(&config, path) : CLI_BROKEN;
	if (code == CLI_OK)
		code = record_capture_as(o, &config, path, name);
	cli_config_cleanup(&config);
	free(name);
	return code;
}

static enum cli_exit record_all(struct record_options *o)
{
	enum cli_exit code = CLI_OK;

	if (!conf_make_folder(o->folder.path)) {
		cli_error("%s: %s", o->folder.path, strerror(errno));
		return CLI_BROKEN;
	}
	if (o->cases.num_patterns > 0)
		code = cli_cases_load(&o->cases, false);
	if (code == CLI_OK)
		code = record_cases(o, o->cases.selected,
				    o->cases.num_selected);
	for (size_t i = 0; i < o->num_files && code == CLI_OK; i++)
		code = ends_in(o->files[i], ".case")
			       ? record_case_file(o, o->files[i])
			       : record_capture(o, o->files[i]);
	if (code != CLI_OK)
		return code;
	if (o->folder.num_rows == 0) {
		cli_error("nothing to record: no such case, or all left out");
		return 4;
	}
	printf("%zu recorded, %zu left out\n", o->folder.num_rows,
	       o->num_left_out);
	return record_finish(&o->folder) ? CLI_OK : CLI_BROKEN;
}

int cmd_record(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_cases_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "SCENARIO... -o DIR",
		.doc = "Give the stimuli of cases and captures to an engine, "
		       "and store what it answers: a capture for each, which "
		       "\"capture:FILE\" answers from, with its settings in a "
		       "file of the same name. A SCENARIO is the id of a case "
		       "or a pattern of ids, a file that ends in .case, or a "
		       "capture. A case that fails is recorded as far as it "
		       "went; one that the engine cannot be set up for is left "
		       "out.\vExit codes: 0 done; 2 usage; 3 an input is "
		       "broken, or the engine or a write failed; 4 nothing to "
		       "record.",
		.children = children,
	};
	struct record_options o = {.engine = "ref"};
	enum cli_exit code;

	cli_parse(&argp, argc, argv, &o);
	code = record_all(&o);
	record_cleanup(&o.folder);
	cli_cases_cleanup(&o.cases);
	free(o.files);
	return (int)code;
}
