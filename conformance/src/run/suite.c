/* SPDX-License-Identifier: Apache-2.0 */
/* suite.c - all cases of a folder */
#define _GNU_SOURCE /* struct dirent */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/suite.h"
#include "run/clauses.h"
#include "run/file.h"

#define MAX_DEPTH 8u

struct loader {
	struct conf_suite *suite;
	const char *const *patterns;
	size_t num_patterns;
	char *error;
};

static bool no_memory(struct loader *l)
{
	snprintf(l->error, CONF_ERROR_SIZE, "no memory for the cases");
	return false;
}

static char *join(const char *a, const char *mark, const char *b)
{
	size_t size = strlen(a) + strlen(mark) + strlen(b) + 1;
	char *out = malloc(size);

	if (out != NULL)
		snprintf(out, size, "%s%s%s", a, mark, b);
	return out;
}

static bool selected(const struct loader *l, const char *id)
{
	if (l->num_patterns == 0)
		return true;
	for (size_t i = 0; i < l->num_patterns; i++)
		if (conf_glob(l->patterns[i], id))
			return true;
	return false;
}

static bool grow(void **items, size_t num, size_t *max, size_t size)
{
	size_t more = *max > 0 ? *max * 2 : 64;
	void *grown;

	if (num < *max)
		return true;
	grown = realloc(*items, more * size);
	if (grown == NULL)
		return false;
	*items = grown;
	*max = more;
	return true;
}

/* Case number index of a file, if it is selected. */
static bool add_case(struct loader *l, size_t file, size_t index)
{
	struct conf_suite *s = l->suite;
	const struct conf_suite_file *f = &s->files[file];
	struct conf_axis_value values[CONF_MAX_AXES];
	struct conf_suite_case *out;
	char *id = join(f->stem, "", "");
	void *cases = s->cases;

	conf_axes_pick(&f->axes, index, values);
	for (size_t i = 0; id != NULL && i < f->axes.num_axes; i++) {
		char *longer = join(id, "/", values[i].value);

		free(id);
		id = longer;
	}
	if (id == NULL)
		return no_memory(l);
	if (!selected(l, id)) {
		free(id);
		return true;
	}
	if (!grow(&cases, s->num_cases, &s->max_cases, sizeof(*out))) {
		free(id);
		return no_memory(l);
	}
	s->cases = cases;
	out = &s->cases[s->num_cases];
	*out = (struct conf_suite_case){.id = id};
	if (conf_case_parse(f->text, f->len, f->path, values, f->axes.num_axes,
			    &out->c, l->error) != CONF_OK) {
		free(id);
		return false;
	}
	s->num_cases++;
	return run_clauses_apply(s, out, l->error);
}

/*
 * May a case of this file be selected? Its axes are not known yet, so only
 * what a pattern says before its first * or ? is held against it: a broken
 * file of another suite does not stop this one.
 */
static bool concerned(const struct loader *l, const char *stem)
{
	size_t len = strlen(stem);

	for (size_t i = 0; i < l->num_patterns; i++) {
		const char *p = l->patterns[i];
		size_t plain = strcspn(p, "*?");

		if (conf_glob(p, stem) ||
		    strncmp(p, stem, plain < len ? plain : len) == 0)
			return true;
	}
	return l->num_patterns == 0;
}

/* Takes path and stem. */
static bool add_file(struct loader *l, char *path, char *stem)
{
	struct conf_suite *s = l->suite;
	void *files = s->files;
	struct conf_suite_file *f;

	if (path == NULL || stem == NULL ||
	    !grow(&files, s->num_files, &s->max_files, sizeof(*f))) {
		free(path);
		free(stem);
		return no_memory(l);
	}
	s->files = files;
	f = &s->files[s->num_files++];
	*f = (struct conf_suite_file){.path = path, .stem = stem};
	f->text = run_read_file(path, &f->len, l->error);
	if (f->text == NULL || conf_axes_read(&f->axes, f->text, f->len, path,
					      l->error) != CONF_OK)
		return false;
	for (size_t i = 0; i < f->axes.num_cases; i++)
		if (!add_case(l, s->num_files - 1, i))
			return false;
	return true;
}

static bool walk(struct loader *l, const char *dir, const char *prefix,
		 unsigned int depth);

static bool visit(struct loader *l, const char *dir, const char *prefix,
		  const char *name, unsigned int depth)
{
	size_t len = strlen(name);
	char *path = join(dir, "/", name);
	char *id = join(prefix, prefix[0] != '\0' ? "/" : "", name);
	bool good = true;

	if (path == NULL || id == NULL) {
		good = no_memory(l);
	} else if (len > 5 && strcmp(name + len - 5, ".case") == 0) {
		id[strlen(id) - 5] = '\0';
		if (!concerned(l, id)) {
			free(path);
			free(id);
			return true;
		}
		return add_file(l, path, id);
	} else if (depth < MAX_DEPTH) {
		good = walk(l, path, id, depth + 1);
	}
	free(path);
	free(id);
	return good;
}

static bool walk(struct loader *l, const char *dir, const char *prefix,
		 unsigned int depth)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	bool good = true;

	if (d == NULL) {
		/* A file of another kind is none of ours. */
		if (errno == ENOTDIR && depth > 0)
			return true;
		snprintf(l->error, CONF_ERROR_SIZE, "%.300s: %s", dir,
			 strerror(errno));
		return false;
	}
	while (good && (entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			good = visit(l, dir, prefix, entry->d_name, depth);
	closedir(d);
	return good;
}

static int by_id(const void *a, const void *b)
{
	const struct conf_suite_case *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static enum conf_status finish(struct conf_suite *suite, bool good)
{
	if (!good) {
		conf_suite_cleanup(suite);
		return CONF_ERR_CONFIG;
	}
	if (suite->num_cases > 0)
		qsort(suite->cases, suite->num_cases, sizeof(*suite->cases),
		      by_id);
	return CONF_OK;
}

enum conf_status conf_suite_load(struct conf_suite *suite, const char *dir,
				 const char *const *patterns, size_t num,
				 char error[CONF_ERROR_SIZE])
{
	struct loader l = {.suite = suite,
			   .patterns = patterns,
			   .num_patterns = num,
			   .error = error};
	DIR *d = opendir(dir);

	*suite = (struct conf_suite){.num_files = 0};
	if (d == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "%.300s: %s", dir,
			 strerror(errno));
		return CONF_ERR_ENGINE;
	}
	closedir(d);
	return finish(suite, run_clauses_read(suite, dir, error) &&
				     walk(&l, dir, "", 0));
}

enum conf_status conf_suite_load_file(struct conf_suite *suite,
				      const char *path,
				      char error[CONF_ERROR_SIZE])
{
	struct loader l = {.suite = suite, .error = error};
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char *stem = join(name, "", "");
	size_t len = strlen(name);

	*suite = (struct conf_suite){.num_files = 0};
	if (stem != NULL && len > 5 && strcmp(name + len - 5, ".case") == 0)
		stem[len - 5] = '\0';
	return finish(suite, add_file(&l, join(path, "", ""), stem));
}

void conf_suite_cleanup(struct conf_suite *suite)
{
	for (size_t i = 0; i < suite->num_cases; i++) {
		conf_case_free(suite->cases[i].c);
		free(suite->cases[i].id);
	}
	for (size_t i = 0; i < suite->num_files; i++) {
		free(suite->files[i].path);
		free(suite->files[i].stem);
		free(suite->files[i].text);
		conf_axes_cleanup(&suite->files[i].axes);
	}
	free(suite->cases);
	free(suite->files);
	free(suite->clauses);
	free(suite->clauses_by_id);
	for (unsigned int i = 0; i < CONF_NUM_TABLES; i++)
		free(suite->clause_text[i]);
	*suite = (struct conf_suite){.num_files = 0};
}
