/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_minimize.c - masqcheck minimize: the shortest capture that shows it */
#define _GNU_SOURCE /* argp */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/minimize.h"
#include "config.h"
#include "minimize.h"
#include "replay.h"
#include "reports/progress.h"
#include "values.h"

enum {
	OPT_ENGINE = 'e',
	OPT_AGAINST = 'a',
	OPT_OUTPUT = 'o',
	OPT_CHECK = 0x700,
	OPT_EXACT,
	OPT_TIMEOUT,
};

struct options {
	struct cli_config config;
	struct conf_minimize m;
	const char *in, *out;
	bool check, exact;
	struct rep_progress progress;
};

static volatile sig_atomic_t interrupted;

static const struct argp_option argp_options[] = {
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "A",
	 .doc = "The engine that is wrong; required"},
	{.name = "against",
	 .key = OPT_AGAINST,
	 .arg = "B",
	 .doc = "The engine that is right: keep the first difference between "
		"them"},
	{.name = "check",
	 .key = OPT_CHECK,
	 .doc = "Keep an invariant that A breaks, or a difference if that "
		"comes first; without --against that is so anyway"},
	{.name = "exact",
	 .key = OPT_EXACT,
	 .doc = "With --against: compare octet for octet, not up to the names "
		"that each chooses"},
	{.name = "output",
	 .key = OPT_OUTPUT,
	 .arg = "OUT.pcap",
	 .doc = "Write OUT.pcap, OUT.conf (settings) and OUT.case (the same "
		"as a case); required"},
	{.name = "timeout",
	 .key = OPT_TIMEOUT,
	 .arg = "S",
	 .doc = "An attempt that takes S seconds hangs (5)"},
	{0},
};

static void take_timeout(struct argp_state *state, struct options *o,
			 const char *arg)
{
	int64_t number;

	if (conf_read_number(conf_text_of(arg), 1, 86400, &number))
		o->m.timeout = (unsigned int)number * 1000;
	else
		argp_error(state,
			   "--timeout: read \"%s\", expected 1 to 86400 "
			   "seconds",
			   arg);
}

static void check(struct argp_state *state, struct options *o)
{
	size_t len = o->out != NULL ? strlen(o->out) : 0;

	if (o->in == NULL)
		argp_error(state, "no capture was named");
	if (o->m.engine == NULL)
		argp_error(state, "name the engine that is wrong: --engine A");
	if (len < 6 || strcmp(o->out + len - 5, ".pcap") != 0)
		argp_error(state, "name the output: -o OUT.pcap");
	if (o->exact && o->m.against == NULL)
		argp_error(state, "--exact needs --against");
	o->m.invariants = o->check || o->m.against == NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		break;
	case OPT_ENGINE:
		o->m.engine = arg;
		break;
	case OPT_AGAINST:
		o->m.against = arg;
		break;
	case OPT_CHECK:
		o->check = true;
		break;
	case OPT_EXACT:
		o->exact = true;
		break;
	case OPT_OUTPUT:
		o->out = arg;
		break;
	case OPT_TIMEOUT:
		take_timeout(state, o, arg);
		break;
	case ARGP_KEY_ARG:
		if (o->in != NULL)
			argp_error(state, "%s: only one capture at a time",
				   arg);
		o->in = arg;
		break;
	case ARGP_KEY_END:
		check(state, o);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* A conf_minimize_fn. */
static void show_progress(void *ctx, const char *part, size_t done,
			  size_t total)
{
	struct options *o = ctx;

	o->progress.label = part;
	rep_progress_step(&o->progress, done, total);
}

static enum cli_exit finish(struct options *o, const struct cap_reader *reader,
			    const struct conf_minimized *found, size_t num)
{
	struct minimize_output output = {
		.found = found,
		.engine = o->m.engine,
		.against = o->m.against,
		.in = o->in,
		.out = o->out,
		.reader = reader,
	};

	if (found->finding.class[0] == '\0' && found->interrupted) {
		cli_error("interrupted before anything was found");
		return CLI_INTERRUPTED;
	}
	if (found->finding.class[0] == '\0') {
		cli_error("%s shows nothing to keep: %zu stimuli, %s", o->in,
			  num,
			  o->m.against != NULL
				  ? "and no difference"
				  : "no invariant broken and no crash");
		return CLI_NOTHING;
	}
	if (!minimize_write(&output))
		return CLI_BROKEN;
	printf("%zu of %zu stimuli, %" PRIu64 " attempts: %s\n%s\n",
	       found->trace.num, num, found->num_attempts, found->finding.class,
	       found->finding.text);
	printf("written: %s\n", o->out);
	return found->interrupted ? CLI_INTERRUPTED : CLI_OK;
}

static enum cli_exit minimise(struct options *o,
			      const struct cap_reader *reader,
			      const struct conf_trace *trace)
{
	char error[CONF_ERROR_SIZE];
	struct conf_minimized found;
	enum conf_status status;
	enum cli_exit code;

	o->m.oracle = o->exact ? &conf_oracle_exact : &conf_oracle_renamed;
	o->m.config = &o->config.config;
	o->m.interrupted = &interrupted;
	o->m.progress = show_progress;
	o->m.ctx = o;
	rep_progress_init(&o->progress, stderr, "minimize");
	(void)sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt},
			NULL);
	status = conf_minimize(&o->m, trace, &found, error);
	rep_progress_clear(&o->progress);
	if (status != CONF_OK) {
		cli_error("%s", error);
		code = cli_config_exit(&o->config, status, error);
	} else {
		code = finish(o, reader, &found, trace->num);
	}
	conf_minimized_cleanup(&found);
	return code;
}

static enum cli_exit with_reader(struct options *o, struct cap_reader *reader)
{
	struct conf_stream stream;
	struct conf_trace trace;
	enum cap_status status;
	enum cli_exit code;

	cli_stream_init(&stream, reader, 0);
	status = conf_trace_read(&trace, &stream);
	if (status != CAP_OK) {
		cli_error("%s", status == CAP_ERR_IO
					? "no memory for the capture"
					: cap_reader_error(reader));
		return CLI_BROKEN;
	}
	cli_stream_notes(&stream.counts);
	code = minimise(o, reader, &trace);
	conf_trace_cleanup(&trace);
	return code;
}

static enum cli_exit run(struct options *o)
{
	enum cli_exit code = cli_config_load(&o->config, o->in);
	char error[CAP_ERROR_SIZE];
	struct cap_options options;
	struct cap_reader *reader;

	if (code != CLI_OK)
		return code;
	conf_capture_options(&o->config.settings, &options);
	if (cap_open(o->in, NULL, &options, &reader, error) != CAP_OK) {
		cli_error("%s", error);
		return CLI_BROKEN;
	}
	code = with_reader(o, reader);
	cap_close(reader);
	return code;
}

int cmd_minimize(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_config_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "IN.pcap -o OUT.pcap",
		.doc = "Find the shortest and simplest capture that shows the "
		       "same: the first difference between two engines, a "
		       "broken invariant, or a crash.\v"
		       "Stimuli are left out, then fields, times and settings "
		       "made simple, for as long as the same field of the same "
		       "kind of packet differs (or the same invariant is "
		       "broken, or the engine dies in the same way). Results "
		       "in IN.pcap are ignored. Stimuli aimed at an external "
		       "endpoint follow it when its number changes.\n\n"
		       "Examples:\n"
		       "  masqcheck minimize -e ./libmynat.so -a ref "
		       "long.pcap -o short.pcap\n"
		       "  masqcheck minimize -e ./libmynat.so crash.pcap "
		       "-o short.pcap\n\n"
		       "Interrupted (Ctrl-C), it writes the best so far.\n\n"
		       "Exit codes: 0 minimised; 2 usage: an option, engine or "
		       "setting that cannot be; 3 an input is broken, or a "
		       "write failed; 4 the capture shows nothing; 130 "
		       "interrupted.",
		.children = children,
	};
	struct options o = {.m = {.timeout = 5000}};
	enum cli_exit code;

	cli_config_init(&o.config);
	cli_parse(&argp, argc, argv, &o);
	code = run(&o);
	cli_config_cleanup(&o.config);
	return code;
}
