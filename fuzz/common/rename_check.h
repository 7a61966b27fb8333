/* SPDX-License-Identifier: Apache-2.0 */
/* rename_check.h - recordings with other names, and with a field changed */
#ifndef FUZZ_RENAME_CHECK_H
#define FUZZ_RENAME_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuzz_input;

bool fuzz_rename_begin(void);
void fuzz_rename_route(struct fuzz_input *input);
void fuzz_rename_run(const uint8_t *data, size_t len);

#endif /* FUZZ_RENAME_CHECK_H */
