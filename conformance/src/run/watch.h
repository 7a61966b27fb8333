/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h - the invariants, watched while a case is played */
#ifndef RUN_WATCH_H
#define RUN_WATCH_H

#include "conformance/play.h"

struct run_watch;

/* NULL without memory. */
struct run_watch *run_watch_new(const struct conf_case *c,
				const struct conf_player *player,
				struct conf_outcome *out);
void run_watch_free(struct run_watch *watch);
void run_watch_stimulus(struct run_watch *watch,
			const struct conf_packet *stimulus);
void run_watch_result(struct run_watch *watch,
		      const struct conf_packet *result);
void run_watch_end(struct run_watch *watch, uint64_t now);

#endif /* RUN_WATCH_H */
