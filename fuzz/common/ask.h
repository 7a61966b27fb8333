/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.h - what a target program says of itself, asked by "masqcheck fuzz"
 *
 *   --about            lines "target NAME", "property TEXT", "input capture"
 *                      or "input text"
 *   --variant N        the settings of a variant, as a sidecar
 *   --normal IN OUT    an input as the target reads it, written plainly
 */
#ifndef FUZZ_ASK_H
#define FUZZ_ASK_H

#include <stdbool.h>

/* What of it stands in a --help. */
#define FUZZ_ASK_USAGE                                                         \
	"  --about            say the target, its property, what inputs are\n" \
	"  --variant N        say the settings of variant N, as a sidecar\n"   \
	"  --normal IN OUT    write the input IN as the target plays it, a "   \
	"capture\n"

/* True if that was asked: then *out_code is the exit code. */
bool fuzz_ask(int argc, char **argv, int *out_code);

#endif /* FUZZ_ASK_H */
