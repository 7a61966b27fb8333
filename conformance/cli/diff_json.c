/* SPDX-License-Identifier: Apache-2.0 */
/* diff_json.c - masqcheck diff --json: one object on standard output */
#include <jansson.h>
#include <stdlib.h>

#include "conformance/play.h"
#include "diff.h"
#include "packet.h"

struct cli_diff_json {
	json_t *differences; /* an array */
};

static void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	*ok &= json_object_set_new(object, key, value) == 0;
}

/* The packet at an index, in words; null if there is none. */
static json_t *packet(const struct conf_results *results, size_t index)
{
	char line[CONF_MAX_SUMMARY];
	const struct conf_result *r;

	if (index >= results->num_items)
		return json_null();
	r = &results->items[index];
	(void)conf_case_words(NULL, conf_result_data(results, r), r->len, false,
			      line, sizeof(line));
	return json_string(line);
}

static json_t *text_or_null(const char *text)
{
	return text == NULL || text[0] == '\0' ? json_null()
					       : json_string(text);
}

bool cli_diff_json_add(struct cli_diff *d,
		       const struct cli_difference *difference)
{
	const struct conf_divergence *v = difference->divergence;
	const struct conf_event *event = difference->event;
	json_t *o = json_object();
	char line[CONF_MAX_SUMMARY];
	bool ok = o != NULL;

	if (d->record == NULL)
		d->record = calloc(1, sizeof(*d->record));
	if (d->record != NULL && d->record->differences == NULL)
		d->record->differences = json_array();
	if (event != NULL) {
		(void)conf_case_words(NULL, event->packet.data,
				      event->packet.len, false, line,
				      sizeof(line));
		set(o, "packet", json_integer((json_int_t)event->record.number),
		    &ok);
		set(o, "time_ns", json_integer((json_int_t)event->packet.now),
		    &ok);
		set(o, "side", json_string(conf_side_name(event->packet.side)),
		    &ok);
		set(o, "stimulus", json_string(line), &ok);
	}
	set(o, "result", json_integer((json_int_t)difference->index + 1), &ok);
	if (v != NULL) {
		set(o, "class", json_string(v->name), &ok);
		set(o, "expected_kind", text_or_null(v->expected_kind), &ok);
		set(o, "actual_kind", text_or_null(v->actual_kind), &ok);
		set(o, "clause", text_or_null(v->clause), &ok);
		set(o, "field", text_or_null(v->field), &ok);
		set(o, "expected_value", text_or_null(v->expected), &ok);
		set(o, "actual_value", text_or_null(v->actual), &ok);
	}
	set(o, "expected", packet(difference->expected, difference->index),
	    &ok);
	set(o, "actual", packet(difference->actual, difference->index), &ok);
	ok = ok && d->record != NULL && d->record->differences != NULL &&
	     json_array_append_new(d->record->differences, o) == 0;
	if (!ok)
		cli_error("no memory for a difference");
	return ok;
}

static void add_pair(void *ctx, const struct conf_name_pair *pair)
{
	char expected[CONF_ADDR_SIZE], actual[CONF_ADDR_SIZE];

	(void)json_array_append_new(
		ctx, json_pack("{s:i, s:s, s:i, s:s, s:i, s:I}", "protocol",
			       pair->proto, "expected_address",
			       conf_addr_text(expected, pair->expected_addr),
			       "expected_port", pair->expected_port,
			       "actual_address",
			       conf_addr_text(actual, pair->actual_addr),
			       "actual_port", pair->actual_port, "stimulus",
			       (json_int_t)pair->since));
}

struct json_t *cli_diff_json_waivers(const struct cli_diff *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->waivers.num; i++) {
		const struct conf_waiver *w = &d->waivers.items[i];

		(void)json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:i, s:I}", "class", w->name,
				  "reason", w->reason, "line", (int)w->line,
				  "waived", (json_int_t)w->num_waived));
	}
	return list;
}

struct json_t *cli_diff_json_take(struct cli_diff *d)
{
	json_t *list = d->record != NULL ? d->record->differences : NULL;

	if (d->record != NULL)
		d->record->differences = NULL;
	return list != NULL ? list : json_array();
}

bool cli_diff_json_print(struct cli_diff *d)
{
	bool same = d->num_different == 0 && !d->table_differs, ok = true;
	json_t *o = json_object(), *map = json_array();
	json_t *list = d->record != NULL ? d->record->differences : NULL;

	set(o, "verdict",
	    json_string(!same                    ? "different"
			: d->equivalence != NULL ? "equal up to renaming"
						 : "equal"),
	    &ok);
	set(o, "expected", json_string(d->expected.engine.address), &ok);
	set(o, "actual", json_string(d->actual.engine.address), &ok);
	set(o, "stimuli", json_integer((json_int_t)d->num_stimuli), &ok);
	set(o, "results", json_integer((json_int_t)d->num_results), &ok);
	set(o, "different", json_integer((json_int_t)d->num_different), &ok);
	set(o, "waived", json_integer((json_int_t)d->num_waived), &ok);
	set(o, "differences", list != NULL ? json_incref(list) : json_array(),
	    &ok);
	set(o, "waivers", cli_diff_json_waivers(d), &ok);
	if (d->equivalence != NULL)
		conf_equivalence_map(d->equivalence, add_pair, map);
	set(o, "map", map, &ok);
	ok = ok && json_dumpf(o, stdout, JSON_INDENT(2)) == 0;
	putchar('\n');
	json_decref(o);
	if (!ok)
		cli_error("no memory for the JSON object");
	return ok;
}

void cli_diff_json_free(struct cli_diff *d)
{
	if (d->record != NULL)
		json_decref(d->record->differences);
	free(d->record);
	d->record = NULL;
}
