/* SPDX-License-Identifier: Apache-2.0 */
/* minimize/trial.h - what attempts need once */
#ifndef MINIMIZE_TRIAL_H
#define MINIMIZE_TRIAL_H

#include "minimize/minimize.h"

bool min_trial_init(struct min_run *run) CONF_NODISCARD;
void min_trial_cleanup(struct min_run *run);
/* The engine whose names the stimuli are in. */
const char *min_trial_namer(const struct conf_minimize *m);

#endif /* MINIMIZE_TRIAL_H */
