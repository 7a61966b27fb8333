/* SPDX-License-Identifier: Apache-2.0 */
/* match.c - what came, held against what the lines say */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conformance/compare.h"
#include "run/play.h"

static const struct conf_result *next_result(const struct run_play *play,
					     enum conf_side side, size_t from,
					     size_t *out_index)
{
	for (size_t i = from; i < play->results.num_items; i++)
		if (play->results.items[i].side == side) {
			*out_index = i;
			return &play->results.items[i];
		}
	return NULL;
}

static void set_words(const struct run_play *play, char *out, size_t size,
		      enum conf_side side, struct masq_view v)
{
	int n = snprintf(out, size, "%s gets ", conf_side_name(side));

	(void)conf_case_words(play->c, v.data, v.len, false, out + n,
			      size - (size_t)n);
}

/* The fields in which the two differ. */
static void set_fields(struct run_play *play, enum conf_side side,
		       struct masq_view actual)
{
	static const struct conf_rules rules = {.strict_ids = true};
	struct conf_results a = {0}, b = {0};
	struct conf_packet packet = {.side = side};
	unsigned int num;

	packet.data = play->packet.data;
	packet.len = play->packet.len;
	conf_results_emit(&a, &packet);
	packet.data = actual.data;
	packet.len = actual.len;
	conf_results_emit(&b, &packet);
	if (!a.failed && !b.failed) {
		num = conf_differences(&rules, &a, &b, 0, play->out->fields,
				       CONF_MAX_FIELD_DIFFS);
		play->out->num_fields = num < CONF_MAX_FIELD_DIFFS
						? num
						: CONF_MAX_FIELD_DIFFS;
	}
	conf_results_cleanup(&a);
	conf_results_cleanup(&b);
}

static void tell_expected(struct run_play *play, enum conf_side side)
{
	const struct conf_packet packet = {
		.side = side,
		.now = play->c->start + play->now,
		.data = play->packet.data,
		.len = play->packet.len,
	};

	if (play->player->seen != NULL)
		play->player->seen(play->player->ctx, CONF_SEEN_EXPECTED,
				   &packet);
}

/* The endpoints and labels learn what came. */
static bool accept(struct run_play *play, const struct case_get *get,
		   struct run_making *m, struct masq_view actual)
{
	struct run_pkt pkt;

	if (!run_set_label(play, get->packet->label, actual, true))
		return run_error(play, get->pos, "no memory for a label");
	if (m->segment.conn == SIZE_MAX ||
	    !run_pkt_decode(&pkt, actual.data, actual.len) || pkt.plain)
		return true;
	if (run_conn_received(&play->conns.items[m->segment.conn], &m->segment,
			      get->side, &pkt))
		return true;
	return run_error(play, get->pos, "no memory for a connection");
}

/* The field to be named: a checksum only where nothing else differs. */
static const char *first_field(const struct conf_outcome *out)
{
	for (size_t i = 0; i < out->num_fields; i++)
		if (strstr(out->fields[i].field, "checksum") == NULL)
			return out->fields[i].field;
	return out->num_fields > 0 ? out->fields[0].field : "the packet";
}

static bool differ(struct run_play *play, const struct case_get *get,
		   struct masq_view actual)
{
	struct conf_outcome *out = play->out;

	set_words(play, out->expected, sizeof(out->expected), get->side,
		  masq_view_of(&play->packet));
	set_words(play, out->actual, sizeof(out->actual), get->side, actual);
	set_fields(play, get->side, actual);
	return run_fail(play, get->pos, "%s differs", first_field(out));
}

/* One line that names a packet. */
static bool match_packet(struct run_play *play, const struct case_get *get,
			 size_t next[3])
{
	const struct conf_result *result;
	struct conf_outcome *out = play->out;
	struct run_making m;
	struct masq_view actual;
	size_t index, num_vars = play->vars.num;

	result = next_result(play, get->side, next[get->side], &index);
	if (result == NULL && get->optional)
		return true;
	if (result == NULL) {
		snprintf(out->actual, sizeof(out->actual), "%s gets nothing",
			 conf_side_name(get->side));
		return run_fail(play, get->pos, "nothing came");
	}
	actual = (struct masq_view){
		.data = conf_result_data(&play->results, result),
		.len = result->len,
	};
	if (!run_make_expected(play, get, actual, &m)) {
		if (out->verdict == REP_FAIL && get->optional)
			goto not_this;
		if (out->actual[0] == '\0')
			set_words(play, out->actual, sizeof(out->actual),
				  get->side, actual);
		return false;
	}
	if (actual.len != play->packet.len ||
	    memcmp(actual.data, play->packet.data, actual.len) != 0) {
		if (get->optional)
			goto not_this;
		tell_expected(play, get->side);
		return differ(play, get, actual);
	}
	next[get->side] = index + 1;
	tell_expected(play, get->side);
	return accept(play, get, &m, actual);
not_this:
	out->verdict = REP_NONE;
	play->vars.num = num_vars;
	return true;
}

/* What no line expects. */
static bool match_rest(struct run_play *play, const struct case_get *gets,
		       struct case_pos pos, const size_t next[3])
{
	struct conf_outcome *out = play->out;

	for (enum conf_side side = CONF_INSIDE; side <= CONF_OUTSIDE; side++) {
		const struct conf_result *result;
		bool anything = false;
		size_t index;

		for (const struct case_get *g = gets; g != NULL; g = g->next)
			if (g->side == side && g->kind == GET_ANYTHING)
				anything = true;
		result = next_result(play, side, next[side], &index);
		if (result == NULL || anything)
			continue;
		for (const struct case_get *g = gets; g != NULL; g = g->next)
			if (g->side == side && g->kind == GET_NOTHING)
				pos = g->pos;
		snprintf(out->expected, sizeof(out->expected),
			 "%s gets nothing%s", conf_side_name(side),
			 next[side] > 0 ? " more" : "");
		set_words(play, out->actual, sizeof(out->actual), side,
			  (struct masq_view){.data = conf_result_data(
						     &play->results, result),
					     .len = result->len});
		return run_fail(play, pos,
				"a packet came that no line expects");
	}
	return true;
}

bool run_match(struct run_play *play, const struct case_get *gets,
	       struct case_pos pos)
{
	size_t next[3] = {0};

	for (const struct case_get *get = gets; get != NULL; get = get->next)
		if (get->kind == GET_PACKET && !match_packet(play, get, next))
			return false;
	return match_rest(play, gets, pos, next);
}

static bool holds(enum case_check check, int64_t a, int64_t b, int64_t c)
{
	switch (check) {
	case CHECK_EQ:
		return a == b;
	case CHECK_NE:
		return a != b;
	case CHECK_LT:
		return a < b;
	case CHECK_LE:
		return a <= b;
	case CHECK_GT:
		return a > b;
	case CHECK_GE:
		return a >= b;
	case CHECK_IN:
		return a >= b && a <= c;
	case CHECK_NOT_IN:
		return a < b || a > c;
	case CHECK_PARITY:
		return (a & 1) == (b & 1);
	}
	return false;
}

bool run_check(struct run_play *play, const struct case_stmt *stmt)
{
	int64_t a, b, c = 0;

	if (!run_value(play, stmt->a, &a) || !run_value(play, stmt->b, &b) ||
	    (stmt->c != NULL && !run_value(play, stmt->c, &c)))
		return false;
	if (holds(stmt->check, a, b, c))
		return true;
	if (stmt->c != NULL)
		return run_fail(play, stmt->pos,
				"the check does not hold: %" PRId64
				" and %" PRId64 " .. %" PRId64,
				a, b, c);
	return run_fail(play, stmt->pos,
			"the check does not hold: %" PRId64 " and %" PRId64, a,
			b);
}
