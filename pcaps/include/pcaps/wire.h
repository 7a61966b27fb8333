/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - a live Ethernet interface: frames are sent, and seen arriving
 *
 * Needs the right to open packet sockets (root, or CAP_NET_RAW).
 */
#ifndef PCAPS_WIRE_H
#define PCAPS_WIRE_H

#include "pcaps/capture.h"

struct cap_wire;

/*
 * Opens an interface. On failure *out_wire is NULL and error says what is
 * wrong. CAP_ERR_LINK: it is not Ethernet.
 */
enum cap_status cap_wire_open(const char *name, struct cap_wire **out_wire,
			      char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

enum cap_status cap_wire_send(struct cap_wire *wire, const uint8_t *frame,
			      size_t len) CAP_NODISCARD;

/*
 * The next frame that has arrived; what was sent here is not seen. CAP_END:
 * there is none now. The octets are valid until the next call.
 */
enum cap_status cap_wire_next(struct cap_wire *wire, const uint8_t **out_frame,
			      size_t *out_len) CAP_NODISCARD;

/* To wait on with poll(2): readable when a frame may have arrived. */
int cap_wire_fd(const struct cap_wire *wire);

const char *cap_wire_error(const struct cap_wire *wire);

/* Harmless on NULL. */
void cap_wire_close(struct cap_wire *wire);

#endif /* PCAPS_WIRE_H */
