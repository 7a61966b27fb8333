/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_ledger.c - OUT/ledger.tsv: what campaigns in a folder have cost
 *
 * A line for each target of each campaign, behind a line that names the
 * columns. Lines are only ever added, those of a campaign in one write.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define KEY_SIZE 1200

static const char head[] =
	"# ended\ttarget\twith\tengine\tagainst\tcpu-s\twall-s\texecutions\t"
	"cov\tcorpus\tnew\tknown\tunreproduced\n";

/* A text of the command line as one column of one line. */
static void put_column(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text != NULL ? text : "-");
	for (; *out != '\0'; out++)
		if (*out == '\t' || *out == '\n')
			*out = ' ';
}

/* What a line is about: target, fuzzer, engines. */
static void key_of(const struct fuzz_campaign *c, const struct fuzz_total *t,
		   char out[KEY_SIZE])
{
	const struct fuzz_options *o = c->options;
	char engine[512], against[512];

	put_column(engine, sizeof(engine), o->engine);
	put_column(against, sizeof(against), o->against);
	snprintf(out, KEY_SIZE, "%s\t%s\t%s\t%s", t->program->name,
		 o->with == FUZZ_AFL ? "afl++" : "libfuzzer", engine, against);
}

/* Seconds in a line of that key, or 0. */
static double cpu_in(const char *line, const char *key)
{
	const size_t len = strlen(key);
	const char *at = strchr(line, '\t');

	if (line[0] == '#' || at == NULL || strncmp(at + 1, key, len) != 0 ||
	    at[1 + len] != '\t')
		return 0;
	return strtod(at + 2 + len, NULL);
}

/* Those of all lines; a ledger that is not there has none. */
static bool add_up(struct fuzz_campaign *c, const char *path)
{
	char key[KEY_SIZE], *text, *rest, *line;
	size_t len;

	text = (char *)fuzz_load(path, &len);
	if (text == NULL && errno != ENOENT) {
		cli_error("%s: %s", path, strerror(errno));
		return false;
	}
	rest = text;
	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
		for (size_t i = 0; i < c->programs->num; i++) {
			struct fuzz_total *t = &c->totals[i];
			double seconds;

			key_of(c, t, key);
			seconds = cpu_in(line, key);
			if (seconds > 0 && seconds < 1e12)
				t->cpu_of_all += (uint64_t)(seconds * 1000);
		}
	free(text);
	return true;
}

static void put_line(FILE *out, const struct fuzz_campaign *c,
		     const struct fuzz_total *t, const char *now)
{
	char key[KEY_SIZE];

	key_of(c, t, key);
	fprintf(out,
		"%s\t%s\t%" PRIu64 ".%" PRIu64 "\t%" PRIu64 ".%" PRIu64
		"\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%u\t%u\t%u\n",
		now, key, t->cpu / 1000, t->cpu / 100 % 10,
		t->milliseconds / 1000, t->milliseconds / 100 % 10,
		t->status.executions, t->status.coverage, t->status.corpus,
		t->counts.num_new, t->counts.num_known,
		t->counts.num_unreproduced);
}

static char *text_of(const struct fuzz_campaign *c, bool with_head,
		     size_t *out_len)
{
	char now[32] = "?", *text = NULL;
	const time_t seconds = time(NULL);
	struct tm tm;
	FILE *stream = open_memstream(&text, out_len);

	if (stream == NULL)
		return NULL;
	if (gmtime_r(&seconds, &tm) != NULL)
		(void)strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (with_head)
		fputs(head, stream);
	for (size_t i = 0; i < c->programs->num; i++)
		if (c->totals[i].ran)
			put_line(stream, c, &c->totals[i], now);
	return fclose(stream) == 0 ? text : NULL;
}

static bool append(const struct fuzz_campaign *c, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	const off_t end = fd >= 0 ? lseek(fd, 0, SEEK_END) : -1;
	size_t len = 0;
	char *text = end >= 0 ? text_of(c, end == 0, &len) : NULL;
	bool good = text != NULL && write(fd, text, len) == (ssize_t)len;

	/* A part of a line would be read as one. */
	if (!good) {
		cli_error("%s: %s", path, strerror(errno));
		if (end >= 0)
			(void)!ftruncate(fd, end);
	}
	free(text);
	if (fd >= 0)
		close(fd);
	return good;
}

bool fuzz_ledger_add(struct fuzz_campaign *c)
{
	char path[1100];

	snprintf(path, sizeof(path), "%s/ledger.tsv", c->options->out);
	return append(c, path) && add_up(c, path);
}
