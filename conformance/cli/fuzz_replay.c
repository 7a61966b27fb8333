/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_replay.c - one input, given to a target in a fresh process */
#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

static void set_env(struct fuzz_args *args, const struct fuzz_replay *r)
{
	fuzz_env_value(args, "MASQCHECK_FUZZ_ENGINE", r->engine);
	fuzz_env_value(args, "MASQCHECK_FUZZ_AGAINST", r->against);
	if (r->known != NULL)
		fuzz_env(args, "MASQCHECK_FUZZ_KNOWN=%s", r->known);
	else
		fuzz_env(args, "MASQCHECK_FUZZ_KNOWN");
	/* That is the campaign's. */
	fuzz_env(args, "MASQCHECK_FUZZ_REACH");
}

bool fuzz_replay(const struct fuzz_replay *r, const char *input,
		 struct fuzz_verdict *out, struct fuzz_output *printed,
		 char error[CONF_ERROR_SIZE])
{
	struct fuzz_args args = {.num = 0};
	struct fuzz_output own;
	bool good;

	set_env(&args, r);
	fuzz_arg(&args, "%s", r->program->path);
	/* "-x" would be an option. */
	fuzz_arg(&args, "%s%s", input[0] == '-' ? "./" : "", input);
	/* An attempt of the minimiser is killed with all it started. */
	good = fuzz_collect(&args, r->limit, printed == NULL, &own, error);
	fuzz_args_cleanup(&args);
	if (!good)
		return false;
	fuzz_verdict_read(out, own.text, own.status, own.timed_out);
	if (printed != NULL)
		*printed = own;
	else
		fuzz_output_cleanup(&own);
	return true;
}

bool fuzz_variant_text(const struct fuzz_replay *r, unsigned int number,
		       struct fuzz_output *out)
{
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	bool good;

	set_env(&args, r);
	fuzz_arg(&args, "%s", r->program->path);
	fuzz_arg(&args, "--variant");
	fuzz_arg(&args, "%u", number);
	good = fuzz_collect(&args, 10000, false, out, error);
	fuzz_args_cleanup(&args);
	if (good && !out->timed_out && out->status == 0)
		return true;
	if (good)
		fuzz_output_cleanup(out);
	return false;
}

bool fuzz_normal(const struct fuzz_replay *r, const char *in, const char *out)
{
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	struct fuzz_output output;
	bool good;

	set_env(&args, r);
	fuzz_arg(&args, "%s", r->program->path);
	fuzz_arg(&args, "--normal");
	fuzz_arg(&args, "%s", in);
	fuzz_arg(&args, "%s", out);
	(void)unlink(out);
	good = fuzz_collect(&args, 10000, false, &output, error);
	fuzz_args_cleanup(&args);
	if (!good)
		return false;
	good = !output.timed_out && output.status == 0 &&
	       access(out, R_OK) == 0;
	fuzz_output_cleanup(&output);
	return good;
}
