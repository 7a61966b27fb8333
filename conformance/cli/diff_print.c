/* SPDX-License-Identifier: Apache-2.0 */
/* diff_print.c - a difference, decoded */
#include <inttypes.h>

#include "diff.h"
#include "hex.h"
#include "reports/table.h"

#define MAX_LINES 64 /* fields of a packet that can differ */

static struct masq_view octets_of(const struct cli_party *party, size_t index)
{
	const struct conf_result *r = &party->results.items[index];

	return (struct masq_view){
		.data = conf_result_data(&party->results, r),
		.len = r->len,
	};
}

/*
 * now: 0, or the time of a packet if that is not the stimulus's and so has
 * to be said.
 */
static void print_summary(const char *what, enum conf_side side, uint64_t now,
			  struct masq_view octets)
{
	char line[CONF_MAX_SUMMARY], time[CONF_TIME_SIZE];

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
		print_summary("stimulus", event->packet.side, 0,
			      (struct masq_view){.data = event->packet.data,
						 .len = event->packet.len});
}

/* The fields in columns: name, expected, actual. */
static void print_fields(const struct cli_diff *d, size_t index)
{
	static struct conf_difference lines[MAX_LINES];
	struct rep_table table;
	char expected[CONF_FIELD_TEXT + 64], actual[CONF_FIELD_TEXT + 64];
	const char *heading[] = {"field", expected, actual};
	unsigned int num = conf_differences(&d->rules, &d->expected.results,
					    &d->actual.results, index, lines,
					    MAX_LINES);

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

static void print_packet(const struct cli_party *party, const char *what,
			 size_t index, uint64_t now)
{
	const struct conf_result *r = &party->results.items[index];

	print_summary(what, r->side, r->now != now ? r->now : 0,
		      octets_of(party, index));
}

void cli_diff_print(const struct cli_diff *d, const struct conf_event *event,
		    enum conf_verdict verdict, size_t index)
{
	const struct cli_party *e = &d->expected, *a = &d->actual;
	uint64_t now = event != NULL ? event->packet.now : d->stream.last_time;

	print_heading(d, event);
	printf("expected %zu results, got %zu; ", e->results.num_items,
	       a->results.num_items);
	switch (verdict) {
	case CONF_SAME:
		break;
	case CONF_DIFFERENT:
		printf("result %zu differs:\n", index + 1);
		print_packet(e, "expected", index, now);
		print_packet(a, "actual", index, now);
		print_fields(d, index);
		printf("octets (- expected, + actual):\n");
		cli_hex_diff(stdout, &d->term, octets_of(e, index),
			     octets_of(a, index));
		break;
	case CONF_MISSING:
		printf("result %zu is missing:\n", index + 1);
		print_packet(e, "expected", index, now);
		cli_hex(stdout, "- ", octets_of(e, index));
		break;
	case CONF_EXTRA:
		printf("result %zu is too many:\n", index + 1);
		print_packet(a, "actual", index, now);
		cli_hex(stdout, "+ ", octets_of(a, index));
		break;
	}
	putchar('\n');
}
