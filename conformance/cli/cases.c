/* SPDX-License-Identifier: Apache-2.0 */
/* cases.c - the options that say which cases, and finding them */
#define _GNU_SOURCE /* argp */

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cases.h"

enum {
	OPT_CASES = 0x300,
	OPT_SKIP,
	OPT_LEVEL,
};

static const struct argp_option options[] = {
	{.name = NULL, .doc = "Which cases:", .group = 1},
	{.name = "cases",
	 .key = OPT_CASES,
	 .arg = "DIR",
	 .doc = "Where they are, in place of $MASQCHECK_CASES and those that "
		"came with the program"},
	{.name = "skip",
	 .key = OPT_SKIP,
	 .arg = "PATTERN",
	 .doc = "Leave these out. May be repeated"},
	{.name = "level",
	 .key = OPT_LEVEL,
	 .arg = "LEVEL",
	 .doc = "must: only what must or must not be; should: and what should; "
		"may: and what may be; linux22: only the rules of Linux 2.2"},
	{0},
};

static bool append(const char ***list, size_t *num, const char *item)
{
	const char **grown = realloc(*list, (*num + 1) * sizeof(*grown));

	if (grown == NULL)
		return false;
	*list = grown;
	grown[(*num)++] = item;
	return true;
}

static bool is_level(const char *text)
{
	return strcmp(text, "must") == 0 || strcmp(text, "should") == 0 ||
	       strcmp(text, "may") == 0 || strcmp(text, "linux22") == 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct cli_cases *cases = state->input;

	switch (key) {
	case OPT_CASES:
		cases->dir = arg;
		break;
	case OPT_SKIP:
		if (!append(&cases->skips, &cases->num_skips, arg))
			argp_failure(state, CLI_BROKEN, 0, "no memory");
		break;
	case OPT_LEVEL:
		if (!is_level(arg))
			argp_error(state,
				   "--level: read \"%s\", expected must, "
				   "should, may or linux22",
				   arg);
		cases->level = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp cli_cases_argp = {.options = options, .parser = parse};

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len > n && strcmp(text + len - n, end) == 0;
}

bool cli_cases_is_file(const char *name)
{
	return ends_in(name, ".case") || ends_in(name, ".pcap") ||
	       ends_in(name, ".pcapng");
}

bool cli_cases_pattern(struct cli_cases *cases, const char *pattern)
{
	return append(&cases->patterns, &cases->num_patterns, pattern);
}

/* How far from a must: 0 must, 1 should, 2 may, 3 what only describes. */
static unsigned int rank_of(const char *level)
{
	if (strncasecmp(level, "must", 4) == 0)
		return 0;
	if (strncasecmp(level, "should", 6) == 0)
		return 1;
	return strncasecmp(level, "may", 3) == 0 ? 2 : 3;
}

static bool level_fits(const struct cli_cases *cases, const char *level)
{
	if (cases->level == NULL)
		return true;
	if (strcmp(cases->level, "linux22") == 0)
		return strcmp(level, "LINUX22") == 0;
	return rank_of(level) <= rank_of(cases->level);
}

static bool matches(const char *const *patterns, size_t num, const char *id)
{
	for (size_t i = 0; i < num; i++)
		if (conf_glob(patterns[i], id))
			return true;
	return false;
}

static const char *find_folder(const struct cli_cases *cases)
{
	static const char *const places[] = {MASQCHECK_CASES_SOURCE,
					     MASQCHECK_CASES_INSTALLED};
	const char *named = getenv("MASQCHECK_CASES");

	if (cases->dir != NULL)
		return cases->dir;
	if (named != NULL && named[0] != '\0')
		return named;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return places[0];
}

enum cli_exit cli_cases_load(struct cli_cases *cases, bool all)
{
	char error[CONF_ERROR_SIZE];
	const char *dir = find_folder(cases);
	enum conf_status status;

	status = conf_suite_load(&cases->suite, dir, cases->patterns,
				 all ? 0 : cases->num_patterns, error);
	if (status != CONF_OK) {
		cli_error("%s", error);
		return status == CONF_ERR_CONFIG || cases->dir != NULL
			       ? CLI_USAGE
			       : CLI_BROKEN;
	}
	cases->path = strdup(dir);
	cases->selected = calloc(cases->suite.num_cases + 1,
				 sizeof(*cases->selected));
	if (cases->selected == NULL || cases->path == NULL) {
		cli_error("no memory for the cases");
		return CLI_BROKEN;
	}
	for (size_t i = 0; i < cases->suite.num_cases; i++) {
		const struct conf_suite_case *c = &cases->suite.cases[i];

		if ((cases->num_patterns == 0 ||
		     matches(cases->patterns, cases->num_patterns, c->id)) &&
		    !matches(cases->skips, cases->num_skips, c->id) &&
		    level_fits(cases, c->level))
			cases->selected[cases->num_selected++] = c;
	}
	return CLI_OK;
}

void cli_cases_cleanup(struct cli_cases *cases)
{
	conf_suite_cleanup(&cases->suite);
	free(cases->patterns);
	free(cases->skips);
	free(cases->selected);
	free(cases->path);
}
