/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_promote.c - masqcheck fuzz --promote: a finding becomes a case
 *
 * The input goes to corpora/TARGET/regress, with a line in README there that
 * says what it showed. A capture also becomes a case: its stimuli, and what
 * the reference without quirks answers to them now.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/suite.h"
#include "convert.h"
#include "fuzz.h"

struct promotion {
	const struct fuzz_options *options;
	char target[64], input[64], class[FUZZ_CLASS_SIZE];
	char from[4200];   /* the input */
	char name[128];    /* of the file in regress */
	char folder[2200]; /* corpora/TARGET/regress */
	char as_case[2200];
	bool has_case;
};

/* ---- What is promoted ---- */

static bool good_id(const char *id)
{
	size_t len = strlen(id);

	if (len == 0 || len > 100 || id[0] == '/' || id[len - 1] == '/' ||
	    strstr(id, "..") != NULL || strstr(id, "//") != NULL)
		return false;
	return strspn(id, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_.") == len;
}

static const char *cases_folder(const struct fuzz_options *o)
{
	const char *named = getenv("MASQCHECK_CASES");

	if (o->cases != NULL)
		return o->cases;
	if (named != NULL && named[0] != '\0')
		return named;
	return MASQCHECK_CASES_SOURCE;
}

/* Of the sources: what is installed is nobody's to write to. */
static const char *corpora_folder(const struct fuzz_options *o)
{
	return o->corpus != NULL ? o->corpus : MASQCHECK_SOURCE "/corpora";
}

/* Whoever names a folder may mean one that is to be made. */
static bool has_folders(const struct fuzz_options *o)
{
	if ((o->corpus != NULL || access(corpora_folder(o), W_OK) == 0) &&
	    (o->cases != NULL || access(cases_folder(o), W_OK) == 0))
		return true;
	cli_error("%s and %s, of the sources, cannot be written to; name "
		  "others: --corpus DIR --cases DIR",
		  corpora_folder(o), cases_folder(o));
	return false;
}

static bool read_finding(struct promotion *p)
{
	const char *folder = p->options->promote;

	if (fuzz_report_value(p->target, sizeof(p->target), folder, "target") &&
	    fuzz_report_value(p->input, sizeof(p->input), folder, "input") &&
	    fuzz_report_value(p->class, sizeof(p->class), folder, "class") &&
	    strchr(p->target, '/') == NULL && strchr(p->input, '/') == NULL)
		return true;
	cli_error("%s is not the folder of a finding: it has no report.md "
		  "with lines \"- target:\", \"- input:\" and \"- class:\"",
		  folder);
	return false;
}

static enum cli_exit choose_names(struct promotion *p)
{
	const struct fuzz_options *o = p->options;
	const char *dot;
	char path[4600];

	if (!good_id(o->as)) {
		cli_error("--as: read \"%s\", expected an id such as "
			  "attack/short-header",
			  o->as);
		return CLI_USAGE;
	}
	if (!has_folders(o))
		return CLI_USAGE;
	if (!read_finding(p))
		return CLI_BROKEN;
	dot = strrchr(p->input, '.');
	snprintf(p->from, sizeof(p->from), "%s/%s", o->promote, p->input);
	snprintf(p->name, sizeof(p->name), "%s%s", o->as,
		 dot != NULL ? dot : "");
	for (char *at = p->name; *at != '\0'; at++)
		if (*at == '/')
			*at = '-';
	snprintf(p->folder, sizeof(p->folder), "%s/%s/regress",
		 corpora_folder(o), p->target);
	snprintf(p->as_case, sizeof(p->as_case), "%s/%s.case", cases_folder(o),
		 o->as);
	snprintf(path, sizeof(path), "%s/repro.case", o->promote);
	p->has_case = strcmp(p->input, "repro.pcap") == 0 &&
		      access(path, R_OK) == 0;
	snprintf(path, sizeof(path), "%s/%s", p->folder, p->name);
	for (unsigned int i = 0; i < 2; i++) {
		const char *there = i == 0 ? path : p->as_case;

		if ((i == 0 || p->has_case) && access(there, F_OK) == 0) {
			cli_error("%s is there already: another --as", there);
			return CLI_USAGE;
		}
	}
	return CLI_OK;
}

/* ---- The case ---- */

/* Settings without the profile, which is for those to choose who play it. */
static bool write_settings(const struct promotion *p, const char *path)
{
	char from[4300];
	struct convert_file file;
	size_t len;
	char *text, *rest, *line;

	snprintf(from, sizeof(from), "%s/repro.conf", p->options->promote);
	text = (char *)fuzz_load(from, &len);
	rest = text;
	if (!convert_open(&file, path)) {
		free(text);
		return false;
	}
	fprintf(file.stream, "# found by fuzzing %s: %s\n", p->target,
		p->class);
	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
		if (line[0] != '#' && line[0] != '\0' &&
		    strncmp(line, "profile", 7) != 0)
			fprintf(file.stream, "%s\n", line);
	free(text);
	return convert_close(&file, true);
}

/* What the reference without quirks answers to the stimuli. */
static bool replay(const char *in, const char *out)
{
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	struct fuzz_output printed;
	bool good;

	fuzz_arg(&args, "/proc/self/exe");
	fuzz_arg(&args, "replay");
	fuzz_arg(&args, "--engine");
	fuzz_arg(&args, "ref:linux-2.2-fixed");
	fuzz_arg(&args, "%s", in);
	fuzz_arg(&args, "-o");
	fuzz_arg(&args, "%s", out);
	good = fuzz_collect(&args, 60000, false, &printed, error);
	fuzz_args_cleanup(&args);
	if (!good) {
		cli_error("%s", error);
		return false;
	}
	good = !printed.timed_out && printed.status == 0;
	if (!good)
		cli_error("the reference cannot play it: %s", printed.text);
	fuzz_output_cleanup(&printed);
	return good;
}

/* Can it be read, and is its clause one? */
static bool check_case(const struct promotion *p)
{
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	struct fuzz_output printed;
	bool good;

	fuzz_arg(&args, "/proc/self/exe");
	fuzz_arg(&args, "list");
	fuzz_arg(&args, "--cases");
	fuzz_arg(&args, "%s", cases_folder(p->options));
	fuzz_arg(&args, "%s", p->options->as);
	good = fuzz_collect(&args, 60000, false, &printed, error);
	fuzz_args_cleanup(&args);
	if (!good) {
		cli_error("%s", error);
		return false;
	}
	good = !printed.timed_out && printed.status == 0;
	if (!good)
		fputs(printed.text, stderr);
	fuzz_output_cleanup(&printed);
	return good;
}

static bool make_case(const struct promotion *p, const char *work)
{
	char in[300], out[300], settings[300], parent[2200];
	struct convert_options options = {
		.in = out,
		.out = p->as_case,
		.clause = p->options->clause,
		.comment = "the stimuli of a fuzz input; what is expected is "
			   "what the reference did",
	};
	enum cli_exit code;

	snprintf(parent, sizeof(parent), "%s", p->as_case);
	*strrchr(parent, '/') = '\0';
	snprintf(in, sizeof(in), "%s/in.pcap", work);
	snprintf(settings, sizeof(settings), "%s/in.conf", work);
	snprintf(out, sizeof(out), "%s/out.pcap", work);
	if (!fuzz_copy(p->from, in) || !write_settings(p, settings) ||
	    !replay(in, out))
		return false;
	snprintf(settings, sizeof(settings), "%s/out.conf", work);
	if (!write_settings(p, settings) || !fuzz_make_folders(parent))
		return false;
	cli_config_init(&options.config);
	code = convert_capture(&options);
	cli_config_cleanup(&options.config);
	if (code == CLI_OK && check_case(p))
		return true;
	(void)unlink(p->as_case);
	return false;
}

static bool with_work(const struct promotion *p)
{
	const char *tmp = getenv("TMPDIR");
	char work[200];
	bool good;

	snprintf(work, sizeof(work), "%.150s/masqcheck-fuzz-XXXXXX",
		 tmp != NULL && tmp[0] != '\0' ? tmp : "/tmp");
	if (mkdtemp(work) == NULL) {
		cli_error("%s: %s", work, strerror(errno));
		return false;
	}
	good = make_case(p, work);
	fuzz_remove(work);
	return good;
}

/* ---- The input ---- */

/* Its line in README, behind those that are there. */
static bool explain(const struct promotion *p)
{
	char path[2300];
	size_t len = 0;
	struct convert_file file;
	uint8_t *text;

	snprintf(path, sizeof(path), "%s/README", p->folder);
	text = fuzz_load(path, &len);
	if (text == NULL && errno != ENOENT) {
		cli_error("%s: %s", path, strerror(errno));
		return false;
	}
	if (!convert_open(&file, path)) {
		free(text);
		return false;
	}
	if (text != NULL)
		fwrite(text, 1, len, file.stream);
	if (text != NULL && len > 0 && text[len - 1] != '\n')
		putc('\n', file.stream);
	fprintf(file.stream, "%s  %s\n", p->name, p->class);
	free(text);
	return convert_close(&file, true);
}

static bool add_input(const struct promotion *p)
{
	char path[2400];

	snprintf(path, sizeof(path), "%s/%s", p->folder, p->name);
	return fuzz_make_folders(p->folder) && fuzz_copy(p->from, path) &&
	       explain(p);
}

enum cli_exit fuzz_promote(const struct fuzz_options *o)
{
	struct promotion p = {.options = o};
	enum cli_exit code = choose_names(&p);

	if (code != CLI_OK)
		return code;
	if (p.has_case && !with_work(&p))
		return CLI_BROKEN;
	if (!add_input(&p)) {
		if (p.has_case)
			(void)unlink(p.as_case);
		return CLI_BROKEN;
	}
	printf("written: %s/%s, with its line in README\n", p.folder, p.name);
	if (p.has_case)
		printf("written: %s\n"
		       "Its expected packets are what ref:linux-2.2-fixed sends "
		       "now: hold them against\nthe clause, name that with "
		       "--clause, and play it: masqcheck run %s\n",
		       p.as_case, o->as);
	return CLI_OK;
}
