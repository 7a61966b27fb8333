/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - a folder of recordings: captures, sidecars, MANIFEST.tsv */
#define _GNU_SOURCE /* asprintf */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef MASQCHECK_WITH_LIBMD
#include <sha2.h>
#endif

#include "conformance/run.h"
#include "convert.h"
#include "pcaps/sidecar.h"
#include "record.h"

/* "-" where the library for it was not there. */
static bool sum_file(const char *path, char out[RECORD_SHA_SIZE])
{
#ifdef MASQCHECK_WITH_LIBMD
	return SHA256File(path, out) != NULL;
#else
	(void)path;
	out[0] = '-';
	out[1] = '\0';
	return true;
#endif
}

/* Settings that say how a capture is read: of ours they need not. */
static bool is_of_capture(const char *key)
{
	return strcmp(key, "inside.if") == 0 ||
	       strcmp(key, "outside.if") == 0 || strcmp(key, "wire") == 0;
}

static bool write_sidecar(const char *capture, const struct record_of *of)
{
	char *path = cap_sidecar_name(capture);
	struct convert_file file;
	bool good = path != NULL && convert_open(&file, path);

	if (good) {
		fprintf(file.stream, "# %s\n", of->title);
		for (size_t i = 0; i < of->num_settings; i++)
			if (!is_of_capture(of->settings[i].key))
				fprintf(file.stream, "%s = %s\n",
					of->settings[i].key,
					of->settings[i].value);
		good = convert_close(&file, true);
	}
	free(path);
	return good;
}

static struct record_row *new_row(struct record_folder *folder)
{
	if (folder->num_rows == folder->max_rows) {
		size_t max = folder->max_rows > 0 ? folder->max_rows * 2 : 64;
		struct record_row *rows = realloc(folder->rows,
						  max * sizeof(*rows));

		if (rows == NULL)
			return NULL;
		folder->rows = rows;
		folder->max_rows = max;
	}
	folder->rows[folder->num_rows] = (struct record_row){.file = NULL};
	return &folder->rows[folder->num_rows];
}

static char *file_name(const char *name)
{
	char *file;

	if (asprintf(&file, "%s.pcap", name) < 0)
		return NULL;
	for (char *at = file; *at != '\0'; at++)
		if (*at == '/' || *at == '\t' || *at == '\n')
			*at = '-';
	return file;
}

static bool fill_row(struct record_row *row, const struct record_of *of)
{
	row->file = file_name(of->name);
	row->title = strdup(of->title);
	row->clauses = strdup(of->clauses);
	return row->file != NULL && row->title != NULL && row->clauses != NULL;
}

static void free_row(struct record_row *row)
{
	free(row->file);
	free(row->title);
	free(row->clauses);
}

static bool write_all(const char *path, const struct record_of *of,
		      const struct run_evidence *evidence,
		      struct record_row *row)
{
	char error[CONF_ERROR_SIZE];

	if (!run_evidence_capture(evidence, path, CONF_SEEN_RESULT, error)) {
		cli_error("%s", error);
		return false;
	}
	if (!write_sidecar(path, of))
		return false;
	if (sum_file(path, row->sha))
		return true;
	cli_error("%s: %s", path, strerror(errno));
	return false;
}

bool record_add(struct record_folder *folder, const struct record_of *of,
		const struct run_evidence *evidence)
{
	struct record_row *row = new_row(folder);
	char *path = NULL;
	bool good = row != NULL && !evidence->failed && fill_row(row, of) &&
		    asprintf(&path, "%s/%s", folder->path, row->file) > 0;

	if (!good)
		cli_error("no memory for a recording");
	good = good && write_all(path, of, evidence, row);
	if (good)
		folder->num_rows++;
	else if (row != NULL)
		free_row(row);
	free(path);
	return good;
}

/* Rows about captures that were not recorded this time. */
static bool read_old(struct record_folder *folder, const char *path)
{
	FILE *file = fopen(path, "r");
	size_t num = folder->num_rows, size = 0;
	char *line = NULL;
	bool good = true;

	if (file == NULL)
		return errno == ENOENT;
	while (good && getline(&line, &size, file) > 0) {
		char *cells[4] = {line, NULL, NULL, NULL};
		struct record_row *row = new_row(folder);
		bool known = false;

		line[strcspn(line, "\n")] = '\0';
		for (unsigned int i = 1; i < 4 && cells[i - 1] != NULL; i++) {
			cells[i] = strchr(cells[i - 1], '\t');
			if (cells[i] != NULL)
				*cells[i]++ = '\0';
		}
		for (size_t i = 0; i < num; i++)
			known |= strcmp(folder->rows[i].file, line) == 0;
		if (line[0] == '#' || cells[3] == NULL || known)
			continue;
		good = row != NULL;
		if (!good)
			break;
		row->file = strdup(cells[0]);
		snprintf(row->sha, sizeof(row->sha), "%s", cells[1]);
		row->title = strdup(cells[2]);
		row->clauses = strdup(cells[3]);
		folder->num_rows++;
	}
	free(line);
	fclose(file);
	return good;
}

static int compare(const void *a, const void *b)
{
	const struct record_row *x = a, *y = b;

	return strcmp(x->file, y->file);
}

bool record_finish(struct record_folder *folder)
{
	struct convert_file file;
	char *path;
	bool good;

	if (asprintf(&path, "%s/MANIFEST.tsv", folder->path) < 0)
		return false;
	good = read_old(folder, path);
	if (!good)
		cli_error("%s: %s", path, strerror(errno));
	good = good && convert_open(&file, path);
	if (good) {
		qsort(folder->rows, folder->num_rows, sizeof(*folder->rows),
		      compare);
		fprintf(file.stream,
			"# Made by masqcheck record. Tab-separated.\n"
			"# Columns: file, SHA-256 of it, what it shows, "
			"clauses.\n");
		for (size_t i = 0; i < folder->num_rows; i++)
			fprintf(file.stream, "%s\t%s\t%s\t%s\n",
				folder->rows[i].file, folder->rows[i].sha,
				folder->rows[i].title, folder->rows[i].clauses);
		good = convert_close(&file, true);
	}
	free(path);
	return good;
}

void record_cleanup(struct record_folder *folder)
{
	for (size_t i = 0; i < folder->num_rows; i++)
		free_row(&folder->rows[i]);
	free(folder->rows);
}
