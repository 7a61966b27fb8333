/* SPDX-License-Identifier: Apache-2.0 */
/* hole.h - ports that a helper wrote into a payload */
#ifndef MINIMIZE_HOLE_H
#define MINIMIZE_HOLE_H

#include "minimize/minimize.h"

/*
 * Where a payload shows the port: before is the payload of the stimulus, after
 * that of its result. Only the place is set; false if it shows it nowhere.
 */
bool min_hole_find(struct min_hole *hole, struct masq_view before,
		   struct masq_view after, uint16_t port);
/* The port that another payload shows there. */
bool min_hole_read(const struct min_hole *hole, struct masq_view after,
		   uint16_t *port);

#endif /* MINIMIZE_HOLE_H */
