/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fail.h - an error's number and its text, in one statement
 */
#ifndef PCAPS_FAIL_H
#define PCAPS_FAIL_H

#include "pcaps/capture.h"

/*
 * cap_fail() puts the text into error[CAP_ERROR_SIZE], cut if too long, and
 * gives status back: return cap_fail(error, CAP_ERR_IO, ...).
 */
enum cap_status cap_fail(char *error, enum cap_status status,
			 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * cap_short_name() gives the end of a long file name, so that the reason
 * after it has room in the text. Part of name itself.
 */
const char *cap_short_name(const char *name);

#endif /* PCAPS_FAIL_H */
