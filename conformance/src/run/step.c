/* SPDX-License-Identifier: Apache-2.0 */
/* step.c - playing a case: time, stimuli, what the engine sends */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "run/play.h"
#include "run/watch.h"

#define MAX_REPEAT 1000000

static bool set_verdict(struct run_play *play, enum rep_verdict verdict,
			struct case_pos pos, const char *format, va_list args)
{
	struct conf_outcome *out = play->out;
	const char *line;
	size_t len;

	if (out->verdict != REP_NONE)
		return false;
	out->verdict = verdict;
	out->line = pos.line;
	vsnprintf(out->reason, sizeof(out->reason), format, args);
	if (pos.line > 0) {
		line = case_line(play->c, pos.line, &len);
		snprintf(out->what, sizeof(out->what), "%.*s",
			 (int)(len < 250 ? len : 250), line);
	}
	return false;
}

bool run_error(struct run_play *play, struct case_pos pos, const char *format,
	       ...)
{
	va_list args;

	va_start(args, format);
	set_verdict(play, REP_ERROR, pos, format, args);
	va_end(args);
	return false;
}

bool run_fail(struct run_play *play, struct case_pos pos, const char *format,
	      ...)
{
	va_list args;

	va_start(args, format);
	set_verdict(play, REP_FAIL, pos, format, args);
	va_end(args);
	return false;
}

static void on_result(void *ctx, const struct conf_packet *result)
{
	struct run_play *play = ctx;

	conf_results_emit(&play->results, result);
	play->num_results++;
	run_watch_result(play->watch, result);
	if (play->player->seen != NULL)
		play->player->seen(play->player->ctx, CONF_SEEN_RESULT, result);
}

static bool check_engine(struct run_play *play, enum conf_status status,
			 struct case_pos pos)
{
	if (status != CONF_OK)
		return run_error(play, pos, "engine: %s",
				 conf_engine_error(play->player->engine));
	if (play->results.failed)
		return run_error(play, pos, "no memory for the results");
	return true;
}

static bool advance(struct run_play *play, struct case_pos pos)
{
	const struct conf_engine *engine = play->player->engine;
	uint64_t now = play->c->start + play->now;
	enum conf_status status;

	run_watch_stimulus(play->watch, NULL);
	status = engine->ops->advance(engine->state, now, on_result, play);
	run_watch_end(play->watch, now);
	return check_engine(play, status, pos);
}

/* How the stimulus arrived: what the line says of the link. */
static void set_link(struct conf_packet *packet, const struct case_packet *spec)
{
	for (const struct case_field *f = spec->fields; f != NULL;
	     f = f->next) {
		if (f->id == FIELD_CAST)
			packet->cast = (enum conf_cast)f->value->number;
		if (f->id == FIELD_MAC)
			packet->src_mac = f->bytes.data;
	}
}

static bool stimulate(struct run_play *play, const struct case_stmt *stmt)
{
	const struct conf_engine *engine = play->player->engine;
	struct conf_packet packet;
	enum conf_status status;

	if (!run_make_stimulus(play, stmt->side, stmt->packet))
		return false;
	if (!run_set_label(play, stmt->packet->label,
			   masq_view_of(&play->packet), false))
		return run_error(play, stmt->pos, "no memory for a label");
	packet = (struct conf_packet){
		.side = stmt->side,
		.now = play->c->start + play->now,
		.data = play->packet.data,
		.len = play->packet.len,
	};
	set_link(&packet, stmt->packet);
	play->num_stimuli++;
	if (play->player->seen != NULL)
		play->player->seen(play->player->ctx, CONF_SEEN_STIMULUS,
				   &packet);
	run_watch_stimulus(play->watch, &packet);
	status = engine->ops->packet(engine->state, &packet, on_result, play);
	run_watch_end(play->watch, packet.now);
	return check_engine(play, status, stmt->pos);
}

bool run_step(struct run_play *play, const struct case_stmt *stmt)
{
	uint64_t now = play->now;

	if (stmt->time == TIME_AT)
		now = stmt->ns;
	else if (stmt->time == TIME_PLUS)
		now += stmt->ns;
	if (now < play->now)
		return run_error(play, stmt->pos, "time cannot go back");
	play->now = now;
	conf_results_clear(&play->results);
	play->stimulus = (struct run_stimulus){.is_set = false};
	if (stmt->packet == NULL || stmt->time != TIME_SAME)
		if (!advance(play, stmt->pos))
			return false;
	if (stmt->packet != NULL && !stimulate(play, stmt))
		return false;
	return run_match(play, stmt->gets, stmt->pos);
}

static bool run_body(struct run_play *play, const struct case_stmt *stmt);

static bool repeat(struct run_play *play, const struct case_stmt *stmt)
{
	int64_t times;

	if (!run_value(play, stmt->a, &times))
		return false;
	if (times < 0 || times > MAX_REPEAT)
		return run_error(play, stmt->pos, "a repeat has 0 to %d rounds",
				 MAX_REPEAT);
	for (int64_t i = 0; i < times; i++) {
		const struct run_var var = {.name = stmt->name, .value = i};

		run_var_forget(&play->vars, stmt->name, 0);
		if (!run_var_set(&play->vars, &var))
			return run_error(play, stmt->pos, "no memory");
		if (!run_body(play, stmt->body))
			return false;
	}
	run_var_forget(&play->vars, stmt->name, 0);
	return true;
}

/* A packet that is not sent: only its label. */
static bool define(struct run_play *play, const struct case_stmt *stmt)
{
	const struct case_expr *source = stmt->packet->saddr;
	enum conf_side side = CONF_INSIDE;
	int64_t addr;

	if (source != NULL && run_eval(play, source, &addr) == RUN_EVAL_OK)
		side = run_side_of(play, (uint32_t)addr);
	return run_make_stimulus(play, side, stmt->packet) &&
	       run_set_label(play, stmt->name, masq_view_of(&play->packet),
			     false);
}

static bool forget(struct run_play *play, const struct case_stmt *stmt)
{
	int64_t index = 0;

	if (stmt->a->op != CASE_VARIABLE)
		return run_error(play, stmt->pos,
				 "only $NAME can be forgotten");
	if (stmt->a->left != NULL && !run_value(play, stmt->a->left, &index))
		return false;
	run_var_forget(&play->vars, stmt->a->name, index);
	return true;
}

static bool run_stmt(struct run_play *play, const struct case_stmt *stmt)
{
	switch (stmt->kind) {
	case STMT_STEP:
		return run_step(play, stmt);
	case STMT_PACKET:
		return define(play, stmt);
	case STMT_CONNECT:
		return run_connect(play, stmt);
	case STMT_MAY_EQUAL:
		return run_var_pair(&play->vars, stmt->name, stmt->other) ||
		       run_error(play, stmt->pos, "no memory");
	case STMT_CHECK:
		return run_check(play, stmt);
	case STMT_FORGET:
		return forget(play, stmt);
	case STMT_REPEAT:
		return repeat(play, stmt);
	}
	return false;
}

static bool run_body(struct run_play *play, const struct case_stmt *stmt)
{
	for (; stmt != NULL; stmt = stmt->next)
		if (!run_stmt(play, stmt))
			return false;
	return true;
}

/* The router's addresses: keys that only some engine knows do not matter. */
static void learn_router(struct run_play *play)
{
	struct conf_setting known[CASE_MAX_SETS];
	struct conf_config config = {.settings = known};
	struct conf_settings settings;
	char error[CONF_ERROR_SIZE];

	for (size_t i = 0; i < play->c->num_settings; i++)
		if (strncmp(play->c->settings[i].key, "inside.", 7) == 0 ||
		    strncmp(play->c->settings[i].key, "outside.", 8) == 0)
			known[config.num_settings++] = play->c->settings[i];
	if (conf_settings_read(&settings, &config, error) != CONF_OK)
		conf_settings_init(&settings);
	play->nat = settings.outside.addr;
	play->router = settings.inside.addr;
	play->inside_mask = UINT32_MAX << (32 - settings.inside.len);
	play->inside_net = play->router & play->inside_mask;
}

static bool allocate(struct run_play *play)
{
	const uint32_t big = 3 * RUN_BUFFER;

	play->packet.data = malloc(RUN_BUFFER + big);
	play->packet.cap = RUN_BUFFER + big;
	play->whole.data = malloc(RUN_BUFFER + big);
	play->whole.cap = RUN_BUFFER + big;
	play->payload.data = malloc(big);
	play->payload.cap = big;
	play->labels = calloc(play->c->num_names + 1, sizeof(*play->labels));
	return play->packet.data != NULL && play->whole.data != NULL &&
	       play->payload.data != NULL && play->labels != NULL;
}

static void cleanup(struct run_play *play)
{
	for (size_t i = 0; play->labels != NULL && i < play->c->num_names; i++)
		free(play->labels[i].octets);
	free(play->labels);
	free(play->packet.data);
	free(play->whole.data);
	free(play->payload.data);
	run_vars_cleanup(&play->vars);
	run_conns_cleanup(&play->conns);
	conf_results_cleanup(&play->results);
}

static uint64_t clock_now(void)
{
	struct timespec t;

	if (timespec_get(&t, TIME_UTC) == 0)
		return 0;
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

/* What is left to be said when the last line has been played. */
static void conclude(struct run_play *play)
{
	static const struct case_pos nowhere = {.line = 0, .column = 0};
	struct conf_outcome *out = play->out;

	if (out->verdict == REP_NONE && out->num_violations > 0)
		(void)run_fail(play, nowhere, "%s", out->violations[0]);
	if (out->verdict == REP_NONE && play->num_results == 0)
		(void)run_error(play, nowhere,
				"no packet came out of the NAT in the whole "
				"case: nothing was proved");
	if (out->verdict == REP_NONE)
		out->verdict = REP_PASS;
	out->num_stimuli = play->num_stimuli;
	out->num_results = play->num_results;
}

void conf_play(const struct conf_player *player, const struct conf_case *c,
	       struct conf_outcome *out)
{
	static const struct case_pos nowhere = {.line = 0, .column = 0};
	struct run_play play = {
		.c = c, .player = player, .out = out, .next_id = 1};
	uint64_t started = clock_now();

	*out = (struct conf_outcome){.verdict = REP_NONE};
	learn_router(&play);
	if (!allocate(&play)) {
		(void)run_error(&play, nowhere, "no memory for the case");
	} else {
		if (player->invariants)
			play.watch = run_watch_new(c, player, out);
		(void)run_body(&play, c->body);
		conclude(&play);
		run_watch_free(play.watch);
	}
	cleanup(&play);
	out->duration = clock_now() - started;
}
