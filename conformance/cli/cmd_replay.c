/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_replay.c - masqcheck replay: its options, and the order of things */
#define _GNU_SOURCE /* argp */

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "help.h"
#include "learn.h"
#include "replay.h"
#include "values.h"

enum {
	OPT_ENGINE = 'e',
	OPT_OUTPUT = 'o',
	OPT_MAX = 'n',
	OPT_OUTSIDE = 0x200,
	OPT_TABLE,
	OPT_WIRE_OUT,
	OPT_CHECK,
	OPT_HELP_CONFIG,
};

struct options {
	struct cli_config config;
	struct cli_paths out;
	const char *engine;
	const char *in;
	const char *outside;
	bool table, check;
	uint64_t max_reports;
	enum conf_dump table_kind;
};

static const struct argp_option argp_options[] = {
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "ENGINE",
	 .doc = "The engine, default ref; see \"masqcheck engines\""},
	{.name = "outside",
	 .key = OPT_OUTSIDE,
	 .arg = "FILE",
	 .doc = "IN is a capture of the inside wire, FILE one of the outside "
		"wire at the same time"},
	{.name = "output",
	 .key = OPT_OUTPUT,
	 .arg = "OUT.pcap",
	 .doc = "Write the router's-eye capture: each stimulus, then its "
		"results; - is standard output"},
	{.name = "wire-out",
	 .key = OPT_WIRE_OUT,
	 .arg = "SIDE=FILE",
	 .doc = "Write what a sniffer on the inside or outside wire sees, as "
		"Ethernet; may be given for both sides"},
	{.name = "table",
	 .key = OPT_TABLE,
	 .arg = "FORMAT",
	 .flags = OPTION_ARG_OPTIONAL,
	 .doc = "Print the table of entries at the end, as "
		"/proc/net/ip_masquerade shows it, or with =long readable and "
		"with all there is to know"},
	{.name = "check",
	 .key = OPT_CHECK,
	 .doc = "Check the invariants of every packet; see \"masqcheck help "
		"invariants\""},
	{.name = "max",
	 .key = OPT_MAX,
	 .arg = "N",
	 .doc = "Print the first N violations (10)"},
	{.name = "help-config",
	 .key = OPT_HELP_CONFIG,
	 .doc = "List the settings, as \"masqcheck help config\""},
	{0},
};

/* "inside=FILE" or "outside=FILE" */
static void take_wire(struct argp_state *state, struct options *o, char *arg)
{
	char *path = strchr(arg, '=');
	size_t len = path != NULL ? (size_t)(path - arg) : 0;

	if (len == 6 && strncmp(arg, "inside", len) == 0)
		o->out.wire[CONF_INSIDE] = path + 1;
	else if (len == 7 && strncmp(arg, "outside", len) == 0)
		o->out.wire[CONF_OUTSIDE] = path + 1;
	else
		argp_error(state,
			   "--wire-out: read \"%s\", expected inside=FILE or "
			   "outside=FILE",
			   arg);
}

static void take_table(struct argp_state *state, struct options *o,
		       const char *arg)
{
	o->table = true;
	o->table_kind = CONF_DUMP_TABLE;
	if (arg != NULL && strcmp(arg, "long") == 0)
		o->table_kind = CONF_DUMP_LONG;
	else if (arg != NULL && strcmp(arg, "proc") != 0)
		argp_error(state, "--table: read \"%s\", expected proc or long",
			   arg);
}

static void take_max(struct argp_state *state, struct options *o,
		     const char *arg)
{
	int64_t number;

	if (conf_read_number(conf_text_of(arg), 0, INT64_MAX / 16, &number))
		o->max_reports = (uint64_t)number;
	else
		argp_error(state, "--max: read \"%s\", expected a number", arg);
}

/* What options cannot be together. */
static void check(struct argp_state *state, const struct options *o)
{
	const char *paths[] = {o->out.eye, o->out.wire[CONF_INSIDE],
			       o->out.wire[CONF_OUTSIDE]};
	unsigned int num_stdout = 0;

	if (o->in == NULL)
		argp_error(state, "no capture was named");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (paths[i] == NULL)
			continue;
		num_stdout += strcmp(paths[i], "-") == 0;
		for (size_t j = 0; j < i; j++)
			if (paths[j] != NULL && strcmp(paths[i], paths[j]) == 0)
				argp_error(state, "%s is named twice",
					   paths[i]);
	}
	if (num_stdout > 0 && o->table)
		argp_error(state, "the table and a capture cannot both go to "
				  "standard output");
	if (num_stdout > 0 && o->check)
		argp_error(state, "violations and a capture cannot both go to "
				  "standard output");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		break;
	case OPT_ENGINE:
		o->engine = arg;
		break;
	case OPT_OUTSIDE:
		o->outside = arg;
		break;
	case OPT_OUTPUT:
		o->out.eye = arg;
		break;
	case OPT_WIRE_OUT:
		take_wire(state, o, arg);
		break;
	case OPT_CHECK:
		o->check = true;
		break;
	case OPT_MAX:
		take_max(state, o, arg);
		break;
	case OPT_TABLE:
		take_table(state, o, arg);
		break;
	case OPT_HELP_CONFIG:
		cli_help_config(stdout);
		exit(CLI_OK);
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

/* A conf_text_fn. */
static void print_text(void *ctx, const char *text, size_t len)
{
	fwrite(text, 1, len, ctx);
}

static enum cli_exit print_table(const struct options *o,
				 struct conf_engine *engine)
{
	switch (engine->ops->dump(engine->state, o->table_kind, print_text,
				  stdout)) {
	case CONF_OK:
		return CLI_OK;
	case CONF_ERR_UNSUPPORTED:
		cli_error("%s has no such table", engine->address);
		return CLI_BROKEN;
	default:
		cli_error("%s: %s", engine->address, conf_engine_error(engine));
		return CLI_BROKEN;
	}
}

/* After the replay: reports, and the files are kept. */
static enum cli_exit finish(const struct options *o, struct cli_replay *r)
{
	enum cli_exit code = CLI_OK;

	cli_stream_notes(&r->stream.counts);
	if (r->output->num_no_neighbour > 0 && r->output->is_ethernet &&
	    cap_reader_is_ethernet(r->reader))
		cli_error("%llu results are for hosts whose Ethernet address "
			  "is not known; see --set neighbour=ADDR=MAC",
			  (unsigned long long)r->output->num_no_neighbour);
	if (o->table)
		code = print_table(o, r->engine);
	else if (o->out.eye == NULL && !cli_replay_print(r))
		code = CLI_BROKEN;
	if (code == CLI_OK && !cli_output_commit(r->output)) {
		cli_error("%s", r->output->error);
		code = CLI_BROKEN;
	}
	return code;
}

static enum cli_exit with_reader(struct options *o, struct conf_engine *engine,
				 struct cap_reader *reader)
{
	struct cli_output output;
	struct cli_replay replay = {
		.engine = engine,
		.reader = reader,
		.output = &output,
	};
	enum cli_exit code;

	if (!cli_output_open(&output, &o->out, reader, &o->config.settings)) {
		cli_error("%s", output.error);
		return CLI_BROKEN;
	}
	code = CLI_OK;
	if (o->check && !cli_check_open(&replay.check, &o->config.settings,
					o->engine, o->max_reports))
		code = CLI_BROKEN;
	if (code == CLI_OK)
		code = cli_replay_run(&replay);
	if (code == CLI_OK)
		code = finish(o, &replay);
	if (code == CLI_OK)
		code = cli_check_finish(&replay.check);
	cli_output_discard(&output);
	cli_replay_cleanup(&replay);
	return code;
}

static enum cli_exit run(struct options *o)
{
	char error[CONF_ERROR_SIZE];
	struct cap_options options;
	struct conf_engine engine;
	struct cap_reader *reader;
	enum conf_status status;
	enum cli_exit code;

	code = cli_config_load(&o->config, o->in);
	if (code != CLI_OK)
		return code;
	conf_capture_options(&o->config.settings, &options);
	if (!cli_learn(&o->config, o->in, o->outside, &options))
		return CLI_BROKEN;
	if (o->config.learnt.num_settings > 0)
		code = cli_config_load(&o->config, o->in);
	if (code != CLI_OK)
		return code;
	conf_capture_options(&o->config.settings, &options);
	status = conf_engine_open(&engine, o->engine, &o->config.config, error);
	if (status != CONF_OK) {
		cli_error("%s", error);
		return cli_config_exit(&o->config, status, error);
	}
	if (cap_open(o->in, o->outside, &options, &reader, error) == CAP_OK) {
		code = with_reader(o, &engine, reader);
		cap_close(reader);
	} else {
		cli_error("%s", error);
		code = CLI_BROKEN;
	}
	conf_engine_close(&engine);
	return code;
}

int cmd_replay(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_config_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "IN.pcap",
		.doc = "Feed the stimuli of the capture IN.pcap (- is standard "
		       "input) to an engine. What the capture holds of "
		       "results is ignored.\v"
		       "Without -o and --table a summary is printed: stimuli, "
		       "results, and what was dropped and why.\n\n"
		       "Examples:\n"
		       "  masqcheck replay office.pcap -o router.pcap\n"
		       "  masqcheck replay --table=long office.pcap\n"
		       "  masqcheck replay --check office.pcap\n"
		       "  masqcheck replay --set local=answer --wire inside "
		       "lan.pcap\n\n"
		       "The settings of the router come from NAME.conf beside "
		       "NAME.pcap if that exists. An Ethernet capture is read "
		       "twice: first to learn who has which address.\n\n" CLI_EXIT_CODES,
		.children = children,
	};
	struct options o = {.engine = "ref", .max_reports = 10};
	enum cli_exit code;

	cli_config_init(&o.config);
	cli_parse(&argp, argc, argv, &o);
	code = run(&o);
	cli_config_cleanup(&o.config);
	return code;
}
