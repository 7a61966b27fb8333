/* SPDX-License-Identifier: Apache-2.0 */
/* diff_print.c - a difference, decoded */
#include <inttypes.h>
#include <string.h>

#include "conformance/play.h"
#include "diff.h"
#include "hex.h"
#include "reports/table.h"

#define MAX_LINES 64 /* fields of a packet that can differ */

static struct masq_view octets_of(const struct conf_results *results,
				  size_t index)
{
	const struct conf_result *r = &results->items[index];

	return (struct masq_view){
		.data = conf_result_data(results, r),
		.len = r->len,
	};
}

/*
 * now: 0, or the time of a packet if that is not the stimulus's and so has
 * to be said.
 */
static void print_summary(const struct cli_diff *d, const char *what,
			  enum conf_side side, uint64_t now,
			  struct masq_view octets)
{
	char line[CONF_MAX_SUMMARY], time[CONF_TIME_SIZE];

	/* Up to renaming, packets are told as cases tell them. */
	if (d->equivalence != NULL)
		(void)conf_case_words(NULL, octets.data, octets.len, false,
				      line, sizeof(line));
	else
		conf_summary(line, sizeof(line), octets.data, octets.len);
	printf("%-9s %-7s ", what, conf_side_name(side));
	if (now != 0)
		printf("at %s ", conf_time_text(time, now));
	printf("%s\n", line);
}

/* Which stimulus it was, when, and where. */
static void print_heading(const struct cli_diff *d,
			  const struct conf_event *event)
{
	char time[CONF_TIME_SIZE];

	printf("%s", rep_begin(&d->term, REP_STRONG));
	if (event == NULL) {
		printf("after the last packet, at %s",
		       conf_time_text(time, d->stream.last_time));
	} else {
		printf("packet %" PRIu64, event->record.number);
		if (event->record.file > 0)
			printf(" of the second file");
		printf(" at %s", conf_time_text(time, event->packet.now));
	}
	printf("%s\n", rep_end(&d->term, REP_STRONG));
	if (event != NULL)
		print_summary(d, "stimulus", event->packet.side, 0,
			      (struct masq_view){.data = event->packet.data,
						 .len = event->packet.len});
}

/* The fields in columns: name, expected, actual. */
static void print_fields(const struct cli_diff *d,
			 const struct cli_difference *difference)
{
	static struct conf_difference lines[MAX_LINES];
	struct rep_table table;
	char expected[CONF_FIELD_TEXT + 64], actual[CONF_FIELD_TEXT + 64];
	const char *heading[] = {"field", expected, actual};
	unsigned int num = conf_differences(
		&d->rules, difference->expected, difference->actual,
		difference->index, lines, MAX_LINES);

	snprintf(expected, sizeof(expected), "expected (%.80s)",
		 d->expected.engine.address);
	snprintf(actual, sizeof(actual), "actual (%.80s)",
		 d->actual.engine.address);
	rep_table_init(&table, "lll");
	rep_table_row(&table, heading);
	for (unsigned int i = 0; i < num; i++) {
		const char *cells[] = {lines[i].field, lines[i].expected,
				       lines[i].actual};

		rep_table_row(&table, cells);
	}
	if (!rep_table_print(&table, stdout, 2))
		cli_error("no memory for the whole table");
	rep_table_cleanup(&table);
}

static void print_packet(const struct cli_diff *d,
			 const struct conf_results *results, const char *what,
			 size_t index, uint64_t now)
{
	const struct conf_result *r = &results->items[index];

	print_summary(d, what, r->side, r->now != now ? r->now : 0,
		      octets_of(results, index));
}

/* What is the matter, in the words of the class. */
static void print_class(const struct conf_divergence *divergence)
{
	const char *kind = divergence->actual_kind[0] != '\0'
				   ? divergence->actual_kind
				   : divergence->expected_kind;

	printf("class     %s:%s", divergence->name, kind);
	if (divergence->clause != NULL)
		printf(" (%s)", divergence->clause);
	putchar('\n');
	if (strncmp(divergence->name, "mapping-", 8) == 0)
		printf("names     %s: expected %s, actual %s\n",
		       divergence->field, divergence->expected,
		       divergence->actual);
}

static void print_different(const struct cli_diff *d,
			    const struct cli_difference *difference,
			    uint64_t now)
{
	struct masq_view e = octets_of(difference->expected, difference->index);
	struct masq_view a = octets_of(difference->actual, difference->index);

	print_packet(d, difference->expected, "expected", difference->index,
		     now);
	print_packet(d, difference->actual,
		     d->equivalence != NULL ? "renamed" : "actual",
		     difference->index, now);
	/* Two names may be in conflict and the packets the same. */
	if (difference->divergence != NULL && e.len == a.len &&
	    memcmp(e.data, a.data, e.len) == 0)
		return;
	print_fields(d, difference);
	printf("octets (- expected, + actual):\n");
	cli_hex_diff(stdout, &d->term, e, a);
}

void cli_diff_print(const struct cli_diff *d,
		    const struct cli_difference *difference)
{
	const struct conf_results *e = difference->expected;
	const struct conf_results *a = difference->actual;
	const struct conf_event *event = difference->event;
	size_t index = difference->index;
	uint64_t now = event != NULL ? event->packet.now : d->stream.last_time;

	print_heading(d, event);
	if (difference->divergence != NULL)
		print_class(difference->divergence);
	printf("expected %zu results, got %zu; ", e->num_items, a->num_items);
	switch (difference->verdict) {
	case CONF_SAME:
		break;
	case CONF_DIFFERENT:
		printf("result %zu differs:\n", index + 1);
		print_different(d, difference, now);
		break;
	case CONF_MISSING:
		printf("result %zu is missing:\n", index + 1);
		print_packet(d, e, "expected", index, now);
		cli_hex(stdout, "- ", octets_of(e, index));
		break;
	case CONF_EXTRA:
		printf("result %zu is too many:\n", index + 1);
		print_packet(d, a, "actual", index, now);
		cli_hex(stdout, "+ ", octets_of(a, index));
		break;
	}
	putchar('\n');
}
