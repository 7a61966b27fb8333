/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doctor.c - masqcheck doctor: is an engine fit to be tested? */
#define _GNU_SOURCE /* argp */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "doctor.h"
#include "values.h"

enum {
	OPT_ENGINE = 'e',
	OPT_JSON = 0x700,
	OPT_TIMEOUT,
};

struct doctor_options {
	struct doctor doctor;
	bool json;
	json_t *checks;      /* --json */
	json_t *can;         /* the same */
	unsigned int num[3]; /* by verdict */
};

static const char *const verdict_names[] = {"ok", "not ok", "skipped"};

static const struct argp_option argp_options[] = {
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "ENGINE",
	 .doc = "What is looked at; \"masqcheck engines\""},
	{.name = "timeout",
	 .key = OPT_TIMEOUT,
	 .arg = "SECONDS",
	 .doc = "An engine that needs longer for a packet hangs, default 10"},
	{.name = "json", .key = OPT_JSON, .doc = "As JSON"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct doctor_options *o = state->input;
	int64_t seconds;

	switch (key) {
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_TIMEOUT:
		if (conf_read_number(conf_text_of(arg), 1, 86400, &seconds))
			o->doctor.timeout = (uint32_t)seconds * 1000;
		else
			argp_error(state,
				   "--timeout: read \"%s\", expected 1..86400",
				   arg);
		break;
	case OPT_ENGINE:
	case ARGP_KEY_ARG:
		o->doctor.address = arg;
		break;
	case ARGP_KEY_END:
		if (o->doctor.address == NULL)
			argp_error(state, "no engine was named");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* A line of the list; detail lines below it where a case failed. */
static void print_line(const char *name, const char *what,
		       const struct doctor_report *r)
{
	const struct conf_outcome *o = &r->outcome;

	printf("  %-8s %-11s %s\n", verdict_names[r->verdict], name, what);
	if (r->text[0] != '\0')
		printf("%23s%s\n", "", r->text);
	if (r->verdict != DOCTOR_NOT_OK)
		return;
	if (o->what[0] != '\0')
		printf("%23sin:       %s\n", "", o->what);
	if (o->expected[0] != '\0')
		printf("%23sexpected: %s\n", "", o->expected);
	if (o->actual[0] != '\0')
		printf("%23sactual:   %s\n", "", o->actual);
}

static void add_line(struct doctor_options *o, const char *name,
		     const char *what, const struct doctor_report *r)
{
	o->num[r->verdict]++;
	if (!o->json) {
		print_line(name, what, r);
		fflush(stdout);
		return;
	}
	json_array_append_new(
		o->checks,
		json_pack("{ssssssss*ss*ss*}", "name", name, "verdict",
			  verdict_names[r->verdict], "what", what, "text",
			  r->text, "expected",
			  r->outcome.expected[0] != '\0' ? r->outcome.expected
							 : NULL,
			  "actual",
			  r->outcome.actual[0] != '\0' ? r->outcome.actual
						       : NULL));
}

/* The first check of all: does it open? Then what can it do? */
static enum cli_exit open_first(struct doctor_options *o, uint32_t *out_can,
				char name[CONF_ERROR_SIZE])
{
	const struct conf_config config = {.seed = o->doctor.seed,
					   .timeout = o->doctor.timeout};
	struct doctor_report report = {.verdict = DOCTOR_OK};
	struct conf_engine engine;
	enum conf_status status;
	size_t at;

	status = conf_engine_open(&engine, o->doctor.address, &config,
				  report.text);
	if (status != CONF_OK) {
		report.verdict = DOCTOR_NOT_OK;
		add_line(o, "open", "it opens, and its table is right",
			 &report);
		return conf_kind_find(o->doctor.address) == NULL ? CLI_USAGE
								 : CLI_BROKEN;
	}
	*out_can = engine.ops->capabilities;
	snprintf(name, CONF_ERROR_SIZE, "%s", engine.ops->name);
	at = (size_t)snprintf(report.text, sizeof(report.text),
			      "ABI %u, name \"%.60s\", can:",
			      engine.ops->abi_version, engine.ops->name);
	for (const struct conf_capability_name *n = conf_capability_names;
	     n->name != NULL; n++) {
		if ((*out_can & n->bit) == 0)
			continue;
		at += (size_t)snprintf(report.text + at,
				       sizeof(report.text) - at, " %s",
				       n->name);
		json_array_append_new(o->can, json_string(n->name));
	}
	if (*out_can == 0)
		snprintf(report.text + at, sizeof(report.text) - at,
			 " nothing but packets");
	add_line(o, "open", "it opens, and its table is right", &report);
	conf_engine_close(&engine);
	return CLI_OK;
}

static enum cli_exit check_all(struct doctor_options *o, uint32_t can)
{
	struct doctor_report *report = malloc(sizeof(*report));

	if (report == NULL) {
		cli_error("no memory for a report");
		return CLI_BROKEN;
	}
	for (size_t i = 0; i < doctor_num_checks; i++) {
		const struct doctor_check *check = &doctor_checks[i];

		memset(report, 0, sizeof(*report));
		if ((check->needs & ~can) != 0) {
			report->verdict = DOCTOR_SKIPPED;
			snprintf(report->text, sizeof(report->text),
				 "the engine does not say that it can");
		} else {
			check->run(&o->doctor, check, report);
		}
		add_line(o, check->name, check->what, report);
	}
	free(report);
	return o->num[DOCTOR_NOT_OK] > 0 ? CLI_DIFFERENT : CLI_OK;
}

/* What to do now, in one or two lines. */
static void print_next(const struct doctor_options *o, enum cli_exit code)
{
	const char *address = o->doctor.address;

	printf("\n%u ok, %u not ok, %u skipped\n", o->num[DOCTOR_OK],
	       o->num[DOCTOR_NOT_OK], o->num[DOCTOR_SKIPPED]);
	if (code == CLI_USAGE || code == CLI_BROKEN)
		printf("Next: make it open; conformance/engines/template/ is "
		       "one that does.\n");
	else if (code == CLI_DIFFERENT)
		printf("Next: mend what is not ok, from the top; then "
		       "masqcheck run --engine '%s'\n",
		       address);
	else
		printf("Next: masqcheck run --engine '%s'\n"
		       "      masqcheck baseline update FILE --engine '%s' "
		       "--reason TEXT\n",
		       address, address);
}

static enum cli_exit print_json(struct doctor_options *o, const char *name,
				enum cli_exit code)
{
	json_t *root = json_pack("{sssssososi}", "engine", o->doctor.address,
				 "name", name, "can", o->can, "checks",
				 o->checks, "exit", (int)code);
	int failed = root == NULL ? -1
				  : json_dumpf(root, stdout, JSON_INDENT(2));

	json_decref(root);
	putchar('\n');
	if (failed == 0)
		return code;
	cli_error("no memory for JSON, or it cannot be written");
	return CLI_BROKEN;
}

int cmd_doctor(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "ENGINE",
		.doc = "Look whether an engine keeps the contract: its table, "
		       "a few exchanges, reset, determinism, broken packets, "
		       "and that it can what it says.\v"
		       "Examples:\n"
		       "  masqcheck doctor ./mynat.so\n"
		       "  masqcheck doctor --engine 'exec:perl nat.pl'\n\n"
		       "Exit codes: 0 all is ok; 1 something is not; 2 usage: "
		       "there is no such engine; 3 the engine cannot be "
		       "opened.",
	};
	struct doctor_options o = {.doctor = {.seed = 1}};
	char name[CONF_ERROR_SIZE] = "";
	uint32_t can = 0;
	enum cli_exit code;

	cli_parse(&argp, argc, argv, &o);
	o.checks = json_array();
	o.can = json_array();
	if (!o.json)
		printf("%s\n", o.doctor.address);
	code = open_first(&o, &can, name);
	if (code == CLI_OK)
		code = check_all(&o, can);
	if (o.json)
		return print_json(&o, name, code);
	print_next(&o, code);
	json_decref(o.checks);
	json_decref(o.can);
	return code;
}
