/* SPDX-License-Identifier: Apache-2.0 */
/* file.c - whole files of text */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/file.h"

#define MAX_FILE ((size_t)4 << 20)

char *run_read_file(const char *path, size_t *out_len,
		    char error[CONF_ERROR_SIZE])
{
	size_t cap = 8192, len = 0;
	char *text = malloc(cap);
	FILE *stream = fopen(path, "rb");

	if (stream == NULL)
		snprintf(error, CONF_ERROR_SIZE, "%.300s: %s", path,
			 strerror(errno));
	if (text == NULL && stream != NULL)
		snprintf(error, CONF_ERROR_SIZE, "%.300s: no memory", path);
	while (stream != NULL && text != NULL) {
		size_t n = fread(text + len, 1, cap - len - 1, stream);
		char *grown;

		len += n;
		if (n == 0 && ferror(stream) == 0) {
			text[len] = '\0';
			*out_len = len;
			fclose(stream);
			return text;
		}
		if (n == 0 || len > MAX_FILE) {
			snprintf(error, CONF_ERROR_SIZE, "%.300s: %s", path,
				 n == 0 ? strerror(errno)
					: "longer than 4 MiB");
			break;
		}
		if (cap - len > cap / 4)
			continue;
		grown = realloc(text, cap * 2);
		if (grown == NULL) {
			snprintf(error, CONF_ERROR_SIZE, "%.300s: no memory",
				 path);
			break;
		}
		text = grown;
		cap *= 2;
	}
	free(text);
	if (stream != NULL)
		fclose(stream);
	return NULL;
}
