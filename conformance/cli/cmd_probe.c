/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_probe.c - masqcheck probe: what kind of NAT is it? */
#define _GNU_SOURCE /* argp */

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/play.h"
#include "conformance/probe.h"
#include "config.h"
#include "reports/progress.h"

#define MAX_WORDS 16384u

enum {
	OPT_ENGINE = 'e',
	OPT_JSON = 0x800,
	OPT_EVIDENCE,
	OPT_TIMERS,
	OPT_REAL_TIME,
	OPT_LIST,
};

struct options {
	struct cli_config config;
	struct conf_probe probe;
	bool json, evidence, list;
	struct rep_term term;
	struct rep_progress progress;
	uint64_t num;
	char group[32]; /* of the last fact that was printed */
	json_t *facts;  /* with --json */
	bool failed;    /* no memory */
};

static volatile sig_atomic_t interrupted;

static const struct argp_option argp_options[] = {
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "E",
	 .doc = "The engine, default ref"},
	{.name = "evidence",
	 .key = OPT_EVIDENCE,
	 .doc = "Print the packets that each answer rests on"},
	{.name = "json",
	 .key = OPT_JSON,
	 .doc = "Print an object for tools, with all packets"},
	{.name = "list", .key = OPT_LIST, .doc = "List the questions"},
	{.name = "timers", .key = OPT_TIMERS, .doc = "Only the timers"},
	{.name = "real-time",
	 .key = OPT_REAL_TIME,
	 .doc = "Measure timers of an engine without a virtual clock by "
		"waiting: this takes hours"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		break;
	case OPT_ENGINE:
		o->probe.engine = arg;
		break;
	case OPT_EVIDENCE:
		o->evidence = true;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_LIST:
		o->list = true;
		break;
	case OPT_TIMERS:
		o->probe.pattern = "timers.*";
		break;
	case OPT_REAL_TIME:
		o->probe.real_time = true;
		break;
	case ARGP_KEY_ARG:
		if (o->probe.pattern != NULL)
			argp_error(state, "%s: one pattern is enough", arg);
		o->probe.pattern = arg;
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

static const char *side_of(const struct conf_probe_packet *e)
{
	return e->side == CONF_INSIDE ? "inside" : "outside";
}

static const char *words_of(const struct conf_probe_packet *e,
			    char out[MAX_WORDS])
{
	(void)conf_case_words(NULL, e->data, e->len, false, out, MAX_WORDS);
	return out;
}

static void print_evidence(const struct conf_fact *fact)
{
	static char words[MAX_WORDS];

	for (size_t i = 0; i < fact->num_evidence; i++) {
		const struct conf_probe_packet *e = &fact->evidence[i];

		printf("    %6" PRIu64 ".%03" PRIu64 " %-7s %-5s %s\n",
		       e->now / 1000000000, e->now / 1000000 % 1000, side_of(e),
		       e->is_result ? "gets" : "sends", words_of(e, words));
	}
	if (fact->num_evidence == CONF_PROBE_EVIDENCE)
		puts("           ...");
}

static void print_fact(struct options *o, const struct conf_fact *fact)
{
	size_t len = strcspn(fact->id, ".");
	const char *value = fact->value[0] != '\0' ? fact->value : "not asked";

	if (strncmp(o->group, fact->id, len + 1) != 0) {
		snprintf(o->group, sizeof(o->group), "%.*s.", (int)len,
			 fact->id);
		printf("%s%s%.*s%s\n", o->num > 1 ? "\n" : "",
		       rep_begin(&o->term, REP_STRONG), (int)len, fact->id,
		       rep_end(&o->term, REP_STRONG));
	}
	printf("  %-36s %s", fact->title, value);
	if (fact->detail[0] != '\0')
		printf(" (%s)", fact->detail);
	printf("  %s%s%s\n", rep_begin(&o->term, REP_FAINT), fact->clause,
	       rep_end(&o->term, REP_FAINT));
	if (o->evidence)
		print_evidence(fact);
}

static json_t *json_evidence(const struct conf_fact *fact)
{
	static char words[MAX_WORDS];
	json_t *list = json_array();

	for (size_t i = 0; i < fact->num_evidence; i++) {
		const struct conf_probe_packet *e = &fact->evidence[i];

		(void)json_array_append_new(
			list,
			json_pack("{s:I,s:s,s:s,s:s}", "time_ns",
				  (json_int_t)e->now, "side", side_of(e),
				  "kind", e->is_result ? "result" : "stimulus",
				  "packet", words_of(e, words)));
	}
	return list;
}

static void add_json(struct options *o, const struct conf_fact *fact)
{
	json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "id", fact->id,
				   "title", fact->title, "clause", fact->clause,
				   "value", fact->value, "detail", fact->detail,
				   "evidence", json_evidence(fact));

	if (json_array_append_new(o->facts, object) != 0)
		o->failed = true;
}

static void on_fact(void *ctx, const struct conf_fact *fact)
{
	struct options *o = ctx;

	o->num++;
	rep_progress_clear(&o->progress);
	if (o->json)
		add_json(o, fact);
	else
		print_fact(o, fact);
	rep_progress_step(&o->progress, o->num, conf_probe_num());
}

static enum cli_exit print_json(struct options *o)
{
	json_t *all = json_pack("{s:s,s:i,s:O}", "engine", o->probe.engine,
				"format", 1, "facts", o->facts);
	bool good = all != NULL && !o->failed;

	if (good && json_dumpf(all, stdout, JSON_INDENT(2)) == 0)
		putchar('\n');
	json_decref(all);
	if (good)
		return CLI_OK;
	cli_error("no memory for the answers");
	return CLI_BROKEN;
}

static enum cli_exit run(struct options *o)
{
	enum cli_exit code = cli_config_load(&o->config, NULL);
	char error[CONF_ERROR_SIZE];
	enum conf_status status;

	if (code != CLI_OK)
		return code;
	o->probe.config = &o->config.config;
	o->probe.interrupted = &interrupted;
	o->probe.found = on_fact;
	o->probe.ctx = o;
	o->facts = json_array();
	rep_term_init(&o->term, stdout, o->config.color);
	rep_progress_init(&o->progress, stderr, "probe");
	(void)sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt},
			NULL);
	status = conf_probe_run(&o->probe, error);
	rep_progress_clear(&o->progress);
	if (o->json && status == CONF_OK)
		code = print_json(o);
	json_decref(o->facts);
	if (status != CONF_OK) {
		cli_error("%s", error);
		return cli_config_exit(&o->config, status, error);
	}
	if (code == CLI_OK && interrupted != 0)
		return CLI_INTERRUPTED;
	if (o->num == 0) {
		cli_error("no question is called \"%s\"; --list lists them",
			  o->probe.pattern);
		return CLI_NOTHING;
	}
	return code;
}

int cmd_probe(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_config_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[PATTERN]",
		.doc = "Find out what kind of NAT an engine is, by packets "
		       "alone, in the terms of RFC 4787, 5382 and 5508.\v"
		       "PATTERN selects questions: \"filtering.*\", \"ip.ttl\". "
		       "Every question is asked of a fresh engine.\n\n"
		       "Examples:\n"
		       "  masqcheck probe --engine ./libmynat.so\n"
		       "  masqcheck probe --engine ref --evidence 'mapping.*'\n"
		       "  masqcheck probe --engine ref:linux-2.2 --json "
		       ">facts.json\n\n"
		       "Exit codes: 0 done; 2 usage: an option, engine or "
		       "setting that cannot be; 3 the engine failed; 4 no such "
		       "question; 130 interrupted.",
		.children = children,
	};
	struct options o = {.probe = {.engine = "ref"}};
	enum cli_exit code = CLI_OK;

	cli_config_init(&o.config);
	cli_parse(&argp, argc, argv, &o);
	if (o.list)
		for (size_t i = 0; i < conf_probe_num(); i++)
			puts(conf_probe_id(i));
	else
		code = run(&o);
	cli_config_cleanup(&o.config);
	return code;
}
