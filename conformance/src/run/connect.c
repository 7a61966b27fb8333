/* SPDX-License-Identifier: Apache-2.0 */
/* connect.c - connections by name, and their handshake */
#include "packet.h"
#include "run/play.h"

static bool get_end(struct run_play *play, const struct case_expr *addr,
		    const struct case_expr *port, uint32_t *out_addr,
		    uint16_t *out_port)
{
	int64_t a, p;

	if (!run_value(play, addr, &a) || !run_value(play, port, &p))
		return false;
	if (p < 0 || p > 65535)
		return run_error(play, port->pos, "a port is 0 to 65535");
	*out_addr = (uint32_t)a;
	*out_port = (uint16_t)p;
	return true;
}

/* One segment of the handshake, from side to the other. */
static bool shake(struct run_play *play, const struct case_stmt *stmt,
		  unsigned int from, uint8_t flags)
{
	struct case_packet sent = {
		.kind = PACKET_CONNECTION,
		.name = stmt->name,
		.flags = flags,
		.has_flags = true,
		.label = CASE_NO_NAME,
		.quoted = CASE_NO_NAME,
		.pos = stmt->pos,
	};
	struct case_packet got = sent;
	struct case_get get = {.packet = &got, .pos = stmt->pos};
	struct case_stmt step = {
		.pos = stmt->pos,
		.packet = &sent,
		.gets = &get,
	};
	const struct run_conn *conn =
		&play->conns.items[run_conn_named(&play->conns, stmt->name)];

	step.side = conn->end[from].side;
	get.side = conn->end[1 - from].side;
	return run_step(play, &step);
}

bool run_connect(struct run_play *play, const struct case_stmt *stmt)
{
	const struct case_packet *ends = stmt->packet;
	size_t i = run_conn_add(&play->conns, stmt->name);
	struct run_end *a, *b;
	uint32_t far = 0;
	uint16_t far_port = 0;

	if (i == SIZE_MAX)
		return run_error(play, stmt->pos, "no memory");
	a = &play->conns.items[i].end[0];
	b = &play->conns.items[i].end[1];
	if (!get_end(play, ends->saddr, ends->sport, &a->laddr, &a->lport) ||
	    !get_end(play, ends->daddr, ends->dport, &a->raddr, &a->rport))
		return false;
	a->known = true;
	a->side = run_side_of(play, a->laddr);
	b->side = a->side == CONF_INSIDE ? CONF_OUTSIDE : CONF_INSIDE;
	if (stmt->a != NULL) {
		if (!get_end(play, stmt->a, stmt->b, &far, &far_port))
			return false;
		b->side = run_side_of(play, far);
		b->is_meant = true;
		b->laddr = far;
		b->lport = far_port;
	}
	if (!stmt->handshake)
		return true;
	return shake(play, stmt, 0, 0x02) && shake(play, stmt, 1, 0x12) &&
	       shake(play, stmt, 0, 0x10);
}
