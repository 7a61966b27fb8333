/* SPDX-License-Identifier: Apache-2.0 */
/* clauses.c - the table of clauses */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/clauses.h"
#include "run/file.h"

#define NUM_COLUMNS 5u

const struct conf_clause *conf_clause_find(const struct conf_suite *suite,
					   const char *id)
{
	for (size_t i = 0; i < suite->num_clauses; i++)
		if (strcmp(suite->clauses[i].id, id) == 0)
			return &suite->clauses[i];
	return NULL;
}

/* Cuts a line into its columns, in place. */
static bool cut(char *line, struct conf_clause *out)
{
	char *columns[NUM_COLUMNS];

	for (unsigned int i = 0; i < NUM_COLUMNS; i++) {
		char *tab = strchr(line, '\t');

		columns[i] = line;
		if (tab == NULL && i + 1 < NUM_COLUMNS)
			return false;
		if (tab != NULL) {
			*tab = '\0';
			line = tab + 1;
		}
	}
	*out = (struct conf_clause){columns[0], columns[1], columns[2],
				    columns[3], columns[4]};
	return true;
}

static bool add(struct conf_suite *suite, const struct conf_clause *clause)
{
	struct conf_clause *grown = realloc(
		suite->clauses, (suite->num_clauses + 1) * sizeof(*grown));

	if (grown == NULL)
		return false;
	suite->clauses = grown;
	grown[suite->num_clauses++] = *clause;
	return true;
}

bool run_clauses_read(struct conf_suite *suite, const char *dir,
		      char error[CONF_ERROR_SIZE])
{
	size_t size = strlen(dir) + 20, len;
	char *path = malloc(size), *line;
	unsigned int number = 0;
	FILE *there;

	if (path == NULL)
		return false;
	snprintf(path, size, "%s/clauses.tsv", dir);
	there = fopen(path, "rb");
	if (there == NULL) {
		free(path);
		return true;
	}
	fclose(there);
	suite->clause_text = run_read_file(path, &len, error);
	line = suite->clause_text;
	while (line != NULL && *line != '\0') {
		char *end = strchr(line, '\n');
		struct conf_clause clause;

		number++;
		if (end != NULL)
			*end = '\0';
		if (*line != '#' && strncmp(line, "id\t", 3) != 0 &&
		    (!cut(line, &clause) || !add(suite, &clause))) {
			snprintf(error, CONF_ERROR_SIZE,
				 "%.300s:%u:1: expected five columns: id, "
				 "level, testable, statement, source",
				 path, number);
			free(path);
			return false;
		}
		line = end != NULL ? end + 1 : NULL;
	}
	free(path);
	return suite->clause_text != NULL;
}

bool run_clauses_apply(const struct conf_suite *suite,
		       struct conf_suite_case *out, char error[CONF_ERROR_SIZE])
{
	const struct conf_cited *cited;
	size_t num = conf_case_clauses(out->c, &cited);

	out->level = out->sentence = out->source = "";
	for (size_t i = 0; i < num; i++) {
		const struct conf_clause *clause =
			conf_clause_find(suite, cited[i].id);
		bool linux22 = conf_clause_is_linux22(cited[i].id);
		bool capture = strcmp(cited[i].id, "CAPTURE") == 0;

		if (clause == NULL && !linux22 && !capture &&
		    suite->num_clauses > 0) {
			snprintf(error, CONF_ERROR_SIZE,
				 "%.200s:%u:%u: read \"%.60s\", expected a "
				 "clause of clauses.tsv or a rule of Linux 2.2",
				 conf_case_file(out->c), cited[i].line,
				 cited[i].column, cited[i].id);
			return false;
		}
		if (i > 0)
			continue;
		if (clause != NULL) {
			out->level = clause->level;
			out->sentence = clause->statement;
			out->source = clause->source;
		} else if (linux22) {
			out->level = "LINUX22";
		}
	}
	return true;
}
