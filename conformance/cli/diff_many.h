/* SPDX-License-Identifier: Apache-2.0 */
/* diff_many.h - what the parts of diff over many inputs share */
#ifndef MASQCHECK_DIFF_MANY_H
#define MASQCHECK_DIFF_MANY_H

#include <jansson.h>

#include "diff.h"
#include "reports/progress.h"

/* Settings that nothing was set up for, and how often that was. */
struct reason {
	char text[CONF_ERROR_SIZE];
	uint64_t num;
};

struct many {
	struct diff_options *o;
	struct cli_diff diff;
	struct conf_config open_for; /* of the engines; its settings owned */
	struct rep_progress progress;
	json_t *json; /* an array of inputs, or NULL */
	uint64_t num_inputs, num_equal, num_waived, num_different;
	uint64_t num_left_out, num_stimuli, num_to_do;
	struct reason *reasons;
	size_t num_reasons;
};

/*
 * Are both engines at their beginning, with these settings? If not, *out_code
 * says what now: CLI_OK, the input was left out. Prints.
 */
bool many_ready(struct many *m, const struct conf_config *config,
		const char *name, enum cli_exit *out_code);
/* Counts an input that nothing can be done with, by reason. */
void many_leave_out(struct many *m, const char *why);
void many_close(struct many *m);

#endif /* MASQCHECK_DIFF_MANY_H */
