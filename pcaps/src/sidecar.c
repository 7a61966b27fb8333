/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sidecar.c - NAME.conf beside a capture: lines of "key = value"
 *
 * A text is parsed line by line, each appending to the sidecar; if one
 * fails, what the text appended is taken off again.
 */
#define _POSIX_C_SOURCE 200809L /* for strdup(), strndup() */

#include "pcaps/sidecar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

#define MAX_TEXT     (1024u * 1024)
#define MAX_SETTINGS 4096
#define MAX_LINE     1000

/* A line being parsed, and where it is. */
struct line {
	const char *name; /* of the file */
	unsigned int number;
	const char *text;
	size_t len;
};

void cap_sidecar_init(struct cap_sidecar *sidecar)
{
	*sidecar = (struct cap_sidecar){0};
}

/* Takes settings off the end, until num are left. */
static void shrink_to(struct cap_sidecar *sidecar, size_t num)
{
	while (sidecar->num_settings > num) {
		struct cap_setting *last =
			&sidecar->settings[--sidecar->num_settings];

		free(last->key);
		free(last->value);
	}
}

void cap_sidecar_cleanup(struct cap_sidecar *sidecar)
{
	shrink_to(sidecar, 0);
	free(sidecar->settings);
	free(sidecar->title);
	free(sidecar->path);
	cap_sidecar_init(sidecar);
}

/* As cap_fail(), of a line; line 0 is an assignment. */
static enum cap_status fail_at(const struct line *line, char *error,
			       const char *reason)
{
	if (line->number == 0)
		return cap_fail(error, CAP_ERR_FORMAT, "\"%.*s\": %s",
				line->len < 100 ? (int)line->len : 100,
				line->text, reason);
	return cap_fail(error, CAP_ERR_FORMAT, "%s:%u: %s",
			cap_short_name(line->name), line->number, reason);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes the blanks off both ends. */
static void trim(const char **text, size_t *len)
{
	while (*len > 0 && is_blank((*text)[0])) {
		(*text)++;
		(*len)--;
	}
	while (*len > 0 && is_blank((*text)[*len - 1]))
		(*len)--;
}

/* Without the locale, in which letters may be others. */
static bool is_key(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_')
			return false;
	}
	return len > 0;
}

/* Appends a setting whose parts have been checked. */
static enum cap_status append(struct cap_sidecar *sidecar,
			      const struct line *line, const char *key,
			      size_t key_len, const char *value,
			      size_t value_len, char *error)
{
	size_t num = sidecar->num_settings;
	struct cap_setting setting = {.line = line->number};
	struct cap_setting *settings;

	if (num >= MAX_SETTINGS)
		return fail_at(line, error, "more than 4096 settings");
	/* The room doubles when the number is a power of two. */
	if ((num & (num - 1)) == 0) {
		settings = realloc(sidecar->settings,
				   (num ? num * 2 : 1) * sizeof(*settings));
		if (settings == NULL)
			return cap_fail(error, CAP_ERR_IO, "out of memory");
		sidecar->settings = settings;
	}
	setting.key = strndup(key, key_len);
	setting.value = strndup(value, value_len);
	if (setting.key == NULL || setting.value == NULL) {
		free(setting.key);
		free(setting.value);
		return cap_fail(error, CAP_ERR_IO, "out of memory");
	}
	sidecar->settings[sidecar->num_settings++] = setting;
	return CAP_OK;
}

/* A line with something on it, trimmed, that is no comment. */
static enum cap_status parse_setting(struct cap_sidecar *sidecar,
				     const struct line *line, char *error)
{
	const char *equals = memchr(line->text, '=', line->len);
	const char *key = line->text;
	const char *value;
	size_t key_len;
	size_t value_len;

	if (equals == NULL)
		return fail_at(line, error, "expected \"key = value\"");
	key_len = (size_t)(equals - key);
	value = equals + 1;
	value_len = line->len - key_len - 1;
	trim(&key, &key_len);
	trim(&value, &value_len);
	if (!is_key(key, key_len))
		return fail_at(line, error,
			       "expected a key of letters, digits, '.', '-' "
			       "and '_' before '='");
	return append(sidecar, line, key, key_len, value, value_len, error);
}

/* Any line of a file; the first comment becomes *title. */
static enum cap_status parse_line(struct cap_sidecar *sidecar, struct line line,
				  char **title, char *error)
{
	if (line.len > MAX_LINE)
		return fail_at(&line, error,
			       "longer than 1000 octets, the most for a line");
	if (memchr(line.text, '\0', line.len) != NULL)
		return fail_at(&line, error, "a NUL octet; expected text");
	trim(&line.text, &line.len);
	if (line.len == 0)
		return CAP_OK;
	if (line.text[0] != '#')
		return parse_setting(sidecar, &line, error);
	if (*title != NULL)
		return CAP_OK;
	line.text++;
	line.len--;
	trim(&line.text, &line.len);
	*title = strndup(line.text, line.len);
	if (*title == NULL)
		return cap_fail(error, CAP_ERR_IO, "out of memory");
	return CAP_OK;
}

/* All lines of a text; the first comment becomes *title. */
static enum cap_status parse_lines(struct cap_sidecar *sidecar,
				   const char *text, size_t len,
				   const char *name, char **title, char *error)
{
	struct line line = {.name = name};
	enum cap_status status = CAP_OK;
	const char *newline;

	while (len > 0 && status == CAP_OK) {
		newline = memchr(text, '\n', len);
		line.number++;
		line.text = text;
		line.len = newline ? (size_t)(newline - text) : len;
		status = parse_line(sidecar, line, title, error);
		text += line.len;
		len -= line.len;
		if (newline != NULL) {
			text++;
			len--;
		}
	}
	return status;
}

enum cap_status cap_sidecar_parse(struct cap_sidecar *sidecar, const char *text,
				  size_t len, const char *name,
				  char error[CAP_ERROR_SIZE])
{
	size_t num_before = sidecar->num_settings;
	char *path = strdup(name);
	char *title = NULL;
	enum cap_status status;

	if (path == NULL)
		status = cap_fail(error, CAP_ERR_IO, "out of memory");
	else if (len > MAX_TEXT)
		status = cap_fail(error, CAP_ERR_FORMAT,
				  "%s: longer than 1 MiB, the most for a "
				  "sidecar",
				  cap_short_name(name));
	else
		status = parse_lines(sidecar, text, len, name, &title, error);

	if (status != CAP_OK)
		shrink_to(sidecar, num_before);
	if (status == CAP_OK && sidecar->path == NULL) {
		sidecar->path = path;
		path = NULL;
	}
	if (status == CAP_OK && sidecar->title == NULL) {
		sidecar->title = title;
		title = NULL;
	}
	free(title);
	free(path);
	return status;
}

/* Reads and parses what a stream holds; text has room for MAX_TEXT + 1. */
static enum cap_status read_stream(struct cap_sidecar *sidecar, FILE *stream,
				   char *text, const char *path, char *error)
{
	size_t len = fread(text, 1, MAX_TEXT + 1, stream);

	if (ferror(stream))
		return cap_fail(error, CAP_ERR_IO, "%s: cannot be read: %s",
				cap_short_name(path), strerror(errno));
	return cap_sidecar_parse(sidecar, text, len, path, error);
}

enum cap_status cap_sidecar_read(struct cap_sidecar *sidecar, const char *path,
				 char error[CAP_ERROR_SIZE])
{
	FILE *stream = fopen(path, "rb");
	enum cap_status status;
	char *text;

	if (stream == NULL)
		return cap_fail(error, CAP_ERR_OPEN, "%s: cannot be opened: %s",
				cap_short_name(path), strerror(errno));
	text = malloc(MAX_TEXT + 1);
	if (text == NULL)
		status = cap_fail(error, CAP_ERR_IO, "out of memory");
	else
		status = read_stream(sidecar, stream, text, path, error);
	free(text);
	fclose(stream);
	return status;
}

enum cap_status cap_sidecar_set(struct cap_sidecar *sidecar,
				const char *assignment,
				char error[CAP_ERROR_SIZE])
{
	struct line line = {.text = assignment, .len = strlen(assignment)};

	if (line.len > MAX_LINE)
		return fail_at(&line, error, "longer than 1000 octets");
	line.len = strcspn(assignment, "\n");
	if (assignment[line.len] != '\0')
		return fail_at(&line, error, "expected one line");
	trim(&line.text, &line.len);
	return parse_setting(sidecar, &line, error);
}

const char *cap_sidecar_get(const struct cap_sidecar *sidecar, const char *key)
{
	for (size_t i = sidecar->num_settings; i-- > 0;) {
		if (strcmp(sidecar->settings[i].key, key) == 0)
			return sidecar->settings[i].value;
	}
	return NULL;
}

char *cap_sidecar_name(const char *capture_path)
{
	const char *slash = strrchr(capture_path, '/');
	const char *base = slash ? slash + 1 : capture_path;
	const char *dot = strrchr(base, '.');
	size_t len = strlen(capture_path);
	char *name;

	/* A leading dot makes a name hidden, it ends nothing. */
	if (dot != NULL && dot != base)
		len = (size_t)(dot - capture_path);
	name = malloc(len + sizeof(".conf"));
	if (name == NULL)
		return NULL;
	memcpy(name, capture_path, len);
	memcpy(name + len, ".conf", sizeof(".conf"));
	return name;
}
