/* SPDX-License-Identifier: Apache-2.0 */
/* twin.c - the reference and the naive model as one engine */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/compare.h"
#include "conformance/registry.h"
#include "naive.h"
#include "twin.h"

enum {
	MAX_LOSSES = 32,
	MAX_TOLD = 40,    /* disagreements that are shown */
	OFTEN = 200,      /* stimuli with a comparison of tables, */
	THEN_EVERY = 100, /* and how seldom afterwards */
	TABLE_SIZE = 1 << 21,
};

struct twin_counts twin_counts;
const char *twin_input = "";
uint64_t twin_most = 1000;

static struct {
	const char *why;
	unsigned int num;
} losses[MAX_LOSSES];

struct table {
	char *text;
	size_t len;
};

struct twin {
	struct conf_engine ref;
	void *model;
	struct conf_rules rules;
	struct conf_results a, b;
	struct table ta, tb;
	uint64_t stimulus;
	bool is_over; /* the model was at a loss, or they disagreed */
	char settings[512];
};

static void count_loss(const char *why)
{
	unsigned int i = 0;

	while (i < MAX_LOSSES - 1 && losses[i].why != NULL &&
	       strcmp(losses[i].why, why) != 0)
		i++;
	losses[i].why = why;
	losses[i].num++;
}

void twin_report(const char *what)
{
	const struct twin_counts *c = &twin_counts;

	printf("%s: %llu inputs, %llu stimuli compared, %llu results the "
	       "same; %llu inputs ended early (%llu stimuli); %llu "
	       "disagree\n",
	       what, (unsigned long long)c->inputs,
	       (unsigned long long)c->stimuli, (unsigned long long)c->results,
	       (unsigned long long)c->early, (unsigned long long)c->passed,
	       (unsigned long long)c->disagree);
	printf("    %llu mappings, %llu holes of helpers, %llu payloads "
	       "edited, %llu errors translated\n",
	       (unsigned long long)c->mappings, (unsigned long long)c->holes,
	       (unsigned long long)c->edits, (unsigned long long)c->errors);
	for (unsigned int i = 0; i < MAX_LOSSES && losses[i].why != NULL; i++)
		printf("    not modelled: %s: %u\n", losses[i].why,
		       losses[i].num);
	memset(losses, 0, sizeof(losses));
	twin_counts = (struct twin_counts){0};
}

static void on_counters(void *ctx, const char *text, size_t len)
{
	static const struct {
		const char *name;
		uint64_t *sum;
	} rows[] = {
		{"entries.created", &twin_counts.mappings},
		{"entries.of-helpers", &twin_counts.holes},
		{"payloads.edited", &twin_counts.edits},
		{"icmp-errors.translated", &twin_counts.errors},
	};
	char line[128];

	(void)ctx;
	snprintf(line, sizeof(line), "%.*s", (int)len, text);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const size_t name_len = strlen(rows[i].name);

		if (strncmp(line, rows[i].name, name_len) == 0)
			*rows[i].sum += strtoull(line + name_len, NULL, 10);
	}
}

/* What the reference did while the two were compared. */
static void count_reach(struct twin *t)
{
	if (t->stimulus > 0)
		(void)t->ref.ops->dump(t->ref.state, CONF_DUMP_COUNTERS,
				       on_counters, NULL);
}

static void twin_close(void *engine)
{
	struct twin *t = engine;

	if (t == NULL)
		return;
	if (!t->is_over)
		count_reach(t);
	conf_engine_close(&t->ref);
	fuzz_naive_ops.close(t->model);
	conf_results_cleanup(&t->a);
	conf_results_cleanup(&t->b);
	free(t->ta.text);
	free(t->tb.text);
	free(t);
}

/* The settings, for reports. */
static void describe(struct twin *t, const struct conf_config *config)
{
	size_t len = 0;

	for (size_t i = 0; i < config->num_settings; i++)
		if (len < sizeof(t->settings))
			len += (size_t)snprintf(t->settings + len,
						sizeof(t->settings) - len,
						"%s%s = %s", i > 0 ? ", " : "",
						config->settings[i].key,
						config->settings[i].value);
}

static enum conf_status open_both(struct twin *t,
				  const struct conf_config *config,
				  char error[CONF_ERROR_SIZE])
{
	struct conf_setting *all = calloc(config->num_settings + 1,
					  sizeof(*all));
	struct conf_config fixed = *config;
	struct conf_settings *settings = malloc(sizeof(*settings));
	enum conf_status status = CONF_ERR_ENGINE;

	if (all != NULL && settings != NULL) {
		for (size_t i = 0; i < config->num_settings; i++)
			all[i] = config->settings[i];
		all[config->num_settings] =
			(struct conf_setting){"profile", "linux-2.2-fixed", 0};
		fixed.settings = all;
		fixed.num_settings++;
		status = conf_settings_read(settings, &fixed, error);
	}
	if (status == CONF_OK)
		status = conf_engine_open(&t->ref, "ref:linux-2.2-fixed",
					  &fixed, error);
	if (status == CONF_OK)
		status = fuzz_naive_ops.open(&fixed, &t->model, error,
					     CONF_ERROR_SIZE);
	describe(t, config);
	if (status == CONF_OK)
		t->rules = (struct conf_rules){
			.expected_marks = true,
			.actual_marks = true,
			.router = {settings->inside.addr,
				   settings->outside.addr},
		};
	free(all);
	free(settings);
	return status;
}

static enum conf_status twin_open(const struct conf_config *config,
				  void **out_engine, char *error,
				  size_t error_size)
{
	char text[CONF_ERROR_SIZE] = "no memory";
	struct twin *t = calloc(1, sizeof(*t));
	enum conf_status status = CONF_ERR_ENGINE;

	*out_engine = NULL;
	if (t != NULL) {
		t->ta.text = malloc(TABLE_SIZE);
		t->tb.text = malloc(TABLE_SIZE);
	}
	if (t != NULL && t->ta.text != NULL && t->tb.text != NULL)
		status = open_both(t, config, text);
	if (status != CONF_OK) {
		snprintf(error, error_size, "%s", text);
		twin_close(t);
		return status;
	}
	*out_engine = t;
	return CONF_OK;
}

static enum conf_status twin_reset(void *engine)
{
	struct twin *t = engine;

	t->stimulus = 0;
	t->is_over = false;
	(void)fuzz_naive_ops.reset(t->model);
	return t->ref.ops->reset(t->ref.state);
}

/* ---- disagreements --------------------------------------------------- */

static void show_results(const char *who, const struct conf_results *r)
{
	char line[CONF_MAX_SUMMARY];

	for (size_t i = 0; i < r->num_items; i++) {
		conf_summary(line, sizeof(line),
			     conf_result_data(r, &r->items[i]),
			     r->items[i].len);
		fprintf(stderr, "    %s: %s %s\n", who,
			conf_side_name(r->items[i].side), line);
	}
}

static void disagree(struct twin *t, const struct conf_packet *stimulus)
{
	char line[CONF_MAX_SUMMARY] = "time";

	t->is_over = true;
	if (++twin_counts.disagree > MAX_TOLD)
		return;
	if (stimulus != NULL)
		conf_summary(line, sizeof(line), stimulus->data, stimulus->len);
	if (t->settings[0] != '\0')
		fprintf(stderr, "[%s]\n", t->settings);
	fprintf(stderr, "%s: stimulus %llu at %llu.%09llu: %s %s\n", twin_input,
		(unsigned long long)t->stimulus,
		stimulus ? (unsigned long long)stimulus->now / 1000000000 : 0,
		stimulus ? (unsigned long long)stimulus->now % 1000000000 : 0,
		stimulus ? conf_side_name(stimulus->side) : "", line);
	fprintf(stderr, "    octets:");
	for (uint32_t i = 0; stimulus != NULL && i < stimulus->len && i < 64;
	     i++)
		fprintf(stderr, "%s%02x", i % 4 == 0 ? " " : "",
			stimulus->data[i]);
	fprintf(stderr, "\n");
}

/* To whom they go on the link, as far as that must be known. */
static bool are_hops_right(struct twin *t)
{
	for (size_t i = 0; i < t->a.num_items; i++) {
		const struct conf_result *r = &t->a.items[i];
		uint8_t mac[6];

		if (!fuzz_naive_is_hop(t->model, &t->a, r, mac))
			return false;
		twin_counts.hops += r->has_dst_mac;
	}
	return true;
}

static void compare_results(struct twin *t, const struct conf_packet *stimulus)
{
	struct conf_difference d[8];
	unsigned int num;
	size_t index;

	if (conf_compare(&t->rules, &t->a, &t->b, &index) == CONF_SAME &&
	    are_hops_right(t)) {
		twin_counts.results += t->a.num_items;
		return;
	}
	disagree(t, stimulus);
	if (twin_counts.disagree > MAX_TOLD)
		return;
	show_results("ref  ", &t->a);
	show_results("naive", &t->b);
	num = conf_differences(&t->rules, &t->a, &t->b, index, d, 8);
	for (unsigned int i = 0; i < num; i++)
		fprintf(stderr, "    %s: %s, naive %s\n", d[i].field,
			d[i].expected, d[i].actual);
}

static void on_text(void *ctx, const char *text, size_t len)
{
	struct table *t = ctx;

	if (len > TABLE_SIZE - 1 - t->len)
		len = TABLE_SIZE - 1 - t->len;
	memcpy(t->text + t->len, text, len);
	t->len += len;
	t->text[t->len] = '\0';
}

/* The first lines that differ. */
static void show_lines(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0' && strncmp(a, b, 128) == 0) {
		a += 128;
		b += 128;
	}
	fprintf(stderr, "    ref:   %.100s\n    naive: %.100s\n",
		*a != '\0' ? a : "(end)", *b != '\0' ? b : "(end)");
}

static void compare_tables(struct twin *t, const struct conf_packet *stimulus)
{
	if (t->is_over ||
	    (t->stimulus > OFTEN && t->stimulus % THEN_EVERY != 0))
		return;
	t->ta.len = t->tb.len = 0;
	(void)t->ref.ops->dump(t->ref.state, CONF_DUMP_TABLE, on_text, &t->ta);
	(void)fuzz_naive_ops.dump(t->model, CONF_DUMP_TABLE, on_text, &t->tb);
	if (t->ta.len == t->tb.len &&
	    memcmp(t->ta.text, t->tb.text, t->ta.len) == 0)
		return;
	disagree(t, stimulus);
	if (twin_counts.disagree <= MAX_TOLD)
		show_lines(t->ta.text, t->tb.text);
}

/* ---- both ------------------------------------------------------------ */

/* What the twin sends on is what the reference sent. */
static void forward_results(struct twin *t, conf_emit_fn *emit, void *ctx)
{
	for (size_t i = 0; emit != NULL && i < t->a.num_items; i++) {
		const struct conf_result *r = &t->a.items[i];
		const struct conf_packet packet = {
			.side = r->side,
			.now = r->now,
			.data = conf_result_data(&t->a, r),
			.len = r->len,
			.src_mac = r->has_src_mac ? r->src_mac : NULL,
			.dst_mac = r->has_dst_mac ? r->dst_mac : NULL,
			.own_error = r->own_error,
		};

		emit(ctx, &packet);
	}
}

static void check(struct twin *t, const struct conf_packet *stimulus)
{
	const char *why = fuzz_naive_unmodelled(t->model);

	if (why != NULL) {
		count_loss(why);
		twin_counts.early++;
		twin_counts.passed++;
		count_reach(t);
		t->is_over = true;
		return;
	}
	twin_counts.stimuli += stimulus != NULL;
	compare_results(t, stimulus);
	compare_tables(t, stimulus);
}

static enum conf_status twin_packet(void *engine,
				    const struct conf_packet *stimulus,
				    conf_emit_fn *emit, void *ctx)
{
	struct twin *t = engine;
	enum conf_status status;

	if (t->stimulus++ == 0)
		twin_counts.inputs++;
	conf_results_clear(&t->a);
	conf_results_clear(&t->b);
	status = t->ref.ops->packet(t->ref.state, stimulus, conf_results_emit,
				    &t->a);
	if (t->stimulus > twin_most && !t->is_over) {
		count_reach(t);
		t->is_over = true;
	}
	if (t->is_over) {
		twin_counts.passed++;
	} else {
		(void)fuzz_naive_ops.packet(t->model, stimulus,
					    conf_results_emit, &t->b);
		check(t, stimulus);
	}
	forward_results(t, emit, ctx);
	return status;
}

static enum conf_status twin_advance(void *engine, uint64_t now,
				     conf_emit_fn *emit, void *ctx)
{
	struct twin *t = engine;
	enum conf_status status;

	conf_results_clear(&t->a);
	conf_results_clear(&t->b);
	status = t->ref.ops->advance(t->ref.state, now, conf_results_emit,
				     &t->a);
	if (!t->is_over) {
		(void)fuzz_naive_ops.advance(t->model, now, conf_results_emit,
					     &t->b);
		if (fuzz_naive_unmodelled(t->model) == NULL)
			check(t, NULL);
	}
	forward_results(t, emit, ctx);
	return status;
}

static enum conf_status twin_dump(void *engine, enum conf_dump what,
				  conf_text_fn *text, void *ctx)
{
	struct twin *t = engine;

	return t->ref.ops->dump(t->ref.state, what, text, ctx);
}

const struct conf_engine_ops twin_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "twin",
	.capabilities = CONF_CAN_VIRTUAL_TIME | CONF_CAN_FRAGMENTS |
			CONF_CAN_DUMP | CONF_CAN_CONFIGURE | CONF_CAN_ETHERNET |
			CONF_CAN_MARK_ERRORS,
	.open = twin_open,
	.reset = twin_reset,
	.packet = twin_packet,
	.advance = twin_advance,
	.dump = twin_dump,
	.close = twin_close,
};
