/* SPDX-License-Identifier: Apache-2.0 */
/* probe/run.c - the tables of questions, and asking all of them */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/suite.h"
#include "probe/probe.h"

static const struct probe_table *const tables[] = {
	&probe_mapping,   &probe_ports,   &probe_timers,  &probe_transport,
	&probe_icmp_rows, &probe_packets, &probe_helpers,
};
#define NUM_TABLES (sizeof(tables) / sizeof(tables[0]))

static const struct probe_row *row_at(size_t index)
{
	for (size_t t = 0; t < NUM_TABLES; t++) {
		if (index < tables[t]->num)
			return &tables[t]->rows[index];
		index -= tables[t]->num;
	}
	return NULL;
}

size_t conf_probe_num(void)
{
	size_t num = 0;

	for (size_t t = 0; t < NUM_TABLES; t++)
		num += tables[t]->num;
	return num;
}

const char *conf_probe_id(size_t index)
{
	const struct probe_row *row = row_at(index);

	return row != NULL ? row->id : NULL;
}

static void put(char *out, size_t size, const char *format, va_list args)
{
	size_t len = strlen(out);

	if (len + 1 < size)
		vsnprintf(out + len, size - len, format, args);
}

void probe_say(struct probe *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(p->fact->value, sizeof(p->fact->value), format, args);
	va_end(args);
}

void probe_add(struct probe *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (p->fact->detail[0] != '\0') {
		size_t len = strlen(p->fact->detail);

		snprintf(p->fact->detail + len, sizeof(p->fact->detail) - len,
			 "; ");
	}
	put(p->fact->detail, sizeof(p->fact->detail), format, args);
	va_end(args);
}

static void ask_one(struct probe *p, const struct probe_row *row)
{
	struct conf_fact *fact = p->fact;

	*fact = (struct conf_fact){
		.id = row->id, .title = row->title, .clause = row->clause};
	if (probe_fresh(p))
		row->ask(p);
	if (p->status == CONF_OK)
		p->ask->found(p->ask->ctx, fact);
	for (size_t i = 0; i < fact->num_evidence; i++)
		free(fact->evidence[i].data);
	fact->num_evidence = 0;
}

static bool init(struct probe *p, struct conf_fact *fact)
{
	char error[CONF_ERROR_SIZE];
	uint32_t mask;

	p->fact = fact;
	p->room = malloc(RUN_MAX_PACKET);
	p->all = calloc(p->ask->config->num_settings + 1, sizeof(*p->all));
	if (p->room == NULL || p->all == NULL)
		return false;
	/* The topology; an engine may know more keys than these. */
	if (conf_settings_read(&p->settings, p->ask->config, error) != CONF_OK)
		conf_settings_init(&p->settings);
	mask = p->settings.inside.len == 0
		       ? 0
		       : UINT32_MAX << (32 - p->settings.inside.len);
	p->a = (p->settings.inside.addr & mask) | 10;
	p->b = p->a + 1;
	p->external = p->settings.outside.addr;
	p->s1 = 0xc6336401;     /* 198.51.100.1 */
	p->s2 = 0xc6336402;     /* 198.51.100.2 */
	p->router = 0xc63364fe; /* 198.51.100.254 */
	return true;
}

enum conf_status conf_probe_run(const struct conf_probe *ask,
				char error[CONF_ERROR_SIZE])
{
	struct conf_fact *fact = calloc(1, sizeof(*fact));
	struct probe p = {.ask = ask, .error = error};
	bool good = fact != NULL && init(&p, fact);

	error[0] = '\0';
	for (size_t i = 0; good && i < conf_probe_num(); i++) {
		const struct probe_row *row = row_at(i);

		if (p.status != CONF_OK ||
		    (ask->interrupted != NULL && *ask->interrupted != 0))
			break;
		if (ask->pattern == NULL || conf_glob(ask->pattern, row->id))
			ask_one(&p, row);
	}
	probe_close(&p);
	conf_results_cleanup(&p.results);
	free(p.room);
	free(p.all);
	free(fact);
	if (good)
		return p.status;
	snprintf(error, CONF_ERROR_SIZE, "no memory for questions");
	return CONF_ERR_ENGINE;
}
