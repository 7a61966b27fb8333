/* SPDX-License-Identifier: Apache-2.0 */
/* convert.h - the two ways of masqcheck convert */
#ifndef MASQCHECK_CONVERT_H
#define MASQCHECK_CONVERT_H

#include "config.h"

struct convert_options {
	struct cli_config config;
	const char *in, *out;
	const char *engine;  /* its address */
	const char *id;      /* of the case, or NULL */
	const char *clause;  /* of a case that is made */
	const char *comment; /* at its beginning, or NULL */
};

enum cli_exit convert_case(const struct convert_options *o);
enum cli_exit convert_capture(struct convert_options *o);

/* A file that is there when it is whole: written beside, then renamed. */
struct convert_file {
	FILE *stream;
	char *path;      /* at the end */
	char *temporary; /* until then */
};
bool convert_open(struct convert_file *file, const char *path);
/* Keeps it, or not; false if it could not be written: printed. */
bool convert_close(struct convert_file *file, bool keep);

#endif /* MASQCHECK_CONVERT_H */
