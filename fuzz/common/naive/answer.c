/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c - what the router's own stack answers, where it is told to */
#include "model.h"

static void answer_echo(struct model *m, const struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const struct origin o = {
		.cause = p,
		.source = nv_dest_of(p),
		.dest = nv_source_of(p),
		.proto = ICMP,
		.tos = masq_get8(nv_view_of(p), 1),
		.ttl = 255,
	};
	struct masq_buf reply = {m->own + 20, v.len, MAX_DATAGRAM - 20};

	memcpy(reply.data, v.data, v.len);
	masq_put32(&reply, 0, 0);
	nv_spend_all(m, o.dest, o.source, o.tos);
	nv_originate(m, &o, v.len);
}

/* The day's milliseconds, for received and sent. */
static void answer_timestamp(struct model *m, const struct packet *p)
{
	const struct origin o = {
		.cause = p,
		.source = nv_dest_of(p),
		.dest = nv_source_of(p),
		.proto = ICMP,
		.tos = masq_get8(nv_view_of(p), 1),
		.ttl = 255,
	};
	const uint32_t time = (uint32_t)(m->now / 1000000 % 86400000);
	struct masq_buf reply = {m->own + 20, 20, MAX_DATAGRAM - 20};

	if (nv_payload_of(p).len < 20)
		return;
	memcpy(reply.data, nv_payload_of(p).data, 12);
	masq_put32(&reply, 0, 0x0e000000);
	masq_put32(&reply, 12, time);
	masq_put32(&reply, 16, time);
	nv_originate(m, &o, 20);
}

static void answer_icmp(struct model *m, const struct packet *p)
{
	const uint8_t type = masq_get8(nv_payload_of(p), 0);

	if (!nv_is_sum_good(p))
		return;
	if (type == 8)
		answer_echo(m, p);
	else if (type == 13)
		answer_timestamp(m, p);
}

static void answer_udp(struct model *m, const struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const uint32_t len = masq_get16(v, 4);

	if (len >= 8 && len <= v.len && nv_is_sum_good(p))
		nv_own_error(m, p, 3, 3, 0);
}

/* RFC 793, page 36 */
static void answer_tcp(struct model *m, const struct packet *p)
{
	const struct masq_view v = nv_payload_of(p);
	const uint8_t flags = masq_get8(v, 13);
	const uint32_t offset = (masq_get8(v, 12) >> 4) * 4u;
	const bool has_ack = (flags & 0x10) != 0;
	const struct origin o = {
		.cause = p,
		.source = nv_dest_of(p),
		.dest = nv_source_of(p),
		.proto = TCP,
		.tos = masq_get8(nv_view_of(p), 1),
		.ttl = 255,
	};
	struct masq_buf reply = {m->own + 20, 20, MAX_DATAGRAM - 20};

	if (offset < 20 || offset > v.len || !nv_is_sum_good(p) ||
	    (flags & 4) != 0)
		return;
	memset(reply.data, 0, 20);
	masq_put16(&reply, 0, masq_get16(v, 2));
	masq_put16(&reply, 2, masq_get16(v, 0));
	if (has_ack)
		masq_put32(&reply, 4, masq_get32(v, 8));
	else
		masq_put32(&reply, 8,
			   masq_get32(v, 4) + (flags & 1) + (flags >> 1 & 1) +
				   v.len - offset);
	masq_put16(&reply, 12, has_ack ? 0x5004 : 0x5014);
	nv_originate(m, &o, 20);
}

void nv_answer(struct model *m, struct packet *p)
{
	if (!m->settings.local_answer)
		return;
	if (p->proto == ICMP)
		answer_icmp(m, p);
	else if (p->proto == TCP)
		answer_tcp(m, p);
	else if (p->proto == UDP)
		answer_udp(m, p);
	else
		nv_own_error(m, p, 3, 2, 0);
}
