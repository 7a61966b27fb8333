/* SPDX-License-Identifier: Apache-2.0 */
/*
 * term.h - what may be done to a stream because a person reads it
 *
 * Colour is decoration: whatever it says is also said by a word or a mark,
 * so nothing is lost in a file, in a pipe or for who sees no colours.
 */
#ifndef REPORTS_TERM_H
#define REPORTS_TERM_H

#include <stdbool.h>
#include <stdio.h>

/* The value of --color. */
enum rep_when {
	REP_AUTO = 0, /* on a terminal, unless NO_COLOR or TERM=dumb */
	REP_ALWAYS,
	REP_NEVER,
};

enum rep_style {
	REP_PLAIN = 0,
	REP_GOOD,   /* as it should be */
	REP_BAD,    /* not as it should be */
	REP_STRONG, /* headings */
	REP_FAINT,  /* what is only for orientation */
};

/* What is known of a stream. */
struct rep_term {
	bool terminal;      /* a person looks at it now */
	bool colour;        /* styles become escape sequences */
	unsigned int width; /* columns; 0 = as many as needed */
};

/* Reads "auto", "always" or "never"; false on anything else. */
bool rep_when_parse(const char *text, enum rep_when *out_when);

/*
 * Looks at stream and the environment: NO_COLOR (not empty) and TERM decide
 * for REP_AUTO only; the width is the terminal's, or that of COLUMNS.
 */
void rep_term_init(struct rep_term *term, FILE *stream, enum rep_when when);

/* What to print before and after text of a style; "" without colour. */
const char *rep_begin(const struct rep_term *term, enum rep_style style);
const char *rep_end(const struct rep_term *term, enum rep_style style);

#endif /* REPORTS_TERM_H */
