/* SPDX-License-Identifier: Apache-2.0 */
/* escape.c - text from anywhere, printed so that it cannot do harm */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "utf8.h"

static void put_control(FILE *out, uint32_t point)
{
	switch (point) {
	case '\n':
		fputs("\\n", out);
		break;
	case '\r':
		fputs("\\r", out);
		break;
	case '\t':
		fputs("\\t", out);
		break;
	default:
		if (point <= 0xff)
			fprintf(out, "\\x%02" PRIx32, point);
		else if (point <= 0xffff)
			fprintf(out, "\\u%04" PRIx32, point);
		else
			fprintf(out, "\\U%08" PRIx32, point);
	}
}

/* Does the character mean something where it is printed? */
static bool is_special(uint32_t point, enum rep_escape how)
{
	static const char *const special[] = {
		[REP_ESC_LINE] = "",
		[REP_ESC_BLOCK] = "",
		[REP_ESC_TAP] = "#\\",
		[REP_ESC_YAML] = "\"\\",
		[REP_ESC_MARKDOWN] = "&<>\"'`|\\*_[]~",
	};

	return point < 0x80 && strchr(special[how], (int)point) != NULL;
}

static void put_char(FILE *out, const char *text, struct rep_char c,
		     enum rep_escape how)
{
	if (!c.valid && how == REP_ESC_YAML)
		fputs("\\ufffd", out);
	else if (!c.valid)
		fprintf(out, "\\x%02x", (unsigned char)text[0]);
	else if (how == REP_ESC_BLOCK && c.point == '\n')
		putc('\n', out);
	else if (rep_is_control(c.point))
		put_control(out, c.point);
	else if (!is_special(c.point, how))
		fwrite(text, 1, c.len, out);
	else if (how == REP_ESC_MARKDOWN)
		fprintf(out, "&#%" PRIu32 ";", c.point);
	else
		fprintf(out, "\\%c", text[0]);
}

void rep_put(FILE *out, const char *text, enum rep_escape how)
{
	struct rep_char c;

	for (; (c = rep_utf8_next(text)).len > 0; text += c.len)
		put_char(out, text, c, how);
}

bool rep_close_memory(FILE *stream)
{
	bool is_whole = ferror(stream) == 0;

	return fclose(stream) == 0 && is_whole;
}

char *rep_escaped(const char *text, enum rep_escape how)
{
	char *copy = NULL;
	size_t size;
	FILE *out = open_memstream(&copy, &size);

	if (out == NULL)
		return NULL;
	rep_put(out, text, how);
	if (rep_close_memory(out))
		return copy;
	free(copy);
	return NULL;
}

void rep_put_lines(FILE *out, const char *text, unsigned int indent)
{
	struct rep_char c;

	for (; (c = rep_utf8_next(text)).len > 0; text += c.len) {
		bool is_break = c.point == '\n';

		/* No empty line at the end, no blanks in an empty one. */
		if (is_break && text[1] == '\0')
			break;
		put_char(out, text, c, REP_ESC_BLOCK);
		if (is_break && text[1] != '\n')
			fprintf(out, "%*s", (int)indent, "");
	}
}
