/* SPDX-License-Identifier: Apache-2.0 */
/* case.c - what others may know of a case */
#include <stdlib.h>
#include <string.h>

#include "model.h"

void conf_case_free(struct conf_case *c)
{
	if (c == NULL)
		return;
	case_arena_cleanup(&c->arena);
	free(c);
}

const char *conf_case_title(const struct conf_case *c)
{
	return c->title;
}

const char *conf_case_file(const struct conf_case *c)
{
	return c->file;
}

size_t conf_case_clauses(const struct conf_case *c,
			 const struct conf_cited **out)
{
	*out = c->clauses;
	return c->num_clauses;
}

void conf_case_config(const struct conf_case *c, struct conf_config *out)
{
	*out = (struct conf_config){
		.settings = c->settings,
		.num_settings = c->num_settings,
		.origin = c->file,
	};
}

uint32_t conf_case_needs(const struct conf_case *c)
{
	return c->capabilities;
}

const char *conf_case_need(const struct conf_case *c, size_t index)
{
	return index < c->num_needs ? c->needs[index] : NULL;
}

bool conf_case_same_config(const struct conf_case *a, const struct conf_case *b)
{
	if (a->num_settings != b->num_settings)
		return false;
	for (size_t i = 0; i < a->num_settings; i++)
		if (strcmp(a->settings[i].key, b->settings[i].key) != 0 ||
		    strcmp(a->settings[i].value, b->settings[i].value) != 0)
			return false;
	return true;
}

const char *case_line(const struct conf_case *c, unsigned int line,
		      size_t *out_len)
{
	const char *at = c->text, *end = c->text + c->len;

	for (unsigned int i = 1; i < line && at < end; i++) {
		const char *next = memchr(at, '\n', (size_t)(end - at));

		at = next != NULL ? next + 1 : end;
	}
	if (at < end && memchr(at, '\n', (size_t)(end - at)) != NULL)
		end = memchr(at, '\n', (size_t)(end - at));
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	while (end > at &&
	       (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	*out_len = (size_t)(end - at);
	return at;
}
