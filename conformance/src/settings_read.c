/* SPDX-License-Identifier: Apache-2.0 */
/* settings_read.c - from keys and values to settings, with good errors */
#include <stdio.h>
#include <string.h>

#include "settings_parse.h"

#define MAX_KEY 64 /* longest key that a suggestion is looked for */

/* Is name what the row is about? */
static bool row_is(const struct conf_key *key, const char *name)
{
	size_t len = strlen(key->name);

	if (len > 0 && key->name[len - 1] == '.')
		return strncmp(name, key->name, len) == 0;
	return strcmp(name, key->name) == 0;
}

/* How many single-letter changes lead from a to b (Levenshtein). */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[MAX_KEY + 1];
	size_t len = strlen(b);

	for (size_t j = 0; j <= len; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i + 1;
		for (size_t j = 0; j < len; j++) {
			unsigned int best = diagonal + (a[i] != b[j]);

			if (best > row[j] + 1)
				best = row[j] + 1;
			if (best > row[j + 1] + 1)
				best = row[j + 1] + 1;
			diagonal = row[j + 1];
			row[j + 1] = best;
		}
	}
	return row[len];
}

/* The best candidate so far. */
struct nearest {
	const char *name;
	unsigned int distance;
	char best[MAX_KEY + 1];
};

static void consider(struct nearest *n, const char *candidate)
{
	unsigned int d;

	if (strlen(candidate) > MAX_KEY)
		return;
	d = distance(n->name, candidate);
	if (d < n->distance) {
		n->distance = d;
		snprintf(n->best, sizeof(n->best), "%s", candidate);
	}
}

/* Writes "; did you mean ...", if a key is near enough, else "". */
static void suggest(const char *name, char *out, size_t size)
{
	struct nearest n = {.name = name, .distance = 4};
	char full[MAX_KEY + 1];

	out[0] = '\0';
	if (strlen(name) > MAX_KEY)
		return;
	for (size_t i = 0; i < conf_num_keys; i++)
		if (!row_is(&conf_keys[i], "quirk."))
			consider(&n, conf_keys[i].name);
	for (unsigned int i = 0; i < conf_num_quirks(); i++) {
		snprintf(full, sizeof(full), "quirk.%s",
			 conf_quirk_at(i)->name);
		consider(&n, full);
	}
	if (n.best[0] != '\0')
		snprintf(out, size, "; did you mean \"%s\"?", n.best);
	else
		snprintf(out, size, "; \"masqcheck help config\" lists them");
}

void conf_settings_where(const struct conf_config *config, const char *key,
			 unsigned int line, char *out, size_t size)
{
	const char *origin = config->origin != NULL ? config->origin : "line ";

	if (line == 0)
		snprintf(out, size, "setting %s", key);
	else
		snprintf(out, size, "%s%s%u: %s", origin,
			 config->origin != NULL ? ":" : "", line, key);
}

static enum conf_status refuse(const struct conf_config *config,
			       const struct conf_setting *setting,
			       const char *expected,
			       char error[CONF_ERROR_SIZE])
{
	char where[256];

	conf_settings_where(config, setting->key, setting->line, where,
			    sizeof(where));
	snprintf(error, CONF_ERROR_SIZE, "%s: read \"%.80s\", expected %s",
		 where, setting->value, expected);
	return CONF_ERR_CONFIG;
}

static enum conf_status refuse_key(const struct conf_config *config,
				   const struct conf_setting *setting,
				   char error[CONF_ERROR_SIZE])
{
	char hint[128], where[256];

	suggest(setting->key, hint, sizeof(hint));
	conf_settings_where(config, setting->key, setting->line, where,
			    sizeof(where));
	snprintf(error, CONF_ERROR_SIZE, "%s: there is no such key%s", where,
		 hint);
	return CONF_ERR_CONFIG;
}

/* Is name "quirk." with something unknown behind it? */
static bool is_unknown_quirk(const char *name)
{
	if (strncmp(name, "quirk.", 6) != 0)
		return false;
	for (unsigned int i = 0; i < conf_num_quirks(); i++)
		if (strcmp(conf_quirk_at(i)->name, name + 6) == 0)
			return false;
	return true;
}

static enum conf_status apply(struct conf_settings *settings,
			      const struct conf_config *config,
			      const struct conf_setting *setting,
			      char error[CONF_ERROR_SIZE])
{
	struct conf_assign assign = {
		.name = setting->key,
		.value = setting->value,
		.line = setting->line,
		.out = settings,
	};

	for (size_t i = 0; i < conf_num_keys && assign.key == NULL; i++)
		if (row_is(&conf_keys[i], setting->key))
			assign.key = &conf_keys[i];
	if (assign.key == NULL || is_unknown_quirk(setting->key))
		return refuse_key(config, setting, error);
	if (assign.key->parse(&assign))
		return CONF_OK;
	return refuse(config, setting,
		      assign.expected[0] != '\0' ? assign.expected
						 : assign.key->values,
		      error);
}

enum conf_status conf_settings_read(struct conf_settings *settings,
				    const struct conf_config *config,
				    char error[CONF_ERROR_SIZE])
{
	conf_settings_init(settings);
	for (size_t i = 0; i < config->num_settings; i++) {
		enum conf_status status = apply(settings, config,
						&config->settings[i], error);

		if (status != CONF_OK)
			return status;
	}
	conf_settings_complete(settings);
	return CONF_OK;
}
