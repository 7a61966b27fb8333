/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h - text in columns that are as wide as they need to be
 *
 * Lines never end in blanks. Cells are copied; text is taken to be one
 * column an octet.
 */
#ifndef REPORTS_TABLE_H
#define REPORTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define REP_MAX_COLUMNS 12

struct rep_table {
	const char *align; /* a letter a column: 'l' or 'r' */
	size_t num_columns;
	char **cells; /* row after row; owned */
	size_t num_cells;
	bool failed; /* no memory: rows are missing */
};

/* align has a letter for each column, at most REP_MAX_COLUMNS, and lasts. */
void rep_table_init(struct rep_table *table, const char *align);

/* Appends a row of as many cells as there are columns. */
void rep_table_row(struct rep_table *table, const char *const *cells);

/* The width of a column so far. */
size_t rep_table_width(const struct rep_table *table, size_t column);

/* Prints all rows behind indent blanks. False if memory was short. */
bool rep_table_print(const struct rep_table *table, FILE *stream,
		     unsigned int indent);

void rep_table_cleanup(struct rep_table *table);

#endif /* REPORTS_TABLE_H */
