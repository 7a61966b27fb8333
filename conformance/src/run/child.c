/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child.c - children that play cases, and the parent that listens to them
 *
 * A child writes a record when it begins a case and one when it ends it. A
 * child that goes away in between crashed in that case; one that says
 * nothing for too long is killed. In both cases a new child goes on behind.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "conformance/run.h"

#define MAX_JOBS 64u

struct record {
	size_t index;
	bool ended;
	bool kept;
	char error[CONF_ERROR_SIZE]; /* of the harness */
	struct conf_outcome outcome;
};

struct child {
	pid_t pid; /* 0 = none */
	int fd;
	size_t next;      /* case that it plays, or plays next */
	int64_t deadline; /* ms */
	size_t filled;    /* octets of record */
	struct record record;
};

struct pool {
	const struct conf_run *run;
	struct child *children;
	unsigned int num;
	bool stop;
	char *error;
};

uint64_t conf_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool write_all(int fd, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* The life of a child. */
static void play_cases(const struct pool *pool, int fd, size_t first)
{
	struct conf_worker *worker = conf_worker_new();
	struct record *r = calloc(1, sizeof(*r));

	signal(SIGINT, SIG_IGN); /* the parent decides */
	if (worker == NULL || r == NULL)
		_exit(3);
	for (size_t i = first; i < pool->run->num_cases; i += pool->num) {
		r->index = i;
		r->ended = false;
		if (!write_all(fd, r, sizeof(*r)))
			_exit(3);
		conf_run_one(worker, pool->run, i, &r->outcome, &r->kept,
			     r->error);
		r->ended = true;
		if (!write_all(fd, r, sizeof(*r)))
			_exit(3);
	}
	conf_worker_free(worker);
	free(r);
	_exit(0);
}

static bool start(struct pool *pool, struct child *child)
{
	pid_t parent = getpid();
	int fds[2];

	child->filled = 0;
	child->pid = 0;
	if (child->next >= pool->run->num_cases)
		return true;
	if (pipe(fds) != 0) {
		snprintf(pool->error, CONF_ERROR_SIZE, "pipe: %s",
			 strerror(errno));
		return false;
	}
	fflush(NULL);
	child->pid = fork();
	if (child->pid == 0) {
		/* A case that never ends must not outlive a killed run. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
		    getppid() != parent)
			_exit(3);
		close(fds[0]);
		play_cases(pool, fds[1], child->next);
	}
	close(fds[1]);
	child->fd = fds[0];
	child->deadline = now_ms() + pool->run->timeout * INT64_C(1000);
	if (child->pid > 0)
		return true;
	child->pid = 0;
	close(fds[0]);
	snprintf(pool->error, CONF_ERROR_SIZE, "fork: %s", strerror(errno));
	return false;
}

static void report(struct pool *pool, size_t index,
		   const struct conf_outcome *outcome, bool kept)
{
	if (!pool->run->done(pool->run->ctx, index, outcome, kept))
		pool->stop = true;
}

/* The case that a child was in is an ERROR; another child goes on. */
static bool replace(struct pool *pool, struct child *child, const char *what)
{
	struct conf_outcome outcome = {.verdict = REP_ERROR};

	snprintf(outcome.reason, sizeof(outcome.reason), "%s", what);
	report(pool, child->next, &outcome, false);
	child->next += pool->num;
	return pool->stop || start(pool, child);
}

static void reap(struct child *child, int *out_status)
{
	*out_status = 0;
	close(child->fd);
	while (waitpid(child->pid, out_status, 0) < 0 && errno == EINTR)
		;
	child->pid = 0;
}

static bool gone(struct pool *pool, struct child *child)
{
	char what[120];
	int status;

	reap(child, &status);
	if (child->next >= pool->run->num_cases)
		return true;
	if (WIFSIGNALED(status))
		snprintf(what, sizeof(what),
			 "the engine crashed: signal %d, %s", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(what, sizeof(what),
			 "the engine ended the process: exit %d",
			 WEXITSTATUS(status));
	return replace(pool, child, what);
}

static bool hung(struct pool *pool, struct child *child)
{
	char what[80];
	int status;

	kill(child->pid, SIGKILL);
	reap(child, &status);
	snprintf(what, sizeof(what), "the engine hung: no end after %u s",
		 pool->run->timeout);
	return replace(pool, child, what);
}

/* Octets have come, or the end. */
static bool listen_to(struct pool *pool, struct child *child)
{
	uint8_t *at = (uint8_t *)&child->record + child->filled;
	ssize_t n = read(child->fd, at, sizeof(child->record) - child->filled);

	if (n < 0)
		return errno == EINTR || gone(pool, child);
	if (n == 0)
		return gone(pool, child);
	child->filled += (size_t)n;
	if (child->filled < sizeof(child->record))
		return true;
	child->filled = 0;
	child->next = child->record.index;
	child->deadline = now_ms() + pool->run->timeout * INT64_C(1000);
	if (!child->record.ended)
		return true;
	child->next += pool->num;
	report(pool, child->record.index, &child->record.outcome,
	       child->record.kept);
	if (child->record.error[0] == '\0')
		return true;
	snprintf(pool->error, CONF_ERROR_SIZE, "%s", child->record.error);
	return false;
}

/* Waits for something to happen, and sees to it. */
static bool look(struct pool *pool)
{
	struct pollfd fds[MAX_JOBS];
	int64_t now = now_ms(), wait = 1000;
	bool good = true;

	for (unsigned int i = 0; i < pool->num; i++) {
		struct child *child = &pool->children[i];

		fds[i] = (struct pollfd){
			.fd = child->pid > 0 ? child->fd : -1,
			.events = POLLIN,
		};
		if (child->pid > 0 && child->deadline - now < wait)
			wait = child->deadline > now ? child->deadline - now
						     : 0;
	}
	if (poll(fds, pool->num, (int)wait) < 0 && errno != EINTR)
		return false;
	now = now_ms();
	for (unsigned int i = 0; i < pool->num && good && !pool->stop; i++) {
		struct child *child = &pool->children[i];

		if (child->pid == 0)
			continue;
		if (fds[i].fd >= 0 && fds[i].revents != 0)
			good = listen_to(pool, child);
		else if (now >= child->deadline)
			good = hung(pool, child);
	}
	return good;
}

static bool busy(const struct pool *pool)
{
	for (unsigned int i = 0; i < pool->num; i++)
		if (pool->children[i].pid > 0)
			return true;
	return false;
}

enum conf_status conf_run_cases(const struct conf_run *run,
				char error[CONF_ERROR_SIZE])
{
	struct pool pool = {.run = run, .error = error, .num = run->jobs};
	bool good = true;
	int status;

	if (pool.num > MAX_JOBS)
		pool.num = MAX_JOBS;
	if (pool.num > run->num_cases)
		pool.num = run->num_cases > 0 ? (unsigned int)run->num_cases
					      : 1;
	error[0] = '\0';
	pool.children = calloc(pool.num, sizeof(*pool.children));
	if (pool.children == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for children");
		return CONF_ERR_ENGINE;
	}
	for (unsigned int i = 0; i < pool.num && good; i++) {
		pool.children[i].next = i;
		good = start(&pool, &pool.children[i]);
	}
	while (good && !pool.stop && *run->interrupted == 0 && busy(&pool))
		good = look(&pool);
	for (unsigned int i = 0; i < pool.num; i++)
		if (pool.children[i].pid > 0) {
			kill(pool.children[i].pid, SIGKILL);
			reap(&pool.children[i], &status);
		}
	free(pool.children);
	return good ? CONF_OK : CONF_ERR_ENGINE;
}
