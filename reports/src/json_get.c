/* SPDX-License-Identifier: Apache-2.0 */
/* json_get.c - runs and cases from JSON objects */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "json.h"
#include "verdict.h"

static const char *kind_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	default:
		return "null";
	}
}

static enum rep_status unexpected(const char *key, const json_t *value,
				  const char *expected, char *error)
{
	return rep_fail(error, REP_ERR_FORMAT, "\"%s\" is %s, expected %s", key,
			kind_of(value), expected);
}

/* NULL if there is none; null is none. */
static const json_t *find(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

enum rep_status rep_json_get_text(const json_t *object, const char *key,
				  const char **out_text, char *error)
{
	const json_t *value = find(object, key);

	*out_text = NULL;
	if (value == NULL)
		return REP_OK;
	if (!json_is_string(value))
		return unexpected(key, value, "a text", error);
	*out_text = json_string_value(value);
	return REP_OK;
}

/* Digits only; false also if it is more than fits. */
static bool read_digits(const char *text, uint64_t *out_number)
{
	uint64_t number = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		unsigned int digit = (unsigned int)(*text - '0');

		if (*text < '0' || *text > '9' ||
		    number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*out_number = number;
	return true;
}

enum rep_status rep_json_get_number(const json_t *object, const char *key,
				    uint64_t max, uint64_t *out_number,
				    char *error)
{
	const json_t *value = find(object, key);
	bool good = true;

	*out_number = 0;
	if (value == NULL)
		return REP_OK;
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		*out_number = (uint64_t)json_integer_value(value);
	else
		good = json_is_string(value) &&
		       read_digits(json_string_value(value), out_number);
	if (good && *out_number <= max)
		return REP_OK;
	return rep_fail(error, REP_ERR_FORMAT,
			"\"%s\": expected a number from 0 to %" PRIu64, key,
			max);
}

struct wanted_text {
	const char *key;
	const char **out;
};

static enum rep_status get_texts(const json_t *object,
				 const struct wanted_text *wanted, size_t num,
				 char *error)
{
	enum rep_status status = REP_OK;

	for (size_t i = 0; i < num && status == REP_OK; i++)
		status = rep_json_get_text(object, wanted[i].key, wanted[i].out,
					   error);
	return status;
}

enum rep_status rep_json_get_run(const json_t *object, struct rep_run *run,
				 char *error)
{
	const struct wanted_text wanted[] = {
		{"engine", &run->engine},   {"version", &run->version},
		{"command", &run->command}, {"shard", &run->shard},
		{"started", &run->started},
	};
	enum rep_status status;

	*run = (struct rep_run){.engine = NULL};
	status = get_texts(object, wanted, sizeof(wanted) / sizeof(wanted[0]),
			   error);
	if (status != REP_OK)
		return status;
	return rep_json_get_number(object, "seed", UINT64_MAX, &run->seed,
				   error);
}

/* A list; *out_list = NULL if there is none, or nothing is in it. */
static enum rep_status get_list(const json_t *object, const char *key,
				const json_t **out_list, char *error)
{
	const json_t *list = find(object, key);

	*out_list = NULL;
	if (list != NULL && !json_is_array(list))
		return unexpected(key, list, "a list", error);
	if (json_array_size(list) > 0)
		*out_list = list;
	return REP_OK;
}

static enum rep_status get_text_list(const json_t *object, const char *key,
				     const char *const **out_texts,
				     size_t *out_num, char *error)
{
	const json_t *list;
	const char **texts;
	enum rep_status status = get_list(object, key, &list, error);

	if (status != REP_OK || list == NULL)
		return status;
	texts = calloc(json_array_size(list), sizeof(*texts));
	if (texts == NULL)
		return rep_fail_nomem(error);
	*out_texts = texts;
	*out_num = json_array_size(list);
	for (size_t i = 0; i < *out_num; i++) {
		const json_t *item = json_array_get(list, i);

		if (!json_is_string(item))
			return unexpected(key, list, "a list of texts", error);
		texts[i] = json_string_value(item);
	}
	return REP_OK;
}

static enum rep_status get_field(const json_t *item, struct rep_field *field,
				 char *error)
{
	const struct wanted_text wanted[] = {
		{"name", &field->name},
		{"expected", &field->expected},
		{"actual", &field->actual},
	};

	if (!json_is_object(item))
		return unexpected("fields", item, "a list of objects", error);
	return get_texts(item, wanted, sizeof(wanted) / sizeof(wanted[0]),
			 error);
}

static enum rep_status get_fields(const json_t *object, struct rep_case *out,
				  char *error)
{
	const json_t *list;
	struct rep_field *fields;
	enum rep_status status = get_list(object, "fields", &list, error);

	if (status != REP_OK || list == NULL)
		return status;
	fields = calloc(json_array_size(list), sizeof(*fields));
	if (fields == NULL)
		return rep_fail_nomem(error);
	out->fields = fields;
	out->num_fields = json_array_size(list);
	for (size_t i = 0; i < out->num_fields && status == REP_OK; i++)
		status = get_field(json_array_get(list, i), &fields[i], error);
	return status;
}

static enum rep_status get_lists(const json_t *object, struct rep_case *out,
				 char *error)
{
	enum rep_status status;

	status = get_text_list(object, "clauses", &out->clauses,
			       &out->num_clauses, error);
	if (status == REP_OK)
		status = get_fields(object, out, error);
	if (status == REP_OK)
		status = get_text_list(object, "invariants", &out->invariants,
				       &out->num_invariants, error);
	if (status == REP_OK)
		status = get_text_list(object, "captures", &out->captures,
				       &out->num_captures, error);
	return status;
}

/* What every case has. */
static enum rep_status get_verdict(const json_t *object, struct rep_case *out,
				   char *error)
{
	const char *verdict;
	enum rep_status status = rep_json_get_text(object, "verdict", &verdict,
						   error);

	if (status != REP_OK)
		return status;
	if (out->id == NULL || *out->id == '\0')
		return rep_fail(error, REP_ERR_FORMAT,
				"no \"id\": expected the name of a case");
	if (verdict == NULL)
		return rep_fail(error, REP_ERR_FORMAT,
				"no \"verdict\": expected " REP_VERDICT_NAMES);
	if (!rep_verdict_find(verdict, &out->verdict))
		return rep_fail(error, REP_ERR_FORMAT,
				"\"verdict\" is \"%.40s\", "
				"expected " REP_VERDICT_NAMES,
				verdict);
	return REP_OK;
}

enum rep_status rep_json_get_case(const json_t *object, struct rep_case *out,
				  char *error)
{
	const struct wanted_text wanted[] = {
		{"id", &out->id},         {"title", &out->title},
		{"reason", &out->reason}, {"file", &out->file},
		{"level", &out->level},   {"sentence", &out->sentence},
		{"what", &out->what},     {"expected", &out->expected},
		{"actual", &out->actual}, {"repeat", &out->repeat},
	};
	enum rep_status status;
	uint64_t line = 0;

	*out = (struct rep_case){.id = NULL};
	status = get_texts(object, wanted, sizeof(wanted) / sizeof(wanted[0]),
			   error);
	if (status == REP_OK)
		status = get_verdict(object, out, error);
	if (status == REP_OK)
		status = rep_json_get_number(object, "line", UINT_MAX, &line,
					     error);
	if (status == REP_OK)
		status = rep_json_get_number(object, "duration", INT64_MAX,
					     &out->duration, error);
	out->line = (unsigned int)line;
	if (status == REP_OK)
		status = get_lists(object, out, error);
	if (status != REP_OK)
		rep_json_free_lists(out);
	return status;
}

/* free() of what is const to all others. */
static void drop(const void *list)
{
	free((void *)(uintptr_t)list);
}

void rep_json_free_lists(struct rep_case *result)
{
	drop(result->clauses);
	drop(result->fields);
	drop(result->invariants);
	drop(result->captures);
	result->clauses = NULL;
	result->fields = NULL;
	result->invariants = NULL;
	result->captures = NULL;
}
