/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_baseline.c - masqcheck baseline: is the file of expected failures true?
 *
 * check tells what is not; update makes it true. Lines that still hold stay
 * as they are, comments too; new ones need a reason.
 */
#define _GNU_SOURCE /* argp */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run.h"

enum {
	OPT_REASON = 'r',
	OPT_ENGINE = 'e',
};

struct baseline_options {
	struct cli_cases cases;
	const char *engine, *action, *path, *reason;
};

struct baseline_run {
	const struct baseline_options *options;
	enum rep_verdict *verdicts; /* of each selected case */
	struct conf_baseline baseline;
	size_t num_wrong;
};

static const struct argp_option argp_options[] = {
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "E",
	 .doc = "What is tested, default ref"},
	{.name = "reason",
	 .key = OPT_REASON,
	 .arg = "TEXT",
	 .doc = "update: the reason of failures that are not in the file"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct baseline_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->cases;
		break;
	case OPT_ENGINE:
		o->engine = arg;
		break;
	case OPT_REASON:
		o->reason = arg;
		break;
	case ARGP_KEY_ARG:
		if (o->action == NULL)
			o->action = arg;
		else if (o->path == NULL)
			o->path = arg;
		else
			argp_error(state, "%s: only one file at a time", arg);
		break;
	case ARGP_KEY_END:
		if (o->action == NULL || o->path == NULL ||
		    (strcmp(o->action, "check") != 0 &&
		     strcmp(o->action, "update") != 0))
			argp_error(state, "expected check FILE or update FILE");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static bool on_done(void *ctx, size_t index, const struct conf_outcome *o,
		    bool kept)
{
	struct baseline_run *run = ctx;

	(void)kept;
	run->verdicts[index] = o->verdict;
	return true;
}

static bool play(struct baseline_run *run)
{
	static volatile sig_atomic_t never;
	const struct cli_cases *cases = &run->options->cases;
	const struct conf_run all = {
		.cases = cases->selected,
		.num_cases = cases->num_selected,
		.engine = run->options->engine,
		.jobs = 1,
		.timeout = 10,
		.invariants = true,
		.done = on_done,
		.ctx = run,
		.interrupted = &never,
	};
	char error[CONF_ERROR_SIZE];

	if (conf_run_cases(&all, error) == CONF_OK)
		return true;
	cli_error("%s", error);
	return false;
}

/* Does a line still stand for a failure? Passes that it covers are told. */
static bool holds(struct baseline_run *run, const struct conf_expectation *e,
		  bool tell)
{
	const struct cli_cases *cases = &run->options->cases;
	size_t failed = 0, passed = 0, matched = 0;

	for (size_t i = 0; i < cases->num_selected; i++) {
		if (!conf_glob(e->glob, cases->selected[i]->id))
			continue;
		matched++;
		failed += run->verdicts[i] == REP_FAIL;
		passed += run->verdicts[i] == REP_PASS;
		if (run->verdicts[i] == REP_PASS && tell)
			printf("%s:%u: %s passes\n", run->options->path,
			       e->line, cases->selected[i]->id);
	}
	if (matched == 0 && tell)
		printf("%s:%u: \"%s\" matches no case\n", run->options->path,
		       e->line, e->glob);
	return matched > 0 && passed == 0 && failed > 0;
}

/* A case that fails and that no line that holds names. */
static bool is_new(struct baseline_run *run, size_t index)
{
	const char *id = run->options->cases.selected[index]->id;

	if (run->verdicts[index] != REP_FAIL)
		return false;
	for (size_t i = 0; i < run->baseline.num; i++)
		if (conf_glob(run->baseline.items[i].glob, id) &&
		    holds(run, &run->baseline.items[i], false))
			return false;
	return true;
}

static enum cli_exit check(struct baseline_run *run)
{
	const struct cli_cases *cases = &run->options->cases;

	for (size_t i = 0; i < run->baseline.num; i++)
		if (!holds(run, &run->baseline.items[i], true))
			run->num_wrong++;
	for (size_t i = 0; i < cases->num_selected; i++)
		if (is_new(run, i)) {
			run->num_wrong++;
			printf("%s: %s fails and is not in it\n",
			       run->options->path, cases->selected[i]->id);
		}
	if (run->num_wrong == 0)
		printf("%s: true for %s\n", run->options->path,
		       run->options->engine);
	return run->num_wrong == 0 ? CLI_OK : CLI_DIFFERENT;
}

/* Old lines that hold, comments, new lines. */
static void write_lines(struct baseline_run *run, FILE *in, FILE *out)
{
	const struct cli_cases *cases = &run->options->cases;
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0, k = 0;

	while (in != NULL && getline(&line, &size, in) >= 0) {
		bool entry;

		number++;
		entry = k < run->baseline.num &&
			run->baseline.items[k].line == number;
		if (!entry || holds(run, &run->baseline.items[k], false))
			fputs(line, out);
		k += entry;
	}
	free(line);
	for (size_t i = 0; i < cases->num_selected; i++)
		if (is_new(run, i))
			fprintf(out, "%s  %s\n", cases->selected[i]->id,
				run->options->reason);
}

static enum cli_exit update(struct baseline_run *run)
{
	const char *path = run->options->path;
	size_t size = strlen(path) + 8;
	char *temporary = malloc(size);
	FILE *in = fopen(path, "r"), *out;
	bool good;

	if (temporary == NULL)
		return CLI_BROKEN;
	snprintf(temporary, size, "%s.new", path);
	out = fopen(temporary, "w");
	good = out != NULL;
	if (good) {
		write_lines(run, in, out);
		good = ferror(out) == 0;
		good = fclose(out) == 0 && good;
		good = good && rename(temporary, path) == 0;
	}
	if (!good) {
		cli_error("%s: %s", path, strerror(errno));
		unlink(temporary);
	}
	if (in != NULL)
		fclose(in);
	free(temporary);
	return good ? CLI_OK : CLI_BROKEN;
}

static enum cli_exit run_baseline(struct baseline_run *run)
{
	const struct baseline_options *o = run->options;
	char error[CONF_ERROR_SIZE];
	bool is_update = strcmp(o->action, "update") == 0;

	if ((!is_update || access(o->path, F_OK) == 0) &&
	    conf_baseline_read(&run->baseline, o->path, error) != CONF_OK) {
		cli_error("%s", error);
		return CLI_USAGE;
	}
	run->verdicts = calloc(o->cases.num_selected + 1,
			       sizeof(*run->verdicts));
	if (run->verdicts == NULL || !play(run))
		return CLI_BROKEN;
	if (!is_update)
		return check(run);
	for (size_t i = 0; i < o->cases.num_selected; i++)
		if (is_new(run, i) && o->reason == NULL) {
			cli_error("%s fails: give a --reason",
				  o->cases.selected[i]->id);
			return CLI_USAGE;
		}
	return update(run);
}

int cmd_baseline(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_cases_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "check|update FILE",
		.doc = "Hold a file of expected failures against what an "
		       "engine does: check tells what is not true any more, "
		       "update makes it true.\v"
		       "Exit codes: 0 true, or updated; 1 not true; 2 usage, "
		       "or a file that cannot be read; 3 the harness broke.",
		.children = children,
	};
	struct baseline_options o = {.engine = "ref"};
	struct baseline_run run = {.options = &o};
	enum cli_exit code;

	cli_parse(&argp, argc, argv, &o);
	code = cli_cases_load(&o.cases, false);
	if (code == CLI_OK)
		code = run_baseline(&run);
	conf_baseline_cleanup(&run.baseline);
	free(run.verdicts);
	cli_cases_cleanup(&o.cases);
	return code;
}
