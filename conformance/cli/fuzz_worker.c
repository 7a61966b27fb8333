/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_worker.c - one process of a campaign: libFuzzer or afl-fuzz
 *
 *   OUT/work/TARGET/seeds/     links to the seeds, but for those that fail
 *   OUT/work/TARGET/failed/    inputs that made a process fail
 *   OUT/work/TARGET/reach/     what the inputs did, a file of each process
 *   OUT/work/TARGET/log        the last thing that was printed, of each death
 *   OUT/work/TARGET/afl/       the folder of AFL++
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz_worker.h"

/* ---- Folders ---- */

struct farm {
	const char *folder;
	unsigned int num;
};

static bool is_input(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name != NULL ? name + 1 : path;
	return strncmp(name, "README", 6) != 0;
}

/* A fuzz_file_fn: a hard link to a seed, as afl-fuzz follows no other. */
static bool link_seed(void *ctx, const char *path)
{
	struct farm *farm = ctx;
	char name[4200], *full;

	if (!is_input(path))
		return true;
	full = realpath(path, NULL);
	if (full == NULL)
		return true;
	snprintf(name, sizeof(name), "%s/%06u", farm->folder, farm->num++);
	if (link(full, name) != 0 && !fuzz_copy(full, name))
		farm->num--;
	free(full);
	return true;
}

/* afl-fuzz wants something to begin with. */
static bool add_empty_seed(const char *folder)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/000000", folder);
	return fuzz_store(path, "\n", 1);
}

static bool make_seeds(const struct fuzz_campaign *c, const char *target,
		       const char *work)
{
	char folder[2200], from[2200];
	struct farm farm = {.folder = folder};

	snprintf(folder, sizeof(folder), "%s/seeds", work);
	fuzz_remove(folder);
	if (!fuzz_make_folders(folder))
		return false;
	if (fuzz_seeds_of(from, sizeof(from), c->options, target))
		(void)fuzz_each_file(from, link_seed, &farm);
	return c->options->with != FUZZ_AFL || farm.num > 0 ||
	       add_empty_seed(folder);
}

bool fuzz_worker_prepare(const struct fuzz_campaign *c,
			 struct fuzz_total *total)
{
	const char *out = c->options->out, *name = total->program->name;
	char work[2100], path[2200];

	snprintf(work, sizeof(work), "%s/work/%s", out, name);
	snprintf(path, sizeof(path), "%s/failed", work);
	if (!fuzz_make_folders(path))
		return false;
	/* What an earlier campaign reached. */
	snprintf(path, sizeof(path), "%s/reach", work);
	fuzz_remove(path);
	if (!fuzz_make_folders(path))
		return false;
	snprintf(path, sizeof(path), "%s/corpus/%s", out, name);
	return fuzz_make_folders(path) && make_seeds(c, name, work);
}

/* ---- Command lines ---- */

static void set_env(const struct fuzz_campaign *c, const struct fuzz_worker *w,
		    struct fuzz_args *args)
{
	const struct fuzz_options *o = c->options;
	const char *name = w->total->program->name;
	char *cwd = NULL;

	if (o->out[0] != '/')
		cwd = getcwd(NULL, 0);
	fuzz_env_value(args, "MASQCHECK_FUZZ_ENGINE", o->engine);
	fuzz_env_value(args, "MASQCHECK_FUZZ_AGAINST", o->against);
	fuzz_env(args, "MASQCHECK_FUZZ_REACH=%s%s%s/work/%s/reach/of",
		 cwd != NULL ? cwd : "", cwd != NULL ? "/" : "", o->out, name);
	fuzz_env(args, "MASQCHECK_FUZZ_KNOWN=%s%s%s/work/known",
		 cwd != NULL ? cwd : "", cwd != NULL ? "/" : "", o->out);
	free(cwd);
}

static uint64_t runs_left(const struct fuzz_campaign *c,
			  const struct fuzz_worker *w)
{
	uint64_t all = c->options->runs;

	return w->num_done < all ? all - w->num_done : 1;
}

static unsigned int seconds_left(const struct fuzz_worker *w)
{
	uint64_t now = fuzz_now_ms();

	return w->deadline > now
		       ? (unsigned int)((w->deadline - now) / 1000) + 1
		       : 1;
}

static void libfuzzer_args(const struct fuzz_campaign *c,
			   const struct fuzz_worker *w, struct fuzz_args *args)
{
	const struct fuzz_options *o = c->options;
	const char *name = w->total->program->name;
	char dictionary[1400];

	fuzz_arg(args, "%s", w->total->program->path);
	fuzz_arg(args, "-artifact_prefix=%s/work/%s/failed/", o->out, name);
	fuzz_arg(args, "-print_final_stats=1");
	fuzz_arg(args, "-timeout=%u", o->limit);
	/* What sanitizers keep, and a corpus that grows. */
	fuzz_arg(args, "-rss_limit_mb=4096");
	fuzz_arg(args, "-max_len=%u", o->max_len);
	fuzz_arg(args, "-len_control=0");
	fuzz_arg(args, "-reload=1");
	if (o->seed != 0)
		fuzz_arg(args, "-seed=%" PRIu64,
			 (o->seed + w->number + w->num_starts * 1000003u) %
					 UINT32_MAX +
				 1);
	if (o->runs != 0)
		fuzz_arg(args, "-runs=%" PRIu64, runs_left(c, w));
	if (w->deadline != 0)
		fuzz_arg(args, "-max_total_time=%u", seconds_left(w));
	if (fuzz_dictionary(dictionary, sizeof(dictionary), c->programs, name))
		fuzz_arg(args, "-dict=%s", dictionary);
	fuzz_arg(args, "%s/corpus/%s", o->out, name);
	fuzz_arg(args, "%s/work/%s/seeds", o->out, name);
}

static void afl_env(const struct fuzz_campaign *c, const struct fuzz_worker *w,
		    struct fuzz_args *args)
{
	char mutator[1400];

	/* It has its own idea of them, and stops at others. */
	fuzz_env(args, "ASAN_OPTIONS");
	fuzz_env(args, "UBSAN_OPTIONS");
	fuzz_env(args, "AFL_NO_UI=1");
	fuzz_env(args, "AFL_SKIP_CPUFREQ=1");
	fuzz_env(args, "AFL_NO_AFFINITY=1");
	fuzz_env(args, "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1");
	fuzz_env(args, "AFL_IGNORE_SEED_PROBLEMS=1");
	fuzz_env(args, "AFL_AUTORESUME=1");
	fuzz_env(args, "AFL_NO_STARTUP_CALIBRATION=1");
	fuzz_env(args, "AFL_FAST_CAL=1");
	snprintf(mutator, sizeof(mutator), "%s/libmasqcheck-mutator.so",
		 c->programs->dir);
	if (!w->total->program->is_text && access(mutator, R_OK) == 0)
		fuzz_env(args, "AFL_CUSTOM_MUTATOR_LIBRARY=%s", mutator);
	/* Whose language the mutator speaks most. */
	if (strncmp(w->total->program->name, "helper_", 7) == 0)
		fuzz_env(args, "MASQCHECK_FUZZ_HELPER=%s",
			 w->total->program->name + 7);
}

static void afl_args(const struct fuzz_campaign *c, const struct fuzz_worker *w,
		     struct fuzz_args *args)
{
	const struct fuzz_options *o = c->options;
	const char *name = w->total->program->name;
	char dictionary[1400];

	afl_env(c, w, args);
	fuzz_arg(args, "afl-fuzz");
	fuzz_arg(args, "-i");
	fuzz_arg(args, "%s/work/%s/seeds", o->out, name);
	fuzz_arg(args, "-o");
	fuzz_arg(args, "%s/work/%s/afl", o->out, name);
	fuzz_arg(args, w->number == 0 ? "-M" : "-S");
	fuzz_arg(args, w->number == 0 ? "main" : "s%u", w->number);
	fuzz_arg(args, "-m");
	fuzz_arg(args, "none");
	fuzz_arg(args, "-t");
	fuzz_arg(args, "%u", o->limit * 1000);
	fuzz_arg(args, "-G");
	fuzz_arg(args, "%u", o->max_len);
	if (o->seed != 0) {
		fuzz_arg(args, "-s");
		fuzz_arg(args, "%" PRIu64, (o->seed + w->number) % INT32_MAX);
	}
	if (o->runs != 0) {
		fuzz_arg(args, "-E");
		fuzz_arg(args, "%" PRIu64, o->runs);
	}
	if (w->deadline != 0) {
		fuzz_arg(args, "-V");
		fuzz_arg(args, "%u", seconds_left(w));
	}
	if (fuzz_dictionary(dictionary, sizeof(dictionary), c->programs,
			    name)) {
		fuzz_arg(args, "-x");
		fuzz_arg(args, "%s", dictionary);
	}
	fuzz_arg(args, "--");
	fuzz_arg(args, "%s", w->total->program->path);
}

bool fuzz_worker_start(struct fuzz_campaign *c, struct fuzz_worker *w)
{
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	bool good;

	set_env(c, w, &args);
	if (c->options->with == FUZZ_AFL)
		afl_args(c, w, &args);
	else
		libfuzzer_args(c, w, &args);
	if (w->report.text == NULL)
		w->report.text = malloc(FUZZ_OUTPUT_SIZE);
	good = w->report.text != NULL &&
	       fuzz_start(&args, &w->pid, &w->fd, error);
	if (w->report.text == NULL)
		snprintf(error, sizeof(error), "no memory");
	fuzz_args_cleanup(&args);
	if (!good) {
		w->pid = 0;
		cli_error("%s%s", error,
			  c->options->with == FUZZ_AFL
				  ? " (AFL++ is the Debian package afl++)"
				  : "");
		return false;
	}
	(void)fcntl(w->fd, F_SETFL, O_NONBLOCK);
	w->status = (struct fuzz_status){.executions = 0};
	w->report.len = 0;
	w->line_len = 0;
	w->stopping = false;
	w->artifact[0] = '\0';
	w->started = fuzz_now_ms();
	w->num_starts++;
	w->total->ran = true;
	return true;
}

/* ---- What it prints ---- */

static void keep_line(struct fuzz_worker *w)
{
	struct fuzz_output *r = &w->report;

	/* The beginning of a report matters; what comes before it does not. */
	if (strstr(w->line, "masqcheck-finding: ") != NULL && r->len > 8192)
		r->len = 0;
	if (FUZZ_OUTPUT_SIZE - r->len < w->line_len + 2)
		return;
	memcpy(r->text + r->len, w->line, w->line_len);
	r->len += w->line_len;
	r->text[r->len++] = '\n';
}

/* Takes colours away: "\033[1m", and what moves between character sets. */
static void strip(struct fuzz_worker *w)
{
	size_t to = 0;

	for (size_t i = 0; i < w->line_len; i++) {
		if (w->line[i] == '\033') {
			while (i + 1 < w->line_len && w->line[i] != 'm' &&
			       w->line[i] != 'h' && w->line[i] != 'l')
				i++;
		} else if (w->line[i] >= ' ' || w->line[i] == '\t') {
			w->line[to++] = w->line[i];
		}
	}
	w->line_len = to;
}

static void read_line(const struct fuzz_campaign *c, struct fuzz_worker *w)
{
	static const char written[] = "Test unit written to ";
	const char *at;

	if (c->options->with == FUZZ_AFL)
		strip(w);
	w->line[w->line_len] = '\0';
	if (c->options->with == FUZZ_LIBFUZZER &&
	    fuzz_status_libfuzzer(&w->status, w->line))
		return;
	at = strstr(w->line, written);
	if (at != NULL && strstr(at, "/slow-unit-") == NULL)
		snprintf(w->artifact, sizeof(w->artifact), "%s",
			 at + sizeof(written) - 1);
	keep_line(w);
}

static void read_text(const struct fuzz_campaign *c, struct fuzz_worker *w,
		      const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			read_line(c, w);
			w->line_len = 0;
		} else if (w->line_len + 1 < sizeof(w->line)) {
			w->line[w->line_len++] = text[i] != '\0' ? text[i]
								 : '?';
		}
	}
}

void fuzz_worker_listen(struct fuzz_campaign *c, struct fuzz_worker *w)
{
	char text[16384];
	ssize_t n;

	/* Not for ever: one that prints without end must not hold up all. */
	for (unsigned int i = 0; i < 64; i++) {
		n = read(w->fd, text, sizeof(text));
		if (n <= 0)
			break;
		read_text(c, w, text, (size_t)n);
	}
}

void fuzz_worker_stop(struct fuzz_worker *w)
{
	if (w->pid == 0)
		return;
	if (w->stopping)
		(void)kill(-w->pid, SIGKILL);
	else
		(void)kill(w->pid, SIGINT);
	w->stopping = true;
}

/* ---- What it has done ---- */

void fuzz_worker_look(const struct fuzz_campaign *c, struct fuzz_worker *w)
{
	char path[2200], *text;
	size_t len;

	if (c->options->with != FUZZ_AFL)
		return;
	snprintf(path, sizeof(path), "%s/work/%s/afl/%s%.0u/fuzzer_stats",
		 c->options->out, w->total->program->name,
		 w->number == 0 ? "main" : "s", w->number);
	text = (char *)fuzz_load(path, &len);
	if (text == NULL)
		return;
	(void)fuzz_status_afl(&w->status, text);
	free(text);
}

void fuzz_worker_cleanup(struct fuzz_worker *w)
{
	free(w->report.text);
	w->report.text = NULL;
}

/* The process that a file "of.PID" is of. */
static pid_t pid_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	char *end = NULL;
	long number = dot != NULL ? strtol(dot + 1, &end, 10) : 0;

	return number > 0 && number <= INT32_MAX && *end == '\0' ? (pid_t)number
								 : 0;
}

struct gather {
	struct fuzz_reached *reached;
	bool at_end;
};

/* A fuzz_file_fn. */
static bool gather(void *ctx, const char *path)
{
	const struct gather *g = ctx;
	pid_t pid = pid_of(path);
	char *text;
	size_t len;

	/* Not whole yet, or it may still change. */
	if (pid == 0 || (!g->at_end && (kill(pid, 0) == 0 || errno != ESRCH)))
		return true;
	text = (char *)fuzz_load(path, &len);
	if (text != NULL && unlink(path) == 0)
		fuzz_reached_add(g->reached, text);
	free(text);
	return true;
}

void fuzz_reached_gather(const struct fuzz_campaign *c,
			 struct fuzz_total *total, bool at_end)
{
	struct gather g = {.reached = &total->reached, .at_end = at_end};
	char path[2200];

	snprintf(path, sizeof(path), "%s/work/%s/reach", c->options->out,
		 total->program->name);
	(void)fuzz_each_file(path, gather, &g);
}
