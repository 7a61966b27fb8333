/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raudio_parse.h - ports in RealAudio's own protocol and, as Linux 2.2
 * looked for them, in RTSP
 *
 * The player's hello in RealAudio's protocol, all numbers big endian:
 *
 *	octets  0..2   3..4     5..
 *	        "PNA"  version  options: number 2, length 2, data
 *
 * Option 1 is the player's UDP port, option 7 its port for repeated data,
 * option 0 ends the list and often has no length. An RTSP request names
 * ports as "Transport: ...;client_port=6970-6971;...".
 */
#ifndef HELPERS_RAUDIO_RAUDIO_PARSE_H
#define HELPERS_RAUDIO_RAUDIO_PARSE_H

#include "masq/wire.h"

/* What the first octets of the client's data say (RA-02). */
enum raudio_kind {
	RAUDIO_OTHER = 0,
	RAUDIO_PNA,
	RAUDIO_RTSP /* OPTIONS or DESCRIBE */
};
enum raudio_kind raudio_kind_of(struct masq_view data);

enum {
	PNA_O_VERSION = 3,
	PNA_O_OPTIONS = 5,
	PNA_OPTION = 4,         /* octets of number and length */
	PNA_VERSION_LIMIT = 256 /* versions below are known */
};

/* One option of a hello. */
struct pna_option {
	uint16_t number;
	uint16_t length;  /* octets of data, as claimed */
	uint32_t data_at; /* offset */
	bool is_port;     /* number 1 or 7 */
	uint16_t port;    /* if is_port; what is not there is zero */
};

/*
 * Reads the option at *at and moves *at to the next one (RA-04). Returns
 * false at the end of the list, and if the option is cut or claims more
 * than there is.
 */
bool pna_next(struct masq_view hello, uint32_t *at, struct pna_option *out);

/* Is the list of options there up to its end mark? */
bool pna_is_whole(struct masq_view hello);

/* One port or a pair in a request. */
struct rtsp_ports {
	uint32_t at;     /* offset of the first digit */
	uint32_t len;    /* octets to be replaced */
	bool has_second; /* */
	uint32_t first;  /* as written, 0..99999 */
	uint32_t second; /* if has_second */
};

/*
 * The search of Linux 2.2 (RA-10, -11, -16): through all of a segment,
 * whatever it is, for "transport:", "client_port", a number, perhaps a dash
 * and another one, and a semicolon. Returns false if it finds nothing.
 */
bool raudio_scan(struct masq_view segment, struct rtsp_ports *out);

#endif /* HELPERS_RAUDIO_RAUDIO_PARSE_H */
