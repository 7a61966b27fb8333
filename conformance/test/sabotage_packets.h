/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_packets.h - packets by name, and exchanges, of sabotage_test.c */
#ifndef TEST_SABOTAGE_PACKETS_H
#define TEST_SABOTAGE_PACKETS_H

#include "support.h"

/*
 * Makes one; number is that of the packet in its exchange. The side where it
 * arrives; NONE if there is no such packet.
 */
enum conf_side sabotage_packet(const char *name, unsigned int number,
			       struct packet *out);

/* All of them: 0, 1, ...; NULL at the end. */
const char *sabotage_packet_name(size_t index);

/*
 * Shows a fault: packets by name; NAME*N = N times, +N = N seconds later;
 * "swallow", as the first word, = the router's own stack does not answer.
 */
struct sabotage_exchange {
	const char *fault;
	const char *steps;
};
extern const struct sabotage_exchange sabotage_exchanges[];
extern const size_t sabotage_num_exchanges;

#endif /* TEST_SABOTAGE_PACKETS_H */
