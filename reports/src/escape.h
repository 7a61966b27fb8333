/* SPDX-License-Identifier: Apache-2.0 */
/*
 * escape.h - text from anywhere, printed so that it cannot do harm
 *
 * Names and payloads in results come from captures and other programs. What
 * would move a cursor or end a line is printed as \n, \x1b or \u202e.
 */
#ifndef REPORTS_ESCAPE_H
#define REPORTS_ESCAPE_H

#include <stdbool.h>
#include <stdio.h>

enum rep_escape {
	REP_ESC_LINE = 0, /* one line of plain text */
	REP_ESC_BLOCK,    /* lines: a line break stays one */
	REP_ESC_TAP,      /* a description: # and \ mean something */
	REP_ESC_YAML,     /* within double quotes */
	REP_ESC_MARKDOWN, /* HTML entities, good in both */
};

void rep_put(FILE *out, const char *text, enum rep_escape how);

/* The same as a copy, for the caller to free. NULL: no memory. */
char *rep_escaped(const char *text, enum rep_escape how);

/* Closes a stream into memory. False: there was not enough of it. */
bool rep_close_memory(FILE *stream);

/* Lines; those after the first one behind indent blanks. */
void rep_put_lines(FILE *out, const char *text, unsigned int indent);

#endif /* REPORTS_ESCAPE_H */
