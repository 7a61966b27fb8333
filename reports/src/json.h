/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - runs and cases as JSON objects, and back
 */
#ifndef REPORTS_JSON_H
#define REPORTS_JSON_H

#include <jansson.h>

#include "reports/result.h"

/* The version of the format, in the line about the run. */
#define REP_FORMAT_VERSION 1

/* A text, made UTF-8; NULL: no memory. */
json_t *rep_json_text(const char *text);

/*
 * object[key] = value, which is owned from now on. False: no memory, or
 * value is NULL.
 */
bool rep_json_set(json_t *object, const char *key, json_t *value);
/* The same with a text; NULL is left out. */
bool rep_json_set_text(json_t *object, const char *key, const char *text);

/* Adds all that is known of a run or case to an object. False: no memory. */
bool rep_json_put_run(json_t *object, const struct rep_run *run);
bool rep_json_put_case(json_t *object, const struct rep_case *result);

/*
 * Reads a run or case. Texts belong to object. Unknown keys are left alone.
 * error says what was read and what was expected.
 */
enum rep_status rep_json_get_run(const json_t *object, struct rep_run *out_run,
				 char *error) REP_NODISCARD;

/* The lists of out_case are to be freed with rep_json_free_lists(). */
enum rep_status rep_json_get_case(const json_t *object,
				  struct rep_case *out_case,
				  char *error) REP_NODISCARD;
void rep_json_free_lists(struct rep_case *result);

/* A text, or NULL if there is none. */
enum rep_status rep_json_get_text(const json_t *object, const char *key,
				  const char **out_text,
				  char *error) REP_NODISCARD;
/* A number from 0 to max; 0 if there is none. A text of digits will do. */
enum rep_status rep_json_get_number(const json_t *object, const char *key,
				    uint64_t max, uint64_t *out_number,
				    char *error) REP_NODISCARD;

#endif /* REPORTS_JSON_H */
