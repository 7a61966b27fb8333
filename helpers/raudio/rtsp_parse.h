/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rtsp_parse.h - RTSP as RFC 2326 has it: where messages begin and end, and
 * which ports a SETUP names
 *
 * Used where the quirk RA_ANY_METHOD is off. A client's stream is followed
 * octet by octet, over any number of segments, so that a body or data
 * between messages is never taken for a request.
 */
#ifndef HELPERS_RAUDIO_RTSP_PARSE_H
#define HELPERS_RAUDIO_RTSP_PARSE_H

#include "raudio/raudio_parse.h"

enum rtsp_phase {
	RTSP_BETWEEN = 0, /* before a message; all zero is the beginning */
	RTSP_FIRST,       /* in a first line that may be a status line */
	RTSP_REQUEST,     /* in a request line */
	RTSP_STATUS,      /* in a status line */
	RTSP_LINE,        /* at the beginning of a header line */
	RTSP_NAME,        /* in a name that may be Content-Length */
	RTSP_LENGTH,      /* before or in the number of Content-Length */
	RTSP_LENGTH_END,  /* behind it */
	RTSP_LENGTH_NEXT, /* at the beginning of the line after that */
	RTSP_REST,        /* in the rest of a header line */
	RTSP_BODY,        /* in a body, left octets to go */
	RTSP_CHANNEL,     /* interleaved data (RFC 2326 10.12), second octet */
	RTSP_SIZE_HIGH,   /* third */
	RTSP_SIZE_LOW,    /* fourth */
	RTSP_ALIEN        /* this is no RTSP, or we have lost our place */
};

/* Where a stream is. */
struct rtsp_stream {
	enum rtsp_phase phase;
	uint32_t matched; /* octets of the word looked for, below 16 */
	uint32_t left;    /* octets of the body, so far known */
};

enum rtsp_event {
	RTSP_NOTHING = 0,
	RTSP_BEGINS, /* the octet is the first of a message */
	RTSP_ENDS    /* it is the last of a head, the empty line included */
};

/* The stream's next octet. */
enum rtsp_event rtsp_feed(struct rtsp_stream *stream, uint8_t octet);

/* A stream as a word to be kept in an entry, left apart; and back. */
uint32_t rtsp_pack(const struct rtsp_stream *stream);
struct rtsp_stream rtsp_unpack(uint32_t word, uint32_t left);

/* Does the head begin with "SETUP "? */
bool rtsp_is_setup(struct masq_view head);

/*
 * Finds the next client_port at or behind *at in a Transport header of a
 * complete head, and moves *at behind it. What is not one number of one to
 * five digits or two with a dash is passed over. Returns false at the end.
 */
bool rtsp_next_ports(struct masq_view head, uint32_t *at,
		     struct rtsp_ports *out);

#endif /* HELPERS_RAUDIO_RTSP_PARSE_H */
