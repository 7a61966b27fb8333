/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rename_names.h - which names a recording has shown so far
 *
 * A number of the pool may be a name, or become one, or be nobody's; what
 * arrives and says one that is not known to be a name cannot be permuted.
 */
#ifndef FUZZ_RENAME_NAMES_H
#define FUZZ_RENAME_NAMES_H

#include "play.h"

/* As many packets of an input are looked at. */
#define FUZZ_NAMES_MAX_STIMULI 48u

void fuzz_names_forget(void);
void fuzz_names_show(const struct fuzz_player *p,
		     const struct conf_packet *stimulus,
		     const struct conf_packet *result);
bool fuzz_names_strangers(const struct fuzz_player *p,
			  const struct conf_packet *stimulus);

#endif /* FUZZ_RENAME_NAMES_H */
