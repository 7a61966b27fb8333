/* SPDX-License-Identifier: Apache-2.0 */
/* formats_test.c - what the readers of JUnit, TAP and JSON make of reports */
#include "support.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>

static char *render(const char *name, enum rep_format format)
{
	struct rep_results *results = read_golden(name);
	char error[REP_ERROR_SIZE];

	assert_int_equal(
		rep_render(results, results, format, "out", false, error),
		REP_OK);
	rep_results_free(results);
	return slurp("out", NULL);
}

static int number(xmlNodePtr node, const char *name)
{
	xmlChar *text = xmlGetProp(node, (const xmlChar *)name);
	int value;

	assert_non_null(text);
	value = atoi((const char *)text);
	xmlFree(text);
	return value;
}

/* Elements of that name among the children. */
static int children(xmlNodePtr node, const char *name)
{
	int num = 0;

	for (xmlNodePtr child = node->children; child; child = child->next)
		num += child->type == XML_ELEMENT_NODE &&
		       xmlStrcmp(child->name, (const xmlChar *)name) == 0;
	return num;
}

/* In all cases of a suite. */
static int in_cases(xmlNodePtr suite, const char *name)
{
	int num = 0;

	for (xmlNodePtr child = suite->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			num += children(child, name);
	return num;
}

static void test_junit(void **state)
{
	static const char *const kinds[][2] = {{"failures", "failure"},
					       {"errors", "error"},
					       {"skipped", "skipped"}};
	char *text = render("new.jsonl", REP_JUNIT);
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL,
				      XML_PARSE_NONET);
	int sums[3] = {0}, tests = 0;
	xmlNodePtr root;

	(void)state;
	assert_non_null(doc);
	root = xmlDocGetRootElement(doc);
	assert_string_equal((const char *)root->name, "testsuites");
	assert_int_equal(children(root, "testsuite"), 4);
	for (xmlNodePtr suite = root->children; suite; suite = suite->next) {
		if (suite->type != XML_ELEMENT_NODE)
			continue;
		assert_int_equal(children(suite, "testcase"),
				 number(suite, "tests"));
		tests += number(suite, "tests");
		for (size_t k = 0; k < 3; k++) {
			assert_int_equal(number(suite, kinds[k][0]),
					 in_cases(suite, kinds[k][1]));
			sums[k] += number(suite, kinds[k][0]);
		}
	}
	assert_int_equal(tests, 8);
	assert_int_equal(number(root, "tests"), 8);
	for (size_t k = 0; k < 3; k++)
		assert_int_equal(number(root, kinds[k][0]), sums[k]);
	assert_int_equal(sums[0], 2);
	assert_int_equal(sums[1], 1);
	assert_int_equal(sums[2], 3);
	xmlFreeDoc(doc);
	free(text);
}

/* The plan comes first, the numbers follow each other, blocks are closed. */
static void test_tap(void **state)
{
	char *text = render("new.jsonl", REP_TAP), *line;
	unsigned int plan = 0, last = 0, got, not_ok = 0;
	bool in_block = false;

	(void)state;
	line = strtok(text, "\n");
	assert_string_equal(line, "TAP version 14");
	line = strtok(NULL, "\n");
	assert_int_equal(sscanf(line, "1..%u", &plan), 1);
	while ((line = strtok(NULL, "\n")) != NULL) {
		if (in_block) {
			assert_int_equal(strncmp(line, "  ", 2), 0);
			in_block = strcmp(line, "  ...") != 0;
		} else if (strcmp(line, "  ---") == 0) {
			in_block = true;
		} else if (line[0] != '#') {
			bool bad = strncmp(line, "not ok ", 7) == 0;

			assert_int_equal(
				sscanf(line, bad ? "not ok %u - " : "ok %u - ",
				       &got),
				1);
			assert_int_equal(got, ++last);
			not_ok += bad && strstr(line, " # TODO ") == NULL;
		}
	}
	assert_false(in_block);
	assert_int_equal(last, plan);
	assert_int_equal(last, 8);
	assert_int_equal(not_ok, 3);
	free(text);
}

static void test_json(void **state)
{
	char *text = render("new.jsonl", REP_JSON);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	json_t *counts = json_object_get(root, "counts"), *value;
	const char *name;
	json_int_t sum = 0;

	(void)state;
	assert_non_null(root);
	json_object_foreach(counts, name, value)
	{
		json_t *ids = json_object_get(json_object_get(root, "ids"),
					      name);

		assert_int_equal(json_array_size(ids),
				 json_integer_value(value));
		sum += json_integer_value(value);
	}
	assert_int_equal(sum, 8);
	assert_int_equal(json_integer_value(json_object_get(root, "cases")), 8);
	assert_int_equal(json_array_size(json_object_get(root, "bad")), 3);
	assert_true(json_is_true(json_object_get(root, "failed")));
	json_decref(root);
	free(text);
}

/* Cells hold no pipe and no backtick of a name; tables are as wide. */
static void test_markdown(void **state)
{
	char *text = render("new.jsonl", REP_MARKDOWN);
	bool in_fence = false;
	size_t width = 0;

	(void)state;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		size_t pipes = 0;

		if (strncmp(line, "```", 3) == 0)
			in_fence = !in_fence;
		if (in_fence || line[0] != '|') {
			width = 0;
			continue;
		}
		for (const char *c = line; *c != '\0'; c++) {
			assert_true(*c != '`');
			pipes += *c == '|';
		}
		assert_true(width == 0 || width == pipes);
		width = pipes;
	}
	assert_false(in_fence);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_junit),
		cmocka_unit_test(test_tap),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_markdown),
	};
	int failed = cmocka_run_group_tests(tests, enter_folder, leave_folder);

	xmlCleanupParser();
	return failed;
}
