/* SPDX-License-Identifier: Apache-2.0 */
/*
 * irc_parse.h - DCC requests: octets in, findings out
 *
 * Two families: what Linux 2.2.26 takes for a request, anywhere in a
 * segment, and what a client sends, one in a message of one line. All
 * offsets are from the beginning of the view.
 */
#ifndef HELPERS_IRC_PARSE_H
#define HELPERS_IRC_PARSE_H

#include "masq/wire.h"

enum irc_kind {
	IRC_OTHER = 0,
	IRC_OFFER,  /* SEND, CHAT, ...: connect to this address and port */
	IRC_ACCEPT, /* the sender will resume */
	IRC_RESUME, /* the receiver asks for that */
};

struct irc_request {
	enum irc_kind kind;
	bool has_addr;   /* else it is a port alone, as mIRC resumes */
	uint32_t offset; /* of the address, or of the port */
	uint32_t len;    /* up to the end of the port */
	uint32_t addr;   /* host order; modulo 2^32 */
	uint32_t port;   /* modulo 2^32 */
	bool is_plain;   /* neither number was too large for its field */
};

/* ---- anywhere in a segment (2.2.26) ---------------------------------- */

/* Who may announce what (IRC-09). */
struct irc_policy {
	bool is_insecure;  /* any host, any port but 0 */
	uint32_t own_addr; /* else this host, ports from 1024 on */
};

/* May such a request be honoured? */
bool irc_is_allowed(const struct irc_policy *policy, uint32_t addr,
		    uint32_t port);

/*
 * IRC-07: the first request that is complete up to its port and allowed;
 * false if there is none.
 */
bool irc_find_request(struct masq_view v, const struct irc_policy *policy,
		      struct irc_request *out_request);

/* IRC-11: the first RESUME with two numbers. */
bool irc_find_resume(struct masq_view v, struct irc_request *out_request);

/* ---- lines ----------------------------------------------------------- */

/*
 * Reads a message; OTHER if it is no PRIVMSG of one well-formed DCC request.
 * need_end: its closing 0x01 and the end of the line must be there.
 */
void irc_read_line(struct masq_view line, bool need_end,
		   struct irc_request *out_request);

#endif /* HELPERS_IRC_PARSE_H */
