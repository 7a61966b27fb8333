/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.h - where a report goes: all of it, or nothing
 */
#ifndef REPORTS_TARGET_H
#define REPORTS_TARGET_H

#include "reports/result.h"

/*
 * Writes data to path, by way of a temporary file beside it and rename(2).
 * "-" is standard output; devices and pipes are written directly. On
 * failure what was there is still there.
 */
enum rep_status rep_target_write(const char *path, const char *data, size_t len,
				 char *error) REP_NODISCARD;

#endif /* REPORTS_TARGET_H */
