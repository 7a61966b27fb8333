/* SPDX-License-Identifier: Apache-2.0 */
/* clauses.c - the tables of clauses */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/clauses.h"
#include "run/file.h"

#define NUM_COLUMNS 5u

/* RFCs, and the rules of Linux 2.2. */
static const char *const tables[CONF_NUM_TABLES] = {"clauses.tsv", "rules.tsv"};

static int by_id(const void *a, const void *b)
{
	const struct conf_clause *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

const struct conf_clause *conf_clause_find(const struct conf_suite *suite,
					   const char *id)
{
	size_t low = 0, high = suite->num_clauses;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(suite->clauses_by_id[mid]->id, id);

		if (order == 0)
			return suite->clauses_by_id[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
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
	size_t max = suite->max_clauses > 0 ? suite->max_clauses * 2 : 512;
	struct conf_clause *grown;

	if (suite->num_clauses == suite->max_clauses) {
		grown = realloc(suite->clauses, max * sizeof(*grown));
		if (grown == NULL)
			return false;
		suite->clauses = grown;
		suite->max_clauses = max;
	}
	suite->clauses[suite->num_clauses++] = *clause;
	return true;
}

/* The lines of a table, which are cut in place. */
static bool read_lines(struct conf_suite *suite, char *text, const char *path,
		       char error[CONF_ERROR_SIZE])
{
	unsigned int number = 0;
	char *line = text;

	while (line != NULL && *line != '\0') {
		char *end = strchr(line, '\n');
		struct conf_clause clause;

		number++;
		if (end != NULL)
			*end = '\0';
		if (*line != '#' && strncmp(line, "id\t", 3) != 0) {
			if (!cut(line, &clause)) {
				snprintf(error, CONF_ERROR_SIZE,
					 "%.300s:%u:1: expected five columns: "
					 "id, level, testable, statement, "
					 "source",
					 path, number);
				return false;
			}
			if (!add(suite, &clause)) {
				snprintf(error, CONF_ERROR_SIZE,
					 "no memory for %.300s", path);
				return false;
			}
		}
		line = end != NULL ? end + 1 : NULL;
	}
	return true;
}

/* One table; it need not be there. */
static bool read_table(struct conf_suite *suite, unsigned int i,
		       const char *dir, char error[CONF_ERROR_SIZE])
{
	size_t size = strlen(dir) + 20, len;
	char *path = malloc(size);
	bool good = true;
	FILE *there;

	if (path == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for clauses");
		return false;
	}
	snprintf(path, size, "%s/%s", dir, tables[i]);
	there = fopen(path, "rb");
	if (there != NULL) {
		fclose(there);
		suite->clause_text[i] = run_read_file(path, &len, error);
		good = suite->clause_text[i] != NULL &&
		       read_lines(suite, suite->clause_text[i], path, error);
	}
	free(path);
	return good;
}

static bool sort(struct conf_suite *suite, char error[CONF_ERROR_SIZE])
{
	size_t num = suite->num_clauses;

	suite->clauses_by_id = calloc(num + 1, sizeof(*suite->clauses_by_id));
	if (suite->clauses_by_id == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for clauses");
		return false;
	}
	for (size_t i = 0; i < num; i++)
		suite->clauses_by_id[i] = &suite->clauses[i];
	qsort(suite->clauses_by_id, num, sizeof(*suite->clauses_by_id), by_id);
	for (size_t i = 1; i < num; i++) {
		const char *id = suite->clauses_by_id[i]->id;

		if (strcmp(suite->clauses_by_id[i - 1]->id, id) != 0)
			continue;
		snprintf(error, CONF_ERROR_SIZE,
			 "the clause \"%.100s\" stands twice in the tables of "
			 "clauses, expected once",
			 id);
		return false;
	}
	return true;
}

bool run_clauses_read(struct conf_suite *suite, const char *dir,
		      char error[CONF_ERROR_SIZE])
{
	for (unsigned int i = 0; i < CONF_NUM_TABLES; i++)
		if (!read_table(suite, i, dir, error))
			return false;
	return sort(suite, error);
}

/* Has a table that such a clause would have to be in been read? */
static bool is_known(const struct conf_suite *suite, const char *id)
{
	if (strcmp(id, "CAPTURE") == 0)
		return true;
	return suite->clause_text[conf_clause_is_linux22(id) ? 1 : 0] == NULL ||
	       conf_clause_find(suite, id) != NULL;
}

bool run_clauses_apply(const struct conf_suite *suite,
		       struct conf_suite_case *out, char error[CONF_ERROR_SIZE])
{
	const struct conf_clause *first;
	const struct conf_cited *cited;
	size_t num = conf_case_clauses(out->c, &cited);

	out->level = out->sentence = out->source = "";
	for (size_t i = 0; i < num; i++) {
		if (is_known(suite, cited[i].id))
			continue;
		snprintf(error, CONF_ERROR_SIZE,
			 "%.200s:%u:%u: read \"%.60s\", expected a clause of "
			 "%s",
			 conf_case_file(out->c), cited[i].line, cited[i].column,
			 cited[i].id,
			 tables[conf_clause_is_linux22(cited[i].id) ? 1 : 0]);
		return false;
	}
	if (num == 0)
		return true;
	first = conf_clause_find(suite, cited[0].id);
	if (first != NULL) {
		out->level = first->level;
		out->sentence = first->statement;
		out->source = first->source;
	} else if (conf_clause_is_linux22(cited[0].id)) {
		out->level = "LINUX22";
	}
	return true;
}
