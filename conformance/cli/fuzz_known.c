/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_known.c - classes of findings that are no news */
#define _GNU_SOURCE

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/suite.h"
#include "fuzz.h"

bool fuzz_known_add(struct fuzz_known *known, const char *class)
{
	char **globs = realloc(known->globs,
			       (known->num + 1) * sizeof(*known->globs));

	if (globs == NULL)
		return false;
	known->globs = globs;
	globs[known->num] = strdup(class);
	return globs[known->num] != NULL && ++known->num > 0;
}

bool fuzz_is_known(const struct fuzz_known *known, const char *class)
{
	for (size_t i = 0; i < known->num; i++)
		if (conf_glob(known->globs[i], class))
			return true;
	return false;
}

void fuzz_known_cleanup(struct fuzz_known *known)
{
	for (size_t i = 0; i < known->num; i++)
		free(known->globs[i]);
	free(known->globs);
	*known = (struct fuzz_known){.num = 0};
}

/* ---- --known FILE: lines "CLASS  reason" ---- */

static bool read_line(struct fuzz_known *known, const char *path,
		      unsigned int number, char *line)
{
	char *class = line + strspn(line, " \t\r");
	char *end = class + strcspn(class, " \t\r");
	char *reason = end + strspn(end, " \t\r");

	if (*class == '\0' || *class == '#')
		return true;
	if (*reason == '\0') {
		cli_error("%s:%u: read \"%s\", expected a class and the reason "
			  "why it may stay",
			  path, number, class);
		return false;
	}
	*end = '\0';
	if (fuzz_known_add(known, class))
		return true;
	cli_error("no memory for %s", path);
	return false;
}

static bool read_file(struct fuzz_known *known, const char *path)
{
	size_t len;
	char *text = (char *)fuzz_load(path, &len), *rest = text, *line;
	unsigned int number = 0;
	bool good = true;

	if (text == NULL) {
		cli_error("%s: %s", path, strerror(errno));
		return false;
	}
	if (memchr(text, '\0', len) != NULL) {
		cli_error("%s: it is no text", path);
		good = false;
	}
	while (good && (line = strsep(&rest, "\n")) != NULL)
		good = read_line(known, path, ++number, line);
	free(text);
	return good;
}

/* ---- OUT/findings ---- */

bool fuzz_report_value(char *out, size_t size, const char *folder,
		       const char *key)
{
	char path[4200];
	size_t len, key_len = strlen(key);
	char *text, *rest, *line;
	bool found = false;

	snprintf(path, sizeof(path), "%s/report.md", folder);
	text = (char *)fuzz_load(path, &len);
	rest = text;
	while (!found && rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
		if (strncmp(line, "- ", 2) != 0 ||
		    strncmp(line + 2, key, key_len) != 0 ||
		    strncmp(line + 2 + key_len, ": ", 2) != 0)
			continue;
		snprintf(out, size, "%s", line + 2 + key_len + 2);
		found = true;
	}
	free(text);
	return found;
}

static bool read_findings(struct fuzz_known *known, const char *out)
{
	char folder[4096], class[FUZZ_CLASS_SIZE];
	struct dirent *entry;
	bool good = true;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/findings", out);
	dir = opendir(folder);
	if (dir == NULL && errno == ENOENT)
		return true;
	if (dir == NULL) {
		cli_error("%s: %s", folder, strerror(errno));
		return false;
	}
	while (good && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(folder, sizeof(folder), "%s/findings/%s", out,
			 entry->d_name);
		if (fuzz_report_value(class, sizeof(class), folder, "class"))
			good = fuzz_known_add(known, class);
	}
	closedir(dir);
	if (!good)
		cli_error("no memory for the findings of %s", out);
	return good;
}

bool fuzz_known_load(struct fuzz_known *known, const struct fuzz_options *o)
{
	*known = (struct fuzz_known){.num = 0};
	return (o->known == NULL || read_file(known, o->known)) &&
	       read_findings(known, o->out);
}
