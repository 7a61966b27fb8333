/* SPDX-License-Identifier: Apache-2.0 */
/*
 * equivalence_permuted_test.c - shipped captures with other names are equal
 * to the reference up to renaming; with one field changed they are not
 */
#include <stdlib.h>

#include "captures.h"
#include "equivalence/eqv.h"
#include "mutate.h"
#include "permute.h"
#include "walk.h"

#define MAX_RECORDS  600 /* of a capture that mutants are made of */
#define MUTANT_WALKS 4   /* mutants of one capture */

static uint32_t seed = 6;

static uint32_t draw(uint32_t below)
{
	return mutation_draw(&seed, below);
}

/* Writes the permuted capture; returns its number of records. */
static size_t permuted(const char *name, const struct walk_config *config,
		       uint32_t from, bool same_length, const char *out,
		       struct permute *counts)
{
	struct permute p;
	char path[512], error[CAP_ERROR_SIZE];
	size_t num;

	snprintf(path, sizeof(path), "%s/%s.pcap", PCAPS, name);
	do {
		if (!permute_read(&p, path, &config->settings, error))
			fail_msg("%s", error);
		permute_all(&p, from++, same_length);
		if (p.is_ambiguous)
			permute_cleanup(&p);
	} while (p.records == NULL);
	if (!permute_write(&p, out, error))
		fail_msg("%s", error);
	counts->num_names += p.num_names;
	counts->num_fixed += p.num_fixed;
	counts->num_changed += p.num_changed;
	counts->num_resized += p.num_resized;
	counts->num += p.num_names > 0;
	counts->max += p.num_resized > 0;
	num = p.num;
	permute_cleanup(&p);
	return num;
}

static bool must_be_same(struct walk *w)
{
	const struct conf_divergence *d = &w->divergence;

	if (!w->same)
		fail_msg("%s: stimulus %u: %s: %s, expected %s, got %s",
			 (const char *)w->ctx, (unsigned int)w->step, d->name,
			 d->field, d->expected, d->actual);
	return true;
}

static void check_all(uint32_t from, bool same_length)
{
	struct permute counts = {.num = 0};
	struct walk_list list;
	const char *out = captures_path("permuted.pcap");
	char path[600], error[CAP_ERROR_SIZE] = "";

	snprintf(path, sizeof(path), "%s", out);
	assert_true(walk_list(&list));
	for (size_t i = 0; i < list.num; i++) {
		struct walk_config config;
		struct walk walk = {
			.config = &config,
			.on_result = must_be_same,
			.ctx = list.names[i],
		};

		assert_true(walk_config(&config, list.names[i]));
		(void)permuted(list.names[i], &config, from, same_length, path,
			       &counts);
		if (!walk_run(&walk, path, error))
			fail_msg("%s: %s", list.names[i], error);
		walk_config_cleanup(&config);
	}
	print_message("%zu captures, %zu with other names: %u names, %u not "
		      "renamed, %u records changed, %u in length in %zu "
		      "captures\n",
		      list.num, counts.num, counts.num_names, counts.num_fixed,
		      counts.num_changed, counts.num_resized, counts.max);
	/* The test must not become one of nothing. */
	assert_true(list.num >= 395 && counts.num >= 350);
	assert_true(same_length || counts.max >= 80);
	free(list.names);
}

static void test_permuted(void **state)
{
	(void)state;
	check_all(1, false);
}

static void test_permuted_same_length(void **state)
{
	(void)state;
	check_all(7, true);
}

/* ---- one field changed ------------------------------------------------ */

struct mutant {
	const char *name;      /* of the capture */
	uint64_t count;        /* fields so far */
	uint64_t target;       /* the one to change; UINT64_MAX = only count */
	uint32_t pairs, flows; /* when the step began */
	bool grows[MAX_RECORDS + 2]; /* step: a name is shown first */
	uint64_t step;               /* where it was changed */
	size_t index;
	bool missed; /* or called by another name */
	struct mutation change;
};

static bool sends_own(const struct walk *w)
{
	for (size_t i = 0; i < w->sent.num_items; i++)
		if (w->sent.items[i].own_error)
			return true;
	return false;
}

static void on_step(struct walk *w)
{
	struct mutant *m = w->ctx;

	m->pairs = w->eq->pairs.num;
	m->flows = w->eq->flows.num;
	if (m->step != 0 || m->target == UINT64_MAX)
		return;
	for (size_t i = 0; i < w->recorded.num_items; i++) {
		const struct conf_result *r = &w->recorded.items[i];
		uint8_t *data = w->recorded.data + r->offset;
		struct conf_decoded decoded;
		struct eqv_parsed p;
		const struct mutation_place place = {
			.grows = m->grows[w->step],
			.has_own = sends_own(w),
		};
		const struct conf_field *f;

		conf_decode(&decoded, data, r->len);
		if (m->target >= m->count + decoded.num_fields) {
			m->count += decoded.num_fields;
			continue;
		}
		eqv_parse(&p, (struct masq_view){data, r->len}, 0);
		m->step = w->step;
		m->index = i;
		/* A field that says nothing here is passed over. */
		m->change.field[0] = '\0';
		f = &decoded.fields[m->target - m->count];
		if (mutation_is_telling(&m->change, &place, &p, f))
			mutation_apply(&m->change, data, r->len, f, &p);
		return;
	}
}

static bool on_counted(struct walk *w)
{
	struct mutant *m = w->ctx;

	m->grows[w->step] = m->pairs != w->eq->pairs.num ||
			    m->flows != w->eq->flows.num;
	for (size_t i = 0; i < w->recorded.num_items; i++) {
		struct conf_decoded decoded;

		conf_decode(
			&decoded,
			conf_result_data(&w->recorded, &w->recorded.items[i]),
			w->recorded.items[i].len);
		m->count += decoded.num_fields;
	}
	return must_be_same(&(struct walk){.same = w->same,
					   .ctx = (void *)(uintptr_t)m->name,
					   .divergence = w->divergence,
					   .step = w->step});
}

static bool on_mutant(struct walk *w)
{
	struct mutant *m = w->ctx;
	const struct conf_divergence *d = &w->divergence;

	if (m->step == 0)
		return true;
	m->missed |= m->change.field[0] != '\0' &&
		     (w->same || d->index != m->index ||
		      strcmp(d->field, m->change.field) != 0);
	if (m->missed)
		print_error(
			"%s: stimulus %u, result %zu: %s was changed; found: "
			"%s (result %zu, field %s)\n",
			m->name, (unsigned int)w->step, m->index + 1,
			m->change.field, w->same ? "nothing" : d->name,
			d->index + 1, d->field);
	return false;
}

/* What was changed how often. */
struct tally {
	char names[128][CONF_FIELD_NAME];
	unsigned int counts[128];
	unsigned int num, mutants, missed;
};

static void count_field(struct tally *t, const char *field)
{
	unsigned int i = 0;

	t->mutants++;
	while (i < t->num && strcmp(t->names[i], field) != 0)
		i++;
	if (i == 128)
		return;
	if (i == t->num)
		memcpy(t->names[t->num++], field, CONF_FIELD_NAME);
	t->counts[i]++;
}

static void mutate(const char *name, struct tally *tally)
{
	static struct mutant m;
	struct permute counts = {.num = 0};
	struct walk_config config;
	struct walk walk = {
		.config = &config,
		.on_step = on_step,
		.on_result = on_counted,
		.ctx = &m,
	};
	char path[600], error[CAP_ERROR_SIZE] = "";

	memset(&m, 0, sizeof(m));
	m.name = name;
	m.change.seed = &seed;
	m.target = UINT64_MAX;
	snprintf(path, sizeof(path), "%s", captures_path("mutant.pcap"));
	assert_true(walk_config(&config, name));
	if (permuted(name, &config, 100 + draw(100), false, path, &counts) <=
	    MAX_RECORDS) {
		uint64_t total;

		assert_true(walk_run(&walk, path, error));
		total = m.count;
		walk.on_result = on_mutant;
		for (unsigned int i = 0; total > 0 && i < MUTANT_WALKS; i++) {
			m.count = m.step = 0;
			m.missed = false;
			m.change.field[0] = '\0';
			m.target = draw((uint32_t)total);
			m.change.carry = draw(2) != 0;
			assert_true(walk_run(&walk, path, error));
			if (m.change.field[0] != '\0')
				count_field(tally, m.change.field);
			tally->missed += m.missed;
		}
	}
	walk_config_cleanup(&config);
}

static void test_mutants(void **state)
{
	static struct tally tally;
	struct walk_list list;

	(void)state;
	assert_true(walk_list(&list));
	for (size_t i = 0; i < list.num; i++)
		mutate(list.names[i], &tally);
	print_message("%u changes of %u fields, %u not found:", tally.mutants,
		      tally.num, tally.missed);
	for (unsigned int i = 0; i < tally.num; i++)
		print_message(" %s %u", tally.names[i], tally.counts[i]);
	print_message("\n");
	assert_int_equal(tally.missed, 0);
	assert_true(tally.mutants >= 500 && tally.num >= 40);
	free(list.names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_permuted),
		cmocka_unit_test(test_permuted_same_length),
		cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, captures_setup, captures_teardown);
}
