/* SPDX-License-Identifier: Apache-2.0 */
/* diff_open.c - the engines, the map and the waivers of a comparison */
#define _GNU_SOURCE /* asprintf */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diff.h"

/* A recording is what is expected; of two engines, the first is. */
unsigned int cli_diff_expected(const struct diff_options *o)
{
	return conf_capture_path(o->address[0]) == NULL &&
			       conf_capture_path(o->address[1]) != NULL
		       ? 1
		       : 0;
}

static enum cli_exit open_party(struct cli_party *party, const char *address,
				const struct diff_options *o,
				const struct conf_config *config,
				const struct conf_settings *settings)
{
	char error[CONF_ERROR_SIZE];
	enum conf_status status = conf_engine_open(&party->engine, address,
						   config, error);

	if (status == CONF_ERR_UNAVAILABLE) {
		printf("SKIP: %s\n", error);
		return CLI_NOTHING;
	}
	if (status != CONF_OK) {
		cli_error("%s", error);
		return cli_config_exit(&o->config, status, error);
	}
	if (o->check && !cli_check_open(&party->check, settings, address,
					o->max_violations))
		return CLI_BROKEN;
	return CLI_OK;
}

enum cli_exit cli_diff_open(struct cli_diff *d, const struct diff_options *o,
			    const struct conf_config *config,
			    const struct conf_settings *settings)
{
	unsigned int first = cli_diff_expected(o);
	enum cli_exit code = open_party(&d->expected, o->address[first], o,
					config, settings);

	if (code == CLI_OK)
		code = open_party(&d->actual, o->address[1 - first], o, config,
				  settings);
	return code;
}

static bool marks(const struct cli_party *party)
{
	return (party->engine.ops->capabilities & CONF_CAN_MARK_ERRORS) != 0;
}

enum cli_exit cli_diff_begin(struct cli_diff *d, const struct diff_options *o,
			     const struct conf_settings *settings)
{
	d->rules = (struct conf_rules){
		.strict_ids = o->strict_ids,
		.router = {settings->inside.addr, settings->outside.addr},
		.expected_marks = marks(&d->expected),
		.actual_marks = marks(&d->actual),
	};
	d->lag = settings->lag;
	if (o->exact)
		return CLI_OK;
	d->equivalence = conf_equivalence_new(settings, &d->rules);
	if (d->equivalence != NULL)
		return CLI_OK;
	cli_error("no memory for the map of names");
	return CLI_BROKEN;
}

/* The profile of a kind of engine, if there is one; heap. */
static char *find_profile(const char *kind)
{
	static const char *const places[] = {MASQCHECK_PEERS_SOURCE,
					     MASQCHECK_PEERS_INSTALLED};
	char *path;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (asprintf(&path, "%s/%s.waive", places[i], kind) < 0)
			return NULL;
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

/* What is known of a peer, when it is held against the reference. */
static char *profile_of(const struct diff_options *o)
{
	for (unsigned int i = 0; i < 2; i++) {
		const struct conf_kind *kind = conf_kind_find(o->address[i]);
		const struct conf_kind *other =
			conf_kind_find(o->address[1 - i]);

		if (kind == NULL || other == NULL || kind == other ||
		    strcmp(other->name, "ref") != 0)
			continue;
		return find_profile(kind->name);
	}
	return NULL;
}

enum cli_exit cli_diff_read_waivers(struct cli_diff *d,
				    const struct diff_options *o)
{
	char error[CONF_ERROR_SIZE];
	enum cli_exit code = CLI_OK;
	char *profile = NULL;
	const char *path = o->waivers;

	if (path == NULL && !o->exact && !o->no_profile)
		path = profile = profile_of(o);
	if (path == NULL)
		return CLI_OK;
	if (conf_waivers_read(&d->waivers, path, error) != CONF_OK) {
		cli_error("%s", error);
		code = CLI_BROKEN;
	} else if (profile != NULL && !o->json) {
		printf("what is known of this peer is waived (--no-profile: "
		       "it is not): %s\n",
		       profile);
	}
	free(profile);
	return code;
}
