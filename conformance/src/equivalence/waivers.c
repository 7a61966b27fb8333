/* SPDX-License-Identifier: Apache-2.0 */
/* waivers.c - classes of differences that are known and accepted */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/waivers.h"

/* Cuts "[GLOB]" off the reason. */
static bool take_engine(struct conf_waiver *w)
{
	const char *end = strchr(w->reason, ']');
	size_t len;

	if (w->reason[0] != '[')
		return true;
	if (end == NULL || end == w->reason + 1)
		return false;
	len = (size_t)(end - w->reason) - 1;
	w->engine = malloc(len + 1);
	if (w->engine == NULL)
		return false;
	memcpy(w->engine, w->reason + 1, len);
	w->engine[len] = '\0';
	w->reason = end + 1 + strspn(end + 1, " \t");
	return w->reason[0] != '\0';
}

enum conf_status conf_waivers_read(struct conf_waivers *waivers,
				   const char *path,
				   char error[CONF_ERROR_SIZE])
{
	enum conf_status status;

	*waivers = (struct conf_waivers){.num = 0};
	status = conf_baseline_read(&waivers->file, path, error);
	if (status != CONF_OK)
		return status;
	waivers->items = calloc(waivers->file.num + 1, sizeof(*waivers->items));
	if (waivers->items == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "%.300s: no memory", path);
		conf_waivers_cleanup(waivers);
		return CONF_ERR_ENGINE;
	}
	for (size_t i = 0; i < waivers->file.num; i++) {
		struct conf_waiver *w = &waivers->items[waivers->num++];

		w->name = waivers->file.items[i].glob;
		w->reason = waivers->file.items[i].reason;
		w->line = waivers->file.items[i].line;
		if (take_engine(w))
			continue;
		snprintf(error, CONF_ERROR_SIZE,
			 "%.300s:%u: read \"%.80s\", expected "
			 "CLASS [ENGINE] reason",
			 path, w->line, waivers->file.items[i].reason);
		conf_waivers_cleanup(waivers);
		return CONF_ERR_CONFIG;
	}
	return CONF_OK;
}

void conf_waivers_cleanup(struct conf_waivers *waivers)
{
	for (size_t i = 0; i < waivers->num; i++)
		free(waivers->items[i].engine);
	free(waivers->items);
	conf_baseline_cleanup(&waivers->file);
	*waivers = (struct conf_waivers){.num = 0};
}

const struct conf_waiver *conf_waivers_match(struct conf_waivers *waivers,
					     const char *name,
					     const char *expected,
					     const char *actual)
{
	for (size_t i = 0; i < waivers->num; i++) {
		struct conf_waiver *w = &waivers->items[i];

		if (!conf_glob(w->name, name) ||
		    (w->engine != NULL && !conf_glob(w->engine, expected) &&
		     !conf_glob(w->engine, actual)))
			continue;
		w->num_waived++;
		return w;
	}
	return NULL;
}
