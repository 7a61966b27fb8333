/* SPDX-License-Identifier: Apache-2.0 */
/* pair.c - an input played on two engines, packet by packet */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conformance/equivalence.h"
#include "finding.h"
#include "masq/wire.h"
#include "pair.h"
#include "play.h"
#include "reach.h"
#include "state.h"
#include "naive/naive.h"

/* After the last packet: all fragments are given up by then. */
#define REST            UINT64_C(60000000000)
#define MAX_DIFFERENCES 8u

/* CORE-FRAG-02: after the last fragment, and a tick to be behind it. */
#define FRAGMENT_LIFE UINT64_C(30010000000)
#define MAX_EDGES     32u

static struct {
	struct fuzz_player *expected, *actual;
	bool is_naive; /* the expected one */
	bool is_exact; /* octets are compared */
} it;

/* The model knows no quirks; nor does a stranger. */
static bool is_fixed(const struct conf_settings *settings)
{
	return conf_settings_quirks(settings) == 0;
}

static bool open_both(const char *against, const struct conf_engine_ops *ops)
{
	struct fuzz_play play = {
		.address = fuzz_engine_address(),
		.is_collecting = true,
		.wants = is_fixed,
	};

	/* Both are to be the same router. */
	play.is_default = !fuzz_takes_settings(play.address) ||
			  (ops == NULL && !fuzz_takes_settings(against));
	if (!fuzz_players_open(&it.actual, &play))
		return false;
	play.address = against;
	play.ops = ops;
	return fuzz_players_open(&it.expected, &play);
}

/* Engines of the house choose ports in the same way. */
static bool is_ours(const char *address)
{
	return !fuzz_plugin_claims(address) && !conf_is_foreign(address);
}

bool fuzz_pair_begin(const char *against)
{
	if (against != NULL && against[0] != '\0') {
		it.is_exact = is_ours(against) &&
			      is_ours(fuzz_engine_address());
		return open_both(against, NULL);
	}
	it.is_naive = true;
	it.is_exact = is_ours(fuzz_engine_address());
	return open_both(NULL, &fuzz_naive_ops);
}

/* Has the model met something that it does not know? Then nothing follows. */
static bool is_at_a_loss(const struct fuzz_player *p)
{
	return it.is_naive && fuzz_naive_unmodelled(p->engine.state) != NULL;
}

static struct conf_rules rules_of(const struct fuzz_player *expected,
				  const struct fuzz_player *actual)
{
	return (struct conf_rules){
		.expected_marks = (expected->engine.ops->capabilities &
				   CONF_CAN_MARK_ERRORS) != 0,
		.actual_marks = (actual->engine.ops->capabilities &
				 CONF_CAN_MARK_ERRORS) != 0,
		.router = {actual->settings.inside.addr,
			   actual->settings.outside.addr},
	};
}

static void say_difference(const struct fuzz_player *p,
			   const struct conf_divergence *d)
{
	char oracle[64];

	snprintf(oracle, sizeof(oracle), "differs:%s",
		 d->field[0] != '\0' ? d->field : d->name);
	fuzz_finding(oracle, d->clause != NULL ? d->clause : "-", p->stimulus,
		     "%s, result %zu: expected %s, got %s", d->name,
		     d->index + 1, d->expected, d->actual);
}

/* The difference that says most: a checksum follows from another field. */
static const struct conf_difference *telling(const struct conf_difference *list,
					     unsigned int num)
{
	for (unsigned int i = 0; i < num; i++)
		if (strstr(list[i].field, "checksum") == NULL)
			return &list[i];
	return num > 0 ? list : NULL;
}

/* One of them said so, and it is known. */
static bool has_failed(const struct fuzz_player *expected,
		       const struct fuzz_player *actual)
{
	return expected->has_failed || actual->has_failed;
}

/* To whom they go on the link. False: a difference that is known. */
static bool compare_hops(const struct fuzz_player *expected,
			 const struct fuzz_player *actual)
{
	uint8_t mac[6];

	for (size_t i = 0; i < actual->results.num_items; i++) {
		const struct conf_result *r = &actual->results.items[i];

		if (fuzz_naive_is_hop(expected->engine.state, &actual->results,
				      r, mac))
			continue;
		fuzz_finding("differs:next-hop", "-", actual->stimulus,
			     "result %zu: expected ..%02x:%02x, got "
			     "..%02x:%02x%s",
			     i + 1, mac[4], mac[5], r->dst_mac[4],
			     r->dst_mac[5], r->has_dst_mac ? "" : " (nobody)");
		return false;
	}
	return true;
}

/* Octet for octet. False: they differ, in a way that is known. */
static bool compare_exactly(const struct fuzz_player *expected,
			    const struct fuzz_player *actual,
			    const struct conf_rules *rules)
{
	static struct conf_difference list[MAX_DIFFERENCES];
	const struct conf_difference *first = NULL;
	struct conf_divergence d = {.name = "octets"};
	static const char *const names[] = {
		[CONF_MISSING] = "missing", [CONF_EXTRA] = "extra"};

	if (has_failed(expected, actual))
		return false;
	d.verdict = conf_compare(rules, &expected->results, &actual->results,
				 &d.index);
	if (d.verdict == CONF_SAME)
		return !it.is_naive || actual->masq == NULL ||
		       compare_hops(expected, actual);
	if (d.verdict == CONF_DIFFERENT) {
		first = telling(list,
				conf_differences(rules, &expected->results,
						 &actual->results, d.index,
						 list, MAX_DIFFERENCES));
		if (first != NULL) {
			memcpy(d.field, first->field, sizeof(d.field));
			memcpy(d.expected, first->expected, sizeof(d.expected));
			memcpy(d.actual, first->actual, sizeof(d.actual));
			d.clause = conf_field_clause(d.field);
		}
	} else {
		snprintf(d.name, sizeof(d.name), "%s", names[d.verdict]);
		snprintf(d.expected, sizeof(d.expected), "%zu results",
			 expected->results.num_items);
		snprintf(d.actual, sizeof(d.actual), "%zu results",
			 actual->results.num_items);
	}
	say_difference(actual, &d);
	return false;
}

/* Their tables, if both can be read. */
static bool compare_tables(const struct fuzz_player *expected,
			   const struct fuzz_player *actual)
{
	return !fuzz_state_is_known(expected) || !fuzz_state_is_known(actual) ||
	       fuzz_state_compare(expected, actual);
}

/*
 * When what waits for the rest of a datagram is given up. No table shows the
 * time that is left, so both are looked at then.
 */
struct edges {
	uint64_t when[MAX_EDGES]; /* ns, in order */
	unsigned int num;
};

static void note_edge(struct edges *edges, const struct conf_packet *p)
{
	const struct masq_view v = {.data = p->data, .len = p->len};

	if ((masq_get16(v, 6) & 0x3fff) != 0 && edges->num < MAX_EDGES)
		edges->when[edges->num++] = p->now + FRAGMENT_LIFE;
}

/* False: behind a known difference nothing can be compared. */
static bool advance_both(struct fuzz_player *expected,
			 struct fuzz_player *actual, uint64_t now,
			 const struct conf_rules *rules)
{
	fuzz_player_advance(expected, now);
	fuzz_player_advance(actual, now);
	return compare_exactly(expected, actual, rules);
}

/* The same, and at each edge until then. */
static bool pass_time(struct fuzz_player *expected, struct fuzz_player *actual,
		      uint64_t now, struct edges *edges,
		      const struct conf_rules *rules)
{
	unsigned int num = 0;

	for (; num < edges->num && edges->when[num] < now; num++) {
		if (!advance_both(expected, actual, edges->when[num], rules) ||
		    !compare_tables(expected, actual))
			return false;
	}
	edges->num -= num;
	memmove(edges->when, edges->when + num,
		edges->num * sizeof(edges->when[0]));
	return advance_both(expected, actual, now, rules);
}

static void play_exactly(struct fuzz_player *expected,
			 struct fuzz_player *actual, struct fuzz_input *input)
{
	const struct conf_rules rules = rules_of(expected, actual);
	struct edges edges = {.num = 0};
	struct conf_packet stimulus;
	uint64_t now = 0;

	while (fuzz_input_next(input, &stimulus)) {
		now = stimulus.now;
		if (actual->is_open &&
		    !pass_time(expected, actual, now, &edges, &rules))
			return;
		fuzz_player_packet(expected, &stimulus);
		if (is_at_a_loss(expected))
			return;
		fuzz_player_packet(actual, &stimulus);
		if (!compare_exactly(expected, actual, &rules))
			return;
		note_edge(&edges, &stimulus);
	}
	if (!actual->is_open)
		return;
	if (compare_tables(expected, actual) &&
	    pass_time(expected, actual, now + REST, &edges, &rules))
		(void)compare_tables(expected, actual);
}

/* The same, up to renaming. */
static bool compare_renamed(struct conf_equivalence *eq,
			    const struct fuzz_player *expected,
			    const struct fuzz_player *actual)
{
	struct conf_divergence d;

	if (has_failed(expected, actual))
		return false;
	if (conf_equivalence_compare(eq, &expected->results, &actual->results,
				     &d))
		return true;
	if (!conf_equivalence_failed(eq))
		say_difference(actual, &d);
	return false;
}

/* A conf_name_pair_fn: what a mapping is seen by. */
static void count_name(void *ctx, const struct conf_name_pair *pair)
{
	(void)ctx;
	(void)pair;
	fuzz_reach_add(FUZZ_REACH_SEEN_MAPPINGS, 1);
}

static void play_renamed(struct conf_equivalence *eq,
			 struct fuzz_player *expected,
			 struct fuzz_player *actual, struct fuzz_input *input)
{
	struct conf_packet stimulus, theirs;
	uint64_t now = 0;

	while (fuzz_input_next(input, &stimulus)) {
		if (actual->is_open && stimulus.now > now) {
			conf_equivalence_time(eq, stimulus.now);
			fuzz_player_advance(expected, stimulus.now);
			fuzz_player_advance(actual, stimulus.now);
			if (!compare_renamed(eq, expected, actual))
				return;
		}
		now = stimulus.now;
		conf_equivalence_stimulus(eq, &stimulus, &theirs);
		fuzz_player_packet(expected, &stimulus);
		if (is_at_a_loss(expected))
			return;
		fuzz_player_packet(actual, &theirs);
		if (!compare_renamed(eq, expected, actual))
			return;
	}
}

/* A variant with quirks has a fixed one before it. */
void fuzz_pair_route(struct fuzz_input *input)
{
	if (it.actual[input->variant].engine.ops == NULL && input->variant > 0)
		input->variant--;
}

void fuzz_pair_run(const uint8_t *data, size_t len)
{
	struct fuzz_player *expected, *actual;
	struct conf_equivalence *eq;
	struct conf_rules rules;
	struct fuzz_input input;

	if (!fuzz_input_open(&input, data, len))
		return;
	fuzz_pair_route(&input);
	expected = fuzz_player_for(it.expected, &input);
	actual = fuzz_player_for(it.actual, &input);
	if (expected == NULL || actual == NULL || is_at_a_loss(expected))
		return;
	rules = rules_of(expected, actual);
	if (it.is_exact) {
		play_exactly(expected, actual, &input);
		fuzz_player_end(actual);
		fuzz_player_reset(expected);
		return;
	}
	eq = conf_equivalence_new(&actual->settings, &rules);
	if (eq != NULL) {
		play_renamed(eq, expected, actual, &input);
		if (actual->masq == NULL)
			conf_equivalence_map(eq, count_name, NULL);
	}
	conf_equivalence_free(eq);
	fuzz_player_end(actual);
	fuzz_player_reset(expected);
}
