/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_explain.c - masqcheck explain: what a case proves, and its packets */
#define _GNU_SOURCE /* argp */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "conformance/run.h"
#include "run.h"

#define WIDTH 62

struct explain {
	const struct conf_case *c;
	uint64_t start;
	bool started;
	unsigned int num;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->cases;
		break;
	case 'e':
		o->engine = arg;
		break;
	case ARGP_KEY_ARG:
		if (!cli_cases_pattern(&o->cases, arg))
			argp_failure(state, CLI_BROKEN, 0, "no memory");
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no case was named");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* A line of the picture: inside on the left, outside on the right. */
static void on_packet(void *ctx, enum conf_seen_kind kind,
		      const struct conf_packet *packet)
{
	struct explain *e = ctx;
	bool inside = packet->side == CONF_INSIDE;
	bool right = inside == (kind == CONF_SEEN_STIMULUS);
	char words[1024], cell[1040];

	if (kind == CONF_SEEN_EXPECTED)
		return;
	if (!e->started)
		e->start = packet->now;
	e->started = true;
	(void)conf_case_words(e->c, packet->data, packet->len, false, words,
			      sizeof(words));
	snprintf(cell, sizeof(cell), "%s %s", right ? "-->" : "<--", words);
	printf("  %9.3f  %-*s|%s%s\n", (double)(packet->now - e->start) / 1e9,
	       WIDTH, inside ? cell : "", inside ? "" : " ",
	       inside ? "" : cell);
}

static void print_clauses(const struct conf_suite *suite,
			  const struct conf_suite_case *c)
{
	const struct conf_cited *cited;
	size_t num = conf_case_clauses(c->c, &cited);

	for (size_t i = 0; i < num; i++) {
		const struct conf_clause *clause =
			conf_clause_find(suite, cited[i].id);

		if (clause != NULL)
			printf("%s (%s; %s)\n    %s\n", clause->id,
			       clause->level, clause->source,
			       clause->statement);
		else
			printf("%s (%s)\n    a rule of the Linux 2.2 "
			       "specification\n",
			       cited[i].id,
			       conf_clause_is_linux22(cited[i].id) ? "LINUX22"
								   : "?");
	}
}

static void print_settings(const struct conf_case *c)
{
	struct conf_config config;

	conf_case_config(c, &config);
	for (size_t i = 0; i < config.num_settings; i++)
		printf("%s%s = %s\n", i == 0 ? "\nThe router:\n    " : "    ",
		       config.settings[i].key, config.settings[i].value);
	for (size_t i = 0; conf_case_need(c, i) != NULL; i++)
		printf("%s%s", i == 0 ? "\nNeeds: " : " ",
		       conf_case_need(c, i));
	if (conf_case_need(c, 0) != NULL)
		printf("\n");
}

static enum cli_exit explain(const struct run_options *o,
			     const struct conf_suite_case *c)
{
	struct explain e = {.c = c->c};
	struct conf_engine engine;
	struct conf_player player = {
		.engine = &engine,
		.seen = on_packet,
		.ctx = &e,
		.invariants = true,
	};
	struct conf_outcome outcome;
	struct conf_config config;
	char error[CONF_ERROR_SIZE];

	printf("%s\n    %s\n    %s\n\n", c->id, conf_case_title(c->c),
	       conf_case_file(c->c));
	print_clauses(&o->cases.suite, c);
	print_settings(c->c);
	conf_case_config(c->c, &config);
	if (conf_engine_open(&engine, o->engine, &config, error) != CONF_OK) {
		printf("\n%s cannot play it: %s\n", o->engine, error);
		return CLI_OK;
	}
	printf("\nThe packets, as %s sends them:\n  %9s  %-*s| outside\n",
	       o->engine, "seconds", WIDTH, "inside");
	conf_play(&player, c->c, &outcome);
	printf("\n%s: %s%s%s\n", o->engine, rep_verdict_name(outcome.verdict),
	       outcome.reason[0] != '\0' ? ", " : "", outcome.reason);
	conf_engine_close(&engine);
	return CLI_OK;
}

int cmd_explain(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{.name = "engine",
		 .key = 'e',
		 .arg = "E",
		 .doc = "Whose packets are shown, default ref"},
		{0},
	};
	static const struct argp_child children[] = {
		{.argp = &cli_cases_argp},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "ID...",
		.doc = "Explain cases: the clauses that they prove, with their "
		       "sentences and sources, the settings, and the packets "
		       "as a picture.\v"
		       "Exit codes: 0 done; 2 usage, or a case that cannot be "
		       "read; 4 no case was selected.",
		.children = children,
	};
	struct run_options o = {.engine = "ref"};
	enum cli_exit code;

	cli_parse(&argp, argc, argv, &o);
	code = cli_cases_load(&o.cases, false);
	if (code == CLI_OK && o.cases.num_selected == 0) {
		cli_error("no case was selected");
		code = (enum cli_exit)RUN_NOTHING;
	}
	for (size_t i = 0; code == CLI_OK && i < o.cases.num_selected; i++) {
		printf("%s", i > 0 ? "\n\n" : "");
		code = explain(&o, o.cases.selected[i]);
	}
	cli_cases_cleanup(&o.cases);
	return code;
}
