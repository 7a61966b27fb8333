/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_report.c - masqcheck report: results read, merged, compared, rendered */
#define _GNU_SOURCE /* argp */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "reports/result.h"
#include "reports/term.h"

enum {
	OPT_AGAINST = 'a',
	OPT_FORMAT = 'f',
	OPT_TAP = 0x200,
	OPT_JUNIT,
	OPT_JSON,
	OPT_MARKDOWN,
	OPT_COLOR,
};

/* The exit code of a run in which nothing ran. */
/* A report to write. */
struct output {
	enum rep_format format;
	const char *path;
};

struct options {
	/* Each has room for every argument that there is. */
	const char **results, **against;
	struct output *outputs;
	size_t num_results, num_against, num_outputs;
	enum rep_when color;
};

static const struct argp_option argp_options[] = {
	{.name = "against",
	 .key = OPT_AGAINST,
	 .arg = "OLD",
	 .doc = "Tell what changed since the results OLD: new failures, "
		"fixed, changed, new and vanished cases. May be repeated"},
	{.name = "format",
	 .key = OPT_FORMAT,
	 .arg = "FORMAT[:FILE]",
	 .doc = "Write text, tap, junit, json or markdown, to FILE or to "
		"standard output. May be repeated. Default: text"},
	{.name = "tap",
	 .key = OPT_TAP,
	 .arg = "FILE",
	 .doc = "The same as --format=tap:FILE: TAP version 14"},
	{.name = "junit",
	 .key = OPT_JUNIT,
	 .arg = "FILE",
	 .doc = "The same as --format=junit:FILE: JUnit XML"},
	{.name = "json",
	 .key = OPT_JSON,
	 .arg = "FILE",
	 .doc = "The same as --format=json:FILE: a summary for programs"},
	{.name = "markdown",
	 .key = OPT_MARKDOWN,
	 .arg = "FILE",
	 .doc = "The same as --format=markdown:FILE: for the summary of a "
		"CI job"},
	{.name = "color",
	 .key = OPT_COLOR,
	 .arg = "WHEN",
	 .doc = "Colours in text: auto (on a terminal, unless NO_COLOR is "
		"set), always or never"},
	{0},
};

static void add_output(struct options *o, enum rep_format format,
		       const char *path)
{
	o->outputs[o->num_outputs++] = (struct output){
		.format = format,
		.path = path,
	};
}

/* FORMAT or FORMAT:FILE */
static void take_format(struct argp_state *state, struct options *o, char *arg)
{
	char *colon = strchr(arg, ':');
	enum rep_format format;

	if (colon != NULL)
		*colon = '\0';
	if (!rep_format_find(arg, &format))
		argp_error(state,
			   "--format: read \"%s\", expected text, tap, junit, "
			   "json or markdown",
			   arg);
	else
		add_output(o, format, colon != NULL ? colon + 1 : "-");
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat one, other;

	if (strcmp(a, b) == 0)
		return true;
	return strcmp(a, "-") != 0 && strcmp(b, "-") != 0 &&
	       stat(a, &one) == 0 && stat(b, &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* A report must not go over what is read, or over another report. */
static void check_output(struct argp_state *state, const struct options *o,
			 size_t i)
{
	const char *path = o->outputs[i].path;
	bool is_stdout = strcmp(path, "-") == 0;

	if (*path == '\0')
		argp_error(state, "a report needs the name of a file");
	for (size_t k = 0; k < i; k++)
		if (is_same_file(path, o->outputs[k].path))
			argp_error(state, "two reports cannot both go to %s",
				   is_stdout ? "standard output" : path);
	if (is_stdout)
		return;
	for (size_t k = 0; k < o->num_results; k++)
		if (is_same_file(path, o->results[k]))
			argp_error(state,
				   "%s: is read, so it cannot be "
				   "written",
				   path);
	for (size_t k = 0; k < o->num_against; k++)
		if (is_same_file(path, o->against[k]))
			argp_error(state,
				   "%s: is read, so it cannot be "
				   "written",
				   path);
}

static void check(struct argp_state *state, struct options *o)
{
	unsigned int num_stdin = 0;

	if (o->num_results == 0)
		argp_error(state, "a file of results is needed");
	for (size_t i = 0; i < o->num_results; i++)
		num_stdin += strcmp(o->results[i], "-") == 0;
	for (size_t i = 0; i < o->num_against; i++)
		num_stdin += strcmp(o->against[i], "-") == 0;
	if (num_stdin > 1)
		argp_error(state, "standard input can be read only once");
	if (o->num_outputs == 0)
		add_output(o, REP_TEXT, "-");
	for (size_t i = 0; i < o->num_outputs; i++)
		check_output(state, o, i);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case OPT_AGAINST:
		o->against[o->num_against++] = arg;
		break;
	case OPT_FORMAT:
		take_format(state, o, arg);
		break;
	case OPT_TAP:
		add_output(o, REP_TAP, arg);
		break;
	case OPT_JUNIT:
		add_output(o, REP_JUNIT, arg);
		break;
	case OPT_JSON:
		add_output(o, REP_JSON, arg);
		break;
	case OPT_MARKDOWN:
		add_output(o, REP_MARKDOWN, arg);
		break;
	case OPT_COLOR:
		if (!rep_when_parse(arg, &o->color))
			argp_error(state,
				   "--color: read \"%s\", expected auto, "
				   "always or never",
				   arg);
		break;
	case ARGP_KEY_ARG:
		o->results[o->num_results++] = arg;
		break;
	case ARGP_KEY_END:
		check(state, o);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static enum cli_exit read_one(struct rep_results *results, const char *path)
{
	size_t unfinished = rep_results_num_unfinished(results);
	char error[REP_ERROR_SIZE];
	bool partial;

	if (rep_results_read(results, path, &partial, error) != REP_OK) {
		cli_error("%s", error);
		return CLI_BROKEN;
	}
	if (partial)
		cli_error("%s: the last line is cut off: left out", path);
	if (rep_results_num_unfinished(results) > unfinished)
		cli_error("%s: a run did not get to its end", path);
	return CLI_OK;
}

/* Reads all files of one side into new results, for the caller to free. */
static enum cli_exit read_all(const char *const *paths, size_t num,
			      struct rep_results **out_results)
{
	enum cli_exit code = CLI_OK;

	*out_results = rep_results_new();
	if (*out_results == NULL) {
		cli_error("no memory for results");
		return CLI_BROKEN;
	}
	for (size_t i = 0; i < num && code == CLI_OK; i++)
		code = read_one(*out_results, paths[i]);
	return code;
}

static enum cli_exit render(const struct options *o, const struct output *out,
			    const struct rep_results *results,
			    const struct rep_results *against)
{
	bool is_stdout = strcmp(out->path, "-") == 0;
	bool colour = o->color == REP_ALWAYS;
	char error[REP_ERROR_SIZE];
	struct rep_term term;
	enum rep_status status;

	if (is_stdout) {
		rep_term_init(&term, stdout, o->color);
		colour = term.colour;
	}
	status = rep_render(results, against, out->format, out->path, colour,
			    error);
	if (status == REP_OK)
		return CLI_OK;
	/* What happened to standard output is told at the end of it all. */
	if (!is_stdout || status != REP_ERR_IO)
		cli_error("%s", error);
	return CLI_BROKEN;
}

static int with_results(const struct options *o,
			const struct rep_results *results,
			const struct rep_results *against)
{
	enum cli_exit code = CLI_OK;

	/* One that cannot be written does not keep the others from it. */
	for (size_t i = 0; i < o->num_outputs; i++)
		if (render(o, &o->outputs[i], results, against) != CLI_OK)
			code = CLI_BROKEN;
	if (code != CLI_OK)
		return code;
	if (rep_results_num(results) == 0) {
		cli_error("there are no cases in the results");
		return CLI_NOTHING;
	}
	if (rep_results_failed(results))
		return CLI_DIFFERENT;
	return rep_results_num_played(results) > 0 ? CLI_OK : CLI_NOTHING;
}

static int run(const struct options *o)
{
	struct rep_results *results = NULL, *against = NULL;
	int code = read_all(o->results, o->num_results, &results);

	if (code == CLI_OK && o->num_against > 0)
		code = read_all(o->against, o->num_against, &against);
	if (code == CLI_OK)
		code = with_results(o, results, against);
	rep_results_free(results);
	rep_results_free(against);
	return code;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse,
	.args_doc = "RESULTS...",
	.doc = "Read files of results, merge them and write reports. "
	       "\"-\" is standard input.\v"
	       "A case that is in several files keeps its worse verdict. A "
	       "last line that is cut off, as a killed run leaves it, is told "
	       "of and left out.\n\n"
	       "Examples:\n"
	       "  masqcheck report results.jsonl\n"
	       "  masqcheck report shard-*.jsonl --junit junit.xml "
	       "--markdown summary.md\n"
	       "  masqcheck report new.jsonl --against old.jsonl "
	       "--format=json\n\n"
	       "Exit codes: 0 nothing is bad; 1 a case is FAIL, XPASS or "
	       "ERROR, or a run did not get to its end; 2 usage; 3 a file of "
	       "results is broken, or a write failed; 4 there are no cases "
	       "in the results.",
};

int cmd_report(int argc, char **argv)
{
	size_t room = (size_t)argc + 1; /* and one for the default */
	struct options o = {
		.results = calloc(room, sizeof(*o.results)),
		.against = calloc(room, sizeof(*o.against)),
		.outputs = calloc(room, sizeof(*o.outputs)),
	};
	int code = CLI_BROKEN;

	if (o.results != NULL && o.against != NULL && o.outputs != NULL) {
		cli_parse(&argp, argc, argv, &o);
		code = run(&o);
	} else {
		cli_error("no memory for options");
	}
	free(o.results);
	free(o.against);
	free(o.outputs);
	return code;
}
