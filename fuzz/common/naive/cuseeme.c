/* SPDX-License-Identifier: Apache-2.0 */
/* cuseeme.c - CU-SeeMe: addresses in datagrams (CUS-01 to -04) */
#include "helper.h"

enum {
	OPEN_CONTINUE = 101,
	HEADER = 8, /* of UDP */
};

/* The first client of the list with an address gets the other one. */
static void replace_client(struct hook *h, uint32_t old, uint32_t new)
{
	const uint32_t num = masq_get16(h->data, 26);
	uint32_t at = 56;

	if (masq_get16(h->data, 22) != OPEN_CONTINUE || h->data.len <= 56)
		return;
	for (uint32_t i = 0; i < num && at + 12 <= h->data.len; i++, at += 12)
		if (masq_get32(h->data, at) == old) {
			nv_put_payload32(h->p, HEADER + at, new);
			return;
		}
}

static void show(struct hook *h)
{
	const uint32_t old = h->outward ? h->e->ia : h->masq_addr;
	const uint32_t new = h->outward ? h->masq_addr : h->e->ia;
	const uint32_t at = h->outward ? 12 : 4;

	if (h->data.len < 26)
		return;
	if (masq_get32(h->data, at) == old)
		nv_put_payload32(h->p, HEADER + at, new);
	replace_client(h, old, new);
}

const struct helper nv_cuseeme = {
	.proto = UDP,
	.ports = {7648},
	.show = show,
};
