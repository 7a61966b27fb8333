/* SPDX-License-Identifier: Apache-2.0 */
/* learn.h - Ethernet addresses, learnt from a capture before it is replayed */
#ifndef MASQCHECK_LEARN_H
#define MASQCHECK_LEARN_H

#include "config.h"
#include "conformance/stream.h"

/*
 * Reads an Ethernet capture once through and adds what it shows to
 * config->learnt: the router's addresses, and those of the hosts that the
 * router has to reach directly. Does nothing for other captures and for
 * what can be read only once. False: the capture is broken; that is printed.
 */
bool cli_learn(struct cli_config *config, const char *path,
	       const char *outside_path, const struct cap_options *options);

#endif /* MASQCHECK_LEARN_H */
