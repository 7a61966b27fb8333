/* SPDX-License-Identifier: Apache-2.0 */
/* baseline.c - cases that are expected to fail, each with a reason */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/suite.h"
#include "run/file.h"

static bool add(struct conf_baseline *b, const char *glob, size_t glob_len,
		const char *reason, size_t reason_len, unsigned int line)
{
	struct conf_expectation *items = realloc(b->items,
						 (b->num + 1) * sizeof(*items));
	struct conf_expectation *e;

	if (items == NULL)
		return false;
	b->items = items;
	e = &items[b->num];
	*e = (struct conf_expectation){
		.glob = malloc(glob_len + 1),
		.reason = malloc(reason_len + 1),
		.line = line,
	};
	b->num++;
	if (e->glob == NULL || e->reason == NULL)
		return false;
	memcpy(e->glob, glob, glob_len);
	e->glob[glob_len] = '\0';
	memcpy(e->reason, reason, reason_len);
	e->reason[reason_len] = '\0';
	return true;
}

static bool read_line(struct conf_baseline *b, const char *line, size_t len,
		      unsigned int number, char error[CONF_ERROR_SIZE])
{
	static const char blanks[] = " \t\r";
	size_t glob, gap = 0;

	while (len > 0 && strchr(blanks, line[len - 1]) != NULL)
		len--;
	while (len > 0 && strchr(blanks, *line) != NULL) {
		line++;
		len--;
	}
	if (len == 0 || *line == '#')
		return true;
	for (glob = 0; glob < len && strchr(blanks, line[glob]) == NULL;)
		glob++;
	while (glob + gap < len && strchr(blanks, line[glob + gap]) != NULL)
		gap++;
	if (glob + gap == len) {
		snprintf(error, CONF_ERROR_SIZE,
			 "%.200s:%u:%zu: read the end of the line, expected a "
			 "reason behind \"%.*s\"",
			 b->path, number, glob + 1,
			 (int)(glob < 80 ? glob : 80), line);
		return false;
	}
	if (add(b, line, glob, line + glob + gap, len - glob - gap, number))
		return true;
	snprintf(error, CONF_ERROR_SIZE, "%.200s: no memory", b->path);
	return false;
}

enum conf_status conf_baseline_read(struct conf_baseline *b, const char *path,
				    char error[CONF_ERROR_SIZE])
{
	unsigned int number = 1;
	size_t len, at = 0;
	char *text = run_read_file(path, &len, error);

	*b = (struct conf_baseline){.num = 0};
	if (text == NULL)
		return CONF_ERR_ENGINE;
	b->path = malloc(strlen(path) + 1);
	if (b->path == NULL) {
		free(text);
		return CONF_ERR_ENGINE;
	}
	memcpy(b->path, path, strlen(path) + 1);
	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t n = end != NULL ? (size_t)(end - text) - at : len - at;

		if (memchr(text + at, '\0', n) != NULL ||
		    !read_line(b, text + at, n, number++, error)) {
			if (memchr(text + at, '\0', n) != NULL)
				snprintf(error, CONF_ERROR_SIZE,
					 "%.200s:%u:1: read a zero octet, "
					 "expected text",
					 path, number);
			free(text);
			conf_baseline_cleanup(b);
			return CONF_ERR_CONFIG;
		}
		at += n + 1;
	}
	free(text);
	return CONF_OK;
}

const struct conf_expectation *conf_baseline_match(struct conf_baseline *b,
						   const char *id)
{
	const struct conf_expectation *found = NULL;

	for (size_t i = 0; i < b->num; i++)
		if (conf_glob(b->items[i].glob, id)) {
			b->items[i].num_matched++;
			if (found == NULL)
				found = &b->items[i];
		}
	return found;
}

void conf_baseline_cleanup(struct conf_baseline *b)
{
	for (size_t i = 0; i < b->num; i++) {
		free(b->items[i].glob);
		free(b->items[i].reason);
	}
	free(b->items);
	free(b->path);
	*b = (struct conf_baseline){.num = 0};
}
