/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_status.c - the status lines of libFuzzer, the statistics of AFL++ */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_status.h"

/* A decimal number behind blanks; false if there is none, or it is too big. */
static bool read_number(const char *text, uint64_t *out)
{
	uint64_t number = 0;
	bool any = false;

	while (*text == ' ' || *text == '\t')
		text++;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (number > (UINT64_MAX - 9) / 10)
			return false;
		number = number * 10 + (uint64_t)(*text - '0');
		any = true;
	}
	if (any)
		*out = number;
	return any;
}

/* The number behind a word of the line. */
static bool read_named(const char *line, const char *name, uint64_t *out)
{
	const char *at = strstr(line, name);

	return at != NULL && read_number(at + strlen(name), out);
}

bool fuzz_status_libfuzzer(struct fuzz_status *status, const char *line)
{
	uint64_t number;

	if (strncmp(line, "stat::number_of_executed_units:", 31) == 0)
		return read_number(line + 31, &status->executions);
	if (line[0] != '#' || !read_number(line + 1, &number))
		return false;
	/* Else it is a frame of a stack: "#0 0x...". */
	if (strstr(line, "exec/s:") == NULL &&
	    strstr(line, "\tREAD units:") == NULL)
		return false;
	status->executions = number;
	(void)read_named(line, " cov: ", &status->coverage);
	(void)read_named(line, " corp: ", &status->corpus);
	(void)read_named(line, " exec/s: ", &status->speed);
	return true;
}

/* The value in a line "name     : value"; NULL if it is another line. */
static const char *value_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(line, name, len) != 0)
		return NULL;
	line += len;
	while (*line == ' ' || *line == '\t')
		line++;
	return *line == ':' ? line + 1 : NULL;
}

bool fuzz_status_afl(struct fuzz_status *status, const char *text)
{
	struct {
		const char *name;
		uint64_t *value;
	} wanted[] = {
		{"execs_done", &status->executions},
		{"edges_found", &status->coverage},
		{"corpus_count", &status->corpus},
		{"execs_per_sec", &status->speed},
	};
	bool any = false;

	while (text != NULL && *text != '\0') {
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]);
		     i++) {
			const char *value = value_of(text, wanted[i].name);

			if (value != NULL &&
			    read_number(value, wanted[i].value))
				any = true;
		}
		text = strchr(text, '\n');
		if (text != NULL)
			text++;
	}
	return any;
}

/* ---- What the inputs did ---- */

enum {
	BY_ALL = 0,
	BY_ITSELF,
	BY_PACKETS
};

static const struct {
	const char *name, *text; /* text NULL: not in the summary */
	int by;                  /* who tells of it */
	bool counts;             /* against "it reached nothing" */
} reaches[FUZZ_REACHED_NUM] = {
	[FUZZ_REACHED_EXECUTIONS] = {"executions", NULL},
	[FUZZ_REACHED_CPU] = {"cpu-ms", NULL},
	[FUZZ_REACHED_STIMULI] = {"stimuli", "packets in"},
	[FUZZ_REACHED_RESULTS] = {"results", "packets out"},
	[FUZZ_REACHED_MAPPINGS] = {"mappings-made", "mappings made", BY_ITSELF,
				   true},
	[FUZZ_REACHED_HOLES] = {"holes-opened", "holes opened by helpers",
				BY_ITSELF, true},
	[FUZZ_REACHED_ERRORS] = {"errors-translated", "ICMP errors translated",
				 BY_ITSELF, true},
	[FUZZ_REACHED_TIMERS] = {"timers-fired", "timers fired", BY_ITSELF,
				 true},
	[FUZZ_REACHED_FRAGMENTS] = {"datagrams-reassembled",
				    "datagrams reassembled", BY_ITSELF, false},
	[FUZZ_REACHED_SEEN_MAPPINGS] = {"mappings-seen", "mappings seen",
					BY_PACKETS, true},
	[FUZZ_REACHED_SEEN_ANSWERS] = {"answers-seen", "answers delivered",
				       BY_PACKETS, true},
	[FUZZ_REACHED_SEEN_ERRORS] = {"errors-seen",
				      "ICMP errors seen translated", BY_PACKETS,
				      true},
	[FUZZ_REACHED_SEEN_FRAGMENTS] = {"datagrams-seen",
					 "datagrams seen reassembled",
					 BY_PACKETS, false},
};

void fuzz_reached_add(struct fuzz_reached *reached, const char *text)
{
	uint64_t number;

	reached->num_files++;
	while (text != NULL && *text != '\0') {
		for (size_t i = 0; i < FUZZ_REACHED_NUM; i++) {
			size_t len = strlen(reaches[i].name);

			if (strncmp(text, reaches[i].name, len) == 0 &&
			    text[len] == ' ' &&
			    read_number(text + len, &number) &&
			    number <= UINT64_MAX - reached->num[i])
				reached->num[i] += number;
		}
		text = strchr(text, '\n');
		if (text != NULL)
			text++;
	}
}

void fuzz_reached_join(struct fuzz_reached *reached,
		       const struct fuzz_reached *other)
{
	for (size_t i = 0; i < FUZZ_REACHED_NUM; i++)
		if (other->num[i] <= UINT64_MAX - reached->num[i])
			reached->num[i] += other->num[i];
	reached->num_files += other->num_files;
}

static bool is_told(size_t i, bool is_foreign)
{
	return reaches[i].by == BY_ALL ||
	       (reaches[i].by == BY_PACKETS) == is_foreign;
}

void fuzz_reached_text(const struct fuzz_reached *reached, bool is_foreign,
		       char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < FUZZ_REACHED_NUM && at < size; i++)
		if (reaches[i].text != NULL && is_told(i, is_foreign))
			at += (size_t)snprintf(
				out + at, size - at, "%s%" PRIu64 " %s",
				at > 0 ? ", " : "", reached->num[i],
				reaches[i].text);
}

bool fuzz_reached_any(const struct fuzz_reached *reached, bool is_foreign)
{
	for (size_t i = 0; i < FUZZ_REACHED_NUM; i++)
		if (reaches[i].counts && is_told(i, is_foreign) &&
		    reached->num[i] > 0)
			return true;
	return false;
}
