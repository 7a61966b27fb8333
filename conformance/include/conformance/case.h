/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case.h - cases: text files that state one requirement and show packets
 *
 * The language is described in conformance/README.md. A file with "for"
 * lines stands for several cases, one for each combination of values.
 */
#ifndef CONFORMANCE_CASE_H
#define CONFORMANCE_CASE_H

#include "conformance/settings.h"

#define CONF_MAX_AXES   8
#define CONF_MAX_TABLE  4096 /* cases of one file */
#define CONF_MAX_CLAUSE 16

/* A case that was read. */
struct conf_case;

/* The value that one axis has in a case. */
struct conf_axis_value {
	const char *name;
	const char *value;
};

/* A "for" line. */
struct conf_axis {
	char *name;
	char **values;
	size_t num_values;
};

/* All of a file, in order; owned. */
struct conf_axes {
	struct conf_axis axes[CONF_MAX_AXES];
	size_t num_axes;
	size_t num_cases; /* the product; 1 without axes */
};

/*
 * Finds the axes of a file. On CONF_ERR_CONFIG error names file, line,
 * column, what was read and what was expected; so in conf_case_parse().
 */
enum conf_status conf_axes_read(struct conf_axes *out, const char *text,
				size_t len, const char *file,
				char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
void conf_axes_cleanup(struct conf_axes *axes);

/* The values of case number index of the file; the last axis turns fastest. */
void conf_axes_pick(const struct conf_axes *axes, size_t index,
		    struct conf_axis_value out[CONF_MAX_AXES]);

/*
 * Reads a case. values: one for each axis. text and file must live as long
 * as the case. NULL in *out_case on failure.
 */
enum conf_status conf_case_parse(const char *text, size_t len, const char *file,
				 const struct conf_axis_value *values,
				 size_t num_values, struct conf_case **out_case,
				 char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
void conf_case_free(struct conf_case *c);

/* A clause that the case cites. */
struct conf_cited {
	const char *id;
	unsigned int line, column;
};

const char *conf_case_title(const struct conf_case *c);
const char *conf_case_file(const struct conf_case *c);
size_t conf_case_clauses(const struct conf_case *c,
			 const struct conf_cited **out);
/* Its settings; config->origin is the file. */
void conf_case_config(const struct conf_case *c, struct conf_config *out);
/* What an engine must be able to do: enum conf_capability. */
uint32_t conf_case_needs(const struct conf_case *c);
/* Its needs as words; NULL at the end of the list. */
const char *conf_case_need(const struct conf_case *c, size_t index);
/* The same settings? Then an engine of one serves the other after reset. */
bool conf_case_same_config(const struct conf_case *a,
			   const struct conf_case *b);

#endif /* CONFORMANCE_CASE_H */
