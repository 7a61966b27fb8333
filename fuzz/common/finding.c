/* SPDX-License-Identifier: Apache-2.0 */
/* finding.c - a property does not hold: one line, then abort() */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/suite.h"
#include "finding.h"
#include "reach.h"

/* ---- What is known ---- */

#define MAX_KNOWN 256u

static struct {
	char globs[MAX_KNOWN][128];
	size_t num;
	bool is_read;
} known;

static void read_known(void)
{
	const char *path = getenv("MASQCHECK_FUZZ_KNOWN");
	char line[sizeof(known.globs[0])];
	FILE *file;

	known.is_read = true;
	file = path != NULL ? fopen(path, "r") : NULL;
	if (file == NULL)
		return;
	while (known.num < MAX_KNOWN &&
	       fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, " \t\r\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			strcpy(known.globs[known.num++], line);
	}
	fclose(file);
}

static bool is_known(const char *oracle, const char *clause)
{
	char class[128];
	bool has_clause = strcmp(clause, "-") != 0;

	if (!known.is_read)
		read_known();
	if (known.num == 0)
		return false;
	snprintf(class, sizeof(class), "%s%s%s", oracle, has_clause ? "/" : "",
		 has_clause ? clause : "");
	for (size_t i = 0; i < known.num; i++)
		if (conf_glob(known.globs[i], class))
			return true;
	return false;
}

/* ---- Saying it ---- */

void fuzz_finding(const char *oracle, const char *clause, uint64_t stimulus,
		  const char *format, ...)
{
	char text[512];
	va_list args;

	if (is_known(oracle, clause))
		return;
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
