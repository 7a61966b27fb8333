/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_diff.c - masqcheck diff: its options, and the order of things */
#define _GNU_SOURCE /* argp */

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "diff.h"
#include "values.h"

enum {
	OPT_INPUT = 'i',
	OPT_ALL = 'a',
	OPT_MAX = 'n',
	OPT_EXACT = 0x200,
	OPT_STRICT_IDS,
	OPT_TABLE,
	OPT_CHECK,
	OPT_WAIVE,
	OPT_JSON,
};

struct options {
	struct cli_config config;
	const char *address[2];
	unsigned int num_addresses;
	const char *input;
	uint64_t max_reports;
	uint64_t max_violations;
	const char *waivers;
	bool has_max, all, json;
	bool exact, strict_ids, table, check;
};

static const struct argp_option argp_options[] = {
	{.name = "exact",
	 .key = OPT_EXACT,
	 .doc = "Octet for octet: side, time and content of every result, "
		"names included"},
	{.name = "input",
	 .key = OPT_INPUT,
	 .arg = "FILE",
	 .doc = "Take the stimuli from the capture FILE, not from the "
		"recording that is compared"},
	{.name = "strict-ids",
	 .key = OPT_STRICT_IDS,
	 .doc = "Compare also what no specification predicts; see "
		"\"masqcheck help unpredictable\""},
	{.name = "table",
	 .key = OPT_TABLE,
	 .doc = "With --exact: compare the tables at the end too; that of a "
		"recording NAME.pcap is NAME.table, if there is one"},
	{.name = "check",
	 .key = OPT_CHECK,
	 .doc = "Check the invariants of every packet of both; see "
		"\"masqcheck help invariants\""},
	{.name = "all",
	 .key = OPT_ALL,
	 .doc = "Print all differences, not just the first of each flow, and "
		"the whole map"},
	{.name = "max",
	 .key = OPT_MAX,
	 .arg = "N",
	 .doc = "Print the first N differences (10; --exact: 1) and violations "
		"(10)"},
	{.name = "waive",
	 .key = OPT_WAIVE,
	 .arg = "FILE",
	 .doc = "Differences of these classes are counted, not reported: lines "
		"\"CLASS [ENGINE] reason\""},
	{.name = "json",
	 .key = OPT_JSON,
	 .doc = "Write one JSON object: verdict, differences, map, waivers"},
	{0},
};

static void take_max(struct argp_state *state, struct options *o,
		     const char *arg)
{
	int64_t number;

	if (conf_read_number(conf_text_of(arg), 0, INT64_MAX / 16, &number)) {
		o->max_reports = o->max_violations = (uint64_t)number;
		o->has_max = true;
	} else
		argp_error(state, "--max: read \"%s\", expected a number", arg);
}

static void check(struct argp_state *state, struct options *o)
{
	unsigned int num_stdin = 0;

	if (o->num_addresses < 2)
		argp_error(state, "two engines are needed");
	if (o->exact && o->waivers != NULL)
		argp_error(state, "--waive is for classes of differences, "
				  "which --exact does not have");
	if (!o->exact && o->table)
		argp_error(state, "--table is for --exact: tables hold "
				  "names");
	if (!o->exact && !o->has_max && !o->all)
		o->max_reports = 10;
	for (unsigned int i = 0; i < 2; i++) {
		const char *path = conf_capture_path(o->address[i]);

		if (o->input == NULL)
			o->input = path;
		num_stdin += path != NULL && strcmp(path, "-") == 0;
	}
	if (o->input == NULL)
		argp_error(state, "neither engine is a recording: name the "
				  "stimuli with --input");
	num_stdin += strcmp(o->input, "-") == 0;
	if (num_stdin > 1)
		argp_error(state, "standard input can be read only once");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		break;
	case OPT_EXACT:
		o->exact = true;
		break;
	case OPT_INPUT:
		o->input = arg;
		break;
	case OPT_STRICT_IDS:
		o->strict_ids = true;
		break;
	case OPT_TABLE:
		o->table = true;
		break;
	case OPT_CHECK:
		o->check = true;
		break;
	case OPT_WAIVE:
		o->waivers = arg;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_ALL:
		o->all = true;
		o->max_reports = UINT64_MAX;
		o->max_violations = UINT64_MAX;
		break;
	case OPT_MAX:
		take_max(state, o, arg);
		break;
	case ARGP_KEY_ARG:
		if (o->num_addresses == 2)
			argp_error(state, "%s: two engines are enough", arg);
		o->address[o->num_addresses++] = arg;
		break;
	case ARGP_KEY_END:
		check(state, o);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* A recording is what is expected; of two engines, the first is. */
static unsigned int find_expected(const struct options *o)
{
	return conf_capture_path(o->address[0]) == NULL &&
			       conf_capture_path(o->address[1]) != NULL
		       ? 1
		       : 0;
}

static enum cli_exit open_check(struct cli_party *party, const char *address,
				const struct options *o)
{
	if (o->check && !cli_check_open(&party->check, &o->config.settings,
					address, o->max_violations))
		return CLI_BROKEN;
	return CLI_OK;
}

static enum cli_exit open_party(struct cli_party *party, const char *address,
				const struct options *o)
{
	char error[CONF_ERROR_SIZE];
	enum conf_status status = conf_engine_open(&party->engine, address,
						   &o->config.config, error);

	if (status == CONF_OK)
		return open_check(party, address, o);
	cli_error("%s", error);
	return cli_config_exit(&o->config, status, error);
}

static bool marks(const struct cli_party *party)
{
	return (party->engine.ops->capabilities & CONF_CAN_MARK_ERRORS) != 0;
}

/* What the comparison up to renaming needs. */
static enum cli_exit open_equivalence(struct cli_diff *diff,
				      const struct options *o)
{
	char error[CONF_ERROR_SIZE];

	if (o->exact)
		return CLI_OK;
	diff->equivalence = conf_equivalence_new(&o->config.settings,
						 &diff->rules);
	if (diff->equivalence == NULL) {
		cli_error("no memory for the map of names");
		return CLI_BROKEN;
	}
	if (o->waivers == NULL ||
	    conf_waivers_read(&diff->waivers, o->waivers, error) == CONF_OK)
		return CLI_OK;
	cli_error("%s", error);
	return CLI_BROKEN;
}

static enum cli_exit with_reader(const struct options *o,
				 struct cap_reader *reader)
{
	const struct conf_settings *settings = &o->config.settings;
	unsigned int first = find_expected(o);
	struct cli_diff diff = {
		.reader = reader,
		.rules = {.strict_ids = o->strict_ids,
			  .router = {settings->inside.addr,
				     settings->outside.addr}},
		.max_reports = o->max_reports,
		.compare_table = o->table,
		.lag = settings->lag,
		.all = o->all,
		.json = o->json,
	};
	enum cli_exit code;

	rep_term_init(&diff.term, stdout, o->config.color);
	code = open_party(&diff.expected, o->address[first], o);
	if (code == CLI_OK)
		code = open_party(&diff.actual, o->address[1 - first], o);
	if (code == CLI_OK) {
		diff.rules.expected_marks = marks(&diff.expected);
		diff.rules.actual_marks = marks(&diff.actual);
		code = open_equivalence(&diff, o);
	}
	if (code == CLI_OK)
		code = cli_diff_run(&diff);
	cli_diff_cleanup(&diff);
	return code;
}

/* The sidecar of the recording speaks for both. */
static enum cli_exit load_config(struct options *o)
{
	const char *path = conf_capture_path(o->address[0]);
	enum cli_exit code;
	char *first;

	if (path == NULL)
		path = conf_capture_path(o->address[1]);
	first = conf_capture_first(path != NULL ? path : o->input);
	if (first == NULL) {
		cli_error("no memory for a file name");
		return CLI_BROKEN;
	}
	code = cli_config_load(&o->config, first);
	free(first);
	return code;
}

static enum cli_exit run(struct options *o)
{
	char error[CAP_ERROR_SIZE];
	struct cap_options options;
	struct cap_reader *reader;
	enum cli_exit code = load_config(o);

	if (code != CLI_OK)
		return code;
	conf_capture_options(&o->config.settings, &options);
	if (conf_capture_open(o->input, &options, &reader, error) != CAP_OK) {
		cli_error("%s", error);
		return CLI_BROKEN;
	}
	code = with_reader(o, reader);
	cap_close(reader);
	return code;
}

int cmd_diff(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_config_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "A B",
		.doc = "Feed the same stimuli to the engines A and B and "
		       "compare what they send, up to the names that they "
		       "choose: outside ports and ICMP ids. \"masqcheck "
		       "engines\" lists what A and B may be; a capture is "
		       "capture:FILE, or capture:IN,OUT, a file for each "
		       "wire.\v"
		       "A recording is what is expected of the other; of two "
		       "engines or two recordings the first is. The stimuli "
		       "are written in the names of what is expected, and "
		       "translated for the other. The settings come from "
		       "NAME.conf beside the recording, or beside the "
		       "--input, if that exists.\n\n"
		       "Examples:\n"
		       "  masqcheck diff ref:linux-2.2 capture:router.pcap\n"
		       "  masqcheck diff ref:linux-2.2 "
		       "ref:linux-2.2-fixed -i in.pcap\n"
		       "  masqcheck diff --exact ref capture:golden.pcap\n\n"
		       "Equal: the map of names is printed, the witness. "
		       "Different: the first difference of each flow, with its "
		       "class, the clause behind it and the fields that "
		       "differ; \"masqcheck help classes\" lists the "
		       "classes. A line of a --waive file is a class (* and ? "
		       "as in a shell), an engine in brackets or nothing, and "
		       "a reason:\n"
		       "  field:ip.tos [netfilter*]  DSCP is rewritten\n\n"
		       "Exit codes: 0 equal; 1 different; 2 usage: an option, "
		       "engine or setting that cannot be; 3 an input is "
		       "broken, or an engine or a write failed.",
		.children = children,
	};
	struct options o = {.max_reports = 1, .max_violations = 10};
	enum cli_exit code;

	cli_config_init(&o.config);
	cli_parse(&argp, argc, argv, &o);
	code = run(&o);
	cli_config_cleanup(&o.config);
	return code;
}
