/* SPDX-License-Identifier: Apache-2.0 */
/* term.c - terminals, colours and widths */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "reports/term.h"

bool rep_when_parse(const char *text, enum rep_when *out_when)
{
	static const char *const names[] = {
		[REP_AUTO] = "auto",
		[REP_ALWAYS] = "always",
		[REP_NEVER] = "never",
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0) {
			*out_when = (enum rep_when)i;
			return true;
		}
	return false;
}

/* A column count that can be believed, else 0. */
static unsigned int sane_width(unsigned long columns)
{
	return columns >= 20 && columns <= 10000 ? (unsigned int)columns : 0;
}

static unsigned int width_of(int fd)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	unsigned int width = 0;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0)
		width = sane_width(size.ws_col);
	if (width == 0 && columns != NULL)
		width = sane_width(strtoul(columns, NULL, 10));
	return width != 0 ? width : 80;
}

void rep_term_init(struct rep_term *term, FILE *stream, enum rep_when when)
{
	const char *no_color = getenv("NO_COLOR");
	const char *kind = getenv("TERM");
	int fd = fileno(stream);

	term->terminal = fd >= 0 && isatty(fd) == 1;
	term->width = term->terminal ? width_of(fd) : 0;
	term->colour = when == REP_ALWAYS;
	if (when == REP_AUTO && term->terminal)
		term->colour = (no_color == NULL || *no_color == '\0') &&
			       kind != NULL && strcmp(kind, "dumb") != 0;
}

const char *rep_begin(const struct rep_term *term, enum rep_style style)
{
	static const char *const codes[] = {
		[REP_PLAIN] = "",        [REP_GOOD] = "\033[32m",
		[REP_BAD] = "\033[31m",  [REP_STRONG] = "\033[1m",
		[REP_FAINT] = "\033[2m",
	};

	return term->colour ? codes[style] : "";
}

const char *rep_end(const struct rep_term *term, enum rep_style style)
{
	return term->colour && style != REP_PLAIN ? "\033[0m" : "";
}
