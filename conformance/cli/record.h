/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - a folder of recordings: captures, sidecars, MANIFEST.tsv */
#ifndef MASQCHECK_RECORD_H
#define MASQCHECK_RECORD_H

#include "cli.h"
#include "run/evidence.h"

#define RECORD_SHA_SIZE 65u /* hexadecimal, and the end */

struct record_row {
	char *file; /* without the folder */
	char *title;
	char *clauses; /* with blanks between */
	char sha[RECORD_SHA_SIZE];
};

struct record_folder {
	const char *path;
	struct record_row *rows;
	size_t num_rows, max_rows;
};

/* What a recording is of. */
struct record_of {
	const char *name; /* an id: its '/' become '-' */
	const char *title;
	const char *clauses;
	const struct conf_setting *settings;
	size_t num_settings;
};

/* Writes the capture and its sidecar, keeps the row. False: printed. */
bool record_add(struct record_folder *folder, const struct record_of *of,
		const struct run_evidence *evidence);

/*
 * Writes MANIFEST.tsv with the rows of this time, and those that were there
 * about other captures. False: printed.
 */
bool record_finish(struct record_folder *folder);
void record_cleanup(struct record_folder *folder);

#endif /* MASQCHECK_RECORD_H */
