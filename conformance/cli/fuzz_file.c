/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_file.c - files and folders of a campaign */
#define _GNU_SOURCE

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "convert.h"
#include "fuzz.h"

#define MAX_LOAD  (64u << 20)
#define MAX_DEPTH 16u

uint64_t fuzz_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

bool fuzz_make_folders(const char *path)
{
	char part[4096];
	struct stat st;
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(part)) {
		cli_error("\"%s\" is no name for a folder", path);
		return false;
	}
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0777) != 0 && errno != EEXIST) {
			cli_error("%s: %s", part, strerror(errno));
			return false;
		}
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	cli_error("%s: it is there, and no folder", path);
	return false;
}

uint8_t *fuzz_load(const char *path, size_t *out_len)
{
	FILE *file = fopen(path, "rb");
	size_t len = 0, max = 4096, n;
	uint8_t *data = NULL, *more;

	if (file == NULL)
		return NULL;
	do {
		max *= 2;
		more = realloc(data, max + 1);
		if (more == NULL || max > MAX_LOAD) {
			free(more != NULL ? more : data);
			data = NULL;
			errno = more == NULL ? ENOMEM : EFBIG;
			break;
		}
		data = more;
		n = fread(data + len, 1, max - len, file);
		len += n;
	} while (len == max);
	if (data != NULL && ferror(file)) {
		free(data);
		data = NULL;
	}
	fclose(file);
	if (data != NULL)
		data[len] = '\0'; /* for those who read it as a text */
	*out_len = len;
	return data;
}

bool fuzz_store(const char *path, const void *data, size_t len)
{
	struct convert_file file;

	if (!convert_open(&file, path))
		return false;
	fwrite(data, 1, len, file.stream);
	return convert_close(&file, true);
}

bool fuzz_copy(const char *from, const char *to)
{
	size_t len;
	uint8_t *data = fuzz_load(from, &len);
	bool good;

	if (data == NULL) {
		cli_error("%s: %s", from, strerror(errno));
		return false;
	}
	good = fuzz_store(to, data, len);
	free(data);
	return good;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	(void)remove(path);
	return 0;
}

void fuzz_remove(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- Walking ---- */

static int no_dots(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool walk(const char *path, unsigned int depth, fuzz_file_fn *file,
		 void *ctx)
{
	struct dirent **names;
	struct stat st;
	char below[4096];
	bool good = true;
	int num;

	if (stat(path, &st) != 0)
		return false;
	if (S_ISREG(st.st_mode))
		return file(ctx, path);
	if (!S_ISDIR(st.st_mode) || depth == 0)
		return true;
	num = scandir(path, &names, no_dots, alphasort);
	if (num < 0)
		return false;
	for (int i = 0; i < num; i++) {
		int len = snprintf(below, sizeof(below), "%s/%s", path,
				   names[i]->d_name);

		if (good && len > 0 && (size_t)len < sizeof(below))
			good = walk(below, depth - 1, file, ctx);
		free(names[i]);
	}
	free(names);
	return good;
}

bool fuzz_each_file(const char *path, fuzz_file_fn *file, void *ctx)
{
	return walk(path, MAX_DEPTH, file, ctx);
}
