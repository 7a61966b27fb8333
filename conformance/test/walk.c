/* SPDX-License-Identifier: Apache-2.0 */
/* walk.c - a recording against the reference, up to renaming, step by step */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk.h"

/* Those that the reference explains: not what other NATs did. */
static bool is_of_linux22(const char *line)
{
	return strncmp(line, "linux-2.2.26/", 13) == 0 ||
	       strncmp(line, "sessions/", 9) == 0;
}

bool walk_list(struct walk_list *list)
{
	FILE *file = fopen(PCAPS "/MANIFEST.tsv", "r");
	char line[4096];

	*list = (struct walk_list){.num = 0};
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		char *end = strstr(line, ".pcap\t");

		if (!is_of_linux22(line) || end == NULL || end - line > 90)
			continue;
		*end = '\0';
		list->names = realloc(list->names,
				      (list->num + 1) * sizeof(*list->names));
		snprintf(list->names[list->num++], 96, "%.95s", line);
	}
	if (file != NULL)
		fclose(file);
	return list->num > 0;
}

bool walk_config(struct walk_config *c, const char *name)
{
	char path[512], error[CONF_ERROR_SIZE];

	memset(c, 0, sizeof(*c));
	cap_sidecar_init(&c->sidecar);
	snprintf(path, sizeof(path), "%s/%s.conf", PCAPS, name);
	if (cap_sidecar_read(&c->sidecar, path, error) != CAP_OK)
		return false;
	c->list = calloc(c->sidecar.num_settings + 1, sizeof(*c->list));
	for (size_t i = 0; i < c->sidecar.num_settings; i++)
		c->list[i] = (struct conf_setting){
			.key = c->sidecar.settings[i].key,
			.value = c->sidecar.settings[i].value,
		};
	c->config.settings = c->list;
	c->config.num_settings = c->sidecar.num_settings;
	return conf_settings_read(&c->settings, &c->config, error) == CONF_OK;
}

void walk_config_cleanup(struct walk_config *c)
{
	cap_sidecar_cleanup(&c->sidecar);
	free(c->list);
}

/* One stimulus, or the end of time; false if it broke. */
static bool step(struct walk *w, struct conf_engine *recording,
		 struct conf_engine *ref, const struct conf_packet *stimulus,
		 uint64_t now)
{
	struct conf_packet theirs;
	enum conf_status a, b;

	conf_results_clear(&w->recorded);
	conf_results_clear(&w->sent);
	w->step++;
	if (stimulus != NULL) {
		conf_equivalence_stimulus(w->eq, stimulus, &theirs);
		a = recording->ops->packet(recording->state, stimulus,
					   conf_results_emit, &w->recorded);
		b = ref->ops->packet(ref->state, &theirs, conf_results_emit,
				     &w->sent);
	} else {
		conf_equivalence_time(w->eq, now);
		a = recording->ops->advance(recording->state, now,
					    conf_results_emit, &w->recorded);
		b = ref->ops->advance(ref->state, now, conf_results_emit,
				      &w->sent);
	}
	if (a != CONF_OK || b != CONF_OK)
		return false;
	if (w->on_step != NULL)
		w->on_step(w);
	w->same = conf_equivalence_compare(w->eq, &w->recorded, &w->sent,
					   &w->divergence);
	return true;
}

static bool walk_all(struct walk *w, struct conf_engine *recording,
		     struct conf_engine *ref, struct cap_reader *reader,
		     char error[CAP_ERROR_SIZE])
{
	struct conf_stream stream;
	struct conf_event event;
	bool done = false;

	conf_stream_init(&stream, reader, 0);
	while (!done && conf_stream_next(&stream, &event) == CAP_OK) {
		if (event.kind != CONF_EVENT_STIMULUS)
			continue;
		if (!step(w, recording, ref, &event.packet, 0)) {
			snprintf(error, CAP_ERROR_SIZE, "%s / %s",
				 conf_engine_error(recording),
				 conf_engine_error(ref));
			return false;
		}
		done = !w->on_result(w);
	}
	if (!done && stream.started) {
		if (!step(w, recording, ref, NULL, stream.last_time))
			return false;
		(void)w->on_result(w);
	}
	return true;
}

bool walk_run(struct walk *w, const char *path, char error[CAP_ERROR_SIZE])
{
	const struct conf_config *config = &w->config->config;
	const struct conf_rules rules = {
		.actual_marks = true,
		.router = {w->config->settings.inside.addr,
			   w->config->settings.outside.addr},
	};
	struct conf_engine recording = {.ops = NULL}, ref = {.ops = NULL};
	struct cap_reader *reader = NULL;
	struct cap_options options;
	char address[600];
	bool ok;

	w->step = 0;
	conf_capture_options(&w->config->settings, &options);
	snprintf(address, sizeof(address), "capture:%s", path);
	w->eq = conf_equivalence_new(&w->config->settings, &rules);
	ok = w->eq != NULL &&
	     conf_engine_open(&recording, address, config, error) == CONF_OK &&
	     conf_engine_open(&ref, "ref:linux-2.2", config, error) ==
		     CONF_OK &&
	     cap_open(path, NULL, &options, &reader, error) == CAP_OK &&
	     walk_all(w, &recording, &ref, reader, error);
	cap_close(reader);
	conf_engine_close(&recording);
	conf_engine_close(&ref);
	conf_equivalence_free(w->eq);
	conf_results_cleanup(&w->recorded);
	conf_results_cleanup(&w->sent);
	return ok;
}
