/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - whole sessions as tables: what each side of the router sees
 */
#ifndef HELPERS_TEST_SESSION_H
#define HELPERS_TEST_SESSION_H

#include "kit.h"

/* One TCP segment; client 192.168.1.10, router 203.0.113.1. */
struct session_row {
	enum masq_side from;
	uint16_t inside_port;
	uint16_t masq_port;
	uint32_t peer_addr;
	uint16_t peer_port;
	uint8_t flags;
	uint32_t inside_seq, inside_ack;   /* on the inside wire */
	uint32_t outside_seq, outside_ack; /* on the outside wire */
	const char *text;                  /* on the inside wire */
	uint32_t text_len;
	const char *outside_text; /* NULL = the same */
	uint32_t outside_len;
};

/* Sends each segment and checks what leaves on the other side. */
void session_run(struct kit *kit, const struct session_row *rows,
		 size_t num_rows);

/*
 * One datagram of a server's port to the masquerade port, which has to reach
 * the client's; and the way back.
 */
void session_media_in(struct kit *kit, uint32_t server, uint16_t server_port,
		      uint16_t masq_port, uint16_t client_port);
void session_media_out(struct kit *kit, uint32_t server, uint16_t client_port,
		       uint16_t masq_port, uint16_t server_port);

#endif /* HELPERS_TEST_SESSION_H */
