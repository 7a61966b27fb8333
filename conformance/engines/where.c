/* SPDX-License-Identifier: Apache-2.0 */
/* where.c - what an engine of its own process was doing, in words */
#define _POSIX_C_SOURCE 200809L

#include "where.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "conformance/compare.h"
#include "conformance/decode.h"

/* Octets of a summary that a verdict has room for. */
#define SUMMARY_SIZE 200

static void say_packet(char *out, size_t size, const struct where *where)
{
	const struct conf_packet *p = where->packet;
	char summary[SUMMARY_SIZE] = "empty";

	if (p->len > 0)
		conf_summary(summary, sizeof(summary), p->data, p->len);
	snprintf(out, size, "at packet %" PRIu64 ": %s %s", where->num_packets,
		 conf_side_name(p->side), summary);
}

void conf_where_say(char error[CONF_ERROR_SIZE], const struct where *where,
		    const char *what)
{
	char at[SUMMARY_SIZE + 64] = "", time[CONF_TIME_SIZE];

	switch (where->call) {
	case WHERE_OPEN:
		snprintf(at, sizeof(at), "while it was opened");
		break;
	case WHERE_RESET:
		snprintf(at, sizeof(at), "at the reset after packet %" PRIu64,
			 where->num_packets);
		break;
	case WHERE_PACKET:
		say_packet(at, sizeof(at), where);
		break;
	case WHERE_ADVANCE:
		snprintf(at, sizeof(at),
			 "when the time became %s, after packet %" PRIu64,
			 conf_time_text(time, where->now), where->num_packets);
		break;
	case WHERE_DUMP:
		snprintf(at, sizeof(at), "in a dump after packet %" PRIu64,
			 where->num_packets);
		break;
	case WHERE_CLOSE:
		snprintf(at, sizeof(at), "while it was closed");
		break;
	}
	snprintf(error, CONF_ERROR_SIZE, "%.230s %s", what, at);
}

const char *conf_where_signal(char out[WHERE_END_SIZE], int signal_number)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},
		{SIGFPE, "SIGFPE"},   {SIGILL, "SIGILL"},
		{SIGABRT, "SIGABRT"}, {SIGTRAP, "SIGTRAP"},
		{SIGSYS, "SIGSYS"},   {SIGKILL, "SIGKILL"},
		{SIGTERM, "SIGTERM"}, {SIGPIPE, "SIGPIPE"},
		{SIGXCPU, "SIGXCPU"}, {SIGHUP, "SIGHUP"},
		{SIGALRM, "SIGALRM"}, {SIGINT, "SIGINT"},
	};

	snprintf(out, WHERE_END_SIZE, "signal %d", signal_number);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == signal_number)
			snprintf(out, WHERE_END_SIZE, "%s", names[i].name);
	return out;
}

const char *conf_where_end(char out[WHERE_END_SIZE], int status)
{
	if (WIFSIGNALED(status))
		return conf_where_signal(out, WTERMSIG(status));
	snprintf(out, WHERE_END_SIZE, "exit %d", WEXITSTATUS(status));
	return out;
}
