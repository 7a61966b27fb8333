/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raudio.c - RealAudio's hello (PNA), RA-02 to -07
 *
 * What begins otherwise is RTSP (rtsp.c).
 */
#include "helper.h"

/* Words of the connection. */
enum {
	IS_PNA, /* there is nothing behind its hello */
};

/* Behind the end mark of the hello's options, or 0: it is not all there. */
static uint32_t end_of_options(struct masq_view v)
{
	uint32_t at = 5;

	while (masq_has(v, at, 2) && masq_get16(v, at) != 0)
		at += 4u + masq_get16(v, at + 2);
	return masq_has(v, at, 2) ? at + 2 : 0;
}

/* One that is open for the port already, or a new one. */
struct entry *nv_audio_hole(struct hook *h, uint16_t port)
{
	struct entry *e = nv_find_out(h->m, UDP, h->e->ia, port, h->e->oa, 0);

	if (port < LOW_PORT)
		return NULL;
	if (e != NULL)
		nv_start_timer(h->m, e);
	else if (nv_has_room(h))
		e = nv_new_child(h, UDP, port, h->e->oa, 0, NO_DPORT);
	return e;
}

static void hello(struct hook *h)
{
	const struct masq_view v = h->data;
	uint32_t at = 5;

	if (masq_get16(v, 3) >= 256 || end_of_options(v) == 0)
		return;
	while (masq_get16(v, at) != 0) {
		const uint32_t number = masq_get16(v, at);
		const uint32_t len = masq_get16(v, at + 2);
		const uint16_t port = masq_get16(v, at + 4);
		struct entry *child;
		uint8_t text[2];

		if ((number == 1 || number == 7) && len == 2 && port != 0) {
			child = nv_audio_hole(h, port);
			if (child == NULL)
				return;
			text[0] = (uint8_t)(child->mp >> 8);
			text[1] = (uint8_t)child->mp;
			nv_edit(h, at + 4, 2, text, 2);
		}
		at += 4 + len;
	}
}

static void show(struct hook *h)
{
	uint32_t *words = h->e->stream->words;

	if (!h->outward || words[IS_PNA] != 0)
		return;
	words[IS_PNA] = h->in_order && !h->way->has_data &&
			masq_equal(h->data, 0, "PNA", 3);
	if (words[IS_PNA] != 0)
		hello(h);
	else
		nv_rtsp(h);
}

const struct helper nv_raudio = {
	.proto = TCP,
	.ports = {554, 7070},
	.show = show,
};
