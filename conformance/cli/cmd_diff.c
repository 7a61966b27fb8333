/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_diff.c - masqcheck diff: its options, and the order of things */
#define _GNU_SOURCE /* argp */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
	OPT_NO_PROFILE,
	OPT_JSON,
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
		"\"CLASS [ENGINE] {INPUT} reason\""},
	{.name = "no-profile",
	 .key = OPT_NO_PROFILE,
	 .doc = "Report also what is known of a peer such as netfilter"},
	{.name = "json",
	 .key = OPT_JSON,
	 .doc = "Write one JSON object: verdict, differences, map, waivers"},
	{0},
};

static void take_max(struct argp_state *state, struct diff_options *o,
		     const char *arg)
{
	int64_t number;

	if (conf_read_number(conf_text_of(arg), 0, INT64_MAX / 16, &number)) {
		o->max_reports = o->max_violations = (uint64_t)number;
		o->has_max = true;
	} else
		argp_error(state, "--max: read \"%s\", expected a number", arg);
}

static bool is_many(const struct diff_options *o)
{
	return o->num_files + o->cases.num_patterns > 0;
}

static void check_many(struct argp_state *state, const struct diff_options *o)
{
	if (o->input != NULL)
		argp_error(state, "--input is for one, INPUT... for many");
	if (o->table || o->check)
		argp_error(state, "--table and --check are for one input");
	for (unsigned int i = 0; i < 2; i++)
		if (conf_capture_path(o->address[i]) != NULL)
			argp_error(state,
				   "%s has its own stimuli; name "
				   "engines with INPUT...",
				   o->address[i]);
}

static void take_input(struct argp_state *state, struct diff_options *o,
		       const char *arg)
{
	const char **files;
	struct stat st;

	if (!cli_cases_is_file(arg) &&
	    (stat(arg, &st) != 0 || !S_ISDIR(st.st_mode))) {
		if (!cli_cases_pattern(&o->cases, arg))
			argp_failure(state, CLI_BROKEN, 0, "no memory");
		return;
	}
	files = realloc(o->files, (o->num_files + 1) * sizeof(*files));
	if (files == NULL)
		argp_failure(state, CLI_BROKEN, 0, "no memory");
	o->files = files;
	o->files[o->num_files++] = arg;
}

static void check(struct argp_state *state, struct diff_options *o)
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
	if (is_many(o)) {
		check_many(state, o);
		return;
	}
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
	struct diff_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		state->child_inputs[1] = &o->cases;
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
	case OPT_NO_PROFILE:
		o->no_profile = true;
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
			take_input(state, o, arg);
		else
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

static enum cli_exit with_reader(const struct diff_options *o,
				 struct cap_reader *reader)
{
	const struct conf_settings *settings = &o->config.settings;
	struct cli_diff diff = {
		.reader = reader,
		.input = o->input,
		.max_reports = o->max_reports,
		.compare_table = o->table,
		.all = o->all,
		.json = o->json,
	};
	enum cli_exit code;

	rep_term_init(&diff.term, stdout, o->config.color);
	code = cli_diff_open(&diff, o, &o->config.config, settings);
	if (code == CLI_OK)
		code = cli_diff_read_waivers(&diff, o);
	if (code == CLI_OK)
		code = cli_diff_begin(&diff, o, settings);
	if (code == CLI_OK)
		code = cli_diff_run(&diff);
	cli_diff_cleanup(&diff);
	return code;
}

/* The sidecar of the recording speaks for both. */
static enum cli_exit load_config(struct diff_options *o)
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

static enum cli_exit run(struct diff_options *o)
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
		{.argp = &cli_cases_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "A B [INPUT...]",
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
		       "Many INPUTs are taken one after the other, each with "
		       "fresh engines: the id of a case or a pattern of ids "
		       "(* is all), a file that ends in .case or .pcap, a "
		       "folder of those. The stimuli of a case are those that "
		       "it has for what is expected. What an engine cannot be "
		       "set up for is left out, and counted.\n\n"
		       "Examples:\n"
		       "  masqcheck diff ref:linux-2.2 capture:router.pcap\n"
		       "  masqcheck diff ref:linux-2.2 "
		       "ref:linux-2.2-fixed -i in.pcap\n"
		       "  masqcheck diff --exact ref capture:golden.pcap\n"
		       "  masqcheck diff ref:linux-2.2-fixed netfilter '*' "
		       "pcaps/linux-2.2.26\n\n"
		       "Equal: the map of names is printed, the witness. "
		       "Different: the first difference of each flow, with its "
		       "class, the clause behind it and the fields that "
		       "differ; \"masqcheck help classes\" lists the "
		       "classes. A line of a --waive file is a class (* and ? "
		       "as in a shell), or a class and a kind of packet; an "
		       "engine in brackets or nothing, from whose side it is "
		       "told; inputs in braces or nothing; and a reason:\n"
		       "  extra-packet:own-reset [netfilter*] {linux22/*} it "
		       "answers strangers\n\n"
		       "Exit codes: 0 equal; 1 different; 2 usage: an option, "
		       "engine or setting that cannot be; 3 an input is "
		       "broken, or an engine or a write failed; 4 nothing to "
		       "compare, or an engine cannot run here.",
		.children = children,
	};
	struct diff_options o = {.max_reports = 1, .max_violations = 10};
	enum cli_exit code;

	cli_config_init(&o.config);
	cli_parse(&argp, argc, argv, &o);
	code = is_many(&o) ? cli_diff_many(&o) : run(&o);
	cli_config_cleanup(&o.config);
	cli_cases_cleanup(&o.cases);
	free(o.files);
	return code;
}
