/* SPDX-License-Identifier: Apache-2.0 */
/*
 * variant.h - the routers that fuzz inputs meet: a short list of settings
 *
 * A variant is what a sidecar would be; "masqcheck fuzz" writes it beside a
 * finding's capture as one. Numbers are in committed inputs: append only.
 */
#ifndef FUZZ_VARIANT_H
#define FUZZ_VARIANT_H

#include "conformance/settings.h"

struct fuzz_variant {
	const char *name; /* "fixed-helpers" */
	const char *text; /* one line: what it is for */
	const struct conf_setting *settings;
	size_t num_settings;
};
extern const struct fuzz_variant fuzz_variants[];
extern const unsigned int fuzz_num_variants;

#endif /* FUZZ_VARIANT_H */
