/* SPDX-License-Identifier: Apache-2.0 */
/* where.h - what an engine of its own process was doing, for verdicts */
#ifndef CONFORMANCE_WHERE_H
#define CONFORMANCE_WHERE_H

#include "conformance/settings.h"

enum where_call {
	WHERE_OPEN = 0,
	WHERE_RESET,
	WHERE_PACKET,
	WHERE_ADVANCE,
	WHERE_DUMP,
	WHERE_CLOSE,
};

struct where {
	enum where_call call;
	uint64_t num_packets;             /* since it was opened or reset */
	uint64_t now;                     /* ns: of an advance */
	const struct conf_packet *packet; /* of a packet */
};

/* A limit that both kinds of foreign engine keep to. */
#define WHERE_MAX_RESULTS 4096u  /* of one stimulus */
#define WHERE_MAX_RESULT  65535u /* octets */
#define WHERE_MAX_DUMP    (16u << 20)
#define WHERE_TIMEOUT     10000u /* ms; the default */

/*
 * Writes "WHAT at packet 3: inside udp 192.168.1.10:5 > ...". What does not
 * fit is cut.
 */
void conf_where_say(char error[CONF_ERROR_SIZE], const struct where *where,
		    const char *what);

/* "exit 3" or "SIGSEGV": how a process ended, of waitpid()'s status. */
#define WHERE_END_SIZE 32
const char *conf_where_end(char out[WHERE_END_SIZE], int status);
/* "SIGSEGV", or "signal 77" */
const char *conf_where_signal(char out[WHERE_END_SIZE], int signal_number);

#endif /* CONFORMANCE_WHERE_H */
