/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_list.c - masqcheck list: the cases, or the clauses that they prove */
#define _GNU_SOURCE /* argp */

#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "reports/table.h"

#include "run.h"

enum {
	OPT_JSON = 0x500,
	OPT_CLAUSES,
	OPT_LONG = 'l',
};

struct list_options {
	struct cli_cases cases;
	bool json, clauses, titles;
};

static const struct argp_option argp_options[] = {
	{.name = "long", .key = OPT_LONG, .doc = "With level and title"},
	{.name = "json", .key = OPT_JSON, .doc = "As JSON"},
	{.name = "clauses",
	 .key = OPT_CLAUSES,
	 .doc = "The clauses, and how many cases cite each"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct list_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->cases;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_CLAUSES:
		o->clauses = true;
		break;
	case OPT_LONG:
		o->titles = true;
		break;
	case ARGP_KEY_ARG:
		if (!cli_cases_pattern(&o->cases, arg))
			argp_failure(state, CLI_BROKEN, 0, "no memory");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void put_json(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void put_pair(const char *key, const char *value, const char *end)
{
	put_json(key);
	printf(": ");
	put_json(value);
	printf("%s", end);
}

static void put_case(const struct conf_suite_case *c)
{
	const struct conf_cited *cited;
	size_t num = conf_case_clauses(c->c, &cited);

	printf("  {");
	put_pair("id", c->id, ", ");
	put_pair("title", conf_case_title(c->c), ", ");
	put_pair("level", c->level, ", ");
	put_pair("file", conf_case_file(c->c), ", \"clauses\": [");
	for (size_t i = 0; i < num; i++) {
		printf("%s", i > 0 ? ", " : "");
		put_json(cited[i].id);
	}
	printf("], \"needs\": [");
	for (size_t i = 0; conf_case_need(c->c, i) != NULL; i++) {
		printf("%s", i > 0 ? ", " : "");
		put_json(conf_case_need(c->c, i));
	}
	printf("]}");
}

static bool list_cases(const struct list_options *o)
{
	struct rep_table table;
	bool good = true;

	rep_table_init(&table, "lll");
	if (o->json)
		printf("[\n");
	for (size_t i = 0; i < o->cases.num_selected; i++) {
		const struct conf_suite_case *c = o->cases.selected[i];
		const char *cells[3] = {c->id, c->level, conf_case_title(c->c)};

		if (o->json) {
			put_case(c);
			printf("%s\n",
			       i + 1 < o->cases.num_selected ? "," : "");
		} else if (o->titles) {
			rep_table_row(&table, cells);
		} else {
			puts(c->id);
		}
	}
	if (o->json)
		printf("]\n");
	if (o->titles && !o->json)
		good = rep_table_print(&table, stdout, 0);
	rep_table_cleanup(&table);
	return good;
}

static size_t count_citing(const struct list_options *o, const char *id)
{
	size_t num = 0;

	for (size_t i = 0; i < o->cases.num_selected; i++) {
		const struct conf_cited *cited;
		size_t n = conf_case_clauses(o->cases.selected[i]->c, &cited);

		for (size_t k = 0; k < n; k++)
			num += strcmp(cited[k].id, id) == 0;
	}
	return num;
}

/* The column holds "no", or "no" and the reason in brackets. */
static bool is_untestable(const struct conf_clause *c)
{
	return strcmp(c->testable, "no") == 0 ||
	       strncmp(c->testable, "no (", 4) == 0;
}

/* What the cases say about a clause. */
static const char *state_of(const struct conf_clause *c, size_t num)
{
	if (num > 0)
		return "covered";
	return is_untestable(c) ? "not testable" : "not covered";
}

static bool list_clauses(const struct list_options *o)
{
	const struct conf_suite *suite = &o->cases.suite;
	struct rep_table table;
	bool good;

	rep_table_init(&table, "lrlll");
	if (o->json)
		printf("[\n");
	for (size_t i = 0; i < suite->num_clauses; i++) {
		const struct conf_clause *c = &suite->clauses[i];
		char number[24];
		size_t num = count_citing(o, c->id);
		const char *state = state_of(c, num);
		const char *cells[5] = {c->id, number, state, c->level,
					c->statement};

		snprintf(number, sizeof(number), "%zu", num);
		if (!o->json) {
			rep_table_row(&table, cells);
			continue;
		}
		printf("  {");
		put_pair("id", c->id, ", ");
		put_pair("level", c->level, ", ");
		put_pair("testable", c->testable, ", ");
		put_pair("statement", c->statement, ", ");
		put_pair("source", c->source, ", ");
		put_pair("state", state, ", ");
		printf("\"cases\": %s}%s\n", number,
		       i + 1 < suite->num_clauses ? "," : "");
	}
	if (o->json)
		printf("]\n");
	good = o->json || rep_table_print(&table, stdout, 0);
	rep_table_cleanup(&table);
	return good;
}

int cmd_list(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_cases_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[PATTERN...]",
		.doc = "List the ids of the cases that a PATTERN selects, or "
		       "all.\v"
		       "Exit codes: 0 done; 2 usage, or a case that cannot be "
		       "read; 3 a write failed; 4 no case was selected.",
		.children = children,
	};
	struct list_options o = {.json = false};
	enum cli_exit code;

	cli_parse(&argp, argc, argv, &o);
	code = cli_cases_load(&o.cases, false);
	if (code == CLI_OK && o.cases.num_selected == 0) {
		cli_error("no case was selected");
		code = (enum cli_exit)RUN_NOTHING;
	} else if (code == CLI_OK &&
		   !(o.clauses ? list_clauses(&o) : list_cases(&o))) {
		cli_error("no memory for the list");
		code = CLI_BROKEN;
	}
	cli_cases_cleanup(&o.cases);
	return code;
}
