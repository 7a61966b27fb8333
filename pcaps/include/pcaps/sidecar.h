/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sidecar.h - NAME.conf beside a capture: lines of "key = value"
 *
 *   # a comment; the first one says what the capture shows
 *   key = value
 *
 * Blanks (space, tab, CR) around key and value do not count; a key is
 * letters, digits, '.', '-' and '_'; a value goes to the end of the line
 * ('#' inside it is part of it) and may be empty. Keys may repeat. What
 * keys mean is for others to know.
 */
#ifndef PCAPS_SIDECAR_H
#define PCAPS_SIDECAR_H

#include "pcaps/capture.h"

struct cap_setting {
	char *key;         /* owned by the sidecar */
	char *value;       /* owned by the sidecar */
	unsigned int line; /* 1-based; 0 = from the command line */
};

struct cap_sidecar {
	struct cap_setting *settings; /* in the order of the file */
	size_t num_settings;
	char *title; /* text of the first comment, or NULL */
	char *path;  /* of the (first) file, or NULL */
};

/* An empty sidecar, for settings from elsewhere. */
void cap_sidecar_init(struct cap_sidecar *sidecar);
void cap_sidecar_cleanup(struct cap_sidecar *sidecar);

/*
 * cap_sidecar_read() appends the settings of a file; error names file,
 * line and what was expected. Limits: 1 MiB, 4096 settings in the sidecar,
 * 1000 octets a line; NUL octets are refused. On failure the sidecar is as
 * before. CAP_ERR_OPEN: no such file; CAP_ERR_FORMAT: what is in it.
 */
enum cap_status cap_sidecar_read(struct cap_sidecar *sidecar, const char *path,
				 char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/* The same for text in memory; name stands for the file in errors. */
enum cap_status cap_sidecar_parse(struct cap_sidecar *sidecar, const char *text,
				  size_t len, const char *name,
				  char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/* Appends "key=value" as given on a command line: line 0. */
enum cap_status cap_sidecar_set(struct cap_sidecar *sidecar,
				const char *assignment,
				char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/* The last value of key, or NULL. */
const char *cap_sidecar_get(const struct cap_sidecar *sidecar, const char *key);

/*
 * The name of the sidecar of a capture: ".pcap" (or what follows the last
 * dot of the last component) replaced by ".conf". Heap, the caller's; NULL
 * without memory.
 */
char *cap_sidecar_name(const char *capture_path);

#endif /* PCAPS_SIDECAR_H */
