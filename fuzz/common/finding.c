/* SPDX-License-Identifier: Apache-2.0 */
/* finding.c - a property does not hold: one line, then abort() */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "finding.h"
#include "reach.h"

void fuzz_finding(const char *oracle, const char *clause, uint64_t stimulus,
		  const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* A text of an engine must not look like a finding of its own. */
	for (char *at = text; *at != '\0'; at++)
		if (*at == '\n' || *at == '\r')
			*at = ' ';
	fprintf(stderr, "masqcheck-finding: %s %s at %" PRIu64 ": %s\n", oracle,
		clause, stimulus, text);
	fflush(stderr);
	fuzz_reach_write();
	abort();
}
