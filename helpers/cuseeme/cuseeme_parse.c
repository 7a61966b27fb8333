/* SPDX-License-Identifier: Apache-2.0 */
/* cuseeme_parse.c - the addresses in a CU-SeeMe datagram */
#include "cuseeme/cuseeme_parse.h"

enum {
	TYPE_OPEN_CONTINUE = 101
};

struct cuseeme_msg cuseeme_parse(struct masq_view v)
{
	struct cuseeme_msg msg = {.is_message = v.len >= CUSEEME_HEADER};

	if (!msg.is_message)
		return msg;
	msg.dest = masq_get32(v, CUSEEME_O_DEST);
	msg.source = masq_get32(v, CUSEEME_O_SOURCE);
	if (masq_get16(v, CUSEEME_O_TYPE) != TYPE_OPEN_CONTINUE ||
	    v.len <= CUSEEME_O_CLIENTS)
		return msg;
	msg.has_list = true;
	msg.count = masq_get16(v, CUSEEME_O_COUNT);
	return msg;
}

uint32_t cuseeme_find_client(struct masq_view v, uint32_t count, uint32_t addr)
{
	uint32_t at = CUSEEME_O_CLIENTS;

	for (; count != 0 && masq_has(v, at, CUSEEME_CLIENT); count--) {
		if (masq_get32(v, at) == addr)
			return at;
		at += CUSEEME_CLIENT;
	}
	return 0;
}
