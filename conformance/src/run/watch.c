/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.c - the invariants, watched while a case is played
 *
 * The only file of the runner that knows the checker.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/model.h"
#include "conformance/invariants.h"
#include "run/watch.h"

struct run_watch {
	struct conf_checker *checker;
	struct conf_outcome *out;
};

static void on_violation(void *ctx, const struct conf_violation *v)
{
	struct run_watch *watch = ctx;
	struct conf_outcome *out = watch->out;
	size_t i = out->num_violations;

	if (i == CONF_MAX_VIOLATIONS)
		return;
	snprintf(out->violations[i], sizeof(out->violations[i]), "%s: %s",
		 v->invariant->id, v->text);
	out->num_violations++;
}

static bool is_known(const struct conf_setting *setting)
{
	for (size_t k = 0; k < conf_num_keys; k++) {
		const char *name = conf_keys[k].name;
		size_t len = strlen(name);
		bool prefix = name[len - 1] == '.';

		if (prefix ? strncmp(setting->key, name, len) == 0
			   : strcmp(setting->key, name) == 0)
			return true;
	}
	return false;
}

static size_t add_known(struct conf_setting *out,
			const struct conf_setting *list, size_t num)
{
	size_t num_known = 0;

	for (size_t i = 0; i < num; i++)
		if (is_known(&list[i]))
			out[num_known++] = list[i];
	return num_known;
}

/* The settings as far as they are known here; false without memory. */
static bool read_settings(const struct conf_case *c,
			  const struct conf_player *player,
			  struct conf_settings *out)
{
	struct conf_setting *known =
		calloc(c->num_settings + player->num_extra + 1, sizeof(*known));
	struct conf_config config = {.settings = known};
	char error[CONF_ERROR_SIZE];

	if (known == NULL)
		return false;
	config.num_settings = add_known(known, c->settings, c->num_settings);
	config.num_settings += add_known(known + config.num_settings,
					 player->extra, player->num_extra);
	if (conf_settings_read(out, &config, error) != CONF_OK)
		conf_settings_init(out);
	free(known);
	return true;
}

struct run_watch *run_watch_new(const struct conf_case *c,
				const struct conf_player *player,
				struct conf_outcome *out)
{
	struct run_watch *watch = calloc(1, sizeof(*watch));
	struct conf_settings settings;

	if (watch == NULL)
		return NULL;
	watch->out = out;
	if (read_settings(c, player, &settings))
		watch->checker = conf_checker_open(&settings,
						   player->engine->address,
						   on_violation, watch);
	if (watch->checker != NULL)
		return watch;
	free(watch);
	return NULL;
}

void run_watch_free(struct run_watch *watch)
{
	if (watch == NULL)
		return;
	conf_checker_free(watch->checker);
	free(watch);
}

void run_watch_stimulus(struct run_watch *watch,
			const struct conf_packet *stimulus)
{
	if (watch != NULL)
		conf_checker_stimulus(watch->checker, stimulus);
}

void run_watch_result(struct run_watch *watch, const struct conf_packet *result)
{
	if (watch != NULL)
		conf_checker_result(watch->checker, result);
}

void run_watch_end(struct run_watch *watch, uint64_t now)
{
	if (watch != NULL)
		conf_checker_end(watch->checker, now);
}
