/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuseeme_parse.h - the addresses in a CU-SeeMe datagram
 *
 *	octets   0..3   destination family, port
 *	         4..7   destination address, 0 = everybody
 *	         8..11  source family, port
 *	        12..15  source address
 *	        16..21  sequence, message
 *	        22..23  data type; 101 = OpenContinue, which goes on with
 *	        24..25  packet length
 *	        26..27  number of clients
 *	        28..55  sequence, user name, modes
 *	        56..    clients of 12 octets each, the address first
 *
 * All numbers are big endian.
 */
#ifndef HELPERS_CUSEEME_CUSEEME_PARSE_H
#define HELPERS_CUSEEME_CUSEEME_PARSE_H

#include "masq/wire.h"

enum {
	CUSEEME_HEADER = 26, /* octets */
	CUSEEME_O_DEST = 4,
	CUSEEME_O_SOURCE = 12,
	CUSEEME_O_TYPE = 22,
	CUSEEME_O_COUNT = 26,
	CUSEEME_O_CLIENTS = 56,
	CUSEEME_CLIENT = 12 /* octets */
};

struct cuseeme_msg {
	bool is_message; /* there is a whole header; else all is zero */
	bool has_list;   /* OpenContinue with something behind its fields */
	uint32_t dest;   /* address, 0 = everybody */
	uint32_t source; /* address, 0 = none */
	uint16_t count;  /* of clients, as the message claims */
};

/* Reads a datagram's payload. */
struct cuseeme_msg cuseeme_parse(struct masq_view payload);

/*
 * Looks for addr among the first count clients that the payload holds
 * whole. Returns the offset of the first match, 0 if there is none.
 */
uint32_t cuseeme_find_client(struct masq_view payload, uint32_t count,
			     uint32_t addr);

#endif /* HELPERS_CUSEEME_CUSEEME_PARSE_H */
