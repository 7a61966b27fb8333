/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8.h - text that may hold anything, and what of it may be shown
 */
#ifndef REPORTS_UTF8_H
#define REPORTS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stands for octets that are no UTF-8. */
#define REP_REPLACEMENT UINT32_C(0xfffd)

/* One character of a text. */
struct rep_char {
	uint32_t point; /* REP_REPLACEMENT if it is not valid */
	size_t len;     /* octets of the text; 0 = the end */
	bool valid;
};

struct rep_char rep_utf8_next(const char *text);

/* Would it move a cursor, end a line, or turn the order of a text? */
bool rep_is_control(uint32_t point);

/* May XML 1.0 hold it? */
bool rep_is_xml(uint32_t point);

/*
 * A copy that is UTF-8, for the caller to free; in_xml: with nothing that
 * XML cannot hold. Replaced is by U+FFFD. NULL: no memory.
 */
char *rep_utf8_clean(const char *text, bool in_xml);

#endif /* REPORTS_UTF8_H */
