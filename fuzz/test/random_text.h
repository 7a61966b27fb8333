/* SPDX-License-Identifier: Apache-2.0 */
/* random_text.h - what hosts and servers say to helpers */
#ifndef FUZZ_RANDOM_TEXT_H
#define FUZZ_RANDOM_TEXT_H

#include "conformance/engine.h"

/* A number below a limit, and the state moves on. */
uint32_t random_any(uint64_t *state, uint32_t below);

/* Said by or to a server at port; valid until the next call. */
const char *random_text(uint64_t *state, uint16_t port);
/* A message that is no text, of at most 100 octets; returns its length. */
uint32_t random_octets(uint64_t *state, uint8_t *out);

/* Settings that load helpers, for every other seed; returns how many. */
size_t random_helpers(uint64_t *state, uint64_t seed, struct conf_setting *out);

#endif /* FUZZ_RANDOM_TEXT_H */
