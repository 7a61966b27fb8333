/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp_parse.h - commands and replies of FTP: octets in, findings out
 *
 * Two families: what Linux 2.2.26 takes for a command, anywhere in a
 * segment, and what RFC 959 calls one, a line. All offsets are from the
 * beginning of the view.
 */
#ifndef HELPERS_FTP_PARSE_H
#define HELPERS_FTP_PARSE_H

#include "masq/wire.h"

/* h1,h2,h3,h4,p1,p2: an address and a port, and where they stand. */
struct ftp_target {
	uint32_t offset; /* of the first number */
	uint32_t len;    /* up to the end of the last number */
	uint32_t addr;   /* host order; each number modulo 256 (FTP-04) */
	uint16_t port;   /* */
	bool is_plain;   /* six numbers of 1 to 3 digits, none above 255 */
};

/* ---- anywhere in a segment (2.2.26) ---------------------------------- */

enum ftp_found {
	FTP_NONE = 0, /* no keyword */
	FTP_PASSIVE,  /* no PORT, but a PASV */
	FTP_BAD,      /* a keyword, but not what must follow: give up */
	FTP_TARGET,
};

/* FTP-11: the first PORT; FTP-12: where there is none, PASV CR LF. */
enum ftp_found ftp_find_command(struct masq_view v,
				struct ftp_target *out_target);

/*
 * FTP-13: the passive reply of a server. is_client: as the side of the
 * client looks for it (FTP-15), which differs by one octet.
 */
bool ftp_find_passive(struct masq_view v, bool is_client,
		      struct ftp_target *out_target);

/* ---- lines (RFC 959) ------------------------------------------------- */

enum ftp_command {
	FTP_OTHER = 0, /* also a PORT or PASV that is not well-formed */
	FTP_PORT,
	FTP_PASV,
};

/* line may lack its end; then a command that needs it is OTHER. */
enum ftp_command ftp_read_command(struct masq_view line, bool need_end,
				  struct ftp_target *out_target);

struct ftp_reply {
	uint16_t code;     /* 100..599; 0 = the line begins with none */
	bool is_continued; /* "123-": more lines until "123 " */
	bool has_blank;    /* "123 " */
	bool has_target;   /* a 227 with six numbers */
	struct ftp_target target;
};

void ftp_read_reply(struct masq_view line, struct ftp_reply *out_reply);

/* "h1,h2,h3,h4,p1,p2" and the terminating zero; returns its length. */
#define FTP_TARGET_SIZE 24
uint32_t ftp_format_target(char out[FTP_TARGET_SIZE], uint32_t addr,
			   uint16_t port);

#endif /* HELPERS_FTP_PARSE_H */
