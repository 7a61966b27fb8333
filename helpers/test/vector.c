/* SPDX-License-Identifier: Apache-2.0 */
/* vector.c - vectors of the specification as tables */
#include "vector.h"

enum {
	PROTO_TCP = 6,
	MAX_ENTRIES = 64
};

static const char timestamps[] = "\x01\x01\x08\x0a\0\0\x03\xe8\0\0\x07\xd0";

struct kit *vector_open(const struct vector_place *place, uint32_t max_entries)
{
	struct masq_config config;

	kit_config(&config, MASQ_QUIRKS_ALL);
	config.max_entries = max_entries;
	kit_load(&config, place->module, NULL);
	return kit_open(&config);
}

struct kit_conn vector_connect(struct kit *kit,
			       const struct vector_place *place)
{
	struct kit_conn conn = {
		.outside_addr = place->server_addr,
		.outside_port = place->server_port,
	};

	kit_connect(kit, &conn);
	return conn;
}

int32_t vector_delta(struct kit *kit)
{
	struct masq_entry_info info;

	assert_true(kit_entry(kit, PROTO_TCP, KIT_FIRST_PORT, &info));
	return info.out_delta;
}

static void try_row(const struct vector_place *place,
		    const struct vector_row *row)
{
	const struct vector_bytes expected = row->expected.data != NULL
						     ? row->expected
						     : row->stimulus;
	struct kit *kit = vector_open(place, MAX_ENTRIES);
	struct kit_conn conn = vector_connect(kit, place);
	char before[KIT_MAX_TEXT];
	const struct kit_result *r;
	const char *now;

	for (int i = 0; i < 2 && row->before[i].data != NULL; i++)
		kit_tcp_out(kit, &conn, row->before[i].data,
			    row->before[i].len);
	strcpy(before, kit_entries(kit, KIT_FIRST_PORT));
	if (row->has_options) {
		conn.options = timestamps;
		conn.options_len = sizeof(timestamps) - 1;
	}
	r = kit_tcp_out(kit, &conn, row->stimulus.data, row->stimulus.len);
	kit_assert_row_payload(row->id, r, expected.data, expected.len);
	kit_assert_row(row->id, vector_delta(kit) == row->delta);
	/* What is new stands behind what was there. */
	now = kit_entries(kit, KIT_FIRST_PORT);
	kit_assert_row(row->id, strncmp(now, before, strlen(before)) == 0);
	now += strlen(before);
	if (before[0] != '\0' && now[0] != '\0')
		now += strlen("; ");
	kit_assert_row(row->id,
		       strcmp(now, row->made == NULL ? "" : row->made) == 0);
	kit_close(kit);
}

void vector_run(const struct vector_place *place, const struct vector_row *rows,
		size_t num_rows)
{
	for (size_t i = 0; i < num_rows; i++)
		try_row(place, &rows[i]);
}
