/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c - the exact comparison of results, and where they differ */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "packet.h"
#include "unpredictable.h"

const char *conf_side_name(enum conf_side side)
{
	return side == CONF_INSIDE    ? "inside"
	       : side == CONF_OUTSIDE ? "outside"
				      : "none";
}

const char *conf_time_text(char out[CONF_TIME_SIZE], uint64_t ns)
{
	snprintf(out, CONF_TIME_SIZE, "%" PRIu64 ".%09" PRIu64,
		 ns / 1000000000u, ns % 1000000000u);
	return out;
}

static struct conf_side_of_pair pair_side(const struct conf_results *results,
					  size_t index)
{
	const struct conf_result *result = &results->items[index];

	return (struct conf_side_of_pair){
		.result = result,
		.data = conf_result_data(results, result),
	};
}

static bool same_octets(const struct conf_rules *rules,
			const struct conf_side_of_pair *a,
			const struct conf_side_of_pair *b)
{
	if (a->result->len != b->result->len)
		return false;
	if (a->result->len == 0 ||
	    memcmp(a->data, b->data, a->result->len) == 0)
		return true;
	return conf_pair_is_free(rules, a, b) && conf_same_but_free(a, b);
}

static bool same_results(const struct conf_rules *rules,
			 const struct conf_results *expected, size_t i,
			 const struct conf_results *actual, size_t j)
{
	struct conf_side_of_pair a, b;

	if (i >= expected->num_items || j >= actual->num_items)
		return false;
	a = pair_side(expected, i);
	b = pair_side(actual, j);
	return a.result->side == b.result->side &&
	       a.result->now == b.result->now && same_octets(rules, &a, &b);
}

enum conf_verdict conf_compare(const struct conf_rules *rules,
			       const struct conf_results *expected,
			       const struct conf_results *actual,
			       size_t *out_index)
{
	size_t num_expected = expected->num_items;
	size_t num_actual = actual->num_items;
	size_t i = 0;

	while (same_results(rules, expected, i, actual, i))
		i++;
	*out_index = i;
	if (i == num_expected && i == num_actual)
		return CONF_SAME;
	/* If one is lacking, the next one fits in its place. */
	if (num_expected > num_actual &&
	    (i == num_actual ||
	     same_results(rules, expected, i + 1, actual, i)))
		return CONF_MISSING;
	if (num_actual > num_expected &&
	    (i == num_expected ||
	     same_results(rules, expected, i, actual, i + 1)))
		return CONF_EXTRA;
	return CONF_DIFFERENT;
}

/* The list that differences are written to. */
struct list {
	struct conf_difference *out;
	unsigned int num, max;
};

static void add(struct list *list, const char *field, const char *expected,
		const char *actual)
{
	struct conf_difference *d;

	if (list->num++ >= list->max)
		return;
	d = &list->out[list->num - 1];
	snprintf(d->field, sizeof(d->field), "%s", field);
	snprintf(d->expected, sizeof(d->expected), "%s", expected);
	snprintf(d->actual, sizeof(d->actual), "%s", actual);
}

static struct masq_view view_of(const struct conf_side_of_pair *p)
{
	return (struct masq_view){.data = p->data, .len = p->result->len};
}

/* The first octet of a field of octets that differs, and what is there. */
static void add_octets(struct list *list, const struct conf_field *fa,
		       const struct conf_field *fb,
		       const struct conf_side_of_pair *a,
		       const struct conf_side_of_pair *b)
{
	struct masq_view va = masq_slice(view_of(a), fa->offset, fa->len);
	struct masq_view vb = masq_slice(view_of(b), fb->offset, fb->len);
	char name[CONF_FIELD_NAME + 16], ta[CONF_FIELD_TEXT],
		tb[CONF_FIELD_TEXT];
	uint32_t at = 0;

	while (at < va.len && at < vb.len &&
	       masq_get8(va, at) == masq_get8(vb, at))
		at++;
	if (at == va.len && at == vb.len)
		return;
	if (at == 0 && fa->len == fb->len) {
		add(list, fa->name, fa->text, fb->text);
		return;
	}
	snprintf(name, sizeof(name), "%.20s+%" PRIu32, fa->name, at);
	va = masq_from(va, at);
	vb = masq_from(vb, at);
	conf_quote(ta, 40, va.data, va.len);
	conf_quote(tb, 40, vb.data, vb.len);
	snprintf(ta + strlen(ta), sizeof(ta) - strlen(ta),
		 " (%" PRIu32 " octets)", fa->len);
	snprintf(tb + strlen(tb), sizeof(tb) - strlen(tb),
		 " (%" PRIu32 " octets)", fb->len);
	add(list, name, ta, tb);
}

static const struct conf_field *find(const struct conf_decoded *decoded,
				     const char *name)
{
	for (unsigned int i = 0; i < decoded->num_fields; i++)
		if (strcmp(decoded->fields[i].name, name) == 0)
			return &decoded->fields[i];
	return NULL;
}

/* Fields of a, compared with those of b, then those that only b has. */
static void add_fields(struct list *list, const struct conf_side_of_pair *a,
		       const struct conf_side_of_pair *b, bool is_free)
{
	struct conf_decoded da, db;

	conf_decode(&da, a->data, a->result->len);
	conf_decode(&db, b->data, b->result->len);
	for (unsigned int i = 0; i < da.num_fields; i++) {
		const struct conf_field *fa = &da.fields[i];
		const struct conf_field *fb = find(&db, fa->name);

		if (fb == NULL)
			add(list, fa->name, fa->text, "-");
		else if (is_free && conf_field_is_free(fa->name, a, b))
			continue;
		else if (fa->is_bytes)
			add_octets(list, fa, fb, a, b);
		else if (strcmp(fa->text, fb->text) != 0)
			add(list, fa->name, fa->text, fb->text);
	}
	for (unsigned int i = 0; i < db.num_fields; i++)
		if (find(&da, db.fields[i].name) == NULL)
			add(list, db.fields[i].name, "-", db.fields[i].text);
}

unsigned int conf_differences(const struct conf_rules *rules,
			      const struct conf_results *expected,
			      const struct conf_results *actual, size_t index,
			      struct conf_difference *out, unsigned int max)
{
	struct list list = {.out = out, .max = max};
	struct conf_side_of_pair a = pair_side(expected, index);
	struct conf_side_of_pair b = pair_side(actual, index);
	char ta[CONF_TIME_SIZE], tb[CONF_TIME_SIZE];

	if (a.result->side != b.result->side)
		add(&list, "side", conf_side_name(a.result->side),
		    conf_side_name(b.result->side));
	if (a.result->now != b.result->now)
		add(&list, "time", conf_time_text(ta, a.result->now),
		    conf_time_text(tb, b.result->now));
	if (!same_octets(rules, &a, &b)) {
		add_fields(&list, &a, &b, conf_pair_is_free(rules, &a, &b));
		/* Octets that no field covers, such as half a header. */
		if (list.num == 0)
			add(&list, "octets", "see below", "see below");
	}
	return list.num < max ? list.num : max;
}
