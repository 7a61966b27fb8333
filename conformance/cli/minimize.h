/* SPDX-License-Identifier: Apache-2.0 */
/* cli/minimize.h - the files that masqcheck minimize writes */
#ifndef MASQCHECK_MINIMIZE_H
#define MASQCHECK_MINIMIZE_H

#include "conformance/minimize.h"

struct minimize_output {
	const struct conf_minimized *found;
	const char *engine, *against;    /* addresses */
	const char *in, *out;            /* captures */
	const struct cap_reader *reader; /* of in: not to be written over */
};

/* Writes out, its settings and its case; false: printed. */
bool minimize_write(const struct minimize_output *output);

#endif /* MASQCHECK_MINIMIZE_H */
