/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - text in columns */
#include <stdlib.h>
#include <string.h>

#include "reports/table.h"

#define GAP 2u /* blanks between columns */

void rep_table_init(struct rep_table *table, const char *align)
{
	*table = (struct rep_table){
		.align = align,
		.num_columns = strlen(align),
	};
}

static char *copy(const char *text)
{
	size_t size = strlen(text) + 1;
	char *out = malloc(size);

	return out != NULL ? memcpy(out, text, size) : NULL;
}

void rep_table_row(struct rep_table *table, const char *const *cells)
{
	size_t num = table->num_cells + table->num_columns;
	char **grown = realloc(table->cells, num * sizeof(*grown));

	if (grown == NULL) {
		table->failed = true;
		return;
	}
	table->cells = grown;
	for (size_t i = 0; i < table->num_columns; i++) {
		char *cell = copy(cells[i]);

		if (cell == NULL)
			table->failed = true;
		grown[table->num_cells++] = cell;
	}
}

static const char *cell_text(const struct rep_table *table, size_t i)
{
	return table->cells[i] != NULL ? table->cells[i] : "";
}

size_t rep_table_width(const struct rep_table *table, size_t column)
{
	size_t width = 0;

	for (size_t i = column; i < table->num_cells; i += table->num_columns) {
		size_t len = strlen(cell_text(table, i));

		if (len > width)
			width = len;
	}
	return width;
}

static void print_row(const struct rep_table *table, FILE *stream,
		      unsigned int indent, size_t first, const size_t *widths)
{
	size_t pad = indent; /* blanks that are due before the next text */

	for (size_t c = 0; c < table->num_columns; c++) {
		const char *text = cell_text(table, first + c);
		size_t len = strlen(text);
		size_t space = widths[c] - len;

		if (table->align[c] == 'r')
			pad += space;
		if (len > 0) {
			fprintf(stream, "%*s%s", (int)pad, "", text);
			pad = 0;
		}
		if (table->align[c] != 'r')
			pad += space;
		pad += GAP;
	}
	putc('\n', stream);
}

bool rep_table_print(const struct rep_table *table, FILE *stream,
		     unsigned int indent)
{
	size_t widths[REP_MAX_COLUMNS] = {0};

	for (size_t c = 0; c < table->num_columns; c++)
		widths[c] = rep_table_width(table, c);
	for (size_t i = 0; i < table->num_cells; i += table->num_columns)
		print_row(table, stream, indent, i, widths);
	return !table->failed;
}

void rep_table_cleanup(struct rep_table *table)
{
	for (size_t i = 0; i < table->num_cells; i++)
		free(table->cells[i]);
	free(table->cells);
	rep_table_init(table, table->align);
}
