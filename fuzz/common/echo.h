/* SPDX-License-Identifier: Apache-2.0 */
/* echo.h - answers to, and errors about, what an engine has just sent */
#ifndef FUZZ_ECHO_H
#define FUZZ_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuzz_input;

bool fuzz_echo_begin(void);
void fuzz_echo_route(struct fuzz_input *input);
void fuzz_echo_run(const uint8_t *data, size_t len);

#endif /* FUZZ_ECHO_H */
