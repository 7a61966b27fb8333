/* SPDX-License-Identifier: Apache-2.0 */
/* waivers.c - classes of differences that are known and accepted */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/waivers.h"

/* Cuts "[GLOB]" or "{GLOB}" off the reason, if it is there. */
static bool take_glob(struct conf_waiver *w, char open, char shut, char **out)
{
	const char *end = strchr(w->reason, shut);
	size_t len;

	if (w->reason[0] != open)
		return true;
	if (end == NULL || end == w->reason + 1)
		return false;
	len = (size_t)(end - w->reason) - 1;
	*out = malloc(len + 1);
	if (*out == NULL)
		return false;
	memcpy(*out, w->reason + 1, len);
	(*out)[len] = '\0';
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
		if (take_glob(w, '[', ']', &w->engine) &&
		    take_glob(w, '{', '}', &w->input))
			continue;
		snprintf(error, CONF_ERROR_SIZE,
			 "%.300s:%u: read \"%.80s\", expected "
			 "CLASS [ENGINE] {INPUT} reason",
			 path, w->line, waivers->file.items[i].reason);
		conf_waivers_cleanup(waivers);
		return CONF_ERR_CONFIG;
	}
	return CONF_OK;
}

void conf_waivers_cleanup(struct conf_waivers *waivers)
{
	for (size_t i = 0; i < waivers->num; i++) {
		free(waivers->items[i].engine);
		free(waivers->items[i].input);
	}
	free(waivers->items);
	conf_baseline_cleanup(&waivers->file);
	*waivers = (struct conf_waivers){.num = 0};
}

/* What is too many for the one is missing for the other. */
static const char *mirrored(const char *name)
{
	if (strcmp(name, "extra-packet") == 0)
		return "missing-packet";
	return strcmp(name, "missing-packet") == 0 ? "extra-packet" : name;
}

/* Does the class fit, told from one side? Of a packet that is not there the
   kind is that of its counterpart. */
static bool class_fits(const char *glob, const char *name, const char *kind,
		       const char *other_kind)
{
	char text[CONF_CLASS_SIZE + CONF_KIND_SIZE];

	snprintf(text, sizeof(text), "%s:%s", name,
		 kind[0] != '\0' ? kind : other_kind);
	return conf_glob(glob, name) || conf_glob(glob, text);
}

static bool fits(const struct conf_waiver *w, const struct conf_divergence *d,
		 const struct conf_waiver_scope *scope)
{
	if (w->input != NULL &&
	    (scope->input == NULL || !conf_glob(w->input, scope->input)))
		return false;
	if ((w->engine == NULL || conf_glob(w->engine, scope->actual)) &&
	    class_fits(w->name, d->name, d->actual_kind, d->expected_kind))
		return true;
	return w->engine != NULL && conf_glob(w->engine, scope->expected) &&
	       class_fits(w->name, mirrored(d->name), d->expected_kind,
			  d->actual_kind);
}

const struct conf_waiver *conf_waivers_match(
	struct conf_waivers *waivers, const struct conf_divergence *divergence,
	const struct conf_waiver_scope *scope)
{
	for (size_t i = 0; i < waivers->num; i++) {
		struct conf_waiver *w = &waivers->items[i];

		if (!fits(w, divergence, scope))
			continue;
		w->num_waived++;
		return w;
	}
	return NULL;
}
