/* SPDX-License-Identifier: Apache-2.0 */
/* diff_ready.c - the engines of many inputs: opened once, brought back */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "diff_many.h"

void many_close(struct many *m)
{
	conf_engine_close(&m->diff.expected.engine);
	conf_engine_close(&m->diff.actual.engine);
	for (size_t i = 0; i < m->open_for.num_settings; i++) {
		free((char *)(uintptr_t)m->open_for.settings[i].key);
		free((char *)(uintptr_t)m->open_for.settings[i].value);
	}
	free((struct conf_setting *)(uintptr_t)m->open_for.settings);
	m->open_for = (struct conf_config){.settings = NULL};
}

static bool same_settings(const struct conf_config *a,
			  const struct conf_config *b)
{
	if (a->num_settings != b->num_settings)
		return false;
	for (size_t i = 0; i < a->num_settings; i++)
		if (strcmp(a->settings[i].key, b->settings[i].key) != 0 ||
		    strcmp(a->settings[i].value, b->settings[i].value) != 0)
			return false;
	return true;
}

static bool keep_settings(struct many *m, const struct conf_config *config)
{
	struct conf_setting *own = calloc(config->num_settings + 1,
					  sizeof(*own));

	m->open_for.settings = own;
	for (size_t i = 0; i < config->num_settings && own != NULL; i++) {
		own[i].key = strdup(config->settings[i].key);
		own[i].value = strdup(config->settings[i].value);
		m->open_for.num_settings++;
		if (own[i].key == NULL || own[i].value == NULL)
			return false;
	}
	return own != NULL;
}

static bool is_open(const struct cli_party *party)
{
	return party->engine.ops != NULL;
}

/* Back to the beginning; false: it has to be opened anew. */
static bool reset(struct cli_party *party)
{
	return party->engine.ops->reset != NULL &&
	       party->engine.ops->reset(party->engine.state) == CONF_OK;
}

void many_leave_out(struct many *m, const char *why)
{
	const char *last = strrchr(why, ':');
	const char *text = last != NULL && last[1] == ' ' ? last + 2 : why;
	struct reason *reasons;

	m->num_left_out++;
	for (size_t i = 0; i < m->num_reasons; i++)
		if (strcmp(m->reasons[i].text, text) == 0) {
			m->reasons[i].num++;
			return;
		}
	reasons = realloc(m->reasons, (m->num_reasons + 1) * sizeof(*reasons));
	if (reasons == NULL)
		return;
	m->reasons = reasons;
	reasons[m->num_reasons] = (struct reason){.num = 1};
	snprintf(reasons[m->num_reasons++].text, CONF_ERROR_SIZE, "%s", text);
}

/* Is there an engine for these settings? If not, *out_code says what now. */
static bool open_party(struct many *m, struct cli_party *party,
		       const char *address, const struct conf_config *config,
		       const char *name, enum cli_exit *out_code)
{
	char error[CONF_ERROR_SIZE];
	enum conf_status status = conf_engine_open(&party->engine, address,
						   config, error);

	if (status == CONF_OK)
		return true;
	rep_progress_clear(&m->progress);
	switch (status) {
	case CONF_ERR_CONFIG:
	case CONF_ERR_UNSUPPORTED:
		many_leave_out(m, error);
		*out_code = CLI_OK;
		return false;
	case CONF_ERR_UNAVAILABLE:
		printf("SKIP: %s\n", error);
		*out_code = CLI_NOTHING;
		return false;
	default:
		cli_error("%s: %s", name, error);
		*out_code = CLI_BROKEN;
		return false;
	}
}

bool many_ready(struct many *m, const struct conf_config *config,
		const char *name, enum cli_exit *out_code)
{
	struct cli_party *expected = &m->diff.expected;
	struct cli_party *actual = &m->diff.actual;

	if (is_open(expected) && is_open(actual) &&
	    same_settings(&m->open_for, config) && reset(expected) &&
	    reset(actual))
		return true;
	many_close(m);
	if (!keep_settings(m, config)) {
		cli_error("no memory for settings");
		*out_code = CLI_BROKEN;
		return false;
	}
	return open_party(m, expected, m->o->address[0], config, name,
			  out_code) &&
	       open_party(m, actual, m->o->address[1], config, name, out_code);
}
