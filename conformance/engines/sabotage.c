/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage.c - the reference engine with one known fault */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sabotage.h"

static const struct sab_fault nothing[] = {
	{.row = {.name = "none",
		 .rule = "none",
		 .text = "Nothing is wrong; the others are held against it.",
		 .profile = "linux-2.2"}},
};
static const struct sab_table sab_none = SAB_TABLE(nothing);

static const struct sab_table *const tables[] = {
	&sab_none,   &sab_sums,     &sab_header, &sab_ports,
	&sab_life,   &sab_errors,   &sab_own,    &sab_tcp,
	&sab_helper, &sab_fragment, &sab_loss,
};
#define NUM_TABLES (sizeof(tables) / sizeof(tables[0]))

void conf_sabotage_each(conf_sabotage_fn *fn, void *ctx)
{
	for (size_t t = 0; t < NUM_TABLES; t++)
		for (size_t i = 0; i < tables[t]->num; i++)
			fn(ctx, &tables[t]->faults[i].row);
}

/* The fault whose name is the first len octets; NULL if there is none. */
static const struct sab_fault *find_fault(const char *name, size_t len)
{
	for (size_t t = 0; t < NUM_TABLES; t++)
		for (size_t i = 0; i < tables[t]->num; i++) {
			const struct sab_fault *f = &tables[t]->faults[i];

			if (strlen(f->row.name) == len &&
			    memcmp(f->row.name, name, len) == 0)
				return f;
		}
	return NULL;
}

/* What stands behind the name of the fault, or what the fault shows in. */
static const char *profile_of(const struct sab_fault *fault,
			      const char *argument, size_t len)
{
	return argument[len] == ':' ? argument + len + 1 : fault->row.profile;
}

const char *conf_sabotage_profile(const char *address)
{
	const char prefix[] = "sabotage:";
	const char *argument = address + sizeof(prefix) - 1;
	const struct sab_fault *fault;
	size_t len;

	if (strncmp(address, prefix, sizeof(prefix) - 1) != 0)
		return NULL;
	len = strcspn(argument, ":");
	fault = find_fault(argument, len);
	return fault != NULL ? profile_of(fault, argument, len) : NULL;
}

static void sabotage_close(void *engine)
{
	struct sabotage *s = engine;

	if (s == NULL)
		return;
	conf_ref_ops.close(s->ref);
	free(s);
}

/* Opens the engine behind: the user's settings, then that of the fault. */
static enum conf_status open_ref(struct sabotage *s,
				 const struct conf_config *config,
				 const char *profile, char *error,
				 size_t error_size)
{
	struct conf_setting *all =
		malloc((config->num_settings + 1) * sizeof(*all));
	struct conf_config own = *config;
	char text[CONF_ERROR_SIZE];
	enum conf_status status;

	if (all == NULL) {
		snprintf(error, error_size, "no memory for settings");
		return CONF_ERR_ENGINE;
	}
	for (size_t i = 0; i < config->num_settings; i++)
		all[i] = config->settings[i];
	own.settings = all;
	own.argument = profile;
	if (s->fault->setting.key != NULL)
		all[own.num_settings++] = s->fault->setting;
	status = conf_ref_ops.open(&own, &s->ref, error, error_size);
	if (status == CONF_OK)
		status = conf_settings_read(&s->settings, &own, text);
	free(all);
	return status;
}

static enum conf_status sabotage_open(const struct conf_config *config,
				      void **out_engine, char *error,
				      size_t error_size)
{
	size_t len = strcspn(config->argument, ":");
	const struct sab_fault *fault = find_fault(config->argument, len);
	enum conf_status status;
	struct sabotage *s;

	*out_engine = NULL;
	if (fault == NULL) {
		snprintf(error, error_size,
			 "sabotage:%.80s: there is no such fault; there are "
			 "none, %s, %s and others",
			 config->argument, sab_sums.faults[0].row.name,
			 sab_header.faults[0].row.name);
		return CONF_ERR_CONFIG;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		snprintf(error, error_size, "no memory for the engine");
		return CONF_ERR_ENGINE;
	}
	s->fault = fault;
	status = open_ref(s, config, profile_of(fault, config->argument, len),
			  error, error_size);
	if (status != CONF_OK) {
		sabotage_close(s);
		return status;
	}
	*out_engine = s;
	return CONF_OK;
}

static enum conf_status sabotage_reset(void *engine)
{
	struct sabotage *s = engine;

	s->has_started = false;
	s->error[0] = '\0';
	s->count = 0;
	s->num_flows = 0;
	s->next_flow = 0;
	memset(s->ports, 0, sizeof(s->ports));
	s->held.num = 0;
	s->held.used = 0;
	return conf_ref_ops.reset(s->ref);
}

/* What the engine takes for the time. */
static uint64_t told_time(struct sabotage *s, uint64_t now)
{
	if (!s->has_started) {
		s->has_started = true;
		s->start = now;
	}
	if (s->fault->time == NULL || now < s->start)
		return now;
	return s->start + s->fault->time(now - s->start);
}

static void on_result(void *ctx, const struct conf_packet *result)
{
	struct sabotage *s = ctx;
	struct sab_packet p = {.head = *result};

	s->num_results++;
	if (s->fault->time != NULL)
		p.head.now = s->now;
	p.b = (struct masq_buf){
		.data = s->out, .len = result->len, .cap = sizeof(s->out)};
	if (result->len > sizeof(s->out)) {
		s->emit(s->ctx, result);
		return;
	}
	if (result->len > 0)
		memcpy(s->out, result->data, result->len);
	sab_learn(s, &p);
	if (s->fault->leave != NULL)
		s->fault->leave(s, &p);
	else
		sab_send(s, &p);
}

enum conf_status sab_feed(struct sabotage *s, const struct sab_packet *p)
{
	struct conf_packet packet = p->head;

	packet.data = p->b.data;
	packet.len = p->b.len;
	packet.now = told_time(s, s->now);
	return conf_ref_ops.packet(s->ref, &packet, on_result, s);
}

void sab_send(struct sabotage *s, const struct sab_packet *p)
{
	struct conf_packet packet = p->head;

	packet.data = p->b.data;
	packet.len = p->b.len;
	s->emit(s->ctx, &packet);
}

static void begin(struct sabotage *s, uint64_t now, conf_emit_fn *emit,
		  void *ctx)
{
	s->seen = (struct sab_packet){.b = {.len = 0}};
	s->num_results = 0;
	s->now = now;
	s->emit = emit;
	s->ctx = ctx;
}

static enum conf_status sabotage_packet(void *engine,
					const struct conf_packet *stimulus,
					conf_emit_fn *emit, void *ctx)
{
	struct sabotage *s = engine;
	struct sab_packet p = {.head = *stimulus};
	enum conf_status status;

	begin(s, stimulus->now, emit, ctx);
	p.b = (struct masq_buf){
		.data = s->in, .len = stimulus->len, .cap = sizeof(s->in)};
	/* What is no packet is nothing for a fault either. */
	if (stimulus->len < 20 || stimulus->len > sizeof(s->in)) {
		struct conf_packet packet = *stimulus;

		packet.now = told_time(s, stimulus->now);
		return conf_ref_ops.packet(s->ref, &packet, on_result, s);
	}
	memcpy(s->in, stimulus->data, stimulus->len);
	memcpy(s->first, stimulus->data, stimulus->len);
	s->seen = p;
	s->seen.b.data = s->first;
	status = s->fault->arrive != NULL ? s->fault->arrive(s, &p)
					  : sab_feed(s, &p);
	if (s->fault->done != NULL)
		s->fault->done(s);
	return status;
}

static enum conf_status sabotage_advance(void *engine, uint64_t now,
					 conf_emit_fn *emit, void *ctx)
{
	struct sabotage *s = engine;

	begin(s, now, emit, ctx);
	return conf_ref_ops.advance(s->ref, told_time(s, now), on_result, s);
}

static enum conf_status sabotage_dump(void *engine, enum conf_dump what,
				      conf_text_fn *text, void *ctx)
{
	struct sabotage *s = engine;

	return conf_ref_ops.dump(s->ref, what, text, ctx);
}

static const char *sabotage_error(void *engine)
{
	struct sabotage *s = engine;

	return s->error[0] != '\0' ? s->error : NULL;
}

bool sab_is_through(const struct sabotage *s, const struct sab_packet *p)
{
	return s->seen.b.len > 0 && !p->head.own_error &&
	       sab_proto(p) == sab_proto(&s->seen) &&
	       p->head.side != s->seen.head.side;
}

const struct conf_engine_ops conf_sabotage_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "sabotage",
	.capabilities = CONF_CAN_VIRTUAL_TIME | CONF_CAN_FRAGMENTS |
			CONF_CAN_DUMP | CONF_CAN_CONFIGURE | CONF_CAN_ETHERNET |
			CONF_CAN_MARK_ERRORS,
	.open = sabotage_open,
	.reset = sabotage_reset,
	.packet = sabotage_packet,
	.advance = sabotage_advance,
	.dump = sabotage_dump,
	.error = sabotage_error,
	.close = sabotage_close,
};
