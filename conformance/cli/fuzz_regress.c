/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_regress.c - masqcheck fuzz --regress: which inputs still fail?
 *
 * A file is given to the target that --target names, that the report beside
 * it names, or whose name is a folder of its path, the last one first.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "reports/progress.h"

#define BATCH 64u /* inputs that a process gets at once */

struct item {
	char *path;
	const struct fuzz_program *program;
	char engine[256], against[256]; /* of the report; "" = none */
};

struct items {
	const struct fuzz_options *options;
	const struct fuzz_programs *programs;
	struct item *list;
	size_t num;
	enum cli_exit code;
};

/* ---- Which inputs, which targets ---- */

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* What explains inputs is none. */
static bool is_input(const char *name)
{
	return strncmp(name, "README", 6) != 0 && !ends_with(name, ".conf") &&
	       !ends_with(name, ".md") && !ends_with(name, ".tsv");
}

/* The last folder of a path that is the name of a target. */
static const struct fuzz_program *by_folder(const struct fuzz_programs *all,
					    const char *path)
{
	const struct fuzz_program *found = NULL, *p;

	while (*path != '\0') {
		size_t len = strcspn(path, "/");

		p = fuzz_program_find(all, path, len);
		if (p != NULL && path[len] == '/')
			found = p;
		path += len;
		path += strspn(path, "/");
	}
	return found;
}

/* A finding: its report says the target, and which file is the input. */
static bool by_report(const struct items *all, struct item *item,
		      const char *path, const char *name, bool *is_other)
{
	char folder[4096], value[256];
	size_t len = name > path ? (size_t)(name - path) - 1 : 0;

	snprintf(folder, sizeof(folder), "%.*s", len > 0 ? (int)len : 1,
		 len > 0 ? path : ".");
	if (!fuzz_report_value(value, sizeof(value), folder, "input"))
		return false;
	*is_other = strcmp(value, name) != 0;
	if (!fuzz_report_value(value, sizeof(value), folder, "target"))
		return false;
	item->program = fuzz_program_find(all->programs, value, strlen(value));
	(void)fuzz_report_value(item->engine, sizeof(item->engine), folder,
				"engine");
	(void)fuzz_report_value(item->against, sizeof(item->against), folder,
				"against");
	return item->program != NULL;
}

static bool find_target(const struct items *all, struct item *item,
			const char *path, const char *name, bool *is_other)
{
	bool reported = by_report(all, item, path, name, is_other);

	if (all->options->num_targets == 1)
		item->program = &all->programs->items[0];
	else if (!reported)
		item->program = by_folder(all->programs, path);
	return item->program != NULL;
}

/* A fuzz_file_fn. */
static bool add_item(void *ctx, const char *path)
{
	struct items *all = ctx;
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	struct item item = {.program = NULL}, *list;
	bool is_other = false;

	if (!is_input(name))
		return true;
	if (!find_target(all, &item, path, name, &is_other)) {
		cli_error("%s: of which target? Say --target T", path);
		all->code = CLI_USAGE;
		return false;
	}
	if (is_other)
		return true;
	item.path = strdup(path);
	list = realloc(all->list, (all->num + 1) * sizeof(*list));
	if (list != NULL)
		all->list = list;
	if (list == NULL || item.path == NULL) {
		free(item.path);
		cli_error("no memory for %s", path);
		all->code = CLI_BROKEN;
		return false;
	}
	list[all->num++] = item;
	return true;
}

/* ---- Playing them ---- */

static struct fuzz_replay replay_of(const struct fuzz_options *o,
				    const struct item *item)
{
	struct fuzz_replay replay = {
		.program = item->program,
		.engine = o->engine,
		.against = o->against,
		.known = o->known,
		.limit = o->limit * 1000 + 5000,
	};

	if (replay.engine == NULL && item->engine[0] != '\0')
		replay.engine = item->engine;
	if (replay.against == NULL && item->against[0] != '\0')
		replay.against = item->against;
	return replay;
}

/* How many from the first on can share a process. */
static size_t batch_of(const struct item *items, size_t num)
{
	size_t n = 1;

	while (n < num && n < BATCH && items[n].program == items[0].program &&
	       strcmp(items[n].engine, items[0].engine) == 0 &&
	       strcmp(items[n].against, items[0].against) == 0)
		n++;
	return n;
}

/* Do all of them pass, in one process? */
static bool all_pass(const struct fuzz_options *o, const struct item *items,
		     size_t num)
{
	struct fuzz_replay replay = replay_of(o, &items[0]);
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	struct fuzz_output output;
	bool good;

	fuzz_env_value(&args, "MASQCHECK_FUZZ_ENGINE", replay.engine);
	fuzz_env_value(&args, "MASQCHECK_FUZZ_AGAINST", replay.against);
	fuzz_env(&args, "MASQCHECK_FUZZ_KNOWN%s%s", o->known != NULL ? "=" : "",
		 o->known != NULL ? o->known : "");
	fuzz_arg(&args, "%s", items[0].program->path);
	for (size_t i = 0; i < num; i++)
		fuzz_arg(&args, "%s%s", items[i].path[0] == '-' ? "./" : "",
			 items[i].path);
	good = fuzz_collect(&args, replay.limit, false, &output, error);
	fuzz_args_cleanup(&args);
	if (!good)
		return false;
	good = !output.timed_out && output.status == 0;
	fuzz_output_cleanup(&output);
	return good;
}

/* One of them alone; false: nothing could be run. */
static bool play_one(const struct fuzz_options *o, const struct item *item,
		     size_t *num_failed)
{
	struct fuzz_replay replay = replay_of(o, item);
	struct fuzz_verdict verdict;
	char error[CONF_ERROR_SIZE];

	if (!fuzz_replay(&replay, item->path, &verdict, NULL, error)) {
		cli_error("%s", error);
		return false;
	}
	if (!verdict.failed)
		return true;
	++*num_failed;
	printf("FAIL  %s\n      %s: %s\n", item->path, verdict.class,
	       verdict.text);
	return true;
}

static enum cli_exit play_all(const struct items *all)
{
	size_t num_failed = 0, at = 0, end;
	struct rep_progress progress;
	bool good = true;

	rep_progress_init(&progress, stderr, "regress");
	while (at < all->num && good && fuzz_interrupted == 0) {
		end = at + batch_of(&all->list[at], all->num - at);
		if (end - at > 1 &&
		    all_pass(all->options, &all->list[at], end - at))
			at = end;
		for (; at < end && good && fuzz_interrupted == 0; at++) {
			rep_progress_clear(&progress);
			good = play_one(all->options, &all->list[at],
					&num_failed);
		}
		rep_progress_step(&progress, at, all->num);
	}
	rep_progress_clear(&progress);
	printf("%zu of %zu inputs still fail\n", num_failed, at);
	if (!good)
		return CLI_BROKEN;
	if (fuzz_interrupted != 0)
		return CLI_INTERRUPTED;
	return num_failed > 0 ? CLI_DIFFERENT : CLI_OK;
}

enum cli_exit fuzz_regress(const struct fuzz_options *o)
{
	struct fuzz_programs programs;
	struct items all = {.options = o, .programs = &programs};

	all.code = fuzz_find(&programs, o, true);
	for (size_t i = 0; i < o->num_paths && all.code == CLI_OK; i++)
		if (!fuzz_each_file(o->paths[i], add_item, &all) &&
		    all.code == CLI_OK) {
			cli_error("%s: %s", o->paths[i], strerror(errno));
			all.code = CLI_BROKEN;
		}
	if (all.code == CLI_OK && all.num == 0) {
		cli_error("there is no input in what was named");
		all.code = CLI_NOTHING;
	}
	if (all.code == CLI_OK)
		all.code = play_all(&all);
	for (size_t i = 0; i < all.num; i++)
		free(all.list[i].path);
	free(all.list);
	return all.code;
}
