/* SPDX-License-Identifier: Apache-2.0 */
/* hex.h - octets in rows of sixteen */
#ifndef MASQCHECK_HEX_H
#define MASQCHECK_HEX_H

#include <stdio.h>

#include "masq/wire.h"
#include "reports/term.h"

/* "0010  45 00 ... |E...|" */
void cli_hex(FILE *stream, const char *indent, struct masq_view octets);

/*
 * Both packets: rows that agree once, rows that differ twice, "-" expected
 * and "+" actual, with ^^ under the octets that differ.
 */
void cli_hex_diff(FILE *stream, const struct rep_term *term,
		  struct masq_view expected, struct masq_view actual);

#endif /* MASQCHECK_HEX_H */
