/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fragment.c - splitting a datagram for a small MTU (CORE-FRAG-10)
 *
 * Every piece repeats the header with its length; DF is not copied. Options
 * without the copied flag become NOPs from the second piece on, so that the
 * header stays as long (RFC 791 section 3.1).
 */
#include "wire/fragment.h"

enum {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_COPIED = 0x80
};

/* Blanks the options of a header that belong to the first piece only. */
static void blank_options(struct masq_buf *h, uint32_t hlen)
{
	uint32_t at = IP_HEADER_MIN;

	while (at < hlen) {
		uint8_t type = masq_get8(masq_view_of(h), at);
		uint32_t len = masq_get8(masq_view_of(h), at + 1);

		if (type == OPT_END)
			return;
		if (type == OPT_NOP) {
			at++;
			continue;
		}
		if (len < 2 || len > hlen - at)
			return;
		if ((type & OPT_COPIED) == 0)
			for (uint32_t i = 0; i < len; i++)
				masq_put8(h, at + i, OPT_NOP);
		at += len;
	}
}

void fragment_split(const struct masq_pkt *p, uint32_t mtu, uint8_t *scratch,
		    fragment_fn *out, void *ctx)
{
	const struct masq_view payload = pkt_payload(p);
	const uint32_t room = (mtu - p->hlen) & ~7u;
	const uint16_t frag = pkt_frag(p);
	struct masq_pkt piece = {
		.buf = {.data = scratch, .len = p->hlen, .cap = mtu},
		.hlen = p->hlen,
	};
	uint32_t done = 0;

	memcpy(scratch, p->buf.data, p->hlen);
	while (done < payload.len) {
		struct masq_view part = masq_slice(payload, done, room);
		uint16_t field = (uint16_t)(((frag & IP_OFFSET) + done / 8) &
					    IP_OFFSET);

		if (done + part.len < payload.len || (frag & IP_MF) != 0)
			field |= IP_MF;
		memcpy(scratch + p->hlen, part.data, part.len);
		piece.buf.len = p->hlen + part.len;
		masq_put16(&piece.buf, IP_O_LEN, (uint16_t)piece.buf.len);
		masq_put16(&piece.buf, IP_O_FRAG, field);
		pkt_finish_ip(&piece);
		out(ctx, scratch, piece.buf.len);
		if (done == 0 && p->options.known)
			blank_options(&piece.buf, p->hlen);
		done += part.len;
	}
}
