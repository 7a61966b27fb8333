/* SPDX-License-Identifier: Apache-2.0 */
/* hex.c - octets in rows of sixteen */
#include "hex.h"

#define ROW 16u

/* What stands before the first octet of a row: "  0000  ". */
#define MARGIN 8u

/* Where octet i of a row stands, counted from the first. */
static unsigned int column(unsigned int i)
{
	return i * 3 + (i >= ROW / 2);
}

static void print_row(FILE *stream, const char *prefix, struct masq_view v,
		      uint32_t at)
{
	struct masq_view row = masq_slice(v, at, ROW);
	unsigned int printed = 0;

	fprintf(stream, "%s%04x  ", prefix, at);
	for (uint32_t i = 0; i < row.len; i++) {
		fprintf(stream, "%*s%02x", (int)(column(i) - printed), "",
			masq_get8(row, i));
		printed = column(i) + 2;
	}
	fprintf(stream, "%*s|", (int)(column(ROW) + 1 - printed), "");
	for (uint32_t i = 0; i < row.len; i++) {
		uint8_t c = masq_get8(row, i);

		putc(c >= 0x20 && c < 0x7f ? c : '.', stream);
	}
	fputs("|\n", stream);
}

void cli_hex(FILE *stream, const char *indent, struct masq_view octets)
{
	for (uint32_t at = 0; at < octets.len; at += ROW)
		print_row(stream, indent, octets, at);
}

/* Is the octet at offset there in both and the same? */
static bool agrees(struct masq_view a, struct masq_view b, uint32_t at)
{
	return masq_has(a, at, 1) && masq_has(b, at, 1) &&
	       masq_get8(a, at) == masq_get8(b, at);
}

/* The line of marks under a row; end is behind the longer packet. */
static void print_marks(FILE *stream, const struct rep_term *term,
			struct masq_view a, struct masq_view b, uint32_t at,
			uint32_t end)
{
	unsigned int printed = 0;

	fprintf(stream, "%*s%s", (int)MARGIN, "", rep_begin(term, REP_BAD));
	for (uint32_t i = 0; i < ROW && at + i < end; i++) {
		if (agrees(a, b, at + i))
			continue;
		fprintf(stream, "%*s^^", (int)(column(i) - printed), "");
		printed = column(i) + 2;
	}
	fprintf(stream, "%s\n", rep_end(term, REP_BAD));
}

static bool row_agrees(struct masq_view a, struct masq_view b, uint32_t at,
		       uint32_t end)
{
	for (uint32_t i = at; i < at + ROW && i < end; i++)
		if (!agrees(a, b, i))
			return false;
	return true;
}

void cli_hex_diff(FILE *stream, const struct rep_term *term,
		  struct masq_view expected, struct masq_view actual)
{
	uint32_t end = expected.len > actual.len ? expected.len : actual.len;

	for (uint32_t at = 0; at < end; at += ROW) {
		if (row_agrees(expected, actual, at, end)) {
			print_row(stream, "  ", expected, at);
			continue;
		}
		if (at < expected.len)
			print_row(stream, "- ", expected, at);
		if (at < actual.len)
			print_row(stream, "+ ", actual, at);
		print_marks(stream, term, expected, actual, at, end);
	}
}
