/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_fuzz.c - masqcheck fuzz: campaigns, and what comes of them */
#define _GNU_SOURCE /* argp */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz_worker.h"
#include "values.h"

enum {
	OPT_TARGET = 't',
	OPT_ENGINE = 'e',
	OPT_AGAINST = 'a',
	OPT_JOBS = 'j',
	OPT_OUT = 'o',
	OPT_WITH = 0xb00,
	OPT_TIME,
	OPT_RUNS,
	OPT_SEED,
	OPT_CORPUS,
	OPT_KNOWN,
	OPT_LIMIT,
	OPT_MAX_LEN,
	OPT_EFFORT,
	OPT_REGRESS,
	OPT_PROMOTE,
	OPT_AS,
	OPT_CLAUSE,
	OPT_CASES,
};

volatile sig_atomic_t fuzz_interrupted;

static const struct argp_option argp_options[] = {
	{.name = "target",
	 .key = OPT_TARGET,
	 .arg = "T",
	 .doc = "Run the target T; may be repeated; \"all\" is the default, "
		"with --engine it is \"engine\", with --against also "
		"\"differential\""},
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "E",
	 .doc = "The engine to look at; ./x.so runs in the fuzzing process "
		"itself, and tells what it covers if it was built with "
		"-fsanitize=fuzzer-no-link"},
	{.name = "against",
	 .key = OPT_AGAINST,
	 .arg = "E2",
	 .doc = "What \"differential\" compares it with"},
	{.name = "with",
	 .key = OPT_WITH,
	 .arg = "libfuzzer|afl++",
	 .doc = "The fuzzer, default libfuzzer"},
	{.name = "time",
	 .key = OPT_TIME,
	 .arg = "T",
	 .doc = "How long, in all: 90s, 10m (the default), 1h"},
	{.name = "runs",
	 .key = OPT_RUNS,
	 .arg = "N",
	 .doc = "Instead: N executions of each process"},
	{.name = "seed",
	 .key = OPT_SEED,
	 .arg = "N",
	 .doc = "Choose as seed N says; with --runs and one job the same "
		"campaign each time"},
	{.name = "jobs",
	 .key = OPT_JOBS,
	 .arg = "N",
	 .doc = "Processes at once, 1 to 64, default 1"},
	{.name = "corpus",
	 .key = OPT_CORPUS,
	 .arg = "DIR",
	 .doc = "Begin with the inputs in DIR/TARGET, or DIR; default: "
		"corpora/ of the sources"},
	{.name = "out",
	 .key = OPT_OUT,
	 .arg = "DIR",
	 .doc = "Write there, default fuzz-out; a campaign goes on where the "
		"last one in DIR ended"},
	{.name = "known",
	 .key = OPT_KNOWN,
	 .arg = "FILE",
	 .doc = "Lines \"CLASS  reason\" of findings that are no news; * and ? "
		"as in a shell"},
	{.name = "timeout",
	 .key = OPT_LIMIT,
	 .arg = "S",
	 .doc = "An input that takes S seconds hangs (10)"},
	{.name = "max-len",
	 .key = OPT_MAX_LEN,
	 .arg = "N",
	 .doc = "Inputs have at most N octets (4096: some thirty packets); "
		"longer ones cost time, and say little more"},
	{.name = "minimize-time",
	 .key = OPT_EFFORT,
	 .arg = "T",
	 .doc = "How long to make each finding smaller (1m)"},
	{.name = "regress",
	 .key = OPT_REGRESS,
	 .doc = "No campaign: replay the files and folders that are named, "
		"and say which still fail"},
	{.name = "promote",
	 .key = OPT_PROMOTE,
	 .arg = "DIR/findings/NAME",
	 .doc = "No campaign: make a permanent case and a regression input of "
		"a finding"},
	{.name = "as",
	 .key = OPT_AS,
	 .arg = "ID",
	 .doc = "The id of that case"},
	{.name = "clause",
	 .key = OPT_CLAUSE,
	 .arg = "ID",
	 .doc = "The clause that it proves, default CAPTURE"},
	{.name = "cases",
	 .key = OPT_CASES,
	 .arg = "DIR",
	 .doc = "The folder of the cases"},
	{0},
};

/* ---- Options ---- */

static uint64_t number_of(struct argp_state *state, const char *name,
			  const char *arg, int64_t min, int64_t max)
{
	int64_t number;

	if (conf_read_number(conf_text_of(arg), min, max, &number))
		return (uint64_t)number;
	argp_error(state, "%s: read \"%s\", expected %" PRId64 " to %" PRId64,
		   name, arg, min, max);
	return 0;
}

/* "90s", "10m", "1h", or seconds. */
static unsigned int time_of(struct argp_state *state, const char *name,
			    const char *arg)
{
	size_t len = strlen(arg);
	char digits[24] = "";
	int64_t number, unit = 1;

	if (len > 1 && len < sizeof(digits)) {
		memcpy(digits, arg, len - 1);
		digits[len - 1] = '\0';
		if (arg[len - 1] == 'm')
			unit = 60;
		else if (arg[len - 1] == 'h')
			unit = 3600;
		else if (arg[len - 1] != 's')
			digits[len - 1] = arg[len - 1];
	} else if (len == 1) {
		digits[0] = arg[0];
	}
	if (conf_read_number(conf_text_of(digits), 1, 8640000 / unit, &number))
		return (unsigned int)(number * unit);
	argp_error(state,
		   "%s: read \"%s\", expected a time such as 90s, 10m or 1h, "
		   "up to 2400h",
		   name, arg);
	return 0;
}

static void take_with(struct argp_state *state, struct fuzz_options *o,
		      const char *arg)
{
	if (strcmp(arg, "libfuzzer") == 0)
		o->with = FUZZ_LIBFUZZER;
	else if (strcmp(arg, "afl++") == 0 || strcmp(arg, "afl") == 0)
		o->with = FUZZ_AFL;
	else
		argp_error(state,
			   "--with: read \"%s\", expected libfuzzer or afl++",
			   arg);
}

static void take_path(struct argp_state *state, struct fuzz_options *o,
		      const char *arg)
{
	const char **paths = realloc(o->paths,
				     (o->num_paths + 1) * sizeof(*paths));

	if (paths == NULL)
		argp_failure(state, CLI_BROKEN, 0, "no memory");
	o->paths = paths;
	o->paths[o->num_paths++] = arg;
}

static void check(struct argp_state *state, struct fuzz_options *o)
{
	if (o->regress && o->promote != NULL)
		argp_error(state, "--regress and --promote: one at a time");
	if (o->regress && o->num_paths == 0)
		argp_error(state, "--regress: name files or folders");
	if (!o->regress && o->num_paths > 0)
		argp_error(state, "%s: only --regress takes files",
			   o->paths[0]);
	if (o->promote != NULL && o->as == NULL)
		argp_error(state, "--promote: say the id of the case: --as ID");
	if (o->promote == NULL && (o->as != NULL || o->cases != NULL))
		argp_error(state, "--as and --cases are for --promote");
	if (strlen(o->out) == 0 || strlen(o->out) > 1000)
		argp_error(state, "--out: expected the name of a folder");
	if (o->runs != 0 && o->seconds != 0)
		argp_error(state, "--time and --runs: one of them");
	if (o->runs == 0 && o->seconds == 0)
		o->seconds = 600;
	if (o->clause == NULL)
		o->clause = "CAPTURE";
}

/* Options that are taken as they are. */
static const char **text_of(struct fuzz_options *o, int key)
{
	switch (key) {
	case OPT_ENGINE:
		return &o->engine;
	case OPT_AGAINST:
		return &o->against;
	case OPT_CORPUS:
		return &o->corpus;
	case OPT_OUT:
		return &o->out;
	case OPT_KNOWN:
		return &o->known;
	case OPT_PROMOTE:
		return &o->promote;
	case OPT_AS:
		return &o->as;
	case OPT_CLAUSE:
		return &o->clause;
	case OPT_CASES:
		return &o->cases;
	default:
		return NULL;
	}
}

static error_t parse_number(struct fuzz_options *o, int key, const char *arg,
			    struct argp_state *state)
{
	switch (key) {
	case OPT_TIME:
		o->seconds = time_of(state, "--time", arg);
		return 0;
	case OPT_EFFORT:
		o->effort = time_of(state, "--minimize-time", arg);
		return 0;
	case OPT_RUNS:
		o->runs = number_of(state, "--runs", arg, 1, INT32_MAX);
		return 0;
	case OPT_SEED:
		o->seed = number_of(state, "--seed", arg, 1, INT32_MAX);
		return 0;
	case OPT_JOBS:
		o->jobs = (unsigned int)number_of(state, "--jobs", arg, 1,
						  FUZZ_MAX_JOBS);
		return 0;
	case OPT_MAX_LEN:
		o->max_len = (unsigned int)number_of(state, "--max-len", arg,
						     64, 1u << 20);
		return 0;
	case OPT_LIMIT:
		o->limit = (unsigned int)number_of(state, "--timeout", arg, 1,
						   3600);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct fuzz_options *o = state->input;
	const char **text = text_of(o, key);

	if (text != NULL) {
		*text = arg;
		return 0;
	}
	switch (key) {
	case OPT_TARGET:
		if (o->num_targets == FUZZ_MAX_TARGETS)
			argp_error(state, "--target: %u are enough",
				   FUZZ_MAX_TARGETS);
		o->targets[o->num_targets++] = arg;
		return 0;
	case OPT_WITH:
		take_with(state, o, arg);
		return 0;
	case OPT_REGRESS:
		o->regress = true;
		return 0;
	case ARGP_KEY_ARG:
		take_path(state, o, arg);
		return 0;
	case ARGP_KEY_END:
		check(state, o);
		return 0;
	default:
		return parse_number(o, key, arg, state);
	}
}

/* ---- A campaign ---- */

static void on_interrupt(int number)
{
	(void)number;
	fuzz_interrupted = fuzz_interrupted + 1;
}

static void catch_signals(void)
{
	const struct sigaction action = {.sa_handler = on_interrupt};

	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
}

/* One campaign at a time in a folder; the lock goes with this process. */
static bool lock_out(const struct fuzz_options *o)
{
	char path[1100];
	int fd;

	snprintf(path, sizeof(path), "%s/lock", o->out);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (fd >= 0 && errno == EWOULDBLOCK)
		cli_error("%s: another campaign runs there; choose another "
			  "--out",
			  o->out);
	else
		cli_error("%s: %s", path, strerror(errno));
	return false;
}

static enum cli_exit campaign(const struct fuzz_options *o)
{
	struct fuzz_campaign *c = calloc(1, sizeof(*c));
	struct fuzz_programs *programs = calloc(1, sizeof(*programs));
	struct fuzz_known known = {.num = 0};
	enum cli_exit code = CLI_BROKEN;

	if (c == NULL || programs == NULL) {
		cli_error("no memory");
		goto out;
	}
	code = fuzz_find(programs, o, false);
	if (code != CLI_OK)
		goto out;
	code = CLI_BROKEN;
	if (!fuzz_make_folders(o->out) || !lock_out(o) ||
	    !fuzz_known_load(&known, o))
		goto out;
	c->options = o;
	c->programs = programs;
	c->known = &known;
	code = fuzz_conclude(c, fuzz_campaign_run(c));
out:
	fuzz_known_cleanup(&known);
	free(programs);
	free(c);
	return code;
}

int cmd_fuzz(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "\n--regress FILE|DIR...\n"
			    "--promote DIR/findings/NAME --as ID",
		.doc = "Look for inputs that break a property, by "
		       "coverage-guided fuzzing; make each small, and write it "
		       "as a finding: a capture, its settings, a case, and a "
		       "report.\v"
		       "Target programs are made by the presets fuzz-libfuzzer "
		       "and fuzz-afl; MASQCHECK_FUZZ_DIR names another folder "
		       "of them. Findings of one class (what was broken, or "
		       "the top three functions of a crash) are one; a class "
		       "that is in DIR/findings already, or in --known, is no "
		       "news.\n\n"
		       "Examples:\n"
		       "  masqcheck fuzz --engine ./libmynat.so --time 1h "
		       "--jobs 2\n"
		       "  masqcheck fuzz --target helper_ftp --with afl++\n"
		       "  masqcheck fuzz --regress fuzz-out/findings\n\n"
		       "Ctrl-C ends the campaign early; what was found is "
		       "still looked at. A second one ends that too.\n\n"
		       "Exit codes: 0 no new finding; 1 new findings, or an "
		       "input that still fails; 2 usage; 3 a program is "
		       "missing or broke, a file cannot be written, or the "
		       "campaign reached nothing; 4 nothing ran; 130 "
		       "interrupted, without a new finding.",
	};
	struct fuzz_options o = {
		.jobs = 1,
		.limit = 10,
		.max_len = 4096,
		.effort = 60,
		.out = "fuzz-out",
	};
	enum cli_exit code;

	cli_parse(&argp, argc, argv, &o);
	catch_signals();
	if (o.promote != NULL)
		code = fuzz_promote(&o);
	else
		code = o.regress ? fuzz_regress(&o) : campaign(&o);
	free(o.paths);
	return code;
}
