/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_junit.c - results as JUnit XML, by libxml2's writer
 *
 * testsuites > testsuite (first component of the ids) > testcase. What XML
 * cannot hold becomes U+FFFD.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "render.h"
#include "suite.h"
#include "utf8.h"

/* A document in the making; failed: no memory, and all is in vain. */
struct document {
	xmlTextWriterPtr writer;
	bool failed;
};

static const xmlChar *xml(const char *text)
{
	return (const xmlChar *)text;
}

static void check(struct document *doc, int result)
{
	doc->failed = doc->failed || result < 0;
}

static void begin(struct document *doc, const char *name)
{
	check(doc, xmlTextWriterStartElement(doc->writer, xml(name)));
}

static void end(struct document *doc)
{
	check(doc, xmlTextWriterEndElement(doc->writer));
}

static void put_attribute(struct document *doc, const char *name,
			  const char *text)
{
	char *clean = rep_utf8_clean(text, true);

	check(doc, clean != NULL ? xmlTextWriterWriteAttribute(
					   doc->writer, xml(name), xml(clean))
				 : -1);
	free(clean);
}

static void put_number(struct document *doc, const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	put_attribute(doc, name, text);
}

static void put_time(struct document *doc, uint64_t duration)
{
	char text[REP_SECONDS_SIZE];

	if (duration == 0)
		return;
	rep_seconds(text, duration);
	put_attribute(doc, "time", text);
}

static void put_text(struct document *doc, const char *text)
{
	char *clean = rep_utf8_clean(text, true);

	check(doc, clean != NULL
			   ? xmlTextWriterWriteString(doc->writer, xml(clean))
			   : -1);
	free(clean);
}

/* How JUnit counts. */
struct sums {
	size_t tests, failures, errors, skipped;
	uint64_t duration;
};

static void sum_up(struct sums *sums, const struct rep_suite *suite)
{
	const size_t *counts = suite->counts;

	sums->tests += suite->num;
	sums->failures += counts[REP_FAIL] + counts[REP_XPASS];
	sums->errors += counts[REP_ERROR];
	sums->skipped += counts[REP_SKIP] + counts[REP_UNIMPLEMENTED] +
			 counts[REP_XFAIL];
	sums->duration += suite->duration;
}

static void put_sums(struct document *doc, const struct sums *sums)
{
	put_number(doc, "tests", sums->tests);
	put_number(doc, "failures", sums->failures);
	put_number(doc, "errors", sums->errors);
	put_number(doc, "skipped", sums->skipped);
	put_time(doc, sums->duration);
}

/* <failure> or <error>, with the case as text in it. */
static void put_bad(struct document *doc, const char *element,
		    const struct rep_case *result)
{
	const struct rep_term plain = {.colour = false};
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (memory == NULL || !rep_text_case(memory, result, &plain))
		doc->failed = true;
	if (memory != NULL && !rep_close_memory(memory))
		doc->failed = true;
	begin(doc, element);
	put_attribute(doc, "message", rep_message(result));
	put_attribute(doc, "type", rep_verdict_name(result->verdict));
	put_text(doc, text != NULL ? text : "");
	end(doc);
	free(text);
}

/* What was not run, or failed as expected; the verdict, then the reason. */
static void put_skipped(struct document *doc, const struct rep_case *result)
{
	const char *verdict = rep_verdict_name(result->verdict);
	const char *reason = rep_message(result);
	size_t size = strlen(verdict) + strlen(reason) + 3;
	char *message = malloc(size);

	if (message == NULL) {
		doc->failed = true;
		return;
	}
	snprintf(message, size, "%s: %s", verdict, reason);
	begin(doc, "skipped");
	put_attribute(doc, "message", message);
	end(doc);
	free(message);
}

/* "a/b/c" is the class a.b and the name c. */
static void put_names(struct document *doc, const char *id)
{
	const char *slash = strrchr(id, '/');
	size_t len = slash != NULL ? (size_t)(slash - id) : strlen(id);
	char *class = strndup(id, len);

	if (class == NULL) {
		doc->failed = true;
		return;
	}
	for (char *c = class; *c != '\0'; c++)
		if (*c == '/')
			*c = '.';
	put_attribute(doc, "classname", class);
	put_attribute(doc, "name", slash != NULL ? slash + 1 : id);
	free(class);
}

static void put_case(struct document *doc, const struct rep_case *result)
{
	begin(doc, "testcase");
	put_names(doc, result->id);
	if (result->file != NULL)
		put_attribute(doc, "file", result->file);
	if (result->line > 0)
		put_number(doc, "line", result->line);
	put_time(doc, result->duration);
	switch (result->verdict) {
	case REP_FAIL:
	case REP_XPASS:
		put_bad(doc, "failure", result);
		break;
	case REP_ERROR:
		put_bad(doc, "error", result);
		break;
	case REP_SKIP:
	case REP_UNIMPLEMENTED:
	case REP_XFAIL:
		put_skipped(doc, result);
		break;
	default:
		break;
	}
	end(doc);
}

static void put_property(struct document *doc, const char *name,
			 const char *value)
{
	if (value == NULL)
		return;
	begin(doc, "property");
	put_attribute(doc, "name", name);
	put_attribute(doc, "value", value);
	end(doc);
}

static void put_runs(struct document *doc, const struct rep_results *results)
{
	if (rep_results_num_runs(results) == 0)
		return;
	begin(doc, "properties");
	for (size_t i = 0; i < rep_results_num_runs(results); i++) {
		const struct rep_run *run = rep_results_run(results, i);

		put_property(doc, "engine", run->engine);
		put_property(doc, "version", run->version);
		put_property(doc, "command", run->command);
		put_property(doc, "shard", run->shard);
		put_property(doc, "started", run->started);
	}
	end(doc);
}

static void put_suite(struct document *doc, const struct rep_view *view,
		      const struct rep_suite *suite)
{
	struct sums sums = {.tests = 0};
	char *name = strndup(suite->name, (size_t)suite->name_len);

	sum_up(&sums, suite);
	begin(doc, "testsuite");
	if (name != NULL)
		put_attribute(doc, "name", name);
	else
		doc->failed = true;
	free(name);
	put_sums(doc, &sums);
	put_runs(doc, view->results);
	for (size_t i = 0; i < suite->num; i++)
		put_case(doc, rep_results_get(view->results, suite->first + i));
	end(doc);
}

/* An error of its own, else what is missing would look like a success. */
static void put_unfinished(struct document *doc, const struct rep_view *view)
{
	const struct sums sums = {.tests = 1, .errors = 1};
	char text[128] = "";
	FILE *memory = fmemopen(text, sizeof(text), "w");

	if (memory == NULL) {
		doc->failed = true;
		return;
	}
	rep_put_unfinished(memory, view);
	if (!rep_close_memory(memory))
		doc->failed = true;
	begin(doc, "testsuite");
	put_attribute(doc, "name", "masqcheck");
	put_sums(doc, &sums);
	begin(doc, "testcase");
	put_attribute(doc, "classname", "masqcheck");
	put_attribute(doc, "name", "run");
	begin(doc, "error");
	put_attribute(doc, "message", text);
	put_attribute(doc, "type", "unfinished");
	end(doc);
	end(doc);
	end(doc);
}

static void put_all(struct document *doc, const struct rep_view *view)
{
	bool unfinished = rep_results_num_unfinished(view->results) > 0;
	struct sums sums = {.tests = unfinished, .errors = unfinished};
	struct rep_suite suite = {.num = 0};

	while (rep_suite_next(view->results, &suite))
		sum_up(&sums, &suite);
	check(doc, xmlTextWriterSetIndent(doc->writer, 1));
	check(doc,
	      xmlTextWriterStartDocument(doc->writer, NULL, "UTF-8", NULL));
	begin(doc, "testsuites");
	put_attribute(doc, "name", "masqcheck");
	put_sums(doc, &sums);
	suite = (struct rep_suite){.num = 0};
	while (rep_suite_next(view->results, &suite))
		put_suite(doc, view, &suite);
	if (unfinished)
		put_unfinished(doc, view);
	end(doc);
	check(doc, xmlTextWriterEndDocument(doc->writer));
}

enum rep_status rep_render_junit(const struct rep_view *view, FILE *out)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	struct document doc = {.writer = NULL};

	if (buffer == NULL)
		return REP_ERR_NOMEM;
	doc.writer = xmlNewTextWriterMemory(buffer, 0);
	if (doc.writer == NULL) {
		xmlBufferFree(buffer);
		return REP_ERR_NOMEM;
	}
	put_all(&doc, view);
	/* Writes what it still holds into the buffer. */
	xmlFreeTextWriter(doc.writer);
	if (!doc.failed)
		fwrite(xmlBufferContent(buffer), 1,
		       (size_t)xmlBufferLength(buffer), out);
	xmlBufferFree(buffer);
	return doc.failed ? REP_ERR_NOMEM : REP_OK;
}
