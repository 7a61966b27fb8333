/* SPDX-License-Identifier: Apache-2.0 */
/* steer.h - what the targets of the six helpers share */
#ifndef FUZZ_STEER_H
#define FUZZ_STEER_H

#include "conformance/settings.h"
#include "play.h"

/*
 * The property of all six. Beside the invariants: a hole is opened for the
 * owner of a live control connection only, at an address of the router, and
 * with quirks off for no other host and no low port; and a receiver that
 * gets an octet of a stream twice gets the same one, if the sender sent the
 * same.
 *
 * Packets that go to no port of the helper are sent to one.
 */
bool fuzz_helper_begin(enum conf_helper helper);
void fuzz_helper_route(struct fuzz_input *input);
void fuzz_helper_steer(const struct fuzz_input *input, struct conf_packet *p);
void fuzz_helper_run(const uint8_t *data, size_t len);

#endif /* FUZZ_STEER_H */
