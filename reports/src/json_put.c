/* SPDX-License-Identifier: Apache-2.0 */
/* json_put.c - runs and cases as JSON objects */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "utf8.h"

json_t *rep_json_text(const char *text)
{
	json_t *value = json_string(text);
	char *clean;

	if (value != NULL)
		return value;
	clean = rep_utf8_clean(text, false);
	if (clean != NULL)
		value = json_string(clean);
	free(clean);
	return value;
}

bool rep_json_set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

bool rep_json_set_text(json_t *object, const char *key, const char *text)
{
	return text == NULL || rep_json_set(object, key, rep_json_text(text));
}

/* JSON numbers are signed here; centuries of nanoseconds still fit. */
static bool set_number(json_t *object, const char *key, uint64_t number)
{
	if (number > INT64_MAX)
		number = INT64_MAX;
	return number == 0 ||
	       rep_json_set(object, key, json_integer((json_int_t)number));
}

static bool set_texts(json_t *object, const char *key, const char *const *texts,
		      size_t num)
{
	json_t *list = num > 0 ? json_array() : NULL;

	for (size_t i = 0; list != NULL && i < num; i++)
		if (json_array_append_new(
			    list, rep_json_text(texts[i] != NULL ? texts[i]
								 : "")) != 0) {
			json_decref(list);
			return false;
		}
	return num == 0 || rep_json_set(object, key, list);
}

static bool set_fields(json_t *object, const struct rep_case *result)
{
	json_t *list;

	if (result->num_fields == 0)
		return true;
	list = json_array();
	for (size_t i = 0; list != NULL && i < result->num_fields; i++) {
		const struct rep_field *field = &result->fields[i];
		json_t *item = json_object();

		if (!rep_json_set_text(item, "name", field->name) ||
		    !rep_json_set_text(item, "expected", field->expected) ||
		    !rep_json_set_text(item, "actual", field->actual) ||
		    json_array_append(list, item) != 0) {
			json_decref(item);
			json_decref(list);
			return false;
		}
		json_decref(item);
	}
	return rep_json_set(object, "fields", list);
}

bool rep_json_put_run(json_t *object, const struct rep_run *run)
{
	/* A text: many readers of JSON keep 53 bits of a number. */
	char seed[24];

	snprintf(seed, sizeof(seed), "%" PRIu64, run->seed);
	return rep_json_set_text(object, "engine", run->engine) &&
	       rep_json_set_text(object, "version", run->version) &&
	       rep_json_set_text(object, "command", run->command) &&
	       rep_json_set_text(object, "seed", seed) &&
	       rep_json_set_text(object, "shard", run->shard) &&
	       rep_json_set_text(object, "started", run->started);
}

bool rep_json_put_case(json_t *object, const struct rep_case *c)
{
	return rep_json_set_text(object, "id", c->id) &&
	       rep_json_set_text(object, "verdict",
				 rep_verdict_name(c->verdict)) &&
	       rep_json_set_text(object, "title", c->title) &&
	       rep_json_set_text(object, "reason", c->reason) &&
	       rep_json_set_text(object, "file", c->file) &&
	       set_number(object, "line", c->line) &&
	       set_texts(object, "clauses", c->clauses, c->num_clauses) &&
	       rep_json_set_text(object, "level", c->level) &&
	       rep_json_set_text(object, "sentence", c->sentence) &&
	       rep_json_set_text(object, "what", c->what) &&
	       rep_json_set_text(object, "expected", c->expected) &&
	       rep_json_set_text(object, "actual", c->actual) &&
	       set_fields(object, c) &&
	       set_texts(object, "invariants", c->invariants,
			 c->num_invariants) &&
	       set_texts(object, "captures", c->captures, c->num_captures) &&
	       rep_json_set_text(object, "repeat", c->repeat) &&
	       set_number(object, "duration", c->duration);
}
