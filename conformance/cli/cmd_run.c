/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run.c - masqcheck run: all cases against an engine */
#define _GNU_SOURCE /* argp */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "run.h"
#include "reports/term.h"

enum {
	OPT_ENGINE = 'e',
	OPT_JOBS = 'j',
	OPT_OUT = 'o',
	OPT_SET = 's',
	OPT_EXPECT = 0x400,
	OPT_SHARD,
	OPT_ORDER,
	OPT_SEED,
	OPT_REPEAT,
	OPT_FAIL_FAST,
	OPT_KEEP,
	OPT_TIMEOUT,
	OPT_NO_INVARIANTS,
	OPT_COLOR,
	OPT_REPORT, /* + enum rep_format */
};

static volatile sig_atomic_t interrupted;

static const struct argp_option argp_options[] = {
	{.name = NULL, .doc = "The engine:", .group = 2},
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "E",
	 .doc = "What is tested, default ref; \"masqcheck help engines\""},
	{.name = "set",
	 .key = OPT_SET,
	 .arg = "KEY=VALUE",
	 .doc = "A setting of the router, behind those of the case"},
	{.name = "timeout",
	 .key = OPT_TIMEOUT,
	 .arg = "SECONDS",
	 .doc = "An engine that needs longer for a case hangs, default 10"},
	{.name = NULL, .doc = "How they are run:", .group = 3},
	{.name = "jobs", .key = OPT_JOBS, .arg = "N", .doc = "N at a time"},
	{.name = "shard",
	 .key = OPT_SHARD,
	 .arg = "I/N",
	 .doc = "Only part I of N; else $TEST_SHARD_INDEX (from 0) of "
		"$TEST_TOTAL_SHARDS"},
	{.name = "order",
	 .key = OPT_ORDER,
	 .arg = "ORDER",
	 .doc = "seed (shuffled, the default) or listed"},
	{.name = "seed",
	 .key = OPT_SEED,
	 .arg = "N",
	 .doc = "Of the order and of the engine; printed"},
	{.name = "repeat", .key = OPT_REPEAT, .arg = "N", .doc = "N rounds"},
	{.name = "fail-fast",
	 .key = OPT_FAIL_FAST,
	 .doc = "Stop at the first case that is not as expected"},
	{.name = "no-invariants",
	 .key = OPT_NO_INVARIANTS,
	 .doc = "Only what the cases say"},
	{.name = NULL, .doc = "Verdicts and reports:", .group = 4},
	{.name = "expect",
	 .key = OPT_EXPECT,
	 .arg = "FILE",
	 .doc = "Cases that are expected to fail: lines \"GLOB  reason\""},
	{.name = "out",
	 .key = OPT_OUT,
	 .arg = "DIR",
	 .doc = "Write DIR/results.jsonl, and captures of cases"},
	{.name = "keep",
	 .key = OPT_KEEP,
	 .arg = "WHICH",
	 .doc = "Captures of which cases: failed (the default), all or none"},
	{.name = "tap", .key = OPT_REPORT + REP_TAP, .arg = "FILE"},
	{.name = "junit", .key = OPT_REPORT + REP_JUNIT, .arg = "FILE"},
	{.name = "json", .key = OPT_REPORT + REP_JSON, .arg = "FILE"},
	{.name = "markdown",
	 .key = OPT_REPORT + REP_MARKDOWN,
	 .arg = "FILE",
	 .doc = "Write a report"},
	{.name = "color",
	 .key = OPT_COLOR,
	 .arg = "WHEN",
	 .doc = "auto, always or never"},
	{0},
};

static bool read_number(const char *text, uint64_t min, uint64_t max,
			uint64_t *out)
{
	char *end;

	errno = 0;
	if (text[0] < '0' || text[0] > '9')
		return false;
	*out = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0' && *out >= min && *out <= max;
}

static unsigned int need_number(struct argp_state *state, const char *name,
				const char *text, uint64_t max)
{
	uint64_t value = 0;

	if (!read_number(text, 1, max, &value))
		argp_error(state,
			   "--%s: read \"%s\", expected a number 1..%" PRIu64,
			   name, text, max);
	return (unsigned int)value;
}

static bool read_shard(struct run_options *o, const char *text)
{
	const char *slash = strchr(text, '/');
	uint64_t i, n;
	char first[24];

	if (slash == NULL || (size_t)(slash - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(slash - text));
	first[slash - text] = '\0';
	if (!read_number(slash + 1, 1, 100000, &n) ||
	    !read_number(first, 1, n, &i))
		return false;
	o->shard = (unsigned int)i;
	o->num_shards = (unsigned int)n;
	return true;
}

static void add_set(struct argp_state *state, struct run_options *o,
		    const char *text)
{
	const char *equal = strchr(text, '=');
	struct conf_setting *sets;
	char *key;

	if (equal == NULL || equal == text)
		argp_error(state, "--set: read \"%s\", expected KEY=VALUE",
			   text);
	sets = realloc(o->sets, (o->num_sets + 1) * sizeof(*sets));
	key = equal != NULL ? strndup(text, (size_t)(equal - text)) : NULL;
	if (sets == NULL || key == NULL)
		argp_failure(state, CLI_BROKEN, 0, "no memory");
	o->sets = sets;
	o->sets[o->num_sets++] = (struct conf_setting){.key = key,
						       .value = equal + 1};
}

static void set_keep(struct argp_state *state, struct run_options *o,
		     const char *text)
{
	if (strcmp(text, "failed") == 0)
		o->keep = CONF_KEEP_FAILED;
	else if (strcmp(text, "all") == 0)
		o->keep = CONF_KEEP_ALL;
	else if (strcmp(text, "none") == 0)
		o->keep = CONF_KEEP_NONE;
	else
		argp_error(state,
			   "--keep: read \"%s\", expected failed, all or none",
			   text);
}

static error_t parse_more(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;
	enum rep_when when;
	struct rep_term term;

	switch (key) {
	case OPT_ORDER:
		o->listed = strcmp(arg, "listed") == 0;
		if (!o->listed && strcmp(arg, "seed") != 0)
			argp_error(state,
				   "--order: read \"%s\", expected seed or "
				   "listed",
				   arg);
		break;
	case OPT_SEED:
		o->has_seed = true;
		if (!read_number(arg, 0, UINT64_MAX, &o->seed))
			argp_error(state,
				   "--seed: read \"%s\", expected a number",
				   arg);
		break;
	case OPT_COLOR:
		if (!rep_when_parse(arg, &when))
			argp_error(state,
				   "--color: read \"%s\", expected auto, "
				   "always or never",
				   arg);
		rep_term_init(&term, stdout, when);
		o->colour = term.colour;
		break;
	case ARGP_KEY_ARG:
		if (!cli_cases_pattern(&o->cases, arg))
			argp_failure(state, CLI_BROKEN, 0, "no memory");
		break;
	default:
		if (key < OPT_REPORT || key >= OPT_REPORT + REP_NUM_FORMATS)
			return ARGP_ERR_UNKNOWN;
		o->reports[key - OPT_REPORT] = arg;
		break;
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->cases;
		break;
	case OPT_ENGINE:
		o->engine = arg;
		break;
	case OPT_SET:
		add_set(state, o, arg);
		break;
	case OPT_JOBS:
		o->jobs = need_number(state, "jobs", arg, 64);
		break;
	case OPT_REPEAT:
		o->repeat = need_number(state, "repeat", arg, 100000);
		break;
	case OPT_TIMEOUT:
		o->timeout = need_number(state, "timeout", arg, 86400);
		break;
	case OPT_SHARD:
		if (!read_shard(o, arg))
			argp_error(state, "--shard: read \"%s\", expected I/N",
				   arg);
		break;
	case OPT_EXPECT:
		o->expect = arg;
		break;
	case OPT_OUT:
		o->out = arg;
		break;
	case OPT_FAIL_FAST:
		o->fail_fast = true;
		break;
	case OPT_NO_INVARIANTS:
		o->no_invariants = true;
		break;
	case OPT_KEEP:
		set_keep(state, o, arg);
		break;
	default:
		return parse_more(key, arg, state);
	}
	return 0;
}

/* The shard that a test runner asks for by its environment. */
static bool shard_of_environment(struct run_options *o)
{
	const char *total = getenv("TEST_TOTAL_SHARDS");
	const char *index = getenv("TEST_SHARD_INDEX");
	const char *status = getenv("TEST_SHARD_STATUS_FILE");
	uint64_t n, i;
	FILE *touched;

	if (o->num_shards > 0 || total == NULL || index == NULL)
		return true;
	if (!read_number(total, 1, 100000, &n) ||
	    !read_number(index, 0, n - 1, &i)) {
		cli_error("TEST_SHARD_INDEX \"%s\" of TEST_TOTAL_SHARDS \"%s\" "
			  "is no shard",
			  index, total);
		return false;
	}
	o->num_shards = (unsigned int)n;
	o->shard = (unsigned int)i + 1;
	touched = status != NULL ? fopen(status, "w") : NULL;
	if (touched != NULL)
		fclose(touched);
	return true;
}

/* The cases in the order in which they are played. */
static const struct conf_suite_case **make_order(const struct run_options *o,
						 size_t *out_num)
{
	size_t all = o->cases.num_selected, num = 0;
	const struct conf_suite_case **order = calloc(all * o->repeat + 1,
						      sizeof(*order));
	uint64_t state = o->seed;

	*out_num = 0;
	if (order == NULL)
		return NULL;
	for (unsigned int round = 0; round < o->repeat; round++) {
		size_t first = num;

		for (size_t i = 0; i < all; i++)
			if (o->num_shards == 0 ||
			    conf_id_hash(o->cases.selected[i]->id) %
					    o->num_shards ==
				    o->shard - 1)
				order[num++] = o->cases.selected[i];
		for (size_t i = num - first; i > 1 && !o->listed; i--) {
			size_t k = (size_t)(conf_random(&state) % i);
			const struct conf_suite_case *swap = order[first + k];

			order[first + k] = order[first + i - 1];
			order[first + i - 1] = swap;
		}
	}
	*out_num = num;
	return order;
}

/* Is there such an engine at all? */
static enum cli_exit try_engine(const struct run_options *o)
{
	const struct conf_config config = {
		.settings = o->sets,
		.num_settings = o->num_sets,
		.seed = o->seed,
		.timeout = o->timeout * 1000u,
	};
	char error[CONF_ERROR_SIZE] = "";
	struct conf_engine engine;
	enum conf_status status;

	status = conf_engine_open(&engine, o->engine, &config, error);
	if (status == CONF_OK) {
		conf_engine_close(&engine);
		return CLI_OK;
	}
	if (status == CONF_ERR_UNAVAILABLE)
		return CLI_OK; /* each case says so: SKIP */
	cli_error("%s", error);
	return status == CONF_ERR_CONFIG ? CLI_USAGE : CLI_BROKEN;
}

static void on_interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

static enum cli_exit play(struct run_options *o, struct run_record *record,
			  char *command)
{
	char error[CONF_ERROR_SIZE];
	struct sigaction action = {.sa_handler = on_interrupt};
	struct conf_run run = {
		.cases = record->order,
		.num_cases = record->num_all,
		.engine = o->engine,
		.extra = o->sets,
		.num_extra = o->num_sets,
		.seed = o->seed,
		.jobs = o->jobs,
		.timeout = o->timeout,
		.invariants = !o->no_invariants,
		.keep = o->keep,
		.out = o->out,
		.done = run_record_done,
		.ctx = record,
		.interrupted = &interrupted,
	};

	if (!run_record_open(record, command))
		return CLI_BROKEN;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	printf("engine %s, seed %" PRIu64 ", %zu cases\n", o->engine, o->seed,
	       record->num_all);
	if (conf_run_cases(&run, error) != CONF_OK) {
		rep_progress_clear(&record->progress);
		cli_error("%s", error);
		record->failed = true;
	}
	return run_record_close(record, interrupted != 0);
}

static enum cli_exit run(struct run_options *o, char *command)
{
	struct run_record record = {.options = o};
	const struct conf_suite_case **order = NULL;
	char error[CONF_ERROR_SIZE];
	enum cli_exit code = try_engine(o);

	if (code == CLI_OK && !shard_of_environment(o))
		code = CLI_USAGE;
	if (code == CLI_OK)
		code = cli_cases_load(&o->cases, o->expect != NULL);
	if (code == CLI_OK && o->expect != NULL &&
	    conf_baseline_read(&record.baseline, o->expect, error) != CONF_OK) {
		cli_error("%s", error);
		code = CLI_USAGE;
	}
	if (code == CLI_OK) {
		order = make_order(o, &record.num_all);
		record.order = order;
		if (order == NULL)
			code = CLI_BROKEN;
		else if (record.num_all == 0)
			code = (enum cli_exit)RUN_NOTHING;
	}
	if ((unsigned int)code == RUN_NOTHING)
		cli_error("no case was selected");
	else if (code == CLI_OK)
		code = play(o, &record, command);
	run_record_cleanup(&record);
	free(order);
	return code;
}

/* The command line as one text. */
static char *join(int argc, char **argv)
{
	size_t size = 1;
	char *out;

	for (int i = 0; i < argc; i++)
		size += strlen(argv[i]) + 1;
	out = calloc(1, size);
	for (int i = 0; i < argc && out != NULL; i++) {
		if (i > 0)
			strcat(out, " ");
		strcat(out, argv[i]);
	}
	return out;
}

int cmd_run(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_cases_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[PATTERN...]",
		.doc = "Play the cases whose id a PATTERN selects, or all, "
		       "against an engine. A PATTERN is the beginning of an "
		       "id up to a /, or has * and ?.\v"
		       "Exit codes: 0 all as expected; 1 a case is not, or the "
		       "file of expectations is stale; 2 usage, or a case that "
		       "cannot be read; 3 the harness broke; 4 nothing ran; "
		       "130 interrupted.",
		.children = children,
	};
	struct run_options o = {
		.engine = "ref",
		.jobs = 1,
		.repeat = 1,
		.timeout = 10,
	};
	char *command = join(argc, argv);
	struct rep_term term;
	enum cli_exit code;

	rep_term_init(&term, stdout, REP_AUTO);
	o.colour = term.colour;
	cli_parse(&argp, argc, argv, &o);
	if (!o.has_seed)
		o.seed =
			((uint64_t)time(NULL) * 1000003u + (uint64_t)getpid()) %
			1000000000u;
	code = run(&o, command);
	for (size_t i = 0; i < o.num_sets; i++)
		free((char *)(uintptr_t)o.sets[i].key);
	free(o.sets);
	cli_cases_cleanup(&o.cases);
	free(command);
	return code;
}
