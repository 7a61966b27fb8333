/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_replay.c - one input, given to a target in a fresh process */
#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>

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

bool fuzz_variant_text(const struct fuzz_program *program, unsigned int number,
		       struct fuzz_output *out)
{
	struct fuzz_args args = {.num = 0};
	char error[CONF_ERROR_SIZE];
	bool good;

	fuzz_arg(&args, "%s", program->path);
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
