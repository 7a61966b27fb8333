/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quake_parse.h - the two control messages of Quake that move a game
 *
 *	octet  0     1     2..3       4
 *	       0x80  0x00  length BE  0x01  "QUAKE" 0x00 0x03     connect
 *	       0x80  0x00  length BE  0x81  port LE, 4 octets     accept
 */
#ifndef HELPERS_QUAKE_QUAKE_PARSE_H
#define HELPERS_QUAKE_QUAKE_PARSE_H

#include "masq/wire.h"

enum {
	QUAKE_O_LENGTH = 2,
	QUAKE_O_OPERATION = 4,
	QUAKE_O_NAME = 5, /* connect */
	QUAKE_O_PORT = 5  /* accept */
};

enum quake_kind {
	QUAKE_OTHER = 0, /* nothing that concerns a NAT */
	QUAKE_CONNECT,
	QUAKE_ACCEPT
};

struct quake_msg {
	enum quake_kind kind;
	bool is_whole; /* the datagram holds all that its length claims */
	uint32_t port; /* of an accept, all 32 bits; else 0 */
};

/*
 * Says what a datagram's payload is (QUAKE-02 to -05). The length field has
 * to cover the message; octets that are not there read as zero.
 */
struct quake_msg quake_parse(struct masq_view payload);

#endif /* HELPERS_QUAKE_QUAKE_PARSE_H */
