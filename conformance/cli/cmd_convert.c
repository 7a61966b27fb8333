/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_convert.c - masqcheck convert: from a case to a capture and back
 *
 * The capture of a case has what the reference sends, with its ports. The
 * case of a capture states every octet of it.
 */
#define _GNU_SOURCE /* argp */

#include <stdlib.h>
#include <string.h>

#include "convert.h"

enum {
	OPT_ENGINE = 'e',
	OPT_ID = 'i',
	OPT_CLAUSE = 0x600,
};

static const struct argp_option argp_options[] = {
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "E",
	 .doc = "Whose results a capture gets, default ref"},
	{.name = "id",
	 .key = OPT_ID,
	 .arg = "ID",
	 .doc = "Which case of a file that holds several"},
	{.name = "clause",
	 .key = OPT_CLAUSE,
	 .arg = "ID",
	 .doc = "The clause that a case gets, default CAPTURE"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct convert_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		break;
	case OPT_ENGINE:
		o->engine = arg;
		break;
	case OPT_ID:
		o->id = arg;
		break;
	case OPT_CLAUSE:
		o->clause = arg;
		break;
	case ARGP_KEY_ARG:
		if (o->in == NULL)
			o->in = arg;
		else if (o->out == NULL)
			o->out = arg;
		else
			argp_error(state, "%s: one file in, one out", arg);
		break;
	case ARGP_KEY_END:
		if (o->out == NULL)
			argp_error(state, "expected two files");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static bool is_case(const char *path)
{
	size_t len = strlen(path);

	return len > 5 && strcmp(path + len - 5, ".case") == 0;
}

int cmd_convert(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_config_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "CASE.case OUT.pcap\nIN.pcap OUT.case",
		.doc = "Turn a case into a capture, played against the "
		       "reference, with its settings in OUT.conf; or a capture "
		       "into a case that states every octet.\v" CLI_EXIT_CODES,
		.children = children,
	};
	struct convert_options o = {.engine = "ref", .clause = "CAPTURE"};
	enum cli_exit code;

	cli_config_init(&o.config);
	cli_parse(&argp, argc, argv, &o);
	if (is_case(o.in) == is_case(o.out)) {
		cli_error("one of \"%s\" and \"%s\" must end in .case", o.in,
			  o.out);
		code = CLI_USAGE;
	} else {
		code = is_case(o.in) ? convert_case(&o) : convert_capture(&o);
	}
	cli_config_cleanup(&o.config);
	return code;
}
