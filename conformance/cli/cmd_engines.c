/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_engines.c - masqcheck engines: what --engine may name, what can run */
#define _GNU_SOURCE /* argp */

#include <jansson.h>
#include <string.h>

#include "cli.h"
#include "conformance/registry.h"
#include "conformance/sabotage.h"
#include "help.h"

enum {
	OPT_JSON = 0x600,
	OPT_SABOTAGE,
};

struct engines_options {
	bool json, sabotage;
};

static const struct argp_option argp_options[] = {
	{.name = "json", .key = OPT_JSON, .doc = "As JSON"},
	{.name = "sabotage",
	 .key = OPT_SABOTAGE,
	 .doc = "List the faults that sabotage:FAULT may name"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct engines_options *o = state->input;

	(void)arg;
	switch (key) {
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_SABOTAGE:
		o->sabotage = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "no arguments are expected");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Can it run here? Else why says why not. */
static bool can_run(const struct conf_kind *kind, char why[CONF_ERROR_SIZE])
{
	why[0] = '\0';
	return kind->available == NULL || kind->available(why);
}

static void print_capabilities(FILE *stream, const struct conf_kind *kind)
{
	fputs("    can:    ", stream);
	if (kind->ops_of != NULL) {
		fputs("what each engine says (\"masqcheck doctor\" shows it)\n",
		      stream);
		return;
	}
	for (const struct conf_capability_name *n = conf_capability_names;
	     n->name != NULL; n++)
		if ((kind->ops->capabilities & n->bit) != 0)
			fprintf(stream, "%s ", n->name);
	fputs(kind->ops->capabilities == 0 ? "nothing but packets\n" : "\n",
	      stream);
}

static void count(void *ctx, const struct conf_sabotage *row)
{
	size_t *num = ctx;

	(void)row;
	++*num;
}

void cli_help_engines(FILE *stream)
{
	char why[CONF_ERROR_SIZE];
	size_t num = 0;

	conf_sabotage_each(count, &num);
	fputs("Engines, as --engine and diff take them:\n", stream);
	for (size_t i = 0; i < conf_num_kinds; i++) {
		const struct conf_kind *kind = &conf_kinds[i];
		bool runs = can_run(kind, why);

		fprintf(stream, "\n%s\n    %s\n", kind->address, kind->help);
		print_capabilities(stream, kind);
		if (kind->clock_note != NULL)
			fprintf(stream, "    but:    %s\n", kind->clock_note);
		fprintf(stream, "    here:   %s%s\n",
			runs ? "runs" : "cannot run: ", why);
		if (strcmp(kind->name, "sabotage") == 0)
			fprintf(stream, "    faults: %zu\n", num);
		if (kind->more != NULL)
			fprintf(stream, "    more:   %s\n", kind->more);
	}
	fputs("\nWhat an engine can:\n", stream);
	for (const struct conf_capability_name *n = conf_capability_names;
	     n->name != NULL; n++)
		fprintf(stream, "    %-10s %s\n", n->name, n->help);
}

static void print_fault(void *ctx, const struct conf_sabotage *row)
{
	fprintf(ctx, "\nsabotage:%s (%s)\n    %s\n", row->name, row->rule,
		row->text);
}

void cli_help_sabotage(FILE *stream)
{
	fputs("Faults: the reference engine with one known fault each, to "
	      "test the tests.\n",
	      stream);
	conf_sabotage_each(print_fault, stream);
}

/* ---- JSON -------------------------------------------------------------- */

static json_t *capabilities_json(const struct conf_kind *kind)
{
	json_t *list;

	if (kind->ops_of != NULL)
		return json_null();
	list = json_array();
	for (const struct conf_capability_name *n = conf_capability_names;
	     n->name != NULL; n++)
		if ((kind->ops->capabilities & n->bit) != 0)
			json_array_append_new(list, json_string(n->name));
	return list;
}

static void append_fault(void *ctx, const struct conf_sabotage *row)
{
	json_array_append_new(ctx,
			      json_pack("{ssssssss}", "name", row->name, "rule",
					row->rule, "text", row->text, "profile",
					row->profile));
}

static json_t *engines_json(void)
{
	json_t *list = json_array();
	char why[CONF_ERROR_SIZE];

	for (size_t i = 0; i < conf_num_kinds; i++) {
		const struct conf_kind *kind = &conf_kinds[i];
		bool runs = can_run(kind, why);

		json_array_append_new(
			list,
			json_pack("{sssssssosbss}", "name", kind->name,
				  "address", kind->address, "help", kind->help,
				  "capabilities", capabilities_json(kind),
				  "runs", runs ? 1 : 0, "why_not", why));
	}
	return list;
}

static enum cli_exit print_json(const struct engines_options *o)
{
	json_t *root = o->sabotage ? json_array() : engines_json();
	int failed;

	if (o->sabotage)
		conf_sabotage_each(append_fault, root);
	failed = json_dumpf(root, stdout, JSON_INDENT(2));
	json_decref(root);
	putchar('\n');
	if (failed == 0)
		return CLI_OK;
	cli_error("no memory for JSON, or it cannot be written");
	return CLI_BROKEN;
}

int cmd_engines(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.doc = "List the kinds of engine: how to name one, what it "
		       "can, and whether it runs here.\v"
		       "\"masqcheck doctor --engine ENGINE\" looks at one of "
		       "them.\n\n"
		       "Exit codes: 0 done; 2 usage; 3 a write failed.",
	};
	struct engines_options o = {.json = false};

	cli_parse(&argp, argc, argv, &o);
	if (o.json)
		return print_json(&o);
	if (o.sabotage)
		cli_help_sabotage(stdout);
	else
		cli_help_engines(stdout);
	return CLI_OK;
}
