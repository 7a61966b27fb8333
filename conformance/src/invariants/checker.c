/* SPDX-License-Identifier: Apache-2.0 */
/* checker.c - a checker: made, switched, told of packets */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "checker.h"
#include "conformance/registry.h"
#include "conformance/sabotage.h"

#define MAX_TEXT 256

/* The index of an invariant; NUM_INV if there is none of that name. */
static size_t find_invariant(const char *id)
{
	size_t i = 0;

	while (i < NUM_INV && strcmp(conf_invariants[i].id, id) != 0)
		i++;
	return i;
}

static bool is_about(const struct conf_exception *exception, size_t index)
{
	return strcmp(exception->id, conf_invariants[index].id) == 0;
}

/* Back to what the settings say about an invariant. */
static void restore(struct conf_checker *c, size_t index)
{
	c->is_on[index] = true;
	for (size_t i = 0; i < NUM_EX; i++) {
		const struct conf_exception *x = &conf_exceptions[i];

		if (!is_about(x, index))
			continue;
		c->is_excused[i] = conf_exception_holds(x, &c->settings);
		if (c->is_excused[i] && x->is_whole)
			c->is_on[index] = false;
	}
}

struct conf_checker *conf_checker_new(const struct conf_settings *settings,
				      conf_violation_fn *on_violation,
				      void *ctx)
{
	struct conf_checker *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->octets = malloc(INV_MAX_OCTETS);
	if (c->octets == NULL) {
		free(c);
		return NULL;
	}
	c->settings = *settings;
	c->quirks = conf_settings_quirks(settings);
	inv_note_helper_ports(c);
	c->on_violation = on_violation;
	c->ctx = ctx;
	conf_results_init(&c->results);
	for (size_t i = 0; i < NUM_INV; i++)
		restore(c, i);
	return c;
}

void conf_checker_free(struct conf_checker *c)
{
	if (c == NULL)
		return;
	conf_results_cleanup(&c->results);
	inv_reassembly_cleanup(&c->in);
	inv_reassembly_cleanup(&c->out);
	shadow_cleanup(&c->shadow);
	free(c->octets);
	free(c);
}

void conf_checker_reset(struct conf_checker *c)
{
	conf_results_clear(&c->results);
	inv_reassembly_clear(&c->in);
	inv_reassembly_clear(&c->out);
	shadow_clear(&c->shadow);
	inv_own_clear(&c->rate);
	c->has_left = c->has_cut = false;
	c->num_claims = 0;
	c->has_stimulus = false;
	c->seen = (struct conf_seen){0};
	c->num_stimuli = c->now = c->last_fragment = c->taint_all = 0;
}

bool conf_checker_switch(struct conf_checker *c, const char *id, bool on)
{
	size_t index = find_invariant(id);

	if (index == NUM_INV)
		return false;
	restore(c, index);
	c->is_on[index] &= on;
	return true;
}

struct conf_checker *conf_checker_open(const struct conf_settings *settings,
				       const char *address,
				       conf_violation_fn *on_violation,
				       void *ctx)
{
	const char *profile = conf_sabotage_profile(address);
	const bool is_foreign = conf_is_foreign(address);
	struct conf_settings own = *settings;
	struct conf_checker *c;

	if (strncmp(address, "ref:", 4) == 0)
		profile = address + 4;
	if (is_foreign)
		own.profile = CONF_PROFILE_LINUX22_FIXED;
	if (profile != NULL)
		(void)conf_profile_find(profile, &own.profile);
	c = conf_checker_new(&own, on_violation, ctx);
	if (c != NULL && is_foreign)
		(void)conf_checker_switch(c, "INV-29", false);
	return c;
}

bool conf_checker_force(struct conf_checker *c, const char *id)
{
	size_t index = find_invariant(id);

	if (index == NUM_INV)
		return false;
	c->is_on[index] = true;
	for (size_t i = 0; i < NUM_EX; i++)
		if (is_about(&conf_exceptions[i], index))
			c->is_excused[i] = false;
	return true;
}

const char *conf_checker_exception(const struct conf_checker *c, const char *id)
{
	for (size_t i = 0; i < NUM_EX; i++)
		if (conf_exceptions[i].is_whole && c->is_excused[i] &&
		    strcmp(conf_exceptions[i].id, id) == 0)
			return conf_exceptions[i].reason;
	return NULL;
}

void conf_checker_stimulus(struct conf_checker *c,
			   const struct conf_packet *stimulus)
{
	conf_results_clear(&c->results);
	c->has_stimulus = stimulus != NULL;
	if (stimulus == NULL)
		return;
	c->num_stimuli++;
	c->stimulus = *stimulus;
	c->stimulus.data = c->octets;
	if (c->stimulus.len > INV_MAX_OCTETS)
		c->stimulus.len = INV_MAX_OCTETS;
	if (c->stimulus.len > 0)
		memcpy(c->octets, stimulus->data, c->stimulus.len);
}

void conf_checker_result(void *checker, const struct conf_packet *result)
{
	struct conf_checker *c = checker;

	conf_results_emit(&c->results, result);
}

void conf_checker_end(struct conf_checker *c, uint64_t now)
{
	c->now = now;
	/* Without memory for the results nothing is known of the step. */
	if (!c->results.failed)
		inv_step(c);
	c->has_stimulus = false;
}

void conf_checker_step(struct conf_checker *c,
		       const struct conf_packet *stimulus, uint64_t now,
		       const struct conf_results *results)
{
	conf_checker_stimulus(c, stimulus);
	for (size_t i = 0; i < results->num_items; i++) {
		const struct conf_result *r = &results->items[i];
		const struct conf_packet packet = {
			.side = r->side,
			.now = r->now,
			.data = conf_result_data(results, r),
			.len = r->len,
			.own_error = r->own_error,
		};

		conf_checker_result(c, &packet);
	}
	conf_checker_end(c, now);
}

void conf_checker_seen(const struct conf_checker *c, struct conf_seen *out)
{
	*out = c->seen;
}

void inv_fail(struct conf_checker *c, enum inv_index index, const char *format,
	      ...)
{
	char text[MAX_TEXT];
	struct conf_violation violation = {
		.invariant = &conf_invariants[index],
		.stimulus = c->has_stimulus ? c->num_stimuli : 0,
		.now = c->now,
		.text = text,
	};
	va_list args;

	if (!c->is_on[index])
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	c->on_violation(c->ctx, &violation);
}
