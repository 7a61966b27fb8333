/* SPDX-License-Identifier: Apache-2.0 */
/* diff_map.c - the witness: which name is which, and what was waived */
#include <inttypes.h>
#include <string.h>

#include "diff.h"
#include "packet.h"
#include "reports/table.h"

#define MAX_ROWS 20 /* of a map, unless all is wanted */

struct rows {
	struct rep_table table;
	uint64_t num, max;
};

static void endpoint(char *out, size_t size, uint32_t addr, uint16_t port)
{
	char text[CONF_ADDR_SIZE];

	if (addr == 0)
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%s:%u", conf_addr_text(text, addr), port);
}

static void add_row(void *ctx, const struct conf_name_pair *pair)
{
	struct rows *rows = ctx;
	char expected[32], actual[32], inside[32], since[32];
	const char *cells[] = {pair->proto == CONF_PROTO_TCP   ? "tcp"
			       : pair->proto == CONF_PROTO_UDP ? "udp"
							       : "icmp",
			       inside, expected, actual, since};

	if (rows->num++ >= rows->max)
		return;
	endpoint(inside, sizeof(inside), pair->inside_addr, pair->inside_port);
	endpoint(expected, sizeof(expected), pair->expected_addr,
		 pair->expected_port);
	endpoint(actual, sizeof(actual), pair->actual_addr, pair->actual_port);
	snprintf(since, sizeof(since), "%" PRIu64, pair->since);
	rep_table_row(&rows->table, cells);
}

/* An engine without its folders. */
static const char *short_name(const struct cli_party *party)
{
	const char *slash = strrchr(party->engine.address, '/');

	return slash != NULL ? slash + 1 : party->engine.address;
}

void cli_diff_map(const struct cli_diff *d)
{
	char expected[80], actual[80];
	const char *heading[] = {"", "inside", expected, actual, "stimulus"};
	struct rows rows = {.max = d->all ? UINT64_MAX : MAX_ROWS};

	snprintf(expected, sizeof(expected), "%.70s", short_name(&d->expected));
	snprintf(actual, sizeof(actual), "%.70s", short_name(&d->actual));
	rep_table_init(&rows.table, "llllr");
	rep_table_row(&rows.table, heading);
	conf_equivalence_map(d->equivalence, add_row, &rows);
	if (rows.num == 0) {
		puts("no names were seen");
	} else {
		printf("%" PRIu64 " names of the outside:\n", rows.num);
		if (!rep_table_print(&rows.table, stdout, 2))
			cli_error("no memory for the whole table");
		if (rows.num > rows.max)
			printf("  and %" PRIu64 " more; --all prints them\n",
			       rows.num - rows.max);
	}
	rep_table_cleanup(&rows.table);
}

void cli_diff_waivers(const struct cli_diff *d)
{
	for (size_t i = 0; i < d->waivers.num; i++) {
		const struct conf_waiver *w = &d->waivers.items[i];

		if (w->num_waived > 0)
			printf("waived: %" PRIu64 " of %s: %s\n", w->num_waived,
			       w->name, w->reason);
		else
			printf("unused waiver: %s:%u: %s\n",
			       d->waivers.file.path, w->line, w->name);
	}
}
