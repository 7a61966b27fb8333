/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_campaign.c - a campaign: which process runs when, until it is over
 *
 * The time is shared: there are as many processes at once as --jobs says. If
 * there are more targets than that, they take turns of equal length; if there
 * are fewer, several processes of a target share its corpus.
 *
 * libFuzzer ends with the first input that fails; it is started again. A
 * class that was seen often enough is told to the targets as known, so that
 * what is behind it can be found.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz_worker.h"

#define TICK       100u   /* ms between looks */
#define GRACE      15000u /* ms that a process gets to end by itself */
#define STOP_GRACE 5000u  /* ms after it was asked to */
#define MAX_SAME   3u     /* inputs of a class that are kept */
#define GATHER     5000u  /* ms between looks at what was reached */

/* ---- What is known ---- */

/* Tells the targets; false: printed. */
static bool write_known(const struct fuzz_campaign *c)
{
	char path[2100], *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	bool good;

	if (stream == NULL) {
		cli_error("no memory");
		return false;
	}
	for (size_t i = 0; i < c->known->num; i++)
		fprintf(stream, "%s\n", c->known->globs[i]);
	for (size_t i = 0; i < c->num_classes; i++)
		if (c->seen[i] >= MAX_SAME)
			fprintf(stream, "%s\n", c->classes[i]);
	fclose(stream);
	snprintf(path, sizeof(path), "%s/work/known", c->options->out);
	good = fuzz_store(path, text, size);
	free(text);
	return good;
}

/* Counts a class; returns how often it was seen. */
static unsigned int count_class(struct fuzz_campaign *c, const char *class)
{
	size_t i = 0;

	while (i < c->num_classes && strcmp(c->classes[i], class) != 0)
		i++;
	if (i == FUZZ_MAX_CLASSES)
		return 1;
	if (i == c->num_classes) {
		snprintf(c->classes[i], FUZZ_CLASS_SIZE, "%s", class);
		c->num_classes++;
	}
	return ++c->seen[i];
}

/* ---- Seeds that fail ---- */

struct match {
	const uint8_t *data;
	size_t len;
	unsigned int num;
};

/* A fuzz_file_fn: takes a file of the same octets away. */
static bool remove_same(void *ctx, const char *path)
{
	struct match *match = ctx;
	struct stat st;
	uint8_t *data;
	size_t len;

	if (stat(path, &st) != 0 || (size_t)st.st_size != match->len)
		return true;
	data = fuzz_load(path, &len);
	if (data != NULL && len == match->len &&
	    memcmp(data, match->data, len) == 0 && unlink(path) == 0)
		match->num++;
	free(data);
	return true;
}

/*
 * An input that fails may be a seed; the process would end on it whenever it
 * is started. The link to it goes, not the seed.
 */
static void leave_out_seed(struct fuzz_campaign *c, struct fuzz_total *total,
			   const char *input)
{
	struct match match = {.num = 0};
	uint8_t *data = fuzz_load(input, &match.len);
	const char *name = total->program->name;
	char path[2200];

	match.data = data;
	for (size_t i = 0; i < 2 && data != NULL; i++) {
		if (i == 0)
			snprintf(path, sizeof(path), "%s/work/%s/seeds",
				 c->options->out, name);
		else
			snprintf(path, sizeof(path), "%s/corpus/%s",
				 c->options->out, name);
		(void)fuzz_each_file(path, remove_same, &match);
	}
	total->num_bad_seeds += match.num;
	free(data);
}

/* ---- The end of a process ---- */

static void keep_log(struct fuzz_campaign *c, struct fuzz_worker *w)
{
	char path[2200];

	snprintf(path, sizeof(path), "%s/work/%s/log", c->options->out,
		 w->total->program->name);
	(void)fuzz_store(path, w->report.text, w->report.len);
}

/* What AFL++ says when it gives up, else the last line that is not empty. */
static const char *last_line(char *text)
{
	char *line = strstr(text, "PROGRAM ABORT : ");
	size_t len = strlen(text);

	if (line != NULL) {
		line[strcspn(line, "\n")] = '\0';
		return line;
	}
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
		text[--len] = '\0';
	line = strrchr(text, '\n');
	line = line != NULL ? line + 1 : text;
	if (strlen(line) > 300)
		line[300] = '\0';
	for (char *at = line; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return line;
}

/* It ended, and not because of an input: it cannot do its work. */
static void give_up(struct fuzz_campaign *c, struct fuzz_worker *w, int status)
{
	char path[2200];

	snprintf(path, sizeof(path), "%s/work/%s/log", c->options->out,
		 w->total->program->name);
	if (WIFSIGNALED(status))
		cli_error("%s: ended by signal %d, before any input was "
			  "written: %s\nall that it printed: %s",
			  w->total->program->path, WTERMSIG(status),
			  last_line(w->report.text), path);
	else
		cli_error("%s: ended with exit %d: %s\nall that it printed: %s",
			  c->options->with == FUZZ_AFL
				  ? "afl-fuzz"
				  : w->total->program->path,
			  WEXITSTATUS(status), last_line(w->report.text), path);
	c->broken = true;
}

/* An input made the process fail. */
static void take_input(struct fuzz_campaign *c, struct fuzz_worker *w,
		       int status)
{
	struct fuzz_verdict verdict;
	unsigned int num;

	fuzz_verdict_read(&verdict, w->report.text, status, false);
	if (!verdict.failed)
		snprintf(verdict.class, sizeof(verdict.class), "unknown");
	num = count_class(c, verdict.class);
	c->num_inputs++;
	leave_out_seed(c, w->total, w->artifact);
	if (num > MAX_SAME)
		(void)unlink(w->artifact);
	else if (num == MAX_SAME && !write_known(c))
		c->broken = true;
}

/* A process is gone: what came of it. */
static void reap(struct fuzz_campaign *c, struct fuzz_worker *w, int status)
{
	bool killed = w->stopping;

	w->pid = 0;
	fuzz_worker_listen(c, w);
	close(w->fd);
	fuzz_worker_look(c, w);
	w->report.text[w->report.len] = '\0';
	w->total->milliseconds += fuzz_now_ms() - w->started;
	w->num_done += w->status.executions;
	w->total->status.executions += w->status.executions;
	if (w->status.coverage > w->total->status.coverage)
		w->total->status.coverage = w->status.coverage;
	if (w->status.corpus > w->total->status.corpus)
		w->total->status.corpus = w->status.corpus;
	w->status = (struct fuzz_status){.executions = 0};
	if (w->report.len > 0)
		keep_log(c, w);
	if (w->artifact[0] != '\0')
		take_input(c, w, status);
	else if (!killed && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		give_up(c, w, status);
}

/* ---- Turns ---- */

static bool over(const struct fuzz_campaign *c, const struct fuzz_worker *w)
{
	if (fuzz_interrupted != 0 || c->broken)
		return true;
	if (c->options->runs != 0 && w->num_done >= c->options->runs)
		return true;
	return w->deadline != 0 && fuzz_now_ms() + 1000 > w->deadline;
}

static uint64_t milliseconds(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_usec / 1000;
}

/* Looks after one process; true as long as there is work for it. */
static bool tend(struct fuzz_campaign *c, struct fuzz_worker *w)
{
	struct rusage usage;
	uint64_t now = fuzz_now_ms();
	bool found;
	int status;
	pid_t pid;

	if (w->pid == 0)
		return false;
	fuzz_worker_listen(c, w);
	pid = wait4(w->pid, &status, WNOHANG, &usage);
	if (pid == w->pid) {
		w->total->cpu += milliseconds(usage.ru_utime) +
				 milliseconds(usage.ru_stime);
		found = w->artifact[0] != '\0';
		reap(c, w, status);
		return found && !over(c, w) && fuzz_worker_start(c, w);
	}
	if (!w->stopping && (fuzz_interrupted != 0 || c->broken ||
			     (w->deadline != 0 && now > w->deadline + GRACE))) {
		fuzz_worker_stop(w);
		w->deadline = now + STOP_GRACE;
	} else if (w->stopping && (now > w->deadline || fuzz_interrupted > 1)) {
		fuzz_worker_stop(w);
	}
	return true;
}

static void wait_a_little(const struct fuzz_floor *floor)
{
	struct pollfd fds[FUZZ_MAX_JOBS];
	nfds_t num = 0;

	for (unsigned int i = 0; i < floor->num; i++)
		if (floor->workers[i].pid != 0)
			fds[num++] = (struct pollfd){.fd = floor->workers[i].fd,
						     .events = POLLIN};
	(void)poll(fds, num, TICK);
}

/* All processes of a turn, until the last is gone. */
static void take_turn(struct fuzz_floor *floor, struct fuzz_show *show)
{
	struct fuzz_campaign *c = floor->campaign;
	uint64_t gathered = fuzz_now_ms();
	bool busy = true;

	for (unsigned int i = 0; i < floor->num; i++)
		if (!fuzz_worker_start(c, &floor->workers[i]))
			c->broken = true;
	while (busy) {
		busy = false;
		for (unsigned int i = 0; i < floor->num; i++)
			busy = tend(c, &floor->workers[i]) || busy;
		fuzz_show_step(show, floor);
		if (fuzz_now_ms() - gathered > GATHER || !busy) {
			for (unsigned int i = 0; i < floor->num; i++)
				fuzz_reached_gather(c, floor->workers[i].total,
						    !busy);
			gathered = fuzz_now_ms();
		}
		if (busy)
			wait_a_little(floor);
	}
}

/* The processes of turn number turn, of num_turns. */
static unsigned int cast_turn(struct fuzz_campaign *c,
			      struct fuzz_worker *workers, unsigned int turn,
			      unsigned int num_turns)
{
	unsigned int num_targets = (unsigned int)c->programs->num, num = 0;
	unsigned int jobs = c->options->jobs;
	uint64_t now = fuzz_now_ms(), ends = 0;

	/* Runs are counted: none twice, unless there are jobs to spare. */
	if (c->options->runs != 0 && turn > 0 &&
	    jobs > num_targets - turn * jobs)
		jobs = num_targets - turn * jobs;
	if (c->options->seconds != 0)
		ends = now +
		       (c->ends > now ? c->ends - now : 0) / (num_turns - turn);
	for (; num < jobs; num++) {
		unsigned int slot = turn * c->options->jobs + num;
		struct fuzz_worker *w = &workers[num];

		*w = (struct fuzz_worker){
			.total = &c->totals[slot % num_targets],
			.number = num / num_targets,
			.deadline = ends,
		};
	}
	return num;
}

static bool prepare(struct fuzz_campaign *c)
{
	char path[2100];

	snprintf(path, sizeof(path), "%s/work", c->options->out);
	if (!fuzz_make_folders(path) || !write_known(c))
		return false;
	for (size_t i = 0; i < c->programs->num; i++) {
		c->totals[i].program = &c->programs->items[i];
		if (!fuzz_worker_prepare(c, &c->totals[i]))
			return false;
	}
	return true;
}

bool fuzz_campaign_run(struct fuzz_campaign *c)
{
	unsigned int jobs = c->options->jobs;
	unsigned int turns = ((unsigned int)c->programs->num + jobs - 1) / jobs;
	struct fuzz_worker *workers = calloc(jobs, sizeof(*workers));
	struct fuzz_floor floor = {.campaign = c, .workers = workers};
	struct fuzz_show show;

	if (workers == NULL) {
		cli_error("no memory");
		return false;
	}
	if (!prepare(c)) {
		free(workers);
		return false;
	}
	fuzz_show_init(&show);
	c->began = fuzz_now_ms();
	if (c->options->seconds != 0)
		c->ends = c->began + c->options->seconds * UINT64_C(1000);
	for (unsigned int turn = 0; turn < turns; turn++) {
		if (fuzz_interrupted != 0 || c->broken)
			break;
		floor.num = cast_turn(c, workers, turn, turns);
		take_turn(&floor, &show);
		for (unsigned int i = 0; i < floor.num; i++)
			fuzz_worker_cleanup(&workers[i]);
	}
	fuzz_show_clear(&show);
	free(workers);
	return !c->broken;
}
