/* SPDX-License-Identifier: Apache-2.0 */
/* quake_parse.c - the two control messages of Quake that move a game */
#include "quake/quake_parse.h"

enum {
	FLAGS_CONTROL = 0x8000,
	OP_CONNECT = 0x01,
	OP_ACCEPT = 0x81,
	CONNECT_LEN = 12, /* octets */
	ACCEPT_LEN = 9    /* octets */
};

/* The name of the game and version 3 of its protocol. */
static const uint8_t game[7] = {'Q', 'U', 'A', 'K', 'E', 0, 3};

/* The one number of the protocol that is little endian. */
static uint32_t get_port(struct masq_view v)
{
	return (uint32_t)masq_get8(v, QUAKE_O_PORT) |
	       (uint32_t)masq_get8(v, QUAKE_O_PORT + 1) << 8 |
	       (uint32_t)masq_get8(v, QUAKE_O_PORT + 2) << 16 |
	       (uint32_t)masq_get8(v, QUAKE_O_PORT + 3) << 24;
}

struct quake_msg quake_parse(struct masq_view v)
{
	const uint16_t length = masq_get16(v, QUAKE_O_LENGTH);
	struct quake_msg msg = {.is_whole = length <= v.len};

	if (masq_get16(v, 0) != FLAGS_CONTROL)
		return msg;
	switch (masq_get8(v, QUAKE_O_OPERATION)) {
	case OP_CONNECT:
		if (length >= CONNECT_LEN &&
		    masq_equal(v, QUAKE_O_NAME, game, sizeof(game)))
			msg.kind = QUAKE_CONNECT;
		break;
	case OP_ACCEPT:
		if (length < ACCEPT_LEN)
			break;
		msg.kind = QUAKE_ACCEPT;
		msg.port = get_port(v);
		break;
	default:
		break;
	}
	return msg;
}
