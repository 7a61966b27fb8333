/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_triage.c - from inputs that failed to findings
 *
 * Each input is given to a fresh process. What fails there again has a class;
 * the first (shortest) input of a class that is not known becomes a finding.
 * Known findings are passed by at first: they may stand before a new one.
 * What does not fail again in three attempts is put aside, and said so: it
 * hangs on what ran before it, or on the clock.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "reports/progress.h"

#define ATTEMPTS   3u
#define MAX_INPUTS 400u /* of a target that are looked at */

struct input {
	char *path;
	off_t size;
};

struct inputs {
	struct input *items;
	size_t num;
};

/* A class of this campaign. */
struct group {
	char class[FUZZ_CLASS_SIZE];
	char path[1024]; /* the shortest input */
	unsigned int num;
	bool passes_by;                     /* with the known ones passed by */
	const struct fuzz_program *program; /* that showed it */
};

/* ---- Which inputs there are ---- */

/* libFuzzer says it with the name, AFL++ with the folder. */
static bool is_failure(const char *path)
{
	static const char *const begins[] = {
		"crash-",
		"leak-",
		"timeout-",
		"oom-",
	};
	const char *name = strrchr(path, '/');

	name = name != NULL ? name + 1 : path;
	if (strncmp(name, "id", 2) == 0)
		return strstr(path, "/crashes/") != NULL ||
		       strstr(path, "/hangs/") != NULL;
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* A fuzz_file_fn. */
static bool add_input(void *ctx, const char *path)
{
	struct inputs *all = ctx;
	struct input *items;
	struct stat st;

	if (!is_failure(path) || stat(path, &st) != 0)
		return true;
	items = realloc(all->items, (all->num + 1) * sizeof(*items));
	if (items == NULL)
		return false;
	all->items = items;
	items[all->num] = (struct input){strdup(path), st.st_size};
	if (items[all->num].path == NULL)
		return false;
	all->num++;
	return true;
}

static int by_size(const void *a, const void *b)
{
	const struct input *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* Inputs of libFuzzer, and of all processes of AFL++, here or elsewhere. */
static void list_inputs(struct inputs *all, const struct fuzz_options *o,
			const char *target)
{
	static const char *const folders[] = {"failed", "afl"};
	char path[2200];

	*all = (struct inputs){.num = 0};
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/work/%s/%s", o->out, target,
			 folders[i]);
		(void)fuzz_each_file(path, add_input, all);
	}
	if (all->num > 0)
		qsort(all->items, all->num, sizeof(*all->items), by_size);
}

static void free_inputs(struct inputs *all)
{
	for (size_t i = 0; i < all->num; i++)
		free(all->items[i].path);
	free(all->items);
}

/* ---- One input ---- */

static struct fuzz_replay replay_of(const struct fuzz_triage *t,
				    const struct fuzz_program *program,
				    const char *known)
{
	return (struct fuzz_replay){
		.program = program,
		.engine = t->options->engine,
		.against = t->options->against,
		.known = known,
		.limit = t->options->limit * 1000 + 5000,
	};
}

static void known_file(const struct fuzz_triage *t, char out[2100])
{
	snprintf(out, 2100, "%s/work/known", t->options->out);
}

/* The same with sanitizers, which say more of a crash, where it is built. */
static const struct fuzz_program *best_program(
	const struct fuzz_triage *t, const struct fuzz_program *program,
	unsigned int attempt)
{
	const struct fuzz_program *better = NULL;

	if (t->better != NULL && attempt < 2)
		better = fuzz_program_find(t->better, program->name,
					   strlen(program->name));
	return better != NULL ? better : program;
}

/*
 * Does it fail again? First with the known ones passed by, then without.
 * False: nothing could be run, printed.
 */
static bool reproduce(struct fuzz_triage *t, const struct fuzz_program *program,
		      const char *path, struct fuzz_verdict *verdict,
		      struct group *how)
{
	char error[CONF_ERROR_SIZE], known[2100];
	struct fuzz_replay replay;

	known_file(t, known);
	verdict->failed = false;
	for (unsigned int i = 0; i < 2 * ATTEMPTS && !verdict->failed; i++) {
		how->passes_by = i % 2 == 0;
		how->program = best_program(t, program, i);
		replay = replay_of(t, how->program,
				   how->passes_by ? known : NULL);
		if (!fuzz_replay(&replay, path, verdict, NULL, error)) {
			cli_error("%s", error);
			t->failed = true;
			return false;
		}
	}
	return true;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* It failed once, and not again. */
static void put_aside(struct fuzz_triage *t, const struct fuzz_program *program,
		      const char *path)
{
	char folder[2100], to[4200];

	snprintf(folder, sizeof(folder), "%s/unreproduced", t->options->out);
	snprintf(to, sizeof(to), "%s/%s-%s", folder, program->name,
		 base_name(path));
	if (!fuzz_make_folders(folder) || !fuzz_copy(path, to)) {
		t->failed = true;
		return;
	}
	(void)unlink(path);
	t->num_unreproduced++;
	printf("not reproduced: %s: it fails only behind other inputs, or by "
	       "chance; it is no finding\n",
	       to);
}

/* ---- A class becomes a finding ---- */

/* A name that no other finding has. */
static bool name_of(char *out, size_t size, const struct fuzz_options *o,
		    const char *target, const char *class)
{
	char name[128], path[4200];

	fuzz_class_name(name, sizeof(name), class);
	for (unsigned int i = 1; i < 1000; i++) {
		if (i == 1)
			snprintf(out, size, "%s-%s", target, name);
		else
			snprintf(out, size, "%s-%s-%u", target, name, i);
		snprintf(path, sizeof(path), "%s/findings/%s", o->out, out);
		if (access(path, F_OK) != 0)
			return true;
	}
	cli_error("%s/findings is full of %s", o->out, name);
	return false;
}

/* What the repro of a target is called. */
static const char *repro_name(const struct fuzz_program *program)
{
	return strcmp(program->name, "case") == 0 ? "repro.case" : "repro.pcap";
}

/* Makes it small where that can be done; else it stays as it is. */
static bool make_small(struct fuzz_small *small, const char *input,
		       const char *folder, const char *repro)
{
	char to[4300], settings[4300];
	bool good;

	snprintf(to, sizeof(to), "%s/%s", folder, repro);
	snprintf(settings, sizeof(settings), "%s/repro.conf", folder);
	good = small->replay.program->is_text
		       ? fuzz_small_text(small, input, to)
		       : fuzz_small_capture(small, input, to, settings);
	return good || fuzz_copy(input, to);
}

static bool fill(struct fuzz_finding_files *files, struct fuzz_small *small,
		 const char *input)
{
	char error[CONF_ERROR_SIZE], path[4300];
	struct fuzz_output printed;
	struct fuzz_verdict verdict;
	bool good;

	if (!make_small(small, input, files->folder, files->repro))
		return false;
	snprintf(path, sizeof(path), "%s/%s", files->folder, files->repro);
	if (!fuzz_replay(&small->replay, path, &verdict, &printed, error)) {
		cli_error("%s", error);
		return false;
	}
	files->verdict = &verdict;
	files->printed = &printed;
	files->small = small;
	good = fuzz_write_report(files);
	fuzz_output_cleanup(&printed);
	return good;
}

/* All of it is written beside, and appears when it is whole. */
static bool make_finding(struct fuzz_triage *t,
			 const struct fuzz_program *program,
			 const struct group *group)
{
	const struct fuzz_options *o = t->options;
	char work[2200], folder[4200], name[256], to[4400], known[2100];
	struct fuzz_small small = {
		.replay = replay_of(t, group->program,
				    group->passes_by ? known : NULL),
		.class = group->class,
		.work = work,
		.effort = o->effort,
	};
	struct fuzz_finding_files files = {
		.options = o,
		.program = program,
		.folder = folder,
		.shown_as = name,
		.original = base_name(group->path),
		.repro = repro_name(program),
		.engine = o->engine,
		.num_same = group->num - 1,
	};

	known_file(t, known);
	snprintf(work, sizeof(work), "%s/work/%s", o->out, program->name);
	snprintf(folder, sizeof(folder), "%s/findings/.new", o->out);
	if (!name_of(name, sizeof(name), o, program->name, group->class))
		return false;
	fuzz_remove(folder);
	if (!fuzz_make_folders(folder) || !fill(&files, &small, group->path)) {
		fuzz_remove(folder);
		return false;
	}
	snprintf(to, sizeof(to), "%s/findings/%s", o->out, name);
	if (rename(folder, to) != 0) {
		cli_error("%s: %s", to, strerror(errno));
		fuzz_remove(folder);
		return false;
	}
	printf("NEW   %-40s %s (%zu of %zu %s)\n", group->class, to,
	       small.num_after, small.num_before,
	       program->is_text ? "octets" : "packets");
	fflush(stdout);
	return true;
}

/* ---- A target ---- */

struct groups {
	struct group items[FUZZ_MAX_CLASSES];
	size_t num;
};

static void add_to_group(struct groups *groups, const char *class,
			 const char *path, const struct group *how)
{
	struct group *g;

	for (size_t i = 0; i < groups->num; i++)
		if (strcmp(groups->items[i].class, class) == 0) {
			groups->items[i].num++;
			return;
		}
	if (groups->num == FUZZ_MAX_CLASSES)
		return;
	g = &groups->items[groups->num++];
	*g = *how;
	g->num = 1;
	snprintf(g->class, sizeof(g->class), "%s", class);
	snprintf(g->path, sizeof(g->path), "%s", path);
}

static void sort_out(struct fuzz_triage *t, const struct fuzz_program *program,
		     const struct inputs *all, struct groups *groups)
{
	struct rep_progress progress;
	struct fuzz_verdict verdict;
	struct group how = {.num = 0};

	rep_progress_init(&progress, stderr, "reproduce");
	for (size_t i = 0; i < all->num && i < MAX_INPUTS; i++) {
		const char *path = all->items[i].path;

		if (t->failed || fuzz_interrupted > 1)
			break;
		if (!reproduce(t, program, path, &verdict, &how))
			break;
		rep_progress_step(&progress, i, all->num);
		if (!verdict.failed) {
			rep_progress_clear(&progress);
			put_aside(t, program, path);
		} else {
			add_to_group(groups, verdict.class, path, &how);
		}
	}
	rep_progress_clear(&progress);
	if (all->num > MAX_INPUTS)
		printf("%s: %zu further inputs that failed were not looked "
		       "at\n",
		       program->name, all->num - MAX_INPUTS);
}

/* Was it known before this campaign? */
static bool is_old(const struct fuzz_triage *t, const char *class)
{
	const struct fuzz_known old = {
		.globs = t->known->globs,
		.num = t->num_old,
	};

	return fuzz_is_known(&old, class);
}

static void triage_target(struct fuzz_triage *t,
			  const struct fuzz_program *program)
{
	struct groups *groups = calloc(1, sizeof(*groups));
	struct inputs all;

	list_inputs(&all, t->options, program->name);
	if (groups != NULL)
		sort_out(t, program, &all, groups);
	for (size_t i = 0; groups != NULL && i < groups->num; i++) {
		const struct group *g = &groups->items[i];

		if (t->failed || fuzz_interrupted > 1)
			break;
		if (is_old(t, g->class)) {
			printf("known %s (%s)\n", g->class, program->name);
			t->num_known++;
		} else if (fuzz_is_known(t->known, g->class)) {
			printf("      %s (%s as well)\n", g->class,
			       program->name);
		} else if (make_finding(t, program, g) &&
			   fuzz_known_add(t->known, g->class)) {
			t->num_new++;
		} else {
			t->failed = true;
		}
	}
	/* What is a finding now need not be looked at again. */
	for (size_t i = 0; i < all.num && i < MAX_INPUTS; i++)
		if (!t->failed && fuzz_interrupted < 2)
			(void)unlink(all.items[i].path);
	free_inputs(&all);
	free(groups);
}

static struct fuzz_counts counts_of(const struct fuzz_triage *t)
{
	return (struct fuzz_counts){t->num_new, t->num_known,
				    t->num_unreproduced};
}

void fuzz_triage_run(struct fuzz_triage *t)
{
	struct fuzz_programs *better = calloc(1, sizeof(*better));

	t->num_old = t->known->num;
	if (better != NULL && t->options->with == FUZZ_AFL &&
	    fuzz_find_sanitized(better))
		t->better = better;
	for (size_t i = 0; i < t->programs->num && !t->failed; i++) {
		const struct fuzz_counts before = counts_of(t);
		struct fuzz_counts now;

		triage_target(t, &t->programs->items[i]);
		now = counts_of(t);
		t->counts[i] = (struct fuzz_counts){
			now.num_new - before.num_new,
			now.num_known - before.num_known,
			now.num_unreproduced - before.num_unreproduced,
		};
	}
	t->better = NULL;
	free(better);
}
