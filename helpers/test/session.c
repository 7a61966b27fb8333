/* SPDX-License-Identifier: Apache-2.0 */
/* session.c - whole sessions as tables */
#include <stdio.h>

#include "session.h"

/* The segment as it is on one of the two wires. */
static struct kit_segment segment_of(const struct session_row *row,
				     enum masq_side wire)
{
	const bool is_inside = wire == MASQ_INSIDE;
	struct kit_segment s = {
		.src = is_inside ? KIT_CLIENT : KIT_MASQ,
		.sport = is_inside ? row->inside_port : row->masq_port,
		.dst = row->peer_addr,
		.dport = row->peer_port,
		.seq = is_inside ? row->inside_seq : row->outside_seq,
		.ack = is_inside ? row->inside_ack : row->outside_ack,
		.flags = row->flags,
		.payload = row->text,
		.payload_len = row->text_len,
	};

	if (row->from == MASQ_OUTSIDE) {
		s.dst = s.src;
		s.dport = s.sport;
		s.src = row->peer_addr;
		s.sport = row->peer_port;
	}
	if (!is_inside && row->outside_text != NULL) {
		s.payload = row->outside_text;
		s.payload_len = row->outside_len;
	}
	return s;
}

void session_run(struct kit *kit, const struct session_row *rows,
		 size_t num_rows)
{
	for (size_t i = 0; i < num_rows; i++) {
		const enum masq_side to = rows[i].from == MASQ_INSIDE
						  ? MASQ_OUTSIDE
						  : MASQ_INSIDE;
		const struct kit_segment s = segment_of(&rows[i], rows[i].from);
		const struct kit_segment e = segment_of(&rows[i], to);
		const struct kit_result *r = kit_segment(kit, rows[i].from, &s);
		char name[32];

		snprintf(name, sizeof(name), "row %zu", i + 1);
		kit_assert_row(name, r != NULL && r->side == to);
		kit_assert_row(name, r->src == e.src && r->dst == e.dst);
		kit_assert_row(name, r->sport == e.sport);
		kit_assert_row(name, r->dport == e.dport);
		kit_assert_row(name, r->seq == e.seq && r->ack == e.ack);
		kit_assert_row(name, r->flags == e.flags);
		kit_assert_row_payload(name, r, e.payload, e.payload_len);
	}
}

void session_media_in(struct kit *kit, uint32_t server, uint16_t server_port,
		      uint16_t masq_port, uint16_t client_port)
{
	const struct kit_result *r = kit_udp(kit, MASQ_OUTSIDE, server,
					     server_port, KIT_MASQ, masq_port,
					     KIT_TEXT("media"));

	kit_assert_payload(r, KIT_TEXT("media"));
	assert_int_equal(r->dst, KIT_CLIENT);
	assert_int_equal(r->dport, client_port);
}

void session_media_out(struct kit *kit, uint32_t server, uint16_t client_port,
		       uint16_t masq_port, uint16_t server_port)
{
	const struct kit_result *r = kit_udp(kit, MASQ_INSIDE, KIT_CLIENT,
					     client_port, server, server_port,
					     KIT_TEXT("again"));

	kit_assert_payload(r, KIT_TEXT("again"));
	assert_int_equal(r->src, KIT_MASQ);
	assert_int_equal(r->sport, masq_port);
}
