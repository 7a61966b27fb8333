/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_write.c - the case and the report of a finding */
#define _GNU_SOURCE

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/case.h"
#include "convert.h"
#include "fuzz.h"

/* As much of what the target printed as a reader wants. */
#define MAX_LINES 60u

/* ---- The case ---- */

static bool write_case(const struct fuzz_finding_files *f)
{
	char in[4300], out[4300], comment[700];
	struct convert_options options = {
		.in = in,
		.out = out,
		.clause = "CAPTURE",
		.comment = comment,
	};
	enum cli_exit code;

	snprintf(in, sizeof(in), "%s/%s", f->folder, f->repro);
	snprintf(out, sizeof(out), "%s/repro.case", f->folder);
	snprintf(comment, sizeof(comment),
		 "found by fuzzing %s: %s\n# the results are those of the "
		 "engine, right or wrong",
		 f->program->name, f->verdict->text);
	cli_config_init(&options.config);
	code = convert_capture(&options);
	cli_config_cleanup(&options.config);
	return code == CLI_OK;
}

/* ---- The report ---- */

/* What "masqcheck show" says of the capture. */
static void put_packets(FILE *out, const struct fuzz_finding_files *f)
{
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	struct fuzz_output shown;

	fuzz_arg(&args, "/proc/self/exe");
	fuzz_arg(&args, "show");
	fuzz_arg(&args, "%s/%s", f->folder, f->repro);
	if (fuzz_collect(&args, 30000, false, &shown, error)) {
		fprintf(out, "## The packets\n\n```\n%s```\n\n", shown.text);
		fuzz_output_cleanup(&shown);
	}
	fuzz_args_cleanup(&args);
}

/* The line that decides; else all. */
static const char *begin_of(const char *text)
{
	static const char *const marks[] = {
		"masqcheck-finding: ",
		"ERROR: ",
		"runtime error: ",
	};
	const char *at = NULL;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (at == NULL)
			at = strstr(text, marks[i]);
	while (at != NULL && at > text && at[-1] != '\n')
		at--;
	return at != NULL ? at : text;
}

/* From there on, no more than that many lines. */
static void put_printed(FILE *out, const struct fuzz_finding_files *f)
{
	const char *at = begin_of(f->printed->text);
	/* The stack behind a broken property is that of the checker. */
	unsigned int max = strncmp(at, "masqcheck-", 10) == 0 ? 1 : MAX_LINES;

	fputs("## What the target printed\n\n```\n", out);
	for (unsigned int i = 0; i < max && *at != '\0'; i++) {
		size_t len = strcspn(at, "\n");

		for (size_t k = 0; k < len && k < 400; k++)
			putc(at[k] >= ' ' && at[k] <= '~' ? at[k] : '?', out);
		putc('\n', out);
		at += len;
		at += *at != '\0';
	}
	fputs("```\n", out);
}

static void put_repeat(FILE *out, const struct fuzz_finding_files *f)
{
	const struct fuzz_options *o = f->options;

	fputs("## Repeat\n\n    masqcheck fuzz --regress", out);
	if (o->engine != NULL)
		fprintf(out, " --engine '%s'", o->engine);
	if (o->against != NULL)
		fprintf(out, " --against '%s'", o->against);
	fprintf(out, " %s/findings/%s\n\n", o->out, f->shown_as);
	if (!f->program->is_text)
		fprintf(out,
			"%s is a capture that any analyser opens, with "
			"its settings in repro.conf. ",
			f->repro);
	fprintf(out,
		"When it is mended, this makes it a permanent case:\n\n"
		"    masqcheck fuzz --promote %s/findings/%s --as ID --clause "
		"CLAUSE\n\n",
		o->out, f->shown_as);
}

static void put_report(FILE *out, const struct fuzz_finding_files *f)
{
	const struct fuzz_small *s = f->small;

	fprintf(out, "# %s\n\n", f->verdict->class);
	fprintf(out, "%s\n\n", f->verdict->text);
	fprintf(out, "- class: %s\n", f->verdict->class);
	fprintf(out, "- target: %s\n", f->program->name);
	if (f->program->property[0] != '\0')
		fprintf(out, "- property: %s\n", f->program->property);
	if (f->options->engine != NULL)
		fprintf(out, "- engine: %s\n", f->options->engine);
	if (f->options->against != NULL)
		fprintf(out, "- against: %s\n", f->options->against);
	fprintf(out, "- input: %s\n", f->repro);
	if (!f->program->is_text)
		fprintf(out, "- variant: %u\n", s->variant);
	fprintf(out,
		"- size: %zu of %zu %s, after %" PRIu64 " attempts; it was "
		"%s\n",
		s->num_after, s->num_before,
		f->program->is_text ? "octets" : "packets", s->num_attempts,
		f->original);
	fprintf(out, "- further inputs of this class: %u\n\n", f->num_same);
	put_repeat(out, f);
	if (!f->program->is_text)
		put_packets(out, f);
	put_printed(out, f);
}

bool fuzz_write_report(const struct fuzz_finding_files *f)
{
	struct convert_file file;
	char path[4300];

	/* Without a packet there is no case; the capture says it all. */
	if (!f->program->is_text && f->small->num_after > 0 && !write_case(f))
		cli_error("%s: there is no case of it", f->shown_as);
	snprintf(path, sizeof(path), "%s/report.md", f->folder);
	if (!convert_open(&file, path))
		return false;
	put_report(file.stream, f);
	return convert_close(&file, true);
}
