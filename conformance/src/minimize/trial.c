/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial.c - one attempt: a process that plays a candidate and tells
 *
 * The process aims the stimuli by playing the candidate to the engine alone,
 * then lets the oracle judge what came of it. Verdict and place are in memory
 * that both share, so that they outlive a crash; the played packets, where
 * they are wanted, come through a pipe, whose end says that it is over.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "minimize/minimize.h"
#include "minimize/trial.h"

/* What the process leaves behind. */
struct shared {
	struct conf_place place;
	enum conf_status status;
	struct conf_finding finding;
	char error[CONF_ERROR_SIZE];
	bool done;
};

bool min_trial_init(struct min_run *run)
{
	run->shared = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run->shared != MAP_FAILED)
		return true;
	run->shared = NULL;
	return false;
}

void min_trial_cleanup(struct min_run *run)
{
	if (run->shared != NULL)
		munmap(run->shared, sizeof(struct shared));
	run->shared = NULL;
}

/* ---- The process ---- */

struct player {
	struct min_run *run;
	struct conf_engine engine;
	struct min_table table;
	struct conf_results results;
	FILE *out; /* NULL: nobody listens */
};

static void tell(FILE *out, const struct conf_stimulus *s)
{
	if (out == NULL)
		return;
	fwrite(s, sizeof(*s), 1, out);
	fwrite(s->data, 1, s->len, out);
}

/* Results: what they show is learnt, and told. */
static void see_results(struct player *p, const struct conf_stimulus *s)
{
	for (size_t i = 0; i < p->results.num_items; i++) {
		const struct conf_result *r = &p->results.items[i];
		const uint8_t *data = conf_result_data(&p->results, r);
		struct conf_packet packet = {
			.side = r->side,
			.now = r->now,
			.data = data,
			.len = r->len,
			.own_error = r->own_error,
		};
		struct conf_stimulus result = {
			.is_result = true,
			.side = r->side,
			.now = r->now,
			.data = (uint8_t *)(uintptr_t)data,
			.len = r->len,
		};

		if (s != NULL)
			min_table_learn(&p->table, s, &packet);
		tell(p->out, &result);
	}
}

static bool feed(struct player *p, struct conf_stimulus *s)
{
	const struct conf_engine_ops *ops = p->engine.ops;
	struct conf_packet packet;

	min_table_aim(&p->table, s, s->data);
	tell(p->out, s);
	if (p->out != NULL)
		fflush(p->out);
	packet = conf_stimulus_packet(s);
	conf_results_clear(&p->results);
	if (ops->packet(p->engine.state, &packet, conf_results_emit,
			&p->results) != CONF_OK)
		return false;
	see_results(p, s);
	return true;
}

const char *min_trial_namer(const struct conf_minimize *m)
{
	if (m->oracle->names_of_against && m->against != NULL)
		return m->against;
	return m->engine;
}

/* Plays the trace to that engine alone. */
static enum conf_status aim(struct min_run *run, struct conf_trace *trace,
			    FILE *out)
{
	struct player p = {.run = run, .out = out};
	struct shared *shared = run->shared;
	enum conf_status status;
	bool good = true;

	snprintf(shared->place.where, sizeof(shared->place.where),
		 "open of %.80s", min_trial_namer(run->m));
	if (!min_table_init(&p.table, &run->names))
		return CONF_ERR_ENGINE;
	status = conf_engine_open(&p.engine, min_trial_namer(run->m),
				  &run->config, shared->error);
	if (status != CONF_OK)
		return status;
	snprintf(shared->place.where, sizeof(shared->place.where),
		 "packet of %.80s", min_trial_namer(run->m));
	for (size_t i = 0; i < trace->num && good; i++) {
		shared->place.at = i;
		good = feed(&p, &trace->items[i]);
	}
	conf_results_clear(&p.results);
	if (good &&
	    p.engine.ops->advance(p.engine.state, trace->end, conf_results_emit,
				  &p.results) == CONF_OK)
		see_results(&p, NULL);
	/* That the engine broke is for the oracle to find. */
	conf_engine_close(&p.engine);
	conf_results_cleanup(&p.results);
	min_table_cleanup(&p.table);
	return CONF_OK;
}

/* Copies the items and their octets: aiming changes them. */
static bool copy(struct conf_trace *out, const struct conf_trace *from)
{
	*out = (struct conf_trace){.end = from->end};
	for (size_t i = 0; i < from->num; i++)
		if (!conf_trace_add(out, &from->items[i]))
			return false;
	return true;
}

static bool has_aims(const struct conf_trace *trace)
{
	for (size_t i = 0; i < trace->num; i++)
		if (trace->items[i].aim.where != CONF_AIM_NONE)
			return true;
	return false;
}

_Noreturn static void live(struct min_run *run,
			   const struct conf_trace *candidate,
			   const char *wanted, FILE *out)
{
	const struct conf_minimize *m = run->m;
	struct shared *shared = run->shared;
	struct conf_trace trace;
	struct conf_question question = {
		.engine = m->engine,
		.against = m->against,
		.invariants = m->invariants,
		.config = &run->config,
		.trace = &trace,
		.wanted = wanted,
	};

	shared->status = CONF_ERR_ENGINE;
	snprintf(shared->error, CONF_ERROR_SIZE, "no memory for an attempt");
	if (copy(&trace, candidate)) {
		shared->status = CONF_OK;
		if (out != NULL || has_aims(&trace))
			shared->status = aim(run, &trace, out);
		if (out == NULL && shared->status == CONF_OK)
			shared->status = m->oracle->judge(
				&question, &shared->place, &shared->finding,
				shared->error);
	}
	shared->done = true;
	if (out != NULL)
		fclose(out);
	_exit(0);
}

/* Its own group, and no noise: engines may complain as they die. */
static void settle(void)
{
	int null = open("/dev/null", O_RDWR);

	(void)setpgid(0, 0);
	signal(SIGINT, SIG_IGN);
	if (null >= 0) {
		(void)dup2(null, STDOUT_FILENO);
		(void)dup2(null, STDERR_FILENO);
	}
}

/* ---- The parent ---- */

struct octets {
	uint8_t *data;
	size_t len, max;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool take(struct octets *o, int fd, bool *over)
{
	ssize_t n;

	if (o->max - o->len < 65536) {
		uint8_t *data = realloc(o->data, o->max * 2 + 65536);

		if (data == NULL)
			return false;
		o->data = data;
		o->max = o->max * 2 + 65536;
	}
	n = read(fd, o->data + o->len, o->max - o->len);
	*over = n == 0;
	if (n > 0)
		o->len += (size_t)n;
	return n >= 0 || errno == EINTR;
}

enum ending {
	ENDED,
	HUNG,
	STOPPED
};

/* Listens until the process is over, or for too long. */
static enum ending listen_to(struct min_run *run, int fd, struct octets *o)
{
	int64_t deadline = now_ms() + run->timeout;
	bool over = false;

	while (!over) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = deadline - now_ms();

		if (*run->m->interrupted != 0)
			return STOPPED;
		if (left <= 0)
			return HUNG;
		if (poll(&p, 1, (int)left) > 0 && !take(o, fd, &over))
			return STOPPED;
	}
	return ENDED;
}

/* What it means that the process did not come to its end. */
static void describe(const struct shared *shared, enum ending ending,
		     int status, struct conf_finding *out)
{
	char how[64];

	if (ending == HUNG)
		snprintf(how, sizeof(how), "hang");
	else if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "crash (signal %d)",
			 WTERMSIG(status));
	else
		snprintf(how, sizeof(how), "crash (exit %d)",
			 WEXITSTATUS(status));
	out->at = shared->place.at;
	snprintf(out->class, sizeof(out->class), "%.40s in %.80s", how,
		 shared->place.where);
	snprintf(out->text, sizeof(out->text), "%s", out->class);
}

/* The process of an attempt. Returns false if there cannot be one. */
static bool start(struct min_run *run, const struct conf_trace *candidate,
		  const char *wanted, bool tells, int *out_fd, pid_t *out_pid)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	fflush(NULL);
	*out_pid = fork();
	if (*out_pid == 0) {
		close(fds[0]);
		settle();
		live(run, candidate, wanted,
		     tells ? fdopen(fds[1], "w") : NULL);
	}
	close(fds[1]);
	*out_fd = fds[0];
	if (*out_pid > 0)
		return true;
	close(fds[0]);
	return false;
}

static void give_up(struct min_run *run, const char *what)
{
	run->broken = true;
	run->status = CONF_ERR_ENGINE;
	snprintf(run->error, CONF_ERROR_SIZE, "%s", what);
}

/* Runs an attempt; false if nothing can be said of it. */
static bool attempt(struct min_run *run, const struct conf_trace *candidate,
		    const char *wanted, bool tells, struct octets *o,
		    struct conf_finding *finding)
{
	struct shared *shared = run->shared;
	enum ending ending;
	int fd, status = 0;
	pid_t pid;

	*finding = (struct conf_finding){.class = ""};
	if (run->broken || *run->m->interrupted != 0)
		return false;
	memset(shared, 0, sizeof(*shared));
	run->out->num_attempts++;
	if (!start(run, candidate, wanted, tells, &fd, &pid)) {
		give_up(run, strerror(errno));
		return false;
	}
	ending = listen_to(run, fd, o);
	if (ending != ENDED && kill(-pid, SIGKILL) != 0)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	close(fd);
	if (ending == STOPPED)
		return false;
	if (!shared->done) {
		describe(shared, ending, status, finding);
		return true;
	}
	*finding = shared->finding;
	if (shared->status == CONF_OK)
		return true;
	/* A candidate with fewer settings may be refused. */
	run->status = shared->status;
	snprintf(run->error, CONF_ERROR_SIZE, "%s", shared->error);
	return false;
}

bool min_try(struct min_run *run, const struct conf_trace *candidate,
	     const char *wanted, struct conf_finding *finding)
{
	struct octets o = {.data = NULL};
	bool good = attempt(run, candidate, wanted, false, &o, finding);

	free(o.data);
	if (run->m->progress != NULL)
		run->m->progress(run->m->ctx, run->part, run->done, run->total);
	if (!good || finding->class[0] == '\0')
		return false;
	return wanted == NULL || strcmp(finding->class, wanted) == 0;
}

static void put_in_order(struct conf_trace *t)
{
	struct conf_stimulus *last, swap;

	if (t->num < 2)
		return;
	last = &t->items[t->num - 1];
	if (!last->is_result || last[-1].is_result || last->now >= last[-1].now)
		return;
	swap = *last;
	*last = last[-1];
	last[-1] = swap;
}

/*
 * What was told, as a trace; a last one that is not whole is left out. What
 * time alone caused before a stimulus is told behind it, and comes before it.
 */
static bool unpack(const struct octets *o, struct conf_trace *played)
{
	struct conf_stimulus s;
	size_t at = 0;

	while (o->len - at >= sizeof(s)) {
		memcpy(&s, o->data + at, sizeof(s));
		at += sizeof(s);
		if (o->len - at < s.len)
			break;
		s.data = o->data + at;
		at += s.len;
		if (!conf_trace_add(played, &s))
			return false;
		put_in_order(played);
	}
	return true;
}

bool min_play(struct min_run *run, const struct conf_trace *candidate,
	      struct conf_trace *played)
{
	struct octets o = {.data = NULL};
	struct conf_finding finding;
	bool good = attempt(run, candidate, NULL, true, &o, &finding);

	*played = (struct conf_trace){.end = candidate->end};
	good = good && unpack(&o, played);
	free(o.data);
	return good;
}
