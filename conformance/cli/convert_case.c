/* SPDX-License-Identifier: Apache-2.0 */
/* convert_case.c - a case becomes a capture */
#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/suite.h"
#include "convert.h"
#include "run/evidence.h"

bool convert_open(struct convert_file *file, const char *path)
{
	size_t size = strlen(path) + 8;

	*file = (struct convert_file){.path = strdup(path),
				      .temporary = malloc(size)};
	if (file->path != NULL && file->temporary != NULL) {
		snprintf(file->temporary, size, "%s.new", path);
		file->stream = fopen(file->temporary, "w");
		if (file->stream != NULL)
			return true;
	}
	cli_error("%s: %s", path, strerror(errno));
	free(file->path);
	free(file->temporary);
	return false;
}

bool convert_close(struct convert_file *file, bool keep)
{
	bool good = ferror(file->stream) == 0;

	good = fclose(file->stream) == 0 && good;
	if (good && keep)
		good = rename(file->temporary, file->path) == 0;
	if (!good)
		cli_error("%s: %s", file->path, strerror(errno));
	if (!good || !keep)
		unlink(file->temporary);
	free(file->path);
	free(file->temporary);
	return good;
}

/* The settings beside the capture. */
static bool write_sidecar(const struct convert_options *o,
			  const struct conf_case *c)
{
	char *path = cap_sidecar_name(o->out);
	struct convert_file file;
	struct conf_config config;
	bool good = path != NULL && convert_open(&file, path);

	if (good) {
		conf_case_config(c, &config);
		fprintf(file.stream, "# %s\n", conf_case_title(c));
		for (size_t i = 0; i < config.num_settings; i++)
			fprintf(file.stream, "%s = %s\n",
				config.settings[i].key,
				config.settings[i].value);
		good = convert_close(&file, true);
	}
	free(path);
	return good;
}

static enum cli_exit play(const struct convert_options *o,
			  const struct conf_suite_case *sc)
{
	struct run_evidence evidence = {.num = 0};
	struct conf_engine engine;
	struct conf_player player = {
		.engine = &engine,
		.seen = run_evidence_seen,
		.ctx = &evidence,
	};
	struct conf_outcome outcome;
	struct conf_config config;
	char error[CONF_ERROR_SIZE];
	enum conf_status status;
	bool good;

	conf_case_config(sc->c, &config);
	status = conf_engine_open(&engine, o->engine, &config, error);
	if (status != CONF_OK) {
		cli_error("%s", error);
		return status == CONF_ERR_CONFIG ? CLI_USAGE : CLI_BROKEN;
	}
	conf_play(&player, sc->c, &outcome);
	conf_engine_close(&engine);
	if (outcome.verdict != REP_PASS)
		cli_error("%s:%u: %s: the capture ends there", o->in,
			  outcome.line, outcome.reason);
	good = !evidence.failed &&
	       run_evidence_capture(&evidence, o->out, CONF_SEEN_RESULT, error);
	if (!good)
		cli_error("%s", evidence.failed ? "no memory" : error);
	run_evidence_cleanup(&evidence);
	if (!good || !write_sidecar(o, sc->c))
		return CLI_BROKEN;
	return outcome.verdict == REP_PASS ? CLI_OK : CLI_DIFFERENT;
}

enum cli_exit convert_case(const struct convert_options *o)
{
	const struct conf_suite_case *found = NULL;
	char error[CONF_ERROR_SIZE];
	struct conf_suite suite;
	enum cli_exit code = CLI_USAGE;

	if (conf_suite_load_file(&suite, o->in, error) != CONF_OK) {
		cli_error("%s", error);
		return CLI_BROKEN;
	}
	for (size_t i = 0; i < suite.num_cases; i++)
		if (o->id == NULL ? suite.num_cases == 1
				  : strcmp(suite.cases[i].id, o->id) == 0)
			found = &suite.cases[i];
	if (found != NULL)
		code = play(o, found);
	else
		cli_error("%s: holds %zu cases, give one as --id, such as %s",
			  o->in, suite.num_cases, suite.cases[0].id);
	conf_suite_cleanup(&suite);
	return code;
}
