/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_find.c - where the target programs are
 *
 * MASQCHECK_FUZZ_DIR says it; else they are looked for in the builds beside
 * the one that this program is of (BUILD/bin/masqcheck, BUILD/fuzz), and
 * where they are installed, by the place of this program: LIBEXEC/masqcheck/
 * fuzz-DRIVER. Seeds and dictionaries are in DATA/masqcheck, or the sources.
 */
#define _GNU_SOURCE

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define PREFIX "masqcheck-fuzz-"

/* ---- Folders ---- */

static const char *build_of(enum fuzz_with with)
{
	return with == FUZZ_AFL ? "fuzz-afl" : "fuzz-libfuzzer";
}

/* The folder so many above the one that this program is in. */
static bool own_folder(char out[1024], unsigned int up)
{
	ssize_t len = readlink("/proc/self/exe", out, 1023);

	if (len <= 0 || len >= 1023)
		return false;
	out[len] = '\0';
	for (unsigned int i = 0; i <= up; i++) {
		char *slash = strrchr(out, '/');

		if (slash == NULL)
			return false;
		*slash = '\0';
	}
	return true;
}

/* What is installed beside this program; place is relative to it, or not. */
static bool installed(char *out, size_t size, const char *place,
		      const char *name)
{
	char own[1024];

	if (place[0] == '/')
		snprintf(out, size, "%s/%s", place, name);
	else if (own_folder(own, 0))
		snprintf(out, size, "%s/%s/%s", own, place, name);
	else
		return false;
	return access(out, R_OK) == 0;
}

static int is_program(const struct dirent *entry)
{
	const char *name = entry->d_name;

	/* No "masqcheck-fuzz-engine.dict". */
	return strncmp(name, PREFIX, strlen(PREFIX)) == 0 &&
	       name[strlen(PREFIX)] != '\0' && strchr(name, '.') == NULL;
}

/* Takes down the programs in a folder; false if there are none. */
static bool look_in(struct fuzz_programs *out, const char *dir)
{
	struct dirent **names;
	int num = scandir(dir, &names, is_program, alphasort);

	out->num = 0;
	for (int i = 0; i < num; i++) {
		struct fuzz_program *p = &out->items[out->num];
		const char *name = names[i]->d_name + strlen(PREFIX);

		if (out->num < FUZZ_MAX_TARGETS &&
		    strlen(name) < sizeof(p->name)) {
			*p = (struct fuzz_program){.is_text = false};
			snprintf(p->name, sizeof(p->name), "%s", name);
			snprintf(p->path, sizeof(p->path), "%.800s/%.200s", dir,
				 names[i]->d_name);
			if (access(p->path, X_OK) == 0)
				out->num++;
		}
		free(names[i]);
	}
	if (num >= 0)
		free(names);
	snprintf(out->dir, sizeof(out->dir), "%.1000s", dir);
	return out->num > 0;
}

static bool look_everywhere(struct fuzz_programs *out, enum fuzz_with with,
			    bool any_driver)
{
	char own[1024], dir[1200];

	if (any_driver && own_folder(own, 1)) {
		snprintf(dir, sizeof(dir), "%s/fuzz", own);
		if (look_in(out, dir))
			return true;
	}
	if (own_folder(own, 2)) {
		snprintf(dir, sizeof(dir), "%s/%s/fuzz", own, build_of(with));
		if (look_in(out, dir))
			return true;
	}
	if (installed(dir, sizeof(dir), MASQCHECK_LIBEXEC_FROM_BIN,
		      build_of(with)) &&
	    look_in(out, dir))
		return true;
	return any_driver &&
	       installed(dir, sizeof(dir), MASQCHECK_LIBEXEC_FROM_BIN,
			 "fuzz-regress") &&
	       look_in(out, dir);
}

static void say_how(enum fuzz_with with, const char *named)
{
	if (named != NULL)
		cli_error("there is no program " PREFIX "TARGET in %s, which "
			  "MASQCHECK_FUZZ_DIR names",
			  named);
	else
		cli_error("the target programs are not built. In the sources:\n"
			  "    cmake --preset %s\n"
			  "    cmake --build --preset %s\n"
			  "and, for an installed masqcheck, with its prefix,\n"
			  "    cmake --install build/%s --prefix PREFIX\n"
			  "MASQCHECK_FUZZ_DIR names another folder that has "
			  "them (" PREFIX "TARGET)",
			  build_of(with), build_of(with), build_of(with));
}

/* ---- What a program says of itself ---- */

static void read_about(struct fuzz_program *p, char *text)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (strncmp(line, "property ", 9) == 0)
			snprintf(p->property, sizeof(p->property), "%s",
				 line + 9);
		else if (strcmp(line, "input text") == 0)
			p->is_text = true;
	}
}

/* One that does not answer is taken for one of captures. */
static void ask(struct fuzz_program *p)
{
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	struct fuzz_output output;

	fuzz_arg(&args, "%s", p->path);
	fuzz_arg(&args, "--about");
	if (fuzz_collect(&args, 10000, false, &output, error)) {
		if (!output.timed_out && output.status == 0)
			read_about(p, output.text);
		fuzz_output_cleanup(&output);
	}
	fuzz_args_cleanup(&args);
}

bool fuzz_find_sanitized(struct fuzz_programs *out)
{
	const char *named = getenv("MASQCHECK_FUZZ_DIR");

	/* Who names a folder means that one. */
	if ((named != NULL && named[0] != '\0') ||
	    !look_everywhere(out, FUZZ_LIBFUZZER, false))
		return false;
	for (size_t i = 0; i < out->num; i++)
		ask(&out->items[i]);
	return true;
}

/* ---- Which of them ---- */

const struct fuzz_program *fuzz_program_find(const struct fuzz_programs *all,
					     const char *name, size_t len)
{
	for (size_t i = 0; i < all->num; i++)
		if (strlen(all->items[i].name) == len &&
		    memcmp(all->items[i].name, name, len) == 0)
			return &all->items[i];
	return NULL;
}

static bool check_names(const struct fuzz_programs *all,
			const struct fuzz_options *o)
{
	for (size_t i = 0; i < o->num_targets; i++) {
		const char *name = o->targets[i];

		if (strcmp(name, "all") == 0 ||
		    fuzz_program_find(all, name, strlen(name)) != NULL)
			continue;
		cli_error("there is no target \"%s\" in %s; there are:", name,
			  all->dir);
		for (size_t k = 0; k < all->num; k++)
			fprintf(stderr, "    %s\n", all->items[k].name);
		return false;
	}
	return true;
}

/* Programs of the family that look for nothing: what others are measured by. */
static bool is_tool(const char *name)
{
	return strcmp(name, "empty") == 0 || strcmp(name, "parse") == 0 ||
	       strcmp(name, "seed") == 0;
}

static bool is_wanted(const struct fuzz_options *o, const char *name)
{
	/* Who brings an engine wants that one looked at. */
	if (o->num_targets == 0 && o->engine != NULL && !o->regress)
		return strcmp(name, "engine") == 0 ||
		       (o->against != NULL &&
			strcmp(name, "differential") == 0);
	for (size_t i = 0; i < o->num_targets; i++)
		if (strcmp(o->targets[i], name) == 0 ||
		    (strcmp(o->targets[i], "all") == 0 && !is_tool(name)))
			return true;
	return o->num_targets == 0 && !is_tool(name);
}

enum cli_exit fuzz_find(struct fuzz_programs *out, const struct fuzz_options *o,
			bool any_driver)
{
	const char *named = getenv("MASQCHECK_FUZZ_DIR");
	size_t num = 0;

	if (named != NULL && named[0] == '\0')
		named = NULL;
	if (named != NULL ? !look_in(out, named)
			  : !look_everywhere(out, o->with, any_driver)) {
		say_how(o->with, named);
		return CLI_BROKEN;
	}
	if (!check_names(out, o))
		return CLI_USAGE;
	for (size_t i = 0; i < out->num; i++)
		if (is_wanted(o, out->items[i].name))
			out->items[num++] = out->items[i];
	out->num = num;
	if (num == 0) {
		cli_error("there is no target \"engine\" in %s; name one: "
			  "--target T",
			  out->dir);
		return CLI_USAGE;
	}
	for (size_t i = 0; i < num; i++)
		ask(&out->items[i]);
	return CLI_OK;
}

/* ---- Files that belong to them ---- */

bool fuzz_dictionary(char *out, size_t size, const struct fuzz_programs *all,
		     const char *target)
{
	char name[128];

	snprintf(name, sizeof(name), "%s.dict", target);
	snprintf(out, size, "%s/%s", all->dir, name);
	if (access(out, R_OK) == 0)
		return true;
	snprintf(name, sizeof(name), "dict/%s.dict", target);
	if (installed(out, size, MASQCHECK_DATA_FROM_BIN, name))
		return true;
	snprintf(out, size, MASQCHECK_SOURCE "/fuzz/%s", name);
	return access(out, R_OK) == 0;
}

const char *fuzz_corpora(const struct fuzz_options *o)
{
	static char path[1200];

	if (o->corpus != NULL)
		return o->corpus;
	if (path[0] == '\0' &&
	    !installed(path, sizeof(path), MASQCHECK_DATA_FROM_BIN, "corpora"))
		snprintf(path, sizeof(path), "%s", MASQCHECK_SOURCE "/corpora");
	return path;
}

bool fuzz_seeds_of(char *out, size_t size, const struct fuzz_options *o,
		   const char *target)
{
	snprintf(out, size, "%s/%s", fuzz_corpora(o), target);
	if (access(out, R_OK | X_OK) == 0)
		return true;
	/* A folder of the user's own may hold the inputs of one target. */
	snprintf(out, size, "%s", fuzz_corpora(o));
	return o->corpus != NULL && access(out, R_OK | X_OK) == 0;
}
