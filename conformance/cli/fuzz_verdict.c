/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_verdict.c - what a target program's death means
 *
 * The text is a stranger's: anything may stand in it, in any length. The
 * first line that says what went wrong decides; the stack that follows it
 * gives the frames.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "fuzz_verdict.h"
#include "where.h"

#define NUM_FRAMES 3u

/* Appends to the class; what has no place in a class becomes '-'. */
static void append(char *class, const char *text, size_t len)
{
	size_t at = strlen(class);

	for (size_t i = 0; i < len && at + 1 < FUZZ_CLASS_SIZE; i++) {
		char c = text[i];
		bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') ||
			    (c != '\0' && strchr("_.:+/-", c) != NULL);

		class[at++] = '-';
		if (good)
			class[at - 1] = c;
	}
	class[at] = '\0';
}

static size_t line_len(const char *text)
{
	return strcspn(text, "\r\n");
}

static void set_text(struct fuzz_verdict *out, const char *text)
{
	size_t len = line_len(text), at = 0;

	for (size_t i = 0; i < len && at + 1 < sizeof(out->text); i++)
		out->text[at++] = text[i] >= ' ' && text[i] < 0x7f ? text[i]
								   : '?';
	out->text[at] = '\0';
}

/* ---- Frames ---- */

/* Those of the machinery, above what went wrong. */
static bool is_machinery(const char *name, size_t len)
{
	static const char *const prefixes[] = {
		"__asan",       "__ubsan",        "__lsan",     "__sanitizer",
		"__libc_",      "__interceptor",  "fuzzer::",   "fuzz_",
		"raise",        "gsignal",        "abort",      "__GI_",
		"pthread_kill", "__pthread_kill", "LLVMFuzzer",
	};
	/* Those that the sanitizers stand in for. */
	static const char *const names[] = {
		"malloc", "calloc", "realloc", "free", "memcpy", "memmove",
		"memset", "memcmp", "strlen",  "main", "_start",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len &&
		    strncmp(name, names[i], len) == 0)
			return true;
	return false;
}

/*
 * The name in "    #1 0x5555 in f /x/f.c:3:4", or in "    #1 0x5555
 * (/x/prog+0x12) ..." the "prog+0x12". False: no frame.
 */
static bool frame_name(const char *line, const char **out, size_t *out_len)
{
	size_t len = line_len(line), start;
	const char *in, *slash;

	start = strspn(line, " ");
	if (start >= len || line[start] != '#' || len > 4000)
		return false;
	in = strstr(line + start, " in ");
	if (in != NULL && in < line + len) {
		*out = in + 4;
		*out_len = strcspn(in + 4, " (\r\n");
		return *out_len > 0;
	}
	in = memchr(line + start, '(', len - start);
	if (in == NULL)
		return false;
	in++;
	*out_len = strcspn(in, ")\r\n");
	while ((slash = memchr(in, '/', *out_len)) != NULL) {
		*out_len -= (size_t)(slash + 1 - in);
		in = slash + 1;
	}
	*out = in;
	return *out_len > 0;
}

/* Appends the top frames of the first stack in text. */
static void append_frames(struct fuzz_verdict *out, const char *text)
{
	unsigned int num = 0;
	bool started = false;
	const char *name;
	size_t len;

	while (*text != '\0' && num < NUM_FRAMES) {
		bool is_frame = frame_name(text, &name, &len);

		if (started && !is_frame)
			return;
		started = started || is_frame;
		if (is_frame && !is_machinery(name, len)) {
			append(out->class, "/", 1);
			append(out->class, name, len);
			num++;
		}
		text += line_len(text);
		text += *text != '\0';
	}
}

/* ---- The lines that decide ---- */

/* "masqcheck-finding: ORACLE CLAUSE at N: text" */
static bool read_finding(struct fuzz_verdict *out, const char *line)
{
	static const char mark[] = "masqcheck-finding: ";
	size_t oracle, clause;

	if (strncmp(line, mark, sizeof(mark) - 1) != 0)
		return false;
	line += sizeof(mark) - 1;
	oracle = strcspn(line, " \r\n");
	if (oracle == 0 || line[oracle] != ' ')
		return false;
	clause = strcspn(line + oracle + 1, " \r\n");
	append(out->class, line, oracle);
	if (clause > 0 && !(clause == 1 && line[oracle + 1] == '-')) {
		append(out->class, "/", 1);
		append(out->class, line + oracle + 1, clause);
	}
	set_text(out, line);
	return true;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static const char *find_in_line(const char *line, const char *what)
{
	const char *at = strstr(line, what);

	return at != NULL && at < line + line_len(line) ? at + strlen(what)
							: NULL;
}

/* "==7==ERROR: AddressSanitizer: heap-buffer-overflow on address ..." */
static bool read_sanitizer(struct fuzz_verdict *out, const char *line)
{
	const char *what;

	if ((what = find_in_line(line, "ERROR: AddressSanitizer: ")) != NULL) {
		if (begins(what, "attempting "))
			what += strlen("attempting ");
		if (strcspn(what, " :\r\n") == 0)
			what = "sanitizer";
		append(out->class, what, strcspn(what, " :\r\n"));
	} else if (find_in_line(line, "ERROR: LeakSanitizer: ") != NULL) {
		append(out->class, "leak", 4);
	} else {
		return false;
	}
	set_text(out, line);
	append_frames(out, line + line_len(line));
	return true;
}

/* "x.c:3:4: runtime error: signed integer overflow: 1 + ..." */
static bool read_undefined(struct fuzz_verdict *out, const char *line)
{
	const char *what = find_in_line(line, ": runtime error: ");
	size_t len;

	if (what == NULL)
		return false;
	len = strcspn(what, ":0123456789-'\r\n");
	while (len > 0 && what[len - 1] == ' ')
		len--;
	append(out->class, "ubsan:", 6);
	append(out->class, what, len);
	set_text(out, line);
	append_frames(out, line + line_len(line));
	return true;
}

/* "==7== ERROR: libFuzzer: timeout after 10 seconds" */
static bool read_libfuzzer(struct fuzz_verdict *out, const char *line)
{
	const char *what = find_in_line(line, "ERROR: libFuzzer: ");

	if (what == NULL)
		return false;
	set_text(out, line);
	if (begins(what, "timeout")) {
		append(out->class, "timeout", 7);
	} else if (begins(what, "out-of-memory")) {
		append(out->class, "out-of-memory", 13);
	} else {
		append(out->class, "crash", 5);
		append_frames(out, line + line_len(line));
	}
	return true;
}

/* "masqcheck-signal: SIGSEGV", of a program without sanitizers */
static bool read_signal(struct fuzz_verdict *out, const char *line)
{
	static const char mark[] = "masqcheck-signal: ";

	if (!begins(line, mark))
		return false;
	set_text(out, line);
	append(out->class, "signal:", 7);
	line += sizeof(mark) - 1;
	append(out->class, line, strcspn(line, " \r\n"));
	return true;
}

static bool read_line(struct fuzz_verdict *out, const char *line)
{
	return read_finding(out, line) || read_sanitizer(out, line) ||
	       read_undefined(out, line) || read_libfuzzer(out, line) ||
	       read_signal(out, line);
}

/* Nothing was said: how it ended is all that is known. */
static void read_end(struct fuzz_verdict *out, int status, bool timed_out)
{
	char end[WHERE_END_SIZE];

	if (timed_out) {
		snprintf(out->class, sizeof(out->class), "timeout");
		snprintf(out->text, sizeof(out->text), "it took too long");
	} else if (WIFSIGNALED(status)) {
		conf_where_signal(end, WTERMSIG(status));
		append(out->class, "signal:", 7);
		append(out->class, end, strlen(end));
		snprintf(out->text, sizeof(out->text), "ended by %s", end);
	} else if (WEXITSTATUS(status) != 0) {
		snprintf(out->class, sizeof(out->class), "exit:%d",
			 WEXITSTATUS(status));
		snprintf(out->text, sizeof(out->text), "ended with exit %d",
			 WEXITSTATUS(status));
	}
}

void fuzz_verdict_read(struct fuzz_verdict *out, const char *text, int status,
		       bool timed_out)
{
	bool ended_well = !timed_out && WIFEXITED(status) &&
			  WEXITSTATUS(status) == 0;

	*out = (struct fuzz_verdict){.class = ""};
	/* Whatever it printed: a target that went on to its end is content. */
	if (ended_well)
		return;
	out->failed = true;
	while (*text != '\0') {
		if (read_line(out, text))
			return;
		text += line_len(text);
		text += *text != '\0';
	}
	read_end(out, status, timed_out);
}

void fuzz_class_name(char *out, size_t size, const char *class)
{
	size_t at = 0;

	for (; *class != '\0' && at + 1 < size && at < 80; class ++)
		out[at++] = *class == '/' || *class == ':' ? '-' : *class;
	if (at > 0 && out[0] == '.')
		out[0] = '-';
	out[at] = '\0';
}
