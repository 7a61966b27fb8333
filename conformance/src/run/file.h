/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - whole files of text */
#ifndef RUN_FILE_H
#define RUN_FILE_H

#include "conformance/settings.h"

/* Reads a file of at most 4 MiB, terminated. NULL: error says why. */
char *run_read_file(const char *path, size_t *out_len,
		    char error[CONF_ERROR_SIZE]);

#endif /* RUN_FILE_H */
