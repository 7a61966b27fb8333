/* SPDX-License-Identifier: Apache-2.0 */
/* render_json.c - a summary for programs: counts, lists, the bad cases */
#include "json.h"
#include "render.h"

/* Adds an empty object or array to object, which owns it. NULL: no memory. */
static json_t *add_to(json_t *object, const char *key, json_t *value)
{
	return rep_json_set(object, key, value) ? value : NULL;
}

static bool append(json_t *list, json_t *value)
{
	return json_array_append_new(list, value) == 0;
}

static bool put_runs(json_t *root, const struct rep_results *results)
{
	json_t *list = add_to(root, "runs", json_array());

	for (size_t i = 0; i < rep_results_num_runs(results); i++) {
		json_t *run = json_object();

		if (!append(list, run) ||
		    !rep_json_put_run(run, rep_results_run(results, i)))
			return false;
	}
	return list != NULL;
}

static bool put_counts(json_t *root, const struct rep_results *results)
{
	json_t *counts = add_to(root, "counts", json_object());

	for (size_t i = 0; i < REP_NUM_VERDICTS - 1; i++) {
		size_t count = rep_results_count(results, rep_order[i]);

		if (!rep_json_set(counts, rep_verdict_name(rep_order[i]),
				  json_integer((json_int_t)count)))
			return false;
	}
	return true;
}

/* For each verdict, the ids. */
static bool put_ids(json_t *root, const struct rep_results *results)
{
	json_t *ids = add_to(root, "ids", json_object());
	json_t *lists[REP_NUM_VERDICTS] = {NULL};

	for (size_t i = 0; i < REP_NUM_VERDICTS - 1; i++) {
		enum rep_verdict verdict = rep_order[i];

		lists[verdict] = add_to(ids, rep_verdict_name(verdict),
					json_array());
		if (lists[verdict] == NULL)
			return false;
	}
	for (size_t i = 0; i < rep_results_num(results); i++) {
		const struct rep_case *result = rep_results_get(results, i);

		if (!append(lists[result->verdict], rep_json_text(result->id)))
			return false;
	}
	return true;
}

/* The bad cases, with all that is known of them. */
static bool put_bad(json_t *root, const struct rep_results *results)
{
	json_t *list = add_to(root, "bad", json_array());

	for (size_t i = 0; i < rep_results_num(results); i++) {
		const struct rep_case *result = rep_results_get(results, i);
		json_t *object;

		if (!rep_verdict_is_bad(result->verdict))
			continue;
		object = json_object();
		if (!append(list, object) || !rep_json_put_case(object, result))
			return false;
	}
	return list != NULL;
}

static bool put_verdict(json_t *object, const char *key,
			const struct rep_case *result)
{
	return result == NULL ||
	       rep_json_set_text(object, key,
				 rep_verdict_name(result->verdict));
}

static bool put_changes(json_t *root, const struct rep_changes *changes)
{
	static const char *const keys[] = {
		[REP_NEW_FAILURE] = "new_failures", [REP_FIXED] = "fixed",
		[REP_CHANGED] = "changed",          [REP_NEW] = "new",
		[REP_VANISHED] = "vanished",
	};
	json_t *against = add_to(root, "against", json_object());
	json_t *lists[REP_NUM_CHANGES];

	for (size_t i = 0; i < REP_NUM_CHANGES; i++) {
		lists[i] = add_to(against, keys[i], json_array());
		if (lists[i] == NULL)
			return false;
	}
	for (size_t i = 0; i < changes->num; i++) {
		const struct rep_difference *item = &changes->items[i];
		json_t *object = json_object();

		if (!append(lists[item->change], object) ||
		    !rep_json_set_text(object, "id", item->id) ||
		    !put_verdict(object, "before", item->before) ||
		    !put_verdict(object, "after", item->after))
			return false;
	}
	return true;
}

static bool put_all(json_t *root, const struct rep_view *view)
{
	const struct rep_results *results = view->results;
	size_t num = rep_results_num(results);
	size_t unfinished = rep_results_num_unfinished(results);

	return rep_json_set(root, "format", json_integer(REP_FORMAT_VERSION)) &&
	       rep_json_set(root, "failed",
			    json_boolean(rep_results_failed(results))) &&
	       rep_json_set(root, "cases", json_integer((json_int_t)num)) &&
	       rep_json_set(root, "unfinished_runs",
			    json_integer((json_int_t)unfinished)) &&
	       put_counts(root, results) && put_runs(root, results) &&
	       put_bad(root, results) && put_ids(root, results) &&
	       (view->changes == NULL || put_changes(root, view->changes));
}

enum rep_status rep_render_json(const struct rep_view *view, FILE *out)
{
	json_t *root = json_object();
	bool done = put_all(root, view) &&
		    json_dumpf(root, out, JSON_INDENT(2)) == 0;

	json_decref(root);
	putc('\n', out);
	return done ? REP_OK : REP_ERR_NOMEM;
}
