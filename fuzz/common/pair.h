/* SPDX-License-Identifier: Apache-2.0 */
/* pair.h - an input played on two engines, packet by packet */
#ifndef FUZZ_PAIR_H
#define FUZZ_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuzz_input;

/*
 * against: the address of the second engine; NULL or "": the naive model. It
 * is the one that is believed. With the model, or with a sabotaged reference,
 * results are compared octet for octet, as both choose the same ports.
 */
bool fuzz_pair_begin(const char *against);
void fuzz_pair_route(struct fuzz_input *input);
void fuzz_pair_run(const uint8_t *data, size_t len);

#endif /* FUZZ_PAIR_H */
