/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec_talk.c - records to a program and from it, and verdicts on it
 *
 * What the program writes is checked here, record by record, before it goes
 * on as results.
 */
#define _GNU_SOURCE /* strndup() */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "conformance/registry.h"
#include "exec.h"

#define NS_PER_US 1000u

/* ---- verdicts ---------------------------------------------------------- */

void exec_halt(struct exec *e, int *status)
{
	cap_discard(e->writer);
	cap_close(e->reader);
	e->writer = NULL;
	e->reader = NULL;
	exec_stop(&e->process, status);
}

bool exec_break(struct exec *e, const char *format, ...)
{
	char what[CONF_ERROR_SIZE];
	va_list args;
	int status;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	exec_halt(e, &status);
	e->broken = true;
	conf_where_say(e->error, &e->where, what);
	return false;
}

static bool bury(struct exec *e)
{
	char end[WHERE_END_SIZE];
	int status;
	bool by_itself;

	cap_discard(e->writer);
	e->writer = NULL;
	by_itself = exec_stop(&e->process, &status);
	if (!by_itself)
		return exec_break(e, "the program closed its output");
	if (WIFEXITED(status) &&
	    WEXITSTATUS(status) > 128) /* a shell says so */
		return exec_break(
			e, "the program ended (exit %d, %s)",
			WEXITSTATUS(status),
			conf_where_signal(end, WEXITSTATUS(status) - 128));
	return exec_break(e, "the program ended (%s%s)",
			  conf_where_end(end, status),
			  WIFEXITED(status) && WEXITSTATUS(status) == 127
				  ? ", no such command"
				  : "");
}

/* Nothing more can be written, or read: says why. text: libpcap's. */
static bool fail_pipe(struct exec *e, const char *text)
{
	char copy[200];

	snprintf(copy, sizeof(copy), "%s", text);
	switch (e->process.end) {
	case EXEC_TIMEOUT:
		return exec_break(e,
				  "the program did not send the barrier back "
				  "within %g s",
				  e->timeout / 1000.0);
	case EXEC_GONE:
		/* In the middle of a record? */
		if (copy[0] != '\0' && e->process.total > 0)
			return exec_break(e,
					  "the program ended in the middle of "
					  "a record: %s",
					  copy);
		return bury(e);
	case EXEC_FLOOD:
		return exec_break(e, "the program writes without end and does "
				     "not read");
	case EXEC_SYSTEM:
		return exec_break(e, "a pipe to the program: %s",
				  strerror(e->process.number));
	case EXEC_ALIVE:
		break;
	}
	return exec_break(e, "the program writes no capture: %s", copy);
}

/* ---- to the program ---------------------------------------------------- */

static bool put(struct exec *e, const struct cap_record *record)
{
	switch (cap_write(e->writer, record)) {
	case CAP_OK:
		return true;
	case CAP_ERR_ARGUMENT:
		return exec_break(e, "%s", cap_writer_error(e->writer));
	default:
		return fail_pipe(e, "");
	}
}

/* A record of the control EtherType: a text, or a barrier. */
bool exec_put_control(struct exec *e, uint64_t now, const char *text)
{
	const struct cap_record record = {
		.time = now,
		.side = CAP_INSIDE,
		.dir = CAP_ARRIVED,
		.ethertype = CAP_ETHERTYPE_BARRIER,
		.data = (const uint8_t *)text,
		.len = (uint32_t)strlen(text),
	};

	return put(e, &record);
}

bool exec_put_stimulus(struct exec *e, const struct conf_packet *p)
{
	struct cap_record record = {
		.time = p->now,
		.side = (enum cap_side)p->side,
		.dir = CAP_ARRIVED,
		.cast = (enum cap_cast)p->cast,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.is_ethernet = p->src_mac != NULL,
		.data = p->data,
		.len = p->len,
	};

	if (p->src_mac != NULL)
		memcpy(record.src_mac, p->src_mac, 6);
	return put(e, &record);
}

/* ---- from the program -------------------------------------------------- */

/* The length of the word at the beginning of text. */
static size_t word_len(const char *text)
{
	return strcspn(text, " \t");
}

static bool is_word(const char *text, const char *word)
{
	return word_len(text) == strlen(word) &&
	       strncmp(text, word, strlen(word)) == 0;
}

/* "can clock fragments": what SLL2 has no room for is not among it. */
static bool take_can(struct exec *e, const char *text)
{
	const uint32_t possible = CONF_CAN_VIRTUAL_TIME | CONF_CAN_FRAGMENTS |
				  CONF_CAN_DUMP | CONF_CAN_CONFIGURE;

	for (;;) {
		const struct conf_capability_name *n = conf_capability_names;

		text += strspn(text, " \t");
		if (*text == '\0')
			return true;
		while (n->name != NULL &&
		       ((n->bit & possible) == 0 || !is_word(text, n->name)))
			n++;
		if (is_word(text, "reset"))
			e->can_reset = true;
		else if (n->name != NULL)
			e->ops.capabilities |= n->bit;
		else
			return exec_break(e,
					  "the program says it can \"%.*s\"; "
					  "there are clock, fragments, dump, "
					  "config, reset",
					  (int)word_len(text), text);
		text += word_len(text);
	}
}

static bool take_hello_line(struct exec *e, const char *line)
{
	const char *rest = line + word_len(line);

	rest += strspn(rest, " \t");
	if (is_word(line, "can"))
		return take_can(e, rest);
	if (is_word(line, "name")) {
		snprintf(e->name, sizeof(e->name), "%s", rest);
		return true;
	}
	if (is_word(line, "refuse")) {
		exec_break(e, "the program refuses: %.200s", rest);
		snprintf(e->error, sizeof(e->error), "%s", rest);
		e->is_config = true;
		return false;
	}
	return line[0] == '\0' ||
	       exec_break(e,
			  "the program says \"%.60s\"; expected lines \"can "
			  "WORD...\", \"name TEXT\" or \"refuse TEXT\"",
			  line);
}

static bool take_hello(struct exec *e, const struct cap_record *r)
{
	char *text = strndup((const char *)r->data, r->len);
	char *save = NULL;
	bool good = text != NULL;

	for (char *line = good ? strtok_r(text, "\n", &save) : NULL;
	     good && line != NULL; line = strtok_r(NULL, "\n", &save))
		good = take_hello_line(e, line);
	free(text);
	return good;
}

/* A record of the control EtherType that has a text. */
static bool take_text(struct exec *e, struct exec_answer *a,
		      const struct cap_record *r)
{
	if (!e->greeted)
		return take_hello(e, r);
	if (a->text == NULL)
		return exec_break(e, "the program says something that it was "
				     "not asked for");
	a->num_text += r->len;
	if (a->num_text > WHERE_MAX_DUMP)
		return exec_break(e, "the program's dump has more than 16 MiB");
	a->text(a->ctx, (const char *)r->data, r->len);
	return true;
}

/* Microseconds of the clock, if the program knows no finer ones. */
static uint64_t result_time(const struct cap_record *r, uint64_t now)
{
	bool is_rounded = r->time < now && now - r->time < NS_PER_US &&
			  r->time % NS_PER_US == 0;

	return is_rounded ? now : r->time;
}

/* Can it be a result? NULL, or what is wrong. */
static const char *find_fault(const struct exec *e, const struct exec_answer *a,
			      const struct cap_record *r, uint64_t time)
{
	if (!e->greeted)
		return "comes before the first barrier";
	if (a->emit == NULL)
		return "is a packet that nothing caused";
	if (r->ethertype != CAP_ETHERTYPE_IPV4)
		return "has another EtherType than 0x0800 and 0x88B5";
	if (r->dir != CAP_SENT)
		return "is not one that was sent (packet type 4)";
	if (r->side == CAP_SIDE_NONE)
		return "leaves by no side (interface 1 or 2)";
	if (r->len == 0 || r->len > WHERE_MAX_RESULT)
		return "has no packet of 1 to 65535 octets";
	if (cap_is_truncated(r))
		return "is truncated";
	if (time > a->now || time < a->from)
		return "has a time that is not now, nor since the last barrier";
	return NULL;
}

static bool take_result(struct exec *e, struct exec_answer *a,
			const struct cap_record *r)
{
	uint64_t time = result_time(r, a->now);
	const char *fault = find_fault(e, a, r, time);
	const struct conf_packet packet = {
		.side = (enum conf_side)r->side,
		.now = time,
		.data = r->data,
		.len = r->len,
		.src_mac = r->is_ethernet ? r->src_mac : NULL,
	};

	if (fault != NULL)
		return exec_break(e, "record %" PRIu64 " of the program %s",
				  r->number, fault);
	if (++a->num > WHERE_MAX_RESULTS)
		return exec_break(e,
				  "the program sent more than %u packets for "
				  "one stimulus",
				  WHERE_MAX_RESULTS);
	a->emit(a->ctx, &packet);
	return true;
}

/* The file header comes with the first record that the program writes. */
static bool open_reader(struct exec *e)
{
	char error[CAP_ERROR_SIZE];
	FILE *stream = exec_stream(&e->process);

	if (stream == NULL)
		return exec_break(e, "no memory to read the program");
	setvbuf(stream, e->buffer, _IOFBF, sizeof(e->buffer));
	if (cap_open_stream(stream, "its output", NULL, &e->reader, error) ==
	    CAP_OK)
		return true;
	return fail_pipe(e, error);
}

/* Sends a barrier, and reads until it is back. */
bool exec_exchange(struct exec *e, struct exec_answer *a)
{
	struct cap_record r;
	enum cap_status status;
	bool good;

	exec_arm(&e->process, e->timeout);
	if (!exec_put_control(e, a->now, ""))
		return false;
	if (cap_flush(e->writer) != CAP_OK)
		return fail_pipe(e, "");
	if (e->reader == NULL && !open_reader(e))
		return false;
	for (;;) {
		status = cap_next(e->reader, &r);
		if (status != CAP_OK)
			return fail_pipe(e,
					 status == CAP_END
						 ? ""
						 : cap_reader_error(e->reader));
		if (r.ethertype != CAP_ETHERTYPE_BARRIER)
			good = take_result(e, a, &r);
		else if (r.len > 0)
			good = take_text(e, a, &r);
		else
			break;
		if (!good)
			return false;
	}
	e->clock = a->now;
	return true;
}
