/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin_call.c - a call of an engine in a child, and verdicts on the child
 *
 * The parent's half of host.h: it gives the turn away, checks what comes
 * back, and turns the end or the silence of the child into a verdict that
 * names the packet.
 */
#define _GNU_SOURCE /* sem_clockwait() */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "plugin.h"

/* How often a waiter looks whether the child is still there: ns. */
#define SLICE 20000000

/* ---- verdicts ---------------------------------------------------------- */

/* The engine is broken from now on; what says how. */
enum conf_status plugin_break(struct plugin *p, const char *what)
{
	int status;

	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	p->pid = 0;
	p->broken = true;
	conf_where_say(p->error, &p->where, what);
	return CONF_ERR_ENGINE;
}

/* The child has gone. */
static enum conf_status bury(struct plugin *p, int status)
{
	int number = atomic_load(&p->shared->signal);
	uint32_t fault = atomic_load(&p->shared->fault);
	char end[WHERE_END_SIZE], what[160];

	p->pid = 0;
	/* A sanitizer ends a crash with an exit. */
	if (number == 0 && WIFSIGNALED(status))
		number = WTERMSIG(status);
	if (number != 0) {
		conf_where_signal(end, number);
		snprintf(what, sizeof(what), "the engine %s (%s)",
			 fault == HOST_FAULT_WRITE
				 ? "wrote to the stimulus, which is const"
			 : fault == HOST_FAULT_BEHIND
				 ? "read behind the end of the stimulus"
				 : "crashed",
			 end);
	} else {
		snprintf(what, sizeof(what),
			 "the engine ended its process (%s)",
			 conf_where_end(end, status));
	}
	return plugin_break(p, what);
}

static enum conf_status give_up_waiting(struct plugin *p, uint32_t timeout)
{
	char what[120];

	snprintf(what, sizeof(what), "the engine hung: no answer for %g s",
		 timeout / 1000.0);
	return plugin_break(p, what);
}

/* ---- turns ------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Sleeps until the child wakes us, or for a slice. */
static void doze(struct plugin *p)
{
	struct host_waiter *waiter = &p->shared->waiters[HOST_PARENT];
	struct timespec until;

	atomic_store(&waiter->sleeps, 1);
	if (atomic_load(&p->shared->turn) == HOST_PARENT)
		return;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += SLICE;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	sem_clockwait(&waiter->wake, CLOCK_MONOTONIC, &until);
}

/* Waits for the answer. */
static enum conf_status await(struct plugin *p, uint32_t timeout)
{
	int64_t deadline;
	pid_t gone;
	int status;

	if (host_spin(p->shared, HOST_PARENT, &p->spin))
		return CONF_OK;
	deadline = now_ms() + timeout;
	for (;;) {
		doze(p);
		if (atomic_load(&p->shared->turn) == HOST_PARENT)
			return CONF_OK;
		status = 0;
		gone = waitpid(p->pid, &status, WNOHANG);
		if (gone == p->pid || (gone < 0 && errno == ECHILD))
			return bury(p, status);
		if (now_ms() >= deadline)
			return give_up_waiting(p, timeout);
	}
}

static enum conf_status take_text(struct plugin *p,
				  const struct plugin_sink *sink)
{
	uint32_t used = p->shared->used;

	if (used > HOST_ROOM)
		return plugin_break(p, "the engine wrote over memory of "
				       "masqcheck");
	p->num_text += used;
	if (p->num_text > WHERE_MAX_DUMP)
		return plugin_break(p,
				    "the engine's dump has more than 16 MiB");
	if (used > 0 && sink->text != NULL)
		sink->text(sink->ctx, (const char *)p->shared->room, used);
	return CONF_OK;
}

static bool take_result(struct plugin *p, const struct plugin_sink *sink,
			uint32_t i)
{
	const struct host_result r = p->shared->results[i];
	const struct conf_packet packet = {
		.side = (enum conf_side)r.side,
		.now = r.now,
		.data = p->shared->room + r.offset,
		.len = r.len,
		.src_mac = r.has_src_mac ? r.src_mac : NULL,
		.dst_mac = r.has_dst_mac ? r.dst_mac : NULL,
		.own_error = r.own_error,
	};

	if ((r.side != CONF_INSIDE && r.side != CONF_OUTSIDE) || r.len == 0 ||
	    r.len > WHERE_MAX_RESULT || r.offset > HOST_ROOM ||
	    HOST_ROOM - r.offset < r.len)
		return false;
	sink->emit(sink->ctx, &packet);
	return true;
}

static enum conf_status take_results(struct plugin *p,
				     const struct plugin_sink *sink)
{
	uint32_t num = p->shared->num;
	char what[120];

	if (num > HOST_SLOTS)
		return plugin_break(p, "the engine wrote over memory of "
				       "masqcheck");
	for (uint32_t i = 0; i < num; i++) {
		if (++p->num_results > WHERE_MAX_RESULTS) {
			snprintf(what, sizeof(what),
				 "the engine emitted more than %u packets for "
				 "one stimulus",
				 WHERE_MAX_RESULTS);
			return plugin_break(p, what);
		}
		if (!take_result(p, sink, i))
			return plugin_break(p,
					    "the engine wrote over memory of "
					    "masqcheck");
	}
	return CONF_OK;
}

static enum conf_status take(struct plugin *p, const struct plugin_sink *sink)
{
	if (p->where.call == WHERE_DUMP)
		return take_text(p, sink);
	if (sink->emit != NULL)
		return take_results(p, sink);
	return CONF_OK;
}

/* The call has ended. */
static enum conf_status finish(struct plugin *p, uint32_t answer)
{
	uint32_t status = p->shared->status;
	char text[CONF_ERROR_SIZE];

	memcpy(text, p->shared->text, sizeof(text));
	text[sizeof(text) - 1] = '\0';
	if (answer == HOST_REFUSED) {
		/* What there is to say of a table, or of a path, is said. */
		if (p->where.call != WHERE_OPEN)
			return plugin_break(p, text);
		plugin_break(p, "");
		memcpy(p->error, text, sizeof(text));
		return CONF_ERR_ENGINE;
	}
	if (answer != HOST_DONE || status > CONF_ERR_UNSUPPORTED)
		return plugin_break(p, "the engine wrote over memory of "
				       "masqcheck");
	if (status != CONF_OK && status != CONF_ERR_UNSUPPORTED)
		memcpy(p->error, text, sizeof(text));
	return (enum conf_status)status;
}

/* One call, from the memory that is filled in to the end of the answer. */
enum conf_status plugin_call(struct plugin *p, const struct plugin_sink *sink,
			     uint32_t timeout)
{
	enum conf_status status;
	uint32_t answer;

	p->shared->call = p->where.call;
	p->num_results = 0;
	p->num_text = 0;
	for (;;) {
		host_give(p->shared, HOST_CHILD);
		status = await(p, timeout);
		if (status != CONF_OK)
			return status;
		answer = p->shared->answer;
		status = take(p, sink);
		if (status != CONF_OK)
			return status;
		if (answer != HOST_MORE)
			return finish(p, answer);
	}
}
